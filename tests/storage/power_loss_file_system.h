#pragma once
#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>

namespace sb::storage {

// A disk with a write cache: what is appended to a log reaches the file below at the next sync, and after lose_power()
// nothing reaches it any more. Only logs (*.log) are held back; tables and manifests are synced before they count.
class PowerLossFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit PowerLossFileSystem(const std::shared_ptr<rocksdb::FileSystem>& base) : FileSystemWrapper(base) {}
  static const char* kClassName() { return "PowerLossFileSystem"; }
  const char* Name() const override { return kClassName(); }

  void lose_power() { *off_ = true; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override {
    auto status = FileSystemWrapper::NewWritableFile(name, options, result, debug);
    if (status.ok()) hold_back(name, result);
    return status;
  }
  rocksdb::IOStatus ReuseWritableFile(const std::string& name, const std::string& old_name,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* result,
                                      rocksdb::IODebugContext* debug) override {
    auto status = FileSystemWrapper::ReuseWritableFile(name, old_name, options, result, debug);
    if (status.ok()) hold_back(name, result);
    return status;
  }

 private:
  class Held final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    Held(std::unique_ptr<rocksdb::FSWritableFile> file, std::shared_ptr<std::atomic<bool>> off)
        : FSWritableFileOwnerWrapper(std::move(file)), off_(std::move(off)) {}
    using FSWritableFileOwnerWrapper::Append;
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
      cache_.append(data.data(), data.size());
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions&,
                             const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext*) override {
      cache_.append(data.data(), data.size());
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
      if (*off_) return rocksdb::IOStatus::IOError("no power");
      auto status = FSWritableFileOwnerWrapper::Append(cache_, options, debug);
      cache_.clear();
      return status.ok() ? FSWritableFileOwnerWrapper::Sync(options, debug) : status;
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
      return Sync(options, debug);
    }

   private:
    std::shared_ptr<std::atomic<bool>> off_;
    std::string cache_;
  };

  void hold_back(const std::string& name, std::unique_ptr<rocksdb::FSWritableFile>* file) {
    if (name.ends_with(".log")) *file = std::make_unique<Held>(std::move(*file), off_);
  }

  std::shared_ptr<std::atomic<bool>> off_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace sb::storage
