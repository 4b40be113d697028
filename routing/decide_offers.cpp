#include <algorithm>

#include "routing/check.h"
#include "routing/decider.h"
#include "routing/matcher.h"

namespace sb::routing {

namespace {
// Customer first: the agent is held ready without being asked, and the customer is called at once.
bool calls_at_once(const Interaction& i) {
  return i.callback->order == CallbackOrder::kCustomerFirst && !i.customer_on_line();
}
}  // namespace

void Decider::seek_agent(InteractionId id, AgentId but) {
  const Interaction* i = state.interactions.find(id);
  if (!i || !i->waiting) return;
  const Queue* queue = state.queues.find(i->queue);
  const std::size_t count = calls_at_once(*i) ? 1 : std::max<std::size_t>(queue->config.matching.broadcast, 1);
  const RequirementClass& c = state.waiting.at(i->requirement_class);
  if (goes_by_merit(c, *queue)) {
    state.waiting.rank(i->requirement_class,
                       [&](const RequirementClass& ranked) { return merits_of(state, ranked, *queue); });
  }
  const auto offer_to = [&](const AgentChoice& choice) {
    offer(id, {choice.agent, choice.candidates, choice.score, choice.preferred_levels, false, false});
  };
  if (count == 1) {
    if (const auto choice = choose_agent(state, *i, but)) offer_to(*choice);
    return;
  }
  for (const AgentChoice& choice : choose_agents(state, *i, count, but)) offer_to(choice);
}

void Decider::seek_work(AgentId id) {
  const Agent* agent = state.agents.find(id);
  if (!agent) return;
  while (const auto choice = choose_work(state, *agent)) {
    offer(choice->interaction, {id, choice->candidates, choice->score, choice->preferred_levels, true, false});
  }
}

void Decider::offer(InteractionId interaction, const Found& found) {
  const Interaction* i = state.interactions.find(interaction);
  const Queue* queue = state.queues.find(i->queue);
  SB_CHECK(queue != nullptr);
  const OfferId id{state.counters.offer + 1};
  const bool consult = i->consult;
  const DurationMs waited = now - i->queued_ms;
  const bool calls = calls_at_once(*i);
  const bool accepts = queue->config.auto_accept || found.pulled || calls;
  emit(event::OfferMade{id, interaction, found.agent, now + queue->config.offer_timeout_ms, waited, found.candidates,
                        found.score, consult, found.agent_freed, queue->config.policy, i->ring, i->rank_ms,
                        found.preferred_levels, static_cast<bool>(i->requirement->only_agent), found.pulled});
  if (accepts) emit(event::OfferAccepted{id, interaction, found.agent, consult, waited});
  if (calls) call_customer(interaction);
}

Decision Decider::on(const command::PullInteraction& c) {
  const Agent* agent = state.agents.find(c.agent);
  if (!agent) return {Rejection::kUnknownAgent};
  if (!agent->signed_in) return {Rejection::kNotSignedIn};
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (!i->waiting || i->involves(c.agent)) return {Rejection::kWrongState};
  const Queue* queue = state.queues.find(i->queue);
  if (!queue->config.matching.may_pull) return {Rejection::kNotAllowed};
  if (!State::eligible(*agent, state.waiting.at(i->requirement_class))) return {Rejection::kNotEligible};
  if (!agent->connected || !state.has_room(*agent, i->channel, is_soft(*queue, i->channel))) {
    return {Rejection::kAgentBusy};
  }
  const std::int64_t score = score_of(*agent, queue->config.policy, i->channel, i->requirement);
  offer(c.interaction, {c.agent, 1, score, preferred_levels_of(*agent, i->requirement), true, true});
  return {Rejection::kNone, c.interaction.value};
}

Decision Decider::on(const command::AcceptOffer& c) {
  const Offer* offer = state.offers.find(c.offer);
  if (!offer) return {Rejection::kUnknownOffer};
  if (offer->agent != c.agent) return {Rejection::kNotOwner};
  const Interaction* i = state.interactions.find(offer->interaction);
  const DurationMs waited = now - i->queued_ms;
  const InteractionId id = offer->interaction;
  const bool consult = offer->consult;
  const std::vector<AgentId> late = withdraw_offers(id, c.offer);
  emit(event::OfferAccepted{c.offer, id, c.agent, consult, waited});
  for (const AgentId agent : late) seek_work(agent);
  return {Rejection::kNone, id.value};
}

Decision Decider::on(const command::DeclineOffer& c) {
  const Offer* offer = state.offers.find(c.offer);
  if (!offer) return {Rejection::kUnknownOffer};
  if (offer->agent != c.agent) return {Rejection::kNotOwner};
  if (c.reason.size() > 64) return {Rejection::kInvalidArgument};
  const InteractionId id = offer->interaction;
  emit(event::OfferDeclined{c.offer, id, c.agent, c.reason});
  rest_if_due(c.agent);
  if (!state.interactions.find(id)->offer) requeue(id, QueuedReason::kDeclined, c.agent);
  seek_work(c.agent);
  return {};
}

void Decider::rest_if_due(AgentId id) {
  const std::uint32_t misses = state.agents.find(id)->misses;
  const bool due = state.center.misses_max != 0 && misses >= state.center.misses_max && state.center.rest_ms != 0;
  if (due) emit(event::AgentRested{id, now + state.center.rest_ms, misses});
}

void Decider::withdraw_offer(OfferId id) {
  const Offer* offer = state.offers.find(id);
  emit(event::OfferWithdrawn{id, offer->interaction, offer->agent});
}

std::vector<AgentId> Decider::withdraw_offers(InteractionId id, OfferId but) {
  const Interaction* i = state.interactions.find(id);
  std::vector<OfferId> open = i->asked->more_offers;
  if (i->offer) open.insert(open.begin(), i->offer);
  std::vector<AgentId> freed;
  for (const OfferId offer : open) {
    if (offer == but) continue;
    freed.push_back(state.offers.find(offer)->agent);
    withdraw_offer(offer);
  }
  return freed;
}

void Decider::requeue(InteractionId id, QueuedReason reason, AgentId avoid) {
  if (put_off(id)) return;
  const Interaction* i = state.interactions.find(id);
  // A person who was asked for by name and does not come is not waited for again.
  const bool named = static_cast<bool>(i->requirement->only_agent);
  if (named && i->consult) {
    cancel_transfer(id, i->agent);
    return;
  }
  const Queue* queue = state.queues.find(i->queue);
  Placement p{i->queue, i->requirement, i->priority, reason, {}, 0, i->consult, {}};
  if (named) {
    p.requirement.only_agent = {};  // its skills still hold
    p.reason = QueuedReason::kTargetUnavailable;
  }
  if (const QueueId next = overflow_of(*i)) {
    p.queue = next;
    p.reason = QueuedReason::kOverflowed;
  }
  if (queue && queue->config.avoid_ms > 0) {
    p.avoid = avoid;
    // Nor straight back to the one who let go of it, as long as it could be anybody else's.
    const AgentId let_go = i->avoided->let_go;
    if (let_go && let_go != avoid && others_could(i->channel, p, avoid, let_go)) {
      (avoid ? p.avoid_also : p.avoid) = let_go;
    }
    if (p.avoid) p.avoid_until_ms = now + queue->config.avoid_ms;
  }
  enqueue(id, std::move(p));
  seek_agent(id, avoid);
}

bool Decider::others_could(Channel channel, const Placement& p, AgentId one, AgentId other) const {
  for (std::uint32_t slot = 0; slot < state.agents.slots(); ++slot) {
    const Agent& a = state.agents.at(slot);
    const bool asked = a.signed_in && a.id != one && a.id != other;
    if (asked && State::eligible(a, p.queue, channel, p.requirement)) return true;
  }
  return false;
}

std::int64_t Decider::rank_of(const Interaction& i, const Queue& queue, TimeMs queued_ms, std::int32_t priority) const {
  const QueueMatching& m = queue.config.matching;
  const auto age = static_cast<std::int64_t>(queued_ms);
  const std::int64_t lead =
      std::int64_t{priority} * static_cast<std::int64_t>(queue.config.priority_step_ms) +
      static_cast<std::int64_t>(std::min(i.tier, kTierMax)) * static_cast<std::int64_t>(m.tier_step_ms);
  const std::int64_t level = level_ms_of(queue);
  switch (m.order) {
    case Order::kAging:
      return age - lead - level;
    case Order::kFifo:
      return age - level;
    case Order::kLeastSlack:
      return age + static_cast<std::int64_t>(m.target_ms) - lead - level;
    case Order::kFairShare: {
      const bool stays = i.fair_queue == queue.id;  // it has its place already
      return (stays ? i.fair_start : std::max(state.counters.fair_clock, queue.fair_finish)) - level;
    }
  }
  return age;
}

TimeMs Decider::claim_until(const Interaction& i, const Queue& queue, const Placement& p) const {
  const DurationMs bound_ms = queue.config.matching.preferred_ms;
  if (!p.preferred || bound_ms == 0 || p.requirement.only_agent) return 0;
  const Agent* agent = state.agents.find(p.preferred);
  if (!agent || !agent->connected || agent->presence != Presence::kAvailable) return 0;
  if (!State::eligible(*agent, p.queue, i.channel, p.requirement)) return 0;
  const bool is_free = state.free_for(p.queue, i.channel).test(state.agents.slot_of(agent->id));
  return is_free || !state.is_full(queue) ? now + bound_ms : 0;  // it was let in because somebody else is free
}

void Decider::enqueue(InteractionId id, Placement p) {
  const Interaction* i = state.interactions.find(id);
  const Queue* queue = state.queues.find(p.queue);
  SB_CHECK(queue != nullptr);
  const TimeMs queued_ms = i->queued_ms != 0 ? i->queued_ms : now;
  const std::int64_t rank = rank_of(*i, *queue, queued_ms, p.priority);
  const bool stays = i->joined_ms != 0 && i->queue == p.queue && p.reason != QueuedReason::kTransferred;
  const DurationMs served_ms = i->agent ? now - i->accepted_ms : 0;  // no waiting
  const TimeMs preferred_until_ms = claim_until(*i, *queue, p);
  if (preferred_until_ms != 0) p.requirement.only_agent = p.preferred;
  emit(event::InteractionQueued{id, p.queue, std::move(p.requirement), p.priority, queued_ms, rank, p.reason, p.avoid,
                                p.avoid_until_ms, p.consult, std::move(p.language), stays ? i->ring : 0,
                                stays ? i->joined_ms + served_ms : now, preferred_until_ms, p.avoid_also});
}

}  // namespace sb::routing
