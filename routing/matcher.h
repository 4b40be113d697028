#pragma once
// The two questions of assignment, answered from the indexes without changing anything.
#include <optional>

#include "routing/state.h"

namespace sb::routing {

struct AgentChoice {
  AgentId agent;
  std::uint32_t candidates = 0;  // eligible agents that were free
  std::int64_t score = 0;        // by the queue's policy, lower wins
  std::uint32_t preferred_levels = 0;
};

// Work seeks an agent: the best free one for a waiting interaction, `but` left out, or none.
//
// The more of the preferred skills' levels the better; then the policy's score, each tied off by who has been idle
// longest (a strictly increasing order, so no ties remain):
//   longest_idle      idle since, in ms
//   best_proficiency  minus the sum of the agent's levels in the required skills
//   least_occupied    load in per mille of the channel's capacity
//   round_robin       number of the last offer the agent was given
[[nodiscard]] std::optional<AgentChoice> choose_agent(const State& state, const Interaction& interaction,
                                                      AgentId but = {});

struct WorkChoice {
  InteractionId interaction;
  std::uint32_t candidates = 0;  // free agents eligible for it, this one included
  std::int64_t score = 0;
  std::uint32_t preferred_levels = 0;
};

// An agent seeks work: the first in order of everything waiting, over all queues and channels, that this agent can do.
[[nodiscard]] std::optional<WorkChoice> choose_work(const State& state, const Agent& agent);

[[nodiscard]] std::int64_t score_of(const Agent& agent, Policy policy, Channel channel, const Requirement& requirement);
[[nodiscard]] std::uint32_t preferred_levels_of(const Agent& agent, const Requirement& requirement);

}  // namespace sb::routing
