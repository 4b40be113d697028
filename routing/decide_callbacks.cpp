#include "routing/decider.h"

// Calling customers back instead of letting them wait on the line. A callback in its queue is work like any other; an
// agent who takes it first answers their own phone and then the customer is called (agent first), or is held ready
// while the customer is called (customer first). Outside the customer's hours nobody is called.
namespace sb::routing {

bool sound(const std::vector<TimeSpan>& windows) {
  TimeMs before = 0;
  for (const TimeSpan& w : windows) {
    if (w.from_ms < before || w.until_ms <= w.from_ms) return false;
    before = w.until_ms;
  }
  return windows.size() <= kCallbackWindowsMax;
}

TimeMs first_within(const std::vector<TimeSpan>& windows, TimeMs from) {
  if (windows.empty()) return from;
  const auto open = std::find_if(windows.begin(), windows.end(), [&](const TimeSpan& w) { return from < w.until_ms; });
  return open == windows.end() ? 0 : std::max(from, open->from_ms);
}

namespace {
template <class Terms>
bool sound_terms(const Terms& c, TimeMs now) {
  const TimeMs last = now + kCallbackHorizonMs;
  const bool retries =
      c.attempts_max == 1 ? c.retry_ms <= kDayMs : c.retry_ms >= kCallbackRetryMinMs && c.retry_ms <= kDayMs;
  return c.order != CallbackOrder::kNone && c.attempts_max >= 1 && c.attempts_max <= kCallbackAttemptsMax && retries &&
         (c.at_ms == 0 || c.at_ms >= now) && c.at_ms <= last && sound(c.windows) &&
         (c.windows.empty() || c.windows.back().until_ms <= last);
}
}  // namespace

Rejection Decider::check_wish(const command::StartInteraction& c) const {
  const command::CallbackWish& wish = c.callback;
  const TimeMs first = first_within(wish.windows, std::max(wish.at_ms, now));
  const bool sound = c.channel == Channel::kPhone && !c.out_of_hours && sound_terms(wish, now) && first != 0;
  if (!sound) return Rejection::kInvalidArgument;
  const Rejection bad = check_target(c.channel, c.queue, c.requirement, c.priority);
  if (bad != Rejection::kNone || first != now) return bad;
  const Placement p = arrival(c.queue, c.requirement, c.priority, {}, c.preferred_agent);
  return state.room_for(p.queue, c.channel, p.requirement);
}

Decision Decider::on(const command::RequestCallback& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  const bool queued = i->state == InteractionState::kQueued;
  if ((!queued && i->state != InteractionState::kDialogue) || !i->customer_on_line()) return {Rejection::kWrongState};
  if (i->channel != Channel::kPhone || !sound_terms(c, now)) return {Rejection::kInvalidArgument};
  const TimeMs first = first_within(c.windows, std::max(c.at_ms, now));
  if (first == 0) return {Rejection::kInvalidArgument};
  const bool moves = c.queue || !queued;
  if (moves) {
    const Rejection bad = check_target(i->channel, c.queue, c.requirement, c.priority);
    if (bad != Rejection::kNone) return {bad};
  }
  Placement p{moves ? c.queue : i->queue,
              moves ? c.requirement : *i->requirement,
              moves ? c.priority : i->priority,
              QueuedReason::kCallbackDue,
              {},
              0,
              false,
              {}};
  if (!moves && i->preferred_until_ms != 0 && (first != now || i->offer)) p.requirement.only_agent = {};  // a claim
  if (first == now && moves) {
    p = arrival(p.queue, std::move(p.requirement), p.priority, {}, i->preferred_agent);
    if (p.reason == QueuedReason::kArrived) p.reason = QueuedReason::kCallbackDue;
    const Rejection full =
        queued && c.queue == i->queue ? Rejection::kNone : state.room_for(p.queue, i->channel, p.requirement);
    if (full != Rejection::kNone) return {full};
  } else if (first == now) {  // those it is kept from, it is still kept from
    p.avoid = i->avoided->agent;
    p.avoid_until_ms = i->avoided->until_ms;
    p.avoid_also = i->avoided->also;
  }
  const std::vector<AgentId> freed = withdraw_offers(c.interaction);
  emit(event::CallbackRequested{c.interaction, c.order, first == now ? 0 : first, c.attempts_max, c.retry_ms, c.windows,
                                p.queue, p.requirement, p.priority, c.content});
  if (first == now && (moves || !i->waiting)) {  // else it waits where it waited
    enqueue(c.interaction, std::move(p));
    seek_agent(c.interaction, freed.empty() ? AgentId{} : freed.front());
  }
  for (const AgentId agent : freed) seek_work(agent);
  return {};
}

Decision Decider::on(const command::ReachCustomer& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (i->callback->reached) return {Rejection::kNone, c.interaction.value};
  if (!i->callback->calling) return {Rejection::kWrongState};
  const AgentId agent = i->agent;
  emit(event::CustomerReached{c.interaction, agent});
  if (i->callback->order == CallbackOrder::kAgentFirst) emit(event::InteractionConnected{c.interaction, agent});
  return {Rejection::kNone, c.interaction.value};
}

Decision Decider::on(const command::MissCustomer& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (c.reason != "busy" && c.reason != "no_answer" && c.reason != "failed") return {Rejection::kInvalidArgument};
  if (!i->callback->calling) return {Rejection::kWrongState};
  const Callback& callback = *i->callback;
  const bool again = callback.attempt < callback.attempts_max;
  const TimeMs next = again ? first_within(callback.windows, now + callback.retry_ms) : 0;
  miss_customer(c.interaction, callback.attempt, c.reason, next);
  return {};
}

void Decider::miss_customer(InteractionId id, std::uint32_t attempt, std::string reason, TimeMs next_ms) {
  const Interaction* i = state.interactions.find(id);
  std::vector<AgentId> freed = withdraw_offers(id);
  if (i->agent) freed.push_back(i->agent);
  emit(event::CustomerMissed{id, i->agent, attempt, std::move(reason), next_ms});
  if (next_ms == 0) {
    emit(event::InteractionEnded{id, i->customer, Party::kSystem, {}, EndReason::kNotReached, 0, i->channel});
  }
  for (const AgentId agent : freed) seek_work(agent);
}

bool Decider::put_off(InteractionId id) {
  const Interaction* i = state.interactions.find(id);
  if (i->customer_on_line()) return false;
  const TimeMs next = first_within(i->callback->windows, now);
  if (next == now) return false;
  const std::uint32_t made = i->callback->attempt - (i->callback->calling ? 1 : 0);  // this one broke off by our doing
  miss_customer(id, made, "outside_hours", next);
  return true;
}

void Decider::call_customer(InteractionId id) {
  if (put_off(id)) return;
  const Interaction* i = state.interactions.find(id);
  emit(event::CallbackStarted{id, i->agent, i->callback->attempt + 1});
}

void Decider::callback_due(InteractionId id) {
  if (put_off(id)) return;
  const Interaction* i = state.interactions.find(id);
  Requirement requirement = i->requirement;
  if (!state.agents.find(requirement.only_agent)) requirement.only_agent = {};
  Placement p = arrival(i->queue, std::move(requirement), i->priority, {}, i->preferred_agent);
  if (p.reason == QueuedReason::kArrived) p.reason = QueuedReason::kCallbackDue;
  enqueue(id, std::move(p));
  seek_agent(id);
}

}  // namespace sb::routing
