#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace sb::net {

class IoThread;

// A handle on a pending or repeating call. Destroying or cancelling it on its own io thread guarantees that the call
// will not happen; from another thread one call may already be under way. Safe to outlive IoThreads.
class Timer {
 public:
  struct State;
  Timer() = default;
  explicit Timer(std::shared_ptr<State> state) : state_(std::move(state)) {}
  Timer(Timer&&) noexcept = default;
  Timer& operator=(Timer&& other) noexcept;
  ~Timer() { cancel(); }
  void cancel();

 private:
  std::shared_ptr<State> state_;
};

// N threads, each running its own event loop; whatever is pinned to a thread needs no lock.
// Lifecycle: construct, start(), stop(). Servers and clients on it must be stopped or destroyed first.
// An exception leaving a task is logged and swallowed: one bad task does not take the thread down.
class IoThreads {
 public:
  using Task = std::move_only_function<void()>;

  explicit IoThreads(unsigned count);
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  void start();
  void stop();  // finishes the task each thread is in, drops the rest, joins; not from an io thread
  [[nodiscard]] bool running() const { return running_; }
  [[nodiscard]] unsigned size() const { return static_cast<unsigned>(threads_.size()); }

  // Runs `task` on the thread, in the order posted from one caller. Any thread may call. Dropped after stop().
  void post(unsigned thread_index, Task task);
  [[nodiscard]] bool on_thread(unsigned thread_index) const;

  // One call after `delay`, or one every `period`, on the thread. Keep the handle: dropping it cancels.
  [[nodiscard]] Timer after(unsigned thread_index, std::chrono::milliseconds delay, Task task);
  [[nodiscard]] Timer every(unsigned thread_index, std::chrono::milliseconds period, Task task);

  [[nodiscard]] IoThread& thread(unsigned thread_index) { return *threads_[thread_index]; }  // for this room only

 private:
  std::vector<std::shared_ptr<IoThread>> threads_;
  bool running_ = false;
};

}  // namespace sb::net
