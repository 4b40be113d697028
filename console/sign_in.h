#pragma once
// Staff sign-in: Argon2id passwords, sessions as signed cookies, program keys.
//
// A session cookie is agent id, expiry and a random number under a keyed MAC (BLAKE2b), so it survives a restart of the
// server; signing out puts the random number on a list until the cookie would have expired. Verification of a password
// takes tens of milliseconds by design and is rate limited per login and source. Owner thread: the edges' (io thread
// 0).
#include <array>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/center.h"
#include "proto/ids.h"

namespace sb::console {

struct SessionKey {
  AgentId agent;
  TimeMs expires_ms = 0;
  std::uint64_t nonce = 0;
};

// Argon2id, libsodium's interactive limits.
[[nodiscard]] std::string hash_password(const std::string& password);
// The least libsodium allows: for load tests that sign in thousands.
[[nodiscard]] std::string hash_password_cheaply(const std::string& password);
[[nodiscard]] bool verify_password(const std::string& hash, const std::string& password);

class SignIn {
 public:
  static constexpr std::string_view kCookie = "sb_session";
  static constexpr DurationMs kSessionMs = 12ull * 3600 * 1000;

  // The key file is created (mode 0600) when absent. `api_keys` are the secrets programs present as Bearer tokens.
  [[nodiscard]] static std::expected<SignIn, std::string> open(const std::filesystem::path& key_file,
                                                               const std::vector<std::string>& api_keys);

  [[nodiscard]] std::string issue(AgentId agent, TimeMs now);
  // The session of a Cookie header, if it holds a good one.
  [[nodiscard]] std::optional<SessionKey> session(std::string_view cookie_header, TimeMs now) const;
  void revoke(const SessionKey& session, TimeMs now);
  [[nodiscard]] std::string set_cookie(std::string_view token, bool secure) const;
  [[nodiscard]] static std::string clear_cookie();

  // Authorization: Bearer KEY, compared in constant time.
  [[nodiscard]] bool api_key(std::string_view authorization) const;

 private:
  static constexpr std::size_t kKeyBytes = 32;
  static constexpr std::size_t kMacBytes = 24;
  static constexpr std::size_t kRevokedMax = 100'000;

  std::array<unsigned char, kKeyBytes> key_{};
  std::vector<std::array<unsigned char, 32>> api_key_hashes_;
  std::map<std::uint64_t, TimeMs> revoked_;  // nonce -> until
};

}  // namespace sb::console
