#pragma once
// Strict reading of a client's JSON object: each call takes one field, the first thing wrong is kept as a FieldError.
// Internal to crm.
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/profile.h"

namespace sb::crm {

class JsonFields {
 public:
  // `prefix` names the object in errors, e.g. "contacts[1]."; empty for the body itself.
  JsonFields(const boost::json::object& object, std::string prefix);

  // The value, or nothing when the field is absent, null or wrong (then error() says so). Text is trimmed and checked
  // for UTF-8 and control characters (line breaks and tabs are allowed when `multiline`).
  [[nodiscard]] std::optional<std::string> text(std::string_view field, std::size_t bytes_max, bool multiline = false);
  [[nodiscard]] std::optional<std::uint64_t> number(std::string_view field, std::uint64_t max);
  [[nodiscard]] std::optional<bool> boolean(std::string_view field);
  [[nodiscard]] const boost::json::array* array(std::string_view field, std::size_t size_max);
  [[nodiscard]] const boost::json::object* object(std::string_view field, std::size_t size_max);
  [[nodiscard]] const boost::json::value* any(std::string_view field);

  void fail(std::string_view field, std::string message);
  // Complains about fields nobody asked for; call after the reads.
  void refuse_unknown();
  [[nodiscard]] const std::optional<FieldError>& error() const { return error_; }

 private:
  const boost::json::object& object_;
  std::string prefix_;
  std::vector<std::string_view> asked_;
  std::optional<FieldError> error_;
};

// Error: not JSON, too deep or large, or not an object.
[[nodiscard]] std::expected<boost::json::object, FieldError> parse_object(std::string_view json);

[[nodiscard]] bool is_utf8(std::string_view text);
[[nodiscard]] bool has_control_characters(std::string_view text, bool multiline);
[[nodiscard]] std::string_view trim(std::string_view text);

}  // namespace sb::crm
