#pragma once
// When to give Beast's parser bytes of a chunked body.
#include <cstddef>

namespace sb::net {

// The end of a chunked body takes five bytes or more ("0" and two line ends), and Beast (1.81) asserts that it is given
// that many: with fewer unread ones it is worth waiting, never wrong.
template <class Parser>
[[nodiscard]] bool is_worth_parsing(const Parser& parser, std::size_t unread_bytes) {
  constexpr std::size_t kLastChunkBytes = 5;
  return unread_bytes >= kLastChunkBytes || !parser.is_header_done() || !parser.chunked();
}

}  // namespace sb::net
