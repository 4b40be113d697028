#pragma once
// Signatures as the customers' side makes them: the provider's over a webhook, the shop's over a visitor's identity.
// Written apart from the server's own, so that each checks the other. Any thread.
#include <string>
#include <string_view>

#include "bench/customers/form.h"

namespace sb::customers {

[[nodiscard]] std::string base64(std::string_view bytes);

// X-Twilio-Signature: base64(HMAC-SHA1(token, url + sorted names and values)).
[[nodiscard]] std::string twilio_signature(std::string_view token, std::string_view url, const Form& params);

// A JWT (HS256) over the given JSON claims.
[[nodiscard]] std::string identity_token(std::string_view secret, std::string_view claims_json);

}  // namespace sb::customers
