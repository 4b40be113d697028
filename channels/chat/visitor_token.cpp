#include "channels/chat/visitor_token.h"

#include <sodium.h>

#include <algorithm>
#include <span>

#include "storage/key_file.h"

namespace sb::chat {

namespace {

constexpr std::size_t kTokenBytes = VisitorTokens::kIdBytes + VisitorTokens::kMacBytes;

std::string to_base64url(std::span<const unsigned char> bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();  // the terminating zero
  return out;
}

}  // namespace

std::expected<VisitorTokens, storage::Error> VisitorTokens::open(const std::filesystem::path& key_file) {
  static_assert(kKeyBytes == storage::kKeyFileBytes);
  VisitorTokens tokens;
  if (auto read = storage::read_or_create_key(key_file, tokens.key_); !read) return std::unexpected(read.error());
  return tokens;
}

VisitorTokens::~VisitorTokens() {
  sodium_memzero(key_.data(), key_.size());
}

VisitorTokens::VisitorId VisitorTokens::random_id() {
  VisitorId id{};
  randombytes_buf(id.data(), id.size());
  return id;
}

std::array<unsigned char, VisitorTokens::kMacBytes> VisitorTokens::mac_of(const VisitorId& id) const {
  static_assert(crypto_auth_hmacsha256_KEYBYTES == kKeyBytes);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> whole{};
  crypto_auth_hmacsha256(whole.data(), id.data(), id.size(), key_.data());
  std::array<unsigned char, kMacBytes> mac{};
  std::copy_n(whole.begin(), kMacBytes, mac.begin());
  return mac;
}

std::string VisitorTokens::token_of(const VisitorId& id) const {
  std::array<unsigned char, kTokenBytes> bytes{};
  const auto mac = mac_of(id);
  std::copy(id.begin(), id.end(), bytes.begin());
  std::copy(mac.begin(), mac.end(), bytes.begin() + kIdBytes);
  return to_base64url(bytes);
}

std::optional<VisitorTokens::VisitorId> VisitorTokens::verify(std::string_view token) const {
  std::array<unsigned char, kTokenBytes> bytes{};
  std::size_t length = 0;
  const char* end = nullptr;
  const int decoded = sodium_base642bin(bytes.data(), bytes.size(), token.data(), token.size(), nullptr, &length, &end,
                                        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (decoded != 0 || length != bytes.size() || end != token.data() + token.size()) return std::nullopt;
  VisitorId id{};
  std::copy_n(bytes.begin(), kIdBytes, id.begin());
  const auto mac = mac_of(id);
  if (sodium_memcmp(mac.data(), bytes.data() + kIdBytes, kMacBytes) != 0) return std::nullopt;
  return id;
}

std::string to_text(const VisitorTokens::VisitorId& id) {
  return to_base64url(id);
}

}  // namespace sb::chat
