#include "storage/store.h"

#include <utility>

#include "storage/chain.h"
#include "storage/keys.h"
#include "storage/rocks.h"

namespace sb::storage {
namespace {

std::expected<void, Error> make_directory(const std::filesystem::path& directory, bool create) {
  std::error_code code;
  if (create) std::filesystem::create_directories(directory, code);
  if (!code && !std::filesystem::is_directory(directory, code)) code = std::make_error_code(std::errc::not_a_directory);
  if (code) return std::unexpected(Error{Error::io, 0, directory.string() + ": " + code.message()});
  return {};
}

Error lost_tail(std::uint64_t recovered, std::uint64_t durable) {
  return {Error::lost_tail, recovered,
          "recovered records up to " + std::to_string(recovered) + ", but record " + std::to_string(durable) +
              " was once durable; restore a backup, or remove the file last_seq to go on without the lost records"};
}

// Replays what is on disk into memory without changing a file, so that a refusal leaves all evidence in place.
std::expected<void, Error> look_first(const RocksSettings& settings, const std::string& path, std::uint64_t durable,
                                      std::uint64_t records) {
  auto rocks = open_rocks(settings, path, true);
  if (!rocks) return std::unexpected(rocks.error());
  auto tail = check_tail(**rocks, records);
  if (!tail) return std::unexpected(tail.error());
  if (tail->seq < durable) return std::unexpected(lost_tail(tail->seq, durable));
  return {};
}

}  // namespace

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

std::expected<std::unique_ptr<Store>, Error> Store::open(Options options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  const std::filesystem::path& directory = impl->options.directory;
  if (auto made = make_directory(directory, impl->options.create_if_missing); !made) {
    return std::unexpected(made.error());
  }
  auto lock = DirectoryLock::take(directory);
  if (!lock) return std::unexpected(lock.error());
  impl->lock = std::move(*lock);

  const std::filesystem::path side_path = directory / "last_seq";
  auto durable = SideFile::read(side_path);
  if (!durable) return std::unexpected(durable.error());
  const std::uint64_t lower_bound = durable->value_or(0);

  const std::string path = (directory / "rocks").string();
  std::error_code code;
  const bool exists = std::filesystem::exists(path + "/CURRENT", code);
  if (!exists && lower_bound > 0) return std::unexpected(lost_tail(0, lower_bound));
  if (exists) {
    auto looked = look_first(impl->settings, path, lower_bound, impl->options.verify_tail_records);
    if (!looked) return std::unexpected(looked.error());
  }
  auto rocks = open_rocks(impl->settings, path, false);
  if (!rocks) return std::unexpected(rocks.error());
  impl->rocks = std::move(*rocks);
  auto tail = check_tail(*impl->rocks, 1);
  if (!tail) return std::unexpected(tail.error());
  if (tail->seq < lower_bound) return std::unexpected(lost_tail(tail->seq, lower_bound));
  impl->last_seq = tail->seq;
  impl->chain = tail->chain;

  auto side_file = SideFile::open(side_path, tail->seq);
  if (!side_file) return std::unexpected(side_file.error());
  impl->side_file = std::move(*side_file);
  if (auto written = impl->side_file->write(tail->seq); !written) return std::unexpected(written.error());
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

std::expected<void, Error> Store::Impl::healthy() const {
  if (!poisoned.load(std::memory_order_acquire)) return {};
  const std::lock_guard guard(poison_mutex);
  return std::unexpected(*first_error);
}

Error Store::Impl::poison(Error error) {
  const std::lock_guard guard(poison_mutex);
  if (!first_error) first_error = std::move(error);
  poisoned.store(true, std::memory_order_release);
  return *first_error;
}

std::expected<void, Error> Store::Impl::write(rocksdb::WriteBatch& batch, bool sync, const std::string& doing) {
  if (auto fine = healthy(); !fine) return fine;
  rocksdb::WriteOptions write_options;
  write_options.sync = sync;
  const std::lock_guard one_at_a_time(write_mutex);
  const auto status = rocks->db->Write(write_options, &batch);
  if (!status.ok()) return std::unexpected(poison(to_error(status, doing, last_seq)));
  return {};
}

std::expected<void, Error> Store::commit(const Batch& batch) {
  if (auto fine = impl_->healthy(); !fine) return fine;
  if (batch.too_large_) {
    return std::unexpected(impl_->poison({Error::too_large, 0, "a key or value of the batch is too large"}));
  }
  std::unique_lock dedupe_guard(impl_->dedupe_mutex, std::defer_lock);
  if (batch.has_dedupe_) dedupe_guard.lock();

  auto& out = impl_->commit_batch;
  out.Clear();
  std::uint64_t seq = impl_->last_seq.load(std::memory_order_relaxed);
  std::uint64_t chain = impl_->chain;
  const std::string_view buffer = batch.buffer_;
  for (const auto& operation : batch.operations_) {
    const auto key = buffer.substr(operation.offset, operation.key_bytes);
    const auto value = buffer.substr(operation.offset + operation.key_bytes, operation.value_bytes);
    auto* column = impl_->rocks->column(operation.column);
    if (operation.column == Column::journal) {
      const auto given = read_be<std::uint64_t>(key);
      if (given != seq + 1) {
        return std::unexpected(
            impl_->poison({Error::out_of_order, given,
                           "record " + std::to_string(given) + " cannot follow record " + std::to_string(seq)}));
      }
      seq = given;
      chain = chain_next(chain, seq, value);
      const std::string header = frame_header(chain, value);
      const rocksdb::Slice key_parts[] = {key};
      const rocksdb::Slice value_parts[] = {header, value};
      out.Put(column, rocksdb::SliceParts(key_parts, 1), rocksdb::SliceParts(value_parts, 2));
    } else if (operation.remove) {
      out.Delete(column, key);
    } else {
      out.Put(column, key, value);
    }
  }
  if (auto written = impl_->write(out, true, "committing up to record " + std::to_string(seq)); !written) {
    return written;
  }
  if (seq == impl_->last_seq.load(std::memory_order_relaxed)) return {};
  impl_->chain = chain;
  impl_->last_seq.store(seq, std::memory_order_release);
  if (auto noted = impl_->side_file->write(seq); !noted) return std::unexpected(impl_->poison(noted.error()));
  return {};
}

std::expected<void, Error> Store::write_unsynced(const Batch& batch) {
  if (batch.too_large_) return std::unexpected(Error{Error::too_large, 0, "a key or value of the batch is too large"});
  if (batch.records_ > 0) return std::unexpected(Error{Error::invalid, 0, "records must be committed"});
  std::unique_lock dedupe_guard(impl_->dedupe_mutex, std::defer_lock);
  if (batch.has_dedupe_) dedupe_guard.lock();
  rocksdb::WriteBatch out;
  const std::string_view buffer = batch.buffer_;
  for (const auto& operation : batch.operations_) {
    const auto key = buffer.substr(operation.offset, operation.key_bytes);
    auto* column = impl_->rocks->column(operation.column);
    if (operation.remove) {
      out.Delete(column, key);
    } else {
      out.Put(column, key, buffer.substr(operation.offset + operation.key_bytes, operation.value_bytes));
    }
  }
  return impl_->write(out, false, "writing without sync");
}

std::expected<void, Error> Store::erase_content(std::uint64_t seq, std::uint16_t index) {
  rocksdb::WriteBatch out;
  out.Delete(impl_->rocks->column(Column::content), row_key(seq, index));
  return impl_->write(out, true, "erasing content");
}

std::expected<void, Error> Store::scrub_erased() {
  if (auto fine = impl_->healthy(); !fine) return fine;
  rocksdb::CompactRangeOptions range;
  range.exclusive_manual_compaction = false;
  range.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  auto status = impl_->rocks->db->CompactRange(range, impl_->rocks->column(Column::content), nullptr, nullptr);
  if (status.ok()) {
    // The compaction reports its end before its thread has removed the old tables. Listing the logs waits for every
    // removal under way, and is the one public call that does.
    rocksdb::VectorLogPtr logs;
    status = impl_->rocks->db->GetSortedWalFiles(logs);
  }
  if (!status.ok()) return std::unexpected(impl_->poison(to_error(status, "scrubbing erased content")));
  return {};
}

std::expected<PruneResult, Error> Store::prune_dedupe(std::uint64_t before_seq, std::size_t rows_max) {
  const std::lock_guard guard(impl_->dedupe_mutex);
  PruneResult result;
  rocksdb::WriteBatch out;
  auto* rows = impl_->rocks->column(Column::dedupe);
  auto* ages = impl_->rocks->column(Column::dedupe_age);
  rocksdb::ReadOptions read;
  const std::string end = seq_key(before_seq);
  const rocksdb::Slice end_slice = end;
  read.iterate_upper_bound = &end_slice;
  std::unique_ptr<rocksdb::Iterator> at(impl_->rocks->db->NewIterator(read, ages));
  std::uint64_t reached = impl_->dedupe_pruned_to;
  for (at->Seek(seq_key(reached)); at->Valid() && result.deleted < rows_max; at->Next()) {
    const auto age_key = at->key().ToStringView();
    if (age_key.size() < sizeof(std::uint64_t)) {
      return std::unexpected(Error{Error::damaged, 0, "the dedupe age index holds a key that is too short"});
    }
    reached = read_be<std::uint64_t>(age_key);
    const auto row = age_key.substr(sizeof(std::uint64_t));
    std::string stored;
    const auto got = impl_->rocks->db->Get(rocksdb::ReadOptions(), rows, row, &stored);
    if (!got.ok() && !got.IsNotFound()) return std::unexpected(to_error(got, "reading a dedupe row"));
    // A key that was answered again since has a younger row and its own younger index entry.
    const bool same = got.ok() && stored.size() >= sizeof(reached) && read_be<std::uint64_t>(stored) == reached;
    if (same) out.Delete(rows, row);
    out.Delete(ages, age_key);
    ++result.deleted;
  }
  if (!at->status().ok()) return std::unexpected(to_error(at->status(), "reading the dedupe age index"));
  result.more = at->Valid();
  if (result.deleted > 0) {
    if (auto written = impl_->write(out, false, "pruning dedupe"); !written) return std::unexpected(written.error());
  }
  impl_->dedupe_pruned_to = reached;
  return result;
}

}  // namespace sb::storage
