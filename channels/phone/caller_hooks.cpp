// The webhooks of a caller's own call: what they hear, and what they did.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "channels/phone/phone_edge.h"
#include "crm/profile.h"
#include "engine/arrival_labels.h"

namespace sb::phone {
namespace {

using routing::InteractionState;

constexpr std::size_t kCallSidBytesMax = 64;

}  // namespace

command::StartInteraction PhoneEdge::start_command(const Number& number, const std::string& call_sid,
                                                   std::string_view from, std::vector<std::string>& contents) {
  command::StartInteraction start;
  start.channel = Channel::kPhone;
  start.language = number.language;
  start.provider = hasher_.hash({"call", call_sid});
  engine::add_label(start.labels, "called", number.number);
  contents.assign({std::string(), encode_call_row(call_sid, number.number)});
  const auto phone = crm::normalize_phone(from, {settings_.default_country_code});
  if (phone) {  // else the number is withheld or unusable: a caller without identity
    const crm::Address address{std::string(crm::kPhone), *phone};
    start.identity = hasher_.hash(address);
    start.identity_content = 1;
    contents[0] = crm::to_json(crm::IdentityDetails{address, {}, false});
    const auto match = find_customer_(start.identity);
    if (!match) spdlog::warn("phone: nothing is known about a caller: {}", match.error().message);
    if (match && *match) {
      start.customer = (*match)->customer;
      start.tier = (*match)->tier;
      start.ticket = (*match)->open_ticket;
      start.preferred_agent = (*match)->last_agent;
      engine::add_customer_labels(start.labels, **match);
      if (!(*match)->language.empty()) start.language = (*match)->language;
    }
  }
  if (!open_now()) {
    start.out_of_hours = true;
    start.queue = default_step(number).queue;
  }
  return start;
}

void PhoneEdge::on_incoming(const HookPtr& hook) {
  const std::string call_sid = hook->field("CallSid");
  if (call_sid.empty() || call_sid.size() > kCallSidBytesMax) {
    return hook->reply(net::Response::error(400, "malformed_form", "CallSid is missing or too long."));
  }
  // A customer who was called back, on the way back from an apology.
  const auto* reached = hook->field("Direction").starts_with("outbound") ? interaction(*hook) : nullptr;
  if (reached) return hook->twiml(document_for(*reached, number_of(*hook, reached)));
  const Number* number = number_of(hook->field("To"));
  if (!number) {
    return hook->reply(net::Response::error(404, "unknown_number",
                                            "The number called is not configured: add it to [[phone.numbers]]."));
  }
  if (calls_.known_over(call_sid)) return hook->twiml(flow_.hang_up());
  std::vector<std::string> contents;
  auto start = start_command(*number, call_sid, hook->field("From"), contents);
  auto labels = start.labels;
  submit(hook, std::move(start), call_sid, std::move(contents),
         [this, hook, number, labels = std::move(labels)](const engine::Answer& answer) {
           started(hook, *number, labels, answer);
         });
}

void PhoneEdge::started(const HookPtr& hook, const Number& number, const std::vector<std::string>& labels,
                        const engine::Answer& answer) {
  if (answer.rejection != Rejection::kNone) {
    spdlog::error("phone: a call was refused: {}", name(answer.rejection));
    return trouble(hook);
  }
  const std::string call_sid = hook->field("CallSid");
  const InteractionId id{answer.result};
  const auto* i = engine_.view().interactions.find(id);
  if (!i) {  // ended in the same step (out of hours), or long ago
    return hook->twiml(open_now() ? flow_.hang_up() : flow_.announce(Phrase::kOutOfHours, number.language));
  }
  if (i->callback->order == CallbackOrder::kNone) {
    LiveCall& call = calls_.add(id, call_sid, number.number, labels);
    const auto phone = crm::normalize_phone(hook->field("From"), {settings_.default_country_code});
    if (phone) call.customer_number = *phone;
  }
  if (calls_.known_over(call_sid)) {  // the hang-up came while this was being written
    submit_quietly(command::EndInteraction{id, Party::kCustomer, {}, EndReason::kHungUp});
    return hook->twiml(flow_.hang_up());
  }
  hook->twiml(document_for(*i, number));
}

// Where the call stands. The same state gives the same document, so a repeated webhook changes nothing.
std::string PhoneEdge::document_for(const routing::Interaction& i, const Number& number) const {
  if (!i.customer_on_line()) return booked_document(i, number);
  switch (i.state) {
    case InteractionState::kDialogue:
      return flow_.menu(number, i.id, 1, std::nullopt);
    case InteractionState::kQueued:
    case InteractionState::kConnecting:
      return flow_.enqueue(i.id, queue_name(i), 0);
    case InteractionState::kActive:
      return flow_.connect(i.id);
    case InteractionState::kScheduled:  // nobody is on the line any more
      break;
  }
  return flow_.hang_up();
}

std::string PhoneEdge::booked_document(const routing::Interaction& i, const Number& number) const {
  return flow_.announce(Phrase::kBooked, i.language.empty() ? number.language : std::string(i.language));
}

void PhoneEdge::on_menu(const HookPtr& hook) {
  const auto* i = interaction(*hook);
  if (!i) return trouble(hook);
  const Number& number = number_of(*hook, i);
  if (i->state != InteractionState::kDialogue) return hook->twiml(document_for(*i, number));
  const auto turn = static_cast<unsigned>(std::clamp<std::uint64_t>(hook->number("n"), 1, kMenuTurnsMax));
  const MenuStep step = menu_step(number, turn, hook->field("Digits"));
  if (step.kind != MenuStep::kEnqueue) return hook->twiml(flow_.menu(number, i->id, turn + 1, step.kind));
  choose(hook, *i, step);
}

void PhoneEdge::choose(const HookPtr& hook, const routing::Interaction& i, const MenuStep& step) {
  const auto* queue = center_.queue(step.queue);
  const Requirement required = engine::combine(queue ? queue->requires_skills : Requirement{}, step.requirement);
  const LiveCall* call = call_of(i);
  auto labels = call ? call->labels : std::vector<std::string>{};
  engine::add_label(labels, "ivr", hook->field("Digits"));
  submit(hook, command::EnqueueInteraction{i.id, step.queue, required, 0, step.language, {}, std::move(labels)},
         hook->field("CallSid") + ":menu", {},
         [this, hook, id = i.id](const engine::Answer& answer) { chosen(hook, id, answer); });
}

void PhoneEdge::chosen(const HookPtr& hook, InteractionId id, const engine::Answer& answer) {
  const auto* i = engine_.view().interactions.find(id);
  const Number& number = number_of(*hook, i);
  if (!i) {  // out of hours by the flow, unless the caller was faster
    const bool closed = answer.rejection == Rejection::kNone;
    return hook->twiml(closed ? flow_.announce(Phrase::kOutOfHours, number.language) : flow_.hang_up());
  }
  switch (answer.rejection) {
    case Rejection::kNone:
    case Rejection::kWrongState:  // chosen before
      return hook->twiml(document_for(*i, number));
    case Rejection::kQueueFull:
      end_failed(id);
      return hook->twiml(flow_.announce(Phrase::kQueueFull, number.language));
    case Rejection::kQueueClosed:
      end_failed(id);
      return hook->twiml(flow_.announce(Phrase::kQueueClosed, number.language));
    default:
      spdlog::error("phone: interaction {} cannot be queued: {}", id.value, name(answer.rejection));
      return trouble(hook);
  }
}

void PhoneEdge::on_enqueue(const HookPtr& hook) {
  const auto* i = interaction(*hook);
  if (!i) return hook->twiml(flow_.hang_up());
  hook->twiml(document_for(*i, number_of(*hook, i)));
}

void PhoneEdge::on_wait(const HookPtr& hook) {
  const auto* i = interaction(*hook);
  if (!i) return hook->twiml(flow_.leave_queue());
  hook->twiml(wait_document(*i, number_of(*hook, i)));
}

std::string PhoneEdge::wait_document(const routing::Interaction& i, const Number& number) {
  if (!i.customer_on_line()) return document_for(i, number);
  const auto& state = engine_.view();
  const bool waits = i.waiting && !i.consult;
  const auto position = waits ? state.position(i) : 0;
  const auto wait_ms = waits ? state.estimated_wait(i, engine_.clock().now()) : std::nullopt;
  if (!offers_callback(i)) return flow_.wait(number, position, wait_ms, i.language);
  return flow_.wait_or_callback(number, i.id, position, wait_ms, i.language, settings_.callback_key);
}

void PhoneEdge::on_queue_result(const HookPtr& hook) {
  const std::string result = hook->field("QueueResult");
  if (result == "hangup") return caller_over(hook, hook->field("CallSid"));
  const bool stranded =
      result == "leave" || result == "error" || result == "system-error" || result == "queue-full" || result.empty();
  if (!stranded) return hook->twiml(flow_.nothing());  // we took the caller out, and they are on their way
  const auto* i = interaction(*hook);
  if (!i) return hook->twiml(flow_.hang_up());
  const auto turn = static_cast<unsigned>(std::min<std::uint64_t>(hook->number("n"), kTroubleTurnsMax)) + 1;
  if (i->state == InteractionState::kActive) return hook->twiml(flow_.connect(i->id));
  if (turn <= kTroubleTurnsMax) return hook->twiml(flow_.enqueue(i->id, queue_name(*i), turn));
  spdlog::error("phone: the provider's queue keeps giving back interaction {}: {}", i->id.value, result);
  end_failed(i->id);
  hook->twiml(flow_.announce(Phrase::kTroubleOver, number_of(*hook, i).language));
}

void PhoneEdge::on_connect(const HookPtr& hook) {
  on_enqueue(hook);  // the state says which document: the agent may be gone again
}

// The conference is over, or the caller was taken out of it.
void PhoneEdge::on_connect_result(const HookPtr& hook) {
  const auto* i = interaction(*hook);
  if (!i || i->state == InteractionState::kActive) return hook->twiml(flow_.hang_up());
  hook->twiml(document_for(*i, number_of(*hook, i)));
}

void PhoneEdge::on_hold(const HookPtr& hook) {
  hook->twiml(flow_.hold(number_of(*hook, interaction(*hook))));
}

void PhoneEdge::on_fallback(const HookPtr& hook) {
  spdlog::warn("phone: the provider could not use our last answer: error {} at {}",
               hook->field("ErrorCode").substr(0, 16), hook->field("ErrorUrl").substr(0, 200));
  trouble(hook);
}

void PhoneEdge::on_status(const HookPtr& hook) {
  if (!is_over(hook->field("CallStatus"))) return hook->empty();
  caller_over(hook, hook->field("CallSid"));
}

void PhoneEdge::caller_over(const HookPtr& hook, const std::string& call_sid) {
  calls_.note_over(call_sid);
  InteractionId id{hook->number("i")};
  if (!id) id = calls_.interaction_of(call_sid);
  const auto* i = id ? engine_.view().interactions.find(id) : nullptr;
  LiveCall* call = id ? calls_.find(id, i ? i->customer : CustomerId{}) : nullptr;
  if (call && call->leaving_sid == call_sid) call->leaving = false;
  if (call && call->call_sid != call_sid) return hook->empty();  // the call before the callback
  if (call) call->caller_over = true;
  if (!i || !i->customer_on_line()) return hook->empty();
  submit_and_acknowledge(hook, command::EndInteraction{i->id, Party::kCustomer, {}, EndReason::kHungUp},
                         call_sid + ":end");
}

}  // namespace sb::phone
