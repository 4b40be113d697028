#include "planner/patience.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "planner/random.h"

// How long customers would have waited, from waits of which many were cut short by an answer.
namespace sb::planner {
namespace {

// Customers with an exponential patience of `mean_s` who are answered after a uniform time up to `answered_within_s`.
std::vector<Waited> waits(std::size_t count, double mean_s, double answered_within_s) {
  Random random(7, 0, 0, Purpose::kPatience);
  std::vector<Waited> all;
  for (std::size_t n = 0; n < count; ++n) {
    const double patience_s = mean_s * random.exponential();
    const double answer_s = answered_within_s * random.uniform();
    all.push_back({static_cast<float>(std::min(patience_s, answer_s)), patience_s < answer_s});
  }
  return all;
}

TEST(Patience, NobodyWhoLeftMeansNobodyEverLeaves) {
  std::vector<Waited> all{{10, false}, {300, false}};
  EXPECT_TRUE(Patience(all).endless());
  std::vector<Waited> none;
  EXPECT_TRUE(Patience(none).endless());
}

TEST(Patience, FewWhoLeftGiveTheMeanByTotalTimeWaited) {
  std::vector<Waited> all{{10, true}, {20, false}, {30, true}, {60, false}};
  const Patience p(all);
  EXPECT_FALSE(p.curve());
  EXPECT_DOUBLE_EQ(p.mean_s(), 60);  // 120 s waited, two left
  EXPECT_DOUBLE_EQ(p.draw(std::exp(-1.0)), 60);
}

TEST(Patience, ManyWhoLeftGiveTheCurveThatCensoringHides) {
  auto all = waits(40'000, 100, 150);
  double naive_s = 0;  // the mean of those who left is far too short
  std::size_t left = 0;
  for (const Waited& w : all) {
    naive_s += w.left ? w.wait_s : 0;
    left += w.left ? 1 : 0;
  }
  naive_s /= static_cast<double>(left);
  EXPECT_LT(naive_s, 60);
  const Patience p(all);
  ASSERT_TRUE(p.curve());
  Random random(8, 0, 0, Purpose::kPatience);
  std::vector<double> drawn;
  for (int n = 0; n < 40'000; ++n) drawn.push_back(p.draw(random.uniform()));
  std::sort(drawn.begin(), drawn.end());
  double sum_s = 0;
  for (const double d : drawn) sum_s += d;
  EXPECT_NEAR(sum_s / static_cast<double>(drawn.size()), 100, 4);
  EXPECT_NEAR(drawn[drawn.size() / 2], 100 * std::log(2.0), 3);
  EXPECT_NEAR(drawn[drawn.size() / 10], -100 * std::log(0.9), 1);
}

TEST(Patience, AtOneMomentWhoeverIsAnsweredWasStillThere) {
  // A hundred at 10 s: half leave, half are answered; the answered half counts as being there when the others left.
  std::vector<Waited> all;
  for (int n = 0; n < 100; ++n) all.push_back({10, n % 2 == 0});
  const Patience p(all);
  ASSERT_TRUE(p.curve());
  EXPECT_DOUBLE_EQ(p.draw(0.75), 10);  // the impatient half
  EXPECT_GT(p.draw(0.25), 10);         // the rest, beyond what was seen
}

}  // namespace
}  // namespace sb::planner
