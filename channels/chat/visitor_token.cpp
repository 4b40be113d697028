#include "channels/chat/visitor_token.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>

namespace sb::chat {

namespace {

constexpr std::size_t kTokenBytes = VisitorTokens::kIdBytes + VisitorTokens::kMacBytes;

crm::Error io_error(const std::filesystem::path& path, const char* doing) {
  return {crm::Error::io, std::string(doing) + " " + path.string() + ": " + std::strerror(errno)};
}

std::string to_base64url(std::span<const unsigned char> bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();  // the terminating zero
  return out;
}

// Writes a draft and links it into place: a crash leaves no half key, and two starting processes agree on one.
std::expected<void, crm::Error> create_key(const std::filesystem::path& path) {
  std::array<unsigned char, VisitorTokens::kKeyBytes> key{};
  randombytes_buf(key.data(), key.size());
  const std::filesystem::path draft = path.string() + ".new." + std::to_string(::getpid());
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return std::unexpected(io_error(draft, "creating"));
  const bool written = ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(fd) == 0;
  std::expected<void, crm::Error> result;
  if (!written) {
    result = std::unexpected(io_error(draft, "writing"));
  } else if (::link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    result = std::unexpected(io_error(path, "creating"));
  }
  ::close(fd);
  ::unlink(draft.c_str());
  sodium_memzero(key.data(), key.size());
  return result;
}

}  // namespace

std::expected<VisitorTokens, crm::Error> VisitorTokens::open(const std::filesystem::path& key_file) {
  if (sodium_init() < 0) return std::unexpected(crm::Error{crm::Error::io, "libsodium cannot initialise"});
  if (::access(key_file.c_str(), F_OK) != 0) {
    if (auto created = create_key(key_file); !created) return std::unexpected(created.error());
  }
  const int fd = ::open(key_file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::unexpected(io_error(key_file, "opening"));
  std::array<unsigned char, kKeyBytes + 1> bytes{};
  const ssize_t count = ::read(fd, bytes.data(), bytes.size());
  ::close(fd);
  if (count < 0) return std::unexpected(io_error(key_file, "reading"));
  if (count != static_cast<ssize_t>(kKeyBytes)) {
    return std::unexpected(crm::Error{crm::Error::damaged, key_file.string() + " does not hold exactly 32 bytes"});
  }
  VisitorTokens tokens;
  std::copy_n(bytes.begin(), kKeyBytes, tokens.key_.begin());
  sodium_memzero(bytes.data(), bytes.size());
  return tokens;
}

VisitorTokens::~VisitorTokens() {
  sodium_memzero(key_.data(), key_.size());
}

VisitorTokens::VisitorId VisitorTokens::random_id() {
  VisitorId id{};
  randombytes_buf(id.data(), id.size());
  return id;
}

std::array<unsigned char, VisitorTokens::kMacBytes> VisitorTokens::mac_of(const VisitorId& id) const {
  static_assert(crypto_auth_hmacsha256_KEYBYTES == kKeyBytes);
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> whole{};
  crypto_auth_hmacsha256(whole.data(), id.data(), id.size(), key_.data());
  std::array<unsigned char, kMacBytes> mac{};
  std::copy_n(whole.begin(), kMacBytes, mac.begin());
  return mac;
}

std::string VisitorTokens::token_of(const VisitorId& id) const {
  std::array<unsigned char, kTokenBytes> bytes{};
  const auto mac = mac_of(id);
  std::copy(id.begin(), id.end(), bytes.begin());
  std::copy(mac.begin(), mac.end(), bytes.begin() + kIdBytes);
  return to_base64url(bytes);
}

std::optional<VisitorTokens::VisitorId> VisitorTokens::verify(std::string_view token) const {
  std::array<unsigned char, kTokenBytes> bytes{};
  std::size_t length = 0;
  const char* end = nullptr;
  const int decoded = sodium_base642bin(bytes.data(), bytes.size(), token.data(), token.size(), nullptr, &length, &end,
                                        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (decoded != 0 || length != bytes.size() || end != token.data() + token.size()) return std::nullopt;
  VisitorId id{};
  std::copy_n(bytes.begin(), kIdBytes, id.begin());
  const auto mac = mac_of(id);
  if (sodium_memcmp(mac.data(), bytes.data() + kIdBytes, kMacBytes) != 0) return std::nullopt;
  return id;
}

std::string to_text(const VisitorTokens::VisitorId& id) {
  return to_base64url(id);
}

}  // namespace sb::chat
