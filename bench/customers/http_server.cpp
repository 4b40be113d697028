#include "bench/customers/http_server.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <set>
#include <utility>

namespace sb::customers {
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;

namespace {

class Session;

}  // namespace

struct HttpServer::Impl : std::enable_shared_from_this<HttpServer::Impl> {
  Impl(asio::io_context& context, Handler on_request) : acceptor(context), handler(std::move(on_request)) {}
  void accept();

  Tcp::acceptor acceptor;
  Handler handler;
  std::set<std::shared_ptr<Session>> sessions;
  bool stopped = false;
};

std::string HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (boost::beast::iequals(boost::beast::string_view(key.data(), key.size()),
                              boost::beast::string_view(name.data(), name.size()))) {
      return value;
    }
  }
  return {};
}

namespace {

class Session : public std::enable_shared_from_this<Session> {
 public:
  using OnRequest = std::function<HttpAnswer(const HttpRequest&)>;
  Session(Tcp::socket socket, OnRequest on_request, std::function<void(const std::shared_ptr<Session>&)> on_end)
      : socket_(std::move(socket)), on_request_(std::move(on_request)), on_end_(std::move(on_end)) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(1U << 20U);
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                       if (error) return self->end();
                       self->answer();
                     });
  }

  void end() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    if (on_end_) std::exchange(on_end_, nullptr)(shared_from_this());
  }

 private:
  void answer() {
    auto message = parser_->release();
    HttpRequest request{std::string(message.method_string()), std::string(message.target()), {}, {}};
    for (const auto& f : message) request.headers.emplace_back(std::string(f.name_string()), std::string(f.value()));
    request.body = std::move(message.body());
    HttpAnswer answer = on_request_(request);
    response_ = {};
    response_.result(static_cast<unsigned>(answer.status));
    if (answer.status != 204) response_.set(http::field::content_type, answer.content_type);
    response_.body() = std::move(answer.body);
    response_.keep_alive(message.keep_alive());
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](boost::system::error_code error, std::size_t) {
      if (error || !self->response_.keep_alive()) return self->end();
      self->read();
    });
  }

  Tcp::socket socket_;
  OnRequest on_request_;
  std::function<void(const std::shared_ptr<Session>&)> on_end_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
};

}  // namespace

void HttpServer::Impl::accept() {
  acceptor.async_accept([self = shared_from_this()](boost::system::error_code error, Tcp::socket socket) {
    if (self->stopped || error == asio::error::operation_aborted) return;
    if (!error) {
      boost::system::error_code ignored;
      socket.set_option(Tcp::no_delay(true), ignored);
      const std::weak_ptr<Impl> weak = self;
      auto session = std::make_shared<Session>(std::move(socket), self->handler, [weak](const auto& ended) {
        if (const auto server = weak.lock()) server->sessions.erase(ended);
      });
      self->sessions.insert(session);
      session->read();
    }
    self->accept();
  });
}

HttpServer::HttpServer(asio::io_context& io, Handler handler) : impl_(std::make_shared<Impl>(io, std::move(handler))) {}

HttpServer::~HttpServer() {
  stop();
}

bool HttpServer::listen(const Endpoint& at, std::string& why) {
  boost::system::error_code error;
  impl_->acceptor.open(at.protocol(), error);
  if (!error) impl_->acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) impl_->acceptor.bind(at, error);
  if (!error) impl_->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    why = "cannot listen on " + at.address().to_string() + ":" + std::to_string(at.port()) + ": " + error.message();
    return false;
  }
  impl_->accept();
  return true;
}

std::uint16_t HttpServer::port() const {
  boost::system::error_code ignored;
  return impl_->acceptor.local_endpoint(ignored).port();
}

void HttpServer::stop() {
  if (impl_->stopped) return;
  impl_->stopped = true;
  boost::system::error_code ignored;
  impl_->acceptor.close(ignored);
  const auto sessions = std::move(impl_->sessions);
  impl_->sessions.clear();
  for (const auto& session : sessions) session->end();
}

}  // namespace sb::customers
