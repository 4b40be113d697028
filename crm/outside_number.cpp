#include "crm/outside_number.h"

#include <algorithm>

namespace sb::crm {

std::expected<std::string, OutsideRefusal> outside_number(std::string_view text, const PhoneRules& rules,
                                                          const std::vector<std::string>& prefixes) {
  auto number = normalize_phone(text, rules);
  if (!number)
    return std::unexpected(OutsideRefusal{"bad_number", "number: " + std::string(message_of(number.error()))});
  const bool allowed = std::ranges::any_of(prefixes, [&](const std::string& p) { return number->starts_with(p); });
  if (allowed) return std::move(*number);
  return std::unexpected(
      OutsideRefusal{"number_not_allowed", "number: calls to it are not allowed ([phone] outside_prefixes)"});
}

bool is_number_prefix(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() >= 2 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
         std::all_of(text.begin() + 1, text.end(), digit);
}

}  // namespace sb::crm
