#include <rocksdb/utilities/backup_engine.h>

#include <charconv>
#include <utility>

#include "storage/rocks.h"
#include "storage/store.h"

// A backup is a flush of all column families at one write (atomic_flush) and a copy of the tables that the directory
// does not hold yet. No log files are copied: what was committed after the flush belongs to the next backup.
namespace sb::storage {
namespace {

std::expected<void, Error> must_be_absent_or_empty(const std::filesystem::path& target) {
  std::error_code code;
  if (!std::filesystem::exists(target, code)) return {};
  if (std::filesystem::is_directory(target, code) && std::filesystem::is_empty(target, code)) return {};
  return std::unexpected(Error{Error::not_empty, 0, target.string() + " is not empty; restore into a new directory"});
}

std::expected<std::uint64_t, Error> restore_files(const std::filesystem::path& backup_directory,
                                                  const std::filesystem::path& target) {
  rocksdb::BackupEngineReadOnly* raw = nullptr;
  auto opened = rocksdb::BackupEngineReadOnly::Open(rocksdb::Env::Default(),
                                                    rocksdb::BackupEngineOptions(backup_directory.string()), &raw);
  if (!opened.ok()) return std::unexpected(to_error(opened, "opening the backups in " + backup_directory.string()));
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(raw);
  rocksdb::BackupInfo info;
  if (auto found = engine->GetLatestBackupInfo(&info); !found.ok()) {
    return std::unexpected(Error{Error::not_found, 0, "no usable backup in " + backup_directory.string()});
  }
  std::uint64_t promised = 0;
  const auto& text = info.app_metadata;
  if (std::from_chars(text.data(), text.data() + text.size(), promised).ptr != text.data() + text.size()) {
    return std::unexpected(Error{Error::damaged, 0, "the backup does not say which record it holds"});
  }
  const std::string rocks = (target / "rocks").string();
  auto restored = engine->RestoreDBFromBackup(info.backup_id, rocks, rocks);
  if (!restored.ok()) return std::unexpected(to_error(restored, "restoring to " + target.string()));
  return promised;
}

std::expected<std::uint64_t, Error> check_restored(const std::filesystem::path& directory, std::uint64_t promised) {
  Options options;
  options.directory = directory;
  options.create_if_missing = false;
  options.wal_fill_bytes = 0;
  auto store = Store::open(std::move(options));
  if (!store) return std::unexpected(store.error());
  auto verified = (*store)->verify_all();
  if (!verified) return std::unexpected(verified.error());
  if (*verified < promised) {
    return std::unexpected(
        Error{Error::lost_tail, *verified,
              "the backup promises record " + std::to_string(promised) + " but ends at " + std::to_string(*verified)});
  }
  return *verified;
}

}  // namespace

std::expected<BackupResult, Error> Store::backup(const std::filesystem::path& directory, std::uint32_t keep) {
  if (keep == 0) return std::unexpected(Error{Error::invalid, 0, "a backup that keeps nothing"});
  const std::lock_guard guard(impl_->backup_mutex);
  if (auto fine = impl_->healthy(); !fine) return std::unexpected(fine.error());
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code) return std::unexpected(Error{Error::io, 0, directory.string() + ": " + code.message()});

  rocksdb::BackupEngineOptions engine_options(directory.string());
  engine_options.backup_log_files = false;
  rocksdb::BackupEngine* raw = nullptr;
  auto opened = rocksdb::BackupEngine::Open(impl_->settings.env.get(), engine_options, &raw);
  if (!opened.ok()) return std::unexpected(to_error(opened, "opening the backups in " + directory.string()));
  const std::unique_ptr<rocksdb::BackupEngine> engine(raw);

  BackupResult result{0, last_seq()};
  rocksdb::CreateBackupOptions create;
  create.flush_before_backup = true;
  auto created =
      engine->CreateNewBackupWithMetadata(create, impl_->rocks->db.get(), std::to_string(result.seq), &result.id);
  if (!created.ok()) return std::unexpected(to_error(created, "backing up to " + directory.string()));
  if (auto checked = engine->VerifyBackup(result.id); !checked.ok()) {
    return std::unexpected(to_error(checked, "checking the backup"));
  }
  if (auto purged = engine->PurgeOldBackups(keep); !purged.ok()) {
    return std::unexpected(to_error(purged, "removing old backups"));
  }
  return result;
}

std::expected<std::uint64_t, Error> Store::restore(const std::filesystem::path& backup_directory,
                                                   const std::filesystem::path& target) {
  if (auto empty = must_be_absent_or_empty(target); !empty) return std::unexpected(empty.error());
  std::error_code code;
  if (!std::filesystem::is_directory(backup_directory, code)) {
    return std::unexpected(Error{Error::not_found, 0, "no backup directory " + backup_directory.string()});
  }
  // Built and checked beside the target, which then appears whole.
  const std::filesystem::path building = target.string() + ".restoring";
  std::filesystem::remove_all(building, code);
  if (!code) std::filesystem::create_directories(building, code);
  if (code) return std::unexpected(Error{Error::io, 0, building.string() + ": " + code.message()});

  auto promised = restore_files(backup_directory, building);
  if (!promised) return std::unexpected(promised.error());
  auto last = check_restored(building, *promised);
  if (!last) return std::unexpected(last.error());
  std::filesystem::rename(building, target, code);
  if (code) return std::unexpected(Error{Error::io, 0, target.string() + ": " + code.message()});
  return *last;
}

}  // namespace sb::storage
