#pragma once
#include <cstdint>
#include <expected>
#include <memory>

#include "net/error.h"
#include "net/io_thread.h"
#include "net/poller.h"

namespace sb::net {

struct ServerCore;

// Accepts connections on the first io thread and spreads them over all.
class Listener final : public Poller::Socket, public std::enable_shared_from_this<Listener> {
 public:
  // Binds and listens; accepting begins with start().
  [[nodiscard]] static std::expected<std::shared_ptr<Listener>, Error> bind(std::shared_ptr<ServerCore> core);
  Listener(std::shared_ptr<ServerCore> core, int fd, std::uint16_t port);
  ~Listener() override;

  void start();  // these two on the first io thread
  void stop();
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void on_ready(std::uint32_t events) override;
  void adopt(int fd, std::string peer);
  void pause();

  std::shared_ptr<ServerCore> core_;
  std::shared_ptr<IoThread> thread_;
  int fd_;
  std::uint16_t port_;
  unsigned next_thread_ = 0;
  bool accepting_ = false;
  Timer resume_;
};

}  // namespace sb::net
