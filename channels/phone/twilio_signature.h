#pragma once
// Twilio's request signature (X-Twilio-Signature): who may tell us that somebody calls. Pure; any thread.
//
// base64(HMAC-SHA1(auth token, public URL + every form field as name + value, names sorted, values of one name sorted
// and de-duplicated)). A JSON body is signed through the URL's bodySHA256 parameter instead.
#include <span>
#include <string>
#include <string_view>

#include "net/form.h"

namespace sb::phone {

enum class SignatureCheck : std::uint8_t {
  kGood,
  kMissing,    // no signature header
  kMismatch,   // signed with another token, over another URL, or the fields were changed
  kBadBody,    // bodySHA256 does not fit the body
  kNoSecrets,  // no auth token is configured
};
// A sentence for people; names no secret and no signature.
[[nodiscard]] std::string_view message_of(SignatureCheck check);

// The URL as the provider wrote it (scheme, host, path, query), with or without the scheme's standard port. Several
// tokens: any of them may have signed (rotation). GET requests have no fields.
[[nodiscard]] SignatureCheck check_signature(std::span<const std::string> auth_tokens, std::string_view public_url,
                                             const net::Form& fields, std::string_view signature);

// The same for a JSON body: the URL must carry bodySHA256.
[[nodiscard]] SignatureCheck check_body_signature(std::span<const std::string> auth_tokens, std::string_view public_url,
                                                  std::string_view body, std::string_view signature);

// The signature itself, as the provider makes it.
[[nodiscard]] std::string sign(std::string_view auth_token, std::string_view public_url, const net::Form& fields);

}  // namespace sb::phone
