#pragma once
// The load commands. Each signs its agents in, drives the server for a bounded time, and prints one report. The exit
// code is 0, 1 when something was lost or refused that should not be, 2 when the load could not begin.
#include <cstdint>
#include <string>

#include "bench/customers/fleet.h"

namespace sb::customers {

struct LoadOptions {
  std::string config = "config/bench.toml";
  FleetOptions fleet;
  bool json = false;
  int server_pid = 0;  // 0: its processor time and memory are not read
  double rate = 1000;
  double seconds = 20;
  double warmup_seconds = 3;
  std::uint64_t jobs = 200'000;
  std::uint64_t outstanding = 2000;
  unsigned batch = 50;
  unsigned http_connections = 4;
  unsigned connections = 10'000;
};

// Single arrivals at a fixed rate, each timed from when it should have been sent to when the agent has the offer.
[[nodiscard]] int run_latency(const LoadOptions& options);
// As many assignments as the server can make: arrivals in batches, agents who take and finish each at once.
[[nodiscard]] int run_saturate(const LoadOptions& options);
// Whole chats at a fixed rate, each on a connection of its own.
[[nodiscard]] int run_chats(const LoadOptions& options);
// Chat connections that do nothing, and the memory they cost.
[[nodiscard]] int run_idle(const LoadOptions& options);

}  // namespace sb::customers
