#pragma once
// A real engine on a temporary store, with a clock the test moves and a release thread of its own.
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <future>
#include <thread>

#include "engine/engine.h"
#include "engine/recovery.h"

namespace sb::engine {

// Runs released tasks in order on one thread, as an io thread does.
class ReleaseThread {
 public:
  ReleaseThread() : thread_([this] { run(); }) {}
  ~ReleaseThread() { stop(); }
  void post(std::move_only_function<void()> task) {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    ready_.notify_one();
  }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      ready_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
  }
  // Everything posted so far has run.
  void drain() {
    std::promise<void> done;
    post([&] { done.set_value(); });
    done.get_future().wait();
  }

 private:
  void run() {
    for (;;) {
      std::move_only_function<void()> task;
      {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [&] { return stopping_ || !tasks_.empty(); });
        if (tasks_.empty()) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::move_only_function<void()>> tasks_;
  bool stopping_ = false;
  std::thread thread_;
};

class EngineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    directory_ = std::filesystem::temp_directory_path() /
                 ("sb_engine_" + std::string(info->name()) + "_" + std::to_string(::getpid()));
    std::filesystem::remove_all(directory_);
  }
  void TearDown() override {
    close();
    std::filesystem::remove_all(directory_);
  }

  void open(std::function<void(Engine::Options&)> change = {}) {
    release_ = std::make_unique<ReleaseThread>();
    Engine::Options options;
    options.store.directory = directory_;
    options.store.wal_fill_bytes = 0;
    options.release = [this](std::move_only_function<void()> task) { release_->post(std::move(task)); };
    if (change) change(options);
    auto opened =
        Engine::open(std::move(options), Clock([this] { return now_.load(); }, [this] { return now_.load(); }));
    ASSERT_TRUE(opened) << opened.error().message;
    engine_ = std::move(*opened);
  }
  void start(std::function<void(Engine::Options&)> change = {}) {
    open(std::move(change));
    ASSERT_TRUE(engine_);
    engine_->start();
  }
  void close() {
    if (engine_) engine_->stop();
    if (release_) release_->stop();
    engine_.reset();
    release_.reset();
  }

  Answer ask(Command command, std::string key = {}, std::vector<std::string> contents = {}) {
    auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    Submission s{std::move(command), Source::kApi, std::move(key), std::move(contents),
                 [promise](const Answer& a) { promise->set_value(a); }};
    EXPECT_TRUE(engine_->submit(std::move(s)));
    return answer.get();
  }

  // One queue, one skill, two agents who take one chat each.
  void set_up_center() {
    ask(command::PutSkill{{1}, "zh"});
    command::PutQueue queue;
    queue.queue = {1};
    queue.name = "sales";
    queue.open = true;
    queue.offer_timeout_ms = 20'000;
    queue.avoid_ms = 30'000;
    ask(queue);
    for (const std::uint32_t n : {1u, 2u}) {
      command::PutAgent agent{{n}, {{{1}, 50}}, {{1}}, {0, 1, 1}, "agent" + std::to_string(n)};
      ask(agent);
    }
  }
  static command::StartInteraction chat() {
    command::StartInteraction c;
    c.channel = Channel::kChat;
    c.queue = {1};
    return c;
  }

  std::filesystem::path directory_;
  std::atomic<TimeMs> now_ = 1'700'000'000'000;
  std::unique_ptr<ReleaseThread> release_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace sb::engine
