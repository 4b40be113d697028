#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "storage/batch.h"
#include "storage/error.h"

namespace rocksdb {
class FileSystem;
}

namespace sb::storage {

struct Options {
  std::filesystem::path directory;  // created if missing; holds rocks/, last_seq and store.lock
  bool create_if_missing = true;

  // Memory. An idle process with these defaults stays well below 60 MB.
  std::size_t write_buffer_bytes = 16u << 20;  // all memtables together; a full one flushes every column family
  std::size_t block_cache_bytes = 8u << 20;

  // Write-ahead log: see docs/journal-format.md. 0 and 0 give RocksDB's ordinary growing logs.
  std::size_t recycled_wal_files = 4;
  std::size_t wal_fill_bytes = 16u << 20;  // size a new log is filled to before use
  std::uint64_t wal_bytes_max = 32u << 20;

  std::uint64_t verify_tail_records = 10'000;  // checked against the chain by every open

  // Test seams. `before_sync` runs before each sync of the log, and an error it returns becomes the result of that
  // sync. `file_system` replaces the operating system's files below RocksDB.
  std::function<std::error_code()> before_sync{};
  std::shared_ptr<rocksdb::FileSystem> file_system{};
};

struct Row {
  std::uint64_t seq;
  std::uint16_t index;
  std::string value;
};

struct DedupeRow {
  std::uint64_t seq;  // the record that answered
  std::string value;
};

struct Snapshot {
  std::uint64_t seq;
  std::string value;
};

struct PruneResult {
  std::size_t deleted = 0;
  bool more = false;  // call again: rows older than asked may remain
};

struct BackupResult {
  std::uint32_t id;   // counts up in one backup directory
  std::uint64_t seq;  // the backup holds this record and all before it, perhaps a few later ones too
};

// The durable store: bytes under keys, in RocksDB. It does not know what records mean.
//
// Threads: exactly one thread commits (the committer). Everything else may be called from any thread at any time.
// Durability: commit, put_snapshot and erase_content return after the data is on disk; write_unsynced and
// prune_dedupe do not wait and may be undone by a crash.
// Fail-stop: once a commit (or another write) has failed, the store is poisoned; every later write returns that same
// error and nothing is retried, because after a failed fsync nobody knows what the disk holds. Reads go on working.
// The owner is expected to exit. A closed store is one that was destroyed; nothing else needs to be called.
class Store {
 public:
  // Recovers, checks the tail of the chain and compares with `last_seq` before anything is changed: a store that is
  // refused (locked, lost_tail, damaged) is left as it was found.
  [[nodiscard]] static std::expected<std::unique_ptr<Store>, Error> open(Options options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // ---- writes
  // One synced write. The committer only. The batch is left as it is; clear() it for reuse.
  [[nodiscard]] std::expected<void, Error> commit(const Batch& batch);
  // The same without sync, for what may be done twice (outbox acknowledgements). No records allowed.
  [[nodiscard]] std::expected<void, Error> write_unsynced(const Batch& batch);
  // Deletes one body or attachment; deleting what is not there is no error. scrub_erased removes the bytes for good.
  [[nodiscard]] std::expected<void, Error> erase_content(std::uint64_t seq, std::uint16_t index);
  // Rewrites the content files so that erased bytes are gone from them. Minutes on a large store; a nightly job.
  [[nodiscard]] std::expected<void, Error> scrub_erased();
  // Forgets dedupe rows written by records before `before_seq`, oldest first, looking at no more than `rows_max`.
  [[nodiscard]] std::expected<PruneResult, Error> prune_dedupe(std::uint64_t before_seq, std::size_t rows_max = 1000);
  // Stores the state as of record `seq` (<= last_seq) and forgets all but the newest two. One thread at a time.
  [[nodiscard]] std::expected<void, Error> put_snapshot(std::uint64_t seq, std::string_view value);

  // ---- journal
  [[nodiscard]] std::uint64_t last_seq() const;  // 0: no record yet
  // The payload. not_found beyond last_seq, damaged if it or its link to the record before is broken.
  [[nodiscard]] std::expected<std::string, Error> read_record(std::uint64_t seq) const;
  // Calls fn(seq, payload) for from..to (both included, cut at last_seq) in order until it returns false. Returns how
  // many it called. Stops with damaged and the seq at the first record that is missing or does not fit the chain.
  using RecordVisitor = std::function<bool(std::uint64_t seq, std::string_view payload)>;
  [[nodiscard]] std::expected<std::uint64_t, Error> for_each_record(std::uint64_t from, std::uint64_t to,
                                                                    const RecordVisitor& fn) const;
  // Checks every record; returns how many there are.
  [[nodiscard]] std::expected<std::uint64_t, Error> verify_all() const;

  // ---- rows beside the journal
  // Rows of a customer with seq < before_seq, newest first.
  [[nodiscard]] std::expected<std::vector<Row>, Error> timeline(std::uint64_t customer, std::uint64_t before_seq,
                                                                std::size_t limit) const;
  // Rows of a customer with seq >= from_seq, oldest first.
  [[nodiscard]] std::expected<std::vector<Row>, Error> timeline_from(std::uint64_t customer, std::uint64_t from_seq,
                                                                     std::size_t limit) const;
  [[nodiscard]] std::expected<std::string, Error> content(std::uint64_t seq, std::uint16_t index) const;
  [[nodiscard]] std::expected<std::optional<DedupeRow>, Error> find_dedupe(std::uint16_t source,
                                                                           std::string_view key) const;
  // In key order until fn returns false; returns how many it called.
  using RowVisitor = std::function<bool(std::uint64_t seq, std::uint16_t index, std::string_view value)>;
  [[nodiscard]] std::expected<std::uint64_t, Error> for_each_outbox(const RowVisitor& fn) const;
  // Dead letters from key (from_seq, 0) on, oldest first.
  [[nodiscard]] std::expected<std::vector<Row>, Error> dead_letters(std::uint64_t from_seq, std::size_t limit) const;
  [[nodiscard]] std::expected<std::string, Error> dead_letter(std::uint64_t seq, std::uint16_t index) const;
  // The newest snapshot with seq <= at_most, if any. damaged names the snapshot's seq: ask again below it.
  [[nodiscard]] std::expected<std::optional<Snapshot>, Error> latest_snapshot(std::uint64_t at_most) const;

  // ---- backup
  // Adds a backup to `directory` (copying only files it does not hold yet) while the store runs, keeping the newest
  // `keep`. One at a time; a second caller waits.
  [[nodiscard]] std::expected<BackupResult, Error> backup(const std::filesystem::path& directory,
                                                          std::uint32_t keep = 7);
  // Restores the newest backup into `target`, which must not exist or be empty, and checks every record of it before
  // `target` appears. Returns the last seq.
  [[nodiscard]] static std::expected<std::uint64_t, Error> restore(const std::filesystem::path& backup_directory,
                                                                   const std::filesystem::path& target);

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sb::storage
