#pragma once
// application/x-www-form-urlencoded bodies, in the order given. Any thread.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sb::customers {

using Form = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] std::string encode_form(const Form& form);
// Nothing when a percent sign is not followed by two hex digits.
[[nodiscard]] std::optional<Form> decode_form(std::string_view body);
// The first value of a name, or empty.
[[nodiscard]] std::string field(const Form& form, std::string_view name);
[[nodiscard]] bool has_field(const Form& form, std::string_view name);

}  // namespace sb::customers
