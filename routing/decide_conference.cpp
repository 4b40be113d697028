#include "routing/decider.h"

// Several agents in one conversation, and an outside party on the phone. A consultant joins; whoever joined first goes
// on when the owner leaves. Given away blindly, or ended, the interaction is everybody's no longer.
namespace sb::routing {

Decision Decider::on(const command::ConferenceInteraction& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (!c.agent || i->agent != c.agent) return {Rejection::kNotOwner};
  if (!i->consultant) return {Rejection::kWrongState};
  if (i->conference->participants.size() >= kParticipantsMax) return {Rejection::kConferenceFull};
  emit(event::ParticipantJoined{c.interaction, c.agent, i->consultant});
  return {};
}

Decision Decider::on(const command::LeaveConference& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  const bool is_owner = c.agent && i->agent == c.agent;
  const bool is_self = c.agent == c.participant && i->has_participant(c.agent);
  if (!is_owner && !is_self) return {Rejection::kNotOwner};
  if (c.participant != i->agent) {
    if (!i->has_participant(c.participant)) return {Rejection::kWrongState};
    leave_conference(c.interaction, c.agent, c.participant);
    return {};
  }
  if (i->conference->participants.empty()) return {Rejection::kWrongState};
  if (i->transfer != TransferKind::kNone) return {Rejection::kTransferPending};
  const Contact left(*i);
  emit(event::InteractionHandedOver{c.interaction, c.agent, i->conference->participants.front().agent});
  start_wrap_up_if_any(c.agent, left);
  seek_work(c.agent);
  return {};
}

void Decider::leave_conference(InteractionId id, AgentId by, AgentId participant) {
  emit(event::ParticipantLeft{id, by, participant});
  seek_work(participant);
}

void Decider::empty_conference(InteractionId id, AgentId by) {
  const Interaction* i = state.interactions.find(id);
  while (!i->conference->participants.empty()) leave_conference(id, by, i->conference->participants.front().agent);
}

Decision Decider::on(const command::InviteOutside& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (!c.agent || i->agent != c.agent) return {Rejection::kNotOwner};
  if (i->state != InteractionState::kActive) return {Rejection::kWrongState};
  if (i->channel != Channel::kPhone || c.content == 0) return {Rejection::kInvalidArgument};
  if (i->transfer != TransferKind::kNone || i->outside != OutsideState::kNone) return {Rejection::kTransferPending};
  emit(event::OutsideInvited{c.interaction, c.agent, c.content});
  return {};
}

Decision Decider::on(const command::JoinOutside& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (i->outside == OutsideState::kNone) return {Rejection::kWrongState};
  if (i->outside == OutsideState::kCalling) emit(event::OutsideJoined{c.interaction, i->agent});
  return {};
}

Decision Decider::on(const command::DropOutside& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (c.agent && i->agent != c.agent) return {Rejection::kNotOwner};
  if (c.reason.size() > 64) return {Rejection::kInvalidArgument};
  if (i->outside == OutsideState::kNone) return {Rejection::kWrongState};
  emit(event::OutsideLeft{c.interaction, c.agent, c.reason});
  return {};
}

}  // namespace sb::routing
