#pragma once
// The generator's one clock: monotonic, nanoseconds. Latencies are differences of it, so they survive clock changes.
#include <chrono>
#include <cstdint>

namespace sb::customers {

using Millis = std::chrono::milliseconds;

[[nodiscard]] inline std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
}

}  // namespace sb::customers
