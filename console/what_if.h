#pragma once
// From a question about the past to its answer: the journal between two times, read and played. Shared by the REST API
// and the command line. Any thread; seconds of computing, so not for the edge thread.
#include <expected>
#include <filesystem>
#include <stop_token>
#include <string_view>

#include "engine/center.h"
#include "planner/changes.h"
#include "planner/what_if.h"
#include "storage/store.h"

namespace sb::console {

struct WhatIfQuestion {
  planner::Interval interval;
  planner::Changes changes;
  planner::WhatIfOptions options;
  std::vector<engine::QueueInfo> queues;     // what they are called today; one not here goes by its name
  std::uint64_t contacts_max = 500'000'000;  // simulated in all
  std::uint64_t agents_max = 100'000;
};

// A change file, or the same keys as JSON. A flow in it is read as the center's own are.
[[nodiscard]] std::expected<planner::Changes, planner::ChangeProblem> read_changes(const std::filesystem::path& file,
                                                                                   const engine::Center& center);
[[nodiscard]] std::expected<planner::Changes, planner::ChangeProblem> read_changes(const boost::json::object& json,
                                                                                   const engine::Center& center);

// Two moments as people write them (planner/moment.h), the second later than the first and not after `now`, at most 366
// days apart. The error names the field: from or to.
[[nodiscard]] std::expected<planner::Interval, planner::FieldProblem> read_interval(std::string_view from,
                                                                                    std::string_view to,
                                                                                    std::span<const UtcOffset> zone,
                                                                                    TimeMs now);

// The error's field names the change that is wrong, or replications when there are too many; empty: there is nothing to
// play, and the reason says why.
[[nodiscard]] std::expected<planner::WhatIfReport, planner::ChangeProblem> answer(
    const storage::Store& store, const WhatIfQuestion& question, const planner::Progress& progress = {},
    const std::stop_token& stop = {});

}  // namespace sb::console
