#include "net/http_writer.h"

#include <openssl/evp.h>
#include <time.h>

#include <ctime>

namespace sb::net {
namespace {

bool is_clean(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

bool is_reserved(std::string_view name) {
  static constexpr std::string_view kNames[] = {"content-length", "transfer-encoding", "connection", "date"};
  return std::ranges::any_of(kNames, [name](std::string_view own) { return equal_ignoring_case(own, name); });
}

// The Date field changes once a second; formatting it for every response would show in a profile.
std::string_view date_field() {
  thread_local std::time_t made_at = 0;
  thread_local char text[64];
  thread_local std::size_t length = 0;
  const std::time_t now = std::time(nullptr);
  if (now != made_at) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    length = std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    made_at = now;
  }
  return {text, length};
}

}  // namespace

bool may_have_body(unsigned status) {
  return status >= 200 && status != 204 && status != 304;
}

std::string response_head(const Response& response, KeepAlive keep_alive) {
  std::string head;
  head.reserve(256);
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  head.append(reason_phrase(response.status)).append("\r\n").append(date_field());
  for (const auto& [name, value] : response.headers) {
    if (name.empty() || !is_clean(name) || !is_clean(value) || is_reserved(name)) continue;
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (may_have_body(response.status)) {
    head.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  }
  if (keep_alive == KeepAlive::no) head.append("Connection: close\r\n");
  if (keep_alive == KeepAlive::yes_and_say_so) head.append("Connection: keep-alive\r\n");
  head.append("\r\n");
  return head;
}

bool is_websocket_key(std::string_view key) {
  if (key.size() != 24 || !key.ends_with("==")) return false;
  unsigned char bytes[18];
  return EVP_DecodeBlock(bytes, reinterpret_cast<const unsigned char*>(key.data()), 24) == 18;
}

std::string upgrade_head(std::string_view key, std::string_view subprotocol) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned digest_bytes = 0;
  EVP_Digest(text.data(), text.size(), digest, &digest_bytes, EVP_sha1(), nullptr);
  char accept[64];
  const int accept_bytes =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(accept), digest, static_cast<int>(digest_bytes));
  std::string head =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
  head.append(accept, static_cast<std::size_t>(accept_bytes)).append("\r\n");
  if (!subprotocol.empty()) head.append("Sec-WebSocket-Protocol: ").append(subprotocol).append("\r\n");
  head.append("\r\n");
  return head;
}

}  // namespace sb::net
