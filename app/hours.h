#pragma once
// Opening hours of a week in a time zone, e.g. "Mon-Fri 09:00-12:30", "Sat 10:00-24:00", "09:00-20:00" for every day.
// Several lines may name one day.
#include <array>
#include <expected>
#include <string>
#include <vector>

#include "proto/flow.h"

namespace date {
class time_zone;
}

namespace sb::app {

class Hours {
 public:
  // No lines: always open. The error says which part is wrong.
  [[nodiscard]] static std::expected<Hours, std::string> parse(const std::string& zone,
                                                               const std::vector<std::string>& lines);

  [[nodiscard]] bool open_at(TimeMs at) const;
  // The open spans from a moment on, in order and apart; none: always open (or never, which no lines can say). At most
  // spans_max, within days_max.
  [[nodiscard]] std::vector<TimeSpan> spans(TimeMs from, std::size_t spans_max, std::size_t days_max) const;
  [[nodiscard]] TimeMs day_start(TimeMs at) const;  // the local midnight at or before
  // Of the zone: from the beginning of the year before `at` to ten years after it.
  [[nodiscard]] std::vector<UtcOffset> offsets(TimeMs at) const;

 private:
  struct Interval {
    std::uint32_t from_minute;  // of the day, from <= t < to
    std::uint32_t to_minute;
  };
  const date::time_zone* zone_ = nullptr;
  bool always_ = false;
  std::array<std::vector<Interval>, 7> week_;  // Monday first
};

}  // namespace sb::app
