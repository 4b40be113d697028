#include "planner/simulation.h"

#include <atomic>
#include <optional>
#include <thread>

namespace sb::planner {

namespace {

using Result = std::expected<ReplicationResult, std::string>;

SimulationReport combine(const Scenario& scenario, std::vector<ReplicationResult>& results) {
  SimulationReport report;
  std::vector<Figures> figures(results.size());
  for (std::size_t q = 0; q < scenario.queues.size(); ++q) {
    for (std::size_t r = 0; r < results.size(); ++r) figures[r] = results[r].queues[q];
    report.queues.push_back(estimate(figures));
  }
  for (std::size_t r = 0; r < results.size(); ++r) figures[r] = results[r].all;
  report.all = estimate(figures);
  for (ReplicationResult& result : results) {
    report.interactions += result.interactions;
    report.events += result.events;
    if (!result.intervals.empty()) report.intervals.push_back(std::move(result.intervals));
  }
  return report;
}

}  // namespace

std::expected<std::vector<ReplicationResult>, std::string> run_replications(const Scenario& scenario, unsigned threads,
                                                                            const Progress& progress,
                                                                            const std::stop_token& stop) {
  std::vector<std::optional<Result>> results(scenario.replications);
  std::atomic<std::uint32_t> next{0};
  std::atomic<std::uint32_t> done{0};
  std::atomic<bool> failed{false};
  // Replications share nothing but the scenario, which nobody changes.
  const auto work = [&](bool reports) {
    for (std::uint32_t r = next++; r < scenario.replications && !failed; r = next++) {
      results[r] = Replication(scenario, r).run(stop);
      if (!*results[r]) failed = true;
      ++done;
      if (reports && progress) progress(done);
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned n = 1; n < threads; ++n) others.emplace_back([&] { work(false); });
    work(true);
  }
  for (std::size_t r = 0; r < results.size(); ++r) {
    if (results[r] && !*results[r]) {
      return std::unexpected("replication " + std::to_string(r + 1) + ": " + results[r]->error());
    }
  }
  std::vector<ReplicationResult> all;
  all.reserve(results.size());
  for (auto& result : results) all.push_back(std::move(**result));
  return all;
}

std::expected<SimulationReport, std::string> simulate(const Scenario& scenario, unsigned threads,
                                                      const Progress& progress, const std::stop_token& stop) {
  auto results = run_replications(scenario, threads, progress, stop);
  if (!results) return std::unexpected(results.error());
  return combine(scenario, *results);
}

}  // namespace sb::planner
