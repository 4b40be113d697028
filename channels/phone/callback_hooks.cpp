// The webhooks of callbacks: the key a waiting caller pressed, and the call to a customer who is called back.
#include <spdlog/spdlog.h>

#include "channels/phone/phone_edge.h"
#include "engine/callback_offer.h"

namespace sb::phone {
// Only to a number that can be called.
bool PhoneEdge::offers_callback(const routing::Interaction& i) {
  if (settings_.callback_key.empty() || !engine::offers_callback(i, center_, engine_.view())) return false;
  const LiveCall* call = call_of(i);
  return call && !call->customer_number.empty();
}

// On the profile of whom the number belongs to; empty: not known.
std::string PhoneEdge::zone_of(const std::string& customer_number) {
  const auto match = find_customer_(hasher_.hash({std::string(crm::kPhone), customer_number}));
  if (!match) spdlog::warn("phone: nothing is known about a caller: {}", match.error().message);
  return match && *match ? (*match)->time_zone : std::string();
}

void PhoneEdge::on_callback(const HookPtr& hook) {
  const auto* i = interaction(*hook);
  if (!i) return hook->twiml(flow_.hang_up());
  const Number& number = number_of(*hook, i);
  if (hook->field("Digits") != settings_.callback_key || !offers_callback(*i)) {
    return hook->twiml(wait_document(*i, number));
  }
  const auto* info = center_.queue(i->queue);
  const engine::CallbackTerms terms = info ? info->callback : engine::CallbackTerms{};
  command::RequestCallback request;
  request.interaction = i->id;
  request.order = terms.order;
  request.attempts_max = terms.attempts_max;
  request.retry_ms = terms.retry_ms;
  if (center_.callback_windows) {
    const std::string zone = center_.callback_zone(zone_of(call_of(*i)->customer_number));
    auto windows = center_.callback_windows(zone, {}, engine_.clock().now());
    if (windows) request.windows = std::move(*windows);
  }
  submit(hook, std::move(request), hook->field("CallSid") + ":callback", {},
         [this, hook, id = i->id](const engine::Answer& answer) {
           const auto* now = engine_.view().interactions.find(id);
           if (!now) return hook->twiml(flow_.hang_up());
           const bool refused = answer.rejection != Rejection::kNone && answer.rejection != Rejection::kWrongState;
           if (refused) spdlog::error("phone: a callback was refused: {}", name(answer.rejection));
           hook->twiml(wait_document(*now, number_of(*hook, now)));
         });
}

// Says so whatever has become of the callback since, unless it is over already.
void PhoneEdge::on_goodbye(const HookPtr& hook) {
  const auto* i = interaction(*hook);
  hook->twiml(i ? booked_document(*i, number_of(*hook, i)) : flow_.hang_up());
}

LiveCall* PhoneEdge::called_back(const routing::Interaction& i, Seq attempt) {
  LiveCall* call = call_of(i);
  if (!call || (call->customer.attempt != 0 && call->customer.attempt != attempt)) return nullptr;
  return call;
}

// The answered call asks what to do.
void PhoneEdge::on_reached(const HookPtr& hook) {
  customer_answered(hook, true);
}

void PhoneEdge::customer_answered(const HookPtr& hook, bool wants_document) {
  const std::string call_sid = hook->field("CallSid");
  const auto* i = interaction(*hook);
  LiveCall* call = i ? called_back(*i, hook->number("t")) : nullptr;
  const bool wanted = call && !call->customer.over && (i->callback->calling || call->call_sid == call_sid);
  if (!wanted) {
    if (wants_document) return hook->twiml(flow_.hang_up());
    const bool known = call && call->customer.call_sid == call_sid;
    if (!known) end_stray_leg(call_sid);  // called for an attempt that was broken off
    return hook->empty();
  }
  call->customer.call_sid = call_sid;
  const command::ReachCustomer reach{i->id};
  if (!wants_document) return submit_and_acknowledge(hook, reach, reached_key(call_sid));
  submit(hook, reach, reached_key(call_sid), {}, [this, hook, id = i->id](const engine::Answer&) {
    const auto* now = engine_.view().interactions.find(id);
    if (!now || !now->customer_on_line()) return hook->twiml(flow_.hang_up());
    hook->twiml(document_for(*now, number_of(*hook, now)));
  });
}

void PhoneEdge::on_customer_leg(const HookPtr& hook) {
  const std::string status = hook->field("CallStatus");
  if (status == "in-progress") return customer_answered(hook, false);
  if (!is_over(status)) return hook->empty();  // initiated, ringing
  const auto* i = interaction(*hook);
  const std::string call_sid = hook->field("CallSid");
  if (LiveCall* last = i ? call_of(*i) : nullptr; last && last->leaving_sid == call_sid) {
    last->leaving = false;  // they are to be called back once more
    return hook->empty();
  }
  LiveCall* call = i ? called_back(*i, hook->number("t")) : nullptr;
  if (!call) return hook->empty();
  if (call->call_sid == call_sid) return caller_over(hook, call_sid);
  if (!i->callback->calling) return hook->empty();
  call->customer.call_sid = call_sid;
  call->customer.over = true;
  customer_missed(hook, *i, status);
}

void PhoneEdge::customer_missed(const HookPtr& hook, const routing::Interaction& i, const std::string& status) {
  const std::string call_sid = hook->field("CallSid");
  engine::Submission missed{command::MissCustomer{i.id, std::string(missed_reason(status))},
                            Source::kPhone,
                            call_sid + ":missed",
                            {},
                            [this, hook, call_sid](const engine::Answer& answer) {
                              // The answer was on its way when they hung up.
                              const bool answered = answer.rejection == Rejection::kWrongState;
                              return answered ? caller_over(hook, call_sid) : hook->empty();
                            }};
  if (!engine_.submit(std::move(missed))) {
    hook->reply(net::Response::error(503, "busy", "The engine is busy, please try again."));
  }
}

// Lost callbacks must not keep an agent waiting for a customer's phone for ever.
void PhoneEdge::watch_customer(InteractionId interaction, Seq attempt) {
  const DurationMs limit = DurationMs{settings_.customer_ring_timeout_s} * 1000 + settings_.callback_grace_ms;
  after_(limit, [this, alive = std::weak_ptr(alive_), interaction, attempt] {
    if (alive.expired()) return;
    const auto* i = engine_.view().interactions.find(interaction);
    LiveCall* call = i && i->callback->calling ? call_of(*i) : nullptr;
    if (!call || (attempt != 0 && call->customer.attempt != attempt)) return;
    spdlog::warn("phone: no news of the call to the customer of interaction {}", interaction.value);
    end_stray_leg(call->customer.call_sid);
    call->customer.over = true;
    submit_quietly(command::MissCustomer{interaction, "failed"});
  });
}

}  // namespace sb::phone
