// What a flow makes of an arrival, rule by rule.
#include <algorithm>

#include "tests/model/naive.h"

namespace sb::model {

using R = Rejection;

R Naive::on(const command::PutFlow& c) {
  if (c.flow == flow_) return R::kNone;
  if (c.flow.version <= flow_.version) return R::kWrongState;
  flow_ = c.flow;  // what scripts of the model say is sound
  return R::kNone;
}

std::int64_t Naive::minutes_east() const {
  std::int64_t east = 0;
  if (!flow_.offsets.empty()) east = flow_.offsets[0].minutes;
  for (const UtcOffset& o : flow_.offsets) {
    if (o.from_ms <= now_) east = o.minutes;
  }
  return east;
}

bool Naive::holds(const FlowCondition& c, const Arrival& a) const {
  std::vector<std::string> seen;  // words that hold now
  std::int64_t number = 0;
  bool by_words = true;
  const QueueId of = c.queue ? c.queue : a.queue;
  const std::int64_t local_minute = static_cast<std::int64_t>(now_ / 60'000) + minutes_east();
  switch (c.field) {
    case FlowField::kChannel:
      seen = {std::string(name(a.channel))};
      break;
    case FlowField::kLanguage:
      for (std::size_t n = 1; n <= a.language.size(); ++n) {  // zh-CN is also zh
        if (n == a.language.size() || a.language[n] == '-') seen.push_back(a.language.substr(0, n));
      }
      break;
    case FlowField::kQueue:
      seen = {queue(a.queue)->name};
      break;
    case FlowField::kLabel:
      seen = a.labels;
      break;
    case FlowField::kWeekday: {
      static const char* const kDays[] = {"thu", "fri", "sat", "sun", "mon", "tue", "wed"};  // from 1 January 1970
      seen = {kDays[local_minute / 1440 % 7]};
      break;
    }
    case FlowField::kMinuteOfDay:
      for (const std::string& span : c.words) {
        const int from = std::stoi(span.substr(0, 2)) * 60 + std::stoi(span.substr(3, 2));
        const int to = std::stoi(span.substr(6, 2)) * 60 + std::stoi(span.substr(9, 2));
        for (int m = from; m != to; m = (m + 1) % 1440) {
          if (m == local_minute % 1440) seen.push_back(span);
        }
      }
      break;
    default:
      by_words = false;
  }
  if (by_words) {
    bool one = false;
    for (const std::string& word : c.words) one |= std::find(seen.begin(), seen.end(), word) != seen.end();
    return c.test == FlowTest::kIsNot ? !one : one;
  }
  switch (c.field) {
    case FlowField::kTier:
      number = a.tier;
      break;
    case FlowField::kPriority:
      number = a.priority;
      break;
    case FlowField::kKnownCustomer:
      number = a.known ? 1 : 0;
      break;
    case FlowField::kQueueOpen:
      number = queue(of)->open ? 1 : 0;
      break;
    case FlowField::kWaiting:
      for (const Work& w : work_) number += w.waiting && w.queue == of ? 1 : 0;
      break;
    case FlowField::kLongestWaitS:
      for (std::size_t n = 0; n < std::min<std::size_t>(waiting_in(of).size(), 64); ++n) {  // the first in order only
        for (const Work& w : work_) {
          if (w.id == waiting_in(of)[n]) number = std::max(number, static_cast<std::int64_t>((now_ - w.queued) / 1000));
        }
      }
      break;
    case FlowField::kFreeAgents:
    case FlowField::kSignedInAgents:
      for (const Agent& agent : agents_) {
        const auto& queues = agent.config.queues;
        const bool serves = std::find(queues.begin(), queues.end(), of) != queues.end();
        const bool counts = c.field == FlowField::kFreeAgents ? free_for(agent, a.channel, of) : agent.signed_in;
        if (serves && counts) ++number;
      }
      break;
    default:
      break;
  }
  switch (c.test) {
    case FlowTest::kIs:
      return number == c.number;
    case FlowTest::kIsNot:
      return number != c.number;
    case FlowTest::kAtLeast:
      return number >= c.number;
    default:
      return number <= c.number;
  }
}

void Naive::apply_flow(Arrival& a) const {
  for (const FlowRule& rule : flow_.rules) {
    bool all = true;
    bool any = rule.any.empty();
    for (const FlowCondition& c : rule.all) all = all && holds(c, a);
    for (const FlowCondition& c : rule.any) any = any || holds(c, a);
    if (!all || !any) continue;
    const FlowAction& then = rule.then;
    if (then.queue) a.queue = then.queue;
    for (const SkillLevel& need : then.require) {
      std::uint32_t level = need.level;
      for (const SkillLevel& had : a.requirement.skills) {
        if (had.skill == need.skill) level = std::max(level, had.level);
      }
      std::erase_if(a.requirement.skills, [&](const SkillLevel& s) { return s.skill == need.skill; });
      a.requirement.skills.push_back({need.skill, level});
    }
    std::sort(a.requirement.skills.begin(), a.requirement.skills.end());
    for (const AnyOf& group : then.require_any) {
      auto& groups = a.requirement.any;
      const bool known = std::count(groups.begin(), groups.end(), group) != 0;
      if (!known && groups.size() < 8) groups.push_back(group);  // what one contact can have
      std::sort(groups.begin(), groups.end());
    }
    for (const SkillId skill : then.prefer) {
      std::erase(a.requirement.preferred, skill);
      a.requirement.preferred.push_back(skill);
    }
    std::sort(a.requirement.preferred.begin(), a.requirement.preferred.end());
    for (const AgentId who : then.exclude) {
      if (who == a.requirement.only_agent) continue;  // somebody asked for that one
      std::erase(a.requirement.excluded, who);
      a.requirement.excluded.push_back(who);
    }
    std::sort(a.requirement.excluded.begin(), a.requirement.excluded.end());
    a.priority = std::max(-100, std::min(100, a.priority + then.priority));
    if (!then.language.empty()) a.language = then.language;
    if (then.out_of_hours) a.out_of_hours = true;
    if (!then.go_on) return;
  }
}

}  // namespace sb::model
