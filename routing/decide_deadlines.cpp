#include "routing/check.h"
#include "routing/decider.h"

namespace sb::routing {

namespace {
// Bounds one step's work; the sequencer asks again while something is due.
constexpr int kFiredPerStep = 64;
}  // namespace

Decision Decider::on(const command::FireDeadlines&) {
  for (int n = 0; n < kFiredPerStep && state.deadlines.next() <= now; ++n) fire(state.deadlines.first());
  return {};
}

void Decider::fire(const Deadline& due) {
  const Deadline d = due;
  switch (d.kind) {
    case DeadlineKind::kOffer: {
      const Offer offer = *state.offers.find({d.subject});
      emit(event::OfferTimedOut{offer.id, offer.interaction, offer.agent});
      if (state.agents.find(offer.agent)->presence == Presence::kAvailable) {
        emit(event::PresenceChanged{offer.agent, Presence::kNotResponding, "missed_offer"});
      }
      rest_if_due(offer.agent);
      if (!state.interactions.find(offer.interaction)->offer) {
        requeue(offer.interaction, QueuedReason::kNotAnswered, offer.agent);
      }
      break;
    }
    case DeadlineKind::kWrapUp: {
      const Agent* agent = state.agents.find({d.part});
      const auto at = std::find_if(agent->wrap_ups.begin(), agent->wrap_ups.end(),
                                   [&](const WrapUp& w) { return w.interaction.value == d.subject; });
      SB_CHECK(at != agent->wrap_ups.end());
      emit(event::WrapUpCompleted{{d.part}, {d.subject}, {}, true, 0, at->customer});
      seek_work({d.part});
      break;
    }
    case DeadlineKind::kAgentGrace: {
      const AgentId agent{static_cast<std::uint32_t>(d.subject)};
      sign_out(agent, true);
      strand_nothing(agent);
      break;
    }
    case DeadlineKind::kCustomerGrace:
      end({d.subject}, Party::kCustomer, {}, EndReason::kCustomerLost);
      break;
    case DeadlineKind::kAvoidance:
      emit(event::AvoidanceEnded{{d.subject}});
      seek_agent({d.subject});
      break;
    case DeadlineKind::kPreferred:
      end_preference({d.subject});
      break;
    case DeadlineKind::kRelaxation:
      relax(state.relaxing.rings_of({static_cast<std::uint32_t>(d.subject)})[d.part].entries.front().interaction);
      return;  // the next step may be due at the same moment
    case DeadlineKind::kReply: {
      const AgentId agent = state.interactions.find({d.subject})->agent;
      emit(event::InteractionParked{{d.subject}, agent});
      seek_work(agent);
      break;
    }
    case DeadlineKind::kRest: {
      const AgentId agent{static_cast<std::uint32_t>(d.subject)};
      emit(event::AgentRestEnded{agent});
      seek_work(agent);
      break;
    }
    case DeadlineKind::kCallback:
      callback_due({d.subject});
      break;
  }
  SB_CHECK(!state.deadlines.contains(d));
}

}  // namespace sb::routing
