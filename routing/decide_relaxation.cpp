#include <algorithm>

#include "routing/check.h"
#include "routing/decider.h"

// What waiting does to what waits: each step of a queue's relaxation, to the millisecond, and the end of a preferred
// agent's claim. Steps also pass while an offer is open; they count when it comes to nothing.
namespace sb::routing {

namespace {
void lower(std::vector<SkillLevel>& levels, const RelaxStep& step) {
  for (SkillLevel& s : levels) {
    if (step.skill && s.skill != step.skill) continue;
    s.level = s.level > step.amount ? s.level - step.amount : 1;
  }
}

void drop(Requirement& requirement, SkillId skill) {
  if (!skill) {
    requirement.skills.clear();
    requirement.any.clear();
    return;
  }
  std::erase_if(requirement.skills, [&](const SkillLevel& s) { return s.skill == skill; });
  for (AnyOf& group : requirement.any) {
    std::erase_if(group.skills, [&](const SkillLevel& s) { return s.skill == skill; });
  }
  std::erase_if(requirement.any, [](const AnyOf& group) { return group.skills.empty(); });
}

// `other` at the same level will do where `skill` is asked for.
void widen(Requirement& requirement, const RelaxStep& step) {
  const auto asks = [&](const SkillLevel& s) { return s.skill == step.skill; };
  const auto add = [&](AnyOf& group, std::uint32_t level) {
    const SkillLevel also{step.other, level};
    const auto at = std::lower_bound(group.skills.begin(), group.skills.end(), also, by_skill);
    if (at == group.skills.end() || at->skill != step.other) group.skills.insert(at, also);
  };
  for (AnyOf& group : requirement.any) {
    const auto at = std::find_if(group.skills.begin(), group.skills.end(), asks);
    if (at != group.skills.end()) add(group, at->level);
  }
  const auto at = std::find_if(requirement.skills.begin(), requirement.skills.end(), asks);
  if (at == requirement.skills.end()) return;
  AnyOf either{{*at}};
  add(either, at->level);
  requirement.skills.erase(at);
  requirement.any.push_back(std::move(either));
}
}  // namespace

void Decider::end_preference(InteractionId id) {
  const Interaction* i = state.interactions.find(id);
  Requirement requirement = i->requirement;
  requirement.only_agent = {};
  emit(event::InteractionRelaxed{
      id, RelaxKind::kPreferredOver, i->ring, std::move(requirement), i->priority, i->rank_ms, {}, 0, {}});
  seek_agent(id);
}

void Decider::relax(InteractionId id) {
  const Interaction* i = state.interactions.find(id);
  const Queue* queue = state.queues.find(i->queue);
  SB_CHECK(queue && i->ring < queue->config.matching.relaxation.size());
  const RelaxStep step = queue->config.matching.relaxation[i->ring];
  event::InteractionRelaxed relaxed{id,         step.kind,  i->ring + 1, i->requirement, i->priority,
                                    i->rank_ms, step.skill, step.amount, step.queue};
  switch (step.kind) {
    case RelaxKind::kLowerLevels:
      lower(relaxed.requirement.skills, step);
      for (AnyOf& group : relaxed.requirement.any) lower(group.skills, step);
      break;
    case RelaxKind::kDropSkill:
      drop(relaxed.requirement, step.skill);
      break;
    case RelaxKind::kWiden:
      widen(relaxed.requirement, step);
      break;
    case RelaxKind::kRaisePriority:
      relaxed.priority = std::min(kPriorityMax, i->priority + static_cast<std::int32_t>(step.amount));
      relaxed.rank_ms = rank_of(*i, *queue, i->queued_ms, relaxed.priority);
      break;
    default:
      break;
  }
  emit(std::move(relaxed));
  if (step.kind == RelaxKind::kOverflow) {
    const Queue* next = state.queues.find(step.queue);
    if (!next || !next->config.open || i->offer) return;  // stays where it is: see overflow_of()
    Requirement requirement = i->requirement;
    if (i->preferred_until_ms != 0) requirement.only_agent = {};  // the claim was on this queue, and had an end
    enqueue(id, {step.queue,
                 std::move(requirement),
                 i->priority,
                 QueuedReason::kOverflowed,
                 i->avoided->agent,
                 i->avoided->until_ms,
                 false,
                 {},
                 {}});
  } else if (step.kind == RelaxKind::kEnd) {
    end_unserved(id);
    return;
  }
  seek_agent(id);
}

QueueId Decider::overflow_of(const Interaction& i) const {
  const Queue* queue = state.queues.find(i.queue);
  if (!queue || i.consult) return {};
  const auto& steps = queue->config.matching.relaxation;
  for (std::size_t n = std::min<std::size_t>(i.ring, steps.size()); n > 0; --n) {
    if (steps[n - 1].kind != RelaxKind::kOverflow) continue;
    const Queue* next = state.queues.find(steps[n - 1].queue);
    if (next && next->config.open) return next->id;
  }
  return {};
}

void Decider::end_unserved(InteractionId id) {
  const Interaction* i = state.interactions.find(id);
  const std::vector<AgentId> freed = withdraw_offers(id);
  emit(event::InteractionEnded{id, i->customer, Party::kSystem, {}, EndReason::kNotServed, 0, i->channel});
  for (const AgentId agent : freed) seek_work(agent);
}

}  // namespace sb::routing
