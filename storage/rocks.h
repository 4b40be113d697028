#pragma once
// Internal to the room: the RocksDB side of Store.
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "storage/side_file.h"
#include "storage/store.h"

namespace sb::storage {

inline constexpr std::array<const char*, kColumnCount> kColumnNames = {"journal",    "timeline", "content", "dedupe",
                                                                       "dedupe_age", "outbox",   "dead",    "snapshot"};

[[nodiscard]] Error to_error(const rocksdb::Status& status, const std::string& doing, std::uint64_t seq = 0);

// How this store's files are opened; the comments beside each setting in rocks.cpp say why.
struct RocksSettings {
  explicit RocksSettings(const Options& options);
  std::unique_ptr<rocksdb::Env> env;  // outlives the database
  rocksdb::DBOptions database;
  std::vector<rocksdb::ColumnFamilyDescriptor> columns;  // "default" first, then kColumnNames
};

// An open database and its handles. Read-only ones may lack columns (nullptr).
struct Rocks {
  Rocks() = default;
  Rocks(Rocks&&) = delete;
  ~Rocks();
  [[nodiscard]] rocksdb::ColumnFamilyHandle* column(Column which) const {
    return handles[static_cast<std::size_t>(which)];
  }
  std::unique_ptr<rocksdb::DB> db;
  rocksdb::ColumnFamilyHandle* default_handle = nullptr;
  std::array<rocksdb::ColumnFamilyHandle*, kColumnCount> handles{};
};

[[nodiscard]] std::expected<std::unique_ptr<Rocks>, Error> open_rocks(const RocksSettings& settings,
                                                                      const std::string& path, bool read_only);

struct JournalTail {
  std::uint64_t seq = 0;
  std::uint64_t chain = 0;
};

// The last record, after checking `records` back from it against the chain.
[[nodiscard]] std::expected<JournalTail, Error> check_tail(const Rocks& rocks, std::uint64_t records);

// Walks the journal checking the chain. Precondition: 1 <= from and to is not beyond the last record.
[[nodiscard]] std::expected<std::uint64_t, Error> walk_journal(const Rocks& rocks, std::uint64_t from, std::uint64_t to,
                                                               const Store::RecordVisitor& fn);

struct Store::Impl {
  explicit Impl(Options given) : options(std::move(given)), settings(options) {}

  [[nodiscard]] std::expected<void, Error> healthy() const;
  Error poison(Error error);  // remembers the first error and returns it
  // Writes `batch`, poisoning the store on failure.
  [[nodiscard]] std::expected<void, Error> write(rocksdb::WriteBatch& batch, bool sync, const std::string& doing);

  Options options;
  RocksSettings settings;
  std::optional<DirectoryLock> lock;
  std::optional<SideFile> side_file;
  std::unique_ptr<Rocks> rocks;

  std::atomic<std::uint64_t> last_seq{0};
  std::uint64_t chain = 0;             // of last_seq; the committer's
  rocksdb::WriteBatch commit_batch;    // the committer's, reused
  std::mutex dedupe_mutex;             // a prune must not delete the row a commit is just replacing
  std::uint64_t dedupe_pruned_to = 0;  // where the next prune starts looking; guarded by dedupe_mutex
  std::mutex snapshot_mutex;
  std::mutex backup_mutex;
  std::mutex write_mutex;  // RocksDB would queue its writers too, by a handshake that ThreadSanitizer cannot see

  mutable std::mutex poison_mutex;
  std::atomic<bool> poisoned{false};
  std::optional<Error> first_error;  // guarded by poison_mutex
};

}  // namespace sb::storage
