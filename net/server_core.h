#pragma once
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "net/rate_limit.h"
#include "net/server.h"
#include "net/server_connection.h"
#include "net/tls.h"

namespace sb::net {

// What the listener and all connections of one server share.
struct ServerCore {
  ServerCore(IoThreads& io_threads, Server::Options given, Server::HttpHandler http, Server::UpgradeHandler upgrade);

  struct Source {
    std::string address;
    bool tls;
  };
  // Who really asks: the peer, or whom a trusted proxy names.
  [[nodiscard]] Source source_of(const Headers& headers, const std::string& peer, bool tls) const;
  // 0: go on; otherwise the milliseconds to wait.
  [[nodiscard]] std::int64_t rate_limit_wait_ms(std::string_view source);
  [[nodiscard]] std::size_t max_body_bytes(std::string_view path) const;

  void opened() { ++connections; }
  void closed();
  bool wait_until_empty(std::chrono::milliseconds deadline);

  IoThreads& io;
  const Server::Options options;
  const Server::HttpHandler on_request;
  const Server::UpgradeHandler on_upgrade;
  std::shared_ptr<SSL_CTX> tls;
  std::atomic<bool> stopping = false;
  std::atomic<std::size_t> connections = 0;
  std::vector<ServerConnection::List> by_thread;  // each touched on its io thread only

 private:
  std::set<std::string, std::less<>> trusted_proxies_;
  std::mutex rate_lock_;
  std::optional<RateLimit> rate_;  // guarded by rate_lock_
  std::mutex empty_lock_;
  std::condition_variable empty_;
};

}  // namespace sb::net
