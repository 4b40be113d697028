#include "net/client_job.h"

#include <sys/socket.h>

#include <cerrno>
#include <exception>

#include <spdlog/spdlog.h>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace sb::net {
namespace {

bool is_token(std::string_view text) {
  static constexpr std::string_view kTokenChars =
      "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return !text.empty() && text.find_first_not_of(kTokenChars) == std::string_view::npos;
}

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

}  // namespace

std::expected<ClientTarget, Error> target_of(const ClientRequest& request) {
  const auto bad = std::unexpected(Error::bad_request);
  if (!is_token(request.method)) return bad;
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name) || !is_one_line(value)) return bad;
  }
  const auto parsed = boost::urls::parse_uri(request.url);
  if (parsed.has_error()) return bad;
  const auto& url = *parsed;
  const bool tls = url.scheme_id() == boost::urls::scheme::https;
  if ((!tls && url.scheme_id() != boost::urls::scheme::http) || url.host_address().empty()) return bad;
  const bool odd_port = url.has_port() && !url.port().empty() && url.port_number() == 0;  // 0, or over 65535
  if (odd_port) return bad;

  ClientTarget target;
  target.tls = tls;
  target.host = url.host_address();
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(target.host, not_an_address);
  target.host_is_address = !not_an_address;
  const std::string standard_port = tls ? "443" : "80";
  target.port = url.port().empty() ? standard_port : std::string(url.port());
  target.host_field = std::string(url.encoded_host());
  if (target.port != standard_port) target.host_field += ":" + target.port;
  target.path_and_query = url.encoded_path().empty() ? "/" : std::string(url.encoded_path());
  if (url.has_query()) target.path_and_query += "?" + std::string(url.encoded_query());
  target.key = (tls ? "https://" : "http://") + target.host + "|" + target.port;
  return target;
}

bool ClientLink::is_quiet() const {
  char byte;
  const auto native = const_cast<boost::asio::ip::tcp::socket&>(socket).native_handle();
  const ssize_t seen = ::recv(native, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void ClientJob::finish(std::expected<ClientResponse, Error> result) {
  auto callback = std::exchange(done, nullptr);
  if (!callback) return;
  timer.cancel();
  try {
    callback(std::move(result));
  } catch (const std::exception& error) {
    spdlog::error("net: an HTTP client's callback failed: {}", error.what());
  }
}

void ClientJob::abort() {
  resolver.cancel();
  boost::system::error_code ignored;
  if (link != nullptr) link->socket.close(ignored);
}

}  // namespace sb::net
