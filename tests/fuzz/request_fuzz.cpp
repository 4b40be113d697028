// What a console sends: decoding never crashes, and what decodes encodes canonically.
#include <cstdlib>

#include "proto/console.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sb::RequestBody body;
  if (!sb::wire::decode_oneof({reinterpret_cast<const char*>(data), size}, body)) return 0;
  std::string bytes;
  sb::wire::encode_oneof(bytes, body);
  sb::RequestBody back;
  if (!sb::wire::decode_oneof(bytes, back) || back != body) std::abort();
  return 0;
}
