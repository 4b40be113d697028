#include "planner/center_setup.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "routing/entities.h"

namespace sb::planner {

namespace {

constexpr DurationMs kOfferTimeoutMs = 3'600'000;  // the longest the core allows: nobody misses an offer here

std::map<std::string, SkillId> skill_ids(const Scenario& s) {
  std::map<std::string, SkillId> ids;
  for (const auto& q : s.queues) {
    for (const auto& [skill, level] : q.requirement) ids.emplace(skill, SkillId{});
  }
  for (const auto& a : s.agents) {
    for (const auto& [skill, level] : a.skills) ids.emplace(skill, SkillId{});
  }
  std::uint32_t last = 0;
  for (auto& [name, id] : ids) id = {++last};
  return ids;
}

std::vector<SkillLevel> levels(const SkillLevels& named, const std::map<std::string, SkillId>& ids) {
  std::vector<SkillLevel> all;
  for (const auto& [name, level] : named) all.push_back({ids.at(name), level});
  std::sort(all.begin(), all.end());
  return all;
}

command::PutQueue put_queue(const QueueScenario& q, QueueId id, bool by_hand) {
  command::PutQueue put;
  put.queue = id;
  put.name = q.name;
  put.open = true;
  put.policy = q.policy;
  put.offer_timeout_ms = kOfferTimeoutMs;
  put.wrap_up_ms = milliseconds(q.wrap_up_s);
  put.priority_step_ms = milliseconds(q.priority_step_s);
  put.max_waiting = q.max_waiting.value_or(0);
  put.auto_accept = !by_hand;
  put.matching.order = q.order;
  put.matching.level = q.order == Order::kAging ? 0 : q.priority;
  put.matching.target_ms = milliseconds(q.target_s);
  put.matching.weight = q.weight;
  put.matching.no_waiting = q.max_waiting == 0u;
  return put;
}

}  // namespace

std::vector<Command> setup_commands(const Scenario& s, bool by_hand) {
  std::vector<Command> commands;
  const auto skills = skill_ids(s);
  commands.reserve(skills.size() + s.queues.size());
  for (const auto& [name, id] : skills) commands.emplace_back(command::PutSkill{id, name});
  for (std::uint32_t n = 0; n < s.queues.size(); ++n) commands.emplace_back(put_queue(s.queues[n], {n + 1}, by_hand));
  std::uint32_t last = 0;
  for (const AgentsScenario& group : s.agents) {
    command::PutAgent put;
    put.skills = levels(group.skills, skills);
    for (std::uint32_t n = 0; n < s.queues.size(); ++n) {
      const auto& named = group.queues;
      const bool takes = named.empty() || std::find(named.begin(), named.end(), s.queues[n].name) != named.end();
      if (takes) put.queues.push_back({n + 1});
    }
    put.capacity.assign(kChannelCount, group.capacity);
    put.capacity[index_of(Channel::kNone)] = 0;
    for (std::uint32_t n = 0; n < group.count; ++n) {
      put.agent = {++last};
      commands.emplace_back(put);
      const Presence presence = group.shifts.empty() ? Presence::kAvailable : Presence::kAway;
      commands.emplace_back(command::SignInAgent{put.agent, 1, presence});
    }
  }
  return commands;
}

command::StartInteraction arrival_command(const Scenario& s, std::size_t queue) {
  const QueueScenario& q = s.queues[queue];
  command::StartInteraction start;
  start.channel = q.channel;
  start.queue = {static_cast<std::uint32_t>(queue + 1)};
  start.requirement.skills = levels(q.requirement, skill_ids(s));
  start.priority = q.order == Order::kAging ? q.priority : 0;
  return start;
}

command::PutQueue as_played(command::PutQueue put, const RecordedDay& day) {
  put.offer_timeout_ms = kOfferTimeoutMs;
  const auto queue =
      std::find_if(day.queues.begin(), day.queues.end(), [&](const auto& q) { return q.id == put.queue; });
  if (queue != day.queues.end() && queue->wrap_up_s) {
    put.wrap_up_ms = milliseconds(*queue->wrap_up_s);
    put.matching.wrap_ups_ms.clear();
  }
  if (put.wrap_up_ms > 0) put.wrap_up_ms = routing::kDayMs;
  for (DurationMs& wrap_up_ms : put.matching.wrap_ups_ms) {
    if (wrap_up_ms > 0) wrap_up_ms = routing::kDayMs;
  }
  return put;
}

std::vector<Command> setup_commands(const RecordedDay& day) {
  std::vector<Command> commands;
  commands.emplace_back(day.center);
  for (const auto& skill : day.skills) commands.emplace_back(skill);
  for (const auto& put : day.put_queues) {  // bare first: steps of relaxation may lead to any queue
    command::PutQueue bare = put;
    bare.matching.relaxation.clear();
    commands.emplace_back(as_played(std::move(bare), day));
  }
  for (const auto& put : day.put_queues) commands.emplace_back(as_played(put, day));
  for (const auto& agent : day.agents) {
    commands.emplace_back(agent.put);
    commands.emplace_back(command::SignInAgent{agent.put.agent, 1, Presence::kAway});
  }
  return commands;
}

}  // namespace sb::planner
