#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.h"

namespace sb::net {

enum class KeepAlive : std::uint8_t { no, yes, yes_and_say_so };  // HTTP/1.0 clients must be told

// Status line and fields, through the empty line. Fields that would break the framing (line breaks, or names the
// server owns: Content-Length, Transfer-Encoding, Connection, Date) are left out.
[[nodiscard]] std::string response_head(const Response& response, KeepAlive keep_alive);

// False for the statuses that never have a body.
[[nodiscard]] bool may_have_body(unsigned status);

// "HTTP/1.1 101 ..." for an accepted websocket key.
[[nodiscard]] std::string upgrade_head(std::string_view key, std::string_view subprotocol);

// True if this is the base64 of 16 bytes.
[[nodiscard]] bool is_websocket_key(std::string_view key);

}  // namespace sb::net
