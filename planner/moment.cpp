#include "planner/moment.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

namespace sb::planner {

namespace {

constexpr std::int64_t kMinuteMs = 60'000;

// Takes so many digits off the front; none: they are not there.
std::optional<int> digits(std::string_view& text, std::size_t count) {
  int value = 0;
  if (text.size() < count) return std::nullopt;
  const std::string_view front = text.substr(0, count);
  const auto [end, error] = std::from_chars(front.begin(), front.end(), value);
  if (error != std::errc{} || end != front.end() || text.front() == '-') return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool skip(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// Milliseconds as if the clock on the wall were UTC; the rest of the text stays.
std::optional<std::int64_t> wall_clock(std::string_view& text) {
  const auto year = digits(text, 4);
  if (!year || !skip(text, "-")) return std::nullopt;
  const auto month = digits(text, 2);
  if (!month || !skip(text, "-")) return std::nullopt;
  const auto day = digits(text, 2);
  if (!day || !skip(text, " Tt")) return std::nullopt;
  const auto hour = digits(text, 2);
  if (!hour || !skip(text, ":")) return std::nullopt;
  const auto minute = digits(text, 2);
  if (!minute) return std::nullopt;
  int second = 0;
  if (skip(text, ":")) {
    const auto read = digits(text, 2);
    if (!read) return std::nullopt;
    second = *read;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  const bool midnight = *hour == 24 && *minute == 0 && second == 0;
  if (!date.ok() || *year < 1970 || (*hour > 23 && !midnight) || *minute > 59 || second > 59) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return (((days * 24 + *hour) * 60 + *minute) * 60 + second) * 1000;
}

// Minutes east of Greenwich, of "Z", "+08:00", "-05:30".
std::optional<std::int64_t> own_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const std::int64_t sign = text.starts_with('-') ? -1 : 1;
  if (!skip(text, "+-")) return std::nullopt;
  const auto hours = digits(text, 2);
  if (!hours || !skip(text, ":")) return std::nullopt;
  const auto minutes = digits(text, 2);
  if (!minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

}  // namespace

std::expected<TimeMs, std::string> read_moment(std::string_view text, std::span<const UtcOffset> zone) {
  constexpr const char* kExpected =
      "must be a date and time such as \"2026-11-22 09:00\" or \"2026-11-22T09:00:00+08:00\"";
  const auto wall = wall_clock(text);
  if (!wall) return std::unexpected(kExpected);
  std::int64_t at = *wall;
  if (!text.empty()) {
    const auto offset = own_offset(text);
    if (!offset) return std::unexpected(kExpected);
    at -= *offset * kMinuteMs;
  } else if (!zone.empty()) {
    at = *wall - zone.front().minutes * kMinuteMs;
    for (const UtcOffset& offset : zone) {
      const std::int64_t by_this = *wall - offset.minutes * kMinuteMs;
      if (by_this >= static_cast<std::int64_t>(offset.from_ms)) at = by_this;
    }
  }
  if (at < 0) return std::unexpected(kExpected);
  return static_cast<TimeMs>(at);
}

std::string moment_text(TimeMs at, std::span<const UtcOffset> zone) {
  std::int64_t minutes = zone.empty() ? 0 : zone.front().minutes;
  for (const UtcOffset& offset : zone) {
    if (offset.from_ms <= at) minutes = offset.minutes;
  }
  const auto local = static_cast<std::int64_t>(at) + minutes * kMinuteMs;
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::milliseconds{local});
  const std::chrono::year_month_day date{std::chrono::sys_days{days}};
  const std::int64_t second = (local - std::chrono::milliseconds{days}.count()) / 1000;
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(second / 3600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  return text;
}

}  // namespace sb::planner
