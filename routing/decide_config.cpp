#include <algorithm>

#include "routing/decider.h"

namespace sb::routing {

namespace {
constexpr std::size_t kNameMax = 200;
constexpr std::uint32_t kCapacityMax = 100;
constexpr std::size_t kSkillsMax = 512;

template <class T, class Less = std::less<>>
bool strictly_sorted(const std::vector<T>& v, Less less = {}) {
  return std::adjacent_find(v.begin(), v.end(), [&](const T& a, const T& b) { return !less(a, b); }) == v.end();
}
}  // namespace

Decision Decider::on(const command::PutSkill& c) {
  if (!c.skill || c.name.empty() || c.name.size() > kNameMax) return {Rejection::kInvalidArgument};
  const Skill* present = state.skills.find(c.skill);
  if (!present || present->name != c.name) emit(event::SkillPut{c.skill, c.name});
  return {};
}

Decision Decider::on(const command::RemoveSkill& c) {
  if (!state.skills.find(c.skill)) return {Rejection::kUnknownSkill};
  const auto needs = [&](const std::vector<SkillLevel>& skills) {
    return std::any_of(skills.begin(), skills.end(), [&](const SkillLevel& s) { return s.skill == c.skill; });
  };
  for (const Agent* agent : state.agents.sorted()) {
    if (needs(agent->skills)) return {Rejection::kInUse};
  }
  for (const Interaction* i : state.interactions.sorted()) {
    if (needs(i->requirement.skills) || needs(i->requirement_before.skills)) return {Rejection::kInUse};
  }
  emit(event::SkillRemoved{c.skill});
  return {};
}

Decision Decider::on(const command::PutQueue& c) {
  const bool good = c.queue && !c.name.empty() && c.name.size() <= kNameMax && c.offer_timeout_ms >= 1000 &&
                    c.offer_timeout_ms <= 3'600'000 && c.wrap_up_ms <= kDayMs && c.priority_step_ms <= kDayMs &&
                    c.avoid_ms <= kDayMs;
  if (!good) return {Rejection::kInvalidArgument};
  event::QueuePut put{
      c.queue,    c.name,        c.open,       c.policy, c.offer_timeout_ms, c.wrap_up_ms, c.priority_step_ms,
      c.avoid_ms, c.max_waiting, c.auto_accept};
  const Queue* present = state.queues.find(c.queue);
  if (!present || present->config != put) emit(std::move(put));
  return {};
}

Decision Decider::on(const command::PutAgent& c) {
  const bool shape = c.agent && c.capacity.size() <= kChannelCount && c.skills.size() <= kSkillsMax &&
                     c.login.size() <= kNameMax && strictly_sorted(c.queues) &&
                     strictly_sorted(c.skills, [](const auto& a, const auto& b) { return a.skill < b.skill; }) &&
                     std::all_of(c.capacity.begin(), c.capacity.end(), [](auto n) { return n <= kCapacityMax; });
  if (!shape) return {Rejection::kInvalidArgument};
  for (const auto& s : c.skills) {
    if (!state.skills.find(s.skill)) return {Rejection::kUnknownSkill};
    if (s.level < 1 || s.level > 100) return {Rejection::kInvalidArgument};
  }
  for (const auto q : c.queues) {
    if (!state.queues.find(q)) return {Rejection::kUnknownQueue};
  }
  const Agent* present = state.agents.find(c.agent);
  if (present && present->skills == c.skills && present->queues == c.queues && present->capacity == c.capacity &&
      present->login == c.login) {
    return {};
  }
  emit(event::AgentPut{c.agent, c.skills, c.queues, c.capacity, c.login});
  retarget_waiting_for(c.agent, false);
  seek_work(c.agent);
  return {};
}

Decision Decider::on(const command::RemoveAgent& c) {
  const Agent* agent = state.agents.find(c.agent);
  if (!agent) return {Rejection::kUnknownAgent};
  if (agent->signed_in || !agent->work.empty() || !agent->wrap_ups.empty()) return {Rejection::kInUse};
  retarget_waiting_for(c.agent, true);
  emit(event::AgentRemoved{c.agent});
  return {};
}

Decision Decider::on(const command::PutCenter& c) {
  if (c.agent_grace_ms > kDayMs || c.customer_grace_ms > kDayMs) return {Rejection::kInvalidArgument};
  const event::CenterPut put{c.agent_grace_ms, c.customer_grace_ms};
  if (state.center != put) emit(event::CenterPut{put});
  return {};
}

}  // namespace sb::routing
