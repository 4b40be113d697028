#pragma once
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>

#include "storage/error.h"

namespace sb::storage {

// The file `last_seq`: big-endian u64 seq, u64 XXH3_64 of those eight bytes. Written after each commit and not synced,
// so what it says after a crash is a lower bound of what was durable, and never more. Owned by the committer.
class SideFile {
 public:
  // nullopt: there is no such file. Error::damaged: 16 bytes that do not agree; someone must look.
  [[nodiscard]] static std::expected<std::optional<std::uint64_t>, Error> read(const std::filesystem::path& path);

  // Creates the file (durably) holding `seq` or opens the existing one.
  [[nodiscard]] static std::expected<SideFile, Error> open(const std::filesystem::path& path, std::uint64_t seq);

  SideFile(SideFile&& other) noexcept;
  SideFile& operator=(SideFile&& other) noexcept;
  ~SideFile();

  [[nodiscard]] std::expected<void, Error> write(std::uint64_t seq);

 private:
  explicit SideFile(int fd) : fd_(fd) {}
  int fd_ = -1;
};

// flock on a file of the directory, held for the life of the object. Also refuses a second holder in the same process.
class DirectoryLock {
 public:
  [[nodiscard]] static std::expected<DirectoryLock, Error> take(const std::filesystem::path& directory);
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace sb::storage
