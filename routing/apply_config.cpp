#include "routing/applier.h"

namespace sb::routing {

Agent& Applier::agent(AgentId id) {
  Agent* found = state.agents.find(id);
  SB_CHECK(found != nullptr);
  return *found;
}

Interaction& Applier::interaction(InteractionId id) {
  Interaction* found = state.interactions.find(id);
  SB_CHECK(found != nullptr);
  return *found;
}

void Applier::on(const event::SkillPut& e) {
  if (Skill* skill = state.skills.find(e.skill)) {
    skill->name = e.name;
  } else {
    state.skills.insert({e.skill, e.name});
  }
}

void Applier::on(const event::SkillRemoved& e) {
  state.skills.erase(e.skill);
}

void Applier::on(const event::QueuePut& e) {
  if (Queue* queue = state.queues.find(e.queue)) {
    const bool reschedules = queue->config.matching.relaxation != e.matching.relaxation;
    const bool ranks = queue->config.policy != e.policy || queue->config.matching.groups != e.matching.groups;
    queue->config = e;
    if (ranks) state.waiting.unrank(e.queue);
    if (reschedules) state.reschedule_relaxation(*queue);
  } else {
    state.queues.insert({e.queue, e, {}});
  }
}

void Applier::on(const event::AgentPut& e) {
  Agent* agent = state.agents.find(e.agent);
  if (!agent) {
    Agent fresh;
    fresh.id = e.agent;
    agent = &state.agents.insert(std::move(fresh));
  }
  const std::uint32_t slot = state.agents.slot_of(e.agent);
  state.agent_index.put(*agent, slot, false);
  agent->skills = e.skills;
  agent->queues = e.queues;
  agent->capacity = e.capacity;
  agent->login = e.login;
  agent->units = e.units;
  state.agent_index.put(*agent, slot, true);
  state.refresh_free(*agent);
  state.refresh_eligible(*agent);
}

void Applier::on(const event::AgentRemoved& e) {
  Agent& gone = agent(e.agent);
  gone.capacity.clear();
  state.agent_index.put(gone, state.agents.slot_of(e.agent), false);
  state.refresh_free(gone);
  state.refresh_eligible(gone);
  state.agents.erase(e.agent);
}

void Applier::on(const event::CenterPut& e) {
  const bool weighs = state.center.weights != e.weights;
  state.center = e;
  if (!weighs) return;
  for (const Agent* agent : state.agents.sorted()) state.refresh_free(*agent);
}

void Applier::on(const event::CustomerCreated& e) {
  state.counters.customer = std::max(state.counters.customer, e.customer.value);
  for (const auto& identity : e.identities) state.remember_identity(identity, e.customer);
}

void Applier::on(const event::CustomerPut& e) {
  for (const auto& identity : e.identities) state.remember_identity(identity, e.customer);
}

void Applier::on(const event::TicketOpened& e) {
  state.counters.ticket = std::max(state.counters.ticket, e.ticket.value);
  Ticket ticket;
  ticket.id = e.ticket;
  ticket.customer = e.customer;
  ticket.status = e.reopened ? TicketStatus::kOpen : TicketStatus::kNew;
  ticket.queue = e.queue;
  state.tickets.insert(ticket);
}

void Applier::on(const event::TicketUpdated& e) {
  Ticket* ticket = state.tickets.find(e.ticket);
  SB_CHECK(ticket != nullptr);
  ticket->status = e.status;
  ticket->agent = e.agent;
  ticket->queue = e.queue;
  ticket->priority = e.priority;
  const bool over = e.status == TicketStatus::kSolved || e.status == TicketStatus::kClosed;
  if (over && ticket->open_interactions == 0) state.tickets.erase(e.ticket);
}

}  // namespace sb::routing
