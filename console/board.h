#pragma once
// The supervisors' figures: what queues and agents do now (from the state) and have done since local midnight (counted
// from events). Owner thread: the release executor.
#include <set>
#include <unordered_map>
#include <vector>

#include "engine/center.h"
#include "engine/engine.h"
#include "proto/console.h"

namespace sb::console {

class Board {
 public:
  explicit Board(const engine::Center& center) : center_(center) {}

  void before_event(const Event& event, TimeMs time_ms, const routing::State& before);
  void after_event(const Event& event, const routing::State& after);

  // Counts what happened since midnight before this run; call with every record of today, in order.
  void count(const Event& event, QueueId queue_of_abandoned, TimeMs time_ms);

  [[nodiscard]] QueueCard queue_card(QueueId id, const routing::State& state) const;
  [[nodiscard]] AgentCard agent_card(const routing::Agent& agent) const;

  // Changes are noted only while somebody watches.
  void set_watched(bool watched);

  // What changed since the last call, for watchers.
  struct Changes {
    std::vector<QueueCard> queues;
    std::vector<AgentCard> agents;
  };
  [[nodiscard]] Changes take_changes(const routing::State& state);
  [[nodiscard]] Changes everything(const routing::State& state) const;
  [[nodiscard]] bool changed() const { return !changed_queues_.empty() || !changed_agents_.empty(); }

 private:
  struct QueueDay {
    std::uint32_t answered = 0;
    std::uint32_t in_time = 0;
    std::uint32_t abandoned = 0;
    DurationMs waited_ms = 0;  // sum over the answered
  };
  void roll_over(TimeMs time_ms);
  void touch_agent(AgentId id, const routing::State& state);

  const engine::Center& center_;
  bool watched_ = false;
  TimeMs day_start_ms_ = 0;
  std::unordered_map<std::uint32_t, QueueDay> queues_;
  std::unordered_map<std::uint32_t, std::uint32_t> handled_;  // by agent
  std::set<QueueId> changed_queues_;
  std::set<AgentId> changed_agents_;
};

}  // namespace sb::console
