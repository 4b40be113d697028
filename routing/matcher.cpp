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

std::optional<AgentChoice> choose_agent(const State& state, const Interaction& interaction, AgentId but) {
  const RequirementClass& c = state.waiting.at(interaction.requirement_class);
  const Queue* queue = state.queues.find(interaction.queue);
  const Policy policy = queue ? queue->config.policy : Policy::kLongestIdle;
  const std::uint32_t avoided = interaction.avoid ? state.agents.slot_of(interaction.avoid) : Slab<Agent>::kNoSlot;
  const std::uint32_t also =
      interaction.avoid_also ? state.agents.slot_of(interaction.avoid_also) : Slab<Agent>::kNoSlot;
  // Who holds an interaction is not asked to help with it.
  const std::uint32_t owner = interaction.agent ? state.agents.slot_of(interaction.agent) : Slab<Agent>::kNoSlot;
  const std::uint32_t left_out = but ? state.agents.slot_of(but) : Slab<Agent>::kNoSlot;
  const bool by_order_alone = policy == Policy::kLongestIdle && c.requirement.preferred.empty();
  AgentChoice best;
  std::uint64_t best_order = 0;
  std::uint32_t best_slot = 0;
  for_each_common(c.eligible, state.free_agents[index_of(c.channel)], [&](std::uint32_t slot) {
    if (slot == avoided || slot == also || slot == owner || slot == left_out) return;
    const std::uint64_t order = state.idle_orders[slot];
    if (by_order_alone) {  // the order decides alone, without touching the agent
      if (best.candidates++ == 0 || order < best_order) {
        best_order = order;
        best_slot = slot;
      }
      return;
    }
    const Agent& agent = state.agents.at(slot);
    const std::uint32_t levels = preferred_levels_of(agent, c.requirement);
    const std::int64_t score = score_of(agent, policy, c.channel, c.requirement);
    const auto better = [&] {
      if (levels != best.preferred_levels) return levels > best.preferred_levels;
      return score < best.score || (score == best.score && order < best_order);
    };
    if (best.candidates++ == 0 || better()) {
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

std::optional<WorkChoice> choose_work(const State& state, const Agent& agent) {
  const std::uint32_t slot = state.agents.slot_of(agent.id);
  bool found = false;
  WaitingKey best;
  std::uint32_t best_class = 0;
  for (std::size_t ch = 1; ch < kChannelCount; ++ch) {
    if (!state.free_agents[ch].test(slot)) continue;
    state.waiting.for_each_workable(slot, static_cast<Channel>(ch), [&](std::uint32_t index) {
      for (const WaitingKey& key : state.waiting.at(index).entries) {
        if (found && best < key) break;
        const Interaction& waiting = *state.interactions.find(key.interaction);
        if (waiting.avoid == agent.id || waiting.avoid_also == agent.id || waiting.agent == agent.id) continue;
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
  return WorkChoice{best.interaction, count_common(c.eligible, state.free_agents[index_of(c.channel)]),
                    score_of(agent, policy, c.channel, c.requirement), preferred_levels_of(agent, c.requirement)};
}

}  // namespace sb::routing
