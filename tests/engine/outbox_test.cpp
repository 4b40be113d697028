#include "engine/outbox.h"

#include "engine_fixture.h"

namespace sb::engine {
namespace {

class OutboxTest : public EngineTest {
 protected:
  // Every started interaction orders one item, all in one lane.
  void open_with_outbox() {
    open();
    outbox_ = std::make_unique<Outbox>(
        *engine_,
        [this](DurationMs delay, std::move_only_function<void()> task) {
          delays_.push_back(delay);
          release_->post(std::move(task));
        },
        Outbox::Options{.attempts_max = 3});
    engine_->set_planner([](const Record& record, const routing::State&, std::vector<OutboxItem>& out) {
      for (const Event& event : record.events) {
        if (const auto* started = std::get_if<event::InteractionStarted>(&event)) {
          out.push_back({0, 0, "test", "lane", std::to_string(started->interaction.value)});
        }
      }
    });
    engine_->add_listener(outbox_.get());
  }
  void deliver_with(std::function<Delivery(const OutboxItem&, std::uint32_t)> f) {
    outbox_->add_deliverer("test", [this, f](const OutboxItem& item, std::uint32_t attempt, Outbox::Done done) {
      bodies_.push_back(item.body);
      done(f(item, attempt));
    });
  }
  std::unique_ptr<Outbox> outbox_;
  std::vector<DurationMs> delays_;
  std::vector<std::string> bodies_;
};

TEST_F(OutboxTest, DeliversInOrderAndForgets) {
  open_with_outbox();
  deliver_with([](const auto&, auto) { return Delivery{}; });
  engine_->start();
  set_up_center();
  for (int n = 0; n < 3; ++n) ask(chat());
  for (int n = 0; n < 5; ++n) release_->drain();
  EXPECT_EQ(bodies_, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(outbox_->pending(), 0u);
  std::size_t rows = 0;
  ASSERT_TRUE(engine_->store().for_each_outbox([&](auto, auto, auto) { return ++rows > 0; }));
  EXPECT_EQ(rows, 0u);
}

TEST_F(OutboxTest, RetriesWithGrowingPausesThenBecomesADeadLetter) {
  open_with_outbox();
  bool works = false;
  deliver_with(
      [&](const auto&, auto) { return works ? Delivery{} : Delivery{Delivery::kRetry, "503 from the provider", 0}; });
  engine_->start();
  set_up_center();
  const Answer answer = ask(chat());
  for (int n = 0; n < 10; ++n) release_->drain();
  EXPECT_EQ(bodies_.size(), 3u);
  EXPECT_EQ(delays_, (std::vector<DurationMs>{500, 1000}));
  auto dead = outbox_->dead_letters(0, 10);
  ASSERT_TRUE(dead);
  ASSERT_EQ(dead->size(), 1u);
  EXPECT_EQ((*dead)[0].reason, "503 from the provider");
  works = true;
  ASSERT_TRUE(outbox_->retry(answer.seq, 0));
  release_->drain();
  EXPECT_EQ(outbox_->delivered(), 1u);
  dead = outbox_->dead_letters(0, 10);
  ASSERT_TRUE(dead);
  EXPECT_TRUE(dead->empty());
}

TEST_F(OutboxTest, TakesUpWhatAnEarlierRunLeft) {
  open_with_outbox();
  std::vector<Outbox::Done> hanging;
  outbox_->add_deliverer(
      "test", [&](const OutboxItem&, std::uint32_t, Outbox::Done done) { hanging.push_back(std::move(done)); });
  engine_->start();
  set_up_center();
  ask(chat());
  release_->drain();
  ASSERT_EQ(hanging.size(), 1u);
  close();
  open_with_outbox();
  deliver_with([](const auto&, auto) { return Delivery{}; });
  ASSERT_TRUE(outbox_->load());
  engine_->start();
  for (int n = 0; n < 3; ++n) release_->drain();
  EXPECT_EQ(bodies_, (std::vector<std::string>{"1"}));
}

// Its owner lets it go between an answer and what follows from it, or before the answer.
TEST_F(OutboxTest, MayGoWhileSomethingIsUnderWay) {
  for (const bool answered_before : {true, false}) {
    SCOPED_TRACE(answered_before);
    open_with_outbox();
    std::vector<Outbox::Done> hanging;
    outbox_->add_deliverer(
        "test", [&](const OutboxItem&, std::uint32_t, Outbox::Done done) { hanging.push_back(std::move(done)); });
    ASSERT_TRUE(outbox_->load());
    engine_->start();
    if (answered_before) set_up_center();
    ask(chat());
    release_->drain();
    ASSERT_EQ(hanging.size(), 1u);
    delays_.clear();
    engine_->stop();
    release_->post([&] {
      if (!answered_before) outbox_.reset();
      hanging.front()({Delivery::kRetry, "503 from the provider", 0});
      outbox_.reset();
    });
    for (int n = 0; n < 2; ++n) release_->drain();  // the retry comes due
    EXPECT_EQ(delays_.size(), answered_before ? 1u : 0u);
    EXPECT_EQ(hanging.size(), 1u);
    close();
  }
}

}  // namespace
}  // namespace sb::engine
