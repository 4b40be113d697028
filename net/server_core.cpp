#include "net/server_core.h"

#include <boost/asio/ip/address.hpp>

#include "net/text.h"

namespace sb::net {

ServerCore::ServerCore(IoThreads& io_threads, Server::Options given, Server::HttpHandler http,
                       Server::UpgradeHandler upgrade)
    : io(io_threads),
      options(std::move(given)),
      on_request(std::move(http)),
      on_upgrade(std::move(upgrade)),
      by_thread(io.size()),
      trusted_proxies_(options.trusted_proxies.begin(), options.trusted_proxies.end()) {
  if (options.rate_limit_per_s > 0) {
    rate_.emplace(RateLimit::Options{.per_s = options.rate_limit_per_s,
                                     .burst = std::max(1.0, options.rate_limit_burst),
                                     .sources_max = options.rate_limit_sources_max});
  }
}

ServerCore::Source ServerCore::source_of(const Headers& headers, const std::string& peer, bool is_tls) const {
  Source source{.address = peer, .tls = is_tls};
  if (!trusted_proxies_.contains(peer)) return source;
  if (const auto proto = headers.find("X-Forwarded-Proto")) source.tls = equal_ignoring_case(*proto, "https");
  // Each proxy appended who called it: walk from the right while the caller is one of ours. A proxy may also
  // add a field of its own instead of extending the one it found.
  std::string chain;
  for (const auto& [name, value] : headers) {
    if (equal_ignoring_case(name, "X-Forwarded-For")) chain.append(chain.empty() ? "" : ",").append(value);
  }
  for (std::string_view rest = chain; !rest.empty();) {
    const auto comma = rest.rfind(',');
    const auto last = trim(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(last, error);
    if (error) break;
    source.address = address.to_string();
    if (!trusted_proxies_.contains(source.address) || comma == std::string_view::npos) break;
    rest = rest.substr(0, comma);
  }
  return source;
}

std::int64_t ServerCore::rate_limit_wait_ms(std::string_view source) {
  if (options.rate_limit_per_s <= 0) return 0;
  const std::scoped_lock lock(rate_lock_);
  return rate_->take(source, IoThread::now_ms());
}

std::size_t ServerCore::max_body_bytes(std::string_view path) const {
  return options.max_body_bytes_for ? options.max_body_bytes_for(path) : options.max_body_bytes;
}

void ServerCore::closed() {
  if (--connections != 0 || !stopping) return;
  const std::scoped_lock lock(empty_lock_);
  empty_.notify_all();
}

bool ServerCore::wait_until_empty(std::chrono::milliseconds deadline) {
  std::unique_lock lock(empty_lock_);
  return empty_.wait_for(lock, deadline, [this] { return connections == 0; });
}

}  // namespace sb::net
