#include <algorithm>

#include "console/hub.h"
#include "console/session.h"

// Which desk hears what of each event.
namespace sb::console {

void Hub::tell_work(const routing::Interaction& i, AgentId agent, bool whole) {
  if (desk(agent)) tell(agent, frame::WorkChanged{work_card(i, agent, whole)});
}

void Hub::tell_agents_of(const routing::Interaction& i, const FrameBody& body) {
  tell(i.agent, body);
  tell(i.consultant, body);
  for (const auto& p : i.conference->participants) tell(p.agent, body);
}

void Hub::tell_self(AgentId agent, const routing::State& state) {
  const routing::Agent* a = state.agents.find(agent);
  if (a && desk(agent)) tell(agent, frame::AgentChanged{context_.board.agent_card(*a)});
}

void Hub::before_event(const engine::Commit& commit, const Event& event, const routing::State& before) {
  seq_ = commit.record.seq;
  context_.board.before_event(event, commit.record.time_ms, before);
  waiting_list_.before_event(event, before);
  const auto gone = [&](InteractionId id, std::string reason) {
    const routing::Interaction* i = before.interactions.find(id);
    tell_agents_of(*i, frame::WorkGone{id, std::move(reason)});
  };
  if (const auto* ended = std::get_if<event::InteractionEnded>(&event)) {
    gone(ended->interaction, "ended");
  } else if (const auto* abandoned = std::get_if<event::InteractionAbandoned>(&event)) {
    gone(abandoned->interaction, "abandoned");
  } else if (const auto* queued = std::get_if<event::InteractionQueued>(&event)) {
    if (!queued->consult) {
      gone(queued->interaction, queued->reason == QueuedReason::kTransferred ? "transferred" : "requeued");
    }
  } else if (const auto* missed = std::get_if<event::CustomerMissed>(&event)) {
    gone(missed->interaction, "customer_missed");
  } else if (const auto* completed = std::get_if<event::TransferCompleted>(&event)) {
    tell(completed->agent, frame::WorkGone{completed->interaction, "transferred"});
  } else if (const auto* left = std::get_if<event::ParticipantLeft>(&event)) {
    tell(left->participant, frame::WorkGone{left->interaction, "left"});
  } else if (const auto* handed = std::get_if<event::InteractionHandedOver>(&event)) {
    tell(handed->agent, frame::WorkGone{handed->interaction, "transferred"});
  } else if (const auto* cancelled = std::get_if<event::TransferCancelled>(&event)) {
    const AgentId consultant = before.interactions.find(cancelled->interaction)->consultant;
    if (consultant) tell(consultant, frame::WorkGone{cancelled->interaction, "ended"});
  }
}

void Hub::after_event(const engine::Commit& commit, const Event& event, const routing::State& after) {
  context_.board.after_event(event, after);
  waiting_list_.after_event(event, after);
  struct Visitor {
    Hub& hub;
    const engine::Commit& commit;
    const routing::State& state;

    void gone(OfferId offer, InteractionId interaction, AgentId agent, std::string reason) {
      hub.tell(agent, frame::OfferGone{offer, interaction, std::move(reason)});
    }
    void work(InteractionId id, bool whole = false) {
      const routing::Interaction* i = state.interactions.find(id);
      if (!i) return;
      if (i->agent) hub.tell_work(*i, i->agent, whole);
      if (i->consultant) hub.tell_work(*i, i->consultant, whole);
      for (const auto& p : i->conference->participants) hub.tell_work(*i, p.agent, whole);
    }

    void operator()(const event::InteractionStarted& e) { hub.context_.conversations.on_started(commit, e); }
    void operator()(const event::InteractionEnded& e) { hub.context_.conversations.forget(e.interaction); }
    void operator()(const event::InteractionAbandoned& e) { hub.context_.conversations.forget(e.interaction); }
    void operator()(const event::OfferMade& e) {
      // What the agent picked is accepted in the same step.
      if (e.pulled || !hub.desk(e.agent)) return;
      hub.tell(e.agent, frame::OfferArrived{
                            hub.offer_card({e.offer, e.interaction, e.agent, e.expires_ms, e.consult}, e.waited_ms)});
    }
    void operator()(const event::OfferAccepted& e) {
      gone(e.offer, e.interaction, e.agent, "accepted");
      const routing::Interaction* i = state.interactions.find(e.interaction);
      hub.tell_work(*i, e.agent, true);
      if (!e.consult) return;
      hub.tell_work(*i, i->agent, false);
      for (const auto& p : i->conference->participants) hub.tell_work(*i, p.agent, false);
    }
    void operator()(const event::OfferDeclined& e) { gone(e.offer, e.interaction, e.agent, "declined"); }
    void operator()(const event::OfferTimedOut& e) { gone(e.offer, e.interaction, e.agent, "timed_out"); }
    void operator()(const event::OfferWithdrawn& e) { gone(e.offer, e.interaction, e.agent, "withdrawn"); }
    void operator()(const event::InteractionConnected& e) { work(e.interaction); }
    void operator()(const event::InteractionHeld& e) { work(e.interaction); }
    void operator()(const event::InteractionResumed& e) { work(e.interaction); }
    void operator()(const event::CustomerConnectionLost& e) { work(e.interaction); }
    void operator()(const event::CustomerConnectionRestored& e) { work(e.interaction); }
    void operator()(const event::TransferStarted& e) { work(e.interaction); }
    void operator()(const event::TransferCompleted& e) { work(e.interaction); }
    void operator()(const event::TransferCancelled& e) { work(e.interaction); }
    void operator()(const event::ParticipantJoined& e) { work(e.interaction); }
    void operator()(const event::ParticipantLeft& e) { work(e.interaction); }
    void operator()(const event::InteractionHandedOver& e) { work(e.interaction); }
    void operator()(const event::OutsideInvited& e) {
      hub.context_.conversations.on_outside(commit, e, state);
      work(e.interaction);
    }
    void operator()(const event::OutsideJoined& e) { work(e.interaction); }
    void operator()(const event::OutsideLeft& e) { work(e.interaction); }
    void operator()(const event::MessagePosted& e) {
      const ChatMessage& message = hub.context_.conversations.on_message(commit, e, state);
      const routing::Interaction* i = state.interactions.find(e.interaction);
      if (i->agent || i->consultant) hub.tell_agents_of(*i, frame::MessageArrived{e.interaction, message});
    }
    void operator()(const event::WrapUpStarted& e) {
      hub.tell(e.agent, frame::WrapUpArrived{
                            hub.wrap_up_card({e.interaction, e.ticket, e.channel, e.queue, e.until_ms, e.customer})});
    }
    void operator()(const event::WrapUpCompleted& e) {
      hub.tell(e.agent, frame::WrapUpGone{e.interaction, e.timed_out});
    }
    void operator()(const event::PresenceChanged& e) { hub.tell_self(e.agent, state); }
    void operator()(const event::AgentSignedIn& e) { hub.tell_self(e.agent, state); }
    void operator()(const event::AgentSignedOut& e) {
      Desk* d = hub.desk(e.agent);
      if (!d) return;
      if (d->attached() && !e.lost) {
        for (const auto& session : hub.sessions_) {
          if (session->id() != d->session()) continue;
          session->send(0, frame::Goodbye{"signed_out"});
          session->close(net::close_code::kNormal, "signed out");
          break;
        }
      }
      std::erase(hub.touched_, d);
      hub.waiting_list_.unwatch(e.agent);
      hub.desks_.erase(e.agent.value);
    }
    void operator()(const event::CustomerPut& e) { hub.profile_changed(e.customer); }
    void operator()(const event::CustomerFactAdded& e) { hub.profile_changed(e.customer); }
    void operator()(const event::CustomersMerged& e) { merged(e.from, e.into); }
    void operator()(const event::CustomersUnmerged& e) { merged(e.from, e.into); }
    void merged(CustomerId from, CustomerId into) {
      hub.profile_changed(from);
      hub.profile_changed(into);
    }
    void operator()(const event::PastInteractionAdded& e) { hub.profile_changed(e.customer); }
    void operator()(const event::TicketUpdated& e) { hub.profile_changed(e.customer); }
    void operator()(const event::SkillPut&) {}
    void operator()(const event::SkillRemoved&) {}
    void operator()(const event::QueuePut&) {}
    void operator()(const event::AgentPut&) {}
    void operator()(const event::AgentRemoved&) {}
    void operator()(const event::CenterPut&) {}
    void operator()(const event::AgentConnectionLost&) {}
    void operator()(const event::CustomerCreated&) {}
    void operator()(const event::TicketOpened&) {}
    void operator()(const event::InteractionQueued&) {}
    void operator()(const event::AvoidanceEnded&) {}
    void operator()(const event::InteractionRelaxed&) {}
    void operator()(const event::FlowPut&) {}
    void operator()(const event::FlowApplied&) {}
    void operator()(const event::CallbackRequested&) {}
    void operator()(const event::CallbackStarted& e) { work(e.interaction); }
    void operator()(const event::CustomerReached& e) { work(e.interaction); }
    void operator()(const event::CustomerMissed&) {}
    void operator()(const event::InteractionParked& e) { work(e.interaction); }
    void operator()(const event::InteractionUnparked& e) { work(e.interaction); }
    void operator()(const event::AgentRested& e) { hub.tell_self(e.agent, state); }
    void operator()(const event::AgentRestEnded& e) { hub.tell_self(e.agent, state); }
    void operator()(const event::ConnectionFailed&) {}
  };
  std::visit(Visitor{*this, commit, after}, event);
}

void Hub::profile_changed(CustomerId customer) {
  // Only profiles on a screen matter; more than a few thousand waiting means the records lag and will be read later.
  constexpr std::size_t kWaitingMax = 4096;
  if (desks_.empty() || profiles_changed_.size() >= kWaitingMax) return;
  profiles_changed_.emplace_back(seq_, customer);
}

void Hub::on_projected(Seq seq) {
  const auto ready = std::partition(profiles_changed_.begin(), profiles_changed_.end(),
                                    [&](const auto& entry) { return entry.first > seq; });
  if (ready == profiles_changed_.end()) return;
  std::vector<CustomerId> customers;
  for (auto at = ready; at != profiles_changed_.end(); ++at) customers.push_back(at->second);
  profiles_changed_.erase(ready, profiles_changed_.end());
  const routing::State& state = context_.engine.view();
  seq_ = last_;
  for (const auto& entry : desks_) {
    const AgentId agent{entry.first};
    const routing::Agent* a = state.agents.find(agent);
    if (!a) continue;
    const auto shows = [&](InteractionId id) {
      const routing::Interaction* i = state.interactions.find(id);
      if (!i || std::find(customers.begin(), customers.end(), i->customer) == customers.end()) return;
      tell(agent, frame::CustomerChanged{pop_of(context_.conversations.get(*i))});
    };
    for (const InteractionId id : a->work) shows(id);
    for (const OfferId id : a->offers) shows(state.offers.find(id)->interaction);
  }
  after_group(0);
}

void Hub::customer_typing(InteractionId interaction) {
  const routing::Interaction* i = context_.engine.view().interactions.find(interaction);
  if (!i) return;
  seq_ = 0;
  tell_agents_of(*i, frame::Typing{interaction, Party::kCustomer, {}});
  after_group(0);
}

}  // namespace sb::console
