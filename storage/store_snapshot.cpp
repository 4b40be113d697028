#include <algorithm>
#include <utility>

#include "storage/chain.h"
#include "storage/keys.h"
#include "storage/rocks.h"
#include "storage/store.h"

// A snapshot is a row of chunks, key (seq, chunk), and one header, key (seq, kHeaderChunk), that says how long the
// whole is and what it hashes to. Chunks go in without sync, one small write each so that commits pass between them;
// the synced header comes last and makes the snapshot exist. Chunks without a header are what a crash left.
namespace sb::storage {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::uint32_t kHeaderChunk = 0xffffffff;  // sorts after all chunks
constexpr std::size_t kHeaderBytes = 16;            // u64 total bytes, u64 checksum
constexpr std::size_t kSnapshotsKept = 2;

std::string chunk_key(std::uint64_t seq, std::uint32_t chunk) {
  std::string key = seq_key(seq);
  append_be(key, chunk);
  return key;
}

std::unique_ptr<rocksdb::Iterator> iterate(const Rocks& rocks) {
  rocksdb::ReadOptions read;
  read.fill_cache = false;
  return std::unique_ptr<rocksdb::Iterator>(rocks.db->NewIterator(read, rocks.column(Column::snapshot)));
}

// Seqs that have a header, newest first.
std::expected<std::vector<std::uint64_t>, Error> complete_snapshots(const Rocks& rocks) {
  std::vector<std::uint64_t> found;
  auto at = iterate(rocks);
  at->SeekToLast();
  while (at->Valid() && at->key().size() == sizeof(std::uint64_t) + sizeof(std::uint32_t)) {
    const auto seq = read_be<std::uint64_t>(at->key().ToStringView());
    if (read_be<std::uint32_t>(at->key().ToStringView(), 8) == kHeaderChunk) found.push_back(seq);
    if (seq == 0) break;
    at->SeekForPrev(chunk_key(seq - 1, kHeaderChunk));
  }
  if (!at->status().ok()) return std::unexpected(to_error(at->status(), "listing snapshots"));
  return found;
}

}  // namespace

std::expected<void, Error> Store::put_snapshot(std::uint64_t seq, std::string_view value) {
  const std::lock_guard guard(impl_->snapshot_mutex);
  if (seq > last_seq()) {
    return std::unexpected(Error{Error::invalid, seq, "a snapshot cannot be newer than the last record"});
  }
  auto* column = impl_->rocks->column(Column::snapshot);
  auto known = complete_snapshots(*impl_->rocks);
  if (!known) return std::unexpected(known.error());
  std::erase(*known, seq);

  rocksdb::WriteBatch out;
  out.DeleteRange(column, chunk_key(seq, 0), seq_key(seq + 1));
  std::uint32_t chunk = 0;
  for (std::size_t at = 0; at < value.size(); at += kChunkBytes) {
    out.Put(column, chunk_key(seq, chunk++), value.substr(at, kChunkBytes));
    if (auto written = impl_->write(out, false, "writing a snapshot"); !written) return written;
    out.Clear();
  }
  std::string header;
  append_be(header, static_cast<std::uint64_t>(value.size()));
  append_be(header, checksum(value));
  out.Put(column, chunk_key(seq, kHeaderChunk), header);
  // Everything below the oldest one kept goes, headerless chunks of crashed attempts included.
  known->push_back(seq);
  std::ranges::sort(*known, std::greater());
  if (known->size() > kSnapshotsKept) {
    out.DeleteRange(column, chunk_key(0, 0), seq_key((*known)[kSnapshotsKept - 1]));
  }
  return impl_->write(out, true, "writing a snapshot");
}

std::expected<std::optional<Snapshot>, Error> Store::latest_snapshot(std::uint64_t at_most) const {
  auto known = complete_snapshots(*impl_->rocks);
  if (!known) return std::unexpected(known.error());
  const auto chosen = std::ranges::find_if(*known, [&](std::uint64_t seq) { return seq <= at_most; });
  if (chosen == known->end()) return std::nullopt;
  const auto damaged = [&](const char* what) {
    return std::unexpected(
        Error{Error::damaged, *chosen, "the snapshot of record " + std::to_string(*chosen) + " " + what});
  };
  Snapshot snapshot{*chosen, {}};
  auto at = iterate(*impl_->rocks);
  std::uint32_t chunk = 0;
  for (at->Seek(chunk_key(*chosen, 0)); at->Valid(); at->Next(), ++chunk) {
    const auto key = at->key().ToStringView();
    if (key == chunk_key(*chosen, kHeaderChunk)) break;
    if (key != chunk_key(*chosen, chunk)) return damaged("lacks a part");
    snapshot.value.append(at->value().ToStringView());
  }
  if (!at->status().ok()) return std::unexpected(to_error(at->status(), "reading a snapshot", *chosen));
  if (!at->Valid()) return damaged("has lost its header");
  const auto header = at->value().ToStringView();
  if (header.size() != kHeaderBytes || read_be<std::uint64_t>(header) != snapshot.value.size() ||
      read_be<std::uint64_t>(header, 8) != checksum(snapshot.value)) {
    return damaged("does not match its checksum");
  }
  return snapshot;
}

}  // namespace sb::storage
