#include "storage/side_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "storage/chain.h"
#include "storage/keys.h"

namespace sb::storage {
namespace {

constexpr std::size_t kSideFileBytes = 16;

Error system_error(const std::string& what, const std::filesystem::path& path) {
  return {Error::io, 0, what + " " + path.string() + ": " + std::generic_category().message(errno)};
}

std::string encode(std::uint64_t seq) {
  std::string bytes = seq_key(seq);
  append_be(bytes, checksum(bytes));
  return bytes;
}

void close_fd(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

}  // namespace

std::expected<std::optional<std::uint64_t>, Error> SideFile::read(const std::filesystem::path& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT) return std::nullopt;
    return std::unexpected(system_error("cannot open", path));
  }
  std::array<char, kSideFileBytes + 1> bytes{};
  const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), 0);
  close_fd(fd);
  if (got < 0) return std::unexpected(system_error("cannot read", path));
  const std::string_view text(bytes.data(), static_cast<std::size_t>(got));
  if (text.size() != kSideFileBytes || read_be<std::uint64_t>(text, 8) != checksum(text.substr(0, 8))) {
    return std::unexpected(Error{Error::damaged, 0,
                                 path.string() + " is damaged: check the journal with a full verification, then remove "
                                                 "the file to accept what was recovered"});
  }
  return read_be<std::uint64_t>(text);
}

std::expected<SideFile, Error> SideFile::open(const std::filesystem::path& path, std::uint64_t seq) {
  int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd >= 0) return SideFile(fd);
  const std::filesystem::path fresh = path.string() + ".new";
  fd = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return std::unexpected(system_error("cannot create", fresh));
  SideFile file(fd);
  if (auto written = file.write(seq); !written) return std::unexpected(written.error());
  if (::fsync(fd) != 0) return std::unexpected(system_error("cannot sync", fresh));
  if (::rename(fresh.c_str(), path.c_str()) != 0) return std::unexpected(system_error("cannot rename", fresh));
  return file;
}

std::expected<void, Error> SideFile::write(std::uint64_t seq) {
  const std::string bytes = encode(seq);
  if (::pwrite(fd_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return std::unexpected(system_error("cannot write", "last_seq"));
  }
  return {};
}

SideFile::SideFile(SideFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
SideFile& SideFile::operator=(SideFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
SideFile::~SideFile() {
  close_fd(fd_);
}

std::expected<DirectoryLock, Error> DirectoryLock::take(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / "store.lock";
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return std::unexpected(system_error("cannot open", path));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const bool held = errno == EWOULDBLOCK;
    Error error = system_error("cannot lock", path);
    close_fd(fd);
    if (held) error = {Error::locked, 0, directory.string() + " is in use by another running store"};
    return std::unexpected(std::move(error));
  }
  return DirectoryLock(fd);
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
DirectoryLock::~DirectoryLock() {
  close_fd(fd_);
}

}  // namespace sb::storage
