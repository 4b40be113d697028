#include "planner/erlang.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sb::planner {
namespace {

// Published in every traffic table: the load that loses 1 % of calls.
TEST(ErlangB, AgreesWithTheTrafficTables) {
  EXPECT_NEAR(erlang_b(1, 0.0101), 0.01, 2e-5);
  EXPECT_NEAR(erlang_b(5, 1.36), 0.01, 5e-5);
  EXPECT_NEAR(erlang_b(10, 4.46), 0.01, 5e-5);
  EXPECT_NEAR(erlang_b(20, 12.03), 0.01, 5e-5);
  EXPECT_NEAR(erlang_b(100, 84.06), 0.01, 5e-5);
}

TEST(ErlangB, AgreesWithTheDefinition) {
  // r^2/2 / (1 + r + r^2/2)
  EXPECT_DOUBLE_EQ(erlang_b(2, 1), 0.2);
  EXPECT_DOUBLE_EQ(erlang_b(0, 7), 1);
  EXPECT_DOUBLE_EQ(erlang_b(7, 0), 0);
}

TEST(ErlangB, ManyAgentsNeitherOverflowNorLoseTheTail) {
  // At critical load B is about sqrt(2 / (pi n)) (Jagerman 1974).
  EXPECT_NEAR(erlang_b(5000, 5000), std::sqrt(2 / (M_PI * 5000)), 1e-4);
  EXPECT_NEAR(erlang_b(5000, 50'000), 0.9, 1e-4);
  EXPECT_EQ(erlang_b(5000, 10), 0);
}

TEST(ErlangC, AgreesWithHandComputedValues) {
  EXPECT_DOUBLE_EQ(erlang_c(1, 0.7), 0.7);
  EXPECT_DOUBLE_EQ(erlang_c(2, 1), 1.0 / 3);
  // 14 agents, 10 erlangs: a textbook call center of 200 calls an hour of 3 minutes.
  EXPECT_NEAR(erlang_c(14, 10), 0.1741, 5e-5);
  EXPECT_DOUBLE_EQ(erlang_c(5, 5), 1);
}

TEST(ErlangC, ServiceLevelOfTheTextbookCallCenter) {
  const Traffic t{.arrivals_per_s = 200.0 / 3600, .handle_s = 180};
  EXPECT_NEAR(service_level(14, t, 20), 0.888, 5e-4);
  EXPECT_NEAR(stationary(14, t).wait_mean_s, 7.84, 0.01);
  EXPECT_EQ(agents_needed(t, 0.8, 20, 1000), 14u);
  EXPECT_LT(service_level(13, t, 20), 0.8);
}

TEST(Stationary, TooLittleCapacityWithoutImpatienceGrowsForever) {
  const Service s = stationary(4, {.arrivals_per_s = 0.1, .handle_s = 40});
  EXPECT_EQ(s.wait_mean_s, kForever);
  EXPECT_EQ(s.delayed_share, 1);
  EXPECT_EQ(service_level(4, {.arrivals_per_s = 0.1, .handle_s = 40}, 1e9), 0);
}

TEST(Stationary, NoWaitingRoomIsErlangB) {
  const Service s = stationary(5, {.arrivals_per_s = 0.05, .handle_s = 100, .waiting_max = 0});
  EXPECT_DOUBLE_EQ(s.blocked_share, erlang_b(5, 5));
  EXPECT_NEAR(s.delayed_share, 0, 1e-15);
  EXPECT_DOUBLE_EQ(s.occupancy, 1 - erlang_b(5, 5));
}

// M/M/1/K by hand: p_k = (1 - rho) rho^k / (1 - rho^(K+1)).
TEST(Stationary, OneAgentAndLimitedRoomByHand) {
  const double rho = 0.8;
  const Traffic t{.arrivals_per_s = 0.8, .handle_s = 1, .waiting_max = 3};
  const double norm = (1 - rho) / (1 - std::pow(rho, 5));
  double queue = 0;
  for (int k = 2; k <= 4; ++k) queue += (k - 1) * norm * std::pow(rho, k);
  const double blocked = norm * std::pow(rho, 4);
  const Service s = stationary(1, t);
  EXPECT_NEAR(s.blocked_share, blocked, 1e-14);
  EXPECT_NEAR(s.queue_length_mean, queue, 1e-14);
  EXPECT_NEAR(s.wait_mean_s, queue / (0.8 * (1 - blocked)), 1e-13);
  EXPECT_NEAR(s.delayed_share, 1 - norm / (1 - blocked), 1e-13);
  // Somebody who finds one in service and none waiting waits for one departure, and so on.
  double late = 0;
  double at_most = 0;
  for (int k = 0; k < 3; ++k) {
    at_most += std::exp(-2.0) * std::pow(2.0, k) / std::tgamma(k + 1);
    late += norm * std::pow(rho, k + 1) * at_most;
  }
  EXPECT_NEAR(wait_exceeds(1, t, 2), late / (1 - blocked), 1e-13);
}

TEST(Stationary, VeryMuchRoomIsErlangC) {
  const Traffic open{.arrivals_per_s = 0.09, .handle_s = 100};
  Traffic roomy = open;
  roomy.waiting_max = 100'000;
  EXPECT_NEAR(stationary(10, roomy).wait_mean_s, stationary(10, open).wait_mean_s, 1e-9);
  EXPECT_NEAR(stationary(10, roomy).delayed_share, erlang_c(10, 9), 1e-12);
  EXPECT_NEAR(service_level(10, roomy, 30), service_level(10, open, 30), 1e-12);
}

// Garnett, Mandelbaum and Reiman's comparison: 50 agents, 48 calls a minute of one minute, patience of two minutes.
TEST(ErlangA, AgreesWithThePublishedExample) {
  const Traffic t{.arrivals_per_s = 0.8, .handle_s = 60, .patience_s = 120};
  const Service s = stationary(50, t);
  EXPECT_NEAR(s.abandoned_share, 0.031, 5e-4);
  EXPECT_NEAR(s.wait_mean_s, 3.7, 0.05);
  EXPECT_NEAR(s.queue_length_mean, 3.0, 0.05);
}

// With patience as long as a handle time all customers leave at the same rate: the number present is Poisson(r).
TEST(ErlangA, EqualPatienceAndHandleTimeIsPoisson) {
  const Traffic t{.arrivals_per_s = 0.1, .handle_s = 100, .patience_s = 100};
  double below = 0;
  double term = std::exp(-10.0);
  double queue = 0;
  for (int k = 0; k < 200; ++k) {
    if (k < 10) below += term;
    if (k > 10) queue += (k - 10) * term;
    term *= 10.0 / (k + 1);
  }
  const Service s = stationary(10, t);
  EXPECT_NEAR(s.delayed_share, 1 - below, 1e-12);
  EXPECT_NEAR(s.queue_length_mean, queue, 1e-11);
  EXPECT_NEAR(s.wait_mean_s, queue / 0.1, 1e-10);
  EXPECT_NEAR(s.abandoned_share, queue / 10, 1e-12);
}

// The law of the wait against its own definition, integrated numerically.
TEST(ErlangA, ServiceLevelAgreesWithTheIntegral) {
  const Traffic t{.arrivals_per_s = 0.11, .handle_s = 100, .patience_s = 60};
  const std::uint32_t n = 10;
  const double departures = n / t.handle_s;
  const auto exponent = [&](double x) {
    return t.arrivals_per_s * t.patience_s * (1 - std::exp(-x / t.patience_s)) - departures * x;
  };
  const double step = 0.002;
  double all = 0;
  double served_late = 0;
  double late = 0;
  for (double x = step / 2; x < 3000; x += step) {
    const double v = t.arrivals_per_s * std::exp(exponent(x)) * step;  // density of the virtual wait, not normed
    all += v;
    if (x > 20) served_late += v * std::exp(-x / t.patience_s);
    if (x > 20) late += v;
  }
  const double norm = 1 / (1 / erlang_b(n - 1, 11) + all);
  EXPECT_NEAR(stationary(n, t).delayed_share, all * norm, 1e-6);
  EXPECT_NEAR(wait_exceeds(n, t, 20), std::exp(-20.0 / 60) * late * norm, 1e-6);
  EXPECT_NEAR(service_level(n, t, 20), 1 - stationary(n, t).abandoned_share - served_late * norm, 1e-6);
}

TEST(ErlangA, EndlessPatienceIsErlangC) {
  const Traffic patient{.arrivals_per_s = 0.09, .handle_s = 100};
  Traffic nearly = patient;
  nearly.patience_s = 1e9;
  EXPECT_NEAR(stationary(10, nearly).wait_mean_s, stationary(10, patient).wait_mean_s, 1e-3);
  EXPECT_NEAR(service_level(10, nearly, 20), service_level(10, patient, 20), 1e-6);
}

TEST(ErlangA, FiveThousandAgentsAtAnyLoad) {
  for (const double load : {10.0, 4000.0, 5000.0, 10'000.0, 500'000.0}) {
    const Traffic t{.arrivals_per_s = load / 300, .handle_s = 300, .patience_s = 300};
    const Service s = stationary(5000, t);
    EXPECT_NEAR(s.queue_length_mean, std::max(0.0, load - 5000), load == 5000 ? 29 : 1e-6 * load) << load;
    const double level = service_level(5000, t, 20);
    EXPECT_TRUE(level >= -1e-9 && level <= 1 + 1e-9) << load << ' ' << level;
    EXPECT_NEAR(service_level(5000, t, 0), 1 - s.delayed_share, 1e-9) << load;
    EXPECT_NEAR(wait_exceeds(5000, t, 0), s.delayed_share, 1e-9) << load;
  }
}

TEST(Priorities, OneClassIsErlangC) {
  const Traffic t{.arrivals_per_s = 0.03, .handle_s = 100};
  const double rates[] = {0.03};
  EXPECT_NEAR(priority_waits_s(4, 100, rates)[0], stationary(4, t).wait_mean_s, 1e-12);
}

// Cobham's conservation: whoever goes first, the waits weighted by load stay the same.
TEST(Priorities, TheWeightedSumOfWaitsIsThatOfOneQueue) {
  const double rates[] = {0.01, 0.005, 0.015};
  const auto waits = priority_waits_s(4, 100, rates);
  const double mean = (waits[0] * 0.01 + waits[1] * 0.005 + waits[2] * 0.015) / 0.03;
  EXPECT_NEAR(mean, stationary(4, {.arrivals_per_s = 0.03, .handle_s = 100}).wait_mean_s, 1e-9);
  EXPECT_LT(waits[0], waits[1]);
  EXPECT_LT(waits[1], waits[2]);
}

TEST(Priorities, OneAgentByHand) {
  // M/M/1, 0.3 and 0.4 erlangs: W1 = 0.7 / 0.7, W2 = 0.7 / (0.7 x 0.3) handle times.
  const double rates[] = {0.3, 0.4};
  const auto waits = priority_waits_s(1, 1, rates);
  EXPECT_NEAR(waits[0], 1, 1e-12);
  EXPECT_NEAR(waits[1], 10.0 / 3, 1e-12);
}

TEST(Priorities, OnlyTheLastClassStarves) {
  const double rates[] = {0.5, 0.6};
  const auto waits = priority_waits_s(1, 1, rates);
  EXPECT_NEAR(waits[0], 2, 1e-12);
  EXPECT_EQ(waits[1], kForever);
}

TEST(AgentsNeeded, IsTheLeastNumber) {
  const Traffic t{.arrivals_per_s = 1.2, .handle_s = 240, .patience_s = 180};
  const auto n = agents_needed(t, 0.8, 20, 5000);
  ASSERT_TRUE(n);
  EXPECT_GE(service_level(*n, t, 20), 0.8);
  EXPECT_LT(service_level(*n - 1, t, 20), 0.8);
  EXPECT_EQ(agents_needed(t, 0.8, 20, 100), std::nullopt);
}

}  // namespace
}  // namespace sb::planner
