#include "bench/customers/http_client.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <deque>
#include <optional>
#include <utility>

namespace sb::customers {
namespace http = boost::beast::http;

std::string HttpReply::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (boost::beast::iequals(boost::beast::string_view(key.data(), key.size()),
                              boost::beast::string_view(name.data(), name.size()))) {
      return value;
    }
  }
  return {};
}

class HttpClient::Connection : public std::enable_shared_from_this<HttpClient::Connection> {
 public:
  struct Waiting {
    OnReply on_reply;
    bool head_only;
  };

  Connection(asio::io_context& io, Endpoint endpoint) : io_(io), endpoint_(std::move(endpoint)) {}

  void send(const std::string& bytes, bool head_only, OnReply on_reply) {
    if (!wire_) connect();
    waiting_.push_back({std::move(on_reply), head_only});
    wire_->write(bytes);
  }

  [[nodiscard]] std::size_t pending() const { return waiting_.size(); }

  void lose(const std::string& why) {
    for (auto& waiting : abandon()) waiting.on_reply(HttpReply{0, why, {}});
  }

  // Closes without telling anyone.
  std::deque<Waiting> abandon() {
    if (wire_) wire_->close();
    wire_.reset();
    parser_.reset();
    received_.clear();
    return std::exchange(waiting_, {});
  }

 private:
  void connect() {
    wire_ = std::make_shared<Wire>(io_);
    Wire::Callbacks events;
    events.bytes = [self = shared_from_this()](std::string_view bytes) { self->take(bytes); };
    events.closed = [self = shared_from_this()](const std::string& why) { self->lose(why); };
    wire_->connect(endpoint_, std::nullopt, std::move(events));
  }

  void take(std::string_view bytes) {
    received_.append(bytes);
    std::size_t used = 0;
    const auto wire = wire_;
    while (used < received_.size() && wire_ == wire) {
      if (waiting_.empty()) return lose("an answer to no request");
      if (!parser_) {
        parser_.emplace();
        parser_->eager(true);
        parser_->skip(waiting_.front().head_only);
        parser_->body_limit(16U << 20U);
      }
      boost::system::error_code error;
      used += parser_->put(asio::buffer(received_.data() + used, received_.size() - used), error);
      if (error == http::error::need_more) break;
      if (error) return lose("not HTTP: " + error.message());
      if (parser_->is_done()) deliver();
    }
    if (wire_ == wire) received_.erase(0, used);
  }

  void deliver() {
    auto message = parser_->release();
    parser_.reset();
    HttpReply reply;
    reply.status = message.result_int();
    for (const auto& f : message) reply.headers.emplace_back(std::string(f.name_string()), std::string(f.value()));
    reply.body = std::move(message.body());
    const auto waiting = std::move(waiting_.front());
    waiting_.pop_front();
    const bool last = !message.keep_alive();
    waiting.on_reply(reply);
    if (last) lose("the server closed the connection");
  }

  asio::io_context& io_;
  Endpoint endpoint_;
  std::shared_ptr<Wire> wire_;
  std::string received_;
  std::optional<http::response_parser<http::string_body>> parser_;
  std::deque<Waiting> waiting_;
};

HttpClient::HttpClient(asio::io_context& io, Endpoint endpoint, std::string host, std::size_t connections)
    : io_(io), endpoint_(std::move(endpoint)), host_(std::move(host)) {
  for (std::size_t i = 0; i < connections; ++i) connections_.push_back(std::make_shared<Connection>(io_, endpoint_));
}

HttpClient::~HttpClient() {
  for (const auto& connection : connections_) connection->abandon();
}

void HttpClient::send(std::string_view method, std::string_view target, const Headers& headers, std::string_view body,
                      OnReply on_reply) {
  std::string bytes;
  bytes.reserve(256 + body.size());
  bytes.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host_).append("\r\n");
  for (const auto& [name, value] : headers) bytes.append(name).append(": ").append(value).append("\r\n");
  if (!body.empty() || method != "GET")
    bytes.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  bytes.append("\r\n").append(body);
  next_ = (next_ + 1) % connections_.size();
  connections_[next_]->send(bytes, method == "HEAD", std::move(on_reply));
}

std::size_t HttpClient::pending() const {
  std::size_t total = 0;
  for (const auto& connection : connections_) total += connection->pending();
  return total;
}

void HttpClient::close() {
  for (const auto& connection : connections_) connection->lose("closed");
}

}  // namespace sb::customers
