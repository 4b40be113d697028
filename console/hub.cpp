#include "console/hub.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

#include "console/session.h"
#include "net/form.h"

namespace sb::console {

namespace {
constexpr std::string_view kJsonProtocol = "switchboard.console.v1.json";
constexpr std::string_view kProtobufProtocol = "switchboard.console.v1.protobuf";
constexpr auto kBoardPeriod = std::chrono::milliseconds(250);
constexpr auto kWaitingPeriod = std::chrono::milliseconds(500);
constexpr std::size_t kListsPerPeriod = 128;  // of up to 50 entries: a few milliseconds of this thread

std::uint64_t number_in(const net::Form& form, std::string_view name) {
  std::uint64_t value = 0;
  const auto text = form.find(name);
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}
}  // namespace

Hub::Hub(Context& context, std::vector<std::string> origins)
    : context_(context), origins_(std::move(origins)), waiting_list_(context.directory, context.conversations) {
  board_timer_ = context_.io.every(0, kBoardPeriod, [this] { send_board(); });
  waiting_timer_ = context_.io.every(0, kWaitingPeriod, [this] { send_waiting(); });
}

Hub::~Hub() = default;

std::expected<net::WsAccept, net::Response> Hub::on_upgrade(const net::Request& request) {
  if (const auto origin = request.headers.find("Origin")) {
    const auto host = request.headers.find("Host").value_or("");
    const std::string_view bare = origin->substr(std::min(origin->size(), origin->find("://") + 3));
    if (bare != host && std::find(origins_.begin(), origins_.end(), *origin) == origins_.end()) {
      return std::unexpected(net::Response::error(403, "foreign_origin", "this page may not open a console"));
    }
  }
  const auto session =
      context_.sign_in.session(request.headers.find("Cookie").value_or(""), context_.engine.clock().now());
  const engine::AgentInfo* who = session ? context_.center.agent(session->agent) : nullptr;
  if (!who) return std::unexpected(net::Response::error(401, "not_signed_in", "sign in first"));
  const bool json = request.headers.has_token("Sec-WebSocket-Protocol", kJsonProtocol);
  if (!json && !request.headers.has_token("Sec-WebSocket-Protocol", kProtobufProtocol)) {
    return std::unexpected(net::Response::error(
        400, "unknown_subprotocol", "offer switchboard.console.v1.json or switchboard.console.v1.protobuf"));
  }
  const auto query = net::parse_form(request.query);
  if (!query) return std::unexpected(net::Response::error(400, "bad_query", net::to_string(query.error())));
  const bool observer = number_in(*query, "observe") == 1;
  if (observer && who->role == engine::Role::kAgent) {
    return std::unexpected(net::Response::error(403, "forbidden", "the board is for supervisors"));
  }
  net::WsAccept accept;
  accept.subprotocol = json ? kJsonProtocol : kProtobufProtocol;
  accept.handler = std::make_shared<ConsoleSession>(*this, *who, json ? Encoding::kJson : Encoding::kProtobuf, observer,
                                                    number_in(*query, "since"));
  return accept;
}

void Hub::open(const std::shared_ptr<ConsoleSession>& session) {
  sessions_.insert(session);
  const auto& who = session->who();
  if (session->observer()) {
    session->send(0, frame::Hello{1, context_.engine.clock().now(), who.id, who.name,
                                  std::string(engine::kRoleNames[index_of(who.role)]), false, who.language});
    session->send(last_, snapshot(who));
    return;
  }
  engine::Submission s;
  s.command = command::SignInAgent{who.id, session->id(), Presence::kOffline};
  s.source = Source::kConsole;
  s.done = [this, weak = std::weak_ptr(session)](const engine::Answer& answer) {
    const auto live = weak.lock();
    if (!live) return;
    if (answer.rejection != Rejection::kNone) {
      live->send(0, frame::Goodbye{std::string(name(answer.rejection))});
      live->close(net::close_code::kPolicy, name(answer.rejection));
    } else if (sessions_.contains(live)) {
      seat(live, live->since());
    }
  };
  if (!context_.submit(std::move(s))) session->close(net::close_code::kTryAgainLater, "busy");
}

void Hub::seat(const std::shared_ptr<ConsoleSession>& session, Seq since) {
  const auto& who = session->who();
  auto& slot = desks_[who.id.value];
  if (!slot) slot = std::make_unique<Desk>(who.id);
  Desk& desk = *slot;
  if (desk.attached()) {
    for (const auto& other : sessions_) {
      if (other->id() != desk.session() || other == session) continue;
      other->send(0, frame::Goodbye{"taken_over"});
      other->close(net::close_code::kNormal, "taken over");
      break;
    }
  }
  waiting_list_.unwatch(who.id);
  const bool resumed = desk.attach(session->socket(), session->id(), session->encoding(), since);
  session->send(0, frame::Hello{1, context_.engine.clock().now(), who.id, who.name,
                                std::string(engine::kRoleNames[index_of(who.role)]), resumed, who.language});
  if (resumed) {
    desk.resume(since, batch_);
    batch_.flush();
  } else {
    send_snapshot(desk);
  }
}

void Hub::send_snapshot(Desk& desk) {
  desk.restart(last_);
  const engine::AgentInfo* who = context_.center.agent(desk.agent());
  FrameBuffer one;
  one.add({last_, snapshot(*who)}, desk.encoding());
  const bool sent = desk.socket()->send(one.take(desk.encoding()), desk.encoding() == Encoding::kProtobuf);
  desk.set_slow(!sent);
}

void Hub::closed(ConsoleSession& session) {
  const auto self = session.shared_from_this();
  watch(self, false);
  sessions_.erase(self);
  Desk* d = desk(session.who().id);
  if (session.observer() || !d || !d->attached() || d->session() != session.id()) return;
  d->detach();
  waiting_list_.unwatch(session.who().id);
  engine::Submission s;
  s.command = command::LoseAgentConnection{session.who().id, session.id()};
  s.source = Source::kConsole;
  if (!context_.engine.submit(std::move(s))) {
    spdlog::warn("console of agent {} closed while the queue was full; its grace period starts late",
                 session.who().id.value);
    context_.io.post(0, [this, agent = session.who().id, id = session.id()] {
      engine::Submission again;
      again.command = command::LoseAgentConnection{agent, id};
      again.source = Source::kConsole;
      (void)context_.engine.submit(std::move(again));
    });
  }
}

void Hub::drained(ConsoleSession& session) {
  if (session.observer()) {
    session.send(last_, snapshot(session.who()));
    return;
  }
  Desk* d = desk(session.who().id);
  if (d && d->attached() && d->session() == session.id() && d->slow()) {
    send_snapshot(*d);
    waiting_list_.make_due(d->agent());
  }
}

void Hub::watch(const std::shared_ptr<ConsoleSession>& session, bool on) {
  if (!on) {
    watchers_.erase(session);
    context_.board.set_watched(!watchers_.empty());
    return;
  }
  watchers_.insert(session);
  context_.board.set_watched(true);
  const TimeMs now = context_.engine.clock().now();
  auto all = context_.board.everything(context_.engine.view(), now);
  session->send(last_,
                frame::BoardChanged{std::move(all.queues), std::move(all.agents), now, context_.board.fairness(now)});
}

void Hub::send_board() {
  if (watchers_.empty() || !context_.board.changed()) return;
  const TimeMs now = context_.engine.clock().now();
  auto changes = context_.board.take_changes(context_.engine.view(), now);
  const Frame frame{last_, frame::BoardChanged{std::move(changes.queues), std::move(changes.agents), now,
                                               context_.board.fairness(now)}};
  net::WebSocket::Payload encoded[2];
  for (const auto& watcher : watchers_) {
    const auto encoding = watcher->encoding();
    auto& payload = encoded[index_of(encoding)];
    if (!payload) {
      FrameBuffer one;
      one.add(frame, encoding);
      payload = one.take(encoding);
    }
    // A watcher too slow for four frames a second misses some and is sent everything when it has drained.
    batch_.add(watcher->socket(), payload, encoding == Encoding::kProtobuf);
  }
  batch_.flush();
}

void Hub::send_waiting() {
  const routing::State& state = context_.engine.view();
  const auto due = waiting_list_.take_due(state, kListsPerPeriod);
  if (due.empty()) return;
  seq_ = 0;  // not a position to resume from: who comes back asks for the list again
  for (const AgentId id : due) {
    if (const routing::Agent* agent = state.agents.find(id)) tell(id, waiting_list_.list_of(*agent, state));
  }
  after_group(0);
}

void Hub::say_goodbye() {
  for (const auto& session : sessions_) session->send(0, frame::Goodbye{"restarting"});
}

Desk* Hub::desk(AgentId agent) {
  const auto at = desks_.find(agent.value);
  return at == desks_.end() ? nullptr : at->second.get();
}

void Hub::tell(AgentId agent, FrameBody body) {
  Desk* d = agent ? desk(agent) : nullptr;
  if (!d) return;
  d->add({seq_, std::move(body)});
  if (touched_.empty() || touched_.back() != d) touched_.push_back(d);
}

void Hub::after_group(Seq last) {
  for (Desk* d : touched_) d->flush(batch_);
  touched_.clear();
  batch_.flush();
  last_ = std::max(last_, last);
}

}  // namespace sb::console
