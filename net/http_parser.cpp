#include "net/http_parser.h"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "net/chunked.h"

namespace http = boost::beast::http;

namespace sb::net {

struct HttpParser::Impl {
  http::request_parser<http::string_body> parser;
  bool started = false;
};

HttpParser::HttpParser(std::size_t max_header_bytes) : impl_(std::make_unique<Impl>()) {
  impl_->parser.header_limit(static_cast<std::uint32_t>(max_header_bytes));
  impl_->parser.body_limit(boost::none);  // begin_body() sets it
}

HttpParser::~HttpParser() = default;

HttpParser::Progress HttpParser::feed(std::string_view bytes) {
  auto& parser = impl_->parser;
  std::size_t used = 0;
  while (used < bytes.size()) {
    if (!is_worth_parsing(parser, bytes.size() - used)) break;
    const bool was_in_header = !parser.is_header_done();
    boost::system::error_code error;
    const std::size_t count = parser.put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), error);
    used += count;
    impl_->started = true;
    if (error == http::error::need_more || (!error && count == 0)) break;
    if (error == http::error::header_limit) return {Step::header_too_large, used};
    if (error == http::error::body_limit) return {Step::body_too_large, used};
    if (error) return {Step::malformed, used};
    if (was_in_header && parser.is_header_done()) {
      const auto& message = parser.get();
      if (message.version() == 11 && message.count(http::field::host) != 1) return {Step::malformed, used};
      return {Step::header_done, used};
    }
    if (parser.is_done()) break;
  }
  return {parser.is_done() ? Step::done : Step::need_more, used};
}

std::string_view HttpParser::target() const {
  const auto target = impl_->parser.get().target();
  return {target.data(), target.size()};
}

bool HttpParser::expects_continue() const {
  const auto& message = impl_->parser.get();
  return message.version() == 11 && boost::beast::iequals(message[http::field::expect], "100-continue");
}

HttpParser::Step HttpParser::begin_body(std::size_t max_body_bytes) {
  auto& parser = impl_->parser;
  const auto length = parser.content_length();
  if (length && *length > max_body_bytes) return Step::body_too_large;
  parser.body_limit(max_body_bytes);
  parser.eager(true);
  return parser.is_done() ? Step::done : Step::need_more;
}

bool HttpParser::keep_alive() const {
  return impl_->parser.get().keep_alive();
}

bool HttpParser::in_header() const {
  return !impl_->parser.is_header_done();
}

bool HttpParser::started() const {
  return impl_->started;
}

Request HttpParser::take() {
  auto message = impl_->parser.release();
  Request request;
  request.method = std::string(message.method_string());
  request.set_target(std::string(message.target()));
  for (const auto& field : message) {
    request.headers.add(std::string(field.name_string()), std::string(field.value()));
  }
  request.body = std::move(message.body());
  return request;
}

}  // namespace sb::net
