#include "net/io_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "net/deadline_wheel.h"

namespace sb::net {
namespace {

using std::chrono::milliseconds;

TEST(IoThreads, RunsTasksInOrderOnTheirThread) {
  IoThreads io(2);
  std::vector<int> order;
  std::latch done(1);
  // Posted before the start: they wait.
  for (int i = 0; i < 100; ++i) {
    io.post(1, [&, i] {
      if (io.on_thread(1) && !io.on_thread(0)) order.push_back(i);
    });
  }
  io.post(1, [] { throw std::runtime_error("logged, not fatal"); });
  io.post(1, [&] { done.count_down(); });
  io.start();
  done.wait();
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_FALSE(io.on_thread(1));
}

TEST(IoThreads, TimersFireRepeatAndCancel) {
  IoThreads io(1);
  io.start();
  std::atomic<bool> cancelled_fired = false;
  std::latch once(1);
  std::latch thrice(3);
  const auto began = std::chrono::steady_clock::now();
  Timer cancelled = io.after(0, milliseconds(20), [&] { cancelled_fired = true; });
  cancelled.cancel();
  {
    const Timer dropped = io.after(0, milliseconds(20), [&] { cancelled_fired = true; });
  }
  const Timer single = io.after(0, milliseconds(40), [&] { once.count_down(); });
  int fired = 0;
  Timer repeating;
  repeating = io.every(0, milliseconds(5), [&] {
    if (++fired <= 3) thrice.count_down();
  });
  thrice.wait();
  once.wait();
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(40));
  EXPECT_FALSE(cancelled_fired);
  repeating.cancel();
}

TEST(IoThreads, CancelOnTheOwnThreadIsFinal) {
  IoThreads io(1);
  io.start();
  std::latch done(1);
  bool fired = false;
  Timer killer;
  Timer victim;
  Timer last;
  const auto later = [] {  // no two timers are due at the same nanosecond
    const auto now = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() == now) continue;
  };
  io.post(0, [&] {
    // All are due by the next turn of the loop; the first must still be able to stop the second.
    killer = io.after(0, milliseconds(0), [&] { victim.cancel(); });
    later();
    victim = io.after(0, milliseconds(0), [&] { fired = true; });
    later();
    last = io.after(0, milliseconds(0), [&] { done.count_down(); });
  });
  done.wait();
  EXPECT_FALSE(fired);
}

TEST(IoThreads, TimersAndTasksMayOutliveTheThreads) {
  auto held = std::make_shared<int>(1);
  Timer timer;
  {
    IoThreads io(1);
    io.start();
    timer = io.after(0, std::chrono::hours(1), [held] {});
    io.stop();
    io.post(0, [held] {});
  }
  timer.cancel();
  EXPECT_EQ(held.use_count(), 1);
}

TEST(DeadlineWheel, FiresLateByTwoTicksAtMostAndNeverEarly) {
  struct Probe : DeadlineWheel::Entry {
    void on_deadline(std::int64_t now_ms) override { fired_at = now_ms; }
    std::int64_t fired_at = 0;
  };
  DeadlineWheel wheel;
  std::int64_t now = 1'000'000;
  wheel.advance(now);
  std::array<Probe, 200> probes;
  std::array<std::int64_t, 200> due{};
  for (std::size_t i = 0; i < probes.size(); ++i) {
    due[i] = now + 1 + static_cast<std::int64_t>(i * i * 10);  // up to 396 s: several turns of the wheel
    wheel.set(probes[i], due[i]);
  }
  wheel.set(probes[10], due[10] = now + 90'000);  // later
  wheel.set(probes[150], due[150] = now + 50);    // earlier
  wheel.clear(probes[20]);
  wheel.remove(probes[21]);
  for (; now < 1'400'000; now += 7) wheel.advance(now);
  for (std::size_t i = 0; i < probes.size(); ++i) {
    if (i == 20 || i == 21) {
      EXPECT_EQ(probes[i].fired_at, 0);
      continue;
    }
    EXPECT_GE(probes[i].fired_at, due[i]) << i;
    EXPECT_LE(probes[i].fired_at, due[i] + 2 * DeadlineWheel::kTickMs) << i;
  }
}

}  // namespace
}  // namespace sb::net
