#pragma once
// A secret of 32 random bytes in a file of its own, readable by its owner only.
#include <cstddef>
#include <expected>
#include <filesystem>
#include <span>

#include "storage/error.h"

namespace sb::storage {

inline constexpr std::size_t kKeyFileBytes = 32;

// Fills `key` from the file, creating it durably when it is not there. A crash leaves no half key, and processes that
// start at the same time agree on one. Any thread. Error: io, damaged (not exactly 32 bytes).
[[nodiscard]] std::expected<void, Error> read_or_create_key(const std::filesystem::path& path,
                                                            std::span<unsigned char, kKeyFileBytes> key);

}  // namespace sb::storage
