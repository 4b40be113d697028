// decode_record(): never crashes, and what decodes encodes canonically.
#include <cstdlib>

#include "proto/record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  sb::Record record;
  if (!sb::decode_record(bytes, record)) return 0;
  std::string once;
  sb::encode_record(once, record, 0);
  sb::Record back;
  if (!sb::decode_record(once, back)) std::abort();
  std::string twice;
  sb::encode_record(twice, back, 0);
  if (once != twice || back.command != record.command || back.events != record.events) std::abort();
  return 0;
}
