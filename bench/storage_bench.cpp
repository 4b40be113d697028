// Synced commits of the store. SB_BENCH_DIR names the directory to write in (default: the temporary directory); it
// must be on the disk that is to be measured.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "storage/chain.h"
#include "storage/store.h"

namespace {

using sb::storage::Batch;
using sb::storage::Options;
using sb::storage::Store;

class Directory {
 public:
  Directory() {
    const char* base = std::getenv("SB_BENCH_DIR");
    std::string name = std::string(base ? base : std::filesystem::temp_directory_path().c_str()) + "/sb_bench_XXXXXX";
    if (!mkdtemp(name.data())) std::abort();
    path_ = name;
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

enum Wal { kGrowing, kRecycled, kFilled };

Options options(const std::filesystem::path& directory, Wal wal) {
  Options options;
  options.directory = directory;
  if (wal != kFilled) options.wal_fill_bytes = 0;
  if (wal == kGrowing) options.recycled_wal_files = 0;
  return options;
}

// Arguments: records of 200 bytes per commit, and how logs are made.
void commit(benchmark::State& state) {
  const Directory directory;
  const auto records = static_cast<std::uint64_t>(state.range(0));
  auto store = Store::open(options(directory.path(), static_cast<Wal>(state.range(1))));
  if (!store) return state.SkipWithError(store.error().message.c_str());
  const std::string payload(200, 'r');
  Batch batch;
  std::uint64_t seq = 0;
  for (auto _ : state) {
    batch.clear();
    for (std::uint64_t i = 0; i < records; ++i) batch.append_record(++seq, payload);
    if (auto done = (*store)->commit(batch); !done) return state.SkipWithError(done.error().message.c_str());
  }
  state.counters["commits"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["records"] = benchmark::Counter(static_cast<double>(seq), benchmark::Counter::kIsRate);
}
BENCHMARK(commit)
    ->ArgNames({"records", "wal"})
    ->ArgsProduct({{1, 16, 256}, {kGrowing, kRecycled, kFilled}})
    ->UseRealTime()
    ->MinTime(4);

// What one interaction's step writes beside its record: a timeline row, a body, a dedupe row, an outbox row.
void commit_with_rows(benchmark::State& state) {
  const Directory directory;
  auto store = Store::open(options(directory.path(), kFilled));
  if (!store) return state.SkipWithError(store.error().message.c_str());
  const std::string payload(200, 'r');
  const std::string body(500, 'b');
  Batch batch;
  std::uint64_t seq = 0;
  for (auto _ : state) {
    batch.clear();
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      ++seq;
      batch.append_record(seq, payload);
      batch.put_timeline(seq % 1000, seq, 0, "t");
      batch.put_content(seq, 0, body);
      batch.put_dedupe(1, "message-" + std::to_string(seq), seq, "answer");
      batch.put_outbox(seq, 0, "effect");
    }
    if (auto done = (*store)->commit(batch); !done) return state.SkipWithError(done.error().message.c_str());
  }
  state.counters["commits"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["records"] = benchmark::Counter(static_cast<double>(seq), benchmark::Counter::kIsRate);
}
BENCHMARK(commit_with_rows)->ArgName("records")->Arg(1)->Arg(16)->Arg(256)->UseRealTime()->MinTime(4);

// Replay speed: walk and check a journal of a million records.
void walk(benchmark::State& state) {
  const Directory directory;
  auto store = Store::open(options(directory.path(), kFilled));
  if (!store) return state.SkipWithError(store.error().message.c_str());
  const std::string payload(200, 'r');
  Batch batch;
  for (std::uint64_t seq = 0; seq < 1'000'000;) {
    batch.clear();
    for (int i = 0; i < 1000; ++i) batch.append_record(++seq, payload);
    if (auto done = (*store)->commit(batch); !done) return state.SkipWithError(done.error().message.c_str());
  }
  for (auto _ : state) {
    auto verified = (*store)->verify_all();
    if (!verified) return state.SkipWithError(verified.error().message.c_str());
    state.SetItemsProcessed(state.items_processed() + static_cast<std::int64_t>(*verified));
  }
}
BENCHMARK(walk)->Iterations(3)->Unit(benchmark::kMillisecond)->UseRealTime();

void chain(benchmark::State& state) {
  const std::string payload(200, 'r');
  std::uint64_t value = 0;
  std::uint64_t seq = 0;
  for (auto _ : state) value = sb::storage::chain_next(value, ++seq, payload);
  benchmark::DoNotOptimize(value);
}
BENCHMARK(chain);

}  // namespace

BENCHMARK_MAIN();
