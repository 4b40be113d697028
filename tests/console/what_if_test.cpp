#include "console/what_if.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/json.hpp>
#include <cmath>

#include "lived_day.h"

// A day lived by the core and written to a store, read back and played again: the simulation of the day as it was must
// agree with what happened, and an alternative must differ from it as it should.
namespace sb::console {
namespace {

using planner::Figure;

planner::Changes changes(std::string_view json) {
  const auto parsed = boost::json::parse(json);
  auto read = read_changes(parsed.as_object(), engine::Center{});
  EXPECT_TRUE(read) << read.error().message;
  return std::move(*read);
}

class WhatIf : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    directory_ = std::filesystem::temp_directory_path() /
                 ("sb_what_if_" + std::string(info->name()) + "_" + std::to_string(::getpid()));
    std::filesystem::remove_all(directory_);
  }
  void TearDown() override {
    day_.reset();
    std::filesystem::remove_all(directory_);
  }
  void live(LivedCenter center) {
    day_ = std::make_unique<LivedDay>(directory_, center);
    day_->live();
    interval_ = {LivedDay::kOpening, day_->last_arrival_ms() + 1};
  }
  std::expected<planner::WhatIfReport, planner::ChangeProblem> ask(std::string_view json,
                                                                   planner::WhatIfOptions options = {}) {
    WhatIfQuestion question;
    question.interval = interval_;
    question.changes = changes(json);
    question.options = options;
    return answer(day_->store(), question);
  }
  planner::WhatIfReport report(std::string_view json, planner::WhatIfOptions options = {}) {
    auto found = ask(json, options);
    if (!found) throw std::runtime_error(found.error().message);
    return std::move(*found);
  }

  std::filesystem::path directory_;
  std::unique_ptr<LivedDay> day_;
  planner::Interval interval_;
};

// A day lived is one draw, as each replication is: it must lie within three of their standard deviations of their mean.
// The half width is Student's t (2.09 of 20 replications) times the deviation over the root of their number.
void expect_agrees(const planner::Figures& happened, const planner::Estimates& today, Figure figure,
                   std::uint32_t replications) {
  const double mean = *today[figure].mean;
  const double half = *today[figure].half_width;
  const double one_day = half / 2.09 * std::sqrt(static_cast<double>(replications));  // its standard deviation
  EXPECT_NEAR(happened[figure], mean, 3 * one_day + 1e-9) << planner::kFigureNames[static_cast<std::size_t>(figure)];
}

TEST_F(WhatIf, WhatHappenedIsMeasured) {
  live({});
  const auto r = report(R"({"arrivals_factor":1.1})");
  EXPECT_EQ(r.happened[Figure::kOffered], 1'000);
  EXPECT_EQ(r.happened[Figure::kAnswered], static_cast<double>(day_->answered));
  EXPECT_EQ(r.happened[Figure::kAbandoned], static_cast<double>(day_->abandoned));
  EXPECT_NEAR(r.happened[Figure::kWaitMean], day_->wait_sum_s / 1'000, 1e-6);
  EXPECT_EQ(r.queues, std::vector<std::string>{"billing"});
  EXPECT_EQ(r.in_time_s, std::vector<double>{20});
  EXPECT_GT(day_->abandoned, 50u) << "the day must have something to learn patience from";
}

TEST_F(WhatIf, TheDayAsItWasAgreesWithWhatHappened) {
  live({.customers = 4'000});
  const planner::WhatIfOptions options{.replications = 20, .seed = 3, .threads = 2};
  const auto r = report(R"({"handle_time_factor":0.9})", options);
  EXPECT_EQ(*r.today.all[Figure::kOffered].mean, 4'000);
  for (const Figure figure : {Figure::kAnswered, Figure::kAbandoned, Figure::kWaitMean, Figure::kWaitP50,
                              Figure::kWaitP90, Figure::kServiceLevel, Figure::kQueueLengthMean, Figure::kOccupancy}) {
    expect_agrees(r.happened, r.today.all, figure, options.replications);
  }
  // And it is no empty agreement: a day of other customers is not within it.
  EXPECT_LT(*r.today.all[Figure::kWaitMean].half_width, 0.2 * *r.today.all[Figure::kWaitMean].mean);
}

TEST_F(WhatIf, MoreAgentsWaitLessAndFewerMore) {
  live({});
  const auto more = report(R"({"add_agents":[{"count":4,"queues":["billing"]}]})");
  const auto& gain = more.difference.all[Figure::kWaitMean];
  EXPECT_LT(*gain.mean + *gain.half_width, 0) << "beyond chance";
  EXPECT_GT(*more.difference.all[Figure::kServiceLevel].mean, 0.05);
  EXPECT_LT(*more.difference.all[Figure::kOccupancy].mean, 0);
  EXPECT_EQ(*more.difference.all[Figure::kOffered].mean, 0);

  const auto fewer = report(R"({"remove_agents":[{"group":"billing","count":3}]})");
  const auto& loss = fewer.difference.all[Figure::kWaitMean];
  EXPECT_GT(*loss.mean - *loss.half_width, 0);
  // Of equal customers: the difference is known better than either side.
  EXPECT_LT(*gain.half_width, *more.today.all[Figure::kWaitMean].half_width * 1.5);
}

TEST_F(WhatIf, ABreakIsABreakInTheAlternativeToo) {
  LivedCenter center{.customers = 2'000, .breaks = 9};
  live(center);
  // Without those who took the break nothing but the break's quarter changes; with them as they were it is the same.
  const auto r = report(R"({"queue":[{"name":"billing","target_s":30}]})");
  EXPECT_EQ(*r.difference.all[Figure::kWaitMean].mean, 0) << "a target changes nothing but the service level";
  EXPECT_GT(*r.difference.all[Figure::kServiceLevel].mean, 0);
  expect_agrees(r.happened, r.today.all, Figure::kOccupancy, 20);
  expect_agrees(r.happened, r.today.all, Figure::kWaitMean, 20);
}

TEST_F(WhatIf, FactorsScaleWhatTheySay) {
  live({});
  const auto more = report(R"({"queue":[{"name":"billing","arrivals_factor":1.5}]})");
  EXPECT_NEAR(*more.alternative.all[Figure::kOffered].mean, 1'500, 40);
  EXPECT_GT(*more.difference.all[Figure::kWaitMean].mean, 0);
  const auto fewer = report(R"({"arrivals_factor":0.5})");
  EXPECT_NEAR(*fewer.alternative.all[Figure::kOffered].mean, 500, 30);
  const auto quick = report(R"({"handle_time_factor":0.5})");
  EXPECT_NEAR(*quick.alternative.all[Figure::kOccupancy].mean, 0.5 * *quick.today.all[Figure::kOccupancy].mean, 0.12);
  const auto no_wrap_up = report(R"({"queue":[{"name":"billing","wrap_up_s":0}]})");
  EXPECT_LT(*no_wrap_up.difference.all[Figure::kOccupancy].mean, -0.02);
}

TEST_F(WhatIf, SkillsAndRequirementsDecideWhoMay) {
  live({.customers = 300});
  const auto nobody = report(R"({"queue":[{"name":"billing","requirement":{"french":50}}]})");
  EXPECT_EQ(*nobody.alternative.all[Figure::kAnswered].mean, 0) << "no agent speaks french";
  const auto two = report(R"({"change_agents":[{"logins":["agent5","agent6"],"skills":{"french":60}}],
                              "queue":[{"name":"billing","requirement":{"french":50},
                                        "relaxation":[{"after_s":30,"action":"drop_skill","skill":"french"}]}]})");
  EXPECT_GT(*two.alternative.all[Figure::kAnswered].mean, 100);
  EXPECT_GT(*two.difference.all[Figure::kWaitMean].mean, 0);
  const auto unable = report(R"({"change_agents":[{"queue":"billing","skills":{"billing":0}}]})");
  EXPECT_EQ(*unable.alternative.all[Figure::kAnswered].mean, 0);
}

TEST_F(WhatIf, TheSameSeedSaysTheSame) {
  live({.customers = 300});
  constexpr std::string_view kMore = R"({"add_agents":[{"count":1,"like":"agent4"}],"arrivals_factor":1.2})";
  const auto first = planner::to_json(report(kMore, {.replications = 6, .seed = 5}));
  EXPECT_EQ(first, planner::to_json(report(kMore, {.replications = 6, .seed = 5, .threads = 2})));
  EXPECT_NE(first, planner::to_json(report(kMore, {.replications = 6, .seed = 6})));
}

TEST_F(WhatIf, WorkUnderWayAtTheBeginningIsCarriedOver) {
  live({.customers = 2'000});
  interval_.from_ms = LivedDay::kOpening + (interval_.until_ms - LivedDay::kOpening) / 3;
  const auto r = report(R"({"handle_time_factor":1.1})");
  EXPECT_LT(r.happened[Figure::kOffered], 1'500);
  EXPECT_EQ(*r.today.all[Figure::kOffered].mean, r.happened[Figure::kOffered]);
  expect_agrees(r.happened, r.today.all, Figure::kWaitMean, 20);
  expect_agrees(r.happened, r.today.all, Figure::kOccupancy, 20);
  const bool told = std::any_of(r.assumptions.begin(), r.assumptions.end(), [](const auto& a) {
    return a.text_en.find("under way at the beginning") != std::string::npos && !a.text_zh.empty();
  });
  EXPECT_TRUE(told);
}

TEST_F(WhatIf, WhatIsNotThereIsNamed) {
  live({.customers = 60});
  const auto field = [&](std::string_view json) {
    const auto found = ask(json);
    return found ? std::string("accepted") : found.error().at.field;
  };
  EXPECT_EQ(field(R"({"queue":[{"name":"sales","level":1}]})"), "queue[0].name");
  EXPECT_EQ(field(R"({"add_agents":[{"count":1,"skills":{"welsh":50}}]})"), "add_agents[0].skills");
  EXPECT_EQ(field(R"({"add_agents":[{"count":1,"like":"nobody"}]})"), "add_agents[0].like");
  EXPECT_EQ(field(R"({"remove_agents":[{"logins":["agent1","nobody"]}]})"), "remove_agents[0].logins");
  EXPECT_EQ(field(R"({"remove_agents":[{"group":"french"}]})"), "remove_agents[0].group");
  EXPECT_EQ(field(R"({"remove_agents":[{"queue":"billing","count":13}]})"), "remove_agents[0].queue");
  EXPECT_EQ(field(R"({"change_agents":[{"logins":["agent1"],"queues":["sales"]}]})"), "change_agents[0].queues");
}

TEST_F(WhatIf, AnEmptyIntervalSaysSo) {
  live({.customers = 60});
  interval_ = {LivedDay::kMorning, LivedDay::kMorning + 300'000};  // before the first customer
  auto found = ask(R"({"arrivals_factor":2})");
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("no customer came"), std::string::npos);
  interval_ = {day_->last_arrival_ms() + 3'600'000, day_->last_arrival_ms() + 7'200'000};  // after the last record
  EXPECT_FALSE(ask(R"({"arrivals_factor":2})"));
}

TEST(WhatIfInterval, TimesAreChecked) {
  const auto field = [](std::string_view from, std::string_view to) {
    const auto read = read_interval(from, to, {}, 1'700'000'000'000);
    return read ? "good" : read.error().field;
  };
  EXPECT_EQ(field("2023-11-13 09:00", "2023-11-13 17:00"), "good");
  EXPECT_EQ(field("yesterday", "2023-11-13 17:00"), "from");
  EXPECT_EQ(field("2023-11-13 09:00", ""), "to");
  EXPECT_EQ(field("2023-11-13 17:00", "2023-11-13 09:00"), "to");
  EXPECT_EQ(field("2023-11-13 09:00", "2023-11-13 09:00"), "to");
  EXPECT_EQ(field("2021-11-13 09:00", "2023-11-13 09:00"), "to");
  EXPECT_EQ(field("2023-11-13 09:00", "2023-11-15 09:00"), "to") << "the future";
}

TEST_F(WhatIf, AHundredThousandContactsFitInMemory) {
  live({.customers = 100'000, .arrivals_per_s = 1, .agents = 110, .breaks = 0});
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto r = report(R"({"add_agents":[{"count":5,"skills":{"billing":50}}]})", {.replications = 2});
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_EQ(r.happened[Figure::kOffered], 100'000);
  const auto more_mb = (after.ru_maxrss - before.ru_maxrss) / 1024;
#if defined(__SANITIZE_ADDRESS__)
  constexpr long kMostMb = 700;  // freed memory is kept for a while
#else
  constexpr long kMostMb = 150;
#endif
  EXPECT_LT(more_mb, kMostMb) << "MB beyond what living the day took";
}

}  // namespace
}  // namespace sb::console
