#include "app/planning.h"

#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include <toml++/toml.h>

#include "app/configure.h"
#include "app/offline.h"
#include "console/what_if.h"
#include "planner/simulation.h"
#include "planner/staffing.h"

namespace sb::app {

namespace {

constexpr int kRefused = 2;

bool watched() {
  return ::isatty(STDERR_FILENO) != 0;
}

void clear_progress() {
  if (watched()) std::fprintf(stderr, "\r\033[K");
}

int refuse(const std::string& why) {
  clear_progress();
  std::cerr << why << '\n';
  return kRefused;
}

// " 0.812 ±0.004", or a dash.
std::string percent(const planner::Estimate& e) {
  if (!e.mean) return "-";
  char text[48];
  std::snprintf(text, sizeof text, "%.1f ±%.1f", *e.mean * 100, e.half_width.value_or(0) * 100);
  return text;
}

}  // namespace

int simulate(const SimulateOptions& options) {
  auto scenario = planner::read_scenario(options.scenario_file);
  if (!scenario) return refuse(scenario.error());
  if (options.replications) scenario->replications = *options.replications;
  if (options.seed) scenario->seed = *options.seed;
  planner::Progress progress;
  if (watched()) {
    progress = [&](std::uint32_t done) {
      std::fprintf(stderr, "\r%u of %u replications", done, scenario->replications);
    };
  }
  const auto start = std::chrono::steady_clock::now();
  const auto report = planner::simulate(*scenario, options.threads, progress);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (!report) return refuse(options.scenario_file + ": " + report.error());
  clear_progress();
  std::cout << (options.json ? planner::to_json(*scenario, *report) + "\n" : planner::to_table(*scenario, *report));
  if (watched()) {
    std::fprintf(stderr, "%llu interactions in %.2f s\n", static_cast<unsigned long long>(report->interactions),
                 taken.count());
  }
  return 0;
}

int staff(const StaffOptions& options) {
  planner::StaffingQuestion question;
  if (!options.intervals_file.empty()) {
    auto demand = planner::read_demand(options.intervals_file);
    if (!demand) return refuse(demand.error());
    question.intervals = std::move(*demand);
  } else if (options.arrivals_per_hour > 0) {
    question.intervals = {{"always", options.arrivals_per_hour}};
  } else {
    return refuse("either --arrivals-per-hour, above 0, or --intervals FILE.csv is required");
  }
  question.interval_s = options.interval_s;
  question.handle_s = options.handle_s;
  question.patience_s = options.patience_s;
  question.service_level = options.service_level;
  question.within_s = options.within_s;
  question.seed = options.seed;
  question.threads = options.threads;
  std::function<void(int)> progress;
  if (watched()) progress = [](int round) { std::fprintf(stderr, "\rsimulation %d", round); };
  const auto answers = planner::staff(question, progress);
  if (!answers) return refuse(answers.error());
  clear_progress();
  std::printf("%-16s %12s %8s %8s %12s   %-16s %s\n", "interval", "arrivals/h", "formula", "agents", "occupancy %",
              "service level %", "abandoned %");
  for (std::size_t i = 0; i < answers->size(); ++i) {
    const planner::StaffingAnswer& a = (*answers)[i];
    std::printf("%-16s %12.1f %8u %8u %12.1f   %-17s %s\n", question.intervals[i].label.c_str(),
                question.intervals[i].arrivals_per_hour, a.agents_by_formula, a.agents, a.occupancy * 100,
                percent(a.service_level).c_str(), percent(a.abandoned_share).c_str());
  }
  return 0;
}

namespace {

// The change file as JSON, which the server takes; it has been read and found good.
boost::json::value as_json(const std::string& file) {
  std::ostringstream text;
  std::ifstream in(file);
  text << toml::json_formatter{toml::parse(in, file)};
  return boost::json::parse(text.str());
}

int ask_what_if(const Config& config, const WhatIfCommand& o) {
  const boost::json::object body{{"from", o.from}, {"to", o.to},       {"replications", o.replications},
                                 {"seed", o.seed}, {"table", !o.json}, {"changes", as_json(o.changes_file)}};
  const auto answer = ask_server(config, "POST", "/api/planner/whatif", boost::json::serialize(body));
  if (!answer) return complain(answer.error());
  if (o.json) {
    std::cout << *answer << '\n';
  } else {
    std::cout << boost::json::parse(*answer).at("table").as_string().c_str();
  }
  return 0;
}

}  // namespace

int what_if(const WhatIfCommand& o) {
  auto opened = open(o.config_file);
  if (!opened) return complain(opened.error());
  const auto& zone = opened->config.center.utc_offsets;
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  const auto interval = console::read_interval(o.from, o.to, zone, static_cast<TimeMs>(now.count()));
  if (!interval) return refuse("--" + interval.error().field + ": " + interval.error().reason);
  if (!opened->store) {  // a server has it: its names are those of the file
    if (auto resolved = resolve(opened->config, routing::State{}); !resolved) return complain(resolved.error());
  }
  auto changes = console::read_changes(o.changes_file, opened->config.center);
  if (!changes) return refuse(changes.error().message);
  if (!opened->store) return ask_what_if(opened->config, o);
  console::WhatIfQuestion question;
  question.interval = *interval;
  question.changes = std::move(*changes);
  question.queues = opened->config.center.queues;
  question.options = {o.replications, o.seed, o.threads};
  planner::Progress progress;
  if (watched()) {
    progress = [&](std::uint32_t done) { std::fprintf(stderr, "\r%u of %u replications", done, 2 * o.replications); };
  }
  const auto report = console::answer(*opened->store, question, progress);
  if (!report) return refuse(report.error().message);
  clear_progress();
  std::cout << (o.json ? planner::to_json(*report) + "\n" : planner::to_table(*report, zone));
  return 0;
}

}  // namespace sb::app
