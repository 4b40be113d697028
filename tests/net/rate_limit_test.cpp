#include "net/rate_limit.h"

#include <gtest/gtest.h>

namespace sb::net {
namespace {

TEST(RateLimit, AllowsABurstAndThenTheRate) {
  RateLimit limit({.per_s = 2, .burst = 3, .sources_max = 10});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limit.take("a", 1000), 0);
  EXPECT_EQ(limit.take("a", 1000), 500);
  EXPECT_EQ(limit.take("a", 1250), 250);
  EXPECT_EQ(limit.take("a", 1500), 0);
  EXPECT_EQ(limit.take("a", 1500), 500);
  EXPECT_EQ(limit.take("b", 1500), 0);
  // A long pause refills to the burst, not beyond; a clock that steps back neither refills nor fails.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limit.take("a", 1'000'000), 0);
  EXPECT_GT(limit.take("a", 900'000), 0);
}

TEST(RateLimit, ForgetsTheSourceSeenLongestAgo) {
  RateLimit limit({.per_s = 0.001, .burst = 1, .sources_max = 2});
  EXPECT_EQ(limit.take("a", 1), 0);
  EXPECT_EQ(limit.take("b", 2), 0);
  EXPECT_GT(limit.take("a", 3), 0);
  EXPECT_EQ(limit.take("c", 4), 0);  // b goes, a stays
  EXPECT_EQ(limit.sources(), 2u);
  EXPECT_GT(limit.take("a", 5), 0);
  EXPECT_EQ(limit.take("b", 6), 0);
}

}  // namespace
}  // namespace sb::net
