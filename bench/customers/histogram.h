#pragma once
// Latencies in log-linear buckets: 128 steps per power of two, so a reported value is at most 1/128 (0.8 %) above the
// recorded one, whatever its size. Fixed memory (58 x 128 counters), no allocation after construction.
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sb::customers {

class Histogram {
 public:
  Histogram();

  void record(std::uint64_t value);
  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max() const { return max_; }
  [[nodiscard]] double mean() const;
  // The smallest bucket end at or below which `share` (0..1) of the values lie; 0 when nothing was recorded.
  [[nodiscard]] std::uint64_t percentile(double share) const;

 private:
  [[nodiscard]] static std::size_t bucket_of(std::uint64_t value);
  [[nodiscard]] static std::uint64_t end_of(std::size_t bucket);

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace sb::customers
