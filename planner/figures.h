#pragma once
// The figures of one queue (or of all), as one replication gives them and as the replications together estimate them.
// docs/simulation.md defines each; the names are those of the JSON.
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sb::planner {

enum class Figure : std::uint8_t {
  kOffered,
  kAnswered,
  kAbandoned,
  kBlocked,
  kUnfinished,
  kDelayedShare,
  kWaitMean,
  kWaitAnsweredMean,
  kWaitP50,
  kWaitP90,
  kWaitP99,
  kServiceLevel,
  kQueueLengthMean,
  kOccupancy,  // of all only
};
inline constexpr std::size_t kFigureCount = 14;
inline constexpr std::array<std::string_view, kFigureCount> kFigureNames{
    "offered",           "answered",      "abandoned",   "blocked",
    "unfinished",        "delayed_share", "wait_mean_s", "wait_answered_mean_s",
    "wait_p50_s",        "wait_p90_s",    "wait_p99_s",  "service_level",
    "queue_length_mean", "occupancy"};

// Not a number where there is nothing to measure: the mean wait of nobody.
inline constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

// One replication's.
struct Figures {
  std::array<double, kFigureCount> values{};
  [[nodiscard]] double& operator[](Figure f) { return values[static_cast<std::size_t>(f)]; }
  [[nodiscard]] double operator[](Figure f) const { return values[static_cast<std::size_t>(f)]; }
};

// Mean over replications, and half the width of its 95 % confidence interval (Student's t). No mean when no replication
// has the figure, no width when fewer than two have it.
struct Estimate {
  std::optional<double> mean;
  std::optional<double> half_width;
};
[[nodiscard]] Estimate estimate(std::span<const double> values);

struct Estimates {
  std::array<Estimate, kFigureCount> values{};
  [[nodiscard]] const Estimate& operator[](Figure f) const { return values[static_cast<std::size_t>(f)]; }
};
[[nodiscard]] Estimates estimate(std::span<const Figures> replications);

// What happened to the counted customers of one queue in one replication.
class Tally {
 public:
  std::uint64_t offered = 0;
  std::uint64_t answered = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t blocked = 0;
  std::uint64_t unfinished = 0;
  std::uint64_t in_time = 0;  // answered within the service level's time

  // The wait of one who was not blocked, however it ended.
  void add_wait(double wait_s, bool was_answered) {
    if (wait_s > 0) waits_s_.push_back(static_cast<float>(wait_s));
    wait_sum_s_ += wait_s;
    if (was_answered) wait_answered_sum_s_ += wait_s;
  }
  void add(const Tally& other);
  // All but the time averages. Reorders the waits.
  [[nodiscard]] Figures figures();

 private:
  [[nodiscard]] double percentile(double share, std::uint64_t count);

  double wait_sum_s_ = 0;
  double wait_answered_sum_s_ = 0;
  std::vector<float> waits_s_;  // those above 0
};

}  // namespace sb::planner
