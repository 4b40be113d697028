#include "engine/journal_span.h"

#include <optional>

#include "engine/recovery.h"

namespace sb::engine {

namespace {

// The first record at `time_ms` or later; one beyond the last when there is none. Times never decrease.
std::expected<Seq, storage::Error> first_at(const storage::Store& store, TimeMs time_ms) {
  Seq low = 1;
  Seq high = store.last_seq() + 1;
  Record record;
  while (low < high) {
    const Seq middle = low + (high - low) / 2;
    auto bytes = store.read_record(middle);
    if (!bytes) return std::unexpected(bytes.error());
    if (!decode_record(*bytes, record)) return std::unexpected(damaged(middle));
    if (record.time_ms < time_ms) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace

std::expected<std::uint64_t, storage::Error> visit_span(const storage::Store& store, TimeMs from_ms, TimeMs until_ms,
                                                        const SpanVisitor& visitor, const std::stop_token& stop) {
  const auto first = first_at(store, from_ms);
  if (!first) return std::unexpected(first.error());
  const auto beyond = first_at(store, until_ms);
  if (!beyond) return std::unexpected(beyond.error());
  auto before = recover(store, *first - 1, stop);
  if (!before) return std::unexpected(before.error());
  if (stop.stop_requested()) return 0;
  visitor.begin(before->core.state());
  std::optional<storage::Error> bad;
  std::uint64_t visited = 0;
  Record record;
  auto done = store.for_each_record(*first, *beyond - 1, [&](std::uint64_t seq, std::string_view payload) {
    if (!decode_record(payload, record)) {
      bad = damaged(seq);
      return false;
    }
    ++visited;
    if (visitor.command) visitor.command(record.command, before->core.state());
    for (const Event& event : record.events) {
      before->core.follow(event, record.time_ms);
      if (!visitor.event(event, record.time_ms, before->core.state())) return false;
    }
    return !stop.stop_requested();
  });
  if (!done) return std::unexpected(done.error());
  if (bad) return std::unexpected(*bad);
  return visited;
}

}  // namespace sb::engine
