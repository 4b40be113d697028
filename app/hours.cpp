#include "app/hours.h"

#include <date/tz.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace sb::app {

namespace {

constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

int day_of(std::string_view word) {
  for (int d = 0; d < 7; ++d) {
    if (kDays[static_cast<std::size_t>(d)] == word) return d;
  }
  return -1;
}

std::chrono::sys_time<std::chrono::milliseconds> time_point(TimeMs at) {
  return std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at));
}

}  // namespace

std::expected<Hours, std::string> Hours::parse(const std::string& zone, const std::vector<std::string>& lines) {
  Hours hours;
  try {
    hours.zone_ = date::locate_zone(zone);
  } catch (const std::exception&) {
    return std::unexpected("time_zone must be an IANA name such as Europe/Berlin, not " + zone);
  }
  hours.always_ = lines.empty();
  for (const std::string& line : lines) {
    const std::string expected = "must look like \"Mon-Fri 09:00-17:30\", not \"" + line + "\"";
    char first[4] = {};
    char last[4] = {};
    unsigned from_h = 0, from_m = 0, to_h = 0, to_m = 0;
    int end = 0;
    if (std::sscanf(line.c_str(), "%3[A-Za-z]-%3[A-Za-z] %2u:%2u-%2u:%2u%n", first, last, &from_h, &from_m, &to_h,
                    &to_m, &end) != 6) {
      if (std::sscanf(line.c_str(), "%2u:%2u-%2u:%2u%n", &from_h, &from_m, &to_h, &to_m, &end) == 4) {
        std::copy_n("Mon", 4, first);
        std::copy_n("Sun", 4, last);
      } else if (std::sscanf(line.c_str(), "%3[A-Za-z] %2u:%2u-%2u:%2u%n", first, &from_h, &from_m, &to_h, &to_m,
                             &end) == 5) {
        std::copy(std::begin(first), std::end(first), std::begin(last));
      } else {
        return std::unexpected(expected);
      }
    }
    const int from_day = day_of(first);
    const int to_day = day_of(last);
    const unsigned from = from_h * 60 + from_m;
    const unsigned to = to_h * 60 + to_m;
    const bool good = from_day >= 0 && to_day >= 0 && from_m < 60 && to_m < 60 && from < to && to <= 24 * 60 &&
                      static_cast<std::size_t>(end) == line.size();
    if (!good) return std::unexpected(expected);
    for (int d = from_day;; d = (d + 1) % 7) {
      hours.week_[static_cast<std::size_t>(d)].push_back({from, to});
      if (d == to_day) break;
    }
  }
  return hours;
}

bool Hours::open_at(TimeMs at) const {
  if (always_) return true;
  using namespace std::chrono;
  const auto local = zone_->to_local(time_point(at)).time_since_epoch();
  const auto days_since = floor<days>(local);
  const auto weekday = static_cast<std::size_t>(((days_since.count() + 3) % 7 + 7) % 7);  // 1970-01-01: Thursday
  const auto minute = static_cast<std::uint32_t>(duration_cast<minutes>(local - days_since).count());
  for (const Interval& i : week_[weekday]) {
    if (minute >= i.from_minute && minute < i.to_minute) return true;
  }
  return false;
}

std::vector<TimeSpan> Hours::spans(TimeMs from, std::size_t spans_max, std::size_t days_max) const {
  std::vector<TimeSpan> spans;
  if (always_) return spans;
  using namespace std::chrono;
  const auto moment = [&](date::local_days day, std::uint32_t minute) {
    const auto at = zone_->to_sys(date::local_time<minutes>(day) + minutes(minute), date::choose::earliest);
    return static_cast<TimeMs>(duration_cast<milliseconds>(at.time_since_epoch()).count());
  };
  auto day = floor<days>(zone_->to_local(time_point(from)));
  for (std::size_t n = 0; n < days_max; ++n, day += days(1)) {
    const auto weekday = static_cast<std::size_t>(((day.time_since_epoch().count() + 3) % 7 + 7) % 7);
    std::vector<Interval> today = week_[weekday];
    std::sort(today.begin(), today.end(), [](auto a, auto b) { return a.from_minute < b.from_minute; });
    for (const Interval& i : today) {
      const TimeSpan span{moment(day, i.from_minute), moment(day, i.to_minute)};
      if (span.until_ms <= from || span.until_ms <= span.from_ms) continue;
      if (!spans.empty() && span.from_ms <= spans.back().until_ms) {
        spans.back().until_ms = std::max(spans.back().until_ms, span.until_ms);
        continue;
      }
      if (spans.size() == spans_max) return spans;
      spans.push_back(span);
    }
  }
  return spans;
}

std::vector<UtcOffset> Hours::offsets(TimeMs at) const {
  using namespace std::chrono;
  const year_month_day today{floor<days>(time_point(at))};
  const sys_seconds from = sys_days{(today.year() - years(1)) / January / 1};
  const sys_seconds until = sys_days{(today.year() + years(10)) / January / 1};
  std::vector<UtcOffset> all;
  for (sys_seconds t = from; t < until;) {
    const date::sys_info info = zone_->get_info(t);
    all.push_back({static_cast<TimeMs>(duration_cast<milliseconds>(t.time_since_epoch()).count()),
                   static_cast<std::int32_t>(duration_cast<minutes>(info.offset).count())});
    t = info.end;
  }
  return all;
}

TimeMs Hours::day_start(TimeMs at) const {
  using namespace std::chrono;
  const auto local_day = floor<days>(zone_->to_local(time_point(at)));
  const auto midnight = zone_->to_sys(local_day, date::choose::earliest);
  return static_cast<TimeMs>(duration_cast<milliseconds>(midnight.time_since_epoch()).count());
}

}  // namespace sb::app
