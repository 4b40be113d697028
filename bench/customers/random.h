#pragma once
// Seeded chance: the same seed gives the same customers. One thread.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "bench/customers/clock.h"

namespace sb::customers {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  [[nodiscard]] std::uint64_t bits() { return engine_(); }
  // [0, 1)
  [[nodiscard]] double share() { return static_cast<double>(engine_() >> 11U) * 0x1.0p-53; }
  [[nodiscard]] bool chance(double probability) { return share() < probability; }
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : engine_() % bound; }
  [[nodiscard]] Millis between(Millis low, Millis high) {
    return low + Millis(static_cast<std::int64_t>(below(static_cast<std::uint64_t>((high - low).count()) + 1)));
  }
  [[nodiscard]] Millis exponential(Millis mean) {
    return Millis(static_cast<std::int64_t>(-std::log(1.0 - share()) * static_cast<double>(mean.count())));
  }
  template <typename T>
  [[nodiscard]] const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  // 32 hex digits after a prefix, as the provider writes its ids.
  [[nodiscard]] std::string sid(const char* prefix) {
    char text[40];
    std::snprintf(text, sizeof text, "%s%016llx%016llx", prefix, static_cast<unsigned long long>(bits()),
                  static_cast<unsigned long long>(bits()));
    return text;
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace sb::customers
