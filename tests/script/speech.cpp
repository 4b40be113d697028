#include "tests/script/speech.h"

namespace sb::script {

Words::Words(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      plain_.push_back(word);
    } else {
      options_[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
}

std::string Words::next(std::string_view what) {
  if (at_ == plain_.size()) throw ScriptError("the line lacks " + std::string(what));
  return plain_[at_++];
}

std::optional<std::string> Words::option(const std::string& key) {
  const auto node = options_.extract(key);
  if (node.empty()) return std::nullopt;
  return node.mapped();
}

void Words::finish() const {
  if (at_ < plain_.size()) throw ScriptError("'" + plain_[at_] + "' is one word too many");
  if (!options_.empty()) throw ScriptError("'" + options_.begin()->first + "=' means nothing here");
}

std::int64_t Speech::number(const std::string& word) {
  const auto n = parse_number(word);
  if (!n) throw ScriptError("'" + word + "' is not a number");
  return *n;
}

DurationMs Speech::duration(const std::string& word) {
  const auto ms = parse_duration(word);
  if (!ms) throw ScriptError("'" + word + "' is not a duration like 20s or 1m30s");
  return *ms;
}

bool Speech::yes(const std::string& word) {
  if (word == "yes") return true;
  if (word == "no") return false;
  throw ScriptError("'" + word + "' is neither yes nor no");
}

std::vector<SkillLevel> Speech::levels(const std::string& word) const {
  std::vector<SkillLevel> all;
  for (const std::string& part : split(word, ',')) {
    if (part == "none") continue;
    const auto pair = split(part, ':');
    all.push_back({id<SkillId>(pair.at(0)), pair.size() > 1 ? static_cast<std::uint32_t>(number(pair[1])) : 1});
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<std::uint32_t> Speech::by_channel(const std::string& word, std::uint32_t otherwise) {
  std::vector<std::uint32_t> all(kChannelCount, otherwise);
  for (const std::string& part : split(word, ',')) {
    if (part == "none") continue;
    const auto pair = split(part, ':');
    all[index_of(choice<Channel>(pair.at(0)))] = static_cast<std::uint32_t>(number(pair.at(1)));
  }
  return all;
}

Requirement Speech::requirement(Words& words) const {
  Requirement r;
  if (const auto needs = words.option("needs")) r.skills = levels(*needs);
  if (const auto only = words.option("only")) r.only_agent = id<AgentId>(*only);
  for (const std::string& group : split(words.option("any").value_or(""), ';')) r.any.push_back({levels(group)});
  for (const std::string& skill : split(words.option("prefers").value_or(""), ',')) {
    r.preferred.push_back(id<SkillId>(skill));
  }
  for (const std::string& who : split(words.option("without").value_or(""), ',')) {
    r.excluded.push_back(id<AgentId>(who));
  }
  std::sort(r.preferred.begin(), r.preferred.end());
  std::sort(r.excluded.begin(), r.excluded.end());
  return r;
}

OfferId Speech::offer_of(InteractionId interaction, AgentId agent) const {
  const auto at = offers_.find({interaction, agent});
  if (at != offers_.end()) return at->second;
  return agent ? offer_of(interaction, {}) : OfferId{};
}

void Speech::learn(const Event& event) {
  if (const auto* made = std::get_if<event::OfferMade>(&event)) {
    offers_[{made->interaction, made->agent}] = made->offer;
    offers_[{made->interaction, {}}] = made->offer;
  } else if (const auto* queued = std::get_if<event::InteractionQueued>(&event)) {  // the next round of offers
    std::erase_if(offers_,
                  [&](const auto& entry) { return entry.first.first == queued->interaction && entry.first.second; });
  }
}

namespace {

using Verb = Spoken (*)(Speech&, Words&);

// ---- configuration ----
// 10s:lower_levels:zh:20,20s:drop_skill:zh,30s:overflow:support,40s:raise_priority:5,50s:offer_callback,60s:end
std::vector<RelaxStep> relaxation(Speech& s, const std::string& word) {
  std::vector<RelaxStep> steps;
  for (const std::string& part : split(word, ',')) {
    if (part == "none") continue;
    const auto pieces = split(part, ':');
    RelaxStep step{Speech::duration(pieces.at(0)), Speech::choice<RelaxKind>(pieces.at(1)), {}, 0, {}};
    for (std::size_t n = 2; n < pieces.size(); ++n) {
      if (step.kind == RelaxKind::kOverflow) {
        step.queue = s.id<QueueId>(pieces[n]);
      } else if (const auto amount = parse_number(pieces[n])) {
        step.amount = static_cast<std::uint32_t>(*amount);
      } else {
        (step.skill ? step.other : step.skill) = s.id<SkillId>(pieces[n]);
      }
    }
    steps.push_back(step);
  }
  return steps;
}

void matching(Speech& s, Words& w, QueueId id, QueueMatching& m) {
  if (const auto v = w.option("order")) m.order = Speech::choice<Order>(*v);
  if (const auto v = w.option("level")) m.level = static_cast<std::int32_t>(Speech::number(*v));
  if (const auto v = w.option("tier_step")) m.tier_step_ms = Speech::duration(*v);
  if (const auto v = w.option("target")) m.target_ms = Speech::duration(*v);
  if (const auto v = w.option("weight")) m.weight = static_cast<std::uint32_t>(Speech::number(*v));
  if (const auto v = w.option("no_waiting")) m.no_waiting = Speech::yes(*v);
  if (const auto v = w.option("preferred")) m.preferred_ms = Speech::duration(*v);
  if (const auto v = w.option("may_pull")) m.may_pull = Speech::yes(*v);
  if (const auto v = w.option("relax")) m.relaxation = relaxation(s, *v);
  if (const auto v = w.option("broadcast")) m.broadcast = static_cast<std::uint32_t>(Speech::number(*v));
  if (const auto v = w.option("interruptible")) m.interruptible = Speech::yes(*v);
  if (const auto v = w.option("reply")) m.reply_ms = Speech::duration(*v);
  if (const auto v = w.option("wrap_ups")) {
    m.wrap_ups_ms.clear();
    for (const std::string& part : split(*v, ',')) {
      if (part == "none") continue;
      const auto pair = split(part, ':');
      m.wrap_ups_ms.resize(kChannelCount, s.queues.at(id).wrap_up_ms);
      m.wrap_ups_ms[index_of(Speech::choice<Channel>(pair.at(0)))] = Speech::duration(pair.at(1));
    }
  }
  if (const auto v = w.option("groups")) {
    m.groups.clear();
    for (const std::string& group : split(*v, ',')) {
      if (group != "none") m.groups.push_back(s.id<SkillId>(group));
    }
  }
}

Spoken skill(Speech& s, Words& w) {
  const std::string name = w.next("a skill");
  return {command::PutSkill{s.declare<SkillId>(name), name}, {}};
}

Spoken queue(Speech& s, Words& w) {
  const std::string name = w.next("a queue");
  const QueueId id = s.declare<QueueId>(name);
  auto [at, fresh] = s.queues.try_emplace(id);
  command::PutQueue& q = at->second;
  if (fresh) {
    q = {.queue = id, .name = name, .open = true, .offer_timeout_ms = 20'000, .avoid_ms = 30'000};
    q.priority_step_ms = 60'000;
  }
  if (const auto v = w.option("open")) q.open = Speech::yes(*v);
  if (const auto v = w.option("policy")) q.policy = Speech::choice<Policy>(*v);
  if (const auto v = w.option("offer_timeout")) q.offer_timeout_ms = Speech::duration(*v);
  if (const auto v = w.option("wrap_up")) q.wrap_up_ms = Speech::duration(*v);
  if (const auto v = w.option("avoid")) q.avoid_ms = Speech::duration(*v);
  if (const auto v = w.option("priority_step")) q.priority_step_ms = Speech::duration(*v);
  if (const auto v = w.option("max_waiting")) q.max_waiting = static_cast<std::uint32_t>(Speech::number(*v));
  if (const auto v = w.option("auto_accept")) q.auto_accept = Speech::yes(*v);
  matching(s, w, id, q.matching);
  return {q, {}};
}

Spoken agent(Speech& s, Words& w) {
  const AgentId id = s.declare<AgentId>(w.next("an agent"));
  auto [at, fresh] = s.agents.try_emplace(id);
  command::PutAgent& a = at->second;
  a.agent = id;
  if (fresh) a.capacity.assign(kChannelCount, 0);
  if (const auto v = w.option("skills")) a.skills = s.levels(*v);
  if (const auto v = w.option("queues")) {
    a.queues.clear();
    for (const std::string& q : split(*v, ',')) {
      if (q != "none") a.queues.push_back(s.id<QueueId>(q));
    }
    std::sort(a.queues.begin(), a.queues.end());
  }
  if (const auto v = w.option("capacity")) {
    a.capacity = Speech::by_channel(*v, 0);
  }
  if (const auto v = w.option("units")) a.units = static_cast<std::uint32_t>(Speech::number(*v));
  return {a, {}};
}

Spoken center(Speech&, Words& w) {
  command::PutCenter c{.agent_grace_ms = 30'000, .customer_grace_ms = 120'000};
  if (const auto v = w.option("misses_max")) c.misses_max = static_cast<std::uint32_t>(Speech::number(*v));
  if (const auto v = w.option("rest")) c.rest_ms = Speech::duration(*v);
  if (const auto v = w.option("weights")) c.weights = Speech::by_channel(*v, 1);
  if (const auto v = w.option("agent_grace")) c.agent_grace_ms = Speech::duration(*v);
  if (const auto v = w.option("customer_grace")) c.customer_grace_ms = Speech::duration(*v);
  return {c, {}};
}

Spoken remove_skill(Speech& s, Words& w) {
  return {command::RemoveSkill{s.id<SkillId>(w.next("a skill"))}, {}};
}
Spoken remove_agent(Speech& s, Words& w) {
  const AgentId id = s.id<AgentId>(w.next("an agent"));
  return {command::RemoveAgent{id}, {}};
}

// ---- agents ----
std::uint64_t session(Speech& s, Words& w, AgentId id) {
  if (const auto v = w.option("session")) return static_cast<std::uint64_t>(Speech::number(*v));
  const auto known = s.sessions.find(id);
  return known == s.sessions.end() ? 1 : known->second;
}

Spoken sign_in(Speech& s, Words& w) {
  command::SignInAgent c{s.id<AgentId>(w.next("an agent")), 0, Presence::kAvailable};
  c.session = session(s, w, c.agent);
  s.sessions[c.agent] = c.session;
  if (const auto v = w.option("presence")) c.presence = Speech::choice<Presence>(*v);
  return {c, {}};
}
Spoken sign_out(Speech& s, Words& w) {
  command::SignOutAgent c{s.id<AgentId>(w.next("an agent")), 0};
  c.session = session(s, w, c.agent);
  return {c, {}};
}
Spoken lose_connection(Speech& s, Words& w) {
  command::LoseAgentConnection c{s.id<AgentId>(w.next("an agent")), 0};
  c.session = session(s, w, c.agent);
  return {c, {}};
}
Spoken presence(Speech& s, Words& w) {
  command::SetPresence c{s.id<AgentId>(w.next("an agent")), {}, {}};
  c.presence = Speech::choice<Presence>(w.next("a presence"));
  c.reason = w.option("reason").value_or("");
  return {c, {}};
}

// ---- interactions ----
std::int32_t priority(Words& w) {
  const auto v = w.option("priority");
  return v ? static_cast<std::int32_t>(Speech::number(*v)) : 0;
}
std::uint32_t content(Words& w, std::uint32_t otherwise) {
  const auto v = w.option("content");
  return v ? static_cast<std::uint32_t>(Speech::number(*v)) : otherwise;
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

// ---- tickets and customers ----
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

const std::map<std::string, Verb>& verbs() {
  static const std::map<std::string, Verb> kVerbs{
      {"skill", skill},
      {"queue", queue},
      {"agent", agent},
      {"center", center},
      {"flow", [](Speech& s, Words& w) { return s.flow_line(w); }},
      {"RemoveSkill", remove_skill},
      {"RemoveAgent", remove_agent},
      {"SignIn", sign_in},
      {"SignOut", sign_out},
      {"Presence", presence},
      {"LoseConnection", lose_connection},
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
      {"UpdateTicket", update_ticket},
      {"PutCustomer", put_customer},
      {"MergeCustomers", two_customers<command::MergeCustomers>},
      {"UnmergeCustomers", two_customers<command::UnmergeCustomers>},
      {"AddFact", add_fact},
      {"Pull", by_agent<command::PullInteraction>},
  };
  return kVerbs;
}

}  // namespace

bool Speech::knows(const std::string& verb) {
  return verbs().contains(verb);
}

Spoken Speech::parse(const std::vector<std::string>& words) {
  const auto verb = verbs().find(words.at(0));
  if (verb == verbs().end()) throw ScriptError("'" + words[0] + "' is not a verb");
  Words rest(std::vector<std::string>(words.begin() + 1, words.end()));
  const std::string key = rest.option("key").value_or("");
  Spoken spoken = verb->second(*this, rest);
  rest.finish();
  spoken.key = key;
  return spoken;
}

}  // namespace sb::script
