// What one contact costs the core: arrival, match, offer, acceptance, end and the next match, without disk or network.
// Every figure is one whole cycle of one interaction (items per second are interactions per second).
#include <benchmark/benchmark.h>

#include "bench/latencies.h"
#include "bench/routing_center.h"

namespace sb::routing {
namespace {

// Half the agents are free: the arrival finds its agent.
void BM_WorkFindsAgent(benchmark::State& state) {
  const Size& size = kSizes[state.range(0)];
  Center center(size, static_cast<Policy>(state.range(1)));
  center.make_half_busy();
  Latencies cycles;
  for (auto _ : state) {
    cycles.start();
    center.cycle();
    cycles.stop();
  }
  cycles.report(state);
  state.SetItemsProcessed(state.iterations());
  state.counters["agents"] = size.agents;
  state.counters["waiting"] = static_cast<double>(center.waiting());
}

// Everybody is busy and a backlog waits: an arrival joins it, an end frees an agent who takes the next.
void BM_AgentFindsWork(benchmark::State& state) {
  const Size& size = kSizes[state.range(0)];
  Center center(size, static_cast<Policy>(state.range(1)));
  center.make_backlog();
  Latencies cycles;
  for (auto _ : state) {
    cycles.start();
    center.cycle();
    cycles.stop();
  }
  cycles.report(state);
  state.SetItemsProcessed(state.iterations());
  state.counters["agents"] = size.agents;
  state.counters["waiting"] = static_cast<double>(center.waiting());
}

void sizes_and_policies(benchmark::internal::Benchmark* b) {
  for (int size = 0; size < 3; ++size) {
    for (int policy = 0; policy < 3; ++policy) b->Args({size, policy});
  }
  b->ArgNames({"size", "policy"})->Unit(benchmark::kMicrosecond);
}
BENCHMARK(BM_WorkFindsAgent)->Apply(sizes_and_policies);
BENCHMARK(BM_AgentFindsWork)->Apply(sizes_and_policies);

}  // namespace
}  // namespace sb::routing
