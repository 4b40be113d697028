#include "planner/changed_flow.h"

#include <algorithm>

namespace sb::planner {

namespace {

class RuleCheck {
 public:
  RuleCheck(const RecordedDay& day, const Place& place) : day_(day), place_(place) {}

  void check(const FlowRule& rule) const {
    for (const auto* list : {&rule.all, &rule.any}) {
      for (const FlowCondition& c : *list) condition(c);
    }
    queue(rule.then.queue);
    for (const SkillLevel& need : rule.then.require) skill(need.skill);
    for (const AnyOf& group : rule.then.require_any) {
      for (const SkillLevel& one : group.skills) skill(one.skill);
    }
    for (const SkillId wish : rule.then.prefer) skill(wish);
  }

 private:
  void condition(const FlowCondition& c) const {
    if (c.field == FlowField::kSignedInAgents) {
      place_.fail("asks for signed_in_agents, which is not known of the past: ask for free_agents instead");
    }
    queue(c.queue);
    for (const std::string& word : c.field == FlowField::kQueue ? c.words : std::vector<std::string>{}) {
      const bool there =
          std::any_of(day_.put_queues.begin(), day_.put_queues.end(), [&](const auto& q) { return q.name == word; });
      if (!there) place_.fail("there is no queue \"" + word + "\" in the recorded interval");
    }
  }
  void queue(QueueId id) const {
    const bool there =
        std::any_of(day_.put_queues.begin(), day_.put_queues.end(), [&](const auto& q) { return q.queue == id; });
    if (id && !there) place_.fail("names a queue that is not in the recorded interval");
  }
  void skill(SkillId id) const {
    const bool there =
        std::any_of(day_.skills.begin(), day_.skills.end(), [&](const auto& s) { return s.skill == id; });
    if (!there) place_.fail("names a skill that is not in the recorded interval");
  }

  const RecordedDay& day_;
  const Place& place_;
};

// Also queues that nobody came to count by now.
void count(RecordedDay& day, QueueId id) {
  const auto same = [&](const auto& q) { return q.id == id; };
  if (!id || std::any_of(day.queues.begin(), day.queues.end(), same)) return;
  const auto put =
      std::find_if(day.put_queues.begin(), day.put_queues.end(), [&](const auto& q) { return q.queue == id; });
  day.queues.push_back(recorded_queue(*put));
}

}  // namespace

void set_flow(RecordedDay& day, const ChangedFlow& changed) {
  day.flow = changed.flow;
  for (std::size_t n = 0; n < day.flow.rules.size(); ++n) {
    FlowRule& rule = day.flow.rules[n];
    RuleCheck(day, changed.rules[n]).check(rule);
    std::erase_if(rule.then.exclude, [&](AgentId id) {  // who is not there needs no excluding
      return std::none_of(day.agents.begin(), day.agents.end(), [&](const auto& a) { return a.put.agent == id; });
    });
    count(day, rule.then.queue);
  }
  for (const ArrivalKind& kind : day.asked) count(day, kind.start.queue);
  // Only kinds that somebody is of now: what the others asked for counts no more.
  const std::size_t placed = day.kinds.size();
  std::vector<std::uint32_t> now(placed + day.asked.size(), kNoKind);
  std::vector<ArrivalKind> kinds;
  for (RecordedArrival& arrival : day.arrivals) {
    const std::size_t then = arrival.asked == kNoKind ? arrival.kind : placed + arrival.asked;
    if (now[then] == kNoKind) {
      now[then] = static_cast<std::uint32_t>(kinds.size());
      kinds.push_back(then < placed ? day.kinds[then] : day.asked[then - placed]);
    }
    arrival.kind = now[then];
  }
  day.kinds = std::move(kinds);
}

}  // namespace sb::planner
