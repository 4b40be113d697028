#include "routing/decider.h"

namespace sb::routing {

Decision Decider::on(const command::TransferInteraction& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (!c.agent || i->agent != c.agent) return {Rejection::kNotOwner};
  if (i->state != InteractionState::kActive) return {Rejection::kWrongState};
  if (i->transfer != TransferKind::kNone || i->outside == OutsideState::kCalling) {
    return {Rejection::kTransferPending};
  }
  const bool one_target = static_cast<bool>(c.queue) != static_cast<bool>(c.target);
  if (c.kind == TransferKind::kNone || !one_target || (c.target && i->involves(c.target)) || c.requirement.only_agent) {
    return {Rejection::kInvalidArgument};
  }
  Placement p{c.queue ? c.queue : i->queue, c.requirement, i->priority, QueuedReason::kTransferred, {}, 0, false, {}};
  if (c.target) {
    const Agent* target = state.agents.find(c.target);
    if (!target) return {Rejection::kUnknownAgent};
    if (!target->signed_in) return {Rejection::kNotSignedIn};
    p.requirement = i->requirement;  // it holds again if the person does not take it
    p.requirement.only_agent = c.target;
  }
  const Rejection bad = check_target(i->channel, p.queue, p.requirement, p.priority);
  if (bad != Rejection::kNone) return {bad};
  if (!state.queues.find(p.queue)->config.open) return {Rejection::kQueueClosed};

  if (const Rejection busy = unpark(c.interaction); busy != Rejection::kNone) return {busy};
  emit(event::TransferStarted{c.interaction, c.agent, c.kind, c.queue, c.target, c.content});
  if (c.kind == TransferKind::kWarm) {
    p.consult = true;
    enqueue(c.interaction, std::move(p));
    seek_agent(c.interaction);
    return {};
  }
  if (i->outside != OutsideState::kNone) emit(event::OutsideLeft{c.interaction, c.agent, "transferred"});
  empty_conference(c.interaction, c.agent);
  const Contact left(*i);
  const DurationMs avoid_ms = state.queues.find(p.queue)->config.avoid_ms;
  if (avoid_ms > 0) {  // not straight back to the one who let go of it
    p.avoid = c.agent;
    p.avoid_until_ms = now + avoid_ms;
  }
  enqueue(c.interaction, std::move(p));
  start_wrap_up_if_any(c.agent, left);
  seek_agent(c.interaction, c.agent);
  seek_work(c.agent);
  return {};
}

Decision Decider::on(const command::CompleteTransfer& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (!c.agent || i->agent != c.agent) return {Rejection::kNotOwner};
  if (i->outside == OutsideState::kConnected && i->transfer == TransferKind::kNone) {
    empty_conference(c.interaction, c.agent);
    end(c.interaction, Party::kAgent, c.agent, EndReason::kTransferredOut);
    return {};
  }
  if (!i->consultant) return {Rejection::kWrongState};
  const Contact left(*i);
  emit(event::TransferCompleted{c.interaction, c.agent, i->consultant});
  start_wrap_up_if_any(c.agent, left);
  seek_work(c.agent);
  return {};
}

Decision Decider::on(const command::CancelTransfer& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (!c.agent || (i->agent != c.agent && i->consultant != c.agent)) return {Rejection::kNotOwner};
  if (i->transfer != TransferKind::kWarm) return {Rejection::kWrongState};
  cancel_transfer(c.interaction, c.agent);
  return {};
}

void Decider::cancel_transfer(InteractionId id, AgentId by) {
  const Interaction* i = state.interactions.find(id);
  std::vector<AgentId> freed = withdraw_offers(id);
  if (freed.empty() && i->consultant) freed.push_back(i->consultant);
  emit(event::TransferCancelled{id, by, freed.empty() ? AgentId{} : freed.front()});
  for (const AgentId agent : freed) seek_work(agent);
}

void Decider::start_wrap_up_if_any(AgentId id, const Contact& left) {
  const Queue* queue = state.queues.find(left.queue);
  if (queue && wrap_up_ms_of(*queue, left.channel) > 0 && state.agents.find(id)->signed_in) {
    start_wrap_up(id, left);
  }
}

}  // namespace sb::routing
