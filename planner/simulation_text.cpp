#include <boost/json.hpp>
#include <cstdio>

#include "planner/simulation.h"

namespace sb::planner {

namespace {

boost::json::value number(const std::optional<double>& value) {
  return value ? boost::json::value(*value) : boost::json::value(nullptr);
}

boost::json::object figures(const Estimates& estimates, bool with_occupancy) {
  boost::json::object out;
  for (std::size_t f = 0; f < kFigureCount; ++f) {
    if (!with_occupancy && static_cast<Figure>(f) == Figure::kOccupancy) continue;
    const Estimate& e = estimates.values[f];
    out[kFigureNames[f]] = {{"mean", number(e.mean)}, {"half_width", number(e.half_width)}};
  }
  return out;
}

// "12.3 ±0.4", or a dash.
std::string cell(const Estimate& e, double scale, int digits) {
  if (!e.mean) return "-";
  char text[64];
  if (e.half_width) {
    std::snprintf(text, sizeof text, "%.*f ±%.*f", digits, *e.mean * scale, digits, *e.half_width * scale);
  } else {
    std::snprintf(text, sizeof text, "%.*f", digits, *e.mean * scale);
  }
  return text;
}

struct Column {
  Figure figure;
  const char* title;
  double scale;
  int digits;
};
constexpr Column kColumns[] = {
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

// Characters a terminal shows, of valid UTF-8.
std::size_t shown_width(const std::string& text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return width;
}

void pad(std::string& out, const std::string& text, std::size_t width) {
  const std::size_t shown = shown_width(text);
  out.append(shown < width ? width - shown : 0, ' ').append(text);
}

}  // namespace

std::string to_json(const Scenario& scenario, const SimulationReport& report) {
  boost::json::object queues;
  for (std::size_t q = 0; q < scenario.queues.size(); ++q) {
    queues[scenario.queues[q].name] = figures(report.queues[q], false);
  }
  const boost::json::object json{{"seed", scenario.seed},
                                 {"replications", scenario.replications},
                                 {"duration_s", scenario.duration_s},
                                 {"warmup_s", scenario.warmup_s},
                                 {"service_level_s", scenario.service_level_s},
                                 {"interactions", report.interactions},
                                 {"all", figures(report.all, true)},
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
    for (const Column& c : kColumns) {
      cells[s].push_back(cell((*shown[s].second)[c.figure], c.scale, c.digits));
      width = std::max(width, shown_width(cells[s].back()));
    }
    cells[s].push_back(shown[s].first);
    for (std::string& text : cells[s]) {
      std::string padded;
      pad(padded, text, width + 2);
      text = padded;
    }
    out += cells[s].back();
  }
  out += '\n';
  for (std::size_t c = 0; c < std::size(kColumns); ++c) {
    std::string title = kColumns[c].title;
    title.resize(16, ' ');
    out += title;
    for (const auto& column : cells) out += column[c];
    out += '\n';
  }
  return out;
}

}  // namespace sb::planner
