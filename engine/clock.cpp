#include "engine/clock.h"

#include <algorithm>
#include <chrono>

namespace sb::engine {

Clock::Clock(Source wall, Source steady)
    : wall_(std::move(wall)), steady_(std::move(steady)), time_ms_(wall_()), last_(steady_()) {}

Clock Clock::system() {
  using namespace std::chrono;
  const auto in_ms = [](auto t) {
    return static_cast<TimeMs>(duration_cast<milliseconds>(t.time_since_epoch()).count());
  };
  return Clock([=] { return in_ms(system_clock::now()); }, [=] { return in_ms(steady_clock::now()); });
}

TimeMs Clock::now() {
  const std::lock_guard lock(mutex_);
  const TimeMs steady = steady_();
  const std::uint64_t passed = steady - last_;
  last_ = steady;
  time_ms_ += passed;
  credit_ += passed;
  const std::uint64_t slew_max = credit_ / kSlewDivisor;
  if (slew_max == 0) return time_ms_;
  credit_ -= slew_max * kSlewDivisor;
  const TimeMs wall = wall_();
  if (wall > time_ms_) {
    time_ms_ += std::min(slew_max, wall - time_ms_);
  } else if (wall < time_ms_) {
    // Slower, never backwards: at least nineteen twentieths of the passed time remain.
    time_ms_ -= std::min({slew_max, time_ms_ - wall, passed});
  }
  return time_ms_;
}

}  // namespace sb::engine
