#pragma once
// Wall time that never runs backwards and never jumps: it advances with the steady clock and is drawn toward the wall
// clock by at most one part in twenty. A machine whose clock is stepped by an hour keeps its promises to waiting
// customers.
#include <functional>
#include <mutex>

#include "proto/ids.h"

namespace sb::engine {

class Clock {
 public:
  using Source = std::function<TimeMs()>;

  // Both sources in milliseconds; `steady` must never decrease.
  Clock(Source wall, Source steady);
  [[nodiscard]] static Clock system();

  Clock(const Clock& other)
      : wall_(other.wall_), steady_(other.steady_), time_ms_(other.time_ms_), last_(other.last_) {}
  Clock& operator=(const Clock&) = delete;

  // Thread-safe.
  [[nodiscard]] TimeMs now();

 private:
  static constexpr std::uint64_t kSlewDivisor = 20;

  Source wall_;
  Source steady_;
  std::mutex mutex_;
  TimeMs time_ms_;
  TimeMs last_;               // steady time of the last reading
  std::uint64_t credit_ = 0;  // steady milliseconds not yet used for drawing nearer
};

}  // namespace sb::engine
