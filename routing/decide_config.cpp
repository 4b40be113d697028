#include <algorithm>

#include "routing/decider.h"
#include "routing/flow.h"

namespace sb::routing {

namespace {
constexpr std::size_t kNameMax = 200;
constexpr std::uint32_t kCapacityMax = 100;
constexpr std::size_t kSkillsMax = 512;
constexpr std::uint32_t kUnitsMax = 10'000;
constexpr std::uint32_t kWeightMax = 1'000;

constexpr DurationMs kRelaxAfterMsMin = 1'000;

bool sound_step(const RelaxStep& step) {
  switch (step.kind) {
    case RelaxKind::kLowerLevels:
      return step.amount >= 1 && step.amount <= 100;
    case RelaxKind::kRaisePriority:
      return step.amount >= 1 && step.amount <= static_cast<std::uint32_t>(kPriorityMax);
    case RelaxKind::kOverflow:
      return static_cast<bool>(step.queue);
    case RelaxKind::kWiden:
      return step.skill && step.other && step.skill != step.other;
    case RelaxKind::kDropSkill:
    case RelaxKind::kOfferCallback:
    case RelaxKind::kEnd:
      return true;
    case RelaxKind::kNone:
    case RelaxKind::kPreferredOver:
      return false;
  }
  return false;
}
}  // namespace

bool sound(const QueueMatching& m) {
  const bool ordered = std::is_sorted(m.relaxation.begin(), m.relaxation.end(),
                                      [](const RelaxStep& a, const RelaxStep& b) { return a.after_ms < b.after_ms; });
  constexpr std::uint32_t kBroadcastMax = 16;
  constexpr std::size_t kGroupsMax = 16;
  const bool asking = m.broadcast <= kBroadcastMax && m.groups.size() <= kGroupsMax && m.reply_ms <= kDayMs &&
                      m.wrap_ups_ms.size() <= kChannelCount &&
                      std::all_of(m.wrap_ups_ms.begin(), m.wrap_ups_ms.end(), [](auto ms) { return ms <= kDayMs; });
  return asking && m.level >= -kLevelMax && m.level <= kLevelMax && m.tier_step_ms <= kDayMs && m.target_ms <= kDayMs &&
         m.weight <= kWeightMax && m.preferred_ms <= kDayMs && m.relaxation.size() <= kRelaxationMax && ordered &&
         std::all_of(m.relaxation.begin(), m.relaxation.end(), [](const RelaxStep& s) {
           return s.after_ms >= kRelaxAfterMsMin && s.after_ms <= kDayMs && sound_step(s);
         });
}

Rejection Decider::check_matching(const command::PutQueue& c) const {
  if (c.auto_accept && c.matching.broadcast > 1) return Rejection::kInvalidArgument;  // nobody would be asked
  for (const SkillId group : c.matching.groups) {
    if (!state.skills.find(group)) return Rejection::kUnknownSkill;
  }
  for (const RelaxStep& step : c.matching.relaxation) {
    for (const SkillId skill : {step.skill, step.other}) {
      if (skill && !state.skills.find(skill)) return Rejection::kUnknownSkill;
    }
    if (step.kind != RelaxKind::kOverflow) continue;
    if (step.queue == c.queue) return Rejection::kInvalidArgument;
    if (!state.queues.find(step.queue)) return Rejection::kUnknownQueue;
  }
  return Rejection::kNone;
}

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
  const auto asks = [&](const Requirement& r) {
    return needs(r.skills) || std::binary_search(r.preferred.begin(), r.preferred.end(), c.skill) ||
           std::any_of(r.any.begin(), r.any.end(), [&](const AnyOf& group) { return needs(group.skills); });
  };
  for (const Queue* queue : state.queues.sorted()) {
    const auto& steps = queue->config.matching.relaxation;
    const auto& groups = queue->config.matching.groups;
    const auto named = [&](const RelaxStep& s) { return s.skill == c.skill || s.other == c.skill; };
    const bool in_use = std::any_of(steps.begin(), steps.end(), named) ||
                        std::find(groups.begin(), groups.end(), c.skill) != groups.end();
    if (in_use) return {Rejection::kInUse};
  }
  for (const Agent* agent : state.agents.sorted()) {
    if (needs(agent->skills)) return {Rejection::kInUse};
  }
  for (const Interaction* i : state.interactions.sorted()) {
    if (asks(i->requirement) || asks(i->home->requirement)) return {Rejection::kInUse};
  }
  if (names_skill(state.flow, c.skill)) return {Rejection::kInUse};
  emit(event::SkillRemoved{c.skill});
  return {};
}

Decision Decider::on(const command::PutQueue& c) {
  const bool good = c.queue && !c.name.empty() && c.name.size() <= kNameMax && c.offer_timeout_ms >= 1000 &&
                    c.offer_timeout_ms <= 3'600'000 && c.wrap_up_ms <= kDayMs && c.priority_step_ms <= kDayMs &&
                    c.avoid_ms <= kDayMs && sound(c.matching);
  if (!good) return {Rejection::kInvalidArgument};
  if (const Rejection bad = check_matching(c); bad != Rejection::kNone) return {bad};
  event::QueuePut put{
      c.queue,    c.name,        c.open,        c.policy,  c.offer_timeout_ms, c.wrap_up_ms, c.priority_step_ms,
      c.avoid_ms, c.max_waiting, c.auto_accept, c.matching};
  const Queue* present = state.queues.find(c.queue);
  const bool renamed = present && present->config.name != c.name;
  if (renamed && names_queue(state.flow, present->config.name)) return {Rejection::kInUse};
  if (!present || present->config != put) emit(std::move(put));
  return {};
}

Decision Decider::on(const command::PutAgent& c) {
  const bool shape = c.agent && c.capacity.size() <= kChannelCount && c.skills.size() <= kSkillsMax &&
                     c.login.size() <= kNameMax && c.units <= kUnitsMax && strictly_sorted(c.queues) &&
                     strictly_sorted(c.skills, by_skill) &&
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
      present->login == c.login && present->units == c.units) {
    return {};
  }
  emit(event::AgentPut{c.agent, c.skills, c.queues, c.capacity, c.login, c.units});
  retarget_waiting_for(c.agent, false);
  seek_work(c.agent);
  return {};
}

Decision Decider::on(const command::RemoveAgent& c) {
  const Agent* agent = state.agents.find(c.agent);
  if (!agent) return {Rejection::kUnknownAgent};
  const bool busy = agent->signed_in || !agent->work.empty() || !agent->wrap_ups.empty();
  if (busy || names_agent(state.flow, c.agent)) return {Rejection::kInUse};
  retarget_waiting_for(c.agent, true);
  emit(event::AgentRemoved{c.agent});
  return {};
}

Decision Decider::on(const command::PutCenter& c) {
  const bool good = c.agent_grace_ms <= kDayMs && c.customer_grace_ms <= kDayMs && c.rest_ms <= kDayMs &&
                    c.weights.size() <= kChannelCount &&
                    std::all_of(c.weights.begin(), c.weights.end(), [](auto w) { return w <= kUnitsMax; });
  if (!good) return {Rejection::kInvalidArgument};
  event::CenterPut put{c.agent_grace_ms, c.customer_grace_ms, c.weights, c.misses_max, c.rest_ms};
  if (state.center == put) return {};
  const bool weighs = state.center.weights != put.weights;
  emit(std::move(put));
  if (!weighs) return {};
  for (const Agent* agent : state.agents.sorted()) seek_work(agent->id);
  return {};
}

}  // namespace sb::routing
