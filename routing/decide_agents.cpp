#include "routing/decider.h"

namespace sb::routing {

namespace {
// Work that cannot wait for its agent to come back: somebody sits at the other end of it.
bool live(Channel channel) {
  return channel == Channel::kChat || channel == Channel::kMessage;
}
}  // namespace

Decision Decider::on(const command::SignInAgent& c) {
  const Agent* agent = state.agents.find(c.agent);
  if (!agent) return {Rejection::kUnknownAgent};
  const bool allowed =
      c.presence == Presence::kOffline || c.presence == Presence::kAvailable || c.presence == Presence::kAway;
  if (c.session == 0 || !allowed) return {Rejection::kInvalidArgument};
  if (agent->signed_in && agent->connected && agent->session == c.session) return {};
  const Presence presence = c.presence == Presence::kAway ? Presence::kAway : Presence::kAvailable;
  emit(event::AgentSignedIn{c.agent, c.session, presence, agent->signed_in});
  seek_work(c.agent);
  return {};
}

Decision Decider::on(const command::SignOutAgent& c) {
  const Agent* agent = state.agents.find(c.agent);
  if (!agent) return {Rejection::kUnknownAgent};
  if (!agent->signed_in) return {Rejection::kNotSignedIn};
  if (agent->session != c.session) return {Rejection::kStaleSession};
  // What is parked stays theirs; a reply while they are away goes to the queue.
  const bool busy = std::any_of(agent->work.begin(), agent->work.end(),
                                [&](InteractionId i) { return !state.interactions.find(i)->parked; });
  if (busy) return {Rejection::kInUse};
  sign_out(c.agent, false);
  return {};
}

void Decider::sign_out(AgentId id, bool lost) {
  const Agent* agent = state.agents.find(id);
  const std::vector<InteractionId> returning = withdraw_offers_of(id);
  while (!agent->wrap_ups.empty()) {
    const WrapUp w = agent->wrap_ups.front();
    emit(event::WrapUpCompleted{id, w.interaction, {}, true, 0, w.customer});
  }
  const std::uint64_t session = agent->session;
  emit(event::AgentSignedOut{id, session, lost});
  for (const InteractionId i : returning) requeue(i, QueuedReason::kAgentSignedOut, {});
  retarget_waiting_for(id, true);
}

// What waits for this person alone goes on to its queue: all of it, or what they cannot take any more.
void Decider::retarget_waiting_for(AgentId id, bool all) {
  for (const InteractionId i : state.waiting.waiting_for(id)) {
    const Interaction* interaction = state.interactions.find(i);
    if (!all && State::eligible(*state.agents.find(id), state.waiting.at(interaction->requirement_class))) continue;
    if (interaction->consult) {
      cancel_transfer(i, id);
    } else {
      requeue(i, QueuedReason::kTargetUnavailable, {});
    }
  }
}

Decision Decider::on(const command::SetPresence& c) {
  const Agent* agent = state.agents.find(c.agent);
  if (!agent) return {Rejection::kUnknownAgent};
  if (!agent->signed_in) return {Rejection::kNotSignedIn};
  const bool chosen = c.presence == Presence::kAvailable || c.presence == Presence::kAway;
  if (!chosen || c.reason.size() > 64) return {Rejection::kInvalidArgument};
  if (agent->presence == c.presence && agent->reason == c.reason) return {};
  emit(event::PresenceChanged{c.agent, c.presence, c.reason});
  seek_work(c.agent);
  return {};
}

Decision Decider::on(const command::LoseAgentConnection& c) {
  const Agent* agent = state.agents.find(c.agent);
  if (!agent) return {Rejection::kUnknownAgent};
  if (!agent->signed_in) return {Rejection::kNotSignedIn};
  if (agent->session != c.session) return {Rejection::kStaleSession};
  if (!agent->connected) return {};
  // Nobody sees the offers any more: the next agent gets them now, not after their timeout.
  const std::vector<InteractionId> returning = withdraw_offers_of(c.agent);
  emit(event::AgentConnectionLost{c.agent, now + state.center.agent_grace_ms});
  for (const InteractionId i : returning) requeue(i, QueuedReason::kAgentLost, {});
  return {};
}

std::vector<InteractionId> Decider::withdraw_offers_of(AgentId id) {
  const Agent* agent = state.agents.find(id);
  std::vector<InteractionId> alone;
  while (!agent->offers.empty()) {
    const InteractionId i = state.offers.find(agent->offers.front())->interaction;
    withdraw_offer(agent->offers.front());
    if (!state.interactions.find(i)->offer) alone.push_back(i);
  }
  return alone;
}

void Decider::strand_nothing(AgentId id) {
  const std::vector<InteractionId> work = state.agents.find(id)->work;
  for (const InteractionId i : work) {
    const Interaction* interaction = state.interactions.find(i);
    if (interaction->has_participant(id)) {
      if (interaction->channel != Channel::kPhone) leave_conference(i, id, id);
      continue;
    }
    if (!live(interaction->channel)) continue;  // a call follows its phone leg, mail keeps its agent
    if (interaction->consultant == id) {
      cancel_transfer(i, id);
    } else if (interaction->consultant) {
      emit(event::TransferCompleted{i, id, interaction->consultant});
    } else {
      if (interaction->transfer != TransferKind::kNone) cancel_transfer(i, id);
      if (!interaction->conference->participants.empty()) {
        emit(event::InteractionHandedOver{i, id, interaction->conference->participants.front().agent});
        continue;
      }
      requeue(i, QueuedReason::kAgentLost, {});
    }
  }
}

}  // namespace sb::routing
