// Flows as people write them: read, written again, refused; and dry runs, given and recorded.
#include "engine/flow_reader.h"

#include "engine/arrival_labels.h"
#include "engine/flow_dry_run.h"
#include "engine_fixture.h"

namespace sb::engine {
namespace {

namespace json = boost::json;

// Skills zh (1) and wine (2); queues sales (1), vip (2, needs zh >= 50) and tasting (3, needs wine >= 10 and one of zh
// >= 30 and wine >= 60, better with wine); agents agent1 and agent2.
Center shop() {
  Center center;
  center.skills = {{{"zh", "Chinese", "中文"}, {1}}, {{"wine", "Wine", "酒"}, {2}}};
  center.queues = {{{"sales", "Sales", "销售"}, {1}, {}, 20'000},
                   {{"vip", "VIP", "贵宾"}, {2}, {{{{1}, 50}}, {}}, 20'000}};
  const Requirement tasting{{{{2}, 10}}, {}, {{{{{1}, 30}, {{2}, 60}}}}, {{2}}, {}};
  center.queues.push_back({{"tasting", "Tasting", "品酒"}, {3}, tasting, 20'000});
  for (const std::uint32_t n : {1u, 2u}) {
    AgentInfo info;
    info.id = {n};
    info.login = "agent" + std::to_string(n);
    center.agents.push_back(std::move(info));
  }
  center.index_agents();
  center.utc_offsets = {{1, 480}};
  return center;
}

const char* const kGold = R"([
  {"name": "gold", "all": [{"channel": ["phone", "chat"]}, {"tier": {"at_least": 2}}],
   "any": [{"label": "order_open"}, {"time": {"from": "22:00", "to": "06:00"}}, {"weekday": ["mon", "tue"]},
           {"queue": "sales", "waiting": {"at_least": 10}}, {"queue_open": false, "queue": "vip"}, {"language": {"not": "en"}}],
   "then": {"queue": "vip", "priority": 20, "require": {"wine": 60, "zh": 40}, "prefer": ["wine"], "exclude": ["agent1"],
            "language": "zh-CN", "out_of_hours": false, "go_on": true}},
  {"name": "rest", "then": {}}])";

std::vector<FlowRule> good(std::string_view text) {
  auto rules = read_flow(json::parse(text), shop());
  EXPECT_TRUE(rules) << rules.error().message();
  return rules.value_or(std::vector<FlowRule>{});
}
FlowProblem problem(std::string_view text) {
  auto rules = read_flow(json::parse(text), shop());
  EXPECT_FALSE(rules) << text;
  return rules ? FlowProblem{} : rules.error();
}
// What is wrong with one condition.
FlowProblem condition(const std::string& text) {
  return problem(R"([{"name": "gold", "all": [{"tier": 1}, )" + text + R"(], "then": {}}])");
}

TEST(FlowReader, ReadsEverythingARuleCanSay) {
  const auto rules = good(kGold);
  ASSERT_EQ(rules.size(), 2u);
  const FlowRule& gold = rules[0];
  EXPECT_EQ(gold.name, "gold");
  ASSERT_EQ(gold.all.size(), 2u);
  EXPECT_EQ(gold.all[0], (FlowCondition{FlowField::kChannel, FlowTest::kIsAnyOf, 0, {"phone", "chat"}, {}}));
  EXPECT_EQ(gold.all[1], (FlowCondition{FlowField::kTier, FlowTest::kAtLeast, 2, {}, {}}));
  ASSERT_EQ(gold.any.size(), 6u);
  EXPECT_EQ(gold.any[0], (FlowCondition{FlowField::kLabel, FlowTest::kIs, 0, {"order_open"}, {}}));
  EXPECT_EQ(gold.any[1], (FlowCondition{FlowField::kMinuteOfDay, FlowTest::kIs, 0, {"22:00-06:00"}, {}}));
  EXPECT_EQ(gold.any[2], (FlowCondition{FlowField::kWeekday, FlowTest::kIsAnyOf, 0, {"mon", "tue"}, {}}));
  EXPECT_EQ(gold.any[3], (FlowCondition{FlowField::kWaiting, FlowTest::kAtLeast, 10, {}, {1}}));
  EXPECT_EQ(gold.any[4], (FlowCondition{FlowField::kQueueOpen, FlowTest::kIs, 0, {}, {2}}));
  EXPECT_EQ(gold.any[5], (FlowCondition{FlowField::kLanguage, FlowTest::kIsNot, 0, {"en"}, {}}));
  EXPECT_EQ(gold.then.queue, QueueId{2});
  EXPECT_EQ(gold.then.require, (std::vector<SkillLevel>{{{1}, 50}, {{2}, 60}}))
      << "what the queue asks for comes along";
  EXPECT_EQ(gold.then.prefer, std::vector<SkillId>{{2}});
  EXPECT_EQ(gold.then.exclude, std::vector<AgentId>{{1}});
  EXPECT_EQ(gold.then.priority, 20);
  EXPECT_EQ(gold.then.language, "zh-CN");
  EXPECT_TRUE(gold.then.go_on);
  EXPECT_FALSE(gold.then.out_of_hours);
  EXPECT_EQ(rules[1].then, FlowAction{});
}

TEST(FlowReader, WritesWhatItReads) {
  const auto rules = good(kGold);
  const auto written = write_flow(rules, shop());
  const auto again = read_flow(written, shop());
  ASSERT_TRUE(again) << again.error().message() << "\n" << json::serialize(written);
  EXPECT_EQ(*again, rules);
  EXPECT_FALSE(written[0].at("then").at("require").as_object().contains("zh")) << "40 was less than the queue's 50";
}

TEST(FlowReader, AQueueBringsAllItAsksFor) {
  const auto rules = good(R"([{"name": "a", "then": {"queue": "tasting", "require": {"zh": 20},
    "require_any": [{"zh": 70}, {"wine": 60, "zh": 30}], "prefer": ["zh"]}}])");
  ASSERT_EQ(rules.size(), 1u);
  const FlowAction& then = rules[0].then;
  EXPECT_EQ(then.require, (std::vector<SkillLevel>{{{1}, 20}, {{2}, 10}}));
  EXPECT_EQ(then.require_any, (std::vector<AnyOf>{{{{{1}, 30}, {{2}, 60}}}, {{{{1}, 70}}}})) << "the queue's own once";
  EXPECT_EQ(then.prefer, (std::vector<SkillId>{{1}, {2}}));
  const auto written = write_flow(rules, shop());
  EXPECT_EQ(json::serialize(written.at(0).at("then")),
            R"({"queue":"tasting","require":{"zh":20},"require_any":[{"zh":70}],"prefer":["zh"]})");
  EXPECT_EQ(read_flow(written, shop()), rules);

  // The same for an arrival whether it names the queue itself or a flow leads it there.
  const Flow leads{1, good(R"([{"name": "a", "then": {"queue": "tasting"}}])"), {}};
  const auto direct = read_arrival(json::parse(R"({"channel": "chat", "queue": "tasting"})"), shop(), leads, 5);
  ASSERT_TRUE(direct);
  routing::FlowArrival led;
  led.channel = Channel::kChat;
  led.queue = {1};
  routing::evaluate(leads, led, routing::State{}, 5);
  EXPECT_EQ(led.queue, QueueId{3});
  EXPECT_EQ(led.requirement, direct->arrival.requirement);
}

TEST(FlowReader, SaysWhereAndWhatIsWrong) {
  const auto tier = condition(R"({"tier": {"at_least": -1}})");
  EXPECT_EQ(tier.path, "0.all.1.tier.at_least");
  EXPECT_EQ(tier.rule, "gold");
  EXPECT_EQ(tier.message(),
            "flow \"gold\", all, condition 2, tier, at_least: must be a whole number from 0 to 10000000");
  const auto reason = [](const std::string& text) { return condition(text).reason; };
  EXPECT_EQ(reason(R"({"channel": "pigeon"})"), "\"pigeon\": there are phone, chat, email, message, form");
  EXPECT_EQ(reason(R"({"weekday": ["mon", "someday"]})"), "\"someday\": there are mon, tue, wed, thu, fri, sat, sun");
  EXPECT_EQ(reason(R"({"queue": "nowhere"})"), "\"nowhere\": there is no such queue");
  EXPECT_EQ(reason(R"({"queue": "nowhere", "waiting": 1})"), "there is no queue \"nowhere\"");
  EXPECT_EQ(reason(R"({"queue": "sales", "tier": 1})"), "tier is not asked of a queue");
  EXPECT_EQ(reason(R"({"tier": 1, "channel": "phone"})"), "asks for tier and channel: write two conditions");
  EXPECT_EQ(reason(R"({"time": "9-12"})"),
            "\"9-12\": a time is written \"09:00-17:30\", from and to apart, to 24:00 at most");
  EXPECT_EQ(reason(R"({"time": {"from": "09:00"}})"),
            "takes { from = \"09:00\", to = \"12:00\" }; over midnight from is the later one");
  EXPECT_EQ(reason(R"({"language": "Chinese!"})"), "\"Chinese!\": must be a language tag, e.g. zh or zh-CN");
  EXPECT_EQ(reason(R"({"known_customer": 1})"), "must be true or false");
  EXPECT_EQ(reason(R"({"tier": {"at_least": 1, "at_most": 2}})"),
            "takes a number or one of { at_least = }, { at_most = }, { not = }");
  EXPECT_EQ(reason(R"({"label": []})"), "takes 1 to 32 words");
  EXPECT_EQ(reason(R"({"label": 7})"), "must be a word in quotes");
  EXPECT_EQ(reason(R"({"label": {"is": "x"}})"), "takes a word, a list of words or { not = ... }");
  EXPECT_TRUE(reason(R"({"shoe_size": 42})").starts_with("is nothing a condition can ask for; there are channel,"));
  EXPECT_EQ(reason(R"({})"), "a condition is written like { channel = \"phone\" }");
  EXPECT_EQ(reason("\"" + std::string(65, 'x') + "\""), "a condition is written like { channel = \"phone\" }");
  EXPECT_EQ(reason(R"({"label": ")" + std::string(65, 'x') + "\"}"),
            "\"" + std::string(65, 'x') + "\": a label has at most 64 bytes");
}

TEST(FlowReader, SaysWhatIsWrongWithARule) {
  EXPECT_EQ(problem("{}").message(), "flow: must be a list of rules");
  EXPECT_EQ(problem("[1]").rule, "rule 1");
  EXPECT_EQ(problem(R"([{"then": {}}])").path, "0.name");
  EXPECT_EQ(problem(R"([{"name": "a"}])").reason, "is required: what the rule does ({} only ends the flow)");
  EXPECT_EQ(problem(R"([{"name": "a", "then": {}}, {"name": "a", "then": {}}])").message(),
            "flow \"a\", name: another rule has this name already");
  EXPECT_EQ(problem(R"([{"name": "a", "when": [], "then": {}}])").reason, "a rule has name, all, any and then");
  const auto then = [](const std::string& text) { return problem(R"([{"name": "a", "then": )" + text + "}]"); };
  EXPECT_EQ(then(R"({"queue": "nowhere"})").message(), "flow \"a\", then, queue: there is no queue \"nowhere\"");
  EXPECT_EQ(then(R"({"require": {"latin": 5}})").message(), "flow \"a\", then, require, latin: there is no such skill");
  EXPECT_EQ(then(R"({"require": {"zh": 0}})").reason, "must be a whole number from 1 to 100");
  EXPECT_EQ(then(R"({"require_any": {"zh": 1}})").reason,
            "must be a list of 8 groups at most, e.g. [ { zh = 60, en = 80 } ]");
  EXPECT_EQ(then(R"({"require_any": [{"zh": 1}, {}]})").message(),
            "flow \"a\", then, require_any, 1: names at least one skill and its level");
  EXPECT_EQ(then(R"({"require_any": [{"zh": 101}]})").path, "0.then.require_any.0.zh");
  std::string groups;
  for (int level = 1; level <= 8; ++level)
    groups += (level == 1 ? "" : ", ") + ("{\"zh\": " + std::to_string(level)) + "}";
  EXPECT_EQ(good("[{\"name\": \"a\", \"then\": {\"require_any\": [" + groups + "]}}]")[0].then.require_any.size(), 8u);
  EXPECT_EQ(then("{\"queue\": \"tasting\", \"require_any\": [" + groups + "]}").reason,
            "asks for too much, with what its queue asks for: at most 32 skills, 8 groups of skills and 32 preferred "
            "skills");
  EXPECT_EQ(then(R"({"prefer": ["latin"]})").reason, "\"latin\" is none of the skills");
  EXPECT_EQ(then(R"({"exclude": ["nobody"]})").reason, "\"nobody\" is none of the agents' logins");
  EXPECT_EQ(then(R"({"priority": 101})").reason, "must be a whole number from -100 to 100");
  EXPECT_EQ(then(R"({"priority": 1.5})").reason, "must be a whole number from -100 to 100");
  EXPECT_EQ(then(R"({"go_on": "yes"})").reason, "must be true or false");
  EXPECT_EQ(then(R"({"que": "sales"})").path, "0.then.que");
  json::array many;
  for (int n = 0; n < 201; ++n) many.push_back({{"name", std::to_string(n)}, {"then", json::object{}}});
  EXPECT_EQ(read_flow(many, shop()).error().reason, "at most 200 rules");
  json::array conditions;
  for (int n = 0; n < 33; ++n) conditions.push_back(json::object{{"tier", 1}});
  EXPECT_EQ(
      read_flow(json::array{{{"name", "a"}, {"any", conditions}, {"then", json::object{}}}}, shop()).error().reason,
      "at most 32 conditions in one rule");
}

TEST(FlowReader, ReadsArrivals) {
  const Flow flow{1, {}, {{1, 480}}};
  const auto read = [&](std::string_view text) { return read_arrival(json::parse(text), shop(), flow, 5); };
  const auto arrival = read(R"({"channel": "phone", "queue": "vip", "tier": 3, "language": "zh", "priority": -1,
    "known_customer": true, "labels": ["ivr:2"], "skills": {"wine": 20}, "at": "2023-11-15T06:13"})");
  ASSERT_TRUE(arrival) << arrival.error();
  EXPECT_EQ(arrival->at_ms, 1'700'000'000'000u - 20'000);
  EXPECT_EQ(arrival->arrival.requirement.skills, (std::vector<SkillLevel>{{{1}, 50}, {{2}, 20}}));
  EXPECT_EQ(arrival->labels, std::vector<std::string>{"ivr:2"});
  EXPECT_EQ(read(R"({"channel": "chat", "queue": "sales"})")->at_ms, 5u);
  EXPECT_EQ(read("[]").error(), "an interaction is an object like {\"channel\": \"chat\", \"queue\": \"sales\"}");
  EXPECT_EQ(read(R"({"queue": "sales"})").error(), "channel: is required");
  EXPECT_EQ(read(R"({"channel": "chat"})").error(), "queue: is required");
  EXPECT_EQ(read(R"({"channel": "chat", "queue": "x"})").error(), "queue: there is no such queue");
  EXPECT_EQ(read(R"({"channel": "chat", "queue": "sales", "at": "2023-02-30T10:00"})").error(),
            "at: must be a local time like \"2026-11-21T09:30\"");
  EXPECT_EQ(read(R"({"channel": "chat", "queue": "sales", "labels": [""]})").error(),
            "labels: at most 32 labels of 1 to 64 bytes");
  EXPECT_TRUE(read(R"({"channel": "chat", "queue": "sales", "shoe_size": 1})").error().starts_with("shoe_size: "));
}

TEST(FlowReader, RecordedOnesAreNamedByNumberOrFromTheEnd) {
  EXPECT_EQ(read_recorded("17")->interaction, InteractionId{17});
  EXPECT_EQ(read_recorded("last:100")->last, 100u);
  for (const char* wrong : {"", "0", "last:0", "last:1001", "last:", "17x", "-1", "first:3"}) {
    EXPECT_FALSE(read_recorded(wrong)) << wrong;
  }
}

TEST(ArrivalLabels, WhatDoesNotFitIsLeftOut) {
  std::vector<std::string> labels;
  add_label(labels, "page", "/cart");
  add_label(labels, "page", "");
  add_label(labels, "page", std::string(60, 'x'));
  crm::IdentityMatch match;
  match.tags = {"wholesale", std::string(64, 'x')};
  add_customer_labels(labels, match);
  EXPECT_EQ(labels, (std::vector<std::string>{"page:/cart", "known_customer", "tag:wholesale"}));
  for (int n = 0; n < 40; ++n) add_label(labels, "n", std::to_string(n));
  EXPECT_EQ(labels.size(), 32u);
}

class FlowDryRun : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    start();
    set_up_center();
    ask(command::PutSkill{{2}, "wine"});
    command::PutQueue vip{.queue = {2}, .name = "vip", .open = true, .offer_timeout_ms = 20'000};
    ask(vip);
  }
  Flow flow(std::string_view rules) const { return {9, good(rules), {{1, 480}}}; }
};

TEST_F(FlowDryRun, TellsWhatEveryRuleSaysAndChangesNothing) {
  const Flow tried = flow(R"([
    {"name": "german", "all": [{"language": "de"}], "then": {"priority": 50}},
    {"name": "gold", "all": [{"tier": {"at_least": 2}}, {"queue": "sales", "waiting": {"at_most": 3}}], "then": {"queue": "vip"}},
    {"name": "rest", "then": {"priority": 1}}])");
  const auto arrival =
      read_arrival(json::parse(R"({"channel": "chat", "queue": "sales", "tier": 2})"), shop(), tried, now_);
  ASSERT_TRUE(arrival);
  const Seq before = engine_->figures().last_seq;
  const json::object run = dry_run(tried, *arrival, engine_->view(), shop());
  EXPECT_EQ(engine_->figures().last_seq, before);
  EXPECT_EQ(run.at("local_time"), "wed 06:13");
  EXPECT_EQ(run.at("queue_before"), "sales");
  const auto& rules = run.at("rules").as_array();
  ASSERT_EQ(rules.size(), 3u);
  EXPECT_EQ(rules[0].at("acted"), false);
  EXPECT_EQ(rules[0].at("all").at(0).at("text_en"), "the language is de: does not hold, it is none");
  EXPECT_EQ(rules[0].at("all").at(0).at("text_zh"), "语言是 de：不成立（实际：无）");
  EXPECT_EQ(rules[1].at("acted"), true);
  EXPECT_EQ(rules[1].at("all").at(0).at("text_en"), "the customer's tier is at least 2: holds, it is 2");
  EXPECT_EQ(rules[1].at("all").at(1).at("text_en"), "how many wait in Sales is at most 3: holds, it is 0");
  EXPECT_EQ(rules[2].at("asked"), false);
  const auto& result = run.at("result").as_object();
  EXPECT_EQ(result.at("queue"), "vip");
  EXPECT_EQ(result.at("text_en"), "goes to VIP; needs zh >= 50");
  EXPECT_EQ(result.at("text_zh"), "进入贵宾；需要 zh >= 50");
  EXPECT_FALSE(result.contains("refused"));

  command::PutQueue closed{.queue = {2}, .name = "vip", .open = false, .offer_timeout_ms = 20'000};
  ask(closed);
  release_->drain();
  EXPECT_EQ(dry_run(tried, *arrival, engine_->view(), shop()).at("result").at("refused"), "queue_closed");
}

TEST_F(FlowDryRun, GoesBackToWhatWasRecorded) {
  for (int n = 0; n < 3; ++n) {  // nobody is there: each finds one more waiting
    auto arrival = chat();
    arrival.tier = static_cast<std::uint32_t>(n);
    ask(arrival);
    now_ += 60'000;
  }
  command::StartInteraction call;
  call.channel = Channel::kPhone;
  ask(call);
  command::EnqueueInteraction chosen{{4}, {1}, {}, 0, "zh", {}, {"ivr:1"}};
  ask(chosen);
  ask(command::EndInteraction{{1}, Party::kCustomer, {}, EndReason::kHungUp});
  const Flow tried = flow(R"([
    {"name": "crowded", "all": [{"waiting": {"at_least": 2}}, {"label": {"not": "ivr:1"}}], "then": {"queue": "vip"}},
    {"name": "menu", "all": [{"label": "ivr:1"}], "then": {"out_of_hours": true}}])");
  const auto runs = dry_run_recorded(tried, {{}, 10}, engine_->store(), shop());
  ASSERT_TRUE(runs) << runs.error().message;
  ASSERT_EQ(runs->size(), 4u);
  const auto at = [&](std::size_t n) { return runs->at(n).as_object(); };
  EXPECT_EQ(at(0).at("interaction"), 1);
  EXPECT_EQ(at(0).at("rules").at(0).at("all").at(0).at("seen"), 0);
  EXPECT_EQ(at(1).at("rules").at(0).at("all").at(0).at("seen"), 1);
  EXPECT_EQ(at(2).at("rules").at(0).at("all").at(0).at("seen"), 2);
  EXPECT_EQ(at(2).at("result").at("queue"), "vip");
  EXPECT_EQ(at(2).at("recorded_queue"), "sales");
  EXPECT_EQ(at(3).at("interaction"), 4);
  EXPECT_EQ(at(3).at("result").at("out_of_hours"), true);
  EXPECT_EQ(at(3).at("result").at("language"), "zh");
  const auto last = dry_run_recorded(tried, {{}, 1}, engine_->store(), shop());
  ASSERT_TRUE(last);
  ASSERT_EQ(last->size(), 1u);
  EXPECT_EQ(last->at(0).at("interaction"), 4);
  const auto one = dry_run_recorded(tried, {{2}, 0}, engine_->store(), shop());
  ASSERT_TRUE(one);
  ASSERT_EQ(one->size(), 1u);
  EXPECT_EQ(one->at(0).at("interaction"), 2);
  EXPECT_TRUE(dry_run_recorded(tried, {{77}, 0}, engine_->store(), shop())->empty());
}

}  // namespace
}  // namespace sb::engine
