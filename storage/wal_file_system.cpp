#include "storage/wal_file_system.h"

#include <algorithm>
#include <utility>

namespace sb::storage {
namespace {

constexpr std::size_t kFillStepBytes = 1024 * 1024;

class WalFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WalFile(std::unique_ptr<rocksdb::FSWritableFile> file, bool whole,
          const std::function<std::error_code()>& before_sync)
      : FSWritableFileOwnerWrapper(std::move(file)), whole_(whole), before_sync_(before_sync) {}

  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    if (auto refused = ask(); !refused.ok()) return refused;
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    if (auto refused = ask(); !refused.ok()) return refused;
    return FSWritableFileOwnerWrapper::Fsync(options, debug);
  }
  void SetPreallocationBlockSize(std::size_t size) override {
    if (!whole_) FSWritableFileOwnerWrapper::SetPreallocationBlockSize(size);
  }

 private:
  rocksdb::IOStatus ask() const {
    if (!before_sync_) return rocksdb::IOStatus::OK();
    if (const std::error_code error = before_sync_()) {
      return rocksdb::IOStatus::IOError("sync of the write-ahead log", error.message());
    }
    return rocksdb::IOStatus::OK();
  }

  bool whole_;  // all blocks exist already
  std::function<std::error_code()> before_sync_;
};

}  // namespace

WalFileSystem::WalFileSystem(const std::shared_ptr<rocksdb::FileSystem>& base, std::size_t fill_bytes,
                             std::function<std::error_code()> before_sync)
    : FileSystemWrapper(base), fill_bytes_(fill_bytes), before_sync_(std::move(before_sync)) {}

rocksdb::IOStatus WalFileSystem::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                                 std::unique_ptr<rocksdb::FSWritableFile>* result,
                                                 rocksdb::IODebugContext* debug) {
  if (!name.ends_with(".log")) return FileSystemWrapper::NewWritableFile(name, options, result, debug);
  if (fill_bytes_ > 0) {
    // One name for all: what a crash leaves behind is truncated by the next use.
    const std::string spare = name.substr(0, name.find_last_of('/') + 1) + "wal.fill";
    if (auto made = make_filled(spare, options, debug); !made.ok()) return made;
    return ReuseWritableFile(name, spare, options, result, debug);
  }
  std::unique_ptr<rocksdb::FSWritableFile> file;
  auto status = FileSystemWrapper::NewWritableFile(name, options, &file, debug);
  if (status.ok()) *result = std::make_unique<WalFile>(std::move(file), false, before_sync_);
  return status;
}

rocksdb::IOStatus WalFileSystem::ReuseWritableFile(const std::string& name, const std::string& old_name,
                                                   const rocksdb::FileOptions& options,
                                                   std::unique_ptr<rocksdb::FSWritableFile>* result,
                                                   rocksdb::IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  auto status = FileSystemWrapper::ReuseWritableFile(name, old_name, options, &file, debug);
  if (status.ok()) *result = std::make_unique<WalFile>(std::move(file), true, before_sync_);
  return status;
}

rocksdb::IOStatus WalFileSystem::make_filled(const std::string& name, const rocksdb::FileOptions& options,
                                             rocksdb::IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  auto status = FileSystemWrapper::NewWritableFile(name, options, &file, debug);
  const std::string zeros(std::min(fill_bytes_, kFillStepBytes), '\0');
  for (std::size_t left = fill_bytes_; status.ok() && left > 0;) {
    const std::size_t step = std::min(left, zeros.size());
    status = file->Append(rocksdb::Slice(zeros.data(), step), options.io_options, debug);
    left -= step;
  }
  if (status.ok()) status = file->Sync(options.io_options, debug);
  if (status.ok()) status = file->Close(options.io_options, debug);
  return status;
}

}  // namespace sb::storage
