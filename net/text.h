#pragma once
// Small text helpers of the wire's grammars. Pure.
#include <string_view>

namespace sb::net {

// Without the optional white space (RFC 9110, 5.6.3) at both ends.
[[nodiscard]] constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace sb::net
