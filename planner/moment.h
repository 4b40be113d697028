#pragma once
// Moments as people write them, in a zone given by its offsets.
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "proto/flow.h"

namespace sb::planner {

// "2026-11-22 09:00" (or with T, and seconds) in the zone, or RFC 3339 with an offset of its own:
// "2026-11-22T09:00:00+08:00". What a change of the clocks skips is taken by the offset before it. The error says what
// is expected.
[[nodiscard]] std::expected<TimeMs, std::string> read_moment(std::string_view text, std::span<const UtcOffset> zone);

// "2026-11-22 09:00:00"
[[nodiscard]] std::string moment_text(TimeMs at, std::span<const UtcOffset> zone);

}  // namespace sb::planner
