#pragma once
// HTTP/1.1 requests over a few kept-alive connections, pipelined: a request is written at once, its answer is the next
// one to come on that connection. Answers are parsed by Beast. One thread; callbacks on it.
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/customers/wire.h"

namespace sb::customers {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpReply {
  int status = 0;  // 0: no answer, `body` says why
  std::string body;
  Headers headers;
  [[nodiscard]] std::string header(std::string_view name) const;  // case-insensitive; empty when absent
};

class HttpClient {
 public:
  using OnReply = std::function<void(const HttpReply&)>;

  // `host` is the Host header. Connections are opened when first needed and again after they were lost.
  // Destruction drops requests without a word; close() answers them.
  HttpClient(asio::io_context& io, Endpoint endpoint, std::string host, std::size_t connections);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void send(std::string_view method, std::string_view target, const Headers& headers, std::string_view body,
            OnReply on_reply);
  [[nodiscard]] std::size_t pending() const;
  // Drops the connections; requests without an answer get status 0.
  void close();

 private:
  class Connection;
  asio::io_context& io_;
  Endpoint endpoint_;
  std::string host_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::size_t next_ = 0;
};

}  // namespace sb::customers
