#pragma once
// One function per event; the bodies are in apply_config.cpp, apply_agents.cpp, apply_interactions.cpp,
// apply_transfers.cpp and apply_conference.cpp. Private to the room: use apply().
#include "routing/check.h"
#include "routing/state.h"

namespace sb::routing {

struct Applier {
  State& state;
  TimeMs now;

  void on(const event::SkillPut& e);
  void on(const event::SkillRemoved& e);
  void on(const event::QueuePut& e);
  void on(const event::AgentPut& e);
  void on(const event::AgentRemoved& e);
  void on(const event::CenterPut& e);
  void on(const event::FlowPut& e);

  void on(const event::AgentSignedIn& e);
  void on(const event::AgentSignedOut& e);
  void on(const event::PresenceChanged& e);
  void on(const event::AgentConnectionLost& e);
  void on(const event::AgentRested& e);
  void on(const event::AgentRestEnded& e);

  void on(const event::CustomerCreated& e);
  void on(const event::CustomerPut& e);
  void on(const event::CustomersMerged&) {}
  void on(const event::CustomersUnmerged&) {}
  void on(const event::CustomerFactAdded&) {}
  void on(const event::TicketOpened& e);
  void on(const event::TicketUpdated& e);

  void on(const event::InteractionStarted& e);
  void on(const event::InteractionQueued& e);
  void on(const event::InteractionRelaxed& e);
  void on(const event::AvoidanceEnded& e);
  void on(const event::OfferMade& e);
  void on(const event::OfferAccepted& e);
  void on(const event::OfferDeclined& e) { miss_offer(e.offer, e.agent); }
  void on(const event::OfferTimedOut& e) { miss_offer(e.offer, e.agent); }
  void on(const event::OfferWithdrawn& e) { close_offer(e.offer); }
  void on(const event::InteractionConnected& e);
  void on(const event::ConnectionFailed& e);
  void on(const event::MessagePosted& e);
  void on(const event::InteractionHeld& e);
  void on(const event::InteractionResumed& e);
  void on(const event::CustomerConnectionLost& e);
  void on(const event::CustomerConnectionRestored& e);
  void on(const event::InteractionAbandoned& e);
  void on(const event::InteractionEnded& e);
  void on(const event::WrapUpStarted& e);
  void on(const event::WrapUpCompleted& e);
  void on(const event::PastInteractionAdded& e);

  void on(const event::FlowApplied& e);
  void on(const event::CallbackRequested& e);
  void on(const event::CallbackStarted& e);
  void on(const event::CustomerReached& e);
  void on(const event::CustomerMissed& e);
  void on(const event::InteractionParked& e);
  void on(const event::InteractionUnparked& e);

  void on(const event::TransferStarted& e);
  void on(const event::TransferCompleted& e);
  void on(const event::TransferCancelled& e);
  void on(const event::ParticipantJoined& e);
  void on(const event::ParticipantLeft& e);
  void on(const event::InteractionHandedOver& e);
  void on(const event::OutsideInvited& e);
  void on(const event::OutsideJoined& e);
  void on(const event::OutsideLeft& e);

  Agent& agent(AgentId id);
  Interaction& interaction(InteractionId id);
  // Frees the offer's place in the agent's ledger and the interaction.
  void close_offer(OfferId id);
  void miss_offer(OfferId id, AgentId by);
  // The agent no longer works on the interaction.
  void release(AgentId id, Interaction& i);
  void set_customer_grace(Interaction& i, TimeMs until_ms);
  // Out of its queue until its time; 0: no time is left.
  void schedule(Interaction& i, TimeMs at_ms);
  // The second agent is no longer sought or there: the interaction is where it was before.
  void end_consultation(Interaction& i);
  // A callback in its queue waits until the customer's hours are over.
  void wait_within_hours(Interaction& i);
  // In somebody's hands and in conversation.
  void connected(Interaction& i);
  void remove(Interaction& i);
  // Takes the place in the order that was decided.
  void place(Interaction& i, std::int64_t rank_ms);
};

}  // namespace sb::routing
