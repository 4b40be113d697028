#pragma once
// The two questions of assignment, answered from the indexes without changing anything.
#include <optional>
#include <vector>

#include "routing/state.h"

namespace sb::routing {

// Where the agent stands in the queue's groups: 0 for the first; their number for an agent in none of them.
[[nodiscard]] std::size_t group_of(const Agent& agent, const QueueMatching& matching);

struct AgentChoice {
  AgentId agent;
  std::uint32_t candidates = 0;  // eligible agents that were free
  std::int64_t score = 0;        // by the queue's policy, lower wins
  std::uint32_t preferred_levels = 0;
};

// Work seeks agents: the best free ones for a waiting interaction, at most `count`, `but` left out; best first.
//
// The queue's earlier groups go before its later ones; then the more of the preferred skills' levels the better; then
// the policy's score, each tied off by who has been idle longest (a strictly increasing order, so no ties remain):
//   longest_idle      idle since, in ms
//   best_proficiency  minus the sum of the agent's levels in the required skills
//   least_occupied    load in per mille of the channel's capacity
//   round_robin       number of the last offer the agent was given
[[nodiscard]] std::vector<AgentChoice> choose_agents(const State& state, const Interaction& interaction,
                                                     std::size_t count, AgentId but = {});
// The best one alone.
[[nodiscard]] std::optional<AgentChoice> choose_agent(const State& state, const Interaction& interaction,
                                                      AgentId but = {});

// Whether agents' merits decide in this class of this queue, before anything that changes from offer to offer.
[[nodiscard]] bool goes_by_merit(const RequirementClass& c, const Queue& queue);
// Of everybody eligible, best first.
[[nodiscard]] std::vector<Merit> merits_of(const State& state, const RequirementClass& c, const Queue& queue);

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
