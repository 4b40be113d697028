#include "engine_fixture.h"

namespace sb::engine {
namespace {

struct Heard : Listener {
  void after_event(const Commit& commit, const Event& event, const routing::State&) override {
    seqs.push_back(commit.record.seq);
    names.push_back(std::visit([]<class E>(const E&) { return std::string(E::kName); }, event));
  }
  std::vector<Seq> seqs;
  std::vector<std::string> names;
};

TEST_F(EngineTest, AnswersOnlyWhatIsDurable) {
  start();
  set_up_center();
  const Answer answer = ask(chat());
  EXPECT_EQ(answer.rejection, Rejection::kNone);
  EXPECT_EQ(answer.result, 1u);
  EXPECT_LE(answer.seq, engine_->store().last_seq());
  auto bytes = engine_->store().read_record(answer.seq);
  ASSERT_TRUE(bytes);
  Record record;
  ASSERT_TRUE(decode_record(*bytes, record));
  EXPECT_TRUE(std::holds_alternative<command::StartInteraction>(record.command));
}

TEST_F(EngineTest, RejectionsLeaveNoRecord) {
  start();
  set_up_center();
  const Seq before = engine_->figures().last_seq;
  auto wrong = chat();
  wrong.queue = {77};
  EXPECT_EQ(ask(wrong).rejection, Rejection::kUnknownQueue);
  EXPECT_EQ(engine_->figures().last_seq, before);
}

TEST_F(EngineTest, ListenersHearEveryEventInOrder) {
  open();
  Heard heard;
  engine_->add_listener(&heard);
  engine_->start();
  set_up_center();
  ask(command::SignInAgent{{1}, 9, Presence::kAvailable});
  ask(chat());
  release_->drain();
  EXPECT_TRUE(std::is_sorted(heard.seqs.begin(), heard.seqs.end()));
  ASSERT_FALSE(heard.names.empty());
  EXPECT_EQ(heard.names.back(), "OfferMade");
  EXPECT_EQ(engine_->view().offers.size(), 1u);
}

TEST_F(EngineTest, RepeatedKeyGetsTheFirstAnswerAlsoAfterARestart) {
  start();
  set_up_center();
  const Answer first = ask(chat(), "k1");
  const Answer again = ask(chat(), "k1");
  EXPECT_EQ(again.result, first.result);
  EXPECT_TRUE(again.repeated);
  close();
  start();
  const Answer later = ask(chat(), "k1");
  EXPECT_EQ(later.result, first.result);
  EXPECT_TRUE(later.repeated);
  EXPECT_EQ(engine_->view().interactions.size(), 1u);
}

TEST_F(EngineTest, ComesBackWithTheSameStateAndDigest) {
  start();
  set_up_center();
  ask(command::SignInAgent{{1}, 9, Presence::kAvailable});
  for (int n = 0; n < 50; ++n) ask(chat());
  const auto before = engine_->figures();
  const std::string bytes = [&] {
    auto r = recover(engine_->store());
    return r ? r->core.save() : std::string();
  }();
  close();
  start();
  EXPECT_EQ(engine_->figures().last_seq, before.last_seq);
  EXPECT_EQ(engine_->figures().digest, before.digest);
  auto again = recover(engine_->store());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->core.save(), bytes);
  EXPECT_EQ(engine_->figures().replayed, 0u) << "the snapshot taken at stop covers everything";
}

TEST_F(EngineTest, SnapshotsWhileRunningBoundTheReplay) {
  start([](Engine::Options& o) { o.snapshot_every = 40; });
  set_up_center();
  for (int n = 0; n < 100; ++n) ask(chat());
  // Dropped without a graceful stop: recover from what is on disk.
  auto recovered = recover(engine_->store());
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->seq, engine_->figures().last_seq);
}

TEST_F(EngineTest, DeadlinesFireWhenTheClockReachesThem) {
  start();
  set_up_center();
  ask(command::SignInAgent{{1}, 9, Presence::kAvailable});
  ask(chat());
  now_ += 20'000;
  // Any command wakes the sequencer; the deadline itself is decided by time, not by the command.
  ask(command::SetPresence{{2}, Presence::kAway, ""});
  for (;;) {
    release_->drain();
    std::promise<Presence> seen;
    release_->post([&] { seen.set_value(engine_->view().agents.find({1})->presence); });
    if (seen.get_future().get() == Presence::kNotResponding) break;
    ask(command::SetPresence{{2}, Presence::kAway, ""});
  }
  release_->drain();
}

TEST_F(EngineTest, FullQueueIsBusyNotSilence) {
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  open([&](Engine::Options& o) {
    o.queue_max = 8;
    o.store.before_sync = [opened] {
      opened.wait();
      return std::error_code{};
    };
  });
  engine_->start();
  int refused = 0;
  std::atomic<int> answered = 0;
  int accepted = 0;
  for (int n = 0; n < 20'000 && refused == 0; ++n) {
    Submission s{command::PutSkill{{static_cast<std::uint32_t>(n + 1)}, "s" + std::to_string(n)},
                 Source::kApi,
                 {},
                 {},
                 [&](const Answer&) { ++answered; }};
    engine_->submit(std::move(s)) ? ++accepted : ++refused;
  }
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(engine_->figures().refused_busy, 1u);
  gate.set_value();
  close();
  EXPECT_EQ(answered, accepted) << "what was taken is answered, also while stopping";
}

TEST_F(EngineTest, FailedSyncAcknowledgesNothingMore) {
  std::atomic<bool> broken = false;
  std::promise<void> failed;
  open([&](Engine::Options& o) {
    o.store.before_sync = [&] { return broken ? std::make_error_code(std::errc::io_error) : std::error_code{}; };
    o.on_failure = [&](const storage::Error&) { failed.set_value(); };
  });
  engine_->start();
  set_up_center();
  const Seq durable = engine_->figures().last_seq;
  broken = true;
  std::atomic<bool> answered = false;
  ASSERT_TRUE(engine_->submit({chat(), Source::kApi, {}, {}, [&](const Answer&) { answered = true; }}));
  failed.get_future().wait();
  release_->drain();
  EXPECT_FALSE(answered);
  EXPECT_EQ(engine_->figures().last_seq, durable);
}

TEST_F(EngineTest, ContentsAreRowsOfTheirRecord) {
  start();
  set_up_center();
  auto start = chat();
  start.content = 1;
  const Answer answer = ask(start, {}, {"{\"text\":\"你好\"}"});
  auto row = engine_->store().content(answer.seq, 1);
  ASSERT_TRUE(row);
  EXPECT_EQ(*row, "{\"text\":\"你好\"}");
}

TEST_F(EngineTest, ATamperedRecordStopsRecoveryWithItsNumber) {
  start();
  set_up_center();
  ask(chat());
  Record record;
  auto bytes = engine_->store().read_record(3);
  ASSERT_TRUE(bytes && decode_record(*bytes, record));
  record.events.clear();
  EXPECT_NE(digest_after(record, 0), record.digest);
}

TEST(ClockTest, FollowsTheSteadyClockThroughAJump) {
  TimeMs wall = 1'000'000;
  TimeMs steady = 0;
  Clock clock([&] { return wall; }, [&] { return steady; });
  const TimeMs begun = clock.now();
  wall += 3'600'000;
  steady += 1000;
  const TimeMs after = clock.now();
  EXPECT_GE(after, begun + 1000);
  EXPECT_LE(after, begun + 1050) << "drawn nearer by one part in twenty, not jumped";
  wall -= 7'200'000;
  TimeMs last = after;
  for (int n = 0; n < 100; ++n) {
    steady += 100;
    wall += 100;
    const TimeMs now = clock.now();
    EXPECT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace sb::engine
