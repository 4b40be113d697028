#include "net/io_thread.h"

#include <pthread.h>
#include <signal.h>

#include <exception>

#include <spdlog/spdlog.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace asio = boost::asio;

namespace sb::net {
namespace {

// A write to a socket the peer has reset must be an error code, also inside OpenSSL.
void block_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

struct IoThread::Loop {
  explicit Loop(int poller) : work(context.get_executor()), sockets(context, poller), ticks(context) {}
  ~Loop() { sockets.release(); }

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work;
  asio::posix::stream_descriptor sockets;
  asio::steady_timer ticks;
};

IoThread::IoThread(unsigned index)
    : index_(index),
      loop_(std::make_unique<Loop>(poller_.descriptor())),
      send_queue_(*this),
      read_buffer_(kReadBufferBytes) {}

IoThread::~IoThread() = default;

asio::io_context& IoThread::context() {
  return loop_->context;
}

void IoThread::start() {
  deadlines_.advance(now_ms());
  wait_for_sockets();
  tick();
  thread_ = std::thread([this] { run(); });
}

void IoThread::run() {
  current_ = this;
  block_sigpipe();
  const std::string name = "net-" + std::to_string(index_);
  pthread_setname_np(pthread_self(), name.c_str());
  while (!loop_->context.stopped()) {
    try {
      loop_->context.run();
    } catch (const std::exception& error) {
      spdlog::error("net: an exception left a task on io thread {}: {}", index_, error.what());
    }
  }
}

void IoThread::request_stop() {
  loop_->context.stop();
}

void IoThread::join() {
  if (thread_.joinable()) thread_.join();
  std::vector<Task> dropped;
  {
    const std::scoped_lock lock(tasks_lock_);
    accepts_tasks_ = false;
    dropped.swap(tasks_);
  }
  send_queue_.drop();
  dropped.clear();
  loop_.reset();
}

void IoThread::post(Task task) {
  const std::scoped_lock lock(tasks_lock_);
  if (!accepts_tasks_) return;
  tasks_.push_back(std::move(task));
  if (tasks_.size() == 1) asio::post(loop_->context, [this] { run_tasks(); });
}

void IoThread::run_tasks() {
  std::vector<Task> tasks;
  {
    const std::scoped_lock lock(tasks_lock_);
    tasks.swap(tasks_);
  }
  for (Task& task : tasks) {
    try {
      task();
    } catch (const std::exception& error) {
      spdlog::error("net: an exception left a task on io thread {}: {}", index_, error.what());
    }
    task = nullptr;
  }
}

void IoThread::wait_for_sockets() {
  loop_->sockets.async_wait(asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
    if (error) return;
    poller_.dispatch();
    wait_for_sockets();
  });
}

void IoThread::tick() {
  loop_->ticks.expires_after(std::chrono::milliseconds(DeadlineWheel::kTickMs));
  loop_->ticks.async_wait([this](boost::system::error_code error) {
    if (error) return;
    deadlines_.advance(now_ms());
    tick();
  });
}

}  // namespace sb::net
