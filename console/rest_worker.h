#pragma once
// Threads for what must not hold up the edge thread: password hashes, questions to the records, replays. The queue is
// bounded; full is an answer. What is under way at destruction is finished, what only waits is dropped.
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sb::console {

class RestWorker {
 public:
  using Task = std::move_only_function<void()>;

  RestWorker(std::size_t threads, std::size_t waiting_max);
  ~RestWorker();
  RestWorker(const RestWorker&) = delete;
  RestWorker& operator=(const RestWorker&) = delete;

  // False: too many tasks wait already. Any thread.
  [[nodiscard]] bool post(Task task);

 private:
  void run();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Task> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sb::console
