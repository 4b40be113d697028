#include "wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>

namespace sb::net::test {

std::uint16_t Frame::close_code() const {
  if (payload.size() < 2) return 0;
  return static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                    static_cast<unsigned char>(payload[1]));
}

std::string client_frame(std::uint8_t first_byte, std::string_view payload) {
  std::string frame(1, static_cast<char>(first_byte));
  if (payload.size() < 126) {
    frame.push_back(static_cast<char>(0x80 | payload.size()));
  } else if (payload.size() < 65'536) {
    frame.push_back(static_cast<char>(0x80 | 126));
    frame.push_back(static_cast<char>(payload.size() >> 8));
    frame.push_back(static_cast<char>(payload.size() & 0xff));
  } else {
    frame.push_back(static_cast<char>(0x80 | 127));
    for (int shift = 56; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(payload.size() >> shift & 0xff));
  }
  static constexpr char kMask[4] = {0x12, 0x34, 0x56, 0x78};
  frame.append(kMask, 4);
  for (std::size_t i = 0; i < payload.size(); ++i) frame.push_back(static_cast<char>(payload[i] ^ kMask[i & 3]));
  return frame;
}

std::string close_frame(std::uint16_t code) {
  return client_frame(0x88, std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)});
}

std::string get(std::string_view path, std::string_view more_headers) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(more_headers) + "\r\n";
}

Wire::Wire(std::uint16_t port, int receive_buffer_bytes, Tls tls)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (receive_buffer_bytes > 0) {
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  }
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) std::abort();
  if (tls == Tls::no) return;
  context_ = SSL_CTX_new(TLS_client_method());
  ssl_ = SSL_new(context_);
  SSL_set_fd(ssl_, fd_);
  if (SSL_connect(ssl_) != 1) std::abort();
}

Wire::~Wire() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
  ::close(fd_);
}

bool Wire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                         : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Wire::finish_writing() {
  ::shutdown(fd_, SHUT_WR);
}

bool Wire::fill() {
  char buffer[16'384];
  const ssize_t got = ssl_ != nullptr ? SSL_read(ssl_, buffer, sizeof buffer) : ::recv(fd_, buffer, sizeof buffer, 0);
  if (got <= 0) return false;
  in_.append(buffer, static_cast<std::size_t>(got));
  return true;
}

std::optional<HttpAnswer> Wire::read_answer(bool has_body) {
  std::size_t end;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  HttpAnswer answer;
  answer.head = in_.substr(0, end + 4);
  in_.erase(0, end + 4);
  answer.status = static_cast<unsigned>(std::atoi(answer.head.c_str() + sizeof "HTTP/1.1"));
  const auto length_at = answer.head.find("Content-Length: ");
  if (!has_body || length_at == std::string::npos) return answer;
  const auto length = static_cast<std::size_t>(std::atoll(answer.head.c_str() + length_at + 16));
  while (in_.size() < length) {
    if (!fill()) return std::nullopt;
  }
  answer.body = in_.substr(0, length);
  in_.erase(0, length);
  return answer;
}

std::optional<Frame> Wire::read_frame() {
  const auto have = [this](std::size_t bytes) {
    while (in_.size() < bytes) {
      if (!fill()) return false;
    }
    return true;
  };
  if (!have(2)) return std::nullopt;
  Frame frame;
  frame.fin = (in_[0] & 0x80) != 0;
  frame.opcode = in_[0] & 0x0f;
  std::size_t length = static_cast<unsigned char>(in_[1]);
  std::size_t header = 2;
  if (length >= 126) {
    header += length == 126 ? 2 : 8;
    if (!have(header)) return std::nullopt;
    length = 0;
    for (std::size_t i = 2; i < header; ++i) length = length << 8 | static_cast<unsigned char>(in_[i]);
  }
  if (!have(header + length)) return std::nullopt;
  frame.payload = in_.substr(header, length);
  in_.erase(0, header + length);
  return frame;
}

bool Wire::read_end() {
  return in_.empty() && !fill() && in_.empty();
}

unsigned Wire::upgrade(std::string_view path, std::string_view more_headers) {
  send(get(path,
           "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
               std::string(more_headers)));
  const auto answer = read_answer();
  return answer ? answer->status : 0;
}

}  // namespace sb::net::test
