#include "engine/projector.h"

#include <sched.h>
#include <spdlog/spdlog.h>

namespace sb::engine {

namespace {
// Half the window: what is in the queue and in flight fits into the other half.
constexpr std::size_t kIdentitiesAheadMax = routing::kIdentityWindow / 2;

// Between two transactions, unless a whole batch is ready: at most thirty a second.
constexpr auto kPause = std::chrono::milliseconds(33);

// Records behind the journal from which on reports are too stale to give way to everything else.
constexpr Seq kFarBehind = 50'000;

// The thread that calls runs only when no other wants the processor, or, if not so, as a polite ordinary one.
void give_way(bool always) {
  const sched_param no_priority{};
  sched_setscheduler(0, always ? SCHED_IDLE : SCHED_BATCH, &no_priority);
}
}  // namespace

Projector::Projector(Engine& engine, crm::Projection projection, std::function<void(Seq)> projected)
    : engine_(engine), projection_(std::move(projection)), projected_(std::move(projected)) {
  position_ = projection_.position();
}

Projector::~Projector() {
  stop();
}

void Projector::start() {
  target_ = engine_.store().last_seq();  // what an earlier run, or its end, left to do
  thread_ = std::thread([this] { run(); });
}

void Projector::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

bool Projector::wait_for(Seq seq, std::chrono::milliseconds time_max) {
  std::unique_lock lock(mutex_);
  return advanced_.wait_for(lock, time_max, [&] { return position_ >= seq; });
}

bool Projector::admits(const Command& command) const {
  const auto* start = std::get_if<command::StartInteraction>(&command);
  const bool brings_identity = start && start->identity && !start->customer;
  return !brings_identity || identities_ahead_ < kIdentitiesAheadMax;
}

void Projector::after_event(const Commit& commit, const Event& event, const routing::State&) {
  const auto* created = std::get_if<event::CustomerCreated>(&event);
  if (!created || created->identities.empty()) return;
  const std::lock_guard lock(mutex_);
  identity_records_.push_back(commit.record.seq);
  ++identities_ahead_;
}

void Projector::after_group(Seq last) {
  if (last == 0) return;
  const std::lock_guard lock(mutex_);
  target_ = last;
  // While it gathers, only a full batch is news.
  if (!gathering_ || target_ - position_ >= kBatchRecords) wake_.notify_one();
}

void Projector::run() {
  std::chrono::steady_clock::time_point last;
  bool gives_way = true;
  give_way(true);
  for (;;) {
    bool near = true;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || target_ > position_; });
      // A transaction costs as much as dozens of records: under a steady trickle several are gathered.
      const auto enough = [&] { return stopping_ || target_ - position_ >= kBatchRecords; };
      gathering_ = true;
      wake_.wait_until(lock, last + kPause, enough);
      gathering_ = false;
      if (stopping_) return;
      last = std::chrono::steady_clock::now();
      near = target_ - position_ < kFarBehind;
    }
    if (near != gives_way) give_way(gives_way = near);
    if (auto done = advance(); !done) {
      // The records can be rebuilt; routing goes on without fresh ones, and says so.
      spdlog::error("records are not following the journal any more: {}", done.error().message);
      return;
    }
  }
}

std::expected<bool, crm::Error> Projector::advance() {
  const Seq from = position_ + 1;
  const Seq to = std::min(engine_.store().last_seq(), position_ + kBatchRecords);
  if (from > to) return false;
  const crm::ContentReader contents = [&](Seq seq, std::uint32_t index) -> std::optional<std::string> {
    auto row = engine_.store().content(seq, static_cast<std::uint16_t>(index));
    if (!row) return std::nullopt;
    return std::move(*row);
  };
  if (auto begun = projection_.begin_batch(); !begun) return std::unexpected(begun.error());
  std::expected<void, crm::Error> applied;
  Record record;
  auto visited = engine_.store().for_each_record(from, to, [&](std::uint64_t, std::string_view payload) {
    if (!decode_record(payload, record)) {
      applied = std::unexpected(crm::Error{crm::Error::damaged, "a record cannot be decoded"});
    } else {
      applied = projection_.apply(record, contents);
    }
    return applied.has_value();
  });
  if (!visited) return std::unexpected(crm::Error{crm::Error::io, visited.error().message});
  if (!applied) return std::unexpected(applied.error());
  if (auto done = projection_.commit_batch(); !done) return std::unexpected(done.error());
  {
    const std::lock_guard lock(mutex_);
    position_ = to;
    while (!identity_records_.empty() && identity_records_.front() <= to) identity_records_.pop_front();
    identities_ahead_ = identity_records_.size();
    advanced_.notify_all();
  }
  if (projected_) projected_(to);
  return true;
}

}  // namespace sb::engine
