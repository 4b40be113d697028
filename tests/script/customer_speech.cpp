#include "tests/script/verbs.h"

// Tickets and customers.
namespace sb::script {

namespace {

Spoken update_ticket(Speech& s, Words& w) {
  command::UpdateTicket c;
  c.ticket = s.id<TicketId>(w.next("a ticket"));
  if (const auto v = w.option("by")) c.agent = s.id<AgentId>(*v);
  if (const auto v = w.option("status")) c.status = Speech::choice<TicketStatus>(*v);
  if (const auto v = w.option("queue")) c.queue = s.id<QueueId>(*v);
  if (const auto v = w.option("priority")) {
    c.priority = static_cast<std::int32_t>(Speech::number(*v));
    c.set_priority = true;
  }
  c.content = content(w, 0);
  return {c, {}};
}

Spoken put_customer(Speech& s, Words& w) {
  const std::string name = w.next("a customer");
  command::PutCustomer c;
  if (const auto known = s.names.find<CustomerId>(name)) c.customer = *known;
  for (const std::string& from : split(w.option("from").value_or(""), ',')) {
    c.identities.push_back(hash_key(Source::kEngine, from));
  }
  c.content = content(w, 1);
  return {c, {}, [&s, name](std::uint64_t result) { s.names.bind(name, CustomerId{result}); }};
}
template <class C>
Spoken two_customers(Speech& s, Words& w) {
  C c;
  c.from = s.id<CustomerId>(w.next("a customer"));
  c.into = s.id<CustomerId>(w.next("another customer"));
  if (const auto v = w.option("by")) c.agent = s.id<AgentId>(*v);
  return {c, {}};
}
Spoken add_fact(Speech& s, Words& w) {
  command::AddCustomerFact c;
  c.customer = s.id<CustomerId>(w.next("a customer"));
  c.kind = w.next("note, order or consent");
  if (const auto v = w.option("by")) c.agent = s.id<AgentId>(*v);
  c.content = content(w, 1);
  return {c, {}};
}

}  // namespace

const Verbs& customer_verbs() {
  static const Verbs kVerbs{
      {"UpdateTicket", update_ticket},
      {"PutCustomer", put_customer},
      {"MergeCustomers", two_customers<command::MergeCustomers>},
      {"UnmergeCustomers", two_customers<command::UnmergeCustomers>},
      {"AddFact", add_fact},
  };
  return kVerbs;
}

}  // namespace sb::script
