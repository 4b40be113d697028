#include "planner/what_if.h"

#include <algorithm>

namespace sb::planner {

namespace {

using Results = std::vector<ReplicationResult>;

Scenario scenario_of(RecordedDay day, const WhatIfOptions& options) {
  Scenario s;
  s.seed = options.seed;
  s.replications = options.replications;
  s.duration_s = static_cast<double>(day.duration) / kTicksPerS;
  for (const RecordedQueue& queue : day.queues) {
    s.queues.emplace_back();
    s.queues.back().name = queue.name;
  }
  s.day = std::make_shared<const RecordedDay>(std::move(day));
  return s;
}

// What `figures` says of all and of every queue, over the replications.
template <class Of>
WhatIfReport::Side side(std::size_t replications, std::size_t queues, Of&& figures) {
  WhatIfReport::Side out;
  std::vector<Figures> each(replications);
  for (std::size_t r = 0; r < replications; ++r) each[r] = figures(r, nullptr);
  out.all = estimate(each);
  for (std::size_t q = 0; q < queues; ++q) {
    for (std::size_t r = 0; r < replications; ++r) each[r] = figures(r, &q);
    out.queues.push_back(estimate(each));
  }
  return out;
}

const Figures& pick(const ReplicationResult& result, const std::size_t* queue) {
  return queue ? result.queues[*queue] : result.all;
}

Figures minus(const Figures& a, const Figures& b) {
  Figures out;
  for (std::size_t f = 0; f < kFigureCount; ++f) out.values[f] = a.values[f] - b.values[f];
  return out;
}

}  // namespace

std::expected<WhatIfReport, std::string> what_if(const Recording& recording, RecordedDay alternative,
                                                 const WhatIfOptions& options, const Progress& progress,
                                                 const std::stop_token& stop) {
  WhatIfReport report;
  report.options = options;
  RecordedDay day = recording.day;
  report.happened = recording.happened;
  report.happened_queues = recording.happened_queues;
  // A changed flow may lead to queues that nobody came to.
  for (std::size_t q = day.queues.size(); q < alternative.queues.size(); ++q) {
    const auto put = std::find_if(day.put_queues.begin(), day.put_queues.end(),
                                  [&](const auto& p) { return p.queue == alternative.queues[q].id; });
    day.queues.push_back(recorded_queue(*put));
    report.happened_queues.push_back(Tally{}.figures());
  }
  report.interval = {day.from_ms, day.from_ms + static_cast<TimeMs>(day.duration / 1000)};
  for (std::size_t q = 0; q < day.queues.size(); ++q) {
    const RecordedQueue& queue = alternative.queues[q];  // the same, with its titles
    report.queues.push_back(queue.name);
    report.titles.push_back(queue.title_en.empty() ? queue.name : queue.title_en);
    report.in_time_s.push_back(day.queues[q].in_time_s);
    report.in_time_alternative_s.push_back(alternative.queues[q].in_time_s);
  }
  report.assumptions = assumptions(recording, alternative);

  const auto later = [&](std::uint32_t done) {
    if (progress) progress(options.replications + done);
  };
  auto as_it_was = run_replications(scenario_of(std::move(day), options), options.threads, progress, stop);
  if (!as_it_was) return std::unexpected("the day as it was: " + as_it_was.error());
  auto changed = run_replications(scenario_of(std::move(alternative), options), options.threads, later, stop);
  if (!changed) return std::unexpected("the alternative: " + changed.error());

  const std::size_t queues = report.queues.size();
  const auto figures_of = [](const Results& results) {
    return [&results](std::size_t r, const std::size_t* q) { return pick(results[r], q); };
  };
  report.today = side(options.replications, queues, figures_of(*as_it_was));
  report.alternative = side(options.replications, queues, figures_of(*changed));
  report.difference = side(options.replications, queues, [&](std::size_t r, const std::size_t* q) {
    return minus(pick((*changed)[r], q), pick((*as_it_was)[r], q));
  });
  return report;
}

}  // namespace sb::planner
