#pragma once
// A scenario's distributions and arrival processes as sources of times. Simulated time is in whole microseconds, so
// that equal times are equal and sums exact; rounding shifts a mean by less than a microsecond.
#include <cstdint>
#include <limits>

#include "planner/random.h"
#include "planner/scenario.h"

namespace sb::planner {

using SimTime = std::int64_t;  // microseconds since the start of the replication
inline constexpr SimTime kNoTime = std::numeric_limits<SimTime>::max();
inline constexpr double kTicksPerS = 1e6;

[[nodiscard]] inline SimTime ticks(double seconds) {
  return static_cast<SimTime>(std::llround(seconds * kTicksPerS));
}

// Draws lengths of time. `distribution` must outlive it.
class Sampler {
 public:
  Sampler(const Distribution& distribution, Random random);
  // kNoTime when the distribution is none.
  [[nodiscard]] SimTime draw();

 private:
  const Distribution& distribution_;
  Random random_;
  double log_mean_ = 0;  // lognormal: mean and deviation of the logarithm
  double log_sd_ = 0;
};

// Arrival times one after another. `arrivals` must outlive it.
class ArrivalClock {
 public:
  ArrivalClock(const Arrivals& arrivals, Random random, double horizon_s)
      : arrivals_(arrivals), random_(random), horizon_s_(horizon_s) {}
  // Never decreasing; kNoTime: nobody comes any more before the horizon.
  [[nodiscard]] SimTime next();

 private:
  [[nodiscard]] double next_of_intervals();

  const Arrivals& arrivals_;
  Random random_;
  double horizon_s_;
  double now_s_ = 0;
  std::size_t at_ = 0;  // trace: the next; intervals: the present one, counted from the start
};

}  // namespace sb::planner
