#pragma once
// A recorded day played twice to the production core, once as it was and once changed, with the same customers: what
// happened, what the simulation says of the day as it was, what it says of the alternative, and the difference.
#include <expected>
#include <stop_token>
#include <string>
#include <vector>

#include "planner/recorder.h"
#include "planner/simulation.h"

namespace sb::planner {

struct WhatIfOptions {
  std::uint32_t replications = 20;
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

// What the figures rest on.
struct Assumption {
  std::string text_en;
  std::string text_zh;
};

struct WhatIfReport {
  struct Side {
    Estimates all;
    std::vector<Estimates> queues;
  };
  Interval interval;
  WhatIfOptions options;
  std::vector<std::string> queues;  // names, in the order of all lists
  std::vector<std::string> titles;  // what people call them
  std::vector<double> in_time_s;    // as it was
  std::vector<double> in_time_alternative_s;
  Figures happened;
  std::vector<Figures> happened_queues;
  Side today;
  Side alternative;
  Side difference;  // alternative - today, replication by replication
  std::vector<Assumption> assumptions;
};

// `alternative` is recording.day, changed. Progress counts the replications of both. The error names the side and the
// replication, or says that it was stopped.
[[nodiscard]] std::expected<WhatIfReport, std::string> what_if(const Recording& recording, RecordedDay alternative,
                                                               const WhatIfOptions& options,
                                                               const Progress& progress = {},
                                                               const std::stop_token& stop = {});

[[nodiscard]] std::vector<Assumption> assumptions(const Recording& recording, const RecordedDay& alternative);

// docs/simulation.md. The zone is that of the times in the heading.
[[nodiscard]] std::string to_json(const WhatIfReport& report);
[[nodiscard]] std::string to_table(const WhatIfReport& report, std::span<const UtcOffset> zone);

}  // namespace sb::planner
