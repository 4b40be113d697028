#include <boost/json.hpp>
#include <cmath>

#include "planner/figure_format.h"
#include "planner/moment.h"
#include "planner/what_if.h"

namespace sb::planner {

namespace {

namespace json = boost::json;

template <class T>
json::object json_of(const WhatIfReport& report, const T& all, const std::vector<T>& each) {
  json::object queues;
  for (std::size_t q = 0; q < report.queues.size(); ++q) queues[report.queues[q]] = json_of(each[q], false);
  return {{"all", json_of(all, true)}, {"queues", std::move(queues)}};
}

constexpr FigureRow kCompared[] = {
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

// A star: the 95 % confidence interval of the difference leaves out nothing having changed.
bool certain(const Estimate& e) {
  return e.mean && e.half_width && std::abs(*e.mean) > *e.half_width;
}

void add_block(std::string& out, const std::string& title, const Figures& happened, const Estimates& today,
               const Estimates& alternative, const Estimates& difference, bool of_all) {
  out += '\n' + title + '\n';
  out += padded("", 16) + padded("happened", 12) + padded("today", 18) + padded("alternative", 18) +
         padded("difference", 18) + '\n';
  for (const FigureRow& row : kCompared) {
    if (row.figure == Figure::kOccupancy && !of_all) continue;
    std::string name = row.title;
    name.resize(16, ' ');
    const Estimate& d = difference[row.figure];
    out += name + padded(text_of(happened[row.figure], row), 12) + padded(text_of(today[row.figure], row), 18) +
           padded(text_of(alternative[row.figure], row), 18) + padded(text_of(d, row, true), 18) +
           (certain(d) ? " *\n" : "\n");
  }
}

// "Billing (billing)": with the name that a change file has for it.
std::string heading(const WhatIfReport& r, std::size_t queue) {
  const std::string& name = r.queues[queue];
  return r.titles[queue] == name ? name : r.titles[queue] + " (" + name + ")";
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
    add_block(out, heading(r, q), r.happened_queues[q], r.today.queues[q], r.alternative.queues[q],
              r.difference.queues[q], false);
  }
  out += "\nassumed\n";
  for (const Assumption& a : r.assumptions) out += "- " + a.text_en + '\n';
  return out;
}

}  // namespace sb::planner
