#pragma once
// Who a browser is, without an account: an opaque token that the widget keeps.
//
//   token = base64url(16 random bytes, then the first 16 bytes of HMAC-SHA256(server key, those bytes))
//
// The random half is the visitor's id (chat address in the customer records); without the server's key nobody can make
// a token for an id. Immutable after open(), usable from any thread.
#include <array>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "storage/error.h"

namespace sb::chat {

class VisitorTokens {
 public:
  static constexpr std::size_t kKeyBytes = 32;
  static constexpr std::size_t kIdBytes = 16;
  static constexpr std::size_t kMacBytes = 16;  // 2^-128 for a blind guess
  using VisitorId = std::array<unsigned char, kIdBytes>;

  // Reads the key file; creates it (mode 0600, random bytes) when it is absent. With another key every visitor is new.
  // Error: io, damaged (wrong size).
  [[nodiscard]] static std::expected<VisitorTokens, storage::Error> open(const std::filesystem::path& key_file);

  VisitorTokens(const VisitorTokens&) = default;
  VisitorTokens& operator=(const VisitorTokens&) = default;
  ~VisitorTokens();  // wipes the key

  [[nodiscard]] static VisitorId random_id();
  [[nodiscard]] std::string token_of(const VisitorId& id) const;
  // Nothing for anything that was not made with this key. Compares in constant time.
  [[nodiscard]] std::optional<VisitorId> verify(std::string_view token) const;

 private:
  VisitorTokens() = default;
  [[nodiscard]] std::array<unsigned char, kMacBytes> mac_of(const VisitorId& id) const;
  std::array<unsigned char, kKeyBytes> key_{};
};

// base64url without padding: the id as text.
[[nodiscard]] std::string to_text(const VisitorTokens::VisitorId& id);

}  // namespace sb::chat
