#include <algorithm>
#include <limits>
#include <utility>

#include "storage/chain.h"
#include "storage/keys.h"
#include "storage/rocks.h"
#include "storage/store.h"

namespace sb::storage {
namespace {

std::expected<std::string, Error> get(const Rocks& rocks, Column column, const std::string& key,
                                      const std::string& what, std::uint64_t seq = 0) {
  std::string value;
  const auto status = rocks.db->Get(rocksdb::ReadOptions(), rocks.column(column), key, &value);
  if (!status.ok()) return std::unexpected(to_error(status, what, seq));
  return value;
}

Error bad_key(Column column) {
  return {Error::damaged, 0,
          std::string("a key of unexpected length in ") + kColumnNames[static_cast<std::size_t>(column)]};
}

// One read of a [lower, upper) range of rows whose last ten key bytes are seq and index.
struct Range {
  Column column;
  std::string lower;
  std::string upper;  // empty: to the end
  std::size_t key_bytes;
  bool backwards;
};

std::expected<std::uint64_t, Error> visit(const Rocks& rocks, const Range& range, const Store::RowVisitor& fn) {
  rocksdb::ReadOptions read;
  const rocksdb::Slice lower = range.lower;
  const rocksdb::Slice upper = range.upper;
  if (!range.lower.empty()) read.iterate_lower_bound = &lower;
  if (!range.upper.empty()) read.iterate_upper_bound = &upper;
  std::unique_ptr<rocksdb::Iterator> at(rocks.db->NewIterator(read, rocks.column(range.column)));
  std::uint64_t called = 0;
  range.backwards ? at->SeekToLast() : at->SeekToFirst();
  while (at->Valid()) {
    const auto key = at->key().ToStringView();
    if (key.size() != range.key_bytes) return std::unexpected(bad_key(range.column));
    const std::size_t start = key.size() - kRowKeyBytes;
    ++called;
    if (!fn(read_be<std::uint64_t>(key, start), read_be<std::uint16_t>(key, start + 8), at->value().ToStringView())) {
      break;
    }
    range.backwards ? at->Prev() : at->Next();
  }
  if (!at->status().ok()) return std::unexpected(to_error(at->status(), "reading rows"));
  return called;
}

std::expected<std::vector<Row>, Error> collect(const Rocks& rocks, const Range& range, std::size_t limit) {
  std::vector<Row> rows;
  if (limit == 0) return rows;
  auto visited = visit(rocks, range, [&](std::uint64_t seq, std::uint16_t index, std::string_view value) {
    rows.push_back({seq, index, std::string(value)});
    return rows.size() < limit;
  });
  if (!visited) return std::unexpected(visited.error());
  return rows;
}

}  // namespace

std::uint64_t Store::last_seq() const {
  return impl_->last_seq.load(std::memory_order_acquire);
}

std::expected<std::string, Error> Store::read_record(std::uint64_t seq) const {
  if (seq == 0 || seq > last_seq()) {
    return std::unexpected(Error{Error::not_found, seq, "there is no record " + std::to_string(seq)});
  }
  std::string payload;
  auto walked = walk_journal(*impl_->rocks, seq, seq, [&](std::uint64_t, std::string_view bytes) {
    payload = bytes;
    return true;
  });
  if (!walked) return std::unexpected(walked.error());
  return payload;
}

std::expected<std::uint64_t, Error> Store::for_each_record(std::uint64_t from, std::uint64_t to,
                                                           const RecordVisitor& fn) const {
  return walk_journal(*impl_->rocks, std::max<std::uint64_t>(from, 1), std::min(to, last_seq()), fn);
}

std::expected<std::uint64_t, Error> Store::verify_all() const {
  return for_each_record(1, last_seq(), [](std::uint64_t, std::string_view) { return true; });
}

std::expected<std::vector<Row>, Error> Store::timeline(std::uint64_t customer, std::uint64_t before_seq,
                                                       std::size_t limit) const {
  return collect(
      *impl_->rocks,
      {Column::timeline, timeline_key(customer, 0, 0), timeline_key(customer, before_seq, 0), kTimelineKeyBytes, true},
      limit);
}

std::expected<std::vector<Row>, Error> Store::timeline_from(std::uint64_t customer, std::uint64_t from_seq,
                                                            std::size_t limit) const {
  // The last customer number has no successor; its range ends with the column family.
  const bool last = customer == std::numeric_limits<std::uint64_t>::max();
  return collect(*impl_->rocks,
                 {Column::timeline, timeline_key(customer, from_seq, 0), last ? std::string() : seq_key(customer + 1),
                  kTimelineKeyBytes, false},
                 limit);
}

std::expected<std::string, Error> Store::content(std::uint64_t seq, std::uint16_t index) const {
  return get(*impl_->rocks, Column::content, row_key(seq, index),
             "content " + std::to_string(seq) + "/" + std::to_string(index), seq);
}

std::expected<std::optional<DedupeRow>, Error> Store::find_dedupe(std::uint16_t source, std::string_view key) const {
  auto stored = get(*impl_->rocks, Column::dedupe, dedupe_key(source, key), "reading a dedupe row");
  if (!stored && stored.error().code == Error::not_found) return std::nullopt;
  if (!stored) return std::unexpected(stored.error());
  if (stored->size() < sizeof(std::uint64_t)) {
    return std::unexpected(Error{Error::damaged, 0, "a dedupe row is too short"});
  }
  return DedupeRow{read_be<std::uint64_t>(*stored), stored->substr(sizeof(std::uint64_t))};
}

std::expected<std::uint64_t, Error> Store::for_each_outbox(const RowVisitor& fn) const {
  return visit(*impl_->rocks, {Column::outbox, {}, {}, kRowKeyBytes, false}, fn);
}

std::expected<std::vector<Row>, Error> Store::dead_letters(std::uint64_t from_seq, std::size_t limit) const {
  return collect(*impl_->rocks, {Column::dead, row_key(from_seq, 0), {}, kRowKeyBytes, false}, limit);
}

std::expected<std::string, Error> Store::dead_letter(std::uint64_t seq, std::uint16_t index) const {
  return get(*impl_->rocks, Column::dead, row_key(seq, index),
             "dead letter " + std::to_string(seq) + "/" + std::to_string(index), seq);
}

}  // namespace sb::storage
