// Flows by themselves: each condition, what rules do to an arrival, the bounds, local time, snapshots.
#include "routing/flow.h"

#include <gtest/gtest.h>

#include "routing/core.h"

namespace sb::routing {
namespace {

constexpr TimeMs kTuesday = 1'700'000'000'000;  // Tuesday, 14 November 2023, 22:13:20 UTC

FlowCondition words(FlowField field, FlowTest test, std::vector<std::string> words) {
  return {field, test, 0, std::move(words), {}};
}
FlowCondition number(FlowField field, FlowTest test, std::int64_t n, QueueId queue = {}) {
  return {field, test, n, {}, queue};
}

class FlowRules : public ::testing::Test {
 protected:
  void SetUp() override {
    for (std::uint32_t s : {1u, 2u}) run(command::PutSkill{{s}, "skill" + std::to_string(s)});
    queue(1, "sales");
    queue(2, "support");
    command::PutAgent agent{{1}, {}, {{1}}, {0, 1, 1}, "amy"};
    ASSERT_EQ(run(agent).rejection, Rejection::kNone);
  }
  Outcome run(const Command& c) { return core.step(c, Source::kApi, {}, kTuesday, events); }
  void queue(std::uint32_t id, std::string name, bool open = true) {
    command::PutQueue q{.queue = {id}, .name = std::move(name), .open = open, .offer_timeout_ms = 20'000};
    ASSERT_EQ(run(q).rejection, Rejection::kNone);
  }
  // Whether a rule of this one condition acts.
  bool holds(const FlowCondition& c) { return !outcome({c}, {}, {}).empty(); }
  std::vector<std::size_t> outcome(std::vector<FlowCondition> all, std::vector<FlowCondition> any, FlowAction then) {
    flow.rules = {{"rule", std::move(all), std::move(any), std::move(then)}};
    EXPECT_EQ(check_flow(flow, core.state()), Rejection::kNone);
    arrival = fresh();
    return evaluate(flow, arrival, core.state(), now);
  }
  FlowArrival fresh() const {
    FlowArrival a;
    a.channel = Channel::kChat;
    a.tier = 2;
    a.labels = labels;
    a.queue = {1};
    a.priority = 3;
    a.language = "zh-Hans-CN";
    return a;
  }
  Rejection check(const FlowRule& rule) { return check_flow({1, {rule}, {}}, core.state()); }
  Rejection check(const FlowCondition& c) { return check(FlowRule{"rule", {c}, {}, {}}); }

  Core core;
  std::vector<Event> events;
  Flow flow;
  FlowArrival arrival;
  std::vector<std::string> labels{"order_open", "page:/tea"};
  TimeMs now = kTuesday;
};

TEST_F(FlowRules, ConditionsOnTheInteraction) {
  EXPECT_TRUE(holds(words(FlowField::kChannel, FlowTest::kIs, {"chat"})));
  EXPECT_FALSE(holds(words(FlowField::kChannel, FlowTest::kIs, {"phone"})));
  EXPECT_TRUE(holds(words(FlowField::kChannel, FlowTest::kIsAnyOf, {"phone", "chat"})));
  EXPECT_TRUE(holds(words(FlowField::kChannel, FlowTest::kIsNot, {"phone", "email"})));
  EXPECT_FALSE(holds(words(FlowField::kChannel, FlowTest::kIsNot, {"phone", "chat"})));
  EXPECT_TRUE(holds(words(FlowField::kQueue, FlowTest::kIs, {"sales"})));
  EXPECT_FALSE(holds(words(FlowField::kQueue, FlowTest::kIsNot, {"sales"})));
  EXPECT_TRUE(holds(words(FlowField::kLabel, FlowTest::kIs, {"order_open"})));
  EXPECT_FALSE(holds(words(FlowField::kLabel, FlowTest::kIs, {"order"})));
  EXPECT_TRUE(holds(words(FlowField::kLabel, FlowTest::kIsAnyOf, {"vip", "page:/tea"})));
  EXPECT_TRUE(holds(words(FlowField::kLabel, FlowTest::kIsNot, {"vip"})));
  EXPECT_TRUE(holds(number(FlowField::kTier, FlowTest::kAtLeast, 2)));
  EXPECT_FALSE(holds(number(FlowField::kTier, FlowTest::kAtLeast, 3)));
  EXPECT_TRUE(holds(number(FlowField::kTier, FlowTest::kAtMost, 2)));
  EXPECT_TRUE(holds(number(FlowField::kTier, FlowTest::kIs, 2)));
  EXPECT_FALSE(holds(number(FlowField::kTier, FlowTest::kIsNot, 2)));
  EXPECT_TRUE(holds(number(FlowField::kPriority, FlowTest::kAtLeast, -100)));
  EXPECT_TRUE(holds(number(FlowField::kKnownCustomer, FlowTest::kIs, 0)));
  EXPECT_FALSE(holds(number(FlowField::kKnownCustomer, FlowTest::kIs, 1)));
}

TEST_F(FlowRules, LanguagesTakeInWhatIsMorePrecise) {
  EXPECT_TRUE(holds(words(FlowField::kLanguage, FlowTest::kIs, {"zh"})));
  EXPECT_TRUE(holds(words(FlowField::kLanguage, FlowTest::kIs, {"ZH-hans"})));
  EXPECT_TRUE(holds(words(FlowField::kLanguage, FlowTest::kIs, {"zh-Hans-CN"})));
  EXPECT_FALSE(holds(words(FlowField::kLanguage, FlowTest::kIs, {"zh-CN"})));
  EXPECT_FALSE(holds(words(FlowField::kLanguage, FlowTest::kIs, {"z"})));
  EXPECT_FALSE(holds(words(FlowField::kLanguage, FlowTest::kIs, {"zh-Hans-CN-x-y"})));
  EXPECT_TRUE(holds(words(FlowField::kLanguage, FlowTest::kIsNot, {"en"})));
}

TEST_F(FlowRules, TimeIsThatOfTheZone) {
  const auto at = [&](TimeMs t, std::string span) {
    now = t;
    return holds(words(FlowField::kMinuteOfDay, FlowTest::kIs, {std::move(span)}));
  };
  EXPECT_TRUE(at(kTuesday, "22:13-22:14"));
  EXPECT_FALSE(at(kTuesday, "22:14-22:15"));
  EXPECT_TRUE(at(kTuesday, "22:00-06:00")) << "over midnight";
  EXPECT_FALSE(at(kTuesday, "22:14-22:13"));
  EXPECT_TRUE(at(kTuesday, "22:00-24:00"));
  EXPECT_TRUE(at(kTuesday, "00:00-24:00"));
  flow.offsets = {{kTuesday - 1'000, 60}, {kTuesday + 60'000, -23 * 60}};
  EXPECT_TRUE(at(kTuesday, "23:13-23:14"));
  EXPECT_TRUE(at(kTuesday + 60'000, "23:14-23:15")) << "a day earlier from here on";
  EXPECT_TRUE(at(kTuesday - 60'000, "23:12-23:13")) << "before the first offset the first holds";
  now = kTuesday;
  EXPECT_TRUE(holds(words(FlowField::kWeekday, FlowTest::kIsAnyOf, {"mon", "tue"})));
  now = kTuesday + 60'000;
  EXPECT_TRUE(holds(words(FlowField::kWeekday, FlowTest::kIs, {"mon"})));
  flow.offsets = {{1, 14 * 60}};
  now = kTuesday;
  EXPECT_TRUE(holds(words(FlowField::kWeekday, FlowTest::kIs, {"wed"})));
  const LocalTime first = local_time({}, 0);
  EXPECT_EQ(first.minute_of_day, 0u);
  EXPECT_EQ(kWeekdayNames[first.weekday], "thu");
}

TEST_F(FlowRules, ConditionsOnQueues) {
  EXPECT_TRUE(holds(number(FlowField::kWaiting, FlowTest::kIs, 0)));
  EXPECT_TRUE(holds(number(FlowField::kFreeAgents, FlowTest::kIs, 0)));
  EXPECT_TRUE(holds(number(FlowField::kSignedInAgents, FlowTest::kAtMost, 0)));
  EXPECT_TRUE(holds(number(FlowField::kQueueOpen, FlowTest::kIs, 1)));
  run(command::SignInAgent{{1}, 1, Presence::kAvailable});
  EXPECT_TRUE(holds(number(FlowField::kFreeAgents, FlowTest::kIs, 1)));
  EXPECT_TRUE(holds(number(FlowField::kFreeAgents, FlowTest::kAtLeast, 1)));
  EXPECT_FALSE(holds(number(FlowField::kFreeAgents, FlowTest::kAtLeast, 2)));
  EXPECT_TRUE(holds(number(FlowField::kFreeAgents, FlowTest::kIs, 0, {2}))) << "nobody serves support";
  EXPECT_TRUE(holds(number(FlowField::kSignedInAgents, FlowTest::kIsNot, 0)));
  command::StartInteraction start;
  start.channel = Channel::kEmail;
  start.queue = {2};
  run(start);
  now = kTuesday + 5'999;
  EXPECT_TRUE(holds(number(FlowField::kWaiting, FlowTest::kIs, 1, {2})));
  EXPECT_TRUE(holds(number(FlowField::kLongestWaitS, FlowTest::kIs, 5, {2})));
  EXPECT_TRUE(holds(number(FlowField::kLongestWaitS, FlowTest::kIs, 0)));
  queue(2, "support", false);
  EXPECT_TRUE(holds(number(FlowField::kQueueOpen, FlowTest::kIs, 0, {2})));
}

TEST_F(FlowRules, AllMustHoldAndOneOfAny) {
  const auto yes = number(FlowField::kTier, FlowTest::kAtLeast, 1);
  const auto no = number(FlowField::kTier, FlowTest::kAtLeast, 9);
  EXPECT_FALSE(outcome({}, {}, {}).empty()) << "a rule without conditions always holds";
  EXPECT_FALSE(outcome({yes, yes}, {no, yes}, {}).empty());
  EXPECT_TRUE(outcome({yes, no}, {yes}, {}).empty());
  EXPECT_TRUE(outcome({yes}, {no, no}, {}).empty());
}

TEST_F(FlowRules, WhatARuleDoes) {
  FlowAction then;
  then.queue = {2};
  then.require = {{{1}, 50}, {{2}, 10}};
  then.require_any = {{{{{1}, 70}, {{2}, 40}}}};
  then.prefer = {{1}};
  then.exclude = {{1}};
  then.priority = 100;
  then.language = "en";
  then.out_of_hours = true;
  outcome({}, {}, then);
  EXPECT_EQ(arrival.queue, QueueId{2});
  EXPECT_EQ(arrival.requirement.skills, (std::vector<SkillLevel>{{{1}, 50}, {{2}, 10}}));
  EXPECT_EQ(arrival.requirement.any, then.require_any);
  EXPECT_EQ(arrival.requirement.preferred, std::vector<SkillId>{{1}});
  EXPECT_EQ(arrival.requirement.excluded, std::vector<AgentId>{{1}});
  EXPECT_EQ(arrival.priority, 100) << "not more than there is";
  EXPECT_EQ(arrival.language, "en");
  EXPECT_TRUE(arrival.out_of_hours);

  arrival = fresh();
  arrival.requirement.skills = {{{2}, 60}};
  arrival.requirement.any = {{{{{2}, 5}}}};
  arrival.requirement.only_agent = {1};
  evaluate(flow, arrival, core.state(), now);
  EXPECT_EQ(arrival.requirement.skills, (std::vector<SkillLevel>{{{1}, 50}, {{2}, 60}})) << "the higher level stays";
  EXPECT_EQ(arrival.requirement.any, (std::vector<AnyOf>{{{{{1}, 70}, {{2}, 40}}}, {{{{2}, 5}}}})) << "each holds";
  EXPECT_TRUE(arrival.requirement.excluded.empty()) << "who is asked for by name is not excluded";

  for (std::uint32_t n = 1; n <= kExcludedMax; ++n) arrival.requirement.excluded.push_back({n + 10});
  arrival.requirement.any.clear();
  for (std::uint32_t n = 1; n <= kAnyGroupsMax; ++n) arrival.requirement.any.push_back({{{{2}, n + 10}}});
  arrival.requirement.only_agent = {};
  evaluate(flow, arrival, core.state(), now);
  EXPECT_EQ(arrival.requirement.any.size(), kAnyGroupsMax);
  EXPECT_EQ(arrival.requirement.excluded.size(), kExcludedMax) << "a rule makes no requirement impossible";
}

TEST_F(FlowRules, TheFirstThatHoldsEndsTheFlowUnlessItGoesOn) {
  FlowAction next;
  next.language = "en";
  next.go_on = true;
  FlowAction last;
  last.priority = 1;
  flow.rules = {{"one", {}, {}, next},
                {"two", {words(FlowField::kLanguage, FlowTest::kIs, {"zh"})}, {}, next},
                {"three", {words(FlowField::kLanguage, FlowTest::kIs, {"en"})}, {}, last},
                {"four", {}, {}, last}};
  arrival = fresh();
  std::vector<RuleSaid> said;
  EXPECT_EQ(evaluate(flow, arrival, core.state(), now, &said), (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(arrival.priority, 4);
  ASSERT_EQ(said.size(), 4u);
  EXPECT_TRUE(said[0].asked && said[0].held);
  EXPECT_TRUE(said[1].asked && !said[1].held);
  EXPECT_EQ(said[1].all.at(0).words, "en") << "what the first made of it";
  EXPECT_TRUE(said[2].asked && said[2].held);
  EXPECT_TRUE(!said[3].asked && said[3].held);
}

TEST_F(FlowRules, AskedToTellItLooksAtEverything) {
  run(command::SignInAgent{{1}, 1, Presence::kAvailable});
  flow.rules = {
      {"one",
       {number(FlowField::kTier, FlowTest::kAtLeast, 9), words(FlowField::kLabel, FlowTest::kIs, {"vip"})},
       {number(FlowField::kFreeAgents, FlowTest::kAtLeast, 0), number(FlowField::kPriority, FlowTest::kIs, 3)},
       {}}};
  arrival = fresh();
  std::vector<RuleSaid> said;
  EXPECT_TRUE(evaluate(flow, arrival, core.state(), now, &said).empty());
  ASSERT_EQ(said.at(0).all.size(), 2u);
  ASSERT_EQ(said[0].any.size(), 2u);
  EXPECT_EQ(said[0].all[0].number, 2);
  EXPECT_FALSE(said[0].all[0].held);
  EXPECT_EQ(said[0].all[1].words, "order_open, page:/tea");
  EXPECT_EQ(said[0].any[0].number, 1) << "counted to the end";
  EXPECT_TRUE(said[0].any[1].held);
}

TEST_F(FlowRules, Bounds) {
  FlowRule rule{"rule", {}, {}, {}};
  EXPECT_EQ(check(rule), Rejection::kNone);
  for (std::size_t n = 0; n < 20; ++n) rule.all.push_back(number(FlowField::kTier, FlowTest::kIs, 1));
  for (std::size_t n = 0; n < 12; ++n) rule.any.push_back(number(FlowField::kTier, FlowTest::kIs, 1));
  EXPECT_EQ(check(rule), Rejection::kNone);
  rule.any.push_back(rule.any.front());
  EXPECT_EQ(check(rule), Rejection::kInvalidArgument);
  EXPECT_EQ(check(FlowRule{"", {}, {}, {}}), Rejection::kInvalidArgument);
  EXPECT_EQ(check(FlowRule{std::string(201, 'x'), {}, {}, {}}), Rejection::kInvalidArgument);
  const auto groups = [&](std::vector<AnyOf> all) {
    FlowAction then;
    then.require_any = std::move(all);
    return check(FlowRule{"rule", {}, {}, then});
  };
  std::vector<AnyOf> most;
  for (std::uint32_t level = 1; level <= kAnyGroupsMax; ++level) most.push_back({{{{1}, level}}});
  EXPECT_EQ(groups(most), Rejection::kNone);
  most.push_back({{{{2}, 1}}});
  EXPECT_EQ(groups(most), Rejection::kInvalidArgument);
  EXPECT_EQ(groups({{}}), Rejection::kInvalidArgument);
  EXPECT_EQ(groups({{{{{1}, 101}}}}), Rejection::kInvalidArgument);
  EXPECT_EQ(groups({{{{{2}, 1}, {{1}, 1}}}}), Rejection::kInvalidArgument);
  EXPECT_EQ(groups({{{{{3}, 1}}}}), Rejection::kUnknownSkill);
  Flow many;
  for (std::size_t n = 0; n < kFlowRulesMax; ++n) many.rules.push_back({std::to_string(n), {}, {}, {}});
  EXPECT_EQ(check_flow(many, core.state()), Rejection::kNone);
  many.rules.push_back({"one more", {}, {}, {}});
  EXPECT_EQ(check_flow(many, core.state()), Rejection::kInvalidArgument);
  many.rules = {{"twice", {}, {}, {}}, {"twice", {}, {}, {}}};
  EXPECT_EQ(check_flow(many, core.state()), Rejection::kInvalidArgument);
  EXPECT_EQ(check_flow({1, {}, {{5, 60}, {5, 0}}}, core.state()), Rejection::kInvalidArgument);
  EXPECT_EQ(check_flow({1, {}, {{5, 1441}}}, core.state()), Rejection::kInvalidArgument);
  EXPECT_EQ(check_flow({1, {}, {{5, -1440}, {6, 1440}}}, core.state()), Rejection::kNone);
}

TEST_F(FlowRules, WrongConditions) {
  EXPECT_EQ(check(FlowCondition{}), Rejection::kInvalidArgument);
  EXPECT_EQ(check(number(FlowField::kTier, FlowTest::kIsAnyOf, 1)), Rejection::kInvalidArgument);
  EXPECT_EQ(check(number(FlowField::kPriority, FlowTest::kIs, 101)), Rejection::kInvalidArgument);
  EXPECT_EQ(check(number(FlowField::kKnownCustomer, FlowTest::kIs, 2)), Rejection::kInvalidArgument);
  EXPECT_EQ(check(number(FlowField::kQueueOpen, FlowTest::kAtLeast, 1)), Rejection::kInvalidArgument);
  EXPECT_EQ(check(number(FlowField::kTier, FlowTest::kIs, 1, {1})), Rejection::kInvalidArgument);
  EXPECT_EQ(check(number(FlowField::kWaiting, FlowTest::kIs, 1, {1})), Rejection::kNone);
  EXPECT_EQ(check(number(FlowField::kWaiting, FlowTest::kIs, 1, {9})), Rejection::kUnknownQueue);
  EXPECT_EQ(check(words(FlowField::kQueue, FlowTest::kIs, {"nowhere"})), Rejection::kUnknownQueue);
  EXPECT_EQ(check(words(FlowField::kChannel, FlowTest::kIs, {"none"})), Rejection::kInvalidArgument);
  EXPECT_EQ(check(words(FlowField::kChannel, FlowTest::kIs, {"chat", "phone"})), Rejection::kInvalidArgument);
  EXPECT_EQ(check(words(FlowField::kLabel, FlowTest::kIsAnyOf, {})), Rejection::kInvalidArgument);
  EXPECT_EQ(check(words(FlowField::kLabel, FlowTest::kIs, {""})), Rejection::kInvalidArgument);
  EXPECT_EQ(check(words(FlowField::kLabel, FlowTest::kAtLeast, {"x"})), Rejection::kInvalidArgument);
  EXPECT_EQ(check(words(FlowField::kLabel, FlowTest::kIsAnyOf, std::vector<std::string>(33, "x"))),
            Rejection::kInvalidArgument);
  for (const char* wrong : {"9:00-10:00", "09:00-24:01", "24:00-01:00", "09:60-10:00", "09:00-09:00", "09:00",
                            "ab:cd-ef:gh", "09:00-10:000"}) {
    EXPECT_EQ(check(words(FlowField::kMinuteOfDay, FlowTest::kIs, {wrong})), Rejection::kInvalidArgument) << wrong;
  }
}

TEST_F(FlowRules, ArrivalsWithWrongLabelsAreRefused) {
  command::StartInteraction start;
  start.channel = Channel::kChat;
  start.queue = {1};
  start.labels = std::vector<std::string>(32, std::string(64, 'x'));
  EXPECT_EQ(run(start).rejection, Rejection::kNone);
  start.labels.emplace_back("x");
  EXPECT_EQ(run(start).rejection, Rejection::kInvalidArgument);
  start.labels = {std::string(65, 'x')};
  EXPECT_EQ(run(start).rejection, Rejection::kInvalidArgument);
  start.labels = {""};
  EXPECT_EQ(run(start).rejection, Rejection::kInvalidArgument);
}

TEST_F(FlowRules, AQueueTheFlowNamesKeepsItsName) {
  flow = {1, {{"rule", {words(FlowField::kQueue, FlowTest::kIs, {"sales"})}, {}, {}}}, {}};
  ASSERT_EQ(run(command::PutFlow{flow}).rejection, Rejection::kNone);
  command::PutQueue q = {.queue = {1}, .name = "selling", .open = true, .offer_timeout_ms = 20'000};
  EXPECT_EQ(run(q).rejection, Rejection::kInUse);
  q.queue = {2};
  EXPECT_EQ(run(q).rejection, Rejection::kNone);
}

TEST_F(FlowRules, SnapshotsKeepTheFlowAndRefuseAWrongOne) {
  EXPECT_EQ(core.save().find("wholesale"), std::string::npos);
  FlowAction then;
  then.require = {{{2}, 50}};
  flow = {7, {{"wholesale", {number(FlowField::kTier, FlowTest::kAtLeast, 2)}, {}, then}}, {{1, 480}}};
  ASSERT_EQ(run(command::PutFlow{flow}).rejection, Rejection::kNone);
  const std::string saved = core.save();
  auto loaded = Core::load(saved);
  ASSERT_TRUE(loaded) << loaded.error();
  EXPECT_EQ(loaded->state().flow, flow);
  EXPECT_EQ(loaded->save(), saved);
  // The same with a skill that nobody knows: 2 becomes 3 in the rule alone.
  const auto damaged = [&](const Flow& wrong) {
    std::string bytes = core.save();
    std::string from, to;
    wire::encode(from, flow);
    wire::encode(to, wrong);
    EXPECT_EQ(from.size(), to.size());
    bytes.replace(bytes.find(from), from.size(), to);
    const auto refused = Core::load(bytes);
    return refused ? std::string() : refused.error();
  };
  Flow wrong = flow;
  wrong.rules[0].then.require[0].skill = {3};
  EXPECT_EQ(damaged(wrong), "snapshot: damaged in section flow");
  wrong = flow;
  wrong.rules[0].then.require[0].level = 101;
  EXPECT_EQ(damaged(wrong), "snapshot: damaged in section flow");
}

}  // namespace
}  // namespace sb::routing
