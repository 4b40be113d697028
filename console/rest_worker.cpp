#include "console/rest_worker.h"

namespace sb::console {

RestWorker::RestWorker(std::size_t threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
  for (std::size_t n = 0; n < threads; ++n) {
    threads_.emplace_back([this] { run(); });
  }
}

RestWorker::~RestWorker() {
  std::deque<Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(waiting_);
    ready_.notify_all();
  }
  for (auto& thread : threads_) thread.join();
}

bool RestWorker::post(Task task) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || waiting_.size() >= waiting_max_) return false;
  waiting_.push_back(std::move(task));
  ready_.notify_one();
  return true;
}

void RestWorker::run() {
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    task();
  }
}

}  // namespace sb::console
