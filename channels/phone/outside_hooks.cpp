// The webhooks of an outside party's call.
#include <spdlog/spdlog.h>

#include "channels/phone/phone_edge.h"

namespace sb::phone {

// The leg that the news is about, if it is the present one and still wanted.
OutsideLeg* PhoneEdge::outside_of(const routing::Interaction& i, Seq attempt) {
  LiveCall* call = i.outside != OutsideState::kNone ? call_of(i) : nullptr;
  const bool present = call && !call->outside.empty() && call->outside.rbegin()->first == attempt;
  return present ? &call->outside.rbegin()->second : nullptr;
}

void PhoneEdge::on_outside_leg(const HookPtr& hook) {
  const std::string status = hook->field("CallStatus");
  if (status == "in-progress") return outside_joined(hook);
  if (is_over(status)) return outside_over(hook, status);
  hook->empty();  // initiated, ringing
}

void PhoneEdge::outside_joined(const HookPtr& hook) {
  const std::string call_sid = hook->field("CallSid");
  const auto* i = interaction(*hook);
  OutsideLeg* leg = i ? outside_of(*i, hook->number("t")) : nullptr;
  if (!leg) {
    // Taken out before they answered. Once the contact is over they may be who the caller was passed on to.
    if (i) end_stray_leg(call_sid);
    return hook->empty();
  }
  if (leg->over || !leg->news.take(call_sid, hook->sequence())) return hook->empty();
  leg->call_sid = call_sid;
  leg->answered = true;
  submit_and_acknowledge(hook, command::JoinOutside{i->id}, call_sid + ":outside");
}

void PhoneEdge::outside_over(const HookPtr& hook, const std::string& status) {
  const std::string call_sid = hook->field("CallSid");
  const auto* i = interaction(*hook);
  OutsideLeg* leg = i ? outside_of(*i, hook->number("t")) : nullptr;
  if (!leg || !leg->news.take(call_sid, hook->sequence())) return hook->empty();
  leg->call_sid = call_sid;
  leg->over = true;
  const std::string reason(status == "completed" ? "hung_up" : missed_reason(status));
  submit_and_acknowledge(hook, command::DropOutside{i->id, {}, reason}, call_sid + ":outside-over");
}

// Lost callbacks must not keep the owner waiting for ever.
void PhoneEdge::watch_outside(InteractionId interaction, Seq attempt) {
  const DurationMs limit = DurationMs{settings_.customer_ring_timeout_s} * 1000 + settings_.callback_grace_ms;
  after_(limit, [this, alive = std::weak_ptr(alive_), interaction, attempt] {
    if (alive.expired()) return;
    const auto* i = engine_.view().interactions.find(interaction);
    if (!i || i->outside != OutsideState::kCalling) return;
    OutsideLeg* leg = outside_of(*i, attempt);
    if (!leg || leg->answered) return;
    spdlog::warn("phone: no news of the outside call of interaction {}", interaction.value);
    submit_quietly(command::DropOutside{interaction, {}, "failed"});  // the order that follows ends the leg
  });
}

}  // namespace sb::phone
