#include "planner/scenario.h"

#include <gtest/gtest.h>

#include "tests/planner/scenario_file.h"

namespace sb::planner {
namespace {

constexpr std::string_view kIssue = R"(seed = 7
duration_s = 360000
warmup_s = 36000            # not counted
replications = 10
service_level_s = 20

[[queue]]
name = "billing"
priority = 5                # higher first
order = "fifo"
policy = "longest_idle"
max_waiting = 30
requirement = { billing = 1 }
arrivals = { process = "poisson", rate_per_hour = 84 }
handle_time = { distribution = "exponential", mean_s = 600 }
patience = { distribution = "none" }

[[agents]]
count = 15
skills = { billing = 80, sales = 50 }
capacity = 1
)";

// The scenario with one line exchanged, and what reading it says.
std::string refusal(std::string_view line, std::string_view instead) {
  std::string text(kIssue);
  const auto at = text.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  text.replace(at, text.find('\n', at) - at, instead);
  ScenarioFolder folder;
  const auto path = folder.write("s.toml", text);
  const auto read = read_scenario(path);
  if (read) return "accepted";
  const std::string prefix = path.string();
  EXPECT_TRUE(read.error().starts_with(prefix)) << read.error();
  return "s.toml" + read.error().substr(prefix.size());
}

TEST(Scenario, ReadsEveryKeyOfTheDocumentedFile) {
  ScenarioFolder folder;
  const auto read = read_scenario(folder.write("s.toml", kIssue));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->seed, 7u);
  EXPECT_EQ(read->duration_s, 360'000);
  EXPECT_EQ(read->warmup_s, 36'000);
  EXPECT_EQ(read->replications, 10u);
  EXPECT_EQ(read->service_level_s, 20);
  ASSERT_EQ(read->queues.size(), 1u);
  const QueueScenario& q = read->queues[0];
  EXPECT_EQ(q.name, "billing");
  EXPECT_EQ(q.priority, 5);
  EXPECT_EQ(q.order, Order::kFifo);
  EXPECT_EQ(q.policy, Policy::kLongestIdle);
  EXPECT_EQ(q.max_waiting, 30u);
  EXPECT_EQ(q.requirement, (SkillLevels{{"billing", 1}}));
  EXPECT_EQ(q.arrivals.rates_per_hour, std::vector<double>{84});
  EXPECT_EQ(q.handle_time.kind, Distribution::Kind::kExponential);
  EXPECT_EQ(q.handle_time.mean_s, 600);
  EXPECT_EQ(q.patience.kind, Distribution::Kind::kNone);
  ASSERT_EQ(read->agents.size(), 1u);
  EXPECT_EQ(read->agents[0].count, 15u);
  EXPECT_EQ(read->agents[0].skills, (SkillLevels{{"billing", 80}, {"sales", 50}}));
  EXPECT_EQ(read->agents[0].capacity, 1u);
}

TEST(Scenario, RefusesWhatItDoesNotKnowWithTheLine) {
  EXPECT_EQ(refusal("replications", "replicatons = 10"), "s.toml:4: replicatons: is not a known setting here");
  EXPECT_EQ(refusal("priority", "prority = 5"), "s.toml:9: queue.prority: is not a known setting here");
  EXPECT_EQ(refusal("capacity", "capcity = 1"), "s.toml:21: agents.capcity: is not a known setting here");
  EXPECT_EQ(refusal("patience", "patience = { distribution = \"none\", mean_s = 3 }"),
            "s.toml:16: queue.patience.mean_s: is not a known setting here");
  EXPECT_EQ(refusal("order", "order = \"lifo\""),
            "s.toml:10: queue.order: \"lifo\" is not known; it may be: aging, fifo, least_slack, fair_share");
  EXPECT_EQ(refusal("handle_time", "handle_time = { distribution = \"weibull\", mean_s = 600 }"),
            "s.toml:15: queue.handle_time.distribution: \"weibull\" is not known; it may be: none, exponential, "
            "lognormal, deterministic, empirical");
}

TEST(Scenario, RefusesImpossibleValuesWithTheLine) {
  EXPECT_EQ(refusal("arrivals", "arrivals = { process = \"poisson\", rate_per_hour = -84 }"),
            "s.toml:14: queue.arrivals.rate_per_hour: must be a number from 0 to 1000000000");
  EXPECT_EQ(refusal("arrivals", "arrivals = { process = \"poisson\", rate_per_hour = nan }"),
            "s.toml:14: queue.arrivals.rate_per_hour: must be a number from 0 to 1000000000");
  EXPECT_EQ(refusal("duration_s", "duration_s = \"long\""),
            "s.toml:2: duration_s: must be a number above 0 and at most 1000000000");
  EXPECT_EQ(refusal("warmup_s", "warmup_s = 360000"), "s.toml:3: warmup_s: must be less than duration_s");
  EXPECT_EQ(refusal("replications", "replications = 0"),
            "s.toml:4: replications: must be a whole number from 1 to 10000");
  EXPECT_EQ(refusal("max_waiting", "max_waiting = 1.5"),
            "s.toml:12: queue.max_waiting: must be a whole number from 0 to 1000000000");
  EXPECT_EQ(refusal("requirement", "requirement = { billing = 0 }"),
            "s.toml:13: queue.requirement.billing: must be a whole number from 1 to 100");
  EXPECT_EQ(refusal("handle_time", "handle_time = { distribution = \"none\" }"),
            "s.toml:15: queue.handle_time.distribution: must not be none here");
  EXPECT_EQ(refusal("handle_time", "handle_time = { distribution = \"exponential\", mean_s = 0 }"),
            "s.toml:15: queue.handle_time.mean_s: must be a number above 0 and at most 1000000000");
  EXPECT_EQ(refusal("handle_time", "handle_time = { distribution = \"lognormal\", mean_s = 9 }"),
            "s.toml:15: queue.handle_time.distribution: needs either sd_s or cv (sd_s / mean_s)");
  EXPECT_EQ(refusal("count = 15", "count = 0"), "s.toml:19: agents.count: must be a whole number from 1 to 100000");
  EXPECT_EQ(refusal("arrivals", "arrivals = { process = \"poisson\", rate_per_hour = 1e9 }"),
            "s.toml:14: queue.arrivals: make more than 50 million arrivals in one replication; more replications of a "
            "shorter duration_s say as much");
}

TEST(Scenario, RefusesWhatIsMissingOrBroken) {
  EXPECT_EQ(refusal("duration_s", ""), "s.toml:1: duration_s: is required");
  EXPECT_EQ(refusal("handle_time", ""), "s.toml:7: queue.handle_time: is required");
  EXPECT_TRUE(refusal("seed", "seed = = 7").starts_with("s.toml:1: ")) << refusal("seed", "seed = = 7");
  EXPECT_EQ(read_scenario("/nonexistent/s.toml").error(), "/nonexistent/s.toml: cannot be read");
}

TEST(Scenario, RefusesAQueueThatNobodyServes) {
  const std::string nobody =
      "queue.requirement: no agents serve this queue: nobody has the skills at these levels, or lists the queue";
  EXPECT_EQ(refusal("requirement", "requirement = { bililng = 1 }"), "s.toml:13: " + nobody);
  EXPECT_EQ(refusal("requirement", "requirement = { billing = 81 }"), "s.toml:13: " + nobody);
  EXPECT_EQ(refusal("capacity", "queues = [\"sales\"]"),
            "s.toml:21: agents.queues: \"sales\" is not the name of a queue");
}

TEST(Scenario, ReadsTracesFromBesideTheFile) {
  ScenarioFolder folder;
  folder.write("trace.txt", "# seconds\n1\n2.5\r\n\n2.5\n9\n");
  std::string text(kIssue);
  text.replace(text.find("arrivals = {"), text.find('\n', text.find("arrivals = {")) - text.find("arrivals = {"),
               "arrivals = { process = \"trace\", file = \"trace.txt\" }");
  const auto read = read_scenario(folder.write("s.toml", text));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->queues[0].arrivals.times_s, (std::vector<double>{1, 2.5, 2.5, 9}));
  EXPECT_EQ(read->queues[0].arrivals.expected(9), 3);
  const auto trace = folder.write("trace.txt", "3\n2\n");
  EXPECT_EQ(read_scenario(folder.write("s.toml", text)).error(),
            trace.string() + ":2: is earlier than the line before it");
  folder.write("trace.txt", "3\nsoon\n");
  EXPECT_EQ(read_scenario(folder.write("s.toml", text)).error(),
            trace.string() + ":2: must be one number of seconds from 0 to 1e9");
}

TEST(Scenario, ExpectsArrivalsOfIntervals) {
  const Arrivals once{.rates_per_hour = {60, 120}, .interval_s = 1800};
  EXPECT_EQ(once.expected(900), 15);
  EXPECT_EQ(once.expected(3600), 90);
  EXPECT_EQ(once.expected(36'000), 90);
  const Arrivals daily{.rates_per_hour = {60, 120}, .interval_s = 1800, .repeat = true};
  EXPECT_EQ(daily.expected(3600 * 3 + 900), 285);
}

}  // namespace
}  // namespace sb::planner
