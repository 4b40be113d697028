#include "routing/decider.h"

// Tickets, customers and what is past: the core keeps what is open; profiles, notes and orders are content that passes
// through.
namespace sb::routing {

namespace {
constexpr std::size_t kIdentitiesMax = 64;
constexpr std::size_t kCodeMax = 64;
}  // namespace

Decision Decider::on(const command::AddPastInteraction& c) {
  if (!c.customer || c.customer.value > state.counters.customer) return {Rejection::kUnknownCustomer};
  const bool words = c.language.size() <= kCodeMax && c.disposition.size() <= kCodeMax;
  const bool lasted = c.waited_ms <= kDayMs && c.handled_ms <= kDayMs && (c.agent || c.handled_ms == 0);
  const bool past = c.started_ms != 0 && c.started_ms <= now && c.waited_ms + c.handled_ms <= now - c.started_ms;
  if (c.channel == Channel::kNone || c.ticket_status == TicketStatus::kNone || !words || !lasted || !past)
    return {Rejection::kInvalidArgument};
  const InteractionId id{state.counters.interaction + 1};
  emit(event::PastInteractionAdded{id,
                                   c.customer,
                                   {state.counters.ticket + 1},
                                   c.channel,
                                   c.language,
                                   c.queue,
                                   c.agent,
                                   c.started_ms,
                                   c.waited_ms,
                                   c.handled_ms,
                                   c.reason,
                                   c.disposition,
                                   c.ticket_status,
                                   c.content});
  return {Rejection::kNone, id.value};
}

Decision Decider::on(const command::UpdateTicket& c) {
  const Ticket* ticket = state.tickets.find(c.ticket);
  if (!ticket) return {Rejection::kUnknownTicket};
  if (c.queue && !state.queues.find(c.queue)) return {Rejection::kUnknownQueue};
  if (c.status == TicketStatus::kNew) return {Rejection::kInvalidArgument};
  event::TicketUpdated e{ticket->id,    ticket->customer, ticket->status, ticket->agent,
                         ticket->queue, ticket->priority, c.content};
  if (c.status != TicketStatus::kNone) e.status = c.status;
  if (c.queue) e.queue = c.queue;
  if (c.agent) e.agent = c.agent;
  if (c.set_priority) e.priority = c.priority;
  emit(e);
  return {};
}

Decision Decider::on(const command::PutCustomer& c) {
  if (c.identities.size() > kIdentitiesMax || c.customer.value > state.counters.customer) {
    return {Rejection::kInvalidArgument};
  }
  if (c.customer) {
    emit(event::CustomerPut{c.customer, c.identities, c.content});
    return {Rejection::kNone, c.customer.value};
  }
  // Two imports of one person at once: the second is a change to the first.
  for (const auto& identity : c.identities) {
    if (const CustomerId known = state.customer_of(identity)) {
      emit(event::CustomerPut{known, c.identities, c.content});
      return {Rejection::kNone, known.value};
    }
  }
  const CustomerId fresh{state.counters.customer + 1};
  emit(event::CustomerCreated{fresh, c.identities, c.content});
  return {Rejection::kNone, fresh.value};
}

Decision Decider::on(const command::MergeCustomers& c) {
  const bool known =
      c.from && c.into && c.from.value <= state.counters.customer && c.into.value <= state.counters.customer;
  if (!known) return {Rejection::kUnknownCustomer};
  if (c.from == c.into) return {Rejection::kInvalidArgument};
  emit(event::CustomersMerged{c.from, c.into, c.agent});
  return {Rejection::kNone, c.into.value};
}

Decision Decider::on(const command::UnmergeCustomers& c) {
  const bool known =
      c.from && c.into && c.from.value <= state.counters.customer && c.into.value <= state.counters.customer;
  if (!known) return {Rejection::kUnknownCustomer};
  emit(event::CustomersUnmerged{c.from, c.into, c.agent});
  return {Rejection::kNone, c.from.value};
}

Decision Decider::on(const command::AddCustomerFact& c) {
  if (!c.customer || c.customer.value > state.counters.customer) return {Rejection::kUnknownCustomer};
  const bool kind = c.kind == "note" || c.kind == "order" || c.kind == "consent";
  if (!kind || c.content == 0) return {Rejection::kInvalidArgument};
  emit(event::CustomerFactAdded{c.customer, c.kind, c.agent, c.ticket, c.content});
  return {};
}

}  // namespace sb::routing
