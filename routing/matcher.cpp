#include "routing/matcher.h"

#include <algorithm>

namespace sb::routing {

std::int64_t score_of(const Agent& agent, Policy policy, Channel channel, const Requirement& requirement) {
  switch (policy) {
    case Policy::kLongestIdle:
      return static_cast<std::int64_t>(agent.idle_since_ms);
    case Policy::kBestProficiency: {
      std::int64_t sum = 0;
      for (const auto& need : requirement.skills) sum += State::level_of(agent, need.skill);
      return -sum;
    }
    case Policy::kLeastOccupied: {
      const std::size_t c = index_of(channel);
      return c < agent.capacity.size() && agent.capacity[c] > 0
                 ? std::int64_t{agent.load[c]} * 1000 / std::int64_t{agent.capacity[c]}
                 : 0;
    }
    case Policy::kRoundRobin:
      return static_cast<std::int64_t>(agent.last_offer.value);
  }
  return 0;
}

std::uint32_t preferred_levels_of(const Agent& agent, const Requirement& requirement) {
  std::uint32_t sum = 0;
  for (const SkillId skill : requirement.preferred) sum += State::level_of(agent, skill);
  return sum;
}

std::size_t group_of(const Agent& agent, const QueueMatching& matching) {
  std::size_t n = 0;
  while (n < matching.groups.size() && State::level_of(agent, matching.groups[n]) == 0) ++n;
  return n;
}

namespace {

// The few who must not be asked, by slot.
class LeftOut {
 public:
  LeftOut(const State& state, const Interaction& i, AgentId but) : state_(state) {
    add(but);
    add(i.agent);  // who holds an interaction is not asked to help with it, nor who helps already
    for (const Participant& p : i.participants) add(p.agent);
    add(i.avoid);
    add(i.avoid_also);
    for (const AgentId agent : i.missed_by) add(agent);
  }
  void add(AgentId agent) {
    if (agent) slots_.push_back(state_.agents.slot_of(agent));
  }
  [[nodiscard]] bool contains(std::uint32_t slot) const {
    return std::find(slots_.begin(), slots_.end(), slot) != slots_.end();
  }

 private:
  const State& state_;
  std::vector<std::uint32_t> slots_;
};

// The best free agent, or none.
std::optional<AgentChoice> choose_agent(const State& state, const RequirementClass& c, const Queue& queue,
                                        const LeftOut& left_out) {
  const Policy policy = queue.config.policy;
  const QueueMatching& matching = queue.config.matching;
  const bool by_order_alone =
      policy == Policy::kLongestIdle && c.requirement.preferred.empty() && matching.groups.empty();
  AgentChoice best;
  std::size_t best_group = 0;
  std::uint64_t best_order = 0;
  std::uint32_t best_slot = 0;
  for_each_common(c.eligible, state.free_for(c.queue, c.channel), [&](std::uint32_t slot) {
    if (left_out.contains(slot)) return;
    const std::uint64_t order = state.idle_orders[slot];
    if (by_order_alone) {  // the order decides alone, without touching the agent
      if (best.candidates++ == 0 || order < best_order) {
        best_order = order;
        best_slot = slot;
      }
      return;
    }
    const Agent& agent = state.agents.at(slot);
    const std::size_t group = group_of(agent, matching);
    const std::uint32_t levels = preferred_levels_of(agent, c.requirement);
    const std::int64_t score = score_of(agent, policy, c.channel, c.requirement);
    const auto better = [&] {
      if (group != best_group) return group < best_group;
      if (levels != best.preferred_levels) return levels > best.preferred_levels;
      return score < best.score || (score == best.score && order < best_order);
    };
    if (best.candidates++ == 0 || better()) {
      best_group = group;
      best.preferred_levels = levels;
      best.score = score;
      best_order = order;
      best_slot = slot;
    }
  });
  if (best.candidates == 0) return std::nullopt;
  const Agent& agent = state.agents.at(best_slot);
  best.agent = agent.id;
  best.score = score_of(agent, policy, c.channel, c.requirement);
  return best;
}

}  // namespace

std::vector<AgentChoice> choose_agents(const State& state, const Interaction& interaction, std::size_t count,
                                       AgentId but) {
  const RequirementClass& c = state.waiting.at(interaction.requirement_class);
  const Queue* queue = state.queues.find(interaction.queue);
  std::vector<AgentChoice> chosen;
  if (!queue) return chosen;
  LeftOut left_out(state, interaction, but);
  while (chosen.size() < count) {
    const auto choice = choose_agent(state, c, *queue, left_out);
    if (!choice) break;
    chosen.push_back(*choice);
    left_out.add(choice->agent);
  }
  return chosen;
}

std::optional<WorkChoice> choose_work(const State& state, const Agent& agent) {
  const std::uint32_t slot = state.agents.slot_of(agent.id);
  bool found = false;
  WaitingKey best;
  std::uint32_t best_class = 0;
  for (std::size_t ch = 1; ch < kChannelCount; ++ch) {
    if (!state.free_agents[ch].test(slot)) continue;
    const bool has_soft_room = state.free_for_soft[ch].test(slot);
    state.waiting.for_each_workable(slot, static_cast<Channel>(ch), [&](std::uint32_t index) {
      if (!has_soft_room && is_soft(*state.queues.find(state.waiting.at(index).queue), static_cast<Channel>(ch)))
        return;
      for (const WaitingKey& key : state.waiting.at(index).entries) {
        if (found && best < key) break;
        const Interaction& waiting = *state.interactions.find(key.interaction);
        if (waiting.involves(agent.id) || avoids(waiting, agent.id)) continue;
        best = key;
        best_class = index;
        found = true;
        break;
      }
    });
  }
  if (!found) return std::nullopt;
  const RequirementClass& c = state.waiting.at(best_class);
  const Queue* queue = state.queues.find(c.queue);
  const Policy policy = queue ? queue->config.policy : Policy::kLongestIdle;
  return WorkChoice{best.interaction, count_common(c.eligible, state.free_for(c.queue, c.channel)),
                    score_of(agent, policy, c.channel, c.requirement), preferred_levels_of(agent, c.requirement)};
}

}  // namespace sb::routing
