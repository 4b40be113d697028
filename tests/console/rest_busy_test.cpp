// What a client sees when there is no room for what it asks: 429 with a body, at once, and nothing half done.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "rest_fixture.h"

namespace sb::console {
namespace {

void expect_busy(const HttpAnswer& answer) {
  EXPECT_EQ(answer.status, 429u) << answer.body;
  EXPECT_EQ(answer.headers.find("Content-Type").value_or("").substr(0, 16), "application/json");
  EXPECT_EQ(answer.headers.find("Retry-After"), "1");
  EXPECT_EQ(answer.code(), "busy");
  EXPECT_FALSE(answer.json().at("error").at("message").as_string().empty());
}

// An engine with room for one waiting command, on a disk that can be made to stop.
class RestBusy : public RestFixture {
 protected:
  // With groups of one record: one being written, one handed over, one decided and one in the queue.
  static constexpr int kRoom = 4;

  void adjust(engine::Engine::Options& options) override {
    options.queue_max = 1;
    options.group_records_max = 1;
    options.store.before_sync = [this] {
      std::unique_lock lock(disk_mutex_);
      disk_moves_.wait(lock, [this] { return !disk_stands_; });
      return std::error_code{};
    };
  }
  void TearDown() override {
    let_go();
    RestFixture::TearDown();
  }
  void fill() {
    {
      const std::lock_guard lock(disk_mutex_);
      disk_stands_ = true;
    }
    for (int taken = 0; taken < kRoom;) {
      engine::Submission s;
      s.command = command::PutSkill{{static_cast<std::uint32_t>(100 + taken)}, "skill" + std::to_string(taken)};
      s.done = [this](const engine::Answer&) {
        const std::lock_guard lock(disk_mutex_);
        ++answered_;
        disk_moves_.notify_all();
      };
      engine_->submit(std::move(s)) ? static_cast<void>(++taken) : std::this_thread::yield();
    }
  }
  void let_go() {
    const std::lock_guard lock(disk_mutex_);
    disk_stands_ = false;
    disk_moves_.notify_all();
  }
  void wait_for_room() {
    std::unique_lock lock(disk_mutex_);
    disk_moves_.wait(lock, [this] { return answered_ == kRoom; });
  }
  std::size_t interactions() {
    return on_edge([this] { return engine_->view().interactions.size(); });
  }

  static constexpr std::string_view kStart = R"({"channel":"chat","queue":"general"})";
  std::mutex disk_mutex_;
  std::condition_variable disk_moves_;
  bool disk_stands_ = false;
  int answered_ = 0;
};

TEST_F(RestBusy, AFullEngineRefusesEveryKindOfChange) {
  const auto customer = api("POST", "/api/customers", R"({"name":"Wang Fang"})");
  ASSERT_EQ(customer.status, 201u) << customer.body;
  const auto refused_before = engine_->figures().refused_busy;
  fill();
  const auto while_filling = engine_->figures().refused_busy;
  EXPECT_GE(while_filling, refused_before);
  expect_busy(api("POST", "/api/interactions", std::string(kStart)));
  expect_busy(api("POST", "/api/customers", R"({"name":"Li Hua"})"));
  expect_busy(as("lin", "POST", "/api/customers/1/notes", R"({"text":"likes tea"})"));
  EXPECT_EQ(engine_->figures().refused_busy, while_filling + 3);
  const auto metrics = http("GET", "/metrics");
  EXPECT_NE(metrics.body.find("\nswitchboard_refused_busy_total " + std::to_string(while_filling + 3) + "\n"),
            std::string::npos);
  EXPECT_EQ(interactions(), 0u);
}

TEST_F(RestBusy, ABatchSaysForEachThatItWasRefused) {
  fill();
  const std::string two = "[" + std::string(kStart) + "," + std::string(kStart) + "]";
  const auto answer = api("POST", "/api/interactions", two);
  EXPECT_EQ(answer.status, 429u);
  EXPECT_EQ(answer.headers.find("Retry-After"), "1");
  const auto outcomes = answer.json();
  ASSERT_EQ(outcomes.as_array().size(), 2u);
  for (const auto& outcome : outcomes.as_array()) EXPECT_EQ(outcome.at("error").at("code").as_string(), "busy");
  // A mistake among them is told apart from having no room.
  const auto mixed = api("POST", "/api/interactions", "[" + std::string(kStart) + R"(,{"channel":"smoke"}])");
  EXPECT_EQ(mixed.status, 201u);
  EXPECT_EQ(mixed.json().at(0).at("error").at("code").as_string(), "busy");
  EXPECT_EQ(mixed.json().at(1).at("error").at("code").as_string(), "invalid_argument");
}

TEST_F(RestBusy, TheSameRequestIsTakenOnceThereIsRoom) {
  const Fields key{{"Idempotency-Key", "order-7"}};
  fill();
  expect_busy(api("POST", "/api/interactions", std::string(kStart), key));
  EXPECT_EQ(http("GET", "/healthz").status, 200u) << "busy is not broken";
  EXPECT_EQ(as("mei", "GET", "/api/board").status, 200u);
  let_go();
  wait_for_room();
  const auto taken = api("POST", "/api/interactions", std::string(kStart), key);
  EXPECT_EQ(taken.status, 201u) << taken.body;
  const auto again = api("POST", "/api/interactions", std::string(kStart), key);
  EXPECT_EQ(again.body, taken.body);
  EXPECT_EQ(interactions(), 1u);
}

// No room for anything to wait behind the threads that hash, ask and replay.
class RestWithoutRoom : public RestFixture {
 protected:
  RestWithoutRoom() {
    options_.passwords_waiting_max = 0;
    options_.questions_waiting_max = 0;
    options_.replays_waiting_max = 0;
  }
};

TEST_F(RestWithoutRoom, FullWorkersRefuse) {
  expect_busy(http("POST", "/api/session", R"({"login":"lin","password":"correct horse"})"));
  expect_busy(api("GET", "/api/customers?q=wang"));
  expect_busy(api("GET", "/api/interactions/1/explain"));
  expect_busy(as("root", "POST", "/api/backup", R"({"directory":")" + (directory_ / "backup").string() + R"("})"));
  // What needs no worker goes on.
  EXPECT_EQ(api("POST", "/api/interactions", R"({"channel":"chat","queue":"general"})").status, 201u);
}

TEST(RestWorker, RefusesBeyondItsQueueAndForgetsNothingItTook) {
  std::promise<void> gate;
  std::promise<void> begun;
  std::promise<void> last;
  int done = 0;
  RestWorker worker(1, 2);
  ASSERT_TRUE(worker.post([&] {
    begun.set_value();
    gate.get_future().wait();
  }));
  begun.get_future().wait();
  ASSERT_TRUE(worker.post([&] { ++done; }));
  ASSERT_TRUE(worker.post([&] {
    ++done;
    last.set_value();
  }));
  EXPECT_FALSE(worker.post([&] { ++done; }));
  gate.set_value();
  last.get_future().wait();
  EXPECT_EQ(done, 2);
  EXPECT_TRUE(worker.post([] {}));
}

}  // namespace
}  // namespace sb::console
