// WsDecoder: never crashes, gives a sink only what the protocol allows, holds no more than it says, and sees the same
// messages however the bytes are cut. The first byte chooses the cut.
#include <algorithm>
#include <cstdlib>

#include "net/ws_frame.h"

namespace {

constexpr std::size_t kMessageBytesMax = 1000;
constexpr std::size_t kHeldBytesMax = 2 * (kMessageBytesMax + 256 + 14);  // strings double; a piece and a header more

void require(bool holds) {
  if (!holds) std::abort();
}

struct Log : sb::net::WsDecoder::Sink {
  bool on_message(std::string_view payload, bool binary) override {
    require(payload.size() <= kMessageBytesMax && (binary || sb::net::is_utf8(payload)));
    note(binary ? 'b' : 't', payload);
    return payload != "stop";
  }
  bool on_ping(std::string_view payload) override {
    require(payload.size() <= sb::net::kWsControlBytesMax);
    note('p', payload);
    return true;
  }
  void on_pong(std::string_view payload) override {
    require(payload.size() <= sb::net::kWsControlBytesMax);
    note('q', payload);
  }
  void on_close_frame(std::uint16_t code, std::string_view reason) override {
    require((code == 1005 && reason.empty()) || sb::net::is_sendable_close_code(code));
    require(sb::net::is_utf8(reason));
    note('c', std::to_string(code) + std::string(reason));
  }
  void note(char kind, std::string_view payload) {
    text += kind;
    text += std::to_string(payload.size()) + ":";
    text += payload;
  }
  std::string text;
};

// What was seen, and the close code of the error that ended it; 0: none.
std::pair<std::string, unsigned> decode(std::string bytes, std::size_t step) {
  sb::net::WsDecoder decoder(kMessageBytesMax);
  Log log;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const auto piece = std::span(bytes).subspan(at, std::min(step, bytes.size() - at));
    if (const auto fed = decoder.feed(piece, log); !fed) return {log.text, fed.error()};
    require(step > 256 || decoder.held_bytes() <= kHeldBytesMax);
  }
  return {log.text, 0};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  require(decode(bytes, std::size_t{data[0]} + 1) == decode(bytes, size));
  return 0;
}
