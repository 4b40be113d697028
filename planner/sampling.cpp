#include "planner/sampling.h"

namespace sb::planner {

Sampler::Sampler(const Distribution& distribution, Random random) : distribution_(distribution), random_(random) {
  if (distribution.kind != Distribution::Kind::kLognormal) return;
  const double cv = distribution.sd_s / distribution.mean_s;
  const double variance = std::log1p(cv * cv);
  log_sd_ = std::sqrt(variance);
  log_mean_ = std::log(distribution.mean_s) - variance / 2;
}

SimTime Sampler::draw() {
  switch (distribution_.kind) {
    case Distribution::Kind::kNone:
      return kNoTime;
    case Distribution::Kind::kExponential:
      return ticks(distribution_.mean_s * random_.exponential());
    case Distribution::Kind::kLognormal:
      return ticks(std::min(std::exp(log_mean_ + log_sd_ * random_.normal()), kDurationMaxS));
    case Distribution::Kind::kDeterministic:
      return ticks(distribution_.mean_s);
    case Distribution::Kind::kEmpirical:
      return ticks(distribution_.values_s[random_.below(distribution_.values_s.size())]);
  }
  return kNoTime;
}

SimTime ArrivalClock::next() {
  if (arrivals_.process == Arrivals::Process::kTrace) {
    return at_ < arrivals_.times_s.size() ? ticks(arrivals_.times_s[at_++]) : kNoTime;
  }
  if (arrivals_.interval_s > 0) {
    now_s_ = next_of_intervals();
  } else {
    const double rate_per_s = arrivals_.rates_per_hour.front() / 3600;
    now_s_ = rate_per_s > 0 ? now_s_ + random_.exponential() / rate_per_s : horizon_s_ + 1;
  }
  return now_s_ <= horizon_s_ ? ticks(now_s_) : kNoTime;
}

// The time by which the rates have added up to one more unit-rate gap.
double ArrivalClock::next_of_intervals() {
  const std::size_t count = arrivals_.rates_per_hour.size();
  double gap = random_.exponential();
  double now_s = now_s_;
  while (now_s <= horizon_s_ && (arrivals_.repeat || at_ < count)) {
    const double rate_per_s = arrivals_.rates_per_hour[at_ % count] / 3600;
    const double end_s = static_cast<double>(at_ + 1) * arrivals_.interval_s;
    const double available = (end_s - now_s) * rate_per_s;
    if (gap < available) return now_s + gap / rate_per_s;
    gap -= std::max(available, 0.0);
    now_s = end_s;
    ++at_;
  }
  return horizon_s_ + 1;
}

}  // namespace sb::planner
