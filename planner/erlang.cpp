#include "planner/erlang.h"

#include <cassert>
#include <cmath>

namespace sb::planner {

namespace {

constexpr double kTermsEnd = 1e-17;    // relative: a term this small no longer changes the sum
constexpr double kScaleLimit = 1e200;  // above it the sums are scaled down and the logarithm kept
constexpr std::uint32_t kUnlimited = std::numeric_limits<std::uint32_t>::max();

// Sums over k = 1..m of c_k and k c_k, c_k = product of x/(a+j), j = 1..k; the true sums are these times
// exp(log_scale).
struct ChainSums {
  double one = 1;  // 1 on the same scale
  double terms = 0;
  double weighted = 0;
  double last = 1;  // c_m
  double log_scale = 0;
};

// Growth factor of the k-th step: how much likelier k wait than k-1.
template <class Factor>
ChainSums sum_chain(std::uint32_t places, Factor&& factor) {
  ChainSums s;
  for (std::uint32_t k = 1; k <= places; ++k) {
    const double f = factor(k);
    s.last *= f;
    s.terms += s.last;
    s.weighted += s.last * k;
    if (s.terms > kScaleLimit || s.weighted > kScaleLimit) {
      for (double* part : {&s.one, &s.terms, &s.weighted, &s.last}) *part /= kScaleLimit;
      s.log_scale += std::log(kScaleLimit);
    }
    // The factors never grow, so the rest is less than a geometric series of ratio f, weighted by k.
    if (f < 1 && s.last * k < kTermsEnd * (1 - f) * (1 - f) * (s.one + s.terms)) {
      if (k < places) s.last = 0;
      break;
    }
  }
  return s;
}

double load_of(const Traffic& t) {
  return t.arrivals_per_s * t.handle_s;
}
double patience_ratio(const Traffic& t) {  // theta / mu
  return t.patience_s == kForever ? 0 : t.handle_s / t.patience_s;
}

ChainSums queue_chain(std::uint32_t agents, const Traffic& t) {
  const double load = load_of(t);
  const double leaving = patience_ratio(t);
  return sum_chain(t.waiting_max, [=](std::uint32_t k) { return load / (agents + k * leaving); });
}

bool grows_forever(std::uint32_t agents, const Traffic& t) {
  return t.patience_s == kForever && t.waiting_max == kUnlimited && load_of(t) >= agents;
}

// Limited places, patient customers: who finds k waiting needs k+1 departures.
double wait_exceeds_limited(std::uint32_t agents, const Traffic& t, double time_s) {
  const double load = load_of(t);
  const double b = erlang_b(agents, load);
  const ChainSums s = queue_chain(agents, t);
  const double total = s.one + b * s.terms;
  const double admitted = 1 - b * s.last / total;
  const double departures = agents * time_s / t.handle_s;
  double log_term = -departures;  // of the Poisson law of departures within the time: exactly k
  double at_most = std::exp(log_term);
  double p = b * s.one / total;  // everybody busy, k waiting
  double sum = 0;
  for (std::uint32_t k = 0; k < t.waiting_max && p > 0; ++k) {
    if (k > 0 && departures > 0) {
      log_term += std::log(departures / k);
      at_most += std::exp(log_term);
    }
    sum += p * std::min(at_most, 1.0);
    p *= load / agents;
  }
  return admitted > 0 ? sum / admitted : 0;
}

// Impatient customers: the integrals of exp(L H(x) - n mu x) in closed form, as positive series.
struct VirtualWait {
  double exceeds = 0;       // the customer still waits at time t
  double served_later = 0;  // and will be answered
};
VirtualWait virtual_wait(std::uint32_t agents, const Traffic& t, double time_s) {
  const double load = load_of(t);
  const double b = erlang_b(agents, load);
  const double staying = std::exp(-time_s / t.patience_s);
  const double a = agents / patience_ratio(t);
  const double x = t.arrivals_per_s * t.patience_s * staying;
  const ChainSums all = queue_chain(agents, t);
  const ChainSums later = sum_chain(kUnlimited, [=](std::uint32_t j) { return x / (a + j); });
  // E(t) = L H(t) - n mu t
  const double exponent =
      -t.arrivals_per_s * t.patience_s * std::expm1(-time_s / t.patience_s) - agents * time_s / t.handle_s;
  const double scale = std::exp(exponent + later.log_scale - all.log_scale);
  const double total = all.one + b * all.terms;
  return {staying * scale * b * (later.one + later.terms) / total, scale * b * later.terms * agents / load / total};
}

}  // namespace

double erlang_b(std::uint32_t agents, double load) {
  assert(load >= 0);
  double b = 1;
  for (std::uint32_t n = 1; n <= agents; ++n) b = load * b / (n + load * b);
  return b;
}

double erlang_c(std::uint32_t agents, double load) {
  if (load >= agents) return 1;
  const double b = erlang_b(agents, load);
  return b / (1 - load / agents * (1 - b));
}

Service stationary(std::uint32_t agents, const Traffic& t) {
  assert(agents > 0 && t.handle_s > 0 && t.patience_s > 0 && t.arrivals_per_s >= 0);
  Service out;
  const double load = load_of(t);
  if (load == 0) return out;
  if (grows_forever(agents, t)) return {0, 1, 0, kForever, kForever, 1};
  const double b = erlang_b(agents, load);
  const bool limited = t.waiting_max != kUnlimited;
  if (!limited && t.patience_s == kForever) {  // the geometric series has a sum
    const double rho = load / agents;
    out.delayed_share = erlang_c(agents, load);
    out.queue_length_mean = out.delayed_share * rho / (1 - rho);
    out.wait_mean_s = out.queue_length_mean / t.arrivals_per_s;
    out.occupancy = rho;
    return out;
  }
  const ChainSums s = queue_chain(agents, t);
  const double total = s.one + b * s.terms;
  out.blocked_share = limited ? b * s.last / total : 0;
  const double admitted = 1 - out.blocked_share;
  // Those who find everybody busy and a place: all such states but the last.
  const double waiting_states = b * (s.one + s.terms) / total - out.blocked_share;
  out.delayed_share = admitted > 0 ? std::max(0.0, waiting_states / admitted) : 0;
  out.queue_length_mean = b * s.weighted / total;
  out.wait_mean_s = admitted > 0 ? out.queue_length_mean / (t.arrivals_per_s * admitted) : 0;
  out.abandoned_share = t.patience_s == kForever ? 0 : out.wait_mean_s / t.patience_s;
  out.occupancy = load * admitted * (1 - out.abandoned_share) / agents;
  return out;
}

double wait_exceeds(std::uint32_t agents, const Traffic& t, double time_s) {
  assert(t.patience_s == kForever || t.waiting_max == kUnlimited);
  if (load_of(t) == 0) return 0;
  if (t.waiting_max != kUnlimited) return wait_exceeds_limited(agents, t, time_s);
  if (t.patience_s != kForever) return virtual_wait(agents, t, time_s).exceeds;
  if (grows_forever(agents, t)) return 1;
  return erlang_c(agents, load_of(t)) * std::exp(-(agents / t.handle_s - t.arrivals_per_s) * time_s);
}

double service_level(std::uint32_t agents, const Traffic& t, double within_s) {
  if (load_of(t) == 0) return 1;
  if (t.patience_s == kForever) return 1 - wait_exceeds(agents, t, within_s);
  return 1 - stationary(agents, t).abandoned_share - virtual_wait(agents, t, within_s).served_later;
}

std::vector<double> priority_waits_s(std::uint32_t agents, double handle_s, std::span<const double> arrivals_per_s) {
  double total = 0;
  for (const double rate : arrivals_per_s) total += rate;
  const double load = total * handle_s;
  // When the agents cannot carry everything, all of them are busy always.
  const double next_free_s = erlang_c(agents, load) * handle_s / agents;
  std::vector<double> waits;
  double above = 0;
  for (const double rate : arrivals_per_s) {
    const double with = above + rate * handle_s / agents;
    waits.push_back(with < 1 ? next_free_s / ((1 - above) * (1 - with)) : kForever);
    above = with;
  }
  return waits;
}

std::optional<std::uint32_t> agents_needed(const Traffic& traffic, double share, double within_s,
                                           std::uint32_t agents_max) {
  // More agents never serve worse, so halving finds the least.
  std::uint32_t low = 1;
  std::uint32_t high = agents_max;
  if (high == 0 || service_level(high, traffic, within_s) < share) return std::nullopt;
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (service_level(middle, traffic, within_s) >= share) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace sb::planner
