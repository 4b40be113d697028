#include "storage/rocks.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/table_properties_collectors.h>

#include <algorithm>

#include "storage/chain.h"
#include "storage/keys.h"
#include "storage/wal_file_system.h"

namespace sb::storage {
namespace {

rocksdb::DBOptions database_options(const Options& options, rocksdb::Env* env) {
  rocksdb::DBOptions db;
  db.env = env;
  db.create_if_missing = options.create_if_missing;
  db.create_missing_column_families = true;
  db.paranoid_checks = true;

  // The log. Recycling needs point-in-time recovery, which ends silently at damage; the chain and last_seq speak up.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  db.recycle_log_file_num = options.recycled_wal_files;
  db.max_total_wal_size = options.wal_bytes_max;
  // All column families are cut at the same write: a backup needs no log files to be consistent.
  db.atomic_flush = true;
  // One committer and rare side writes: concurrent memtable insertion and spinning writers only cost.
  db.allow_concurrent_memtable_write = false;
  db.enable_write_thread_adaptive_yield = false;

  // Fail-stop: never resume by itself after a background error.
  db.max_bgerror_resume_count = 0;

  db.db_write_buffer_size = options.write_buffer_bytes;
  db.max_background_jobs = 2;
  db.max_open_files = 256;
  db.bytes_per_sync = 1u << 20;
  db.skip_stats_update_on_db_open = true;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.keep_log_file_num = 4;
  db.max_log_file_size = 4u << 20;
  return db;
}

rocksdb::ColumnFamilyOptions column_options(Column column, std::size_t write_buffer_bytes,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;  // inside the cache's bound, not beside it
  table.format_version = 5;
  table.block_size = 16 * 1024;
  // Point reads of keys that are mostly absent.
  if (column == Column::dedupe) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));

  rocksdb::ColumnFamilyOptions family;
  // One compression on every level: ascending keys never overlap, so files then move down by name (RocksDB moves a file
  // only if the target level compresses alike) and a journal record is written once to the log and once to a table.
  family.compression = rocksdb::kLZ4Compression;
  family.bottommost_compression = rocksdb::kDisableCompressionOption;
  family.write_buffer_size = write_buffer_bytes;
  family.max_write_buffer_number = 3;
  // The default, an eighth of the buffer up to 1 MiB, is idle memory once per family.
  family.arena_block_size = std::clamp<std::size_t>(write_buffer_bytes / 8, 4096, 256 * 1024);
  family.target_file_size_base = 32u << 20;
  family.max_bytes_for_level_base = 128u << 20;
  // Queues leave runs of deletions where reading starts; compact files that are mostly such.
  if (column == Column::outbox || column == Column::dead || column == Column::dedupe_age) {
    family.table_properties_collector_factories.push_back(rocksdb::NewCompactOnDeletionCollectorFactory(1000, 500));
  }
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

}  // namespace

Error to_error(const rocksdb::Status& status, const std::string& doing, std::uint64_t seq) {
  Error::Code code = Error::io;
  if (status.IsCorruption()) code = Error::damaged;
  if (status.IsNotFound()) code = Error::not_found;
  if (status.IsInvalidArgument()) code = Error::unsupported;
  return {code, seq, doing + ": " + status.ToString()};
}

RocksSettings::RocksSettings(const Options& options) {
  auto base = options.file_system ? options.file_system : rocksdb::FileSystem::Default();
  env = rocksdb::NewCompositeEnv(std::make_shared<WalFileSystem>(base, options.wal_fill_bytes, options.before_sync));
  database = database_options(options, env.get());
  const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes, 2);
  columns.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  for (std::size_t i = 0; i < kColumnCount; ++i) {
    columns.emplace_back(kColumnNames[i], column_options(static_cast<Column>(i), options.write_buffer_bytes, cache));
  }
}

Rocks::~Rocks() {
  if (!db) return;
  for (auto* handle : handles) {
    if (handle) db->DestroyColumnFamilyHandle(handle);
  }
  if (default_handle) db->DestroyColumnFamilyHandle(default_handle);
  db->Close();
}

std::expected<std::unique_ptr<Rocks>, Error> open_rocks(const RocksSettings& settings, const std::string& path,
                                                        bool read_only) {
  auto columns = settings.columns;
  if (read_only) {
    std::vector<std::string> present;
    auto listed = rocksdb::DB::ListColumnFamilies(settings.database, path, &present);
    if (!listed.ok()) return std::unexpected(to_error(listed, "reading " + path));
    std::erase_if(columns,
                  [&](const auto& column) { return std::ranges::find(present, column.name) == present.end(); });
  }
  rocksdb::DB* raw = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> opened;
  const auto status = read_only ? rocksdb::DB::OpenForReadOnly(settings.database, path, columns, &opened, &raw)
                                : rocksdb::DB::Open(settings.database, path, columns, &opened, &raw);
  if (!status.ok()) return std::unexpected(to_error(status, "opening " + path));
  auto rocks = std::make_unique<Rocks>();
  rocks->db.reset(raw);
  for (std::size_t i = 0; i < opened.size(); ++i) {
    const auto at =
        std::ranges::find(kColumnNames, columns[i].name, [](const char* name) { return std::string(name); });
    if (at == kColumnNames.end()) {
      rocks->default_handle = opened[i];
    } else {
      rocks->handles[static_cast<std::size_t>(at - kColumnNames.begin())] = opened[i];
    }
  }
  return rocks;
}

std::expected<JournalTail, Error> check_tail(const Rocks& rocks, std::uint64_t records) {
  JournalTail tail;
  auto* journal = rocks.column(Column::journal);
  if (!journal) return tail;  // a store whose very first open was interrupted
  {
    std::unique_ptr<rocksdb::Iterator> last(rocks.db->NewIterator(rocksdb::ReadOptions(), journal));
    last->SeekToLast();
    if (!last->status().ok()) return std::unexpected(to_error(last->status(), "reading the last record"));
    if (!last->Valid()) return tail;
    if (last->key().size() != sizeof(std::uint64_t)) {
      return std::unexpected(Error{Error::damaged, 0, "the journal holds a key that is no sequence number"});
    }
    tail.seq = read_be<std::uint64_t>(last->key().ToStringView());
    auto frame = parse_frame(tail.seq, last->value().ToStringView());
    if (!frame) return std::unexpected(frame.error());
    tail.chain = frame->chain;
  }
  const std::uint64_t from = tail.seq > records ? tail.seq - records + 1 : 1;
  auto walked = walk_journal(rocks, from, tail.seq, [](std::uint64_t, std::string_view) { return true; });
  if (!walked) return std::unexpected(walked.error());
  return tail;
}

std::expected<std::uint64_t, Error> walk_journal(const Rocks& rocks, std::uint64_t from, std::uint64_t to,
                                                 const Store::RecordVisitor& fn) {
  if (from > to) return 0;
  rocksdb::ReadOptions read;
  read.fill_cache = false;  // a walk must not push out what point reads need
  read.readahead_size = 256 * 1024;
  std::unique_ptr<rocksdb::Iterator> at(rocks.db->NewIterator(read, rocks.column(Column::journal)));
  const auto broken = [&](std::uint64_t seq) {
    if (!at->status().ok()) return to_error(at->status(), "reading record " + std::to_string(seq), seq);
    return Error{Error::damaged, seq, "record " + std::to_string(seq) + " is missing"};
  };
  const auto stands_on = [&](std::uint64_t seq) {
    return at->Valid() && at->key().ToStringView() == std::string_view(seq_key(seq));
  };
  std::uint64_t chain = kChainStart;
  at->Seek(seq_key(from - 1 > 0 ? from - 1 : from));
  if (from > 1) {
    if (!stands_on(from - 1)) return std::unexpected(broken(from - 1));
    auto before = parse_frame(from - 1, at->value().ToStringView());
    if (!before) return std::unexpected(before.error());
    chain = before->chain;
    at->Next();
  }
  std::uint64_t called = 0;
  for (std::uint64_t seq = from; seq <= to; ++seq, at->Next()) {
    if (!stands_on(seq)) return std::unexpected(broken(seq));
    auto frame = check_frame(chain, seq, at->value().ToStringView());
    if (!frame) return std::unexpected(frame.error());
    chain = frame->chain;
    ++called;
    if (!fn(seq, frame->payload)) break;
    if (seq == to) break;
  }
  return called;
}

}  // namespace sb::storage
