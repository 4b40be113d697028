#pragma once
// Frames and requests as JSON: the same structs whose protobuf form is proto/console.proto. Fields that are zero or
// empty are left out; enums are their lower-case words; ids are numbers.
#include <boost/json.hpp>
#include <expected>
#include <string>
#include <string_view>

#include "proto/console.h"
#include "proto/wire.h"

namespace sb::console {

// Appends text as a JSON string, quotes included. The text is UTF-8 (checked at the edge).
void put_json_string(std::string& out, std::string_view text);
void put_json_number(std::string& out, std::uint64_t value);
void put_json_number(std::string& out, std::int64_t value);

template <wire::Message T>
void put_json_object(std::string& out, const T& message);

template <class T>
[[nodiscard]] bool is_default(const T& value) {
  if constexpr (requires { value.empty(); }) {
    return value.empty();
  } else {
    return value == T{};
  }
}

template <class T>
void put_json(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    out.append(value ? "true" : "false");
  } else if constexpr (std::is_enum_v<T>) {
    put_json_string(out, name(value));
  } else if constexpr (wire::StrongId<T>) {
    put_json_number(out, std::uint64_t{value.value});
  } else if constexpr (std::is_integral_v<T>) {
    if constexpr (std::is_signed_v<T>) {
      put_json_number(out, std::int64_t{value});
    } else {
      put_json_number(out, std::uint64_t{value});
    }
  } else if constexpr (std::is_same_v<T, std::string>) {
    put_json_string(out, value);
  } else if constexpr (wire::Message<T>) {
    put_json_object(out, value);
  } else {
    out.push_back('[');
    bool first = true;
    for (const auto& element : value) {
      if (!std::exchange(first, false)) out.push_back(',');
      put_json(out, element);
    }
    out.push_back(']');
  }
}

// The members of an object without its braces; `first` says whether a comma is due.
template <wire::Message T>
void put_json_members(std::string& out, const T& message, bool first) {
  wire::for_each_field<T>([&](auto field) {
    const auto& value = message.*(decltype(field)::kMember);
    if (is_default(value)) return;
    if (!std::exchange(first, false)) out.push_back(',');
    out.push_back('"');
    out.append(field.name);
    out.append("\":");
    put_json(out, value);
  });
}

template <wire::Message T>
void put_json_object(std::string& out, const T& message) {
  out.push_back('{');
  put_json_members(out, message, true);
  out.push_back('}');
}

template <wire::Message T>
[[nodiscard]] std::string to_json(const T& message) {
  std::string out;
  put_json_object(out, message);
  return out;
}

void put_json_frame(std::string& out, const Frame& frame);

struct BadRequest {
  std::uint64_t id = 0;  // of the request, if it could be read
  std::string message;   // names the field and what it must be
};

// One request object. Unknown types and wrongly typed fields are errors, unknown fields are ignored.
[[nodiscard]] std::expected<Request, BadRequest> parse_json_request(const boost::json::value& value);

}  // namespace sb::console
