#pragma once
// Who the embedding site says its signed-in customer is: a JSON Web Token (RFC 7519), HS256 only, signed with the
// secret that the site's own server shares with this one. Pure; any thread.
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "crm/identity.h"
#include "proto/ids.h"

namespace sb::chat {

struct VerifiedIdentity {
  std::string subject;
  std::string email;  // empty when absent or said to be unverified
  std::string phone;
  std::string name;
};

enum class IdentityError : std::uint8_t {
  kDisabled,   // no secret is configured
  kMalformed,  // not three base64url parts of JSON objects
  kAlgorithm,  // anything but HS256 ("none" above all), or critical extensions
  kSignature,
  kExpired,
  kNotYetValid,
  kClaims,  // no sub, or a claim of a wrong type or length
};
[[nodiscard]] std::string_view message_of(IdentityError error);

// `exp` is exact; `nbf` may lie up to a minute ahead, for a clock that is a little off.
[[nodiscard]] std::expected<VerifiedIdentity, IdentityError> verify_identity(std::string_view token,
                                                                             std::string_view secret, TimeMs now);

// How the person is known in the customer records: by mail address, else phone number, else the site's own subject
// (as chat address "user/SUB", which no visitor id can equal).
[[nodiscard]] crm::Address address_of(const VerifiedIdentity& identity, const crm::PhoneRules& rules);

}  // namespace sb::chat
