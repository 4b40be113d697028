#include "crm/identity.h"

namespace sb::crm {

namespace {

constexpr std::size_t kLocalPartBytesMax = 64;
constexpr std::size_t kLabelBytesMax = 63;

std::string_view without_blanks_around(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool has_blank_or_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F;
  });
}

bool valid_label(std::string_view label) {
  if (label.empty() || label.size() > kLabelBytesMax || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || static_cast<unsigned char>(c) >= 0x80;
  });
}

bool valid_domain(std::string_view domain) {
  std::size_t labels = 0;
  while (true) {
    const auto dot = domain.find('.');
    if (!valid_label(domain.substr(0, dot))) return false;
    ++labels;
    if (dot == std::string_view::npos) return labels >= 2;
    domain.remove_prefix(dot + 1);
  }
}

bool valid_local_part(std::string_view local) {
  constexpr std::string_view kForbidden = "\"(),:;<>@[\\]";
  return !local.empty() && local.size() <= kLocalPartBytesMax && local.front() != '.' && local.back() != '.' &&
         local.find("..") == std::string_view::npos && local.find_first_of(kForbidden) == std::string_view::npos;
}

}  // namespace

std::string_view message_of(AddressError error) {
  switch (error) {
    case AddressError::kEmpty:
      return "is empty";
    case AddressError::kAnonymous:
      return "is withheld";
    case AddressError::kUnknownKind:
      return "has a kind other than phone, email or chat";
    case AddressError::kTooLong:
      return "is too long";
    case AddressError::kTooShort:
      return "is not a complete phone number";
    case AddressError::kBadCharacter:
      return "has characters that do not belong there";
    case AddressError::kNoCountry:
      return "needs a country code, e.g. +86";
    case AddressError::kBadMail:
      return "is not a mail address";
  }
  return "is not valid";
}

std::expected<std::string, AddressError> normalize_email(std::string_view text) {
  text = without_blanks_around(text);
  if (text.empty()) return std::unexpected(AddressError::kEmpty);
  if (text.size() > kAddressBytesMax) return std::unexpected(AddressError::kTooLong);
  if (has_blank_or_control(text)) return std::unexpected(AddressError::kBadCharacter);
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (out.starts_with("mailto:")) out.erase(0, 7);
  const auto at = out.rfind('@');
  if (at == std::string::npos) return std::unexpected(AddressError::kBadMail);
  const std::string_view whole(out);
  if (!valid_local_part(whole.substr(0, at)) || !valid_domain(whole.substr(at + 1))) {
    return std::unexpected(AddressError::kBadMail);
  }
  return out;
}

std::expected<Address, AddressError> normalize_address(std::string_view kind, std::string_view text,
                                                       const PhoneRules& rules) {
  if (kind == kPhone || kind == kEmail) {
    auto value = kind == kPhone ? normalize_phone(text, rules) : normalize_email(text);
    if (!value) return std::unexpected(value.error());
    return Address{std::string(kind), std::move(*value)};
  }
  if (kind != kChat) return std::unexpected(AddressError::kUnknownKind);
  if (text.empty()) return std::unexpected(AddressError::kEmpty);
  if (text.size() > kAddressBytesMax) return std::unexpected(AddressError::kTooLong);
  if (has_blank_or_control(text)) return std::unexpected(AddressError::kBadCharacter);
  return Address{std::string(kind), std::string(text)};
}

}  // namespace sb::crm
