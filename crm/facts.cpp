#include "crm/facts.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

#include "crm/json_fields.h"

namespace sb::crm {

namespace json = boost::json;

namespace {

constexpr std::size_t kOrderNumberBytesMax = 64;
constexpr std::size_t kOrderStatusBytesMax = 32;
constexpr std::int64_t kCentsMax =
    1'000'000'000'000'000;  // ten trillion: sums of an account's orders stay far from 2^63
constexpr std::uint64_t kTimeMsMax = 253'402'300'799'999;  // the end of the year 9999

// "1288", "1288.5" or "-3.20" to hundredths, without a detour through floating point.
std::optional<std::int64_t> cents_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto dot = text.find('.');
  const auto whole = text.substr(0, dot);
  const auto fraction = dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
  if (whole.empty() || whole.size() > 13 || fraction.size() > 2 ||
      (dot != std::string_view::npos && fraction.empty())) {
    return std::nullopt;
  }
  std::int64_t cents = 0;
  for (const char c : std::string(whole) + std::string(fraction) + std::string(2 - fraction.size(), '0')) {
    if (c < '0' || c > '9') return std::nullopt;
    cents = cents * 10 + (c - '0');
  }
  return negative ? -cents : cents;
}

std::optional<std::int64_t> read_total(JsonFields& body) {
  const json::value* value = body.any("total");
  if (!value) return 0;
  std::optional<std::int64_t> cents;
  if (const json::string* string = value->if_string()) {
    cents = cents_of({string->data(), string->size()});
  } else if (value->is_number()) {
    const double hundredths = value->to_number<double>() * 100;
    if (std::isfinite(hundredths) && std::abs(hundredths) <= static_cast<double>(kCentsMax) &&
        std::abs(hundredths - std::nearbyint(hundredths)) < 1e-3) {
      cents = static_cast<std::int64_t>(std::llround(hundredths));
    }
  }
  if (!cents || *cents > kCentsMax || *cents < -kCentsMax) {
    body.fail("total", "must be an amount with at most two decimals");
    return std::nullopt;
  }
  return cents;
}

std::string read_items(JsonFields& body) {
  const json::value* value = body.any("items");
  if (!value) return {};
  std::string items;
  if (const json::array* list = value->if_array()) {
    for (const json::value& entry : *list) {
      const json::string* string = entry.if_string();
      if (!string) {
        body.fail("items", "must be text or a list of texts");
        return {};
      }
      if (!items.empty()) items += ", ";
      items += trim({string->data(), string->size()});
      if (items.size() > kOrderItemsBytesMax) break;
    }
  } else if (const json::string* string = value->if_string()) {
    items = trim({string->data(), string->size()});
  } else {
    body.fail("items", "must be text or a list of texts");
    return {};
  }
  if (items.size() > kOrderItemsBytesMax)
    body.fail("items", fmt::format("is longer than {} bytes", kOrderItemsBytesMax));
  if (!is_utf8(items) || has_control_characters(items, true)) {
    body.fail("items", "has characters that do not belong in text");
  }
  return items;
}

bool is_currency(std::string_view text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::expected<std::string, FieldError> single_text(std::string_view text, std::string_view field, std::size_t bytes) {
  const auto object = parse_object(text);
  if (!object) return std::unexpected(object.error());
  JsonFields body(*object, "");
  auto value = body.text(field, bytes, true);
  if (!value || value->empty()) body.fail(field, "is required");
  body.refuse_unknown();
  if (body.error()) return std::unexpected(*body.error());
  return *std::move(value);
}

}  // namespace

std::expected<Order, FieldError> parse_order(std::string_view text) {
  const auto object = parse_object(text);
  if (!object) return std::unexpected(object.error());
  JsonFields body(*object, "");
  Order order;
  order.number = body.text("number", kOrderNumberBytesMax).value_or("");
  if (order.number.empty()) body.fail("number", "is required");
  order.placed_ms = body.number("placed_ms", kTimeMsMax).value_or(0);
  order.status = body.text("status", kOrderStatusBytesMax).value_or("");
  order.total_cents = read_total(body).value_or(0);
  order.currency = body.text("currency", 3).value_or("");
  if (!order.currency.empty() && !is_currency(order.currency)) {
    body.fail("currency", "must be three capital letters such as CNY");
  }
  order.items = read_items(body);
  body.refuse_unknown();
  if (body.error()) return std::unexpected(*body.error());
  return order;
}

std::string to_json(const Order& order) {
  return json::serialize(json::object{{"number", order.number},
                                      {"placed_ms", order.placed_ms},
                                      {"status", order.status},
                                      {"total", format_money(order.total_cents, "")},
                                      {"currency", order.currency},
                                      {"items", order.items}});
}

std::expected<std::string, FieldError> parse_note(std::string_view text) {
  return single_text(text, "text", kNoteBytesMax);
}

std::string note_json(std::string_view text) {
  return json::serialize(json::object{{"text", json::string_view(text.data(), text.size())}});
}

std::expected<std::string, FieldError> parse_consent(std::string_view text) {
  auto consent = single_text(text, "consent", kOrderStatusBytesMax);
  if (consent && *consent != "granted" && *consent != "refused") {
    return std::unexpected(FieldError{"consent", "must be granted or refused"});
  }
  return consent;
}

std::string format_money(std::int64_t cents, std::string_view currency) {
  const std::uint64_t magnitude = cents < 0 ? 0 - static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
  return fmt::format("{}{}{}{}.{:02}", currency, currency.empty() ? "" : " ", cents < 0 ? "-" : "", magnitude / 100,
                     magnitude % 100);
}

bool counts_toward_value(std::string_view order_status) {
  return order_status != "cancelled" && order_status != "canceled" && order_status != "refunded" &&
         order_status != "returned";
}

}  // namespace sb::crm
