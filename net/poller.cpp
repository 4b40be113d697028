#include "net/poller.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <spdlog/spdlog.h>

namespace sb::net {
namespace {

constexpr std::size_t kBatchMax = 256;
static_assert(Poller::kRead == EPOLLIN && Poller::kWrite == EPOLLOUT && Poller::kBroken == (EPOLLERR | EPOLLHUP));

}  // namespace

Poller::Poller() : descriptor_(epoll_create1(EPOLL_CLOEXEC)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  batch_.reserve(kBatchMax);
}

Poller::~Poller() {
  ::close(descriptor_);
}

bool Poller::add(int fd, Socket& socket, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.ptr = &socket}};
  return epoll_ctl(descriptor_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Poller::change(int fd, Socket& socket, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.ptr = &socket}};
  if (epoll_ctl(descriptor_, EPOLL_CTL_MOD, fd, &event) != 0) {
    spdlog::error("net: epoll_ctl on a socket failed: {}", std::generic_category().message(errno));
  }
}

void Poller::remove(int fd, Socket& socket) {
  epoll_ctl(descriptor_, EPOLL_CTL_DEL, fd, nullptr);
  for (std::size_t i = at_; i < batch_.size(); ++i) {
    if (batch_[i].socket == &socket) batch_[i].socket = nullptr;
  }
}

void Poller::dispatch() {
  epoll_event events[kBatchMax];
  const int count = epoll_wait(descriptor_, events, static_cast<int>(kBatchMax), 0);
  for (int i = 0; i < count; ++i) {
    batch_.push_back({static_cast<Socket*>(events[i].data.ptr), events[i].events});
  }
  for (at_ = 0; at_ < batch_.size();) {
    const Ready ready = batch_[at_++];
    if (ready.socket != nullptr) ready.socket->on_ready(ready.events);
  }
  batch_.clear();
  at_ = 0;
}

}  // namespace sb::net
