#include "tests/script/verbs.h"

// What happens to interactions.
namespace sb::script {

namespace {

std::int32_t priority(Words& w) {
  const auto v = w.option("priority");
  return v ? static_cast<std::int32_t>(Speech::number(*v)) : 0;
}

std::vector<std::string> labels(Words& w) {
  return split(w.option("labels").value_or(""), ',');
}

// 9m-12m,15m-18m: from the start of the script
std::vector<TimeSpan> hours(const std::string& word) {
  std::vector<TimeSpan> windows;
  for (const std::string& part : split(word, ',')) {
    const auto ends = split(part, '-');
    if (ends.size() != 2) throw ScriptError("'" + part + "' is not a span like 9m-12m");
    windows.push_back({kStart + Speech::duration(ends[0]), kStart + Speech::duration(ends[1])});
  }
  return windows;
}
template <class Terms>
void callback_terms(Words& w, Terms& c) {
  c.attempts_max = 3;
  c.retry_ms = 300'000;
  if (const auto v = w.option("at")) c.at_ms = kStart + Speech::duration(*v);
  if (const auto v = w.option("attempts")) c.attempts_max = static_cast<std::uint32_t>(Speech::number(*v));
  if (const auto v = w.option("retry")) c.retry_ms = Speech::duration(*v);
  if (const auto v = w.option("hours")) c.windows = hours(*v);
}

Spoken start(Speech& s, Words& w) {
  const std::string name = w.next("a name for the interaction");
  command::StartInteraction c;
  c.channel = Speech::choice<Channel>(w.next("a channel"));
  if (const auto v = w.option("queue")) c.queue = s.id<QueueId>(*v);
  c.requirement = s.requirement(w);
  c.priority = priority(w);
  if (const auto v = w.option("from")) c.identity = hash_key(Source::kEngine, *v);
  if (const auto v = w.option("customer")) c.customer = s.id<CustomerId>(*v);
  if (const auto v = w.option("ticket")) c.ticket = s.id<TicketId>(*v);
  if (const auto v = w.option("preferred")) c.preferred_agent = s.id<AgentId>(*v);
  if (const auto v = w.option("tier")) c.tier = static_cast<std::uint32_t>(Speech::number(*v));
  if (const auto v = w.option("out_of_hours")) c.out_of_hours = Speech::yes(*v);
  if (const auto v = w.option("callback")) {
    c.callback.order = Speech::choice<CallbackOrder>(*v);
    callback_terms(w, c.callback);
  }
  c.language = w.option("language").value_or("");
  c.labels = labels(w);
  c.content = content(w, 0);
  return {c, {}, [&s, name](std::uint64_t result) { s.names.bind(name, InteractionId{result}); }};
}

Spoken enqueue(Speech& s, Words& w) {
  command::EnqueueInteraction c;
  c.interaction = s.id<InteractionId>(w.next("an interaction"));
  if (const auto v = w.option("queue")) c.queue = s.id<QueueId>(*v);
  c.requirement = s.requirement(w);
  c.priority = priority(w);
  c.language = w.option("language").value_or("");
  if (const auto v = w.option("preferred")) c.preferred_agent = s.id<AgentId>(*v);
  c.labels = labels(w);
  return {c, {}};
}

OfferId offer(Speech& s, Words& w, AgentId who) {
  if (const auto v = w.option("offer")) return s.id<OfferId>(*v);
  return s.offer_of(s.id<InteractionId>(w.next("an interaction")), who);
}
Spoken accept(Speech& s, Words& w) {
  const AgentId who = s.id<AgentId>(w.next("an agent"));
  return {command::AcceptOffer{who, offer(s, w, who)}, {}};
}
Spoken decline(Speech& s, Words& w) {
  const AgentId who = s.id<AgentId>(w.next("an agent"));
  const OfferId what = offer(s, w, who);
  return {command::DeclineOffer{who, what, w.option("reason").value_or("")}, {}};
}

// "Hold amy i1" and its like.
template <class C>
Spoken by_agent(Speech& s, Words& w) {
  C c;
  c.agent = s.id<AgentId>(w.next("an agent"));
  c.interaction = s.id<InteractionId>(w.next("an interaction"));
  if constexpr (requires { c.reason; }) c.reason = w.option("reason").value_or("");
  return {c, {}};
}
template <class C>
Spoken by_edge(Speech& s, Words& w) {
  return {C{s.id<InteractionId>(w.next("an interaction"))}, {}};
}

// "Leave amy i1 bob": amy takes bob out. "Leave bob i1": bob leaves.
Spoken leave(Speech& s, Words& w) {
  command::LeaveConference c;
  const std::string who = w.next("an agent");
  c.agent = s.id<AgentId>(who);
  c.interaction = s.id<InteractionId>(w.next("an interaction"));
  c.participant = s.id<AgentId>(w.more() ? w.next("an agent") : who);
  return {c, {}};
}
Spoken invite_outside(Speech& s, Words& w) {
  command::InviteOutside c;
  c.agent = s.id<AgentId>(w.next("an agent"));
  c.interaction = s.id<InteractionId>(w.next("an interaction"));
  c.content = content(w, 1);
  return {c, {}};
}

// by=customer, by=system, or by=amy
std::pair<Party, AgentId> party(Speech& s, Words& w) {
  const std::string by = w.option("by").value_or("customer");
  if (by == "customer") return {Party::kCustomer, {}};
  if (by == "system") return {Party::kSystem, {}};
  return {Party::kAgent, s.id<AgentId>(by)};
}
Spoken post(Speech& s, Words& w) {
  const InteractionId i = s.id<InteractionId>(w.next("an interaction"));
  const auto [author, who] = party(s, w);
  return {command::PostMessage{i, author, who, content(w, 1)}, {}};
}
Spoken end(Speech& s, Words& w) {
  const InteractionId i = s.id<InteractionId>(w.next("an interaction"));
  const auto [by, who] = party(s, w);
  const auto reason = w.option("reason");
  const EndReason usual = by == Party::kAgent ? EndReason::kCompleted : EndReason::kHungUp;
  return {command::EndInteraction{i, by, who, reason ? Speech::choice<EndReason>(*reason) : usual}, {}};
}

Spoken callback(Speech& s, Words& w) {
  command::RequestCallback c;
  c.interaction = s.id<InteractionId>(w.next("an interaction"));
  c.order = Speech::choice<CallbackOrder>(w.next("agent_first or customer_first"));
  callback_terms(w, c);
  if (const auto v = w.option("queue")) c.queue = s.id<QueueId>(*v);
  c.requirement = s.requirement(w);
  c.priority = priority(w);
  c.content = content(w, 0);
  return {c, {}};
}
Spoken miss(Speech& s, Words& w) {
  command::MissCustomer c;
  c.interaction = s.id<InteractionId>(w.next("an interaction"));
  c.reason = w.next("a reason");
  return {c, {}};
}

Spoken transfer(Speech& s, Words& w) {
  command::TransferInteraction c;
  c.agent = s.id<AgentId>(w.next("an agent"));
  c.interaction = s.id<InteractionId>(w.next("an interaction"));
  c.kind = Speech::choice<TransferKind>(w.next("blind or warm"));
  if (const auto v = w.option("queue")) c.queue = s.id<QueueId>(*v);
  if (const auto v = w.option("to")) c.target = s.id<AgentId>(*v);
  c.requirement = s.requirement(w);
  c.content = content(w, 0);
  return {c, {}};
}

Spoken wrap_up(Speech& s, Words& w) {
  command::CompleteWrapUp c;
  c.agent = s.id<AgentId>(w.next("an agent"));
  c.interaction = s.id<InteractionId>(w.next("an interaction"));
  c.disposition = w.option("disposition").value_or("");
  if (const auto v = w.option("status")) c.ticket_status = Speech::choice<TicketStatus>(*v);
  c.content = content(w, 0);
  return {c, {}};
}

}  // namespace

const Verbs& interaction_verbs() {
  static const Verbs kVerbs{
      {"Start", start},
      {"Enqueue", enqueue},
      {"Accept", accept},
      {"Decline", decline},
      {"Connect", by_agent<command::ConnectInteraction>},
      {"FailConnection", by_agent<command::FailConnection>},
      {"Post", post},
      {"Hold", by_agent<command::HoldInteraction>},
      {"Resume", by_agent<command::ResumeInteraction>},
      {"Transfer", transfer},
      {"CompleteTransfer", by_agent<command::CompleteTransfer>},
      {"CancelTransfer", by_agent<command::CancelTransfer>},
      {"Conference", by_agent<command::ConferenceInteraction>},
      {"Leave", leave},
      {"InviteOutside", invite_outside},
      {"JoinOutside", by_edge<command::JoinOutside>},
      {"DropOutside", by_agent<command::DropOutside>},
      {"End", end},
      {"LoseCustomer", by_edge<command::LoseCustomerConnection>},
      {"RestoreCustomer", by_edge<command::RestoreCustomerConnection>},
      {"Callback", callback},
      {"Reach", by_edge<command::ReachCustomer>},
      {"Miss", miss},
      {"WrapUp", wrap_up},
      {"Pull", by_agent<command::PullInteraction>},
  };
  return kVerbs;
}

}  // namespace sb::script
