#include "net/io_threads.h"

#include <atomic>

#include <spdlog/spdlog.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/io_thread.h"

namespace asio = boost::asio;

namespace sb::net {

// The timer itself is owned by its pending wait, so that it dies with the io thread even if the handle lives on.
struct Timer::State {
  struct Wait {
    explicit Wait(IoThread& thread) : timer(thread.context()) {}
    asio::steady_timer timer;
  };

  std::weak_ptr<IoThread> thread;
  std::chrono::milliseconds delay{};
  bool repeats = false;
  IoThreads::Task task;  // touched on the io thread only
  std::weak_ptr<Wait> wait;
  std::atomic<bool> cancelled = false;

  static void arm(std::shared_ptr<State> state, std::shared_ptr<Wait> wait) {
    auto& timer = wait->timer;
    timer.async_wait([state = std::move(state), wait = std::move(wait)](boost::system::error_code error) mutable {
      if (error || state->cancelled) return;
      fire(std::move(state), std::move(wait));
    });
  }

  static void fire(std::shared_ptr<State> state, std::shared_ptr<Wait> wait) {
    try {
      state->task();
    } catch (const std::exception& error) {
      spdlog::error("net: an exception left a timer's task: {}", error.what());
    }
    if (!state->repeats || state->cancelled) return;
    wait->timer.expires_at(std::max(wait->timer.expiry() + state->delay, std::chrono::steady_clock::now()));
    arm(std::move(state), std::move(wait));
  }

  static Timer begin(const std::shared_ptr<IoThread>& thread, std::chrono::milliseconds delay, bool repeats,
                     IoThreads::Task task) {
    auto state = std::make_shared<State>();
    state->thread = thread;
    state->delay = delay;
    state->repeats = repeats;
    state->task = std::move(task);
    const auto due = std::chrono::steady_clock::now() + delay;
    thread->post([state, due, at = thread.get()] {
      if (state->cancelled) return;
      auto wait = std::make_shared<Wait>(*at);
      wait->timer.expires_at(due);
      state->wait = wait;
      arm(state, std::move(wait));
    });
    return Timer(std::move(state));
  }
};

Timer& Timer::operator=(Timer&& other) noexcept {
  if (this != &other) {
    cancel();
    state_ = std::move(other.state_);
  }
  return *this;
}

void Timer::cancel() {
  const auto state = std::exchange(state_, nullptr);
  if (!state || state->cancelled.exchange(true)) return;
  const auto thread = state->thread.lock();
  if (!thread) return;
  thread->post([state] {
    if (const auto wait = state->wait.lock()) wait->timer.cancel();
  });
}

IoThreads::IoThreads(unsigned count) {
  for (unsigned i = 0; i < std::max(1U, count); ++i) threads_.push_back(std::make_shared<IoThread>(i));
}

IoThreads::~IoThreads() {
  stop();
}

void IoThreads::start() {
  for (auto& thread : threads_) thread->start();
  running_ = true;
}

void IoThreads::stop() {
  if (!running_) return;
  running_ = false;
  for (auto& thread : threads_) thread->request_stop();
  for (auto& thread : threads_) thread->join();
}

void IoThreads::post(unsigned thread_index, Task task) {
  threads_[thread_index]->post(std::move(task));
}

bool IoThreads::on_thread(unsigned thread_index) const {
  return threads_[thread_index]->is_current();
}

Timer IoThreads::after(unsigned thread_index, std::chrono::milliseconds delay, Task task) {
  return Timer::State::begin(threads_[thread_index], delay, false, std::move(task));
}

Timer IoThreads::every(unsigned thread_index, std::chrono::milliseconds period, Task task) {
  return Timer::State::begin(threads_[thread_index], period, true, std::move(task));
}

}  // namespace sb::net
