#include "storage/key_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>

namespace sb::storage {

namespace {

std::unexpected<Error> io_error(const char* doing, const std::filesystem::path& path) {
  return std::unexpected(
      Error{Error::io, 0, std::string(doing) + " " + path.string() + ": " + std::generic_category().message(errno)});
}

class File {
 public:
  File(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

std::expected<void, Error> write_draft(const std::filesystem::path& draft) {
  const File file(draft, O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  if (!file.is_open()) return io_error("cannot create", draft);
  std::array<unsigned char, kKeyFileBytes> key{};
  randombytes_buf(key.data(), key.size());
  const bool written =
      ::write(file.fd(), key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(file.fd()) == 0;
  sodium_memzero(key.data(), key.size());
  if (!written) return io_error("cannot write", draft);
  return {};
}

// Written beside the name and linked into place: the name is there with the whole key or not at all, and the first of
// several wins.
std::expected<void, Error> create_key(const std::filesystem::path& path) {
  const std::filesystem::path draft =
      path.string() + ".new." + std::to_string(::getpid()) + "." + std::to_string(randombytes_random());
  auto result = write_draft(draft);
  if (result && ::link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST) result = io_error("cannot create", path);
  ::unlink(draft.c_str());
  if (!result) return result;
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const File directory(parent, O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || ::fsync(directory.fd()) != 0) return io_error("cannot sync", parent);
  return {};
}

}  // namespace

std::expected<void, Error> read_or_create_key(const std::filesystem::path& path,
                                              std::span<unsigned char, kKeyFileBytes> key) {
  if (sodium_init() < 0) return std::unexpected(Error{Error::io, 0, "libsodium cannot initialise"});
  if (::access(path.c_str(), F_OK) != 0) {
    if (auto created = create_key(path); !created) return created;
  }
  const File file(path, O_RDONLY);
  if (!file.is_open()) return io_error("cannot open", path);
  std::array<unsigned char, kKeyFileBytes + 1> bytes{};
  const ssize_t count = ::read(file.fd(), bytes.data(), bytes.size());
  if (count < 0) return io_error("cannot read", path);
  if (count != static_cast<ssize_t>(kKeyFileBytes)) {
    return std::unexpected(Error{Error::damaged, 0, path.string() + " does not hold exactly 32 bytes"});
  }
  std::copy_n(bytes.begin(), kKeyFileBytes, key.begin());
  sodium_memzero(bytes.data(), bytes.size());
  return {};
}

}  // namespace sb::storage
