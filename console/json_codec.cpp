#include "console/json_codec.h"

#include <charconv>

namespace sb::console {

namespace {

template <class Int>
void put_number(std::string& out, Int value) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out.append(buffer, end);
}

template <class Enum>
bool enum_from(std::string_view word, Enum& value) {
  for (std::size_t n = 0; n < EnumLimit<Enum>::value; ++n) {
    if (name(static_cast<Enum>(n)) != word) continue;
    value = static_cast<Enum>(n);
    return true;
  }
  return false;
}

// Fills one field; the answer is what it must be, or empty when it is good.
template <class T>
std::string_view get(const boost::json::value& json, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_bool()) return "true or false";
    value = json.as_bool();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string()) return "a string";
    value.assign(json.as_string().data(), json.as_string().size());
  } else if constexpr (std::is_enum_v<T>) {
    if (!json.is_string() || !enum_from(std::string_view(json.as_string()), value)) return "one of the known words";
  } else {
    boost::system::error_code error;
    const auto number = json.to_number<std::uint64_t>(error);
    if (error || !wire::from_wire(number, value)) return "a whole number that is not negative";
  }
  return {};
}

template <class Variant, std::size_t I = 0>
std::expected<RequestBody, std::string> get_body(std::string_view type, const boost::json::object& object) {
  if constexpr (I == std::variant_size_v<Variant>) {
    return std::unexpected("type: no such request");
  } else {
    using T = std::variant_alternative_t<I, Variant>;
    if (type != T::kName) return get_body<Variant, I + 1>(type, object);
    T request;
    std::string problem;
    wire::for_each_field<T>([&](auto field) {
      const auto* json = object.if_contains(field.name);
      if (!json || json->is_null() || !problem.empty()) return;
      const auto wanted = get(*json, request.*(decltype(field)::kMember));
      if (!wanted.empty()) problem = std::string(field.name) + ": must be " + std::string(wanted);
    });
    if (!problem.empty()) return std::unexpected(problem);
    return request;
  }
}

}  // namespace

void put_json_number(std::string& out, std::uint64_t value) {
  put_number(out, value);
}
void put_json_number(std::string& out, std::int64_t value) {
  put_number(out, value);
}

void put_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  std::size_t clean = 0;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const auto c = static_cast<unsigned char>(text[n]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, clean, n - clean);
    clean = n + 1;
    switch (c) {
      case '"':
        out.append("\\\"");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      default:
        out.append("\\u00");
        out.push_back(kHex[c >> 4]);
        out.push_back(kHex[c & 15]);
    }
  }
  out.append(text, clean);
  out.push_back('"');
}

void put_json_frame(std::string& out, const Frame& frame) {
  std::visit(
      [&]<class T>(const T& body) {
        out.append("{\"type\":\"").append(T::kName).push_back('"');
        if (frame.seq != 0) {
          out.append(",\"seq\":");
          put_json_number(out, frame.seq);
        }
        put_json_members(out, body, false);
        out.push_back('}');
      },
      frame.body);
}

std::expected<Request, BadRequest> parse_json_request(const boost::json::value& value) {
  const auto* object = value.if_object();
  if (!object) return std::unexpected(BadRequest{0, "a request must be an object"});
  Request request;
  if (const auto* id = object->if_contains("id")) {
    if (!get(*id, request.id).empty()) return std::unexpected(BadRequest{0, "id: must be a whole number"});
  }
  const auto* type = object->if_contains("type");
  if (!type || !type->is_string()) return std::unexpected(BadRequest{request.id, "type: must be a string"});
  auto body = get_body<RequestBody>(std::string_view(type->as_string()), *object);
  if (!body) return std::unexpected(BadRequest{request.id, body.error()});
  request.body = std::move(*body);
  return request;
}

}  // namespace sb::console
