// The core through its door: policies, the ledger, deadlines, idempotency, snapshots, estimated wait.
#include "routing/core.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "routing/matcher.h"

namespace sb::routing {
namespace {

constexpr TimeMs kT0 = 1'700'000'000'000;

class CoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (std::uint32_t s : {1u, 2u}) run(command::PutSkill{{s}, "skill"});
    queue({1}, Policy::kLongestIdle);
  }
  Outcome run(const Command& c, std::string_view key = {}) { return core.step(c, Source::kApi, key, now, events); }
  void queue(QueueId id, Policy policy, DurationMs wrap_up = 0) {
    command::PutQueue q{.queue = id, .name = "q", .open = true, .policy = policy, .offer_timeout_ms = 20'000};
    q.wrap_up_ms = wrap_up;
    q.avoid_ms = 30'000;
    q.priority_step_ms = 60'000;
    ASSERT_EQ(run(q).rejection, Rejection::kNone);
  }
  void agent(std::uint32_t id, std::vector<SkillLevel> skills, std::vector<std::uint32_t> capacity,
             std::vector<QueueId> queues = {{1}}) {
    ASSERT_EQ(run(command::PutAgent{{id}, std::move(skills), std::move(queues), std::move(capacity), {}}).rejection,
              Rejection::kNone);
    ASSERT_EQ(run(command::SignInAgent{{id}, 1, Presence::kAvailable}).rejection, Rejection::kNone);
    ++now;
  }
  InteractionId start(Channel channel, Requirement r = {}, QueueId q = {1}) {
    command::StartInteraction c;
    c.channel = channel;
    c.queue = q;
    c.requirement = std::move(r);
    const Outcome o = run(c);
    EXPECT_EQ(o.rejection, Rejection::kNone);
    return {o.result};
  }
  AgentId offered_to(InteractionId i) const {
    const Interaction* found = core.state().interactions.find(i);
    return found && found->offer ? core.state().offers.find(found->offer)->agent : AgentId{};
  }
  void accept(InteractionId i) {
    const OfferId offer = core.state().interactions.find(i)->offer;
    ASSERT_EQ(run(command::AcceptOffer{core.state().offers.find(offer)->agent, offer}).rejection, Rejection::kNone);
  }

  Core core;
  TimeMs now = kT0;
  std::vector<Event> events;
};

TEST_F(CoreTest, WhatIsPastLeavesItsNumbersAndAnOpenMatter) {
  ASSERT_EQ(run(command::PutCustomer{}).rejection, Rejection::kNone);
  const InteractionId before = start(Channel::kChat);
  command::AddPastInteraction past;
  past.channel = Channel::kPhone;
  past.customer = {1};
  past.queue = {77};  // gone by now
  past.agent = {5};
  past.started_ms = now - 600'000;
  past.waited_ms = 20'000;
  past.handled_ms = 580'000;
  past.ticket_status = TicketStatus::kSolved;
  const auto waiting = core.state().waiting.waiting_in({1});
  const Outcome solved = run(past);
  EXPECT_EQ(solved.rejection, Rejection::kNone);
  EXPECT_EQ(solved.result, before.value + 1);
  ASSERT_EQ(events.size(), 1u);
  const auto fact = std::get<event::PastInteractionAdded>(events[0]);
  EXPECT_EQ(fact.started_ms, past.started_ms);
  EXPECT_EQ(core.state().interactions.size(), 1u);
  EXPECT_FALSE(core.state().tickets.find(fact.ticket));
  past.ticket_status = TicketStatus::kPending;
  ASSERT_EQ(run(past).rejection, Rejection::kNone);
  const auto open = std::get<event::PastInteractionAdded>(events[0]);
  ASSERT_TRUE(core.state().tickets.find(open.ticket));
  EXPECT_EQ(run(command::UpdateTicket{open.ticket, {}, TicketStatus::kSolved, {}, 0, false, 0}).rejection,
            Rejection::kNone);
  EXPECT_FALSE(core.state().tickets.find(open.ticket));
  EXPECT_EQ(core.state().waiting.waiting_in({1}), waiting);
  EXPECT_EQ(start(Channel::kChat).value, before.value + 3);
  EXPECT_TRUE(Core::load(core.save()));

  const auto refused = [&](auto change) {
    command::AddPastInteraction wrong = past;
    change(wrong);
    return run(wrong).rejection;
  };
  using Past = command::AddPastInteraction;
  EXPECT_EQ(refused([](Past& p) { p.customer = {99}; }), Rejection::kUnknownCustomer);
  EXPECT_EQ(refused([](Past& p) { p.channel = Channel::kNone; }), Rejection::kInvalidArgument);
  EXPECT_EQ(refused([](Past& p) { p.ticket_status = TicketStatus::kNone; }), Rejection::kInvalidArgument);
  EXPECT_EQ(refused([](Past& p) { p.started_ms = 0; }), Rejection::kInvalidArgument);
  EXPECT_EQ(refused([](Past& p) { p.agent = {}; }), Rejection::kInvalidArgument) << "nobody talked for ten minutes";
  EXPECT_EQ(refused([&](Past& p) { p.started_ms = now - 1'000; }), Rejection::kInvalidArgument) << "not over yet";
}

TEST_F(CoreTest, ScoresOfThePolicies) {
  Agent a;
  a.skills = {{{1}, 40}, {{2}, 70}};
  a.capacity = {0, 0, 4};
  a.load[index_of(Channel::kChat)] = 3;
  a.idle_since_ms = 123;
  const Requirement both{{{{1}, 10}, {{2}, 10}}, {}};
  EXPECT_EQ(score_of(a, Policy::kLongestIdle, Channel::kChat, both), 123);
  EXPECT_EQ(score_of(a, Policy::kBestProficiency, Channel::kChat, both), -110);
  EXPECT_EQ(score_of(a, Policy::kBestProficiency, Channel::kChat, {}), 0);
  EXPECT_EQ(score_of(a, Policy::kLeastOccupied, Channel::kChat, both), 750);
}

TEST_F(CoreTest, TheLedgerMakesACallExclusive) {
  Agent a;
  a.capacity = {0, 2, 2, 2, 2, 0};
  const auto load = [&](Channel c) -> std::uint16_t& { return a.load[index_of(c)]; };
  for (const Channel c : {Channel::kPhone, Channel::kChat, Channel::kEmail, Channel::kMessage}) {
    EXPECT_TRUE(State{}.has_room(a, c, false));
  }
  EXPECT_FALSE(State{}.has_room(a, Channel::kForm, false));
  load(Channel::kPhone) = 1;  // even with capacity for two
  for (const Channel c : {Channel::kPhone, Channel::kChat, Channel::kEmail})
    EXPECT_FALSE(State{}.has_room(a, c, false));
  load(Channel::kPhone) = 0;
  load(Channel::kEmail) = 1;  // mail yields to a call
  EXPECT_TRUE(State{}.has_room(a, Channel::kPhone, false));
  load(Channel::kMessage) = 1;
  EXPECT_FALSE(State{}.has_room(a, Channel::kPhone, false));
  EXPECT_TRUE(State{}.has_room(a, Channel::kChat, false));
  load(Channel::kChat) = 2;
  EXPECT_FALSE(State{}.has_room(a, Channel::kChat, false));
}

TEST_F(CoreTest, PoliciesChooseDifferentAgents) {
  queue({2}, Policy::kBestProficiency);
  queue({3}, Policy::kLeastOccupied);
  const std::vector<QueueId> all{{1}, {2}, {3}};
  agent(1, {{{1}, 50}}, {0, 0, 2}, all);
  agent(2, {{{1}, 90}}, {0, 0, 2}, all);
  const Requirement r{{{{1}, 10}}, {}};
  EXPECT_EQ(offered_to(start(Channel::kChat, r, {2})), AgentId{2});
  EXPECT_EQ(offered_to(start(Channel::kChat, r, {3})), AgentId{1});
  EXPECT_EQ(offered_to(start(Channel::kChat, r, {1})), AgentId{1});
  EXPECT_EQ(offered_to(start(Channel::kChat, r, {1})), AgentId{2});
  EXPECT_EQ(offered_to(start(Channel::kChat, r, {1})), AgentId{});
}

TEST_F(CoreTest, NobodyOwnsWhatNobodyHolds) {
  const InteractionId i = start(Channel::kChat);
  EXPECT_EQ(run(command::EndInteraction{i, Party::kAgent, {}, EndReason::kCompleted}).rejection, Rejection::kNotOwner);
  EXPECT_EQ(run(command::PostMessage{i, Party::kAgent, {}, 1}).rejection, Rejection::kNotOwner);
  EXPECT_EQ(run(command::HoldInteraction{i, {}}).rejection, Rejection::kNotOwner);
  EXPECT_EQ(run(command::ConnectInteraction{i, {}}).rejection, Rejection::kNotOwner);
  EXPECT_EQ(run(command::CancelTransfer{i, {}}).rejection, Rejection::kNotOwner);
  EXPECT_EQ(run(command::TransferInteraction{i, {}, TransferKind::kBlind, {1}, {}, {}, 0}).rejection,
            Rejection::kNotOwner);
}

TEST_F(CoreTest, ARejectionChangesNothing) {
  const std::string before = core.save();
  EXPECT_EQ(run(command::AcceptOffer{{1}, {9}}, "key").rejection, Rejection::kUnknownOffer);
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(core.save(), before);
}

TEST_F(CoreTest, AnEarlierTimeIsRaisedToTheLastOne) {
  const TimeMs late = now + 5000;
  agent(1, {}, {0, 0, 1});
  now = late;
  start(Channel::kChat);
  now = kT0;
  const InteractionId i = start(Channel::kChat);
  EXPECT_EQ(core.state().counters.time_ms, late);
  EXPECT_EQ(core.state().interactions.find(i)->queued_ms, late);
}

TEST_F(CoreTest, DeadlinesFireWhenDueAndABoundedNumberPerStep) {
  agent(1, {}, {0, 0, 100});
  for (int n = 0; n < 100; ++n) start(Channel::kChat);
  const TimeMs due = core.next_deadline();
  EXPECT_EQ(due, now + 20'000);
  now = due - 1;
  run(command::FireDeadlines{});
  EXPECT_TRUE(events.empty());
  now = due;
  run(command::FireDeadlines{});
  const auto timed_out = std::count_if(events.begin(), events.end(),
                                       [](const Event& e) { return std::holds_alternative<event::OfferTimedOut>(e); });
  EXPECT_EQ(timed_out, 64);
  EXPECT_EQ(core.next_deadline(), due);
  run(command::FireDeadlines{});
  EXPECT_EQ(core.next_deadline(), due + 30'000);  // the avoidances
}

TEST_F(CoreTest, ARepeatedKeyGetsTheFirstAnswer) {
  command::StartInteraction c;
  c.channel = Channel::kChat;
  c.queue = {1};
  const Outcome first = run(c, "m-1");
  EXPECT_FALSE(first.repeated);
  const Outcome again = run(c, "m-1");
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.result, first.result);
  EXPECT_TRUE(events.empty());
  EXPECT_FALSE(core.step(c, Source::kPhone, "m-1", now, events).repeated);  // a key of another source
  EXPECT_NE(run(c, "m-2").result, first.result);
}

TEST_F(CoreTest, TheKeyWindowForgetsTheOldestOnly) {
  const InteractionId i = start(Channel::kChat);
  const auto post = [&](std::size_t n) {
    return run(command::PostMessage{i, Party::kCustomer, {}, 1}, "m-" + std::to_string(n));
  };
  for (std::size_t n = 0; n <= Core::kKeyWindow; ++n) ASSERT_FALSE(post(n).repeated);
  EXPECT_TRUE(post(1).repeated);
  EXPECT_TRUE(post(Core::kKeyWindow).repeated);
  EXPECT_FALSE(post(0).repeated);  // pushed out, and taken up anew
  EXPECT_TRUE(post(0).repeated);
  EXPECT_FALSE(post(1).repeated);
  const auto loaded = Core::load(core.save());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->save(), core.save());
}

TEST_F(CoreTest, IdentitiesMakeOneCustomerWithinTheWindow) {
  command::PutCustomer put;
  put.identities = {{1, 2}};
  const std::uint64_t first = run(put).result;
  EXPECT_EQ(run(put).result, first);
  put.identities = {{3, 2}};  // the same low half is another identity
  EXPECT_NE(run(put).result, first);
}

TEST_F(CoreTest, EstimatedWaitFollowsTheDepartures) {
  agent(1, {}, {0, 0, 1});
  std::vector<InteractionId> all;
  for (int n = 0; n < 8; ++n) all.push_back(start(Channel::kChat));
  const auto estimate = [&](InteractionId i) {
    return core.state().estimated_wait(*core.state().interactions.find(i), now);
  };
  for (int n = 0; n < 4; ++n) {
    EXPECT_EQ(estimate(all[7]), std::nullopt);
    accept(all[static_cast<std::size_t>(n)]);
    now += 10'000;
    run(command::EndInteraction{all[static_cast<std::size_t>(n)], Party::kCustomer, {}, EndReason::kHungUp});
  }
  // Four left in the last 40 s, one every 10 s; all[4] is being offered, three wait.
  EXPECT_EQ(estimate(all[5]), 10'000u);
  EXPECT_EQ(estimate(all[7]), 30'000u);
  EXPECT_EQ(estimate(all[4]), std::nullopt);  // does not wait
  now += 31 * 60 * 1000;
  EXPECT_EQ(core.state().estimated_wait(*core.state().interactions.find(all[7]), now), std::nullopt);
}

// A busy moment: offers, a consultation, avoidance, wrap-up, grace, a lost customer.
class SnapshotTest : public CoreTest {
 protected:
  void SetUp() override {
    CoreTest::SetUp();
    queue({2}, Policy::kBestProficiency, 60'000);
    for (std::uint32_t a = 1; a <= 6; ++a) agent(a, {{{1}, 10 * a}, {{2}, 50}}, {0, 1, 2, 1}, {{1}, {2}});
    std::vector<InteractionId> all;
    for (int n = 0; n < 30; ++n) {
      const Requirement r = n % 3 == 0 ? Requirement{{{{1}, 20}}, {}} : Requirement{};
      all.push_back(start(n % 4 == 0 ? Channel::kPhone : Channel::kChat, r, {n % 2 == 0 ? 1u : 2u}));
      now += 100;
    }
    for (std::size_t n = 0; n < 8; ++n) {
      if (offered_to(all[n])) accept(all[n]);
    }
    run(command::EndInteraction{all[1], Party::kCustomer, {}, EndReason::kHungUp});
    run(command::LoseCustomerConnection{all[3]});
    run(command::LoseAgentConnection{{6}, 1});
    const Interaction* held = core.state().interactions.find(all[5]);
    run(command::TransferInteraction{all[5], held->agent, TransferKind::kWarm, {1}, {}, {}, 0});
    run(command::RemoveAgent{{9}});
  }
};

TEST_F(SnapshotTest, RoundTripAndBothCopiesBehaveAlike) {
  const std::string saved = core.save();
  auto copy = Core::load(saved);
  ASSERT_TRUE(copy) << copy.error();
  EXPECT_EQ(copy->save(), saved);
  EXPECT_EQ(copy->next_deadline(), core.next_deadline());
  std::vector<Event> other;
  for (int n = 0; n < 400 && core.next_deadline() != kNever; ++n) {
    now = std::max(now, core.next_deadline());
    core.step(command::FireDeadlines{}, Source::kEngine, {}, now, events);
    copy->step(command::FireDeadlines{}, Source::kEngine, {}, now, other);
    ASSERT_EQ(events, other);
    const command::SetPresence back{{static_cast<std::uint32_t>(1 + n % 6)}, Presence::kAvailable, {}};
    core.step(back, Source::kApi, {}, now, events);
    copy->step(back, Source::kApi, {}, now, other);
    ASSERT_EQ(events, other);
  }
  EXPECT_EQ(copy->save(), core.save());
}

TEST_F(SnapshotTest, DamageIsRefusedOrLoadsIntoSomethingWhole) {
  const std::string saved = core.save();
  std::size_t refused = 0;
  for (std::size_t length = 0; length < saved.size(); ++length) {
    const auto torn = Core::load(std::string_view(saved).substr(0, length));
    refused += torn ? 0 : 1;
    if (torn) {
      EXPECT_FALSE(torn->save().empty());
    }
  }
  EXPECT_GT(refused, saved.size() * 9 / 10);
  std::uint64_t state = 1;
  for (int n = 0; n < 4000; ++n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    std::string flipped = saved;
    flipped[(state >> 33) % flipped.size()] ^= static_cast<char>(1u << (state >> 61));
    auto loaded = Core::load(flipped);
    if (!loaded) continue;
    for (int fired = 0; fired < 5 && loaded->next_deadline() < kT0 * 2; ++fired) {
      loaded->step(command::FireDeadlines{}, Source::kEngine, {}, loaded->next_deadline(), events);
    }
  }
}

// Else fuzz_snapshot would only ever see what is refused at once. New ones: run_script --save.
TEST_F(SnapshotTest, SeedsOfTheFuzzerAreOfThisVersion) {
  std::size_t seeds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SB_SOURCE_DIR "/tests/fuzz/corpus/snapshot")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto loaded = Core::load(bytes);
    EXPECT_TRUE(loaded) << entry.path() << ": " << loaded.error();
    ++seeds;
  }
  EXPECT_GE(seeds, 10u);
}

TEST_F(SnapshotTest, RefusalsNameTheSection) {
  EXPECT_EQ(Core::load("").error(), "snapshot: empty");
  EXPECT_EQ(Core::load(std::string("\x08\x63", 2)).error(), "snapshot: unknown version");
  std::string dangling("\x08\x03", 2);
  wire::put_delimited(dangling, 2, [&] { wire::encode(dangling, Counters{1, 1, 1, 1, 1, kT0}); });
  wire::put_delimited(dangling, 9, [&] { wire::encode(dangling, Offer{{1}, {1}, {1}, kT0, false}); });
  EXPECT_EQ(Core::load(dangling).error(), "snapshot: damaged in section offer");
}

}  // namespace
}  // namespace sb::routing
