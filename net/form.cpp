#include "net/form.h"

#include <algorithm>

#include "net/text.h"

namespace sb::net {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::expected<std::string, FormError> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::unexpected(FormError::bad_escape);
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::unexpected(FormError::bad_escape);
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return std::unexpected(FormError::nul);
    out.push_back(c);
  }
  return out;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// Calls use(piece) for each piece between separators until it returns false.
template <typename Use>
void for_each_piece(std::string_view text, char separator, Use use) {
  while (!text.empty()) {
    const auto end = text.find(separator);
    if (!use(text.substr(0, end)) || end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string_view to_string(FormError error) {
  switch (error) {
    case FormError::bad_escape:
      return "bad_escape";
    case FormError::nul:
      return "nul";
    case FormError::too_many_fields:
      return "too_many_fields";
  }
  return "unknown";
}

std::optional<std::string_view> Form::find(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::expected<Form, FormError> parse_form(std::string_view text, std::size_t fields_max) {
  std::expected<Form, FormError> form;
  for_each_piece(text, '&', [&](std::string_view piece) {
    if (piece.empty()) return true;
    if (form->size() == fields_max) {
      form = std::unexpected(FormError::too_many_fields);
      return false;
    }
    const auto equals = piece.find('=');
    auto name = decode(piece.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::string() : decode(piece.substr(equals + 1), true);
    if (!name || !value) {
      form = std::unexpected(name ? value.error() : name.error());
      return false;
    }
    form->add(std::move(*name), std::move(*value));
    return true;
  });
  return form;
}

std::expected<std::string, FormError> percent_decode(std::string_view text) {
  return decode(text, false);
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

std::string to_form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out.push_back('&');
    out.append(percent_encode(name)).append("=").append(percent_encode(value));
  }
  return out;
}

Form parse_cookies(std::string_view header) {
  Form cookies;
  for_each_piece(header, ';', [&](std::string_view piece) {
    const auto equals = piece.find('=');
    if (equals == std::string_view::npos || has_control(piece)) return true;
    const auto name = trim(piece.substr(0, equals));
    auto value = trim(piece.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (!name.empty()) cookies.add(std::string(name), std::string(value));
    return cookies.size() < kFormFieldsMax;
  });
  return cookies;
}

}  // namespace sb::net
