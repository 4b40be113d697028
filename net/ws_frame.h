#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sb::net {

// The server's half of RFC 6455 framing, free of I/O. Errors are the close code to send.

enum class WsOpcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct WsFrameHeader {
  WsOpcode opcode = WsOpcode::continuation;
  bool fin = false;
  std::uint32_t mask = 0;  // as it lies in memory
  std::uint64_t payload_bytes = 0;
  std::size_t header_bytes = 0;
};

inline constexpr std::size_t kWsHeaderBytesMax = 10;  // of an unmasked frame
inline constexpr std::size_t kWsControlBytesMax = 125;

// Reads the header of a client's frame. Empty if there are too few bytes; 1002 if a client must not send it.
[[nodiscard]] std::expected<std::optional<WsFrameHeader>, std::uint16_t> read_ws_header(std::string_view bytes);

// Writes the header of an unfragmented server frame; returns its length (2, 4 or 10).
std::size_t write_ws_header(std::span<std::uint8_t, kWsHeaderBytesMax> out, WsOpcode opcode,
                            std::uint64_t payload_bytes);

void unmask_ws_payload(std::span<char> payload, std::uint32_t mask);

// True for codes a peer may put into a close frame.
[[nodiscard]] bool is_sendable_close_code(std::uint16_t code);

[[nodiscard]] bool is_utf8(std::string_view text);

// Turns received bytes into messages. It keeps bytes only while a frame or a fragmented message is incomplete.
class WsDecoder {
 public:
  class Sink {
   public:
    virtual ~Sink() = default;
    // Views are valid during the call only. False stops decoding for good.
    virtual bool on_message(std::string_view payload, bool binary) = 0;
    virtual bool on_ping(std::string_view payload) = 0;
    virtual void on_pong(std::string_view payload) = 0;
    virtual void on_close_frame(std::uint16_t code, std::string_view reason) = 0;  // code 1005 if it carried none
  };

  explicit WsDecoder(std::size_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}

  // Decodes every complete frame in `bytes` (unmasking in place). On an error, a close frame or a sink that said
  // stop, the decoder is finished and must not be fed again. Memory stays under 2 * max_message_bytes plus one read.
  [[nodiscard]] std::expected<void, std::uint16_t> feed(std::span<char> bytes, Sink& sink);
  [[nodiscard]] std::size_t held_bytes() const { return partial_.capacity() + message_.capacity(); }

 private:
  [[nodiscard]] std::expected<std::size_t, std::uint16_t> decode(std::span<char> bytes, Sink& sink);
  [[nodiscard]] std::expected<bool, std::uint16_t> take_frame(const WsFrameHeader& header, std::span<char> payload,
                                                              Sink& sink);
  [[nodiscard]] std::expected<bool, std::uint16_t> take_data(const WsFrameHeader& header, std::string_view payload,
                                                             Sink& sink);
  [[nodiscard]] std::expected<void, std::uint16_t> check(const WsFrameHeader& header) const;

  std::size_t max_message_bytes_;
  std::string partial_;  // the beginning of an incomplete frame
  std::string message_;  // the fragments so far
  bool in_message_ = false;
  bool message_is_binary_ = false;
  bool finished_ = false;
};

}  // namespace sb::net
