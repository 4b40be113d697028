#include "console/sign_in.h"

#include <sodium.h>

#include <cstring>

#include "net/form.h"
#include "storage/key_file.h"

namespace sb::console {

namespace {

// agent (4), expiry (8), nonce (8), little-endian, then the MAC.
constexpr std::size_t kBodyBytes = 20;

template <class Int>
void put(unsigned char* at, Int value) {
  for (std::size_t n = 0; n < sizeof(Int); ++n) at[n] = static_cast<unsigned char>(value >> (8 * n));
}

template <class Int>
Int get(const unsigned char* at) {
  Int value = 0;
  for (std::size_t n = 0; n < sizeof(Int); ++n) value |= static_cast<Int>(at[n]) << (8 * n);
  return value;
}

std::array<unsigned char, 32> hash_key(std::string_view key) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(key.data()), key.size(), nullptr,
                     0);
  return hash;
}

std::string hash_with(const std::string& password, unsigned long long passes, std::size_t bytes) {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), passes, bytes) != 0) return {};
  hash.resize(std::strlen(hash.c_str()));
  return hash;
}

}  // namespace

std::string hash_password(const std::string& password) {
  return hash_with(password, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE);
}

std::string hash_password_cheaply(const std::string& password) {
  return hash_with(password, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN);
}

bool verify_password(const std::string& hash, const std::string& password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::expected<SignIn, std::string> SignIn::open(const std::filesystem::path& key_file,
                                                const std::vector<std::string>& api_keys) {
  if (sodium_init() < 0) return std::unexpected("libsodium cannot be initialized");
  SignIn sign_in;
  if (auto read = storage::read_or_create_key(key_file, sign_in.key_); !read) {
    return std::unexpected(read.error().message);
  }
  for (const auto& key : api_keys) sign_in.api_key_hashes_.push_back(hash_key(key));
  return sign_in;
}

std::string SignIn::issue(AgentId agent, TimeMs now) {
  std::array<unsigned char, kBodyBytes + kMacBytes> token{};
  std::uint64_t nonce = 0;
  randombytes_buf(&nonce, sizeof nonce);
  put<std::uint32_t>(token.data(), agent.value);
  put<std::uint64_t>(token.data() + 4, now + kSessionMs);
  put<std::uint64_t>(token.data() + 12, nonce);
  crypto_generichash(token.data() + kBodyBytes, kMacBytes, token.data(), kBodyBytes, key_.data(), key_.size());
  std::string text(sodium_base64_encoded_len(token.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), token.data(), token.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // the terminating zero
  return text;
}

std::optional<SessionKey> SignIn::session(std::string_view cookie_header, TimeMs now) const {
  const net::Form cookies = net::parse_cookies(cookie_header);
  const auto text = cookies.find(kCookie);
  if (!text) return std::nullopt;
  std::array<unsigned char, kBodyBytes + kMacBytes> token{};
  std::size_t bytes = 0;
  const int decoded = sodium_base642bin(token.data(), token.size(), text->data(), text->size(), nullptr, &bytes,
                                        nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (decoded != 0 || bytes != token.size()) return std::nullopt;
  std::array<unsigned char, kMacBytes> mac{};
  crypto_generichash(mac.data(), mac.size(), token.data(), kBodyBytes, key_.data(), key_.size());
  if (sodium_memcmp(mac.data(), token.data() + kBodyBytes, kMacBytes) != 0) return std::nullopt;
  SessionKey session{
      {get<std::uint32_t>(token.data())}, get<std::uint64_t>(token.data() + 4), get<std::uint64_t>(token.data() + 12)};
  if (session.expires_ms <= now || revoked_.contains(session.nonce)) return std::nullopt;
  return session;
}

void SignIn::revoke(const SessionKey& session, TimeMs now) {
  std::erase_if(revoked_, [&](const auto& entry) { return entry.second <= now; });
  if (revoked_.size() < kRevokedMax) revoked_[session.nonce] = session.expires_ms;
}

std::string SignIn::set_cookie(std::string_view token, bool secure) const {
  std::string cookie = std::string(kCookie) + '=' + std::string(token) +
                       "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(kSessionMs / 1000);
  if (secure) cookie += "; Secure";
  return cookie;
}

std::string SignIn::clear_cookie() {
  return std::string(kCookie) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
}

bool SignIn::api_key(std::string_view authorization) const {
  constexpr std::string_view kBearer = "Bearer ";
  if (!authorization.starts_with(kBearer)) return false;
  const auto hash = hash_key(authorization.substr(kBearer.size()));
  bool known = false;
  for (const auto& candidate : api_key_hashes_) {
    known |= sodium_memcmp(candidate.data(), hash.data(), hash.size()) == 0;
  }
  return known;
}

}  // namespace sb::console
