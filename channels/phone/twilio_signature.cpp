#include "channels/phone/twilio_signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <vector>

namespace sb::phone {
namespace {

std::string signed_text(std::string_view url, const net::Form& fields) {
  std::vector<net::Form::Field> sorted(fields.begin(), fields.end());
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::unique(sorted);
  sorted.erase(repeated.begin(), repeated.end());
  std::string text(url);
  for (const auto& [name, value] : sorted) text.append(name).append(value);
  return text;
}

std::string base64(std::span<const unsigned char> bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // the terminator it counts
  return out;
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

// The URL with its standard port written out, and without it.
std::vector<std::string> spellings(std::string_view url) {
  std::vector<std::string> all{std::string(url)};
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return all;
  const std::string_view port = url.substr(0, scheme_end) == "https" ? ":443" : ":80";
  const auto host_begin = scheme_end + 3;
  const auto host_end = std::min(url.find_first_of("/?", host_begin), url.size());
  const std::string_view authority = url.substr(host_begin, host_end - host_begin);
  const auto at = authority.rfind('@');
  const std::string_view host = at == std::string_view::npos ? authority : authority.substr(at + 1);
  const auto colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  std::string other(url);
  if (!has_port) {
    other.insert(host_end, port);
  } else if (host.substr(colon) == port) {
    other.erase(host_end - port.size(), port.size());
  } else {
    return all;
  }
  all.push_back(std::move(other));
  return all;
}

}  // namespace

std::string_view message_of(SignatureCheck check) {
  switch (check) {
    case SignatureCheck::kGood:
      return "The signature is good.";
    case SignatureCheck::kMissing:
      return "The X-Twilio-Signature header is missing.";
    case SignatureCheck::kMismatch:
      return "The signature does not fit this URL and these fields. Check [http] public_url (it must be what the "
             "provider calls) and [phone.twilio] auth_token.";
    case SignatureCheck::kBadBody:
      return "The body does not have the SHA-256 that the URL's bodySHA256 names.";
    case SignatureCheck::kNoSecrets:
      return "No auth token is configured, so no request can be believed.";
  }
  return "Unknown.";
}

std::string sign(std::string_view auth_token, std::string_view public_url, const net::Form& fields) {
  const std::string text = signed_text(public_url, fields);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha1(), auth_token.data(), static_cast<int>(auth_token.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  return base64({mac.data(), size});
}

SignatureCheck check_signature(std::span<const std::string> auth_tokens, std::string_view public_url,
                               const net::Form& fields, std::string_view signature) {
  if (auth_tokens.empty()) return SignatureCheck::kNoSecrets;
  if (signature.empty()) return SignatureCheck::kMissing;
  bool good = false;
  for (const std::string& url : spellings(public_url)) {
    for (const std::string& token : auth_tokens) {
      if (!token.empty() && equal_in_constant_time(sign(token, url, fields), signature)) good = true;
    }
  }
  return good ? SignatureCheck::kGood : SignatureCheck::kMismatch;
}

SignatureCheck check_body_signature(std::span<const std::string> auth_tokens, std::string_view public_url,
                                    std::string_view body, std::string_view signature) {
  const SignatureCheck url = check_signature(auth_tokens, public_url, net::Form{}, signature);
  if (url != SignatureCheck::kGood) return url;
  const auto mark = public_url.find('?');
  const auto query = net::parse_form(mark == std::string_view::npos ? std::string_view() : public_url.substr(mark + 1));
  const auto named = query ? query->find("bodySHA256") : std::nullopt;
  if (!named) return SignatureCheck::kBadBody;
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(body.data()), body.size());
  std::array<char, crypto_hash_sha256_BYTES * 2 + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return equal_in_constant_time(*named, {hex.data(), hex.size() - 1}) ? SignatureCheck::kGood
                                                                      : SignatureCheck::kBadBody;
}

}  // namespace sb::phone
