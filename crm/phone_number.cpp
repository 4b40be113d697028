// Phone numbers: any usual spelling to E.164.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "crm/identity.h"

namespace sb::crm {

namespace {

constexpr std::size_t kPhoneTextBytesMax = 100;
constexpr std::size_t kDigitsMin = 8;   // with country code; the shortest subscriber numbers in use
constexpr std::size_t kDigitsMax = 15;  // ITU-T E.164

// What networks and providers send in place of a withheld number. The long ones spell the word on a keypad.
constexpr std::array<std::string_view, 13> kWithheld{
    "anonymous",  "restricted",  "unavailable", "unknown",  "private",   "blocked",     "withheld",
    "+266696687", "+7378742833", "+2562533",    "+8656696", "266696687", "+86282452253"};

// Country codes of two digits; 1 and 7 have one, all others three.
constexpr std::string_view kTwoDigitCodes =
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 "
    "91 92 93 94 95 98";
// Countries whose subscribers' numbers keep a leading zero abroad: Italy, San Marino, Congo, Ivory Coast.
constexpr std::array<std::string_view, 4> kZeroKept{"39", "378", "242", "225"};

bool ignorable(char32_t c) {
  switch (c) {
    case U' ':
    case U'\t':
    case U'-':
    case U'.':
    case U'/':
    case U'(':
    case U')':
    case 0x00A0:  // no-break space
    case 0x200B:  // zero width space
    case 0x202C:  // left by copying from some address books
    case 0x202D:
    case 0x2060:
    case 0x2212:  // minus sign
    case 0x3000:  // ideographic space
    case 0xFEFF:
    case 0xFF08:  // full-width parentheses
    case 0xFF09:
    case 0xFF0D:  // full-width hyphen
      return true;
    default:
      return c >= 0x2010 && c <= 0x2015;  // hyphens and dashes
  }
}

// One code point; advances `at`. Malformed bytes give U+FFFD.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  if (more == 0) return 0xFFFD;
  char32_t c = lead & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) {
    if (at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) return 0xFFFD;
    c = (c << 6) | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
  }
  return c;
}

// Digits with an optional leading +, separators dropped, an extension cut off. "(0)" stays visible as 'z' so that
// "+44 (0)20" can be told from "+4402".
std::expected<std::string, AddressError> digits_of(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with("(0)")) {
      out.push_back('z');
      at += 3;
      continue;
    }
    char32_t c = next_code_point(text, at);
    if (c >= 0xFF10 && c <= 0xFF19) c = U'0' + (c - 0xFF10);
    if (c == 0xFF0B) c = U'+';
    const bool begins_extension = c == U'x' || c == U'X' || c == U'e' || c == U'E' || c == U';' || c == U'#' ||
                                  c == U',' || c == 0x8F6C;  // the last is 转, "ext." in Chinese
    if (begins_extension && out.size() >= kDigitsMin - 1) return out;
    if (c >= U'0' && c <= U'9') {
      out.push_back(static_cast<char>(c));
    } else if (c == U'+' && out.empty()) {
      out.push_back('+');
    } else if (!ignorable(c)) {
      return std::unexpected(AddressError::kBadCharacter);
    }
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\"";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::size_t country_code_length(std::string_view digits) {
  if (digits.starts_with('1') || digits.starts_with('7')) return 1;
  const auto two = digits.substr(0, 2);
  for (std::size_t at = 0; at + 2 <= kTwoDigitCodes.size(); at += 3) {
    if (kTwoDigitCodes.substr(at, 2) == two) return 2;
  }
  return 3;
}

bool keeps_zero(std::string_view country) {
  return std::find(kZeroKept.begin(), kZeroKept.end(), country) != kZeroKept.end();
}

// The national part of a number in China: mobile, toll-free 400/800, or an area code with its number.
bool complete_in_china(std::string_view national) {
  if (national.starts_with('1') && !national.starts_with("10")) return national.size() == 11;
  return national.size() >= 10 && national.size() <= 12;  // "10" is Beijing's area code
}

bool complete_in_north_america(std::string_view national) {
  return national.size() == 10 && national[0] >= '2' && national[3] >= '2';
}

std::expected<std::string, AddressError> assemble(std::string_view country, std::string_view national) {
  const std::size_t digits = country.size() + national.size();
  if (digits > kDigitsMax) return std::unexpected(AddressError::kTooLong);
  const bool complete = country == "86"  ? complete_in_china(national)
                        : country == "1" ? complete_in_north_america(national)
                                         : digits >= kDigitsMin;
  if (!complete) return std::unexpected(AddressError::kTooShort);
  return "+" + std::string(country) + std::string(national);
}

std::expected<std::string, AddressError> international(std::string_view digits) {
  if (digits.empty()) return std::unexpected(AddressError::kTooShort);
  if (digits.front() == '0') return std::unexpected(AddressError::kBadCharacter);  // no country code begins with 0
  const std::size_t length = country_code_length(digits);
  if (digits.size() <= length) return std::unexpected(AddressError::kTooShort);
  const auto country = digits.substr(0, length);
  auto national = digits.substr(length);
  if (national.front() == '0' && !keeps_zero(country)) national.remove_prefix(1);  // "+44 020 ..." with the trunk 0
  return assemble(country, national);
}

std::expected<std::string, AddressError> national(std::string_view digits, std::string_view country) {
  if (country == "86") {
    if (digits.size() == 13 && digits.starts_with("861")) return assemble(country, digits.substr(2));
    if (digits.starts_with('0')) digits.remove_prefix(1);
    return assemble(country, digits);
  }
  if (country == "1") {
    if (digits.starts_with("011")) return international(digits.substr(3));
    if (digits.size() == 11 && digits.starts_with('1')) digits.remove_prefix(1);
    return assemble(country, digits);
  }
  const char trunk = country == "7" ? '8' : '0';
  if (digits.starts_with(trunk) && !keeps_zero(country) && (trunk == '0' || digits.size() == 11)) {
    digits.remove_prefix(1);
  }
  return assemble(country, digits);
}

}  // namespace

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::expected<std::string, AddressError> normalize_phone(std::string_view text, const PhoneRules& rules) {
  text = trimmed(text);
  if (text.size() > kPhoneTextBytesMax) return std::unexpected(AddressError::kTooLong);
  std::string lower = lowered(text);
  if (lower.starts_with("tel:")) lower.erase(0, 4);
  if (lower.empty()) return std::unexpected(AddressError::kEmpty);
  if (std::find(kWithheld.begin(), kWithheld.end(), lower) != kWithheld.end()) {
    return std::unexpected(AddressError::kAnonymous);
  }
  auto found = digits_of(lower);
  if (!found) return std::unexpected(found.error());
  std::string digits = std::move(*found);
  const bool plus = digits.starts_with('+');
  const bool explicit_country = plus || digits.starts_with("00");
  // "(0)" is dropped behind a country code and is the trunk prefix otherwise.
  if (explicit_country) {
    std::erase(digits, 'z');
  } else {
    std::replace(digits.begin(), digits.end(), 'z', '0');
  }
  if (digits.empty()) return std::unexpected(AddressError::kTooShort);
  if (plus) return international(std::string_view(digits).substr(1));
  if (explicit_country) return international(std::string_view(digits).substr(2));
  if (rules.default_country_code.empty()) return std::unexpected(AddressError::kNoCountry);
  return national(digits, rules.default_country_code);
}

}  // namespace sb::crm
