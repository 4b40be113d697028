#pragma once
// What a simulation runs: queues with their arrivals, handle times and patience, and the agents. Read from
// SCENARIO.toml (docs/simulation.md lists the keys) or composed by a caller. Plain data; times as written, in seconds.
#include <boost/json/fwd.hpp>
#include <cmath>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proto/types.h"

namespace sb::planner {

// A length of time of the outside world.
struct Distribution {
  enum class Kind : std::uint8_t { kNone, kExponential, kLognormal, kDeterministic, kEmpirical };
  Kind kind = Kind::kNone;         // none: it never ends (patience), or takes no time (answering)
  double mean_s = 0;               // also the value of kDeterministic
  double sd_s = 0;                 // kLognormal
  std::vector<double> values_s{};  // kEmpirical: each as likely as the others

  [[nodiscard]] double mean() const;
};

// When customers come.
struct Arrivals {
  enum class Process : std::uint8_t { kPoisson, kTrace };
  Process process = Process::kPoisson;
  std::vector<double> rates_per_hour{};  // one: throughout; several: one per interval
  double interval_s = 0;                 // with several rates
  bool repeat = false;                   // the intervals start again; otherwise nobody comes after the last
  std::vector<double> times_s{};         // kTrace, ascending

  // How many come in the first `duration_s` on average.
  [[nodiscard]] double expected(double duration_s) const;
};

using SkillLevels = std::vector<std::pair<std::string, std::uint32_t>>;

struct QueueScenario {
  std::string name;
  Channel channel = Channel::kChat;
  std::int32_t priority = 0;  // between queues, higher first; of order aging a head start only
  Order order = Order::kFifo;
  Policy policy = Policy::kLongestIdle;
  std::optional<std::uint32_t> max_waiting;  // none: unlimited; 0: whoever finds no agent is lost
  double priority_step_s = 60;               // order aging: how much earlier one point of priority counts
  double target_s = 0;                       // order least_slack: until when it should be answered
  std::uint32_t weight = 1;                  // order fair_share
  double wrap_up_s = 0;                      // after-contact work of the agent
  SkillLevels requirement;
  Arrivals arrivals;
  Distribution handle_time;
  Distribution patience;
};

// From and until when an agent takes work; who is busy at the end finishes it.
struct Shift {
  double from_s = 0;
  double until_s = 0;
};

struct AgentsScenario {
  std::uint32_t count = 0;
  SkillLevels skills;
  std::vector<std::string> queues;  // empty: all
  std::uint32_t capacity = 1;       // contacts at once; of calls never more than one
  Distribution answer_delay;        // from the offer to its acceptance; none: at once
  std::vector<Shift> shifts;        // empty: always there
};

struct RecordedDay;

struct Scenario {
  std::uint64_t seed = 1;
  double duration_s = 0;
  double warmup_s = 0;
  std::uint32_t replications = 10;
  double service_level_s = 20;
  double report_interval_s = 0;  // above 0: figures by interval of arrival too
  std::vector<QueueScenario> queues;
  std::vector<AgentsScenario> agents;
  // A recorded day instead of invented customers and agents: then the queues are only names, in the day's order, there
  // are no agents here, and nothing is read from files.
  std::shared_ptr<const RecordedDay> day{};
};

// The core counts in milliseconds, scenarios in seconds.
[[nodiscard]] inline DurationMs milliseconds(double seconds) {
  return static_cast<DurationMs>(std::llround(seconds * 1000));
}

// Bounds on what is accepted, so that a slip of the pen does not become a day of computing.
inline constexpr double kDurationMaxS = 1e9;  // 31 years
inline constexpr std::uint32_t kReplicationsMax = 10'000;
inline constexpr std::uint32_t kAgentsMax = 100'000;
inline constexpr std::size_t kQueuesMax = 1'000;
inline constexpr double kArrivalsMax = 50e6;          // expected, in one replication
inline constexpr std::size_t kValuesMax = 1'000'000;  // of one empirical distribution or list of rates

// Reads and checks a scenario file. The error is one line, "FILE:LINE: KEY: reason". Relative trace files are looked
// for beside the scenario.
[[nodiscard]] std::expected<Scenario, std::string> read_scenario(const std::filesystem::path& file);

// What is wrong with a request, and where: "queue[0].arrivals.rate_per_hour".
struct FieldProblem {
  std::string field;
  std::string reason;
  std::size_t line = 0;  // of the text it stands in; 0: it stands in none
};

// The same keys as JSON. Keys that name files are refused.
[[nodiscard]] std::expected<Scenario, FieldProblem> read_scenario(const boost::json::object& json);

}  // namespace sb::planner
