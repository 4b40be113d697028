#include <sodium.h>

#include <cstring>

#include "crm/identity.h"
#include "crm/sql.h"
#include "storage/key_file.h"

namespace sb::crm {

std::expected<IdentityHasher, Error> IdentityHasher::open(const std::filesystem::path& key_file) {
  static_assert(kKeyBytes == storage::kKeyFileBytes);
  IdentityHasher hasher;
  if (auto read = storage::read_or_create_key(key_file, hasher.key_); !read) {
    return std::unexpected(from_storage(read.error()));
  }
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
