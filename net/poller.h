#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sb::net {

// Readiness of many sockets at the price of one system call per batch: level-triggered epoll, so that a socket once
// added needs no re-arming after each read. Its own descriptor becomes readable when any of them is ready.
// Used by one thread only.
class Poller {
 public:
  // EPOLLIN, EPOLLOUT and EPOLLERR | EPOLLHUP; the last is reported whether asked for or not.
  static constexpr std::uint32_t kRead = 1, kWrite = 4, kBroken = 8 | 16;

  class Socket {
   public:
    virtual ~Socket() = default;
    // The socket may be removed, even destroyed, in here. Must not throw.
    virtual void on_ready(std::uint32_t events) = 0;
  };

  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool add(int fd, Socket& socket, std::uint32_t events);
  void change(int fd, Socket& socket, std::uint32_t events);
  void remove(int fd, Socket& socket);  // before the descriptor is closed
  void dispatch();                      // one batch

 private:
  struct Ready {
    Socket* socket;
    std::uint32_t events;
  };
  int descriptor_;
  std::vector<Ready> batch_;
  std::size_t at_ = 0;
};

}  // namespace sb::net
