#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/error.h"
#include "net/http.h"
#include "net/io_threads.h"
#include "net/websocket.h"

namespace sb::net {

// The decision to take an upgrade request as a websocket.
struct WsAccept {
  std::string subprotocol{};             // one of those the client offered; empty for none
  std::size_t max_message_bytes = 0;     // 0: Server::Options::ws_max_message_bytes
  std::shared_ptr<WsHandler> handler{};  // required
};

// An HTTP/1.1 and websocket server. Connections are spread over the io threads and stay on theirs.
// It answers by itself, as {"error":{"code","message"}}: 400, 408, 413, 426, 429, 431, 500 (reply dropped), 503.
// Lifecycle: construct, start(), stop() or destroy, all on one thread that is not an io thread; IoThreads outlives it.
class Server {
 public:
  using HttpHandler = std::function<void(Request&&, Reply)>;  // called on the connection's io thread; must not block
  using UpgradeHandler = std::function<std::expected<WsAccept, Response>(const Request&)>;

  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;        // 0: any free one
    std::string certificate_file;  // PEM chain; with key_file switches TLS on
    std::string key_file;
    std::size_t max_header_bytes = 16 * 1024;
    std::size_t max_body_bytes = 1024 * 1024;
    std::function<std::size_t(std::string_view path)> max_body_bytes_for;  // optional, replaces max_body_bytes
    std::chrono::milliseconds header_timeout{10'000};  // first byte to end of header, and TLS handshake
    std::chrono::milliseconds body_timeout{30'000};    // end of header to end of body
    std::chrono::milliseconds write_timeout{30'000};   // without any progress
    std::chrono::milliseconds idle_timeout{60'000};    // between requests
    std::size_t max_connections = 20'000;
    std::size_t ws_max_message_bytes = 64 * 1024;
    std::size_t ws_send_buffer_max = 1024 * 1024;        // bytes per connection, frames included
    std::chrono::milliseconds ws_ping_interval{30'000};  // after this much silence the server pings
    std::chrono::milliseconds ws_pong_timeout{15'000};   // and after this much more it gives the connection up
    std::chrono::milliseconds ws_close_timeout{5'000};   // wait for the peer's close frame
    double rate_limit_per_s = 0;                         // requests and upgrades per source address; 0: no limit
    double rate_limit_burst = 50;
    std::size_t rate_limit_sources_max = 65'536;
    std::vector<std::string> trusted_proxies;  // addresses whose X-Forwarded-For and -Proto are believed
  };

  Server(IoThreads& io, Options options, HttpHandler on_request, UpgradeHandler on_upgrade = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::expected<void, Error> start();  // bind, certificate
  // Stops accepting, lets requests in flight finish, closes websockets with 1012, and cuts what is left at the
  // deadline.
  void stop(std::chrono::milliseconds deadline);
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t open_connections() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sb::net
