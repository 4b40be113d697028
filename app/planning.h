#pragma once
// The command line's planning commands. Simulating and staffing need no configuration, no store and no server; a
// what-if reads the journal, or asks the server that has it open. They print to standard output, progress and
// complaints to standard error, and return an exit code: 0 done, 1 the journal is out of reach, 2 refused.
#include <cstdint>
#include <optional>
#include <string>

namespace sb::app {

struct SimulateOptions {
  std::string scenario_file;
  bool json = false;
  std::optional<std::uint32_t> replications;  // instead of the scenario's
  std::optional<std::uint64_t> seed;
  unsigned threads = 1;
};
int simulate(const SimulateOptions& options);

struct StaffOptions {
  double arrivals_per_hour = 0;  // or
  std::string intervals_file;
  double interval_s = 1800;
  double handle_s = 0;
  std::optional<double> patience_s;
  double service_level = 0.8;
  double within_s = 20;
  std::uint64_t seed = 1;
  unsigned threads = 1;
};
int staff(const StaffOptions& options);

struct WhatIfCommand {
  std::string config_file;
  std::string from;  // "2026-11-22 09:00" in the center's zone, or RFC 3339
  std::string to;
  std::string changes_file;
  bool json = false;
  std::uint32_t replications = 20;
  std::uint64_t seed = 1;
  unsigned threads = 1;
};
int what_if(const WhatIfCommand& options);

}  // namespace sb::app
