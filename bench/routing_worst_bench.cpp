// The worst that one command can ask of the core, each once: what a bad moment costs, and how long the longest step
// takes. And what a waiting interaction and an agent take of memory.
#include <malloc.h>

#include "bench/latencies.h"
#include "bench/routing_center.h"

namespace sb::routing {
namespace {

constexpr std::uint32_t kMany = 10'000;
constexpr std::uint32_t kBacklog = 100'000;
constexpr Size kBig{kMany, 1'000, 20, 2'000, kBacklog};

command::PutQueue queue_put(std::uint32_t id) {
  command::PutQueue c{.queue = {id}, .name = "queue", .open = true, .offer_timeout_ms = 20'000, .avoid_ms = 30'000};
  c.matching.relaxation = {{60'000, RelaxKind::kLowerLevels, {}, 10, {}}};
  return c;
}

// Runs the commands and tells the longest step.
template <class Commands>
void run_all(benchmark::State& state, Center& center, const Commands& commands) {
  Latencies steps;
  for (auto _ : state) {
    for (const Command& c : commands) {
      steps.start();
      center.run(c);
      steps.stop();
    }
  }
  state.counters["longest_step_us"] = steps.longest_us();
  state.counters["commands"] = static_cast<double>(commands.size());
}

std::vector<command::PutAgent> agents_of(const Center& center) {
  std::vector<command::PutAgent> all;
  for (const Agent* a : center.state().agents.sorted()) all.push_back({a->id, a->skills, a->queues, a->capacity, {}});
  return all;
}

// Everything that waits could be done by the one agent who becomes free.
void BM_OneAgentWithEverySkill(benchmark::State& state) {
  Center center({1, 1'000, 1, 2'000, 0}, Policy::kLongestIdle);
  std::vector<SkillLevel> all;
  for (std::uint32_t s = 1; s <= 512; ++s) all.push_back({{s}, 100});
  command::PutAgent put = agents_of(center).front();
  put.skills = all;
  center.run(put);
  for (std::uint32_t n = 0; n < kBacklog; ++n) center.arrive();
  Latencies cycles;
  for (auto _ : state) {
    cycles.start();
    center.end(center.take_active());
    cycles.stop();
  }
  cycles.report(state);
}

// Ten thousand are free and one of them has what is asked for.
void BM_ManyIdleOneRareRequirement(benchmark::State& state) {
  Center center({kMany, 50, 10, 1, 0}, Policy::kLongestIdle);
  center.run(command::PutSkill{{999}, "rare"});
  command::PutAgent put = agents_of(center).back();
  put.skills.push_back({{999}, 50});
  center.run(put);
  command::StartInteraction start;
  start.channel = Channel::kChat;
  start.queue = {1};
  start.requirement.skills = {{{999}, 50}};
  start.identity = {7, 7};
  Latencies cycles;
  for (auto _ : state) {
    cycles.start();
    center.run(start);
    center.accept_all();
    center.end(center.take_active());
    cycles.stop();
  }
  cycles.report(state);
}

// The same, and every time it is asked for in a way nobody has asked before.
void BM_NewRequirementEveryTime(benchmark::State& state) {
  Center center(kBig, Policy::kLongestIdle);
  Latencies cycles;
  for (auto _ : state) {
    command::StartInteraction start;
    start.channel = Channel::kChat;
    start.queue = {1};
    start.requirement.skills = center.levels(1'000, 3, 20);
    start.identity = {7, 7};
    cycles.start();
    const Outcome o = center.run(start);
    cycles.stop();
    center.run(command::EndInteraction{{o.result}, Party::kCustomer, {}, EndReason::kHungUp});
  }
  cycles.report(state);
}

// Nine o'clock: everybody signs in, a hundred thousand wait.
void BM_MassSignIn(benchmark::State& state) {
  Center center(kBig, Policy::kLongestIdle);
  while (center.waiting() < kBacklog) center.arrive();
  std::vector<Command> out;
  std::vector<Command> in;
  for (const Agent* a : center.state().agents.sorted()) {
    for (const InteractionId i : std::vector<InteractionId>(a->work)) {
      out.push_back(command::EndInteraction{i, Party::kSystem, {}, EndReason::kFailed});
    }
    in.push_back(command::SignInAgent{a->id, 2, Presence::kAvailable});
  }
  for (const Agent* a : center.state().agents.sorted()) {
    center.run(command::SetPresence{a->id, Presence::kAway, {}});
  }
  for (const Command& c : out) center.run(c);
  for (const Agent* a : center.state().agents.sorted()) center.run(command::SignOutAgent{a->id, 1});
  run_all(state, center, in);
}

void BM_QueueClosesWithManyWaiting(benchmark::State& state) {
  Center center({10, 10, 10, 10, 0}, Policy::kLongestIdle);
  center.run(queue_put(1));
  for (std::uint32_t n = 0; n < kBacklog * 10 + 100; ++n) center.arrive();
  command::PutQueue closed = queue_put(1);
  closed.open = false;
  run_all(state, center, std::vector<Command>{closed});
}

void BM_RelaxationChangesForManyWaiting(benchmark::State& state) {
  Center center({10, 10, 10, 10, 0}, Policy::kLongestIdle);
  center.run(queue_put(1));
  for (std::uint32_t n = 0; n < kBacklog * 10 + 100; ++n) center.arrive();
  command::PutQueue changed = queue_put(1);
  changed.matching.relaxation.front().after_ms = 90'000;
  run_all(state, center, std::vector<Command>{changed});
}

void BM_SkillTakenFromManyAgents(benchmark::State& state) {
  Center center(kBig, Policy::kLongestIdle);
  while (center.waiting() < kBacklog) center.arrive();
  std::vector<Command> all;
  for (command::PutAgent& put : agents_of(center)) {
    if (all.size() == 5'000) break;
    put.skills.erase(put.skills.begin());
    all.emplace_back(put);
  }
  run_all(state, center, all);
}

void BM_WeightsChange(benchmark::State& state) {
  Center center(kBig, Policy::kLongestIdle);
  while (center.waiting() < kBacklog) center.arrive();
  const command::PutCenter put{30'000, 120'000, {1, 1, 2, 1, 1, 1}, 0, 0};
  run_all(state, center, std::vector<Command>{put});
}

std::size_t allocated() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

void BM_Memory(benchmark::State& state) {
  constexpr std::uint32_t kMillion = 1'000'000;
  double per_agent = 0;
  double per_waiting = 0;
  for (auto _ : state) {
    const std::size_t empty = allocated();
    Center center({kMany, 1'000, 20, 2'000, 0}, Policy::kLongestIdle);
    const std::size_t staffed = allocated();
    while (center.waiting() < kBacklog) center.arrive();  // every class is known, everybody is busy
    const std::size_t before = allocated();
    while (center.waiting() < kBacklog + kMillion) center.arrive();
    per_agent = static_cast<double>(staffed - empty) / kMany;
    per_waiting = static_cast<double>(allocated() - before) / kMillion;
  }
  state.counters["bytes_per_agent"] = per_agent;
  state.counters["bytes_per_waiting"] = per_waiting;
}

BENCHMARK(BM_OneAgentWithEverySkill)->Iterations(20'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_ManyIdleOneRareRequirement)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_NewRequirementEveryTime)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_MassSignIn)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_QueueClosesWithManyWaiting)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_RelaxationChangesForManyWaiting)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SkillTakenFromManyAgents)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_WeightsChange)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Memory)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sb::routing
