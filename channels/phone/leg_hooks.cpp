// The webhooks of agents' legs and of the conference they meet the caller in.
#include <spdlog/spdlog.h>

#include "channels/phone/phone_edge.h"

namespace sb::phone {
namespace {

using routing::InteractionState;

// A leg that is over without having talked says so by its last status.
bool was_talking(std::string_view status) {
  return status == "completed";
}

}  // namespace

void PhoneEdge::on_agent_leg(const HookPtr& hook) {
  const LegNews news{{hook->number("i")},
                     {static_cast<std::uint32_t>(hook->number("a"))},
                     {hook->number("o")},
                     hook->field("CallSid"),
                     hook->sequence()};
  const std::string status = hook->field("CallStatus");
  if (status == "in-progress") return leg_joined(hook, news);
  if (is_over(status)) return leg_over(hook, news, status);
  hook->empty();  // initiated, ringing
}

void PhoneEdge::leg_joined(const HookPtr& hook, const LegNews& news) {
  const auto* i = interaction(*hook);
  const bool wanted = i && i->involves(news.agent);
  LiveCall* call = wanted ? call_of(*i) : nullptr;
  Leg* leg = call ? &call->legs[news.agent] : nullptr;
  const bool stale = leg && news.offer && leg->offer && leg->offer != news.offer;
  if (!leg || stale) {
    end_stray_leg(news.call_sid);
    return hook->empty();
  }
  // The news of its end, or of whatever came after this, overtook it.
  if (leg->over || !leg->news.take(news.call_sid, news.sequence)) return hook->empty();
  if (news.offer) leg->offer = news.offer;
  leg->call_sid = news.call_sid;
  leg->answered = true;
  submit_and_acknowledge(hook, command::ConnectInteraction{i->id, news.agent}, news.call_sid + ":joined");
}

void PhoneEdge::leg_over(const HookPtr& hook, const LegNews& news, const std::string& status) {
  const auto* i = interaction(*hook);
  LiveCall* call = i ? call_of(*i) : nullptr;
  if (!call) return hook->empty();
  Leg& leg = call->legs[news.agent];
  if (leg.offer > news.offer) return hook->empty();  // an earlier acceptance's leg
  if (!leg.news.take(news.call_sid, news.sequence)) return hook->empty();
  leg.offer = news.offer;
  leg.call_sid = news.call_sid;
  leg.over = true;
  const bool is_owner = i->agent == news.agent;
  if ((!is_owner && i->involves(news.agent)) || (is_owner && i->state == InteractionState::kConnecting)) {
    return submit_and_acknowledge(hook, command::FailConnection{i->id, news.agent, status}, news.call_sid + ":over");
  }
  if (is_owner && i->state == InteractionState::kActive) {
    after_(settings_.settle_ms, [this, alive = std::weak_ptr(alive_), news, answered = was_talking(status)] {
      if (!alive.expired()) settle(news, answered);
    });
  }
  hook->empty();
}

// The owner's leg is gone in the middle of a conversation. When the caller hung up, their own news has been heard by
// now.
void PhoneEdge::settle(const LegNews& news, bool was_answered) {
  const auto* i = engine_.view().interactions.find(news.interaction);
  if (!i || i->agent != news.agent || i->state != InteractionState::kActive) return;
  const LiveCall* call = call_of(*i);
  if (!call) return;
  const auto leg = call->legs.find(news.agent);
  if (leg == call->legs.end() || !leg->second.over) return;
  if (call->caller_left) {
    submit_quietly(command::EndInteraction{i->id, Party::kCustomer, {}, EndReason::kHungUp});
  } else if (i->consultant) {
    submit_quietly(command::CompleteTransfer{i->id, news.agent});
  } else if (!i->conference->participants.empty() || (was_answered && i->outside == OutsideState::kConnected)) {
    if (i->transfer != TransferKind::kNone) submit_quietly(command::CancelTransfer{i->id, news.agent});
    if (i->conference->participants.empty()) {
      submit_quietly(command::CompleteTransfer{i->id, news.agent});  // to those outside
    } else {
      submit_quietly(command::LeaveConference{i->id, news.agent, news.agent});
    }
  } else if (was_answered) {
    submit_quietly(command::EndInteraction{i->id, Party::kAgent, news.agent, EndReason::kHungUp});
  } else {
    // Took over the call and was never reached: the caller must not be left alone in the conference.
    if (i->outside != OutsideState::kNone) submit_quietly(command::DropOutside{i->id, news.agent, "failed"});
    Requirement required = i->requirement;
    required.only_agent = {};
    submit_quietly(
        command::TransferInteraction{i->id, news.agent, TransferKind::kBlind, i->queue, {}, std::move(required), 0});
  }
}

void PhoneEdge::on_conference(const HookPtr& hook) {
  const auto* i = interaction(*hook);
  LiveCall* call = i ? call_of(*i) : nullptr;
  if (!call) return hook->empty();
  const std::string event = hook->field("StatusCallbackEvent");
  const std::string sid = hook->field("ConferenceSid");
  const std::string label = hook->field("ParticipantLabel");
  if (sid == call->ended_conference_sid) return hook->empty();
  const bool caller = label == kCallerLabel || hook->field("CallSid") == call->call_sid;
  if (caller && !call->caller_news.take(sid, hook->sequence())) return hook->empty();
  if (event == "participant-join") {
    call->conference_sid = sid;
    if (caller) call->caller_left = false;
    if (const AgentId agent = agent_of_label(label))
      return leg_joined(hook, {i->id, agent, {}, hook->field("CallSid"), std::nullopt});
  } else if (event == "participant-leave") {
    if (caller && sid == call->conference_sid) call->caller_left = true;
  } else if (event == "conference-end" && sid == call->conference_sid) {
    call->ended_conference_sid = sid;
    call->conference_sid.clear();
    if (hook->field("CallSidEndingConference") == call->call_sid) call->caller_left = true;
  }
  hook->empty();
}

// Lost callbacks must not leave a caller waiting for an agent's phone for ever.
void PhoneEdge::watch_leg(InteractionId interaction, AgentId agent, OfferId offer) {
  const DurationMs limit = DurationMs{settings_.ring_timeout_s} * 1000 + settings_.callback_grace_ms;
  after_(limit, [this, alive = std::weak_ptr(alive_), interaction, agent, offer] {
    if (alive.expired()) return;
    const auto* i = engine_.view().interactions.find(interaction);
    const bool connecting = i && i->agent == agent && i->state == InteractionState::kConnecting;
    const bool beside = i && i->agent != agent && i->involves(agent);
    if (!connecting && !beside) return;
    const LiveCall* call = call_of(*i);
    const auto leg = call ? call->legs.find(agent) : std::map<AgentId, Leg>::const_iterator();
    const bool known = call && leg != call->legs.end();
    if (known && (leg->second.answered || (offer && leg->second.offer != offer))) return;
    if (!connecting && !known) return;  // after a restart a consultant may be talking already
    spdlog::warn("phone: no news of the call to agent {} for interaction {}", agent.value, interaction.value);
    submit_quietly(command::FailConnection{interaction, agent, "no_callback"});
  });
}

// A leg nobody wants: its order was overtaken. Best effort; the provider ends it at the latest when the agent hangs up.
void PhoneEdge::end_stray_leg(const std::string& call_sid) {
  if (call_sid.empty()) return;
  client_.end_call(call_sid, [](const RestOutcome& outcome) {
    if (outcome.kind != RestOutcome::kDone && outcome.kind != RestOutcome::kGone) {
      spdlog::warn("phone: a stray leg could not be ended: {}", outcome.reason);
    }
  });
}

}  // namespace sb::phone
