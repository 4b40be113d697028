// What one simulated interaction costs: the driver with the production core below it, one replication at a time.
// Items per second are interactions per second; the goal is a million in under five seconds.
#include <benchmark/benchmark.h>

#include "planner/simulation.h"

namespace sb::planner {
namespace {

// `queues` classes of work sharing `agents` at 95 % load, 600 s each, with or without impatience.
Scenario center(std::uint32_t agents, std::uint32_t queues, bool impatient) {
  Scenario s;
  s.replications = 1;
  const double rate_per_hour = 0.95 * agents * 3600 / 600;
  s.duration_s = 1e6 / rate_per_hour * 3600;  // a million arrivals
  s.warmup_s = s.duration_s / 100;
  for (std::uint32_t n = 0; n < queues; ++n) {
    QueueScenario q;
    q.name = "queue " + std::to_string(n);
    q.priority = static_cast<std::int32_t>(n);
    q.requirement = {{q.name, 1}};
    q.arrivals.rates_per_hour = {rate_per_hour / queues};
    q.handle_time = {Distribution::Kind::kExponential, 600, 0, {}};
    if (impatient) q.patience = {Distribution::Kind::kExponential, 300, 0, {}};
    s.queues.push_back(q);
  }
  AgentsScenario a;
  a.count = agents;
  for (const QueueScenario& q : s.queues) a.skills.emplace_back(q.name, 50);
  s.agents.push_back(a);
  return s;
}

void BM_Simulation(benchmark::State& state) {
  const Scenario s = center(static_cast<std::uint32_t>(state.range(0)), static_cast<std::uint32_t>(state.range(1)),
                            state.range(2) != 0);
  std::uint32_t number = 0;
  std::uint64_t interactions = 0;
  std::uint64_t events = 0;
  for (auto _ : state) {
    auto result = Replication(s, number++).run();
    if (!result) {
      state.SkipWithError(result.error().c_str());
      return;
    }
    interactions += result->interactions;
    events += result->events;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(interactions));
  state.counters["core_events"] = benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_Simulation)
    ->ArgNames({"agents", "queues", "impatient"})
    ->Args({15, 1, 0})
    ->Args({100, 1, 1})
    ->Args({100, 10, 1})
    ->Args({1000, 20, 1})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace
}  // namespace sb::planner
