#pragma once
// The contents of CustomerFactAdded (kind "note", "order", "consent"). Pure; any thread.
//
//   note     {"text"}
//   order    {"number","placed_ms","status","total","currency","items"}; total as a decimal string, items as one line
//   consent  {"consent"}: granted or refused
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "crm/profile.h"
#include "proto/types.h"

namespace sb::crm {

inline constexpr std::size_t kNoteBytesMax = 10'000;
inline constexpr std::size_t kOrderItemsBytesMax = 2'000;

struct Order {
  std::string number;
  TimeMs placed_ms = 0;
  std::string status;            // the shop's own word, e.g. paid, shipped, delivered, cancelled, refunded
  std::int64_t total_cents = 0;  // hundredths of the currency
  std::string currency;          // ISO 4217, e.g. CNY
  std::string items;
  bool operator==(const Order&) const = default;
};

// Accepts "total" as a number or a decimal string with at most two decimals, and "items" as a string or an array of
// strings. number is required.
[[nodiscard]] std::expected<Order, FieldError> parse_order(std::string_view json);
[[nodiscard]] std::string to_json(const Order& order);

[[nodiscard]] std::expected<std::string, FieldError> parse_note(std::string_view json);  // its text
[[nodiscard]] std::string note_json(std::string_view text);
[[nodiscard]] std::expected<std::string, FieldError> parse_consent(std::string_view json);

// "CNY 1288.50"
[[nodiscard]] std::string format_money(std::int64_t cents, std::string_view currency);
// Cancelled, refunded and returned orders do not count.
[[nodiscard]] bool counts_toward_value(std::string_view order_status);

}  // namespace sb::crm
