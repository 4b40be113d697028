#include "console/callback_terms.h"

#include <cstdio>
#include <ctime>

namespace sb::console {

namespace {

constexpr std::size_t kHoursMax = 14;
constexpr TimeMs kAheadMsMax = TimeMs{180} * 24 * 3600 * 1000;

// "2026-11-22T15:00:00+08:00" or with Z.
std::optional<TimeMs> moment_of(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, read = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d%n", &year, &month, &day, &hour, &minute, &read) != 5) return {};
  std::string rest = text.substr(static_cast<std::size_t>(read));
  if (int more = 0; std::sscanf(rest.c_str(), ":%2d%n", &second, &more) == 1) {
    rest.erase(0, static_cast<std::size_t>(more));
  }
  int east_minutes = 0;
  if (rest != "Z") {
    char sign = 0;
    int hours = 0, minutes = 0, more = 0;
    const bool offset = std::sscanf(rest.c_str(), "%c%2d:%2d%n", &sign, &hours, &minutes, &more) == 3 &&
                        static_cast<std::size_t>(more) == rest.size() && (sign == '+' || sign == '-') && hours < 15 &&
                        minutes < 60;
    if (!offset) return {};
    east_minutes = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
  }
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59)
    return {};
  std::tm utc{};
  utc.tm_year = year - 1900;
  utc.tm_mon = month - 1;
  utc.tm_mday = day;
  utc.tm_hour = hour;
  utc.tm_min = minute;
  utc.tm_sec = second;
  const std::time_t seconds = timegm(&utc) - std::time_t{east_minutes} * 60;
  const bool real = utc.tm_mday == day;  // the 31st of a shorter month becomes another day
  return real && seconds >= 0 ? std::optional(static_cast<TimeMs>(seconds) * 1000) : std::nullopt;
}

// "09:00-20:00", or several such lines.
Result<std::vector<std::string>> hours_of(const boost::json::object& body) {
  const auto wrong = [] {
    return std::unexpected(
        bad_field("hours", "must be a text like \"09:00-20:00\", or at most 14 of them in an array"));
  };
  std::vector<std::string> lines;
  const auto* value = body.if_contains("hours");
  if (!value) return lines;
  if (const auto* one = value->if_string()) lines.emplace_back(*one);
  const auto* many = value->if_array();
  if ((!many && lines.empty()) || (many && many->size() > kHoursMax)) return wrong();
  for (const auto& entry : many ? *many : boost::json::array()) {
    const auto* line = entry.if_string();
    if (!line) return wrong();
    lines.emplace_back(*line);
  }
  for (const std::string& line : lines) {
    if (line.empty() || line.size() > 40) return wrong();
  }
  return lines;
}

}  // namespace

Result<command::CallbackWish> read_callback_terms(const Context& context, const boost::json::object& body,
                                                  QueueId queue, const std::string& profile_zone) {
  const auto* info = context.center.queue(queue);
  const engine::CallbackTerms usual = info ? info->callback : engine::CallbackTerms{};
  command::CallbackWish wish;
  wish.order = usual.order;
  wish.attempts_max = usual.attempts_max;
  wish.retry_ms = usual.retry_ms;
  const auto attempts = integer_field(body, "attempts", 1, routing::kCallbackAttemptsMax);
  if (!attempts) return std::unexpected(attempts.error());
  if (*attempts) wish.attempts_max = static_cast<std::uint32_t>(**attempts);
  const auto order = text_field(body, "order", 32);
  if (!order) return std::unexpected(order.error());
  if (*order) {
    const bool known = **order == name(CallbackOrder::kAgentFirst) || **order == name(CallbackOrder::kCustomerFirst);
    if (!known) return std::unexpected(bad_field("order", "must be agent_first or customer_first"));
    wish.order =
        **order == name(CallbackOrder::kAgentFirst) ? CallbackOrder::kAgentFirst : CallbackOrder::kCustomerFirst;
  }
  const TimeMs now = context.engine.clock().now();
  const auto at = text_field(body, "at", 40);
  if (!at) return std::unexpected(at.error());
  if (*at) {
    const auto moment = moment_of(std::string(**at));
    if (!moment) return std::unexpected(bad_field("at", "must be a time such as 2026-11-22T15:00:00+08:00"));
    if (*moment + 60'000 < now) return std::unexpected(bad_field("at", "is in the past"));
    if (*moment > now + kAheadMsMax) return std::unexpected(bad_field("at", "is more than 180 days ahead"));
    wish.at_ms = *moment > now + 1'000 ? *moment : 0;
  }
  const auto zone = text_field(body, "zone", 64);
  if (!zone) return std::unexpected(zone.error());
  const auto hours = hours_of(body);
  if (!hours) return std::unexpected(hours.error());
  if (context.center.callback_windows) {
    const std::string named(zone->value_or(""));
    auto windows = context.center.callback_windows(named.empty() ? context.center.callback_zone(profile_zone) : named,
                                                   *hours, wish.at_ms == 0 ? now : wish.at_ms);
    if (!windows) {
      const bool about_zone = windows.error().starts_with("time_zone");
      return std::unexpected(about_zone ? bad_field("zone", "must be an IANA name such as Asia/Shanghai")
                                        : bad_field("hours", windows.error()));
    }
    wish.windows = std::move(*windows);
  }
  return wish;
}

}  // namespace sb::console
