#include "engine/engine.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "engine/group.h"
#include "engine/recovery.h"

namespace sb::engine {

namespace {
constexpr std::size_t kUnreleasedMax = 16;  // groups on their way to the release executor
}

struct Engine::Impl {
  Impl(Options o, const Clock& c, std::unique_ptr<storage::Store> s, Recovered r)
      : options(std::move(o)),
        clock(c),
        store(std::move(s)),
        replayed(r.seq - r.snapshot_seq),
        core(std::move(r.core)),
        seq(r.seq),
        digest(r.digest),
        snapshot_seq(r.snapshot_seq) {}

  // ---- any thread
  bool submit(Submission submission);

  // ---- sequencer thread
  void sequence();
  bool wait_for_work(std::unique_lock<std::mutex>& lock);
  void decide(Submission& submission);
  void fire_deadlines();
  void hand_over();
  void take_snapshot();

  // ---- committer thread
  void commit_loop();
  void fail(const storage::Error& error);

  // ---- release executor
  void release(Group& group);

  Options options;
  Clock clock;
  std::unique_ptr<storage::Store> store;
  std::vector<Listener*> listeners;
  Planner planner;
  const std::uint64_t replayed;

  std::mutex inbox_mutex;
  std::condition_variable inbox_ready;
  std::vector<Submission> inbox;
  bool stopping = false;

  routing::Core core;
  Seq seq;
  std::uint64_t digest;
  Seq snapshot_seq;
  std::unique_ptr<Group> filling = std::make_unique<Group>();
  std::string scratch;
  std::vector<Event> events;

  std::mutex commit_mutex;
  std::condition_variable commit_ready;  // committer: a group is there; sequencer: the committer is idle
  std::unique_ptr<Group> committing;
  std::unique_ptr<Group> spare;
  bool commit_stopping = false;
  std::atomic<bool> committer_idle = true;
  std::atomic<bool> group_in_hand = false;  // the sequencer waits, with a group the committer had no time for
  std::atomic<bool> failed = false;

  std::atomic<std::size_t> unreleased = 0;
  routing::Core replica;  // follows the journal on the release executor

  std::atomic<std::size_t> queued = 0;
  std::atomic<Seq> last_seq = 0;
  std::atomic<std::uint64_t> last_digest = 0;
  std::atomic<std::uint64_t> groups = 0;
  std::atomic<std::uint64_t> records = 0;
  std::atomic<std::uint64_t> refused_busy = 0;

  std::thread sequencer;
  std::thread committer;
  std::thread snapshotter;
};

bool Engine::Impl::submit(Submission submission) {
  if (!submission.key.empty()) {
    // Keys older than the core's window; a key still in flight is the core's to recognize.
    auto row = store->find_dedupe(static_cast<std::uint16_t>(submission.source), submission.key);
    if (row && *row) {
      Answer answer{Rejection::kNone, 0, true, (*row)->seq};
      wire::Reader reader((*row)->value);
      if (!reader.varint(answer.result)) answer.result = 0;
      if (submission.done) {
        options.release([done = std::move(submission.done), answer]() mutable { done(answer); });
      }
      return true;
    }
  }
  bool first = false;
  {
    const std::lock_guard lock(inbox_mutex);
    if (stopping || inbox.size() >= options.queue_max) {
      ++refused_busy;
      return false;
    }
    inbox.push_back(std::move(submission));
    first = inbox.size() == 1;
  }
  if (first) inbox_ready.notify_one();
  return true;
}

// True when there is something to do; false when everything is done and the engine stops.
bool Engine::Impl::wait_for_work(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    if (!inbox.empty()) return true;
    group_in_hand = !filling->empty();  // before the committer is asked: it looks in the other order
    if (group_in_hand && committer_idle) return true;
    if (stopping) return group_in_hand;
    const TimeMs due = core.next_deadline();
    if (due == routing::kNever) {
      inbox_ready.wait(lock);
      continue;
    }
    const TimeMs now = clock.now();
    if (now >= due) return true;
    // The clock is slewed, so a long wait is cut short and looked at again.
    inbox_ready.wait_for(lock, std::chrono::milliseconds(std::min<TimeMs>(due - now, 1000)));
  }
}

void Engine::Impl::sequence() {
  std::vector<Submission> taken;
  for (;;) {
    {
      std::unique_lock lock(inbox_mutex);
      if (!wait_for_work(lock)) break;
      taken.clear();
      taken.swap(inbox);
    }
    for (Submission& submission : taken) {
      decide(submission);
      if (committer_idle || filling->full(options.group_records_max, options.group_bytes_max)) hand_over();
    }
    fire_deadlines();
    if (!filling->empty() && (committer_idle || stopping)) hand_over();
    if (seq >= snapshot_seq + options.snapshot_every) take_snapshot();
  }
}

void Engine::Impl::decide(Submission& submission) {
  const TimeMs now = std::max(clock.now(), core.state().counters.time_ms);
  const routing::Outcome outcome = core.step(submission.command, submission.source, submission.key, now, events);
  Answer answer{outcome.rejection, outcome.result, outcome.repeated, seq};
  if (!events.empty()) {
    Record record;
    record.seq = answer.seq = ++seq;
    record.time_ms = now;
    record.source = submission.source;
    record.key = std::move(submission.key);
    record.command = std::move(submission.command);
    record.events.swap(events);
    record.contents = static_cast<std::uint32_t>(submission.contents.size());
    record.result = outcome.result;
    scratch.clear();
    encode_record(scratch, record, digest);
    digest = record.digest;
    filling->add(std::move(record), scratch, std::move(submission.contents), core.state(), planner);
  }
  if (submission.done) filling->replies.push_back({std::move(submission.done), answer});
}

void Engine::Impl::fire_deadlines() {
  while (core.next_deadline() <= clock.now()) {
    Submission due{command::FireDeadlines{}, Source::kEngine, {}, {}, {}};
    decide(due);
    if (committer_idle || filling->full(options.group_records_max, options.group_bytes_max)) hand_over();
  }
}

void Engine::Impl::hand_over() {
  {
    std::unique_lock lock(commit_mutex);
    commit_ready.wait(lock, [&] { return !committing || failed; });
    if (failed) {
      filling->clear();
      return;
    }
    committing = std::exchange(filling, spare ? std::move(spare) : std::make_unique<Group>());
    committer_idle = false;
  }
  commit_ready.notify_all();
}

void Engine::Impl::take_snapshot() {
  if (snapshotter.joinable()) snapshotter.join();
  snapshot_seq = seq;
  // The bytes are taken here, between two commands; writing them waits until the journal has reached them.
  snapshotter = std::thread([this, at = seq, bytes = encode_snapshot(digest, core.save())] {
    {
      std::unique_lock lock(commit_mutex);
      commit_ready.wait(lock, [&] { return last_seq >= at || failed; });
      if (failed) return;
    }
    if (auto put = store->put_snapshot(at, bytes); !put) fail(put.error());
  });
}

void Engine::Impl::commit_loop() {
  for (;;) {
    std::unique_ptr<Group> group;
    {
      std::unique_lock lock(commit_mutex);
      commit_ready.wait(lock, [&] { return committing || commit_stopping; });
      if (!committing) return;
      group = std::move(committing);
      commit_ready.notify_all();  // the sequencer may hand over the next one while this one is written
    }
    if (!group->batch.empty()) {
      if (auto done = store->commit(group->batch); !done) {
        fail(done.error());
        return;
      }
    }
    groups.fetch_add(1, std::memory_order_relaxed);
    records.fetch_add(group->commits.size(), std::memory_order_relaxed);
    if (!group->commits.empty()) last_digest = group->commits.back().record.digest;
    group->batch.clear();
    while (unreleased.load() >= kUnreleasedMax) unreleased.wait(unreleased.load());
    unreleased.fetch_add(1);
    if (!group->commits.empty()) last_seq = group->commits.back().record.seq;
    options.release([this, g = std::move(group)]() mutable {
      release(*g);
      g->clear();
      unreleased.fetch_sub(1);
      unreleased.notify_all();
      const std::lock_guard lock(commit_mutex);
      if (!spare) spare = std::move(g);
    });
    {
      const std::lock_guard lock(commit_mutex);
      committer_idle = !committing;
    }
    commit_ready.notify_all();
    if (group_in_hand) {  // the sequencer may be asleep with it
      {
        const std::lock_guard lock(inbox_mutex);
      }
      inbox_ready.notify_one();
    }
  }
}

void Engine::Impl::fail(const storage::Error& error) {
  {
    const std::lock_guard lock(commit_mutex);
    failed = true;
    commit_ready.notify_all();
  }
  spdlog::critical("the journal cannot be written: {}; stopping without acknowledging anything more", error.message);
  if (options.on_failure) {
    options.on_failure(error);
  } else {
    std::_Exit(70);
  }
}

void Engine::Impl::release(Group& group) {
  for (const Commit& commit : group.commits) {
    for (const Event& event : commit.record.events) {
      for (Listener* l : listeners) l->before_event(commit, event, replica.state());
      replica.follow(event, commit.record.time_ms);
      for (Listener* l : listeners) l->after_event(commit, event, replica.state());
    }
  }
  for (const OutboxItem& item : group.outbox) {
    for (Listener* l : listeners) l->on_outbox(item);
  }
  for (auto& reply : group.replies) reply.done(reply.answer);
  const Seq last = group.commits.empty() ? 0 : group.commits.back().record.seq;
  for (Listener* l : listeners) l->after_group(last);
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Engine::~Engine() {
  if (impl_) stop();
}

std::expected<std::unique_ptr<Engine>, storage::Error> Engine::open(Options options, const Clock& clock) {
  auto store = storage::Store::open(options.store);
  if (!store) return std::unexpected(store.error());
  auto recovered = recover(**store);
  if (!recovered) return std::unexpected(recovered.error());
  auto replica = routing::Core::load(recovered->core.save());
  if (!replica) return std::unexpected(storage::Error{storage::Error::damaged, recovered->seq, replica.error()});
  auto impl = std::make_unique<Impl>(std::move(options), clock, std::move(*store), std::move(*recovered));
  impl->replica = std::move(*replica);
  impl->last_seq = impl->seq;
  impl->last_digest = impl->digest;
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

void Engine::add_listener(Listener* listener) {
  impl_->listeners.push_back(listener);
}

void Engine::set_planner(Planner planner) {
  impl_->planner = std::move(planner);
}

void Engine::start() {
  impl_->sequencer = std::thread([this] { impl_->sequence(); });
  impl_->committer = std::thread([this] { impl_->commit_loop(); });
}

void Engine::stop() {
  if (!impl_->sequencer.joinable()) return;
  {
    const std::lock_guard lock(impl_->inbox_mutex);
    impl_->stopping = true;
    impl_->inbox_ready.notify_all();
  }
  impl_->sequencer.join();
  {
    const std::lock_guard lock(impl_->commit_mutex);
    impl_->commit_stopping = true;
    impl_->commit_ready.notify_all();
  }
  impl_->committer.join();
  if (impl_->snapshotter.joinable()) impl_->snapshotter.join();
  if (!impl_->failed && impl_->last_seq == impl_->seq && impl_->seq > impl_->snapshot_seq) {
    auto put = impl_->store->put_snapshot(impl_->seq, encode_snapshot(impl_->digest, impl_->core.save()));
    if (!put) spdlog::warn("no snapshot at stop: {}", put.error().message);
  }
}

bool Engine::submit(Submission submission) {
  return impl_->submit(std::move(submission));
}

void Engine::wake() {
  const std::lock_guard lock(impl_->inbox_mutex);
  impl_->inbox_ready.notify_one();
}

const routing::State& Engine::view() const {
  return impl_->replica.state();
}

storage::Store& Engine::store() {
  return *impl_->store;
}

Clock& Engine::clock() {
  return impl_->clock;
}

Engine::Figures Engine::figures() const {
  Figures f;
  f.last_seq = impl_->last_seq;
  f.digest = impl_->last_digest;
  {
    const std::lock_guard lock(impl_->inbox_mutex);
    f.queued = impl_->inbox.size();
  }
  f.groups = impl_->groups;
  f.records = impl_->records;
  f.refused_busy = impl_->refused_busy;
  f.replayed = impl_->replayed;
  return f;
}

}  // namespace sb::engine
