#include "net/ws_frame.h"

#include <cstring>

#include <simdjson.h>
#include <boost/endian/conversion.hpp>

#include "net/websocket.h"

namespace sb::net {
namespace {

constexpr std::size_t kKeepCapacityBytes = 512;  // larger buffers are given back as soon as they are empty

void release(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kKeepCapacityBytes) std::string().swap(buffer);
}

std::unexpected<std::uint16_t> failure(std::uint16_t code) {
  return std::unexpected(code);
}

bool is_known(std::uint8_t opcode) {
  return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

}  // namespace

std::expected<std::optional<WsFrameHeader>, std::uint16_t> read_ws_header(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto first = static_cast<std::uint8_t>(bytes[0]);
  const auto second = static_cast<std::uint8_t>(bytes[1]);
  const std::uint8_t opcode = first & 0x0f;
  const bool fin = (first & 0x80) != 0;
  const bool control = opcode >= 8;
  const std::uint8_t length = second & 0x7f;
  const bool reserved_bits = (first & 0x70) != 0;
  const bool masked = (second & 0x80) != 0;
  if (reserved_bits || !masked || !is_known(opcode)) return failure(close_code::kProtocolError);
  if (control && (!fin || length > kWsControlBytesMax)) return failure(close_code::kProtocolError);

  const std::size_t length_bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
  WsFrameHeader header{.opcode = static_cast<WsOpcode>(opcode),
                       .fin = fin,
                       .mask = 0,
                       .payload_bytes = length,
                       .header_bytes = 2 + length_bytes + 4};
  if (bytes.size() < header.header_bytes) return std::nullopt;
  const auto* extended = reinterpret_cast<const unsigned char*>(bytes.data()) + 2;
  if (length == 126) {
    header.payload_bytes = boost::endian::load_big_u16(extended);
    if (header.payload_bytes < 126) return failure(close_code::kProtocolError);
  } else if (length == 127) {
    header.payload_bytes = boost::endian::load_big_u64(extended);
    if (header.payload_bytes < 65'536 || header.payload_bytes >> 63 != 0) return failure(close_code::kProtocolError);
  }
  std::memcpy(&header.mask, bytes.data() + 2 + length_bytes, sizeof header.mask);
  return header;
}

std::size_t write_ws_header(std::span<std::uint8_t, kWsHeaderBytesMax> out, WsOpcode opcode,
                            std::uint64_t payload_bytes) {
  out[0] = static_cast<std::uint8_t>(0x80 | static_cast<std::uint8_t>(opcode));
  if (payload_bytes < 126) {
    out[1] = static_cast<std::uint8_t>(payload_bytes);
    return 2;
  }
  if (payload_bytes < 65'536) {
    out[1] = 126;
    boost::endian::store_big_u16(&out[2], static_cast<std::uint16_t>(payload_bytes));
    return 4;
  }
  out[1] = 127;
  boost::endian::store_big_u64(&out[2], payload_bytes);
  return 10;
}

void unmask_ws_payload(std::span<char> payload, std::uint32_t mask) {
  const std::uint64_t wide = (static_cast<std::uint64_t>(mask) << 32) | mask;
  char* at = payload.data();
  std::size_t left = payload.size();
  for (; left >= sizeof wide; left -= sizeof wide, at += sizeof wide) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    word ^= wide;
    std::memcpy(at, &word, sizeof word);
  }
  char key[sizeof mask];
  std::memcpy(key, &mask, sizeof mask);
  for (std::size_t i = 0; i < left; ++i) at[i] = static_cast<char>(at[i] ^ key[i & 3]);
}

bool is_sendable_close_code(std::uint16_t code) {
  if (code >= 3000 && code <= 4999) return true;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::expected<void, std::uint16_t> WsDecoder::feed(std::span<char> bytes, Sink& sink) {
  if (finished_) return {};
  const bool held = !partial_.empty();
  std::span<char> whole = bytes;
  if (held) {
    partial_.append(bytes.data(), bytes.size());
    whole = partial_;
  }
  const auto used = decode(whole, sink);
  if (!used || finished_) {
    finished_ = true;
    release(partial_);
    release(message_);
    if (!used) return failure(used.error());
    return {};
  }
  const auto rest = whole.subspan(*used);
  if (rest.empty()) {
    release(partial_);
  } else if (held) {
    partial_.erase(0, *used);
  } else {
    partial_.assign(rest.data(), rest.size());
  }
  return {};
}

std::expected<std::size_t, std::uint16_t> WsDecoder::decode(std::span<char> bytes, Sink& sink) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    const auto rest = bytes.subspan(used);
    const auto header = read_ws_header({rest.data(), rest.size()});
    if (!header) return failure(header.error());
    if (!header->has_value()) break;
    const WsFrameHeader& frame = **header;
    if (const auto allowed = check(frame); !allowed) return failure(allowed.error());
    if (rest.size() - frame.header_bytes < frame.payload_bytes) break;
    const auto payload = rest.subspan(frame.header_bytes, static_cast<std::size_t>(frame.payload_bytes));
    used += frame.header_bytes + payload.size();
    const auto more = take_frame(frame, payload, sink);
    if (!more) return failure(more.error());
    if (!*more) {
      finished_ = true;
      break;
    }
  }
  return used;
}

std::expected<void, std::uint16_t> WsDecoder::check(const WsFrameHeader& header) const {
  const bool data = header.opcode <= WsOpcode::binary;
  if (!data) return {};
  const bool continues = header.opcode == WsOpcode::continuation;
  if (continues != in_message_) return failure(close_code::kProtocolError);
  const std::size_t so_far = in_message_ ? message_.size() : 0;
  if (header.payload_bytes > max_message_bytes_ - so_far) return failure(close_code::kTooBig);
  return {};
}

std::expected<bool, std::uint16_t> WsDecoder::take_frame(const WsFrameHeader& header, std::span<char> payload,
                                                         Sink& sink) {
  unmask_ws_payload(payload, header.mask);
  const std::string_view text(payload.data(), payload.size());
  switch (header.opcode) {
    case WsOpcode::ping:
      return sink.on_ping(text);
    case WsOpcode::pong:
      sink.on_pong(text);
      return true;
    case WsOpcode::close: {
      if (text.size() == 1) return failure(close_code::kProtocolError);
      std::uint16_t code = close_code::kNoStatus;
      if (!text.empty()) {
        code = boost::endian::load_big_u16(reinterpret_cast<const unsigned char*>(text.data()));
        if (!is_sendable_close_code(code)) return failure(close_code::kProtocolError);
        if (!is_utf8(text.substr(2))) return failure(close_code::kInvalidUtf8);
      }
      sink.on_close_frame(code, text.empty() ? text : text.substr(2));
      return false;
    }
    default:
      return take_data(header, text, sink);
  }
}

std::expected<bool, std::uint16_t> WsDecoder::take_data(const WsFrameHeader& header, std::string_view payload,
                                                        Sink& sink) {
  if (!in_message_) {
    const bool binary = header.opcode == WsOpcode::binary;
    if (header.fin) {
      if (!binary && !is_utf8(payload)) return failure(close_code::kInvalidUtf8);
      return sink.on_message(payload, binary);
    }
    in_message_ = true;
    message_is_binary_ = binary;
  }
  message_.append(payload);
  if (!header.fin) return true;
  in_message_ = false;
  if (!message_is_binary_ && !is_utf8(message_)) return failure(close_code::kInvalidUtf8);
  const bool more = sink.on_message(message_, message_is_binary_);
  release(message_);
  return more;
}

}  // namespace sb::net
