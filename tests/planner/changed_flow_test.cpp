#include "planner/changed_flow.h"

#include <gtest/gtest.h>

#include "planner/changes.h"
#include "planner/what_if.h"
#include "routing/core.h"

// Recorded arrivals placed by another flow than the one of the day.
namespace sb::planner {
namespace {

constexpr TimeMs kMorning = 1'700'000'000'000;
constexpr QueueId kSales{1};
constexpr QueueId kSupport{2};
constexpr QueueId kVip{3};

FlowCondition words(FlowField field, std::string word) {
  return {field, FlowTest::kIs, 0, {std::move(word)}, {}};
}
FlowCondition number(FlowField field, FlowTest test, std::int64_t number, QueueId queue = {}) {
  return {field, test, number, {}, queue};
}
FlowRule rule(std::string name, std::vector<FlowCondition> all, FlowAction then) {
  return {std::move(name), std::move(all), {}, std::move(then)};
}
FlowAction to(QueueId queue) {
  FlowAction then;
  then.queue = queue;
  return then;
}

// A stretch in which 35 customers asked for support, one a minute: ten each with the label "order", of tier 2, and with
// a page of their own as label; then five known ones who speak Chinese, about an order, whom an edge had begun earlier.
// The flow of the day led tier 2 to vip, and nobody came to sales. Eight agents serve all; everybody is answered.
class Past {
 public:
  explicit Past(const Flow* changed) : recorder_({kMorning, kMorning + 36 * 60'000}, changed) {
    set_up();
    recorder_.begin(replica_.state());
    recording_ = true;
    for (std::uint32_t n = 0; n < 35; ++n) {
      now_ = kMorning + (n + 1) * 60'000;
      const InteractionId id = n < 30 ? start(n) : enqueue();
      now_ += 30'000;
      step(command::EndInteraction{id, Party::kAgent, core_.state().interactions.find(id)->agent,
                                   EndReason::kCompleted});
    }
  }
  Recording recording() {
    auto found = recorder_.finish(now_);
    if (!found) throw std::runtime_error(found.error());
    return std::move(*found);
  }

 private:
  void set_up() {
    step(command::PutSkill{{1}, "tea"});
    for (const auto& [id, name] : {std::pair{kSales, "sales"}, {kSupport, "support"}, {kVip, "vip"}}) {
      command::PutQueue queue;
      queue.queue = id;
      queue.name = name;
      queue.open = true;
      queue.offer_timeout_ms = 60'000;
      queue.auto_accept = true;
      step(queue);
    }
    command::PutAgent agent;
    agent.queues = {kSales, kSupport, kVip};
    agent.capacity.assign(kChannelCount, 1);
    agent.capacity[0] = 0;
    for (std::uint32_t n = 1; n <= 8; ++n) {
      agent.agent = {n};
      agent.login = "agent" + std::to_string(n);
      step(agent);
      step(command::SignInAgent{{n}, n, Presence::kAvailable});
    }
    step(command::PutFlow{{1, {rule("gold", {number(FlowField::kTier, FlowTest::kAtLeast, 2)}, to(kVip))}, {}}});
  }

  InteractionId start(std::uint32_t n) {
    command::StartInteraction start;
    start.channel = Channel::kChat;
    start.queue = kSupport;
    if (n % 3 == 0) start.labels = {"order"};
    if (n % 3 == 1) start.tier = 2;
    if (n % 3 == 2) start.labels = {"page:/" + std::to_string(n)};
    return {step(start).result};
  }
  InteractionId enqueue() {
    command::StartInteraction start;
    start.channel = Channel::kPhone;
    const InteractionId id{step(start).result};
    command::EnqueueInteraction enqueue;
    enqueue.interaction = id;
    enqueue.queue = kSupport;
    enqueue.language = "zh-CN";
    enqueue.labels = {"order", std::string(routing::kKnownCustomerLabel)};
    step(enqueue);
    step(command::ConnectInteraction{id, core_.state().interactions.find(id)->agent});
    return id;
  }

  routing::Outcome step(const Command& command) {
    const auto outcome = core_.step(command, Source::kChat, {}, now_, events_);
    EXPECT_EQ(outcome.rejection, Rejection::kNone) << name(outcome.rejection);
    if (recording_) recorder_.hear(command, replica_.state());
    for (const Event& event : events_) {
      replica_.follow(event, now_);
      if (!recording_) continue;
      EXPECT_TRUE(recorder_.follow(event, now_, replica_.state()));
    }
    return outcome;
  }

  Recorder recorder_;
  bool recording_ = false;
  routing::Core core_;
  routing::Core replica_;
  TimeMs now_ = kMorning - 1'000;
  std::vector<Event> events_;
};

Changes with(std::vector<FlowRule> rules) {
  Changes changes;
  changes.flow.emplace();
  for (std::size_t n = 0; n < rules.size(); ++n) {
    changes.flow->rules.push_back({"changes.toml:" + std::to_string(n + 1), "flow." + std::to_string(n)});
  }
  changes.flow->flow = {1, std::move(rules), {}};
  return changes;
}

WhatIfReport report(const Changes& changes) {
  const Recording recording = Past(&changes.flow->flow).recording();
  auto alternative = changed(recording.day, changes);
  if (!alternative) throw std::runtime_error(alternative.error().message);
  auto found = what_if(recording, std::move(*alternative), {.replications = 2});
  if (!found) throw std::runtime_error(found.error());
  return std::move(*found);
}

// How many came to the queue; -1: it is not told of.
double offered(const WhatIfReport& r, const WhatIfReport::Side& side, std::string_view queue) {
  for (std::size_t q = 0; q < r.queues.size(); ++q) {
    if (r.queues[q] == queue) return *side.queues[q][Figure::kOffered].mean;
  }
  return -1;
}

TEST(ChangedFlow, ArrivalsGoWhereItLeads) {
  const auto r = report(with({
      rule("known", {number(FlowField::kKnownCustomer, FlowTest::kIs, 1), words(FlowField::kLanguage, "zh")}, to(kVip)),
      rule("orders", {words(FlowField::kLabel, "order"), words(FlowField::kQueue, "support")}, to(kSales)),
  }));
  EXPECT_EQ(offered(r, r.today, "support"), 25);
  EXPECT_EQ(offered(r, r.today, "vip"), 10) << "as the flow of the day led them";
  EXPECT_EQ(offered(r, r.today, "sales"), 0);
  EXPECT_EQ(offered(r, r.alternative, "support"), 20) << "tier 2 stays";
  EXPECT_EQ(offered(r, r.alternative, "vip"), 5) << "those whom an edge had begun earlier";
  EXPECT_EQ(offered(r, r.alternative, "sales"), 10);
  EXPECT_EQ(offered(r, r.difference, "sales"), 10);
  EXPECT_EQ(*r.alternative.all[Figure::kAnswered].mean, 35);
  ASSERT_EQ(r.happened_queues.size(), r.queues.size());
  EXPECT_EQ(r.happened_queues.back()[Figure::kOffered], 0) << "nobody had come to sales";
  const bool told = std::any_of(r.assumptions.begin(), r.assumptions.end(), [](const Assumption& a) {
    return a.text_en.starts_with("The alternative asks the changed flow about 35 arrivals") && !a.text_zh.empty();
  });
  EXPECT_TRUE(told);
}

TEST(ChangedFlow, WithoutRulesEverybodyStaysWhereTheyAskedToBe) {
  const auto r = report(with({}));
  EXPECT_EQ(offered(r, r.today, "vip"), 10);
  EXPECT_EQ(offered(r, r.alternative, "vip"), 0);
  EXPECT_EQ(offered(r, r.alternative, "support"), 35);
}

TEST(ChangedFlow, ItSeesTheQueuesOfTheSimulation) {
  auto changes = with({rule("rush", {number(FlowField::kWaiting, FlowTest::kAtLeast, 3, kSupport)}, to(kSales))});
  Selection everybody;
  for (int n = 1; n <= 8; ++n) everybody.logins.push_back({{}, "agent" + std::to_string(n)});
  changes.remove_agents.push_back(everybody);
  const auto r = report(changes);
  EXPECT_EQ(offered(r, r.alternative, "support"), 3) << "nobody answers: the fourth finds three waiting";
  EXPECT_EQ(offered(r, r.alternative, "sales"), 32);
}

TEST(ChangedFlow, WhomItMakesATicketIsNotOffered) {
  FlowAction ticket;
  ticket.out_of_hours = true;
  const auto r = report(with({rule("no orders", {words(FlowField::kLabel, "order")}, ticket)}));
  EXPECT_EQ(*r.alternative.all[Figure::kOffered].mean, 20);
  EXPECT_EQ(*r.alternative.all[Figure::kAnswered].mean, 20);
  EXPECT_EQ(*r.today.all[Figure::kOffered].mean, 35);
}

TEST(ChangedFlow, ARequirementOfARuleIsKept) {
  FlowAction tea;
  tea.require = {{{1}, 50}};
  const auto nobody = report(with({rule("orders", {words(FlowField::kLabel, "order")}, tea)}));
  EXPECT_EQ(*nobody.alternative.all[Figure::kAnswered].mean, 20) << "no agent knows tea";
  auto changes = with({rule("orders", {words(FlowField::kLabel, "order")}, tea)});
  changes.add_agents.emplace_back();
  changes.add_agents.back().count = 1;
  const auto one = report(changes);
  EXPECT_EQ(*one.alternative.all[Figure::kAnswered].mean, 35) << "who is added has what the rules ask for";
}

TEST(ChangedFlow, LabelsThatNoRuleLooksAtMakeNoKinds) {
  const Changes orders = with({rule("orders", {words(FlowField::kLabel, "order")}, to(kSales))});
  const Recording recording = Past(&orders.flow->flow).recording();
  EXPECT_EQ(recording.day.asked.size(), 4u) << "order, tier 2, a page of their own, begun earlier";
  const auto with_flow = std::count_if(recording.day.arrivals.begin(), recording.day.arrivals.end(),
                                       [](const RecordedArrival& a) { return a.asked != kNoKind; });
  EXPECT_EQ(with_flow, 35);
  EXPECT_TRUE(Past(nullptr).recording().day.asked.empty()) << "nothing is kept where no flow changes";
}

TEST(ChangedFlow, WhatWasNotThereIsRefusedWithItsPlace) {
  const auto refusal = [](FlowRule wrong) {
    const Changes changes = with({rule("good", {}, to(kVip)), std::move(wrong)});
    const auto found = changed(Past(nullptr).recording().day, changes);
    return found ? std::string("accepted") : found.error().message;
  };
  const std::string place = "changes.toml:2: flow.1: ";
  EXPECT_EQ(refusal(rule("x", {}, to({9}))), place + "names a queue that is not in the recorded interval");
  EXPECT_EQ(refusal(rule("x", {number(FlowField::kWaiting, FlowTest::kIs, 0, {9})}, {})),
            place + "names a queue that is not in the recorded interval");
  EXPECT_EQ(refusal(rule("x", {words(FlowField::kQueue, "billing")}, {})),
            place + "there is no queue \"billing\" in the recorded interval");
  EXPECT_EQ(refusal(rule("x", {number(FlowField::kSignedInAgents, FlowTest::kIs, 0)}, {})),
            place + "asks for signed_in_agents, which is not known of the past: ask for free_agents instead");
  FlowAction french;
  french.require = {{{7}, 50}};
  EXPECT_EQ(refusal(rule("x", {}, french)), place + "names a skill that is not in the recorded interval");
  FlowAction either;
  either.require_any = {{{{{1}, 50}, {{7}, 50}}}};
  EXPECT_EQ(refusal(rule("x", {}, either)), place + "names a skill that is not in the recorded interval");
  EXPECT_EQ(refusal(rule("x", {}, {})), "accepted");
}

}  // namespace
}  // namespace sb::planner
