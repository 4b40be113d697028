#include "net/http_connection.h"

#include <exception>

#include <spdlog/spdlog.h>

#include "net/server_core.h"
#include "net/ws_connection.h"

namespace sb::net {
namespace {

using Status = Transport::Status;

constexpr std::chrono::milliseconds kDrainTimeout{2'000};
constexpr std::size_t kDrainBytesMax = 4 * 1024 * 1024;
constexpr std::size_t kKeepInputBytes = 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

HttpConnection::HttpConnection(std::shared_ptr<ServerCore> core, std::shared_ptr<IoThread> thread,
                               std::unique_ptr<Transport> transport, std::string peer)
    : ServerConnection(std::move(core), std::move(thread), std::move(transport)), peer_(std::move(peer)) {}

void HttpConnection::start() {
  if (!open(Origin::accepted)) return;
  due_in(core_->options.header_timeout);
  if (!transport_->is_tls()) state_ = State::reading;
}

void HttpConnection::start_refused() {
  if (!open(Origin::accepted)) return;
  fail(503, "too_many_connections", "The server has no room for another connection.");
}

void HttpConnection::begin_stop() {
  const auto keep = shared_from_this();
  keep_alive_ = false;
  const bool idle = state_ == State::reading && !parser_ && in_.empty();
  if (idle || state_ == State::handshaking) release();
}

void HttpConnection::on_ready(std::uint32_t events) {
  const auto keep = shared_from_this();
  switch (state_) {
    case State::handshaking:
      return shake_hands();
    case State::reading:
      return read_some();
    case State::handling:
      // The next request must wait; a level-triggered event would be reported for ever.
      if ((events & Poller::kBroken) != 0) return release();
      return want(0);
    case State::writing:
      write_some();
      return pump();
    case State::draining:
      return drain();
  }
}

void HttpConnection::on_deadline(std::int64_t) {
  const auto keep = shared_from_this();
  const bool in_request = state_ == State::reading && (parser_ || !in_.empty());
  if (in_request) {
    fail(408, "timeout", "The request did not arrive in time.");
  } else if (state_ != State::handling) {
    release();
  }
}

void HttpConnection::shake_hands() {
  switch (transport_->handshake().status) {
    case Status::done:
      state_ = State::reading;
      return read_some();
    case Status::want_read:
      return want(Poller::kRead);
    case Status::want_write:
      return want(Poller::kWrite);
    default:
      return release();
  }
}

void HttpConnection::read_some() {
  const auto buffer = thread_->read_buffer();
  do {
    const auto result = transport_->read(buffer);
    switch (result.status) {
      case Status::done:
        in_.append(buffer.data(), result.bytes);
        process_input();
        break;
      case Status::want_read:
        return want(Poller::kRead);
      case Status::want_write:
        return want(Poller::kWrite);
      default:
        return release();
    }
  } while (is_open() && state_ == State::reading && transport_->has_unread());
  if (is_open() && state_ == State::reading) want(Poller::kRead);
}

void HttpConnection::pump() {
  if (!is_open() || state_ != State::reading) return;
  process_input();
  if (!is_open() || state_ != State::reading) return;
  if (transport_->has_unread()) return read_some();
  want(Poller::kRead);
}

void HttpConnection::process_input() {
  while (is_open() && state_ == State::reading && in_at_ < in_.size()) {
    if (!parser_) {
      // RFC 9112 2.2: empty lines before a request line are ignored.
      if (in_[in_at_] == '\r' || in_[in_at_] == '\n') {
        ++in_at_;
        continue;
      }
      parser_ = std::make_unique<HttpParser>(core_->options.max_header_bytes);
    }
    const auto progress = parser_->feed(std::string_view(in_).substr(in_at_));
    in_at_ += progress.used;
    if (progress.step == HttpParser::Step::need_more) break;
    take_step(progress.step);
  }
  if (!is_open()) return;
  compact();
  if (state_ == State::reading) set_reading_deadline();
}

void HttpConnection::take_step(HttpParser::Step step) {
  switch (step) {
    case HttpParser::Step::need_more:
      return;
    case HttpParser::Step::header_done:
      return begin_body();
    case HttpParser::Step::done:
      return dispatch();
    case HttpParser::Step::malformed:
      return fail(400, "malformed", "This is not a well-formed HTTP/1.1 request.");
    case HttpParser::Step::header_too_large:
      return fail(431, "header_too_large", "The request's header fields are too large.");
    case HttpParser::Step::body_too_large:
      return fail(413, "body_too_large", "The request's body is too large.");
  }
}

void HttpConnection::begin_body() {
  const auto target = parser_->target();
  const auto step = parser_->begin_body(core_->max_body_bytes(target.substr(0, target.find('?'))));
  if (step != HttpParser::Step::need_more) return take_step(step);
  deadline_is_set_ = false;  // the body has its own time
  if (!parser_->expects_continue() || in_at_ < in_.size()) return;
  const iovec piece{const_cast<char*>(kContinue.data()), kContinue.size()};
  // Nothing else is unsent here, so a socket that takes less is broken.
  if (transport_->write({&piece, 1}).bytes != kContinue.size()) release();
}

void HttpConnection::compact() {
  if (in_at_ == in_.size()) {
    in_.clear();
    if (in_.capacity() > kKeepInputBytes) std::string().swap(in_);
  } else {
    in_.erase(0, in_at_);
  }
  in_at_ = 0;
}

void HttpConnection::set_reading_deadline() {
  if (!parser_) {
    deadline_is_set_ = false;
    if (served_any_) due_in(core_->options.idle_timeout);
  } else if (!deadline_is_set_) {
    deadline_is_set_ = true;
    due_in(parser_->in_header() ? core_->options.header_timeout : core_->options.body_timeout);
  }
}

void HttpConnection::dispatch() {
  keep_alive_ = parser_->keep_alive() && !core_->stopping;
  Request request = parser_->take();
  parser_.reset();
  deadline_is_set_ = false;
  served_any_ = true;
  thread_->deadlines().clear(*this);
  auto source = core_->source_of(request.headers, peer_, transport_->is_tls());
  request.remote_address = std::move(source.address);
  request.tls = source.tls;
  is_head_ = request.method == "HEAD";
  say_keep_alive_ = keep_alive_ && request.headers.has_token("Connection", "keep-alive");
  state_ = State::handling;
  if (!allowed(request)) return;
  if (core_->on_upgrade && wants_websocket(request)) return upgrade(request);
  call_handler(std::move(request));
}

bool HttpConnection::allowed(const Request& request) {
  const std::int64_t wait_ms = core_->rate_limit_wait_ms(request.remote_address);
  if (wait_ms == 0) return true;
  Response response = Response::error(429, "rate_limited", "Too many requests; try again later.");
  response.headers.add("Retry-After", std::to_string((wait_ms + 999) / 1000));
  respond(std::move(response));
  return false;
}

bool HttpConnection::wants_websocket(const Request& request) const {
  return request.method == "GET" && request.headers.has_token("Upgrade", "websocket") &&
         request.headers.has_token("Connection", "upgrade");
}

void HttpConnection::upgrade(const Request& request) {
  if (request.headers.find("Sec-WebSocket-Version") != "13") {
    Response response = Response::error(426, "websocket_version", "Only websocket version 13 is spoken here.");
    response.headers.add("Sec-WebSocket-Version", "13");
    return respond(std::move(response));
  }
  const auto key = request.headers.find("Sec-WebSocket-Key");
  if (!key || !is_websocket_key(*key)) return fail(400, "websocket_key", "Sec-WebSocket-Key is missing or wrong.");
  std::expected<WsAccept, Response> decision = std::unexpected(Response::empty(500));
  try {
    decision = core_->on_upgrade(request);
  } catch (const std::exception& error) {
    spdlog::error("net: the upgrade handler failed on {}: {}", request.path, error.what());
  }
  if (!decision) return respond(std::move(decision.error()));
  if (!decision->handler) return fail(500, "no_handler", "The websocket was accepted without a handler.");
  std::string head = upgrade_head(*key, decision->subprotocol);
  std::string leftover = in_.substr(in_at_);
  in_.clear();
  in_at_ = 0;
  const auto keep = shared_from_this();
  auto socket =
      std::make_shared<WsConnection>(core_, thread_, hand_over(), request.remote_address, std::move(*decision));
  socket->start(std::move(head), std::move(leftover));
}

void HttpConnection::call_handler(Request request) {
  in_handler_ = true;
  const auto self = std::static_pointer_cast<HttpConnection>(shared_from_this());
  try {
    core_->on_request(std::move(request), Reply([self](Response response) { self->deliver(std::move(response)); }));
  } catch (const std::exception& error) {
    spdlog::error("net: the request handler failed: {}", error.what());
  }
  in_handler_ = false;
  if (answer_) respond(*std::exchange(answer_, std::nullopt));
}

void HttpConnection::deliver(Response response) {
  if (thread_->is_current() && in_handler_) {
    answer_ = std::move(response);
    return;
  }
  // Also from the own thread: an answer given inside another connection's read must not start a read of this one.
  auto self = std::static_pointer_cast<HttpConnection>(shared_from_this());
  thread_->post([self = std::move(self), response = std::move(response)]() mutable {
    if (!self->is_open() || self->state_ != State::handling) return;
    self->respond(std::move(response));
    self->pump();
  });
}

void HttpConnection::fail(unsigned status, std::string_view code, std::string_view message) {
  keep_alive_ = false;
  parser_.reset();
  in_.clear();
  in_at_ = 0;
  respond(Response::error(status, code, message));
}

void HttpConnection::respond(Response response) {
  if (core_->stopping) keep_alive_ = false;
  const auto keep = keep_alive_ ? (say_keep_alive_ ? KeepAlive::yes_and_say_so : KeepAlive::yes) : KeepAlive::no;
  out_head_ = response_head(response, keep);
  out_body_ = is_head_ || !may_have_body(response.status) ? std::string() : std::move(response.body);
  out_at_ = 0;
  state_ = State::writing;
  write_some();
}

void HttpConnection::write_some() {
  const std::size_t total = out_head_.size() + out_body_.size();
  while (out_at_ < total) {
    iovec pieces[2];
    std::size_t count = 0;
    if (out_at_ < out_head_.size()) pieces[count++] = {out_head_.data() + out_at_, out_head_.size() - out_at_};
    const std::size_t body_at = out_at_ > out_head_.size() ? out_at_ - out_head_.size() : 0;
    if (body_at < out_body_.size()) pieces[count++] = {out_body_.data() + body_at, out_body_.size() - body_at};
    const auto result = transport_->write({pieces, count});
    switch (result.status) {
      case Status::done:
        out_at_ += result.bytes;
        break;
      case Status::want_read:
      case Status::want_write:
        due_in(core_->options.write_timeout);
        return want(result.status == Status::want_read ? Poller::kRead : Poller::kWrite);
      default:
        return release();
    }
  }
  finish_response();
}

void HttpConnection::finish_response() {
  std::string().swap(out_head_);
  std::string().swap(out_body_);
  thread_->deadlines().clear(*this);
  if (!keep_alive_) return begin_draining();
  state_ = State::reading;
  set_reading_deadline();
}

void HttpConnection::begin_draining() {
  // Closing with unread input would reset the connection and could take the answer with it.
  transport_->finish_writing();
  state_ = State::draining;
  want(Poller::kRead);
  due_in(kDrainTimeout);
}

void HttpConnection::drain() {
  const auto result = transport_->read(thread_->read_buffer());
  drained_bytes_ += result.bytes;
  const bool goes_on = result.status == Status::done || result.status == Status::want_read;
  if (!goes_on || drained_bytes_ > kDrainBytesMax) release();
}

}  // namespace sb::net
