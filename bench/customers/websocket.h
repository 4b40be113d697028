#pragma once
// A websocket client: websocketpp's framing and handshake (an implementation the server shares nothing with) over our
// own sockets. One thread; callbacks on it. A connection lives until its closed callback has run.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bench/customers/wire.h"

namespace sb::customers {

struct WebsocketAddress {
  Endpoint endpoint;
  std::string host;         // Host header, "127.0.0.1:8080"
  std::string target;       // "/ws/chat"
  std::string origin;       // empty: none
  std::string cookie;       // empty: none
  std::string subprotocol;  // empty: none
  std::optional<asio::ip::address> source;
};

class Websocket {
 public:
  struct Callbacks {
    std::function<void()> opened;
    std::function<void(std::string_view payload, bool binary)> message;
    // Once, last. `code` is the close code of the server (1006: none, with the reason in words).
    std::function<void(std::uint16_t code, const std::string& reason)> closed;
  };

  // What connections of one thread share: the library's endpoint.
  class Hub {
   public:
    explicit Hub(asio::io_context& io);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

   private:
    friend class Websocket;
    struct Impl;
    std::unique_ptr<Impl> impl_;
  };

  virtual ~Websocket() = default;
  Websocket() = default;
  Websocket(const Websocket&) = delete;
  Websocket& operator=(const Websocket&) = delete;

  [[nodiscard]] static std::shared_ptr<Websocket> open(Hub& hub, const WebsocketAddress& address, Callbacks callbacks);

  virtual void send_text(std::string_view payload) = 0;
  virtual void send_binary(std::string_view payload) = 0;
  // The closing handshake; the closed callback still comes.
  virtual void close(std::uint16_t code, const std::string& reason) = 0;
  // Drops the connection as a lost network would; no callback follows.
  virtual void drop() = 0;
  [[nodiscard]] virtual bool is_open() const = 0;
};

}  // namespace sb::customers
