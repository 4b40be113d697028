#pragma once
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace sb::net {

// A connected non-blocking socket, plain or TLS. Owns the descriptor. Used by its io thread only.
class Transport {
 public:
  enum class Status : std::uint8_t {
    done,
    want_read,   // try again when readable
    want_write,  // try again when writable
    closed,      // the peer finished cleanly
    failed,
  };
  struct Result {
    Status status;
    std::size_t bytes = 0;
  };

  explicit Transport(int fd) : fd_(fd) {}
  Transport(int fd, SSL_CTX& context);  // the server's side of TLS
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  [[nodiscard]] Result handshake();  // done at once if plain
  [[nodiscard]] Result read(std::span<char> into);
  // Writes the beginning of the pieces, as much as goes without blocking. After want_*, the same bytes come first
  // again.
  [[nodiscard]] Result write(std::span<const iovec> pieces);
  void finish_writing();                  // tells the peer that nothing follows
  [[nodiscard]] bool has_unread() const;  // decrypted bytes that no readiness event will announce
  [[nodiscard]] bool is_tls() const { return ssl_ != nullptr; }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const;
  };
  [[nodiscard]] Result tls_result(int result);
  [[nodiscard]] Result tls_write(std::span<const iovec> pieces);

  int fd_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

}  // namespace sb::net
