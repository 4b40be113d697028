#pragma once
// A TCP connection as every part of the generator uses it: TCP_NODELAY, reads through one buffer shared by the thread
// (an idle connection costs no read buffer), writes of one turn sent together. Lives on one io_context run by one
// thread; all calls and callbacks there. Kept alive by its own pending operations until close().
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sb::customers {

namespace asio = boost::asio;
using Endpoint = asio::ip::tcp::endpoint;

class Wire : public std::enable_shared_from_this<Wire> {
 public:
  struct Callbacks {
    std::function<void()> connected;
    std::function<void(std::string_view)> bytes;
    std::function<void(const std::string& why)> closed;  // once, also when connecting failed; not after close()
  };
  static constexpr std::size_t kUnsentBytesMax = std::size_t{64} << 20;

  explicit Wire(asio::io_context& io) : io_(io), socket_(io) {}

  // `source` is the local address to connect from, for more connections than one address has ports.
  void connect(const Endpoint& to, const std::optional<asio::ip::address>& source, Callbacks callbacks);
  void write(std::string_view bytes);
  // Sends what is still unsent if it fits the socket's buffer, then closes; no callback follows.
  void close();
  [[nodiscard]] bool open() const { return open_; }

 private:
  void wait_readable();
  void read();
  void flush();
  void fail(const std::string& why);

  asio::io_context& io_;
  asio::ip::tcp::socket socket_;
  Callbacks callbacks_;
  std::string unsent_;
  bool open_ = false;
  bool done_ = false;
  bool reading_ = false;  // writes wait for the end of the turn
  bool flush_posted_ = false;
  bool waiting_writable_ = false;
};

}  // namespace sb::customers
