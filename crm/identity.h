#pragma once
// Who is calling: an address in one canonical spelling, and the keyed hash that stands for it in events.
//
// Normalization is pure and safe from any thread. "No identity" (a withheld number, an empty field) is the error
// `anonymous` or `empty`: the contact goes on without a known customer.
#include <array>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

#include "crm/error.h"
#include "proto/types.h"

namespace sb::crm {

inline constexpr std::string_view kPhone = "phone";
inline constexpr std::string_view kEmail = "email";
inline constexpr std::string_view kChat = "chat";
inline constexpr std::size_t kAddressBytesMax = 254;  // RFC 5321's longest mail address; also bounds chat ids

struct Address {
  std::string kind;   // phone, email, chat
  std::string value;  // canonical: E.164 with +, lower-cased mail address, chat id as given
  bool operator==(const Address&) const = default;
  auto operator<=>(const Address&) const = default;
};

enum class AddressError : std::uint8_t {
  kEmpty,
  kAnonymous,    // the caller's number is withheld
  kUnknownKind,  // not phone, email or chat
  kTooLong,
  kTooShort,      // a phone number that is no complete subscriber number, e.g. a short code or no area code
  kBadCharacter,  // letters in a phone number, control characters, blanks inside a mail address
  kNoCountry,     // a national number and no default country code is configured
  kBadMail,       // not of the form local@domain.tld
};
// A sentence for people, e.g. "the number has too few digits".
[[nodiscard]] std::string_view message_of(AddressError error);

// How national phone numbers are read.
struct PhoneRules {
  std::string default_country_code;  // digits without +, e.g. "86"; empty: only international numbers are accepted
};

// ASCII letters in lower case, every other byte as it is.
[[nodiscard]] std::string lowered(std::string_view text);

// Any spelling to E.164, e.g. "138 0013 8000" -> "+8613800138000" with default country 86. See crm/README.md for rules.
[[nodiscard]] std::expected<std::string, AddressError> normalize_phone(std::string_view text, const PhoneRules& rules);
// Trimmed and lower-cased. Quoted local parts are refused.
[[nodiscard]] std::expected<std::string, AddressError> normalize_email(std::string_view text);
[[nodiscard]] std::expected<Address, AddressError> normalize_address(std::string_view kind, std::string_view text,
                                                                     const PhoneRules& rules);

// Keyed BLAKE2b, 128 bits. Equal addresses give equal hashes for one key; without the key a hash says nothing about
// the number behind it. The key must outlive the journal: with another key nobody is recognised. Immutable after
// construction, usable from any thread.
class IdentityHasher {
 public:
  static constexpr std::size_t kKeyBytes = 32;

  // Reads the key file; creates it (mode 0600, random bytes) when it is absent. Error: io, damaged (wrong size).
  [[nodiscard]] static std::expected<IdentityHasher, Error> open(const std::filesystem::path& key_file);

  IdentityHasher(const IdentityHasher&) = default;
  IdentityHasher& operator=(const IdentityHasher&) = default;
  ~IdentityHasher();  // wipes the key

  // Never zero. The address must be normalized.
  [[nodiscard]] IdentityHash hash(const Address& address) const;

 private:
  IdentityHasher() = default;
  std::array<unsigned char, kKeyBytes> key_{};
};

}  // namespace sb::crm
