#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "crm/identity.h"

namespace sb::crm {

namespace {

Error io_error(const std::filesystem::path& path, const char* doing) {
  return {Error::io, std::string(doing) + " " + path.string() + ": " + std::strerror(errno)};
}

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

// Writes beside the name and links it into place, so that a crash leaves no half key and two starting processes agree
// on one.
std::expected<void, Error> create_key(const std::filesystem::path& path) {
  std::array<unsigned char, IdentityHasher::kKeyBytes> key{};
  randombytes_buf(key.data(), key.size());
  const std::filesystem::path draft = path.string() + ".new." + std::to_string(::getpid());
  const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.fd() < 0) return std::unexpected(io_error(draft, "creating"));
  const bool written =
      ::write(file.fd(), key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(file.fd()) == 0;
  sodium_memzero(key.data(), key.size());
  std::expected<void, Error> result;
  if (!written) {
    result = std::unexpected(io_error(draft, "writing"));
  } else if (::link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    result = std::unexpected(io_error(path, "creating"));
  }
  ::unlink(draft.c_str());
  if (!result) return result;
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const File directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.fd() < 0 || ::fsync(directory.fd()) != 0) return std::unexpected(io_error(parent, "syncing"));
  return {};
}

}  // namespace

std::expected<IdentityHasher, Error> IdentityHasher::open(const std::filesystem::path& key_file) {
  if (sodium_init() < 0) return std::unexpected(Error{Error::io, "libsodium cannot initialise"});
  if (::access(key_file.c_str(), F_OK) != 0) {
    if (auto created = create_key(key_file); !created) return std::unexpected(created.error());
  }
  const File file(::open(key_file.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd() < 0) return std::unexpected(io_error(key_file, "opening"));
  std::array<unsigned char, kKeyBytes + 1> bytes{};
  const ssize_t count = ::read(file.fd(), bytes.data(), bytes.size());
  if (count < 0) return std::unexpected(io_error(key_file, "reading"));
  if (count != static_cast<ssize_t>(kKeyBytes)) {
    return std::unexpected(Error{Error::damaged, key_file.string() + " does not hold exactly 32 bytes"});
  }
  IdentityHasher hasher;
  std::copy_n(bytes.begin(), kKeyBytes, hasher.key_.begin());
  sodium_memzero(bytes.data(), bytes.size());
  return hasher;
}

IdentityHasher::~IdentityHasher() {
  sodium_memzero(key_.data(), key_.size());
}

IdentityHash IdentityHasher::hash(const Address& address) const {
  crypto_generichash_state state;
  std::array<unsigned char, crypto_generichash_BYTES_MIN> out{};
  static_assert(crypto_generichash_BYTES_MIN == 16);
  const auto feed = [&](std::string_view part) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
  };
  crypto_generichash_init(&state, key_.data(), key_.size(), out.size());
  feed(address.kind);
  feed(std::string_view("\0", 1));
  feed(address.value);
  crypto_generichash_final(&state, out.data(), out.size());
  IdentityHash hash;
  std::memcpy(&hash.high, out.data(), 8);
  std::memcpy(&hash.low, out.data() + 8, 8);
  if (!hash) hash.low = 1;  // zero means none
  return hash;
}

}  // namespace sb::crm
