#include "engine/verify.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <optional>

#include "engine/explain_words.h"
#include "engine/recovery.h"

namespace sb::engine {

namespace {

std::string bytes_of(const Event& event) {
  std::string out;
  wire::encode_oneof(out, event);
  return out;
}

std::string describe(const Event& event) {
  const auto name = std::visit([](const auto& e) { return std::decay_t<decltype(e)>::kName; }, event);
  return std::string(name) + boost::json::serialize(fields_of(event));
}

std::string command_name(const Command& command) {
  return std::string(std::visit([](const auto& c) { return std::decay_t<decltype(c)>::kName; }, command));
}

// The first difference between what is recorded and what was decided again; nothing: they are equal.
std::optional<std::string> difference(const Record& record, const routing::Outcome& outcome,
                                      const std::vector<Event>& events) {
  const std::string command = command_name(record.command);
  if (outcome.rejection != Rejection::kNone) {
    return fmt::format("{} is refused now ({}), but was accepted", command, name(outcome.rejection));
  }
  if (outcome.repeated) return fmt::format("{} repeats the key of an earlier record", command);
  const std::size_t common = std::min(events.size(), record.events.size());
  for (std::size_t n = 0; n < common; ++n) {
    if (bytes_of(record.events[n]) == bytes_of(events[n])) continue;
    return fmt::format("{}, event {}: recorded {}, decided again {}", command, n + 1, describe(record.events[n]),
                       describe(events[n]));
  }
  if (events.size() != record.events.size()) {
    const bool more = record.events.size() > events.size();
    return fmt::format("{}: recorded {} events, decided again {}; the first that is {}: {}", command,
                       record.events.size(), events.size(), more ? "only recorded" : "missing",
                       describe(more ? record.events[common] : events[common]));
  }
  if (outcome.result != record.result) {
    return fmt::format("{}: recorded result {}, decided again {}", command, record.result, outcome.result);
  }
  return std::nullopt;
}

// The stored states, by position; at most the few the store keeps.
std::expected<std::map<Seq, std::string>, Mismatch> read_snapshots(const storage::Store& store) {
  std::map<Seq, std::string> found;
  for (Seq at_most = ~Seq{0};;) {
    auto snapshot = store.latest_snapshot(at_most);
    if (!snapshot) return std::unexpected(Mismatch{snapshot.error().seq, "snapshot: " + snapshot.error().message});
    if (!*snapshot) return found;
    const Seq seq = (*snapshot)->seq;
    found.emplace(seq, std::move((*snapshot)->value));
    if (seq == 0) return found;
    at_most = seq - 1;
  }
}

class Verifier {
 public:
  explicit Verifier(std::map<Seq, std::string> snapshots) : snapshots_(std::move(snapshots)) {}

  bool check(Seq seq, std::string_view payload) {
    if (!decode_record(payload, record_) || record_.seq != seq) return fail(seq, "cannot be decoded");
    if (record_.logic_version > kLogicVersion) return fail(seq, "was decided by a newer program");
    const std::uint64_t digest = digest_after(record_, report.digest);
    if (digest != record_.digest) return fail(seq, "the digest does not follow from the record before");
    if (record_.time_ms < last_ms_) return fail(seq, "its time is before that of the record before");
    last_ms_ = record_.time_ms;
    if (record_.logic_version < kLogicVersion) {
      core_.replay(record_);
    } else {
      const auto outcome = core_.step(record_.command, record_.source, record_.key, record_.time_ms, events_);
      if (auto differs = difference(record_, outcome, events_)) return fail(seq, std::move(*differs));
      ++report.redecided;
    }
    ++report.records;
    report.digest = digest;
    const auto snapshot = snapshots_.find(seq);
    if (snapshot == snapshots_.end()) return true;
    if (snapshot->second != encode_snapshot(digest, core_.save())) {
      return fail(seq, "the snapshot stored here is not the state the records lead to");
    }
    ++report.snapshots;
    return true;
  }

  VerifyReport report;
  std::optional<Mismatch> mismatch;

 private:
  bool fail(Seq seq, std::string what) {
    mismatch = Mismatch{seq, std::move(what)};
    return false;
  }

  std::map<Seq, std::string> snapshots_;
  routing::Core core_;
  Record record_;
  std::vector<Event> events_;
  TimeMs last_ms_ = 0;
};

}  // namespace

std::expected<VerifyReport, Mismatch> verify(const storage::Store& store) {
  const auto begun = std::chrono::steady_clock::now();
  auto snapshots = read_snapshots(store);
  if (!snapshots) return std::unexpected(snapshots.error());
  Verifier verifier(std::move(*snapshots));
  auto visited = store.for_each_record(
      1, store.last_seq(), [&](std::uint64_t seq, std::string_view payload) { return verifier.check(seq, payload); });
  if (!visited) return std::unexpected(Mismatch{visited.error().seq, visited.error().message});
  if (verifier.mismatch) return std::unexpected(*verifier.mismatch);
  verifier.report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return verifier.report;
}

}  // namespace sb::engine
