#include "planner/changes.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "scenario_file.h"

// CHANGES.toml: what is taken, and that everything else is refused with file, line and reason.
namespace sb::planner {
namespace {

class ChangesFile : public ::testing::Test {
 protected:
  std::expected<Changes, ChangeProblem> read(std::string_view text) {
    return read_changes(folder_.write("changes.toml", text), {}, read_flow);
  }
  // Stands for the reader of the center's own flows: nameless rules are wrong.
  static std::expected<Flow, ChangeProblem> read_flow(const boost::json::value& rules) {
    Flow flow;
    for (const auto& one : rules.as_array()) {
      const auto* name = one.as_object().if_contains("name");
      const std::string path = std::to_string(flow.rules.size());
      if (!name) return std::unexpected(ChangeProblem{"flow \"rule " + path + "\": no name", {path, "no name"}});
      flow.rules.push_back({std::string(name->as_string()), {}, {}, {}});
    }
    return flow;
  }
  // The error of it, without the folder.
  std::string refusal(std::string_view text) {
    const auto found = read(text);
    if (found) return "accepted";
    const auto at = found.error().message.find("changes.toml");
    return found.error().message.substr(at == std::string::npos ? 0 : at);
  }
  ScenarioFolder folder_;
};

TEST_F(ChangesFile, EverythingItMaySay) {
  const auto found = read(R"(
arrivals_factor = 1.2
handle_time_factor = 0.9
[[add_agents]]
count = 3
skills = { billing = 80 }
queues = ["billing"]
capacity = 2
from = "2026-11-22 09:00"
until = "2026-11-22 13:00"
[[remove_agents]]
group = "billing"
count = 2
[[change_agents]]
logins = ["mei", "lin"]
skills = { billing = 0, sales = 60 }
[[queue]]
name = "billing"
policy = "best_proficiency"
order = "least_slack"
level = 5
wrap_up_s = 10
max_waiting = 0
target_s = 30
requirement = { billing = 40 }
relaxation = [{ after_s = 30, action = "lower_levels", amount = 20 }, { after_s = 60, action = "overflow", queue = "sales" }]
arrivals_factor = 2
)");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->arrivals_factor, 1.2);
  ASSERT_EQ(found->add_agents.size(), 1u);
  EXPECT_EQ(*found->add_agents[0].until_ms - *found->add_agents[0].from_ms, 4 * 3'600'000u);
  EXPECT_EQ(*found->remove_agents[0].count, 2u);
  ASSERT_EQ(found->change_agents[0].who.logins.size(), 2u);
  EXPECT_EQ(found->change_agents[0].skills.size(), 2u);
  const ChangeQueue& q = found->queues[0];
  EXPECT_EQ(*q.policy, Policy::kBestProficiency);
  EXPECT_EQ(*q.order, Order::kLeastSlack);
  ASSERT_EQ(q.relaxation->size(), 2u);
  EXPECT_EQ((*q.relaxation)[1].step.kind, RelaxKind::kOverflow);
}

TEST_F(ChangesFile, WhatIsWrongIsRefusedWithItsLine) {
  EXPECT_EQ(refusal(""),
            "changes.toml:1: changes: there are none; there may be arrivals_factor, handle_time_factor, "
            "add_agents, remove_agents, change_agents, queue and flow");
  EXPECT_EQ(refusal("arrivals = 2\n"), "changes.toml:1: arrivals: is not a known setting here");
  EXPECT_EQ(refusal("\narrivals_factor = 0\n"), "changes.toml:2: arrivals_factor: must be a number from 0.01 to 10");
  EXPECT_EQ(refusal("[[add_agents]]\nskills = { a = 50 }\n"), "changes.toml:1: add_agents.count: is required");
  EXPECT_EQ(refusal("[[add_agents]]\ncount = 1\nskills = { a = 0 }\n"),
            "changes.toml:3: add_agents.skills.a: must be a whole number from 1 to 100");
  EXPECT_EQ(refusal("[[add_agents]]\ncount = 1\nfrom = \"9 o'clock\"\n"),
            "changes.toml:3: add_agents.from: must be a date and time such as \"2026-11-22 09:00\" or "
            "\"2026-11-22T09:00:00+08:00\"");
  EXPECT_EQ(refusal("[[add_agents]]\ncount = 1\nfrom = \"2026-11-22 09:00\"\nuntil = \"2026-11-22 09:00\"\n"),
            "changes.toml:4: add_agents.until: must be later than from");
  EXPECT_EQ(
      refusal("[[remove_agents]]\ncount = 1\n"),
      "changes.toml:1: remove_agents.agents: must be named in one way: logins = [...], group = \"skill\" or queue "
      "= \"name\"");
  EXPECT_EQ(refusal("[[remove_agents]]\nlogins = [\"a\"]\ncount = 1\n"),
            "changes.toml:3: remove_agents.count: goes with group or queue, not with logins");
  EXPECT_EQ(refusal("[[change_agents]]\nlogins = [\"a\"]\n"),
            "changes.toml:1: change_agents.skills: or queues or capacity must say what changes");
  EXPECT_EQ(refusal("[[queue]]\npolicy = \"longest_idle\"\n"), "changes.toml:1: queue.name: is required");
  EXPECT_EQ(refusal("[[queue]]\nname = \"a\"\norder = \"random\"\n"),
            "changes.toml:3: queue.order: \"random\" is not known; it may be: aging, fifo, least_slack, fair_share");
  EXPECT_EQ(refusal("[[queue]]\nname = \"a\"\nprioritty = 3\n"),
            "changes.toml:3: queue.prioritty: is not a known setting here");
  EXPECT_EQ(refusal("[[queue]]\nname = \"a\"\nrelaxation = [{ after_s = 60, action = \"end\" }, { after_s = 30, action "
                    "= \"end\" }]\n"),
            "changes.toml:3: queue.relaxation: needs its steps in the order of after_s");
  EXPECT_NE(refusal("[[queue]\n").find("changes.toml:1: "), std::string::npos) << "no TOML";
  EXPECT_NE(read_changes("/nowhere/changes.toml", {}, read_flow).error().message.find("cannot be read"),
            std::string::npos);
}

TEST_F(ChangesFile, AnEmptyRelaxationTakesEveryStepAway) {
  RecordedDay day;
  command::PutQueue billing;
  billing.queue = {1};
  billing.name = "billing";
  billing.matching.relaxation = {{30'000, RelaxKind::kOfferCallback, {}, 0, {}}, {60'000, RelaxKind::kEnd, {}, 0, {}}};
  command::PutQueue sales = billing;
  sales.queue = {2};
  sales.name = "sales";
  day.put_queues = {billing, sales};
  day.planned = {{60, billing}};  // put again on the way
  const auto relaxations = [&](std::string_view text) {
    const auto changes = read(text);
    EXPECT_TRUE(changes) << changes.error().message;
    const auto found = changed(day, *changes);
    EXPECT_TRUE(found) << found.error().message;
    return std::vector{found->put_queues[0].matching.relaxation.size(), found->put_queues[1].matching.relaxation.size(),
                       std::get<command::PutQueue>(found->planned[0].command).matching.relaxation.size()};
  };
  EXPECT_EQ(relaxations("[[queue]]\nname = \"billing\"\nrelaxation = []\n"), (std::vector<std::size_t>{0, 2, 0}));
  EXPECT_EQ(relaxations("[[queue]]\nname = \"billing\"\nlevel = 1\n"), (std::vector<std::size_t>{2, 2, 2}))
      << "what is not named stays";
  EXPECT_EQ(refusal("[[queue]]\nname = \"billing\"\nrelaxation = 7\n"),
            "changes.toml:3: queue.relaxation: must be a list of tables, and not empty");
}

TEST_F(ChangesFile, AFlowIsReadByTheCentersReader) {
  const auto two = read("[[flow]]\nname = \"a\"\nthen = {}\n[[flow]]\nname = \"b\"\nthen = {}\n");
  ASSERT_TRUE(two) << two.error().message;
  ASSERT_EQ(two->flow->flow.rules.size(), 2u);
  EXPECT_EQ(two->flow->rules[1].where.substr(two->flow->rules[1].where.size() - 2), ":4");
  EXPECT_EQ(two->flow->rules[1].field, "flow.1");
  const auto none = read("flow = []\n");
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_TRUE(none->flow && none->flow->flow.rules.empty());
  EXPECT_EQ(refusal("[[flow]]\nname = \"a\"\n[[flow]]\nthen = {}\n"), "changes.toml:3: flow \"rule 1\": no name");
  const auto wrong = read("[[flow]]\nthen = {}\n");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().at.field, "flow.0");
  EXPECT_EQ(wrong.error().at.reason, "no name");
  EXPECT_EQ(wrong.error().at.line, 1u);
}

TEST_F(ChangesFile, ARequestMayHaveItsFlowAsTheTextOfAFile) {
  const auto ask = [](std::string_view text) {
    return read_changes(boost::json::object{{"flow", text}}, {}, read_flow);
  };
  const auto two = ask("# rules\n[[flow]]\nname = \"a\"\nthen = {}\n\n[[flow]]\nname = \"b\"\nthen = {}\n");
  ASSERT_TRUE(two) << two.error().message;
  ASSERT_EQ(two->flow->flow.rules.size(), 2u);
  EXPECT_EQ(two->flow->flow.rules[1].name, "b");
  EXPECT_EQ(two->flow->rules[1].where, "request:6");
  const auto none = ask("flow = []");
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_TRUE(none->flow && none->flow->flow.rules.empty());

  const auto refusal = [&](std::string_view text) {
    const auto found = ask(text);
    return found ? FieldProblem{"accepted", {}} : found.error().at;
  };
  const auto nameless = refusal("[[flow]]\nname = \"a\"\n[[flow]]\nthen = {}\n");
  EXPECT_EQ(nameless.field, "flow.1");
  EXPECT_EQ(nameless.reason, "no name");
  EXPECT_EQ(nameless.line, 3u);
  const auto unclosed = refusal("[[flow]]\nname = \"a\n");
  EXPECT_EQ(unclosed.field, "flow");
  EXPECT_EQ(unclosed.line, 2u);
  EXPECT_FALSE(unclosed.reason.empty());
  const auto other = refusal("flow = []\n[[queues]]\nname = \"sales\"\n");
  EXPECT_EQ(other.field, "flow");
  EXPECT_EQ(other.reason, "only [[flow]] rules go here, not queues");
  EXPECT_EQ(other.line, 2u);
  EXPECT_EQ(refusal("\nflow = 7\n").line, 2u);
  EXPECT_EQ(refusal("").reason, "takes [[flow]] rules, or flow = [] for none");
  EXPECT_EQ(refusal("").line, 0u);
  EXPECT_EQ(refusal(std::string(200'001, '#')).reason, "takes 200,000 bytes at most");
}

}  // namespace
}  // namespace sb::planner
