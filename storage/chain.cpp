#include "storage/chain.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "storage/keys.h"

namespace sb::storage {

std::uint64_t chain_next(std::uint64_t previous, std::uint64_t seq, std::string_view payload) {
  const std::string key = seq_key(seq);
  XXH3_state_t state;
  XXH3_INITSTATE(&state);
  XXH3_64bits_reset_withSeed(&state, previous);
  XXH3_64bits_update(&state, key.data(), key.size());
  XXH3_64bits_update(&state, payload.data(), payload.size());
  return XXH3_64bits_digest(&state);
}

std::string frame_header(std::uint64_t chain, std::string_view payload) {
  std::string header;
  append_be(header, static_cast<std::uint32_t>(payload.size()));
  append_be(header, chain);
  return header;
}

std::expected<Frame, Error> parse_frame(std::uint64_t seq, std::string_view stored) {
  if (stored.size() < kFrameHeaderBytes || read_be<std::uint32_t>(stored) != stored.size() - kFrameHeaderBytes) {
    return std::unexpected(Error{Error::damaged, seq, "record " + std::to_string(seq) + " has a wrong length"});
  }
  return Frame{read_be<std::uint64_t>(stored, 4), stored.substr(kFrameHeaderBytes)};
}

std::expected<Frame, Error> check_frame(std::uint64_t previous, std::uint64_t seq, std::string_view stored) {
  auto frame = parse_frame(seq, stored);
  if (frame && frame->chain != chain_next(previous, seq, frame->payload)) {
    return std::unexpected(
        Error{Error::damaged, seq, "record " + std::to_string(seq) + " does not match the checksum chain"});
  }
  return frame;
}

std::uint64_t checksum(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace sb::storage
