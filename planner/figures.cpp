#include "planner/figures.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace sb::planner {

Estimate estimate(std::span<const double> values) {
  double count = 0;
  double sum = 0;
  for (const double v : values) {
    if (std::isnan(v)) continue;
    sum += v;
    ++count;
  }
  if (count == 0) return {};
  const double mean = sum / count;
  if (count < 2) return {mean, std::nullopt};
  double squares = 0;
  for (const double v : values) {
    if (!std::isnan(v)) squares += (v - mean) * (v - mean);
  }
  const double t = boost::math::quantile(boost::math::students_t(count - 1), 0.975);
  return {mean, t * std::sqrt(squares / (count - 1) / count)};
}

Estimates estimate(std::span<const Figures> replications) {
  Estimates all;
  std::vector<double> values(replications.size());
  for (std::size_t f = 0; f < kFigureCount; ++f) {
    for (std::size_t r = 0; r < replications.size(); ++r) values[r] = replications[r].values[f];
    all.values[f] = estimate(values);
  }
  return all;
}

void Tally::add(const Tally& other) {
  offered += other.offered;
  answered += other.answered;
  abandoned += other.abandoned;
  blocked += other.blocked;
  unfinished += other.unfinished;
  in_time += other.in_time;
  wait_sum_s_ += other.wait_sum_s_;
  wait_answered_sum_s_ += other.wait_answered_sum_s_;
  waits_s_.insert(waits_s_.end(), other.waits_s_.begin(), other.waits_s_.end());
}

// The least wait that at least this share did not exceed.
double Tally::percentile(double share, std::uint64_t count) {
  if (count == 0) return kNothing;
  const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count)));
  const std::uint64_t zeros = count - waits_s_.size();
  if (rank <= zeros) return 0;
  const auto at = waits_s_.begin() + static_cast<std::ptrdiff_t>(rank - zeros - 1);
  std::nth_element(waits_s_.begin(), at, waits_s_.end());
  return static_cast<double>(*at);
}

Figures Tally::figures() {
  const std::uint64_t admitted = offered - blocked;
  const auto count = [](std::uint64_t n) { return static_cast<double>(n); };
  const auto ratio = [&](double part, std::uint64_t of) { return of > 0 ? part / count(of) : kNothing; };
  Figures f;
  f[Figure::kOffered] = count(offered);
  f[Figure::kAnswered] = count(answered);
  f[Figure::kAbandoned] = count(abandoned);
  f[Figure::kBlocked] = count(blocked);
  f[Figure::kUnfinished] = count(unfinished);
  f[Figure::kDelayedShare] = ratio(count(waits_s_.size()), admitted);
  f[Figure::kWaitMean] = ratio(wait_sum_s_, admitted);
  f[Figure::kWaitAnsweredMean] = ratio(wait_answered_sum_s_, answered);
  f[Figure::kWaitP50] = percentile(0.5, admitted);
  f[Figure::kWaitP90] = percentile(0.9, admitted);
  f[Figure::kWaitP99] = percentile(0.99, admitted);
  f[Figure::kServiceLevel] = ratio(count(in_time), admitted);
  f[Figure::kOccupancy] = kNothing;
  return f;
}

}  // namespace sb::planner
