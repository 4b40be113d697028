#pragma once
// Which outside numbers agents may have called into a conversation. Calls cost money, and stolen accounts are used to
// ring up expensive numbers: what the configuration does not name is not called. Pure.
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "crm/identity.h"

namespace sb::crm {

struct OutsideRefusal {
  std::string_view code;  // bad_number, number_not_allowed
  std::string message;    // a sentence for people, without the number
};

// The number in E.164, if it is a whole one and begins with one of the prefixes ("+86"); no prefixes allow none.
[[nodiscard]] std::expected<std::string, OutsideRefusal> outside_number(std::string_view text, const PhoneRules& rules,
                                                                        const std::vector<std::string>& prefixes);

// Whether the text can be such a prefix: + and 1 to 15 digits, the first not 0.
[[nodiscard]] bool is_number_prefix(std::string_view text);

}  // namespace sb::crm
