#pragma once
// Runs the replications of a scenario and says what they show together. The same scenario and seed give the same
// report, byte for byte, whatever the number of threads.
#include <expected>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "planner/figures.h"
#include "planner/replication.h"
#include "planner/scenario.h"

namespace sb::planner {

struct SimulationReport {
  Estimates all;
  std::vector<Estimates> queues;                       // in the order of the scenario
  std::vector<std::vector<IntervalCounts>> intervals;  // by replication; empty without report_interval_s
  std::uint64_t interactions = 0;                      // simulated in all
  std::uint64_t events = 0;                            // of the core
};

// `progress` is called by this thread with the replications done so far; it may be empty.
using Progress = std::function<void(std::uint32_t done)>;

// Every replication's result, in order.
[[nodiscard]] std::expected<std::vector<ReplicationResult>, std::string> run_replications(
    const Scenario& scenario, unsigned threads = 1, const Progress& progress = {}, const std::stop_token& stop = {});

// Blocks until done, or until it is asked to stop: then the error says so. The error names the replication.
[[nodiscard]] std::expected<SimulationReport, std::string> simulate(const Scenario& scenario, unsigned threads = 1,
                                                                    const Progress& progress = {},
                                                                    const std::stop_token& stop = {});

// The report as JSON (docs/simulation.md), and as a table for people.
[[nodiscard]] std::string to_json(const Scenario& scenario, const SimulationReport& report);
[[nodiscard]] std::string to_table(const Scenario& scenario, const SimulationReport& report);

}  // namespace sb::planner
