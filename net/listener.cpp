#include "net/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <spdlog/spdlog.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/http_connection.h"
#include "net/server_core.h"

namespace sb::net {
namespace {

using Endpoint = boost::asio::ip::tcp::endpoint;

constexpr int kAcceptsPerTurn = 64;
constexpr std::chrono::milliseconds kPauseAfterError{100};
// Beyond the limit this many more are told 503; after that connections are dropped unanswered.
constexpr std::size_t kRefusalsMax = 256;

std::unexpected<Error> bind_failed(const std::string& address, std::uint16_t port, const std::string& why) {
  spdlog::error("net: cannot listen on {} port {}: {}", address, port, why);
  return std::unexpected(Error::bind);
}

void set_option(int fd, int level, int name) {
  const int on = 1;
  setsockopt(fd, level, name, &on, sizeof on);
}

std::string peer_address(const Endpoint& peer) {
  const auto address = peer.address();
  // A v4 client of a dual-stack socket is named the way proxies and people name it.
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

std::expected<std::shared_ptr<Listener>, Error> Listener::bind(std::shared_ptr<ServerCore> core) {
  const auto& options = core->options;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(options.address, error);
  if (error) return bind_failed(options.address, options.port, "not an IP address");
  Endpoint endpoint(address, options.port);
  const int fd = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return bind_failed(options.address, options.port, std::generic_category().message(errno));
  set_option(fd, SOL_SOCKET, SO_REUSEADDR);
  auto length = static_cast<socklen_t>(endpoint.size());
  if (::bind(fd, endpoint.data(), length) != 0 || ::listen(fd, 4096) != 0) {
    const std::string why = std::generic_category().message(errno);
    ::close(fd);
    return bind_failed(options.address, options.port, why);
  }
  length = static_cast<socklen_t>(endpoint.capacity());
  ::getsockname(fd, endpoint.data(), &length);
  endpoint.resize(length);
  return std::make_shared<Listener>(std::move(core), fd, endpoint.port());
}

Listener::Listener(std::shared_ptr<ServerCore> core, int fd, std::uint16_t port)
    : core_(std::move(core)), thread_(core_->io.thread(0).shared_from_this()), fd_(fd), port_(port) {}

Listener::~Listener() {
  if (fd_ >= 0) ::close(fd_);
}

void Listener::start() {
  if (fd_ < 0 || accepting_) return;
  accepting_ = thread_->poller().add(fd_, *this, Poller::kRead);
}

void Listener::stop() {
  resume_.cancel();
  if (fd_ < 0) return;
  if (accepting_) thread_->poller().remove(fd_, *this);
  accepting_ = false;
  ::close(std::exchange(fd_, -1));
}

void Listener::on_ready(std::uint32_t) {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    Endpoint peer;
    auto length = static_cast<socklen_t>(peer.capacity());
    const int fd = ::accept4(fd_, peer.data(), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      peer.resize(length);
      adopt(fd, peer_address(peer));
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) pause();
    return;
  }
}

void Listener::pause() {
  // Out of descriptors or memory: the connection stays in the backlog, and asking again at once would spin.
  spdlog::error("net: accept failed on port {}: {}", port_, std::generic_category().message(errno));
  thread_->poller().remove(fd_, *this);
  accepting_ = false;
  resume_ = core_->io.after(thread_->index(), kPauseAfterError, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->start();
  });
}

void Listener::adopt(int fd, std::string peer) {
  set_option(fd, IPPROTO_TCP, TCP_NODELAY);
  const std::size_t open = core_->connections;
  const bool refused = open >= core_->options.max_connections;
  if (refused && (core_->tls || open >= core_->options.max_connections + kRefusalsMax)) {
    ::close(fd);
    return;
  }
  auto transport = core_->tls ? std::make_unique<Transport>(fd, *core_->tls) : std::make_unique<Transport>(fd);
  const unsigned index = next_thread_++ % core_->io.size();
  auto thread = core_->io.thread(index).shared_from_this();
  auto connection = std::make_shared<HttpConnection>(core_, thread, std::move(transport), std::move(peer));
  thread->post([connection = std::move(connection), refused, core = core_] {
    if (core->stopping) return;
    refused ? connection->start_refused() : connection->start();
  });
}

}  // namespace sb::net
