#include "crm/json_fields.h"

#include <fmt/format.h>

namespace sb::crm {

namespace json = boost::json;

namespace {
constexpr std::size_t kJsonBytesMax = 256 * 1024;
constexpr std::size_t kJsonDepthMax = 8;
}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || at + length > text.size()) return false;
    for (std::size_t i = 1; i < length; ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return false;
    }
    const auto second = length > 1 ? static_cast<unsigned char>(text[at + 1]) : 0u;
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool out_of_range = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
    if (overlong || out_of_range) return false;
    at += length;
  }
  return true;
}

bool has_control_characters(std::string_view text, bool multiline) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    if (multiline && (c == '\n' || c == '\r' || c == '\t')) return false;
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
}

std::expected<json::object, FieldError> parse_object(std::string_view text) {
  if (text.size() > kJsonBytesMax) return std::unexpected(FieldError{"", "the body is too large"});
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  boost::system::error_code code;
  json::value value = json::parse(json::string_view(text.data(), text.size()), code, {}, options);
  if (code) return std::unexpected(FieldError{"", "the body is not valid JSON"});
  if (!value.is_object()) return std::unexpected(FieldError{"", "the body must be a JSON object"});
  return std::move(value.get_object());
}

JsonFields::JsonFields(const json::object& object, std::string prefix) : object_(object), prefix_(std::move(prefix)) {}

void JsonFields::fail(std::string_view field, std::string message) {
  if (!error_) error_ = FieldError{prefix_ + std::string(field), std::move(message)};
}

const json::value* JsonFields::any(std::string_view field) {
  asked_.push_back(field);
  const json::value* value = object_.if_contains(json::string_view(field.data(), field.size()));
  return value && !value->is_null() ? value : nullptr;
}

std::optional<std::string> JsonFields::text(std::string_view field, std::size_t bytes_max, bool multiline) {
  const json::value* value = any(field);
  if (!value) return std::nullopt;
  if (!value->is_string()) {
    fail(field, "must be text");
    return std::nullopt;
  }
  const json::string& string = value->get_string();
  const std::string_view text = trim({string.data(), string.size()});
  if (text.size() > bytes_max) {
    fail(field, fmt::format("is longer than {} bytes", bytes_max));
  } else if (!is_utf8(text) || has_control_characters(text, multiline)) {
    fail(field, "has characters that do not belong in text");
  } else {
    return std::string(text);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> JsonFields::number(std::string_view field, std::uint64_t max) {
  const json::value* value = any(field);
  if (!value) return std::nullopt;
  boost::system::error_code code;
  const auto number = value->is_number() ? value->to_number<std::uint64_t>(code) : 0;
  if (!value->is_number() || code || number > max) {
    fail(field, fmt::format("must be a whole number from 0 to {}", max));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> JsonFields::boolean(std::string_view field) {
  const json::value* value = any(field);
  if (!value) return std::nullopt;
  if (!value->is_bool()) {
    fail(field, "must be true or false");
    return std::nullopt;
  }
  return value->get_bool();
}

const json::array* JsonFields::array(std::string_view field, std::size_t size_max) {
  const json::value* value = any(field);
  if (!value) return nullptr;
  if (!value->is_array()) {
    fail(field, "must be a list");
  } else if (value->get_array().size() > size_max) {
    fail(field, fmt::format("has more than {} entries", size_max));
  } else {
    return &value->get_array();
  }
  return nullptr;
}

const json::object* JsonFields::object(std::string_view field, std::size_t size_max) {
  const json::value* value = any(field);
  if (!value) return nullptr;
  if (!value->is_object()) {
    fail(field, "must be an object");
  } else if (value->get_object().size() > size_max) {
    fail(field, fmt::format("has more than {} entries", size_max));
  } else {
    return &value->get_object();
  }
  return nullptr;
}

void JsonFields::refuse_unknown() {
  for (const auto& entry : object_) {
    const std::string_view key(entry.key().data(), entry.key().size());
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
      fail(key.size() <= kCustomNameBytesMax ? key : "", "is not a known field");
      return;
    }
  }
}

}  // namespace sb::crm
