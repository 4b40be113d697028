#include "channels/phone/phone_edge.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "channels/phone/hold_music.h"
#include "channels/phone/twilio_signature.h"

namespace sb::phone {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
constexpr std::string_view kJsonType = "application/json";

net::Response twiml_response(std::string document) {
  net::Response response{.status = 200, .headers = {}, .body = std::move(document)};
  response.headers.add("Content-Type", "text/xml; charset=utf-8");
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

struct PhoneEdge::Route {
  std::string_view name;
  void (PhoneEdge::*handler)(const HookPtr&);
};

std::uint64_t PhoneEdge::Hook::number(std::string_view name) const {
  return parse_number(query.find(name).value_or("")).value_or(0);
}

std::optional<std::uint64_t> PhoneEdge::Hook::sequence() const {
  return parse_number(fields.find("SequenceNumber").value_or(""));
}

void PhoneEdge::Hook::twiml(std::string document) {
  reply(twiml_response(std::move(document)));
}

void PhoneEdge::Hook::empty() {
  reply(net::Response::empty(204));
}

PhoneEdge::PhoneEdge(Parts parts)
    : engine_(parts.engine),
      center_(parts.center),
      settings_(std::move(parts.settings)),
      hasher_(parts.hasher),
      find_customer_(std::move(parts.find_customer)),
      admits_(std::move(parts.admits)),
      client_(parts.client),
      after_(std::move(parts.after)),
      flow_(Addresses(settings_.public_url)),
      hold_music_(make_hold_music()),
      calls_(engine_.store()),
      delivery_(engine_, center_, settings_, calls_, client_) {}

bool PhoneEdge::serves(std::string_view path) {
  return path.starts_with(kRoot) || path == kHoldMusicPath;
}

void PhoneEdge::handle(net::Request&& request, net::Reply reply) {
  static constexpr std::array<Route, 17> kRoutes{{{"incoming", &PhoneEdge::on_incoming},
                                                  {"menu", &PhoneEdge::on_menu},
                                                  {"enqueue", &PhoneEdge::on_enqueue},
                                                  {"wait", &PhoneEdge::on_wait},
                                                  {"queue-result", &PhoneEdge::on_queue_result},
                                                  {"connect", &PhoneEdge::on_connect},
                                                  {"connect-result", &PhoneEdge::on_connect_result},
                                                  {"hold", &PhoneEdge::on_hold},
                                                  {"fallback", &PhoneEdge::on_fallback},
                                                  {"status", &PhoneEdge::on_status},
                                                  {"callback", &PhoneEdge::on_callback},
                                                  {"goodbye", &PhoneEdge::on_goodbye},
                                                  {"reached", &PhoneEdge::on_reached},
                                                  {"customer", &PhoneEdge::on_customer_leg},
                                                  {"agent", &PhoneEdge::on_agent_leg},
                                                  {"outside", &PhoneEdge::on_outside_leg},
                                                  {"conference", &PhoneEdge::on_conference}}};
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && request.method != "POST") {
    return reply(net::Response::error(405, "method_not_allowed", "Use POST or GET."));
  }
  if (request.path == kHoldMusicPath) return serve_hold_music(reply);
  ++figures_.requests;
  const auto hook = std::make_shared<Hook>(Hook{{}, {}, std::move(reply)});
  if (auto refused = refusal(request, *hook)) return hook->reply(std::move(*refused));
  const std::string_view name = std::string_view(request.path).substr(std::min(kRoot.size(), request.path.size()));
  const auto route = std::ranges::find(kRoutes, name, &Route::name);
  if (route == kRoutes.end()) {
    return hook->reply(net::Response::error(404, "unknown_path", "There is no such phone webhook."));
  }
  (this->*route->handler)(hook);
}

// Fills the hook from a request that can be believed, or says why it cannot.
std::optional<net::Response> PhoneEdge::refusal(const net::Request& request, Hook& hook) {
  const std::string signature(request.headers.find("X-Twilio-Signature").value_or(""));
  const std::string url = settings_.public_url + request.target;
  auto query = net::parse_form(request.query);
  const std::string_view type = request.headers.find("Content-Type").value_or(kFormType);
  const bool is_json = type.substr(0, kJsonType.size()) == kJsonType;
  auto body = request.method == "POST" && !is_json ? net::parse_form(request.body) : net::Form{};
  SignatureCheck check = SignatureCheck::kMissing;
  if (!signature.empty()) {
    if (!query || !body) {
      return net::Response::error(400, "malformed_form", net::to_string(query ? body.error() : query.error()));
    }
    check = is_json ? check_body_signature(settings_.auth_tokens, url, request.body, signature)
                    : check_signature(settings_.auth_tokens, url, *body, signature);
  }
  if (check != SignatureCheck::kGood) {
    ++figures_.refused_signatures;
    spdlog::warn("phone: {} from {} refused: {}", request.path, request.remote_address, message_of(check));
    return net::Response::error(403, "bad_signature", message_of(check));
  }
  hook.fields = request.method == "POST" ? std::move(*body) : *query;
  hook.query = std::move(*query);
  return std::nullopt;
}

void PhoneEdge::serve_hold_music(net::Reply& reply) const {
  net::Response response{.status = 200, .headers = {}, .body = hold_music_};
  response.headers.add("Content-Type", "audio/wav");
  response.headers.add("Cache-Control", "public, max-age=86400");
  reply(std::move(response));
}

void PhoneEdge::resume() {
  for (const auto* i : engine_.view().interactions.sorted()) {
    if (i->channel != Channel::kPhone) continue;
    if (i->callback->calling) {
      watch_customer(i->id, 0);
    } else if (i->state == routing::InteractionState::kConnecting) {
      watch_leg(i->id, i->agent, {});
    }
    if (i->consultant) watch_leg(i->id, i->consultant, {});
    for (const auto& p : i->conference->participants) watch_leg(i->id, p.agent, {});
    const LiveCall* call = i->outside == OutsideState::kCalling ? call_of(*i) : nullptr;
    if (call && !call->outside.empty()) watch_outside(i->id, call->outside.rbegin()->first);
  }
}

void PhoneEdge::before_event(const engine::Commit&, const Event& event, const routing::State& before) {
  const auto retire = [&](InteractionId id) {
    const auto* i = before.interactions.find(id);
    if (i && i->channel == Channel::kPhone) calls_.retire(id);
  };
  if (const auto* ended = std::get_if<event::InteractionEnded>(&event)) retire(ended->interaction);
  if (const auto* abandoned = std::get_if<event::InteractionAbandoned>(&event)) retire(abandoned->interaction);
}

void PhoneEdge::after_event(const engine::Commit& commit, const Event& event, const routing::State& after) {
  const auto phone_call = [&](InteractionId id) {
    const auto* i = after.interactions.find(id);
    return i && i->channel == Channel::kPhone ? i : nullptr;
  };
  const auto ring = [&](const routing::Interaction& i, AgentId agent, OfferId offer) {
    LiveCall* call = call_of(i);
    if (!call) return;
    call->legs[agent] = Leg{offer, {}, false, false, {}};
    watch_leg(i.id, agent, offer);
  };
  if (const auto* accepted = std::get_if<event::OfferAccepted>(&event)) {
    const auto* i = phone_call(accepted->interaction);
    const bool held_ready = i && i->callback->order == CallbackOrder::kCustomerFirst && !i->customer_on_line();
    if (i && !held_ready) ring(*i, accepted->agent, accepted->offer);
  } else if (const auto* invited = std::get_if<event::OutsideInvited>(&event)) {
    const auto* i = phone_call(invited->interaction);
    LiveCall* call = i ? call_of(*i) : nullptr;
    if (!call) return;
    std::erase_if(call->outside, [](const auto& leg) { return leg.second.over; });
    call->outside[commit.record.seq];
    watch_outside(i->id, commit.record.seq);
  } else if (const auto* requested = std::get_if<event::CallbackRequested>(&event)) {
    const auto* i = phone_call(requested->interaction);
    LiveCall* call = i ? call_of(*i) : nullptr;
    if (!call) return;
    if (!call->call_sid.empty()) {  // what becomes of that call says nothing any more
      call->leaving_sid = std::exchange(call->call_sid, {});
      call->leaving = !calls_.known_over(call->leaving_sid);
    }
    call->caller_over = true;
    call->customer = {};
  } else if (const auto* started = std::get_if<event::CallbackStarted>(&event)) {
    const auto* i = phone_call(started->interaction);
    LiveCall* call = i ? call_of(*i) : nullptr;
    if (!call) return;
    call->customer = CustomerLeg{commit.record.seq, {}, false, {}};
    watch_customer(i->id, commit.record.seq);
  } else if (const auto* reached = std::get_if<event::CustomerReached>(&event)) {
    const auto* i = phone_call(reached->interaction);
    LiveCall* call = i ? call_of(*i) : nullptr;
    if (!call) return;
    call->call_sid = call->customer.call_sid;
    call->caller_over = call->caller_left = false;
    const auto* agent = after.agents.find(reached->agent);
    if (agent && i->callback->order == CallbackOrder::kCustomerFirst) ring(*i, reached->agent, agent->last_offer);
  }
}

// ---- shared

void PhoneEdge::submit(const HookPtr& hook, Command command, std::string key, std::vector<std::string> contents,
                       Answered done) {
  engine::Submission submission{std::move(command), Source::kPhone, std::move(key), std::move(contents),
                                std::move(done)};
  const bool admitted = !admits_ || admits_(submission.command);
  if (!admitted || !engine_.submit(std::move(submission))) trouble(hook);
}

// For callbacks: 204 once it is durable. Refusals are acknowledged too: they say that the news was no news.
void PhoneEdge::submit_and_acknowledge(const HookPtr& hook, Command command, std::string key) {
  engine::Submission submission{
      std::move(command), Source::kPhone, std::move(key), {}, [hook](const engine::Answer&) { hook->empty(); }};
  if (!engine_.submit(std::move(submission))) {
    hook->reply(net::Response::error(503, "busy", "The engine is busy, please try again."));
  }
}

void PhoneEdge::submit_quietly(Command command) {
  engine::Submission submission{std::move(command), Source::kPhone, {}, {}, {}};
  if (!engine_.submit(std::move(submission))) spdlog::warn("phone: the engine is busy, a callback's news is lost");
}

void PhoneEdge::end_failed(InteractionId interaction) {
  submit_quietly(command::EndInteraction{interaction, Party::kSystem, {}, EndReason::kFailed});
}

void PhoneEdge::trouble(const HookPtr& hook) {
  ++figures_.troubles;
  const auto* i = interaction(*hook);
  LiveCall* call = i ? call_of(*i) : nullptr;
  auto turn = static_cast<unsigned>(std::min<std::uint64_t>(i ? 0 : hook->number("n"), kTroubleTurnsMax));
  if (call) turn = std::max(turn, call->troubles++);
  if (turn >= kTroubleTurnsMax && i) end_failed(i->id);
  hook->twiml(flow_.trouble(number_of(*hook, i).language, turn));
}

// By the id in our URL, else by the call.
const routing::Interaction* PhoneEdge::interaction(const Hook& hook) const {
  InteractionId id{hook.number("i")};
  if (!id) id = calls_.interaction_of(hook.field("CallSid"));
  const auto* i = id ? engine_.view().interactions.find(id) : nullptr;
  return i && i->channel == Channel::kPhone ? i : nullptr;
}

const Number* PhoneEdge::number_of(std::string_view to) const {
  const auto found = std::ranges::find(settings_.numbers, to, &Number::number);
  return found == settings_.numbers.end() ? nullptr : &*found;
}

// The number that was called; the first one when it is no longer configured.
const Number& PhoneEdge::number_of(const Hook& hook, const routing::Interaction* i) {
  static const Number kNone;
  const LiveCall* call = i ? call_of(*i) : nullptr;
  if (call) {
    if (const Number* number = number_of(call->number)) return *number;
  }
  if (const Number* number = number_of(hook.field("To"))) return *number;
  return settings_.numbers.empty() ? kNone : settings_.numbers.front();
}

bool PhoneEdge::open_now() const {
  return !center_.open_at || center_.open_at(engine_.clock().now());
}

std::string PhoneEdge::queue_name(const routing::Interaction& i) const {
  const auto* queue = center_.queue(i.queue);
  return queue ? queue->name : std::to_string(i.queue.value);
}

}  // namespace sb::phone
