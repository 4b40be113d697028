#include <algorithm>

#include "routing/check.h"
#include "routing/decider.h"
#include "routing/flow.h"

namespace sb::routing {

namespace {
// Agent 0 is nobody: what nobody holds is not theirs.
bool owns(const Interaction& i, AgentId agent) {
  return agent && i.agent == agent;
}
command::RequestCallback request_of(const command::StartInteraction& c, InteractionId id) {
  const command::CallbackWish& wish = c.callback;
  return {id,           wish.order, wish.at_ms,    wish.attempts_max, wish.retry_ms,
          wish.windows, c.queue,    c.requirement, c.priority,        0};
}
}  // namespace

Rejection Decider::check_levels(const std::vector<SkillLevel>& levels) const {
  if (levels.size() > kRequiredSkillsMax || !strictly_sorted(levels, by_skill)) return Rejection::kInvalidArgument;
  for (const SkillLevel& s : levels) {
    if (!state.skills.find(s.skill)) return Rejection::kUnknownSkill;
    if (s.level < 1 || s.level > 100) return Rejection::kInvalidArgument;
  }
  return Rejection::kNone;
}

Rejection Decider::check_target(Channel channel, QueueId queue, const Requirement& requirement,
                                std::int32_t priority) const {
  const Queue* q = state.queues.find(queue);
  if (!q) return Rejection::kUnknownQueue;
  if (priority < -kPriorityMax || priority > kPriorityMax) return Rejection::kInvalidArgument;
  if (const Rejection bad = check_levels(requirement.skills); bad != Rejection::kNone) return bad;
  for (const AnyOf& group : requirement.any) {
    if (group.skills.empty()) return Rejection::kInvalidArgument;
    if (const Rejection bad = check_levels(group.skills); bad != Rejection::kNone) return bad;
  }
  for (const SkillId skill : requirement.preferred) {
    if (!state.skills.find(skill)) return Rejection::kUnknownSkill;
  }
  const bool lists =
      requirement.any.size() <= kAnyGroupsMax && requirement.preferred.size() <= kRequiredSkillsMax &&
      requirement.excluded.size() <= kExcludedMax && strictly_sorted(requirement.preferred) &&
      strictly_sorted(requirement.excluded) &&
      !(requirement.only_agent &&
        std::binary_search(requirement.excluded.begin(), requirement.excluded.end(), requirement.only_agent));
  if (!lists) return Rejection::kInvalidArgument;
  if (requirement.only_agent) {
    const Agent* named = state.agents.find(requirement.only_agent);
    if (!named) return Rejection::kUnknownAgent;
    const std::size_t c = index_of(channel);  // somebody who never takes this channel would be waited for forever
    if (c >= named->capacity.size() || named->capacity[c] == 0) return Rejection::kInvalidArgument;
  }
  return Rejection::kNone;
}

Decision Decider::on(const command::StartInteraction& c) {
  const bool good = c.channel != Channel::kNone && c.language.size() <= kLanguageBytesMax && sound_labels(c.labels) &&
                    c.customer.value <= state.counters.customer && c.ticket.value <= state.counters.ticket;
  if (!good) return {Rejection::kInvalidArgument};
  Placement p;
  bool out_of_hours = c.out_of_hours;
  std::vector<std::string> rules;
  const bool calls = c.callback.order != CallbackOrder::kNone;
  if (calls) {
    if (const Rejection bad = check_wish(c); bad != Rejection::kNone) return {bad};
    p.queue = c.queue;
  } else if (c.queue) {
    const Rejection bad = check_target(c.channel, c.queue, c.requirement, c.priority);
    if (bad != Rejection::kNone) return {bad};
    FlowArrival a = arrival_of(c, state);
    rules = through_flow(a);
    out_of_hours = a.out_of_hours;
    if (a.language == c.language) a.language.clear();  // as the interaction starts with it
    p = arrival(a.queue, std::move(a.requirement), a.priority, std::move(a.language), c.preferred_agent);
    if (!out_of_hours) {
      const Rejection full = state.room_for(p.queue, c.channel, p.requirement);
      if (full != Rejection::kNone) return {full};
    }
  } else if (out_of_hours) {
    return {Rejection::kInvalidArgument};  // a ticket needs a queue that will answer it
  }

  CustomerId customer = c.customer;
  if (!customer && c.identity) customer = state.customer_of(c.identity);
  if (!customer) {
    customer = {state.counters.customer + 1};
    std::vector<IdentityHash> identities;
    if (c.identity) identities.push_back(c.identity);
    emit(event::CustomerCreated{customer, std::move(identities), c.identity_content});
  }
  TicketId ticket = c.ticket;
  if (!ticket) ticket = {state.counters.ticket + 1};
  if (!state.tickets.find(ticket)) {
    emit(event::TicketOpened{ticket, customer, p.queue, static_cast<bool>(c.ticket)});
  }
  const InteractionId id{state.counters.interaction + 1};
  emit(event::InteractionStarted{id, c.channel, customer, ticket, c.tier, c.language, c.preferred_agent, c.content,
                                 c.identity, c.provider});
  if (!rules.empty()) emit(event::FlowApplied{id, state.flow.version, std::move(rules), c.queue});
  if (calls) {
    SB_CHECK(on(request_of(c, id)).rejection == Rejection::kNone);
  } else if (out_of_hours) {
    emit(event::InteractionEnded{id, customer, Party::kSystem, {}, EndReason::kOutOfHours, 0, c.channel});
  } else if (c.queue) {
    enqueue(id, std::move(p));
    seek_agent(id);
  }
  return {Rejection::kNone, id.value};
}

Decider::Placement Decider::arrival(QueueId queue, Requirement requirement, std::int32_t priority, std::string language,
                                    AgentId preferred) const {
  Placement p{
      queue, std::move(requirement), priority, QueuedReason::kArrived, {}, 0, false, std::move(language), preferred,
      {}};
  const Agent* named = p.requirement.only_agent ? state.agents.find(p.requirement.only_agent) : nullptr;
  if (named && !named->signed_in) {  // who has gone home is not waited for
    p.requirement.only_agent = {};
    p.reason = QueuedReason::kTargetUnavailable;
  }
  return p;
}

Decision Decider::on(const command::EnqueueInteraction& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (i->state != InteractionState::kDialogue) return {Rejection::kWrongState};
  if (c.language.size() > kLanguageBytesMax || !sound_labels(c.labels)) return {Rejection::kInvalidArgument};
  const Rejection bad = check_target(i->channel, c.queue, c.requirement, c.priority);
  if (bad != Rejection::kNone) return {bad};
  if (c.preferred_agent && !state.agents.find(c.preferred_agent)) return {Rejection::kUnknownAgent};
  const AgentId preferred = c.preferred_agent ? c.preferred_agent : i->preferred_agent;
  FlowArrival a = arrival_of(c, *i);
  const std::string language = a.language;
  std::vector<std::string> rules = through_flow(a);
  if (a.language == language) a.language = c.language;
  Placement p = arrival(a.queue, std::move(a.requirement), a.priority, std::move(a.language), preferred);
  if (!a.out_of_hours) {
    const Rejection full = state.room_for(p.queue, i->channel, p.requirement);
    if (full != Rejection::kNone) return {full};
  }
  if (!rules.empty()) emit(event::FlowApplied{c.interaction, state.flow.version, std::move(rules), c.queue});
  if (a.out_of_hours) {
    close_out_of_hours(c.interaction, p.queue);
    return {};
  }
  enqueue(c.interaction, std::move(p));
  seek_agent(c.interaction);
  return {};
}

void Decider::close_out_of_hours(InteractionId id, QueueId queue) {
  const Interaction* i = state.interactions.find(id);
  const Ticket* ticket = state.tickets.find(i->ticket);
  emit(event::TicketUpdated{ticket->id, ticket->customer, ticket->status, ticket->agent, queue, ticket->priority, 0});
  emit(event::InteractionEnded{id, i->customer, Party::kSystem, {}, EndReason::kOutOfHours, 0, i->channel});
}

Decision Decider::on(const command::ConnectInteraction& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (!i->involves(c.agent)) return {Rejection::kNotOwner};
  if (i->state == InteractionState::kActive) return {};
  if (i->state != InteractionState::kConnecting) return {Rejection::kWrongState};
  if (!i->customer_on_line()) {
    if (i->callback->order == CallbackOrder::kCustomerFirst) return {Rejection::kWrongState};
    if (!i->callback->calling) call_customer(c.interaction);
    return {};
  }
  emit(event::InteractionConnected{c.interaction, c.agent});
  return {};
}

Decision Decider::on(const command::FailConnection& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (c.reason.size() > 64) return {Rejection::kInvalidArgument};
  if (c.agent && i->consultant == c.agent) {
    emit(event::ConnectionFailed{c.interaction, c.agent, c.reason});
    cancel_transfer(c.interaction, c.agent);
    return {};
  }
  if (c.agent && i->has_participant(c.agent)) {
    emit(event::ConnectionFailed{c.interaction, c.agent, c.reason});
    leave_conference(c.interaction, c.agent, c.agent);
    return {};
  }
  if (!owns(*i, c.agent)) return {Rejection::kNotOwner};
  if (i->state != InteractionState::kConnecting) return {Rejection::kWrongState};
  emit(event::ConnectionFailed{c.interaction, c.agent, c.reason});
  const Agent* agent = state.agents.find(c.agent);
  if (agent->signed_in && agent->presence == Presence::kAvailable) {
    emit(event::PresenceChanged{c.agent, Presence::kNotResponding, "connection_failed"});
  }
  requeue(c.interaction, QueuedReason::kConnectionFailed, c.agent);
  return {};
}

Decision Decider::on(const command::PostMessage& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (c.author == Party::kNone || c.content == 0) return {Rejection::kInvalidArgument};
  if (c.author == Party::kAgent && !i->involves(c.agent)) return {Rejection::kNotOwner};
  const std::uint64_t number = i->messages + 1;
  const bool parked = i->parked;
  if (c.author == Party::kAgent) {
    if (const Rejection busy = unpark(c.interaction); busy != Rejection::kNone) return {busy};
  }
  emit(event::MessagePosted{c.interaction, number, c.author, c.agent, c.content});
  if (parked && c.author == Party::kCustomer) return_to_agent(c.interaction);
  return {Rejection::kNone, number};
}

Rejection Decider::unpark(InteractionId id) {
  const Interaction* i = state.interactions.find(id);
  if (!i->parked) return Rejection::kNone;
  if (!state.has_room(*state.agents.find(i->agent), i->channel, i->soft)) return Rejection::kAgentBusy;
  emit(event::InteractionUnparked{id, i->agent});
  return Rejection::kNone;
}

void Decider::return_to_agent(InteractionId id) {
  const Interaction* i = state.interactions.find(id);
  const AgentId agent = i->agent;
  if (state.agents.find(agent)->signed_in && unpark(id) == Rejection::kNone) return;
  Requirement requirement = i->requirement;
  requirement.only_agent = {};
  enqueue(id, {i->queue, std::move(requirement), i->priority, QueuedReason::kReplied, {}, 0, false, {}, agent});
  seek_agent(id);
}

Decision Decider::on(const command::HoldInteraction& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (!owns(*i, c.agent)) return {Rejection::kNotOwner};
  if (i->state != InteractionState::kActive) return {Rejection::kWrongState};
  if (const Rejection busy = unpark(c.interaction); busy != Rejection::kNone) return {busy};
  if (!i->held) emit(event::InteractionHeld{c.interaction, c.agent});
  return {};
}

Decision Decider::on(const command::ResumeInteraction& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (!owns(*i, c.agent)) return {Rejection::kNotOwner};
  if (i->held) emit(event::InteractionResumed{c.interaction, c.agent});
  return {};
}

Decision Decider::on(const command::EndInteraction& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (c.by == Party::kNone || c.reason == EndReason::kTransferredOut) return {Rejection::kInvalidArgument};
  if (c.by == Party::kAgent) {
    if (!owns(*i, c.agent)) return {Rejection::kNotOwner};
  }
  const bool left = c.reason == EndReason::kHungUp || c.reason == EndReason::kCustomerLost;
  if (c.by == Party::kCustomer && left && !i->customer_on_line()) return {};  // the call before the callback is over
  end(c.interaction, c.by, c.by == Party::kAgent ? c.agent : AgentId{}, c.reason);
  return {};
}

void Decider::end(InteractionId id, Party by, AgentId agent, EndReason reason) {
  const Interaction* i = state.interactions.find(id);
  if (i->state != InteractionState::kActive && by != Party::kAgent) {
    abandon(id, reason);
    return;
  }
  const std::vector<AgentId> asked = withdraw_offers(id);  // for a second agent's help
  const AgentId owner = i->agent;
  const AgentId consultant = i->consultant;
  const Contact left(*i);
  const std::vector<Participant> participants = i->conference->participants;
  const DurationMs handled = i->connected_ms != 0 ? now - i->connected_ms : 0;
  emit(event::InteractionEnded{id, i->customer, by, by == Party::kAgent ? agent : owner, reason, handled, i->channel});
  start_wrap_up(owner, left);
  seek_work(owner);
  if (consultant) seek_work(consultant);
  for (const Participant& p : participants) seek_work(p.agent);
  for (const AgentId other : asked) seek_work(other);
}

void Decider::abandon(InteractionId id, EndReason reason) {
  const Interaction* i = state.interactions.find(id);
  std::vector<AgentId> freed = withdraw_offers(id);
  if (freed.empty() && i->agent) freed.push_back(i->agent);
  const TicketId ticket_id = i->ticket;
  const DurationMs waited = i->queued_ms != 0 ? now - i->queued_ms : 0;
  emit(event::InteractionAbandoned{id, i->customer, waited, reason, i->channel});
  const Ticket* ticket = state.tickets.find(ticket_id);
  if (ticket && ticket->open_interactions == 0 && ticket->status == TicketStatus::kNew) {
    emit(event::TicketUpdated{ticket->id, ticket->customer, TicketStatus::kClosed, ticket->agent, ticket->queue,
                              ticket->priority, 0});
  }
  for (const AgentId agent : freed) seek_work(agent);
}

void Decider::start_wrap_up(AgentId id, const Contact& left) {
  const Queue* queue = state.queues.find(left.queue);
  const Agent* agent = state.agents.find(id);
  // What was parked has no place in the ledger to go on taking.
  const bool has_place = agent && (!left.parked || state.has_room(*agent, left.channel, left.soft));
  const DurationMs wrap_up_ms = queue ? wrap_up_ms_of(*queue, left.channel) : 0;
  if (wrap_up_ms > 0 && has_place && agent->signed_in) {
    // The interaction came back while the agent still wrapped up its first visit: one wrap-up covers both.
    const bool returned = std::any_of(agent->wrap_ups.begin(), agent->wrap_ups.end(),
                                      [&](const WrapUp& w) { return w.interaction == left.interaction; });
    if (returned) emit(event::WrapUpCompleted{id, left.interaction, {}, true, 0, left.customer});
    emit(event::WrapUpStarted{id, left.interaction, left.ticket, left.channel, queue->id, now + wrap_up_ms,
                              left.customer, left.soft});
    return;
  }
  // Without wrap-up nobody will say how the matter ended: the end of the last contact settles it.
  const Ticket* ticket = state.tickets.find(left.ticket);
  if (ticket && ticket->open_interactions == 0 && ticket->status == TicketStatus::kOpen) {
    emit(event::TicketUpdated{ticket->id, ticket->customer, TicketStatus::kSolved, ticket->agent, ticket->queue,
                              ticket->priority, 0});
  }
}

Decision Decider::on(const command::LoseCustomerConnection& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (i->customer_grace_until_ms != 0 || !i->customer_on_line()) return {};
  emit(event::CustomerConnectionLost{c.interaction, now + state.center.customer_grace_ms});
  return {};
}

Decision Decider::on(const command::RestoreCustomerConnection& c) {
  const Interaction* i = state.interactions.find(c.interaction);
  if (!i) return {Rejection::kUnknownInteraction};
  if (i->customer_grace_until_ms != 0) emit(event::CustomerConnectionRestored{c.interaction});
  return {};
}

Decision Decider::on(const command::CompleteWrapUp& c) {
  const Agent* agent = state.agents.find(c.agent);
  if (!agent) return {Rejection::kUnknownAgent};
  const auto at = std::find_if(agent->wrap_ups.begin(), agent->wrap_ups.end(),
                               [&](const WrapUp& w) { return w.interaction == c.interaction; });
  if (at == agent->wrap_ups.end()) return {Rejection::kUnknownInteraction};
  if (c.disposition.size() > 64) return {Rejection::kInvalidArgument};
  const WrapUp w = *at;
  emit(event::WrapUpCompleted{c.agent, c.interaction, c.disposition, false, c.content, w.customer});
  const Ticket* ticket = state.tickets.find(w.ticket);
  if (ticket && c.ticket_status != TicketStatus::kNone && ticket->status != c.ticket_status) {
    emit(event::TicketUpdated{ticket->id, ticket->customer, c.ticket_status, c.agent, ticket->queue, ticket->priority,
                              0});
  }
  seek_work(c.agent);
  return {};
}

}  // namespace sb::routing
