#pragma once
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sb::net {

enum class FormError {
  bad_escape,       // '%' not followed by two hex digits
  nul,              // a zero byte, raw or escaped
  too_many_fields,  // more pairs than the caller allows
};

[[nodiscard]] std::string_view to_string(FormError error);

// Pairs in the order they came; a name may repeat.
class Form {
 public:
  using Field = std::pair<std::string, std::string>;
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;  // the first of that name
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }

 private:
  std::vector<Field> fields_;
};

inline constexpr std::size_t kFormFieldsMax = 256;

// A query string (without '?') or an application/x-www-form-urlencoded body: '+' is a space, empty pieces are skipped.
[[nodiscard]] std::expected<Form, FormError> parse_form(std::string_view text, std::size_t fields_max = kFormFieldsMax);

// "%41" -> "A"; '+' stays as it is.
[[nodiscard]] std::expected<std::string, FormError> percent_decode(std::string_view text);

// Everything except RFC 3986 unreserved characters becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

[[nodiscard]] std::string to_form(const std::vector<std::pair<std::string, std::string>>& fields);

// The pairs of a Cookie header, at most kFormFieldsMax; pieces without '=' or with control bytes are skipped.
[[nodiscard]] Form parse_cookies(std::string_view header);

}  // namespace sb::net
