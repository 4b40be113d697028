#pragma once
// The proof that the journal is what the decisions say: every record decided again on a fresh core and compared.
// Threads: any; a long replay, so not for the edge thread.
#include <cstdint>
#include <expected>
#include <string>

#include "storage/store.h"

namespace sb::engine {

struct VerifyReport {
  std::uint64_t records = 0;
  std::uint64_t redecided = 0;  // the rest were decided by an older logic and only applied
  std::uint64_t snapshots = 0;  // stored states that equal the replayed one byte for byte
  std::uint64_t digest = 0;     // after the last record
  double seconds = 0;
};

struct Mismatch {
  std::uint64_t seq = 0;  // of the first record that does not fit
  std::string what;       // what differs, recorded against decided again; no content
};

// From record 1 to the last one there is when it begins. Stops at the first mismatch.
[[nodiscard]] std::expected<VerifyReport, Mismatch> verify(const storage::Store& store);

}  // namespace sb::engine
