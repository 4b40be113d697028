#pragma once
// The sequencer: the one place where commands become records.
//
//   submit ─▶ bounded queue ─▶ sequencer thread: decide, apply, encode ─▶ committer thread: one synced write per group
//          ◀─ answer, listeners, outbox, only after the write ◀── release (one executor, usually an io thread)
//
// While a group is being synced the next one is decided, so the group size follows the load by itself.
// A failed write is fail-stop: nothing more is acknowledged and Options::on_failure is called (the program exits).
//
// Threads: submit() from any; everything released (answers, listeners, view()) runs on the release executor alone, in
// journal order. Lifecycle: open(), add_listener()/set_planner(), start(), stop().
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "proto/record.h"
#include "routing/core.h"
#include "storage/store.h"

namespace sb::engine {

struct Answer {
  Rejection rejection = Rejection::kNone;
  std::uint64_t result = 0;  // what was created: interaction, message number, customer
  bool repeated = false;     // answered from an earlier, equal command
  Seq seq = 0;               // the record, or the last one this answer rests on
};

struct Submission {
  Command command;
  Source source = Source::kEngine;
  std::string key;                                    // idempotency key within the source; empty: none
  std::vector<std::string> contents;                  // rows (seq, 1..n)
  std::move_only_function<void(const Answer&)> done;  // optional; on the release executor
};

// A durable record with its contents.
struct Commit {
  Record record;
  std::vector<std::string> contents;
};

// Something to be done outside this machine, at least once; stored with the record that ordered it.
struct OutboxItem {
  Seq seq = 0;
  std::uint16_t index = 0;
  std::string kind;   // who delivers it, e.g. twilio
  std::string order;  // items with the same order key are delivered one after another
  std::string body;   // the deliverer's own encoding
};

// Hears every durable record on the release executor. `before` and `after` are the state around each event.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void before_event(const Commit&, const Event&, const routing::State& before) { (void)before; }
  virtual void after_event(const Commit&, const Event&, const routing::State& after) { (void)after; }
  // All records of one synced write have been heard: the moment to flush what they caused.
  virtual void after_group(Seq last) { (void)last; }
  virtual void on_outbox(const OutboxItem&) {}
};

// Turns a decided record into outbox items; runs on the sequencer thread and must be a pure function of its arguments.
using Planner = std::function<void(const Record&, const routing::State& after, std::vector<OutboxItem>&)>;

class Engine {
 public:
  struct Options {
    storage::Options store;
    std::size_t queue_max = 65'536;         // submissions waiting to be decided
    std::size_t group_records_max = 4'096;  // records in one synced write
    std::size_t group_bytes_max = 8u << 20;
    std::uint64_t snapshot_every = 200'000;                        // records
    std::function<void(std::move_only_function<void()>)> release;  // in order, never inline; required
    std::function<void(const storage::Error&)> on_failure;         // default: log and exit with 70
  };

  // Recovers: newest good snapshot, then the records after it, digests checked. The error says what does not fit.
  [[nodiscard]] static std::expected<std::unique_ptr<Engine>, storage::Error> open(Options options, const Clock& clock);
  ~Engine();

  void add_listener(Listener* listener);
  void set_planner(Planner planner);
  void start();
  // Refuses new commands, decides and commits what was accepted, snapshots. Does nothing where it does not run.
  void stop();

  // False: the queue is full or the engine is stopping; nothing happens and `done` will not be called. The submission
  // is gone: who tries again gives a new one.
  [[nodiscard]] bool submit(Submission submission);

  // The clock was moved rather than passed (a stepped clock): deadlines due by now fire at once instead of within a
  // second. From any thread.
  void wake();

  // State as of the last released record. On the release executor only (before start(): anywhere).
  [[nodiscard]] const routing::State& view() const;
  [[nodiscard]] storage::Store& store();
  [[nodiscard]] Clock& clock();

  struct Figures {
    Seq last_seq = 0;
    std::uint64_t digest = 0;
    std::size_t queued = 0;
    std::uint64_t groups = 0;
    std::uint64_t records = 0;
    std::uint64_t refused_busy = 0;
    std::uint64_t replayed = 0;  // records applied after the snapshot at start
  };
  [[nodiscard]] Figures figures() const;

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sb::engine
