#include "planner/staffing.h"

#include <gtest/gtest.h>

#include "planner/erlang.h"
#include "tests/planner/scenario_file.h"

namespace sb::planner {
namespace {

StaffingQuestion question(std::vector<Demand> intervals) {
  StaffingQuestion q;
  q.intervals = std::move(intervals);
  q.handle_s = 180;
  return q;
}

TEST(Staffing, ALastingRateNeedsWhatErlangSays) {
  const auto answers = staff(question({{"always", 200}}));
  ASSERT_TRUE(answers) << answers.error();
  ASSERT_EQ(answers->size(), 1u);
  const StaffingAnswer& a = answers->front();
  EXPECT_EQ(a.agents_by_formula, 14u);
  EXPECT_EQ(a.agents, 14u);  // 88.8 % in time; 13 agents give 79.6 %
  EXPECT_NEAR(a.occupancy, 10.0 / 14, 1e-12);
  EXPECT_NEAR(*a.service_level.mean, 0.888, 0.01);
  EXPECT_EQ(*a.abandoned_share.mean, 0);
}

// The hour after the rush finds what the rush left waiting, which the formula does not know.
TEST(Staffing, ARushIsPaidForInTheIntervalAfterIt) {
  StaffingQuestion q = question({{"8:00", 20}, {"8:30", 200}, {"9:00", 20}});
  q.patience_s = 600;
  std::vector<int> rounds;
  const auto answers = staff(q, [&](int round) { rounds.push_back(round); });
  ASSERT_TRUE(answers) << answers.error();
  ASSERT_EQ(answers->size(), 3u);
  for (const StaffingAnswer& a : *answers) EXPECT_GE(*a.service_level.mean, q.service_level);
  EXPECT_GE((*answers)[2].agents, (*answers)[2].agents_by_formula);
  ASSERT_FALSE(rounds.empty());
  for (std::size_t n = 0; n < rounds.size(); ++n) EXPECT_EQ(rounds[n], static_cast<int>(n) + 1);
}

TEST(Staffing, RefusesMoreAgentsThanItPlansFor) {
  const auto answers = staff(question({{"a lot", 900'000}}));
  ASSERT_FALSE(answers);
  EXPECT_EQ(answers.error(), "interval a lot: more than 5000 agents would be needed");
}

TEST(Demand, IsReadWithOrWithoutAHeading) {
  ScenarioFolder folder;
  const auto read =
      read_demand(folder.write("d.csv", "from,arrivals per hour\r\n08:00,40\r\n\n# lunch\n08:30, 62.5\n"));
  ASSERT_TRUE(read) << read.error();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[1].label, "08:30");
  EXPECT_EQ((*read)[1].arrivals_per_hour, 62.5);
}

TEST(Demand, RefusesWithTheLine) {
  ScenarioFolder folder;
  const auto said = [&](std::string_view text) {
    const auto path = folder.write("d.csv", text);
    const auto read = read_demand(path);
    return read ? "accepted" : read.error().substr(path.string().size());
  };
  EXPECT_EQ(said("08:00,40\n08:30,-1\n"), ":2: arrivals per hour must be a number from 0 to 1000000");
  EXPECT_EQ(said("08:00,40\n08:30\n"), ":2: must be LABEL,ARRIVALS_PER_HOUR");
  EXPECT_EQ(said("from,to\n"), ": has no intervals");
}

}  // namespace
}  // namespace sb::planner
