#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "net/deadline_wheel.h"
#include "net/io_threads.h"
#include "net/poller.h"
#include "net/send_queue.h"

namespace boost::asio {
class io_context;
}

namespace sb::net {

// One event loop and what its connections share. Only post() and the send queue's push may be called from elsewhere.
class IoThread : public std::enable_shared_from_this<IoThread> {
 public:
  using Task = IoThreads::Task;

  explicit IoThread(unsigned index);
  ~IoThread();
  void start();
  void request_stop();
  void join();  // also drops what is still queued

  void post(Task task);
  [[nodiscard]] bool is_current() const { return current_ == this; }
  [[nodiscard]] bool is_started() const { return thread_.joinable(); }
  [[nodiscard]] unsigned index() const { return index_; }
  [[nodiscard]] boost::asio::io_context& context();
  [[nodiscard]] Poller& poller() { return poller_; }
  [[nodiscard]] DeadlineWheel& deadlines() { return deadlines_; }
  [[nodiscard]] SendQueue& send_queue() { return send_queue_; }
  // Scratch for one read; its content does not survive the call that reads.
  [[nodiscard]] std::span<char> read_buffer() { return read_buffer_; }
  [[nodiscard]] static std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

 private:
  struct Loop;
  void run();
  void run_tasks();
  void wait_for_sockets();
  void tick();

  static inline thread_local const IoThread* current_ = nullptr;
  static constexpr std::size_t kReadBufferBytes = 64 * 1024;

  unsigned index_;
  Poller poller_;
  std::unique_ptr<Loop> loop_;  // watches poller_
  DeadlineWheel deadlines_;
  SendQueue send_queue_;
  std::vector<char> read_buffer_;
  std::mutex tasks_lock_;
  std::vector<Task> tasks_;
  bool accepts_tasks_ = true;  // guarded by tasks_lock_
  std::thread thread_;
};

}  // namespace sb::net
