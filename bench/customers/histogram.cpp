#include "bench/customers/histogram.h"

#include <algorithm>
#include <cmath>

namespace sb::customers {
namespace {

constexpr unsigned kStepBits = 7;
constexpr std::uint64_t kSteps = std::uint64_t{1} << kStepBits;
// Below 2^8 every value has its own bucket; each of the 56 powers above has 128.
constexpr std::size_t kBuckets = (64 - kStepBits + 1) * kSteps;

}  // namespace

Histogram::Histogram() : counts_(kBuckets, 0) {}

std::size_t Histogram::bucket_of(std::uint64_t value) {
  if (value < 2 * kSteps) return value;
  const unsigned power = 63U - static_cast<unsigned>(__builtin_clzll(value));
  const unsigned shift = power - kStepBits;
  return shift * kSteps + (value >> shift);
}

std::uint64_t Histogram::end_of(std::size_t bucket) {
  if (bucket < 2 * kSteps) return bucket;
  const std::size_t shift = bucket / kSteps - 1;
  const std::uint64_t start = (bucket - shift * kSteps) << shift;
  return start + (std::uint64_t{1} << shift) - 1;
}

void Histogram::record(std::uint64_t value) {
  ++counts_[bucket_of(value)];
  ++count_;
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value);
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

double Histogram::mean() const {
  return count_ == 0 ? 0.0 : sum_ / static_cast<double>(count_);
}

std::uint64_t Histogram::percentile(double share) const {
  if (count_ == 0) return 0;
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen >= wanted) return std::min(end_of(i), max_);
  }
  return max_;
}

}  // namespace sb::customers
