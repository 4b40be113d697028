#pragma once
// How evenly work falls on those who are there for it, since local midnight.
//
// The figure is Jain's fairness index J = (sum x)^2 / (n * sum x^2) over agents, x being the interactions an agent
// accepted per hour signed in: 1 when all have the same, 1/n when one has everything (R. Jain, D. Chiu, W. Hawe, "A
// Quantitative Measure of Fairness and Discrimination for Resource Allocation in Shared Computer Systems", DEC-TR-301,
// 1984). Of a queue: its work over the agents who serve it. An agent counts after kCountedMs signed in today; fewer
// than two agents, or no work: unknown. Owner thread: the board's.
#include <span>
#include <unordered_map>

#include "routing/state.h"

namespace sb::console {

class WorkShares {
 public:
  static constexpr DurationMs kCountedMs = 600'000;

  void signed_in(AgentId agent, TimeMs at);
  // Whoever was never seen to sign in has been there since `day_start`.
  void signed_out(AgentId agent, TimeMs at, TimeMs day_start);
  void accepted(AgentId agent, QueueId queue);

  // A new day: nothing is counted yet, who is signed in stays so.
  void begin_day(TimeMs start);
  // Ends what is open at `at`: what follows is counted elsewhere.
  void close(TimeMs at);
  void add(const WorkShares& other);

  // In thousandths; 0: unknown.
  [[nodiscard]] std::uint32_t fairness(TimeMs now) const;
  [[nodiscard]] std::uint32_t fairness(QueueId queue, std::span<const AgentId> serving, TimeMs now) const;

 private:
  struct Share {
    DurationMs signed_in_ms = 0;  // without the open stretch
    TimeMs since_ms = 0;          // 0: not signed in
    std::uint32_t accepted = 0;
    std::unordered_map<std::uint32_t, std::uint32_t> by_queue;

    [[nodiscard]] DurationMs there_ms(TimeMs now) const {
      return signed_in_ms + (since_ms != 0 && now > since_ms ? now - since_ms : 0);
    }
  };
  std::unordered_map<std::uint32_t, Share> shares_;  // by agent
};

}  // namespace sb::console
