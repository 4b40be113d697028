#pragma once
// A small HTTP/1.1 server (Beast) for the provider's REST interface: kept-alive connections, bodies up to 1 MiB, the
// handler answers at once. One thread. Listens until stop().
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bench/customers/http_client.h"

namespace sb::customers {

struct HttpRequest {
  std::string method;
  std::string target;
  Headers headers;
  std::string body;
  [[nodiscard]] std::string header(std::string_view name) const;
};

struct HttpAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
};

class HttpServer {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  HttpServer(asio::io_context& io, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // False when the address is taken; `why` says so. Port 0 picks one.
  [[nodiscard]] bool listen(const Endpoint& at, std::string& why);
  [[nodiscard]] std::uint16_t port() const;
  void stop();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace sb::customers
