#include "bench/customers/wire.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace sb::customers {
namespace {

constexpr std::size_t kReadBytes = 128 * 1024;

std::array<char, kReadBytes>& shared_buffer() {
  thread_local std::array<char, kReadBytes> buffer;
  return buffer;
}

}  // namespace

void Wire::connect(const Endpoint& to, const std::optional<asio::ip::address>& source, Callbacks callbacks) {
  callbacks_ = std::move(callbacks);
  boost::system::error_code ec;
  socket_.open(to.protocol(), ec);
  if (!ec) socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  if (!ec && source) socket_.bind(Endpoint(*source, 0), ec);
  if (ec) {
    asio::post(io_, [self = shared_from_this(), ec] { self->fail(ec.message()); });
    return;
  }
  socket_.async_connect(to, [self = shared_from_this()](boost::system::error_code error) {
    if (self->done_) return;
    if (error) return self->fail("cannot connect: " + error.message());
    self->socket_.non_blocking(true, error);
    self->open_ = true;
    if (self->callbacks_.connected) self->callbacks_.connected();
    self->flush();
    self->wait_readable();
  });
}

void Wire::wait_readable() {
  if (done_) return;
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](boost::system::error_code error) {
    if (self->done_) return;
    if (error) return self->fail(error.message());
    self->read();
  });
}

void Wire::read() {
  auto& buffer = shared_buffer();
  reading_ = true;
  for (;;) {
    boost::system::error_code error;
    const std::size_t length = socket_.read_some(asio::buffer(buffer), error);
    if (error == asio::error::would_block) break;
    if (error) {
      reading_ = false;
      return fail(error == asio::error::eof ? "closed by the server" : error.message());
    }
    callbacks_.bytes(std::string_view(buffer.data(), length));
    if (done_) return;
    if (length < buffer.size()) break;
  }
  reading_ = false;
  flush();
  wait_readable();
}

void Wire::write(std::string_view bytes) {
  if (done_) return;
  unsent_.append(bytes);
  if (unsent_.size() > kUnsentBytesMax) return fail("the server does not read");
  if (!open_ || reading_ || flush_posted_ || waiting_writable_) return;
  flush_posted_ = true;
  asio::post(io_, [self = shared_from_this()] {
    self->flush_posted_ = false;
    self->flush();
  });
}

void Wire::flush() {
  if (done_ || !open_ || waiting_writable_ || unsent_.empty()) return;
  boost::system::error_code error;
  const std::size_t sent = socket_.write_some(asio::buffer(unsent_), error);
  if (error && error != asio::error::would_block) return fail(error.message());
  unsent_.erase(0, sent);
  if (unsent_.empty()) return;
  waiting_writable_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_write, [self = shared_from_this()](boost::system::error_code failed) {
    self->waiting_writable_ = false;
    if (self->done_) return;
    if (failed) return self->fail(failed.message());
    self->flush();
  });
}

void Wire::close() {
  if (done_) return;
  boost::system::error_code ignored;
  if (open_ && !unsent_.empty()) socket_.write_some(asio::buffer(unsent_), ignored);
  done_ = true;
  open_ = false;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  socket_.close(ignored);
  // The callbacks own the caller, who may be in the middle of one of them: they go with the turn, run or not.
  asio::post(io_, [kept = std::move(callbacks_)] {});
  callbacks_ = {};
}

void Wire::fail(const std::string& why) {
  if (done_) return;
  const auto closed = callbacks_.closed;
  close();
  if (closed) closed(why);
}

}  // namespace sb::customers
