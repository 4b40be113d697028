#pragma once
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "net/client.h"

namespace sb::net {

// Where a request goes; `key` names the pool.
struct ClientTarget {
  bool tls = false;
  bool host_is_address = false;
  std::string host;  // without brackets
  std::string port;
  std::string host_field;
  std::string path_and_query;
  std::string key;
};

// Error::bad_request if the URL is not absolute http(s), or the method or a header could not be written as one line.
[[nodiscard]] std::expected<ClientTarget, Error> target_of(const ClientRequest& request);

// One connection to a host. The TLS layer wraps the same socket.
struct ClientLink {
  using Tls = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

  explicit ClientLink(boost::asio::io_context& context) : socket(context) {}
  [[nodiscard]] bool is_quiet() const;  // open, and the peer has neither closed nor said anything unasked

  boost::asio::ip::tcp::socket socket;
  std::unique_ptr<Tls> tls;
  boost::beast::flat_buffer buffer;
  std::chrono::steady_clock::time_point idle_since;
};

// One request on its way. `done` is empty once it has been answered, by whoever was first.
struct ClientJob {
  ClientJob(boost::asio::io_context& context, ClientTarget where, ClientRequest what, HttpClient::Done callback)
      : target(std::move(where)),
        request(std::move(what)),
        done(std::move(callback)),
        timer(context),
        resolver(context),
        total_deadline(std::chrono::steady_clock::now() + request.total_timeout) {}

  void finish(std::expected<ClientResponse, Error> result);
  void abort();  // makes whatever it waits for end

  ClientTarget target;
  ClientRequest request;
  HttpClient::Done done;
  boost::asio::steady_timer timer;
  boost::asio::ip::tcp::resolver resolver;
  std::chrono::steady_clock::time_point total_deadline;
  ClientLink* link = nullptr;  // while it has one
};

}  // namespace sb::net
