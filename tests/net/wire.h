#pragma once
#include <openssl/ssl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sb::net::test {

struct HttpAnswer {
  unsigned status = 0;
  std::string head;
  std::string body;
};

struct Frame {
  int opcode = -1;
  bool fin = false;
  std::string payload;
  [[nodiscard]] std::uint16_t close_code() const;
};

// A client's frame: masked, `first_byte` as given.
[[nodiscard]] std::string client_frame(std::uint8_t first_byte, std::string_view payload);
[[nodiscard]] inline std::string text_frame(std::string_view text) {
  return client_frame(0x81, text);
}
[[nodiscard]] std::string close_frame(std::uint16_t code);

// A blocking socket, plain or TLS (verifying nothing), that says exactly what it is told to. Reads give up after ten
// seconds.
class Wire {
 public:
  enum class Tls { no, yes };
  explicit Wire(std::uint16_t port, int receive_buffer_bytes = 0, Tls tls = Tls::no);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool send(std::string_view bytes);
  void finish_writing();
  [[nodiscard]] std::optional<HttpAnswer> read_answer(bool has_body = true);
  [[nodiscard]] std::optional<Frame> read_frame();
  [[nodiscard]] bool read_end();  // true if the peer closes without saying more
  // Sends an upgrade request for `path` and reads the answer; the status.
  unsigned upgrade(std::string_view path, std::string_view more_headers = {});

 private:
  bool fill();  // reads more into in_; false at the end
  int fd_;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  std::string in_;
};

[[nodiscard]] std::string get(std::string_view path, std::string_view more_headers = {});

}  // namespace sb::net::test
