#include "tests/script/verbs.h"

// Who and what there is: skills, queues, agents, the center.
namespace sb::script {

namespace {

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

}  // namespace

const Verbs& setup_verbs() {
  static const Verbs kVerbs{
      {"skill", skill},
      {"queue", queue},
      {"agent", agent},
      {"center", center},
      {"flow", [](Speech& s, Words& w) { return s.flow_line(w); }},
      {"RemoveSkill", remove_skill},
      {"RemoveAgent", remove_agent},
  };
  return kVerbs;
}

}  // namespace sb::script
