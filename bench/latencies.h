#pragma once
// How long each round of a benchmark took, for what an average hides. Adds about 40 ns to a round.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace sb {

class Latencies {
 public:
  void start() { begun_ = std::chrono::steady_clock::now(); }
  void stop() {
    const std::chrono::duration<double, std::micro> us = std::chrono::steady_clock::now() - begun_;
    us_.push_back(us.count());
  }
  [[nodiscard]] double longest_us() const { return us_.empty() ? 0 : *std::max_element(us_.begin(), us_.end()); }
  void report(benchmark::State& state) {
    std::sort(us_.begin(), us_.end());
    const auto share = [&](double part) {
      return us_.empty() ? 0 : us_[static_cast<std::size_t>(part * static_cast<double>(us_.size() - 1))];
    };
    state.counters["p50_us"] = share(0.5);
    state.counters["p99.9_us"] = share(0.999);
  }

 private:
  std::chrono::steady_clock::time_point begun_;
  std::vector<double> us_;
};

}  // namespace sb
