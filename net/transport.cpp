#include "net/transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sb::net {
namespace {

constexpr std::size_t kTlsRecordBytes = 16 * 1024;

Transport::Result socket_result(ssize_t result, Transport::Status blocked) {
  if (result > 0) return {Transport::Status::done, static_cast<std::size_t>(result)};
  if (result == 0) return {Transport::Status::closed};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {blocked};
  return {Transport::Status::failed};
}

}  // namespace

void Transport::FreeSsl::operator()(SSL* ssl) const {
  SSL_free(ssl);
}

Transport::Transport(int fd, SSL_CTX& context) : fd_(fd), ssl_(SSL_new(&context)) {
  SSL_set_fd(ssl_.get(), fd_);
  SSL_set_accept_state(ssl_.get());
}

Transport::~Transport() {
  ssl_.reset();
  ::close(fd_);
}

Transport::Result Transport::handshake() {
  if (!ssl_) return {Status::done};
  ERR_clear_error();
  return tls_result(SSL_do_handshake(ssl_.get()));
}

Transport::Result Transport::tls_result(int result) {
  if (result > 0) return {Status::done, static_cast<std::size_t>(result)};
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Status::want_read};
    case SSL_ERROR_WANT_WRITE:
      return {Status::want_write};
    case SSL_ERROR_ZERO_RETURN:
      return {Status::closed};
    default:
      return {Status::failed};
  }
}

Transport::Result Transport::read(std::span<char> into) {
  if (!ssl_) return socket_result(::recv(fd_, into.data(), into.size(), MSG_DONTWAIT), Status::want_read);
  ERR_clear_error();
  return tls_result(SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size())));
}

Transport::Result Transport::write(std::span<const iovec> pieces) {
  if (ssl_) return tls_write(pieces);
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces.data());
  message.msg_iovlen = pieces.size();
  return socket_result(::sendmsg(fd_, &message, MSG_DONTWAIT | MSG_NOSIGNAL), Status::want_write);
}

Transport::Result Transport::tls_write(std::span<const iovec> pieces) {
  char record[kTlsRecordBytes];
  std::size_t filled = 0;
  for (const iovec& piece : pieces) {
    const std::size_t part = std::min(piece.iov_len, sizeof record - filled);
    std::memcpy(record + filled, piece.iov_base, part);
    filled += part;
    if (filled == sizeof record) break;
  }
  ERR_clear_error();
  return tls_result(SSL_write(ssl_.get(), record, static_cast<int>(filled)));
}

void Transport::finish_writing() {
  if (ssl_ && SSL_is_init_finished(ssl_.get()) != 0) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  ::shutdown(fd_, SHUT_WR);
}

bool Transport::has_unread() const {
  return ssl_ && SSL_has_pending(ssl_.get()) != 0;
}

}  // namespace sb::net
