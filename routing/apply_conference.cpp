#include <algorithm>

#include "routing/applier.h"

namespace sb::routing {

void Applier::on(const event::ParticipantJoined& e) {
  Interaction& i = interaction(e.interaction);
  SB_CHECK(i.consultant == e.participant);
  i.conference.edit().participants.push_back({e.participant, i.consult_soft});
  i.held = false;
  end_consultation(i);
}

void Applier::on(const event::ParticipantLeft& e) {
  Interaction& i = interaction(e.interaction);
  release(e.participant, i);
  std::erase_if(i.conference.edit().participants, [&](const Participant& p) { return p.agent == e.participant; });
}

void Applier::on(const event::InteractionHandedOver& e) {
  Interaction& i = interaction(e.interaction);
  auto& others = i.conference.edit().participants;
  const auto at = std::find_if(others.begin(), others.end(), [&](const Participant& p) { return p.agent == e.target; });
  SB_CHECK(at != others.end());
  release(e.agent, i);
  i.agent = e.target;
  i.soft = at->soft;
  others.erase(at);
  i.held = false;
  if (Ticket* ticket = state.tickets.find(i.ticket)) ticket->agent = e.target;
}

void Applier::on(const event::OutsideInvited& e) {
  interaction(e.interaction).outside = OutsideState::kCalling;
}

void Applier::on(const event::OutsideJoined& e) {
  interaction(e.interaction).outside = OutsideState::kConnected;
}

void Applier::on(const event::OutsideLeft& e) {
  interaction(e.interaction).outside = OutsideState::kNone;
}

}  // namespace sb::routing
