#pragma once
// Internal to the room: the only header here, with rocks.h, that shows RocksDB.
#include <rocksdb/file_system.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <system_error>

namespace sb::storage {

// Write-ahead log files that cost no metadata flush. fdatasync of a file that grows must also write its inode; of a
// file whose blocks are already written, only the data. RocksDB recycles old logs for that reason, but only after the
// first ones have been filled and emptied, and never over a restart. So a new log is created by filling a spare file
// with zeros, syncing it once, and letting RocksDB "recycle" that. Recovery skips the zeros as it skips preallocated
// space. Logs are also not truncated when closed (RocksDB does so when it preallocated), to stay reusable whole.
class WalFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  // `fill_bytes` 0 leaves new logs to RocksDB. `before_sync`, if set, runs before every sync of a log; an error it
  // returns is the result of that sync, which then does not happen.
  WalFileSystem(const std::shared_ptr<rocksdb::FileSystem>& base, std::size_t fill_bytes,
                std::function<std::error_code()> before_sync);

  static const char* kClassName() { return "WalFileSystem"; }
  const char* Name() const override { return kClassName(); }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& name, const std::string& old_name,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* result,
                                      rocksdb::IODebugContext* debug) override;

 private:
  rocksdb::IOStatus make_filled(const std::string& name, const rocksdb::FileOptions& options,
                                rocksdb::IODebugContext* debug);

  std::size_t fill_bytes_;
  std::function<std::error_code()> before_sync_;
};

}  // namespace sb::storage
