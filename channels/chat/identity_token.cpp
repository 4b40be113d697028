#include "channels/chat/identity_token.h"

#include <sodium.h>

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <optional>

namespace sb::chat {

namespace json = boost::json;

namespace {

constexpr double kNotBeforeSlackS = 60;
constexpr std::size_t kSubjectBytesMax = 200;  // with its prefix it stays below crm::kAddressBytesMax
constexpr std::size_t kClaimBytesMax = 254;

std::optional<std::string> decode(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  const int decoded = sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                                        text.size(), nullptr, &length, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (decoded != 0 || end != text.data() + text.size()) return std::nullopt;
  out.resize(length);
  return out;
}

std::optional<json::object> read_object(std::string_view encoded) {
  const auto text = decode(encoded);
  if (!text) return std::nullopt;
  boost::system::error_code code;
  json::value value = json::parse(*text, code);
  if (code || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

bool is_signed(std::string_view signed_part, std::string_view signature, std::string_view secret) {
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  if (signature.size() != mac.size()) return false;
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(secret.data()), secret.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(signed_part.data()), signed_part.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  return sodium_memcmp(mac.data(), signature.data(), mac.size()) == 0;
}

// False: present and not a text of a fitting length.
bool read_text(const json::object& claims, std::string_view name, std::size_t bytes_max, std::string& out) {
  const json::value* value = claims.if_contains(name);
  if (!value || value->is_null()) return true;
  const json::string* text = value->if_string();
  if (!text || text->size() > bytes_max || text->find('\0') != json::string::npos) return false;
  out.assign(text->data(), text->size());
  return true;
}

// A NumericDate: seconds, possibly with a fraction. False: present and something else.
bool read_date(const json::object& claims, std::string_view name, std::optional<double>& seconds) {
  const json::value* value = claims.if_contains(name);
  if (!value) return true;
  boost::system::error_code code;
  const double number = value->is_number() ? value->to_number<double>(code) : 0;
  if (!value->is_number() || code || !std::isfinite(number)) return false;
  seconds = number;
  return true;
}

std::expected<VerifiedIdentity, IdentityError> read_claims(const json::object& claims, TimeMs now) {
  std::optional<double> expires;
  std::optional<double> not_before;
  if (!read_date(claims, "exp", expires) || !read_date(claims, "nbf", not_before)) {
    return std::unexpected(IdentityError::kClaims);
  }
  const double now_s = static_cast<double>(now) / 1000;
  if (expires && now_s >= *expires) return std::unexpected(IdentityError::kExpired);
  if (not_before && now_s + kNotBeforeSlackS < *not_before) return std::unexpected(IdentityError::kNotYetValid);
  VerifiedIdentity identity;
  const bool good = read_text(claims, "sub", kSubjectBytesMax, identity.subject) &&
                    read_text(claims, "email", kClaimBytesMax, identity.email) &&
                    read_text(claims, "phone", kClaimBytesMax, identity.phone) &&
                    read_text(claims, "name", kClaimBytesMax, identity.name);
  if (!good || identity.subject.empty()) return std::unexpected(IdentityError::kClaims);
  const json::value* mail_verified = claims.if_contains("email_verified");
  if (mail_verified && mail_verified->is_bool() && !mail_verified->get_bool()) identity.email.clear();
  return identity;
}

}  // namespace

std::string_view message_of(IdentityError error) {
  switch (error) {
    case IdentityError::kDisabled:
      return "This server has no identity secret.";
    case IdentityError::kMalformed:
      return "The identity token is not a JSON Web Token.";
    case IdentityError::kAlgorithm:
      return "The identity token must be signed with HS256.";
    case IdentityError::kSignature:
      return "The identity token's signature does not fit.";
    case IdentityError::kExpired:
      return "The identity token has expired.";
    case IdentityError::kNotYetValid:
      return "The identity token is not valid yet.";
    case IdentityError::kClaims:
      return "The identity token lacks sub, or one of its claims cannot be used.";
  }
  return {};
}

std::expected<VerifiedIdentity, IdentityError> verify_identity(std::string_view token, std::string_view secret,
                                                               TimeMs now) {
  if (secret.empty()) return std::unexpected(IdentityError::kDisabled);
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::unexpected(IdentityError::kMalformed);
  }
  const auto header = read_object(token.substr(0, first));
  const auto signature = decode(token.substr(second + 1));
  if (!header || !signature) return std::unexpected(IdentityError::kMalformed);
  const json::value* algorithm = header->if_contains("alg");
  const bool pinned = algorithm && algorithm->is_string() && algorithm->get_string() == "HS256";
  if (!pinned || header->contains("crit")) return std::unexpected(IdentityError::kAlgorithm);
  if (!is_signed(token.substr(0, second), *signature, secret)) return std::unexpected(IdentityError::kSignature);
  const auto claims = read_object(token.substr(first + 1, second - first - 1));
  if (!claims) return std::unexpected(IdentityError::kMalformed);
  return read_claims(*claims, now);
}

crm::Address address_of(const VerifiedIdentity& identity, const crm::PhoneRules& rules) {
  if (auto mail = crm::normalize_email(identity.email)) return {std::string(crm::kEmail), *std::move(mail)};
  if (auto phone = crm::normalize_phone(identity.phone, rules)) return {std::string(crm::kPhone), *std::move(phone)};
  return {std::string(crm::kChat), "user/" + identity.subject};
}

}  // namespace sb::chat
