#include <boost/json.hpp>

#include "planner/figure_format.h"
#include "planner/simulation.h"

namespace sb::planner {

namespace {

constexpr FigureRow kRows[] = {
    {Figure::kOffered, "offered", 1, 0},
    {Figure::kAnswered, "answered", 1, 0},
    {Figure::kAbandoned, "abandoned", 1, 0},
    {Figure::kBlocked, "blocked", 1, 0},
    {Figure::kUnfinished, "unfinished", 1, 0},
    {Figure::kServiceLevel, "service level %", 100, 2},
    {Figure::kDelayedShare, "delayed %", 100, 2},
    {Figure::kWaitMean, "mean wait s", 1, 2},
    {Figure::kWaitAnsweredMean, "of answered s", 1, 2},
    {Figure::kWaitP50, "p50 s", 1, 1},
    {Figure::kWaitP90, "p90 s", 1, 1},
    {Figure::kWaitP99, "p99 s", 1, 1},
    {Figure::kQueueLengthMean, "mean waiting", 1, 3},
    {Figure::kOccupancy, "occupancy %", 100, 2},
};

}  // namespace

std::string to_json(const Scenario& scenario, const SimulationReport& report) {
  boost::json::object queues;
  for (std::size_t q = 0; q < scenario.queues.size(); ++q) {
    queues[scenario.queues[q].name] = json_of(report.queues[q], false);
  }
  const boost::json::object json{{"seed", scenario.seed},
                                 {"replications", scenario.replications},
                                 {"duration_s", scenario.duration_s},
                                 {"warmup_s", scenario.warmup_s},
                                 {"service_level_s", scenario.service_level_s},
                                 {"interactions", report.interactions},
                                 {"all", json_of(report.all, true)},
                                 {"queues", queues}};
  return boost::json::serialize(json);
}

std::string to_table(const Scenario& scenario, const SimulationReport& report) {
  std::vector<std::pair<std::string, const Estimates*>> shown{{"all", &report.all}};
  if (scenario.queues.size() > 1) {
    for (std::size_t q = 0; q < scenario.queues.size(); ++q) {
      shown.emplace_back(scenario.queues[q].name, &report.queues[q]);
    }
  }
  std::string out = std::to_string(scenario.replications) + " replications, seed " + std::to_string(scenario.seed) +
                    "; mean ± half the 95 % confidence interval, per replication\n\n";
  std::vector<std::vector<std::string>> cells(shown.size());
  out.append(16, ' ');
  for (std::size_t s = 0; s < shown.size(); ++s) {
    std::size_t width = shown_width(shown[s].first);
    for (const FigureRow& row : kRows) {
      cells[s].push_back(text_of((*shown[s].second)[row.figure], row));
      width = std::max(width, shown_width(cells[s].back()));
    }
    cells[s].push_back(shown[s].first);
    for (std::string& text : cells[s]) text = padded(text, width + 2);
    out += cells[s].back();
  }
  out += '\n';
  for (std::size_t r = 0; r < std::size(kRows); ++r) {
    std::string title = kRows[r].title;
    title.resize(16, ' ');
    out += title;
    for (const auto& column : cells) out += column[r];
    out += '\n';
  }
  return out;
}

}  // namespace sb::planner
