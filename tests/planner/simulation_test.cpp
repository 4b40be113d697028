// The production core under the driver against the formulas. Seeds are fixed, so a test passes always or never; the
// width allowed is 1.5 times the 95 % half width (about 99.5 %), with ten replications or more.
#include "planner/simulation.h"

#include <gtest/gtest.h>

#include "planner/erlang.h"

namespace sb::planner {
namespace {

constexpr double kWidths = 1.5;

Distribution exponential(double mean_s) {
  return {Distribution::Kind::kExponential, mean_s, 0, {}};
}

// Handle time 600 s, one skill, `rate_per_hour` contacts for `agents`.
Scenario one_queue(std::uint32_t agents, double rate_per_hour) {
  Scenario s;
  s.seed = 7;
  s.replications = 20;
  s.duration_s = 200'000;
  s.warmup_s = 20'000;
  QueueScenario q;
  q.name = "billing";
  q.requirement = {{"billing", 1}};
  q.arrivals.rates_per_hour = {rate_per_hour};
  q.handle_time = exponential(600);
  s.queues = {q};
  AgentsScenario a;
  a.count = agents;
  a.skills = {{"billing", 80}};
  s.agents = {a};
  return s;
}

Traffic traffic_of(const Scenario& s) {
  Traffic t;
  const QueueScenario& q = s.queues.front();
  t.arrivals_per_s = q.arrivals.rates_per_hour.front() / 3600;
  t.handle_s = q.handle_time.mean_s;
  if (q.patience.kind == Distribution::Kind::kExponential) t.patience_s = q.patience.mean_s;
  if (q.max_waiting) t.waiting_max = *q.max_waiting;
  return t;
}

SimulationReport run(const Scenario& s) {
  auto report = simulate(s);
  if (!report) throw std::runtime_error(report.error());
  return std::move(*report);
}

void expect_near(const Estimates& e, Figure f, double expected) {
  ASSERT_TRUE(e[f].mean && e[f].half_width);
  EXPECT_NEAR(*e[f].mean, expected, kWidths * *e[f].half_width + 1e-9) << kFigureNames[static_cast<std::size_t>(f)];
  EXPECT_LT(*e[f].half_width, 0.2 * expected + 1e-9) << kFigureNames[static_cast<std::size_t>(f)] << " says too little";
}

void expect_agreement(const Scenario& s) {
  const SimulationReport report = run(s);
  const Traffic t = traffic_of(s);
  const Service formula = stationary(s.agents.front().count, t);
  const double counted = t.arrivals_per_s * (s.duration_s - s.warmup_s);
  expect_near(report.all, Figure::kOffered, counted);
  expect_near(report.all, Figure::kBlocked, counted * formula.blocked_share);
  expect_near(report.all, Figure::kAbandoned, counted * (1 - formula.blocked_share) * formula.abandoned_share);
  expect_near(report.all, Figure::kOccupancy, formula.occupancy);
  expect_near(report.all, Figure::kQueueLengthMean, formula.queue_length_mean);
  expect_near(report.all, Figure::kWaitMean, formula.wait_mean_s);
  expect_near(report.all, Figure::kDelayedShare, formula.delayed_share);
  if (t.patience_s == kForever || !s.queues.front().max_waiting) {
    expect_near(report.all, Figure::kServiceLevel, service_level(s.agents.front().count, t, s.service_level_s));
  }
  EXPECT_EQ(*report.all[Figure::kUnfinished].mean, 0);
}

TEST(Simulation, ManyPatientCustomersAgreeWithErlangC) {
  expect_agreement(one_queue(15, 75));
}

TEST(Simulation, NoWaitingRoomAgreesWithErlangB) {
  Scenario s = one_queue(15, 84);
  s.queues[0].max_waiting = 0;
  expect_agreement(s);
}

TEST(Simulation, ImpatientCustomersAgreeWithErlangA) {
  Scenario s = one_queue(15, 100);
  s.queues[0].patience = exponential(300);
  expect_agreement(s);
}

TEST(Simulation, LimitedWaitingRoomAgreesWithItsFormula) {
  Scenario s = one_queue(15, 100);
  s.queues[0].max_waiting = 5;
  expect_agreement(s);
}

TEST(Simulation, LimitedRoomAndPatienceTogether) {
  Scenario s = one_queue(10, 80);
  s.queues[0].max_waiting = 4;
  s.queues[0].patience = exponential(200);
  expect_agreement(s);
}

TEST(Simulation, CallsGoThroughTheirConnectionAndAgreeToo) {
  Scenario s = one_queue(8, 36);
  s.queues[0].channel = Channel::kPhone;
  expect_agreement(s);
}

TEST(Simulation, PrioritiesWithoutInterruptionAgreeWithCobham) {
  Scenario s = one_queue(10, 20);
  s.replications = 30;
  s.queues.push_back(s.queues[0]);
  s.queues[0].name = "low";
  s.queues[1].name = "high";
  s.queues[1].priority = 5;
  s.queues[1].arrivals.rates_per_hour = {30};
  const double rates[] = {30.0 / 3600, 20.0 / 3600};
  const auto waits = priority_waits_s(10, 600, rates);
  const SimulationReport report = run(s);
  expect_near(report.queues[1], Figure::kWaitMean, waits[0]);
  expect_near(report.queues[0], Figure::kWaitMean, waits[1]);
  expect_near(report.all, Figure::kDelayedShare, erlang_c(10, 50.0 / 6));
}

// Two queues that could each keep everybody busy: each gets the share of its weight.
TEST(Simulation, FairSharesBetweenQueuesFollowTheirWeights) {
  Scenario s = one_queue(10, 120);
  s.queues[0].order = Order::kFairShare;
  s.queues[0].max_waiting = 20;
  s.queues.push_back(s.queues[0]);
  s.queues[1].name = "other";
  s.queues[1].weight = 3;
  const SimulationReport report = run(s);
  EXPECT_NEAR(*report.queues[1][Figure::kAnswered].mean / *report.queues[0][Figure::kAnswered].mean, 3, 0.1);
}

// An agent who takes two chats at a time is two agents, as far as waiting goes.
TEST(Simulation, CapacityCountsAsAgents) {
  Scenario s = one_queue(5, 48);
  s.agents[0].capacity = 2;
  const SimulationReport report = run(s);
  expect_near(report.all, Figure::kWaitMean, stationary(10, traffic_of(s)).wait_mean_s);
  expect_near(report.all, Figure::kOccupancy, 0.8);
}

// M/D/1 by Pollaczek and Khinchine: half the wait of M/M/1.
TEST(Simulation, DeterministicHandleTimes) {
  Scenario s = one_queue(1, 4.2);
  s.duration_s = 2e6;
  s.queues[0].handle_time = {Distribution::Kind::kDeterministic, 600, 0, {}};
  expect_near(run(s).all, Figure::kWaitMean, 0.7 / 0.3 * 600 / 2);
}

// M/G/1: the mean wait grows with 1 + cv^2.
TEST(Simulation, LognormalAndEmpiricalHandleTimes) {
  Scenario s = one_queue(1, 3);
  s.duration_s = 3e6;
  s.queues[0].handle_time = {Distribution::Kind::kLognormal, 600, 480, {}};
  expect_near(run(s).all, Figure::kWaitMean, 0.5 / 0.5 * 600 * (1 + 0.64) / 2);
  s.queues[0].handle_time = {Distribution::Kind::kEmpirical, 0, 0, {200, 1000}};
  expect_near(run(s).all, Figure::kWaitMean, 0.5 / 0.5 * 600 * (1 + 4.0 / 9) / 2);
}

// Wrap-up keeps the agent: the load is that of both together, the wait that of M/G/1 with their sum.
TEST(Simulation, WrapUpKeepsTheAgent) {
  Scenario s = one_queue(1, 3);
  s.duration_s = 2e6;
  s.queues[0].handle_time = {Distribution::Kind::kDeterministic, 400, 0, {}};
  s.queues[0].wrap_up_s = 200;
  const SimulationReport report = run(s);
  expect_near(report.all, Figure::kOccupancy, 0.5);
  expect_near(report.all, Figure::kWaitMean, 0.5 / 0.5 * 600 / 2);
}

TEST(Simulation, LateAnswersAddToEveryWait) {
  Scenario s = one_queue(200, 60);  // nobody waits for an agent
  s.agents[0].answer_delay = {Distribution::Kind::kDeterministic, 5, 0, {}};
  const SimulationReport report = run(s);
  EXPECT_NEAR(*report.all[Figure::kWaitMean].mean, 5, 1e-9);
  EXPECT_NEAR(*report.all[Figure::kWaitP99].mean, 5, 1e-6);
  EXPECT_EQ(*report.all[Figure::kDelayedShare].mean, 1);
}

TEST(Simulation, RatesOfIntervalsAndTracesComeWhenTheySay) {
  Scenario s = one_queue(100, 0);
  s.duration_s = 7200;
  s.warmup_s = 0;
  s.replications = 200;
  s.report_interval_s = 3600;
  s.queues[0].arrivals = {Arrivals::Process::kPoisson, {10, 30}, 3600, false, {}};
  const SimulationReport report = run(s);
  expect_near(report.all, Figure::kOffered, 40);
  double first = 0;
  for (const auto& intervals : report.intervals) first += static_cast<double>(intervals[0].offered);
  EXPECT_NEAR(first / 200, 10, 3 * std::sqrt(10.0 / 200));
  s.queues[0].arrivals = {Arrivals::Process::kTrace, {}, 0, false, {0, 1.5, 1.5, 3599.9, 3600, 7200, 8000}};
  const SimulationReport traced = run(s);
  EXPECT_EQ(*traced.all[Figure::kOffered].mean, 5);
  EXPECT_EQ(traced.intervals[0][0].offered, 4u);
  EXPECT_EQ(traced.intervals[0][1].offered, 1u);
}

TEST(Simulation, ShiftsBeginAndEnd) {
  Scenario s = one_queue(1, 0);
  s.replications = 2;
  s.duration_s = 1000;
  s.warmup_s = 0;
  s.queues[0].arrivals = {Arrivals::Process::kTrace, {}, 0, false, {0, 350, 650}};
  s.queues[0].handle_time = {Distribution::Kind::kDeterministic, 100, 0, {}};
  s.agents[0].shifts = {{100, 400}, {700, 900}};
  const SimulationReport report = run(s);
  // Waits of 100 s (until the shift), 0 s (and 50 s are worked beyond the shift), 50 s (until the next).
  EXPECT_NEAR(*report.all[Figure::kWaitMean].mean, 50, 1e-9);
  EXPECT_NEAR(*report.all[Figure::kOccupancy].mean, 300.0 / 550, 1e-12);
}

TEST(Simulation, WhoStillWaitsAtTheEndIsFollowed) {
  Scenario s = one_queue(1, 0);
  s.replications = 2;
  s.duration_s = 100;
  s.warmup_s = 0;
  s.queues[0].arrivals = {Arrivals::Process::kTrace, {}, 0, false, {0, 1, 2}};
  s.queues[0].handle_time = {Distribution::Kind::kDeterministic, 120, 0, {}};
  const SimulationReport report = run(s);
  EXPECT_EQ(*report.all[Figure::kAnswered].mean, 2);    // at 0 and 120 s; the third would be at 240 s
  EXPECT_EQ(*report.all[Figure::kUnfinished].mean, 1);  // waits more than the 200 s the run may take
  EXPECT_NEAR(*report.all[Figure::kWaitMean].mean, (0 + 119 + 198) / 3.0, 1e-9);
  EXPECT_NEAR(*report.all[Figure::kQueueLengthMean].mean, (99 + 98) / 100.0, 1e-12);
}

TEST(Simulation, TheSameSeedGivesTheSameBytesOnAnyNumberOfThreads) {
  Scenario s = one_queue(15, 100);
  s.replications = 4;
  s.duration_s = 40'000;
  s.queues[0].patience = exponential(300);
  const std::string first = to_json(s, run(s));
  EXPECT_EQ(to_json(s, run(s)), first);
  EXPECT_EQ(to_json(s, *simulate(s, 3)), first);
  s.seed = 8;
  EXPECT_NE(to_json(s, run(s)), first);
}

TEST(Simulation, OneReplicationHasNoWidth) {
  Scenario s = one_queue(2, 6);
  s.replications = 1;
  const SimulationReport report = run(s);
  EXPECT_TRUE(report.all[Figure::kWaitMean].mean);
  EXPECT_FALSE(report.all[Figure::kWaitMean].half_width);
  EXPECT_NE(to_json(s, report).find("\"half_width\":null"), std::string::npos);
}

TEST(Figures, PercentilesAreTheLeastWaitThatTheShareDoesNotExceed) {
  Tally t;
  t.offered = t.answered = 10;
  for (int n = 0; n < 10; ++n) t.add_wait(n < 5 ? 0 : n, true);
  const Figures f = t.figures();
  EXPECT_EQ(f[Figure::kWaitP50], 0);
  EXPECT_EQ(f[Figure::kWaitP90], 8);
  EXPECT_EQ(f[Figure::kWaitP99], 9);
  EXPECT_EQ(f[Figure::kDelayedShare], 0.5);
  EXPECT_EQ(f[Figure::kWaitMean], 3.5);
}

TEST(Figures, HalfWidthIsStudents) {
  const double values[] = {1, 2, 3};
  const Estimate e = estimate(values);
  EXPECT_DOUBLE_EQ(*e.mean, 2);
  EXPECT_NEAR(*e.half_width, 4.3027 / std::sqrt(3.0), 1e-4);  // t(0.975, 2) = 4.3027
}

}  // namespace
}  // namespace sb::planner
