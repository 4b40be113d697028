#include "routing/check.h"
#include "routing/decider.h"
#include "routing/matcher.h"

namespace sb::routing {

void Decider::seek_agent(InteractionId id) {
  const Interaction* i = state.interactions.find(id);
  if (!i || !i->waiting) return;
  if (const auto choice = choose_agent(state, *i)) offer(id, choice->agent, choice->candidates, choice->score, false);
}

void Decider::seek_work(AgentId id) {
  const Agent* agent = state.agents.find(id);
  if (!agent) return;
  while (const auto choice = choose_work(state, *agent)) {
    offer(choice->interaction, id, choice->candidates, choice->score, true);
  }
}

void Decider::offer(InteractionId interaction, AgentId agent, std::uint32_t candidates, std::int64_t score,
                    bool agent_freed) {
  const Interaction* i = state.interactions.find(interaction);
  const Queue* queue = state.queues.find(i->queue);
  SB_CHECK(queue != nullptr);
  const OfferId id{state.counters.offer + 1};
  const bool consult = i->consult;
  const DurationMs waited = now - i->queued_ms;
  emit(event::OfferMade{id, interaction, agent, now + queue->config.offer_timeout_ms, waited, candidates, score,
                        consult, agent_freed});
  if (queue->config.auto_accept) emit(event::OfferAccepted{id, interaction, agent, consult, waited});
}

Decision Decider::on(const command::AcceptOffer& c) {
  const Offer* offer = state.offers.find(c.offer);
  if (!offer) return {Rejection::kUnknownOffer};
  if (offer->agent != c.agent) return {Rejection::kNotOwner};
  const Interaction* i = state.interactions.find(offer->interaction);
  const DurationMs waited = now - i->queued_ms;
  const InteractionId id = offer->interaction;
  emit(event::OfferAccepted{c.offer, id, c.agent, offer->consult, waited});
  return {Rejection::kNone, id.value};
}

Decision Decider::on(const command::DeclineOffer& c) {
  const Offer* offer = state.offers.find(c.offer);
  if (!offer) return {Rejection::kUnknownOffer};
  if (offer->agent != c.agent) return {Rejection::kNotOwner};
  if (c.reason.size() > 64) return {Rejection::kInvalidArgument};
  const InteractionId id = offer->interaction;
  emit(event::OfferDeclined{c.offer, id, c.agent, c.reason});
  requeue(id, QueuedReason::kDeclined, c.agent);
  seek_work(c.agent);
  return {};
}

void Decider::withdraw_offer(OfferId id) {
  const Offer* offer = state.offers.find(id);
  emit(event::OfferWithdrawn{id, offer->interaction, offer->agent});
}

void Decider::requeue(InteractionId id, QueuedReason reason, AgentId avoid) {
  const Interaction* i = state.interactions.find(id);
  // A person who was asked for by name and does not come is not waited for again.
  const bool named = static_cast<bool>(i->requirement.only_agent);
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
  if (avoid && queue && queue->config.avoid_ms > 0) {
    p.avoid = avoid;
    p.avoid_until_ms = now + queue->config.avoid_ms;
  }
  enqueue(id, std::move(p));
  seek_agent(id);
}

void Decider::enqueue(InteractionId id, Placement p) {
  const Interaction* i = state.interactions.find(id);
  const Queue* queue = state.queues.find(p.queue);
  const TimeMs queued_ms = i->queued_ms != 0 ? i->queued_ms : now;
  const std::int64_t rank =
      static_cast<std::int64_t>(queued_ms) -
      std::int64_t{p.priority} * static_cast<std::int64_t>(queue ? queue->config.priority_step_ms : 0);
  emit(event::InteractionQueued{id, p.queue, std::move(p.requirement), p.priority, queued_ms, rank, p.reason, p.avoid,
                                p.avoid_until_ms, p.consult, std::move(p.language)});
}

}  // namespace sb::routing
