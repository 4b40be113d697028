#pragma once
// The supervisors' figures: what queues and agents do now (from the state) and have done since local midnight (counted
// from events). Owner thread: the release executor.
#include <set>
#include <unordered_map>
#include <vector>

#include "console/work_shares.h"
#include "engine/center.h"
#include "engine/engine.h"
#include "proto/console.h"

namespace sb::console {

class Board {
 public:
  explicit Board(const engine::Center& center) : center_(center) {}

  void before_event(const Event& event, TimeMs time_ms, const routing::State& before);
  void after_event(const Event& event, const routing::State& after);

  struct QueueDay {
    std::uint32_t answered = 0;
    std::uint32_t in_time = 0;
    std::uint32_t abandoned = 0;
    DurationMs waited_ms = 0;   // sum over the answered
    double waited_squares = 0;  // sum of squares, in ms^2
  };
  // What was done since local midnight.
  struct Day {
    TimeMs start_ms = 0;
    std::unordered_map<std::uint32_t, QueueDay> queues;
    std::unordered_map<std::uint32_t, std::uint32_t> handled;  // by agent
    WorkShares shares;
  };
  // Who is signed in when this run begins.
  void begin(const routing::State& state, TimeMs now);
  // Counts today's records up to `until` from the journal: what this run did not see. `signed_in` as of then. Any
  // thread; a second for a million.
  [[nodiscard]] static Day count_day(const storage::Store& store, const engine::Center& center, TimeMs now, Seq until,
                                     const std::vector<AgentId>& signed_in);
  // Adds it to what this run has counted, unless midnight has passed since.
  void add(const Day& earlier);

  [[nodiscard]] QueueCard queue_card(QueueId id, const routing::State& state, TimeMs now) const;
  [[nodiscard]] AgentCard agent_card(const routing::Agent& agent) const;

  // Changes are noted only while somebody watches.
  void set_watched(bool watched);

  // What changed since the last call, for watchers.
  struct Changes {
    std::vector<QueueCard> queues;
    std::vector<AgentCard> agents;
  };
  [[nodiscard]] Changes take_changes(const routing::State& state, TimeMs now);
  [[nodiscard]] Changes everything(const routing::State& state, TimeMs now) const;
  // See WorkShares.
  [[nodiscard]] std::uint32_t fairness(TimeMs now) const { return day_.shares.fairness(now); }
  [[nodiscard]] std::uint32_t fairness(QueueId id, const routing::State& state, TimeMs now) const;
  // Standard deviation of what those answered today waited, whatever their rank.
  [[nodiscard]] DurationMs wait_spread_ms(QueueId id) const;
  [[nodiscard]] bool changed() const { return !changed_queues_.empty() || !changed_agents_.empty(); }

 private:
  void roll_over(TimeMs time_ms);
  void touch_agent(AgentId id, const routing::State& state);

  const engine::Center& center_;
  bool watched_ = false;
  Day day_;
  std::set<QueueId> changed_queues_;
  std::set<AgentId> changed_agents_;
};

}  // namespace sb::console
