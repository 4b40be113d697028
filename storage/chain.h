#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "storage/error.h"

// The frame around a journal record: [u32 payload length][u64 chain][payload], integers big-endian, and
//   chain(n) = XXH3_64(seed = chain(n - 1), big-endian u64 n || payload),   chain(0) = 0.
// A record therefore vouches for every record before it: a missing, swapped or changed one shows at the next.
namespace sb::storage {

inline constexpr std::uint64_t kChainStart = 0;
inline constexpr std::size_t kFrameHeaderBytes = 12;

[[nodiscard]] std::uint64_t chain_next(std::uint64_t previous, std::uint64_t seq, std::string_view payload);

// The header of the frame; the payload follows it in the stored value.
[[nodiscard]] std::string frame_header(std::uint64_t chain, std::string_view payload);

struct Frame {
  std::uint64_t chain;
  std::string_view payload;  // points into the stored value
};

// Takes a stored value apart without checking the chain. Error::damaged if the length does not fit.
[[nodiscard]] std::expected<Frame, Error> parse_frame(std::uint64_t seq, std::string_view stored);

// parse_frame and the check against the previous record's chain.
[[nodiscard]] std::expected<Frame, Error> check_frame(std::uint64_t previous, std::uint64_t seq,
                                                      std::string_view stored);

// XXH3_64 with seed 0, for small files and snapshots.
[[nodiscard]] std::uint64_t checksum(std::string_view bytes);

}  // namespace sb::storage
