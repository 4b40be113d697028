#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

#include "planner/moment.h"
#include "planner/what_if.h"

namespace sb::planner {

namespace {

namespace json = boost::json;

json::value number(const std::optional<double>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::object json_of(const Estimates& estimates, bool with_occupancy) {
  json::object out;
  for (std::size_t f = 0; f < kFigureCount; ++f) {
    if (!with_occupancy && static_cast<Figure>(f) == Figure::kOccupancy) continue;
    const Estimate& e = estimates.values[f];
    out[kFigureNames[f]] = {{"mean", number(e.mean)}, {"half_width", number(e.half_width)}};
  }
  return out;
}

json::object json_of(const Figures& figures, bool with_occupancy) {
  json::object out;
  for (std::size_t f = 0; f < kFigureCount; ++f) {
    if (!with_occupancy && static_cast<Figure>(f) == Figure::kOccupancy) continue;
    const double value = figures.values[f];
    out[kFigureNames[f]] = std::isnan(value) ? json::value(nullptr) : json::value(value);
  }
  return out;
}

template <class T>
json::object json_of(const WhatIfReport& report, const T& all, const std::vector<T>& each) {
  json::object queues;
  for (std::size_t q = 0; q < report.queues.size(); ++q) queues[report.queues[q]] = json_of(each[q], false);
  return {{"all", json_of(all, true)}, {"queues", std::move(queues)}};
}

struct Row {
  Figure figure;
  const char* title;
  double scale;
  int digits;
};
constexpr Row kRows[] = {
    {Figure::kOffered, "offered", 1, 0},
    {Figure::kAnswered, "answered", 1, 0},
    {Figure::kAbandoned, "abandoned", 1, 0},
    {Figure::kBlocked, "blocked", 1, 0},
    {Figure::kUnfinished, "unfinished", 1, 0},
    {Figure::kServiceLevel, "service level %", 100, 1},
    {Figure::kWaitMean, "mean wait s", 1, 1},
    {Figure::kWaitP50, "p50 s", 1, 1},
    {Figure::kWaitP90, "p90 s", 1, 1},
    {Figure::kWaitP99, "p99 s", 1, 1},
    {Figure::kQueueLengthMean, "mean waiting", 1, 2},
    {Figure::kOccupancy, "occupancy %", 100, 1},
};

std::string text_of(double value, const Row& row) {
  if (std::isnan(value)) return "-";
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", row.digits, value * row.scale);
  return text;
}

std::string text_of(const Estimate& e, const Row& row, bool with_sign) {
  if (!e.mean) return "-";
  char text[80];
  const double mean = *e.mean * row.scale;
  if (e.half_width) {
    std::snprintf(text, sizeof text, with_sign ? "%+.*f ±%.*f" : "%.*f ±%.*f", row.digits, mean, row.digits,
                  *e.half_width * row.scale);
  } else {
    std::snprintf(text, sizeof text, with_sign ? "%+.*f" : "%.*f", row.digits, mean);
  }
  return text;
}

// Padded to so many characters, of which ± is two bytes.
std::string padded(const std::string& text, std::size_t width) {
  std::size_t shown = 0;
  for (const char c : text) shown += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return std::string(shown < width ? width - shown : 0, ' ') + text;
}

// A star: the 95 % confidence interval of the difference leaves out nothing having changed.
bool certain(const Estimate& e) {
  return e.mean && e.half_width && std::abs(*e.mean) > *e.half_width;
}

void add_block(std::string& out, const std::string& title, const Figures& happened, const Estimates& today,
               const Estimates& alternative, const Estimates& difference, bool of_all) {
  out += '\n' + title + '\n';
  out += padded("", 16) + padded("happened", 12) + padded("today", 18) + padded("alternative", 18) +
         padded("difference", 18) + '\n';
  for (const Row& row : kRows) {
    if (row.figure == Figure::kOccupancy && !of_all) continue;
    std::string name = row.title;
    name.resize(16, ' ');
    const Estimate& d = difference[row.figure];
    out += name + padded(text_of(happened[row.figure], row), 12) + padded(text_of(today[row.figure], row, false), 18) +
           padded(text_of(alternative[row.figure], row, false), 18) + padded(text_of(d, row, true), 18) +
           (certain(d) ? " *\n" : "\n");
  }
}

}  // namespace

std::string to_json(const WhatIfReport& r) {
  json::array names;
  json::array in_time;
  json::array in_time_alternative;
  for (std::size_t q = 0; q < r.queues.size(); ++q) {
    names.emplace_back(r.queues[q]);
    in_time.emplace_back(r.in_time_s[q]);
    in_time_alternative.emplace_back(r.in_time_alternative_s[q]);
  }
  json::array assumed;
  for (const Assumption& a : r.assumptions) {
    assumed.push_back(json::object{{"text_en", a.text_en}, {"text_zh", a.text_zh}});
  }
  return json::serialize(json::object{{"from_ms", r.interval.from_ms},
                                      {"until_ms", r.interval.until_ms},
                                      {"seed", r.options.seed},
                                      {"replications", r.options.replications},
                                      {"queues", std::move(names)},
                                      {"in_time_s", std::move(in_time)},
                                      {"in_time_alternative_s", std::move(in_time_alternative)},
                                      {"happened", json_of(r, r.happened, r.happened_queues)},
                                      {"today", json_of(r, r.today.all, r.today.queues)},
                                      {"alternative", json_of(r, r.alternative.all, r.alternative.queues)},
                                      {"difference", json_of(r, r.difference.all, r.difference.queues)},
                                      {"assumptions", std::move(assumed)}});
}

std::string to_table(const WhatIfReport& r, std::span<const UtcOffset> zone) {
  std::string out = moment_text(r.interval.from_ms, zone) + " to " + moment_text(r.interval.until_ms, zone) + ", " +
                    std::to_string(r.options.replications) + " replications, seed " + std::to_string(r.options.seed) +
                    "; mean ± half the 95 % confidence interval; * the difference is beyond chance\n";
  add_block(out, "all", r.happened, r.today.all, r.alternative.all, r.difference.all, true);
  for (std::size_t q = 0; q < r.queues.size() && r.queues.size() > 1; ++q) {
    add_block(out, r.queues[q], r.happened_queues[q], r.today.queues[q], r.alternative.queues[q],
              r.difference.queues[q], false);
  }
  out += "\nassumed\n";
  for (const Assumption& a : r.assumptions) out += "- " + a.text_en + '\n';
  return out;
}

}  // namespace sb::planner
