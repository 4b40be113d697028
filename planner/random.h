#pragma once
// Random numbers that are the same on every machine: xoshiro256++ (D. Blackman, S. Vigna, "Scrambled linear
// pseudorandom number generators", ACM TOMS 47, 2021) seeded by SplitMix64, and inverse transforms of its own, so that
// no result depends on a standard library's distributions.
//
// A stream is named by (seed, replication, queue, purpose): streams do not share numbers, and one queue's customers
// stay the same when another queue, the staffing or a policy changes, which makes alternatives comparable. Recorded
// customers have streams of their own, named by their number instead of the queue's.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace sb::planner {

enum class Purpose : std::uint64_t { kArrivals = 1, kHandling = 2, kPatience = 3, kAnswering = 4, kCopies = 5 };

class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t replication, std::uint64_t queue, Purpose purpose) {
    std::uint64_t name = mix(seed);
    for (const std::uint64_t part : {replication, queue, static_cast<std::uint64_t>(purpose)}) {
      name = mix(name ^ mix(part + 0x9E3779B97F4A7C15u));
    }
    for (std::uint64_t& word : state_) word = mix(name += 0x9E3779B97F4A7C15u);
  }

  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // Above 0, at most 1, in steps of 2^-53.
  double uniform() { return static_cast<double>((next() >> 11) + 1) * 0x1p-53; }
  // Mean 1.
  double exponential() { return -std::log(uniform()); }
  // Mean 0, standard deviation 1 (Box and Muller).
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }
  // 0 to count - 1, for counts far below 2^53.
  std::uint64_t below(std::uint64_t count) {
    return static_cast<std::uint64_t>(static_cast<double>(next() >> 11) * 0x1p-53 * static_cast<double>(count));
  }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  std::array<std::uint64_t, 4> state_{};
};

}  // namespace sb::planner
