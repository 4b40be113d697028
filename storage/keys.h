#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Big-endian integers, so that RocksDB's byte order is the numeric order.
namespace sb::storage {

template <std::unsigned_integral T>
void append_be(std::string& out, T value) {
  for (std::size_t i = sizeof(T); i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i)));
}

// Precondition: at + sizeof(T) <= bytes.size().
template <std::unsigned_integral T>
[[nodiscard]] T read_be(std::string_view bytes, std::size_t at = 0) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>((static_cast<std::uint64_t>(value) << 8) | static_cast<unsigned char>(bytes[at + i]));
  }
  return value;
}

[[nodiscard]] inline std::string seq_key(std::uint64_t seq) {
  std::string key;
  append_be(key, seq);
  return key;
}

[[nodiscard]] inline std::string row_key(std::uint64_t seq, std::uint16_t index) {
  std::string key;
  append_be(key, seq);
  append_be(key, index);
  return key;
}
inline constexpr std::size_t kRowKeyBytes = 10;

[[nodiscard]] inline std::string timeline_key(std::uint64_t customer, std::uint64_t seq, std::uint16_t index) {
  std::string key;
  append_be(key, customer);
  append_be(key, seq);
  append_be(key, index);
  return key;
}
inline constexpr std::size_t kTimelineKeyBytes = 18;

[[nodiscard]] inline std::string dedupe_key(std::uint16_t source, std::string_view key) {
  std::string row;
  append_be(row, source);
  row.append(key);
  return row;
}

// The age index: the same row, findable by the record that wrote it.
[[nodiscard]] inline std::string dedupe_age_key(std::uint64_t seq, std::string_view dedupe_row_key) {
  std::string row;
  append_be(row, seq);
  row.append(dedupe_row_key);
  return row;
}

}  // namespace sb::storage
