#include "console/rest_call.h"

#include <charconv>

#include "console/json_codec.h"
#include "console/session.h"

namespace sb::console {

std::string ApiError::json() const {
  std::string out = "{\"error\":{\"code\":";
  put_json_string(out, code);
  out += ",\"message\":";
  put_json_string(out, message);
  if (!field.empty()) {
    out += ",\"field\":";
    put_json_string(out, field);
  }
  if (line > 0) out += ",\"line\":" + std::to_string(line);
  out += "}}";
  return out;
}

net::Response ApiError::response() const {
  auto response = net::Response::json(status, json());
  if (status == 429) response.headers.add("Retry-After", std::to_string(retry_after_s));
  return response;
}

ApiError bad_field(std::string field, std::string message) {
  std::string text = field.empty() ? std::move(message) : field + ": " + message;
  return {400, "invalid_argument", std::move(text), std::move(field)};
}

ApiError bad_field(const crm::FieldError& error) {
  return bad_field(error.field, error.message);
}

ApiError refused(Rejection rejection) {
  unsigned status = 409;
  switch (rejection) {
    case Rejection::kInvalidArgument:
      status = 400;
      break;
    case Rejection::kUnknownAgent:
    case Rejection::kUnknownQueue:
    case Rejection::kUnknownSkill:
    case Rejection::kUnknownInteraction:
    case Rejection::kUnknownOffer:
    case Rejection::kUnknownTicket:
    case Rejection::kUnknownCustomer:
      status = 404;
      break;
    default:
      break;
  }
  return {status, std::string(name(rejection)), std::string(explain(rejection))};
}

ApiError busy() {
  return {429, "busy", "the server is overloaded; try again in a moment"};
}

ApiError records_unavailable() {
  return {503, "records_unavailable", "the customer records cannot be read at the moment"};
}

std::string RestCall::idempotency_key() const {
  const auto key = request.headers.find("Idempotency-Key");
  if (!key || key->empty()) return {};
  return (who ? std::to_string(who->id.value) : std::string("api")) + ' ' + request.method + ' ' + request.path + ' ' +
         std::string(*key);
}

void RestCall::answer(net::Response response) {
  if (!response.headers.find("Cache-Control")) response.headers.add("Cache-Control", "no-store");
  reply(std::move(response));
}

void RestCall::answer(unsigned status, std::string json) {
  answer(net::Response::json(status, std::move(json)));
}

Result<boost::json::object> parse_object(std::string_view body) {
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = 8;
  auto value = boost::json::parse(body, error, {}, options);
  if (error) return std::unexpected(bad_field("", "the body must be JSON: " + error.message()));
  if (!value.is_object()) return std::unexpected(bad_field("", "the body must be a JSON object"));
  return std::move(value.as_object());
}

std::optional<ApiError> only_fields(const boost::json::object& object, std::initializer_list<std::string_view> known) {
  for (const auto& entry : object) {
    const std::string_view key = entry.key();
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return bad_field(std::string(key), "there is no such field");
    }
  }
  return std::nullopt;
}

Result<std::optional<std::string_view>> text_field(const boost::json::object& object, std::string_view name,
                                                   std::size_t bytes_max) {
  const auto* value = object.if_contains(name);
  if (!value) return std::nullopt;
  if (!value->is_string()) return std::unexpected(bad_field(std::string(name), "must be a string"));
  const std::string_view text = value->as_string();
  if (text.size() > bytes_max) {
    return std::unexpected(bad_field(std::string(name), "at most " + std::to_string(bytes_max) + " bytes"));
  }
  return text;
}

Result<std::optional<std::int64_t>> integer_field(const boost::json::object& object, std::string_view name,
                                                  std::int64_t from, std::int64_t to) {
  const auto* value = object.if_contains(name);
  if (!value) return std::nullopt;
  boost::system::error_code error;
  const auto number = value->is_number() ? value->to_number<std::int64_t>(error) : 0;
  if (!value->is_number() || error || number < from || number > to) {
    return std::unexpected(bad_field(
        std::string(name), "must be a whole number from " + std::to_string(from) + " to " + std::to_string(to)));
  }
  return number;
}

Result<std::uint64_t> required_id(const boost::json::object& object, std::string_view name) {
  auto value = integer_field(object, name, 1, kIdMax);
  if (!value) return std::unexpected(value.error());
  if (!*value) return std::unexpected(bad_field(std::string(name), "is required"));
  return static_cast<std::uint64_t>(**value);
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > std::uint64_t{kIdMax}) return std::nullopt;
  return number;
}

Result<std::uint64_t> query_number(const net::Form& query, std::string_view name, std::uint64_t fallback) {
  const auto text = query.find(name);
  if (!text || text->empty()) return fallback;
  const auto number = parse_number(*text);
  if (!number) return std::unexpected(bad_field(std::string(name), "must be a whole number"));
  return *number;
}

}  // namespace sb::console
