#pragma once
// Waiting and loss in stationary queues, by formula: what the simulation must agree with, and where staffing starts.
//
// Poisson arrivals at rate L, n agents, exponential handle times of mean 1/mu, load r = L/mu in erlangs, rho = r/n;
// customers wait in order of arrival and, where said, leave after an exponential patience of mean 1/theta.
// Everything derives from Erlang B by recursions whose terms are all positive, so nothing cancels, and what could
// overflow is summed with its scale apart: n = 5,000 and any load are fine.
//
// Sources
// - Erlang B, C: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
//   telephone exchanges", Elektroteknikeren 13 (1917); recursion and waiting-time law: R. B. Cooper, "Introduction to
//   Queueing Theory", 2nd ed. (1981), sections 3.3-3.5.
// - M/M/n/K: D. Gross, C. M. Harris, "Fundamentals of Queueing Theory", 3rd ed. (1998), section 2.5.
// - Erlang A: C. Palm, "Research on telephone traffic carried by full availability groups", Tele 1 (1957); O. Garnett,
//   A. Mandelbaum, M. Reiman, "Designing a call center with impatient customers", M&SOM 4 (2002); the law of the
//   virtual wait: A. Mandelbaum, S. Zeltyn, "Staffing many-server queues with impatient customers: constraint
//   satisfaction in call centers", Operations Research 57 (2009), with the integrals solved for exponential patience.
// - Priorities: A. Cobham, "Priority assignment in waiting line problems", Operations Research 2 (1954), for n servers.
//
// Rates are per second, times in seconds. Arguments outside the stated domain are a broken invariant of the caller.
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace sb::planner {

inline constexpr double kForever = std::numeric_limits<double>::infinity();

// Share of arrivals lost when n agents have no waiting room. load >= 0.
[[nodiscard]] double erlang_b(std::uint32_t agents, double load);

// Share of arrivals that wait when nobody leaves; 1 when load >= n.
[[nodiscard]] double erlang_c(std::uint32_t agents, double load);

struct Traffic {
  double arrivals_per_s = 0;                                              // >= 0
  double handle_s = 0;                                                    // > 0
  double patience_s = kForever;                                           // mean, > 0
  std::uint32_t waiting_max = std::numeric_limits<std::uint32_t>::max();  // places to wait in; the maximum: unlimited
};

// What a stationary queue gives. Waits are those of everyone who was not blocked, until answered or gone.
struct Service {
  double blocked_share = 0;      // of all arrivals: found every agent and every place taken
  double delayed_share = 0;      // of the others
  double abandoned_share = 0;    // of the others
  double wait_mean_s = 0;        // kForever when the queue grows without bound
  double queue_length_mean = 0;  // kForever likewise
  double occupancy = 0;          // share of the agents' time spent handling
};

// M/M/n, M/M/n/n+m, M/M/n+M and M/M/n/n+m+M by one birth-and-death chain.
[[nodiscard]] Service stationary(std::uint32_t agents, const Traffic& traffic);

// Share of those not blocked who are answered within the time. Patience or waiting room may be limited, not both.
[[nodiscard]] double service_level(std::uint32_t agents, const Traffic& traffic, double within_s);

// Share of those not blocked still waiting, unanswered, after the time; the same limits.
[[nodiscard]] double wait_exceeds(std::uint32_t agents, const Traffic& traffic, double time_s);

// Mean waits of classes that share n agents and one handle time, the first class first, without interrupting anyone;
// kForever for classes beyond what the agents can carry.
[[nodiscard]] std::vector<double> priority_waits_s(std::uint32_t agents, double handle_s,
                                                   std::span<const double> arrivals_per_s);

// Least number of agents that answers the share within the time; none above `agents_max`.
[[nodiscard]] std::optional<std::uint32_t> agents_needed(const Traffic& traffic, double share, double within_s,
                                                         std::uint32_t agents_max);

}  // namespace sb::planner
