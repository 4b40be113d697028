#include "console/work_shares.h"

#include <gtest/gtest.h>

// Jain's index, by hand: (sum x)^2 / (n * sum x^2) of what each accepted per hour signed in.
namespace sb::console {
namespace {

constexpr TimeMs kNine = 9 * 3'600'000;
constexpr DurationMs kHour = 3'600'000;
constexpr QueueId kSales{1};
constexpr QueueId kSupport{2};

void accept(WorkShares& shares, std::uint32_t agent, QueueId queue, int times) {
  for (int n = 0; n < times; ++n) shares.accepted({agent}, queue);
}

TEST(WorkShares, UnknownUntilTwoWereThereForSomeTime) {
  WorkShares shares;
  EXPECT_EQ(shares.fairness(kNine), 0u);
  shares.signed_in({1}, kNine);
  accept(shares, 1, kSales, 3);
  EXPECT_EQ(shares.fairness(kNine + kHour), 0u) << "alone";
  shares.signed_in({2}, kNine + kHour);
  EXPECT_EQ(shares.fairness(kNine + kHour + WorkShares::kCountedMs - 1), 0u) << "has only just come";
  EXPECT_EQ(shares.fairness(kNine + kHour + WorkShares::kCountedMs), 500u) << "one of two has everything";
}

TEST(WorkShares, WhoIsThereForTwiceAsLongMayHaveTwiceAsMuch) {
  WorkShares shares;
  shares.signed_in({1}, kNine);
  shares.signed_in({2}, kNine);
  accept(shares, 1, kSales, 8);
  accept(shares, 2, kSales, 4);
  EXPECT_EQ(shares.fairness(kNine + kHour), 900u);  // 12^2 / (2 * 80)
  shares.signed_out({2}, kNine + kHour, 0);
  EXPECT_EQ(shares.fairness(kNine + 2 * kHour), 1000u);
}

TEST(WorkShares, AQueueIsForThoseWhoServeIt) {
  WorkShares shares;
  for (const std::uint32_t agent : {1, 2, 3}) shares.signed_in({agent}, kNine);
  accept(shares, 1, kSales, 5);
  accept(shares, 2, kSales, 5);
  accept(shares, 3, kSupport, 20);
  const std::vector<AgentId> two{{1}, {2}};
  const std::vector<AgentId> three{{1}, {2}, {3}};
  EXPECT_EQ(shares.fairness(kSales, two, kNine + kHour), 1000u);
  EXPECT_EQ(shares.fairness(kSales, three, kNine + kHour), 667u) << "the third served it too and got nothing of it";
  EXPECT_EQ(shares.fairness(kSupport, two, kNine + kHour), 0u) << "no work";
  EXPECT_EQ(shares.fairness(kNine + kHour), 667u);  // 30^2 / (3 * 450)
}

TEST(WorkShares, TwoPartsOfADayMakeOne) {
  WorkShares before;
  before.signed_in({1}, kNine);
  before.signed_out({2}, kNine + kHour, kNine - kHour);  // had come before the day began
  before.signed_in({3}, kNine);
  accept(before, 1, kSales, 4);
  accept(before, 2, kSales, 2);
  before.close(kNine + kHour);
  WorkShares now;
  now.signed_in({1}, kNine + kHour);
  now.signed_in({3}, kNine + kHour);
  accept(now, 3, kSales, 8);
  now.add(before);
  // 1: 4 in 2 h; 2: 2 in 2 h; 3: 8 in 2 h
  EXPECT_EQ(now.fairness(kNine + 2 * kHour), 778u);  // 14^2 / (3 * 84)
}

TEST(WorkShares, ANewDayForgetsTheWorkAndKeepsWhoIsThere) {
  WorkShares shares;
  shares.signed_in({1}, kNine);
  shares.signed_in({2}, kNine);
  accept(shares, 1, kSales, 100);
  const TimeMs midnight = kNine + 15 * kHour;
  shares.begin_day(midnight);
  EXPECT_EQ(shares.fairness(midnight + kHour), 0u);
  accept(shares, 1, kSales, 2);
  accept(shares, 2, kSales, 2);
  EXPECT_EQ(shares.fairness(midnight + kHour), 1000u);
}

}  // namespace
}  // namespace sb::console
