// What a load costs that waits for the one before it, by the size of what is walked through: the measure of how far the
// core is from the latency of memory, taken in the same run because machines differ and neighbours disturb.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace {

struct alignas(64) Line {
  std::uint32_t next = 0;
};

void BM_DependentLoad(benchmark::State& state) {
  std::vector<Line> lines(static_cast<std::size_t>(state.range(0)) * 1024 / sizeof(Line));
  std::vector<std::uint32_t> order(lines.size());
  std::iota(order.begin(), order.end(), 0u);
  std::shuffle(order.begin(), order.end(), std::mt19937_64(1));  // NOLINT(*-msc51-cpp): the same walk every time
  for (std::size_t n = 0; n < order.size(); ++n) lines[order[n]].next = order[(n + 1) % order.size()];
  std::uint32_t at = 0;
  for (auto _ : state) {
    at = lines[at].next;
    benchmark::DoNotOptimize(at);
  }
}
BENCHMARK(BM_DependentLoad)->ArgName("KB")->Arg(16)->Arg(512)->Arg(8 * 1024)->Arg(64 * 1024);

}  // namespace
