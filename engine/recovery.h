#pragma once
// From a store back to a core: the newest usable snapshot, then every record after it, the digest checked at each step.
#include <expected>
#include <stop_token>
#include <string_view>

#include "routing/core.h"
#include "storage/store.h"

namespace sb::engine {

struct Recovered {
  routing::Core core;
  Seq seq = 0;
  std::uint64_t digest = 0;
  Seq snapshot_seq = 0;  // 0: from the beginning
};

// What is said of a record that cannot be what was written.
[[nodiscard]] storage::Error damaged(Seq seq, std::string_view what = "cannot be decoded");

// The state as of record `until` (default: the last one), or as far as it came when a stop was requested.
[[nodiscard]] std::expected<Recovered, storage::Error> recover(const storage::Store& store, Seq until = ~Seq{0},
                                                               const std::stop_token& stop = {});

// A snapshot row: the digest up to its record, then the core's canonical bytes.
[[nodiscard]] std::string encode_snapshot(std::uint64_t digest, std::string_view core_bytes);

// The digest a record must carry, given the one before it.
[[nodiscard]] std::uint64_t digest_after(const Record& record, std::uint64_t before);

}  // namespace sb::engine
