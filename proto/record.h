#pragma once
// One journal record: a command, the events it caused, and the running digest. Encoded as message Record of
// proto/switchboard.proto.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/command.h"
#include "proto/event.h"

namespace sb {

// Where a command came from; the first half of its idempotency key. Written to disk: never renumber.
enum class Source : std::uint16_t {
  kEngine = 0,
  kConfig = 1,
  kConsole = 2,
  kApi = 3,
  kChat = 4,
  kPhone = 5,
  kImport = 6
};

// Grows when decide() would answer differently to the same command; replay applies events, so old records stay
// readable.
inline constexpr std::uint32_t kLogicVersion = 2;

struct Record {
  Seq seq = 0;
  TimeMs time_ms = 0;
  std::uint32_t logic_version = kLogicVersion;
  Source source = Source::kEngine;
  std::string key;  // idempotency key within the source; empty: none
  Command command;
  std::vector<Event> events;
  std::uint64_t digest = 0;    // after this record
  std::uint32_t contents = 0;  // content rows (seq, 1..contents) belong to it
  std::uint64_t result = 0;    // what was created (interaction, customer ...), answered again to a repeated key
};

// Appends the encoded record to out and sets record.digest = chain(digest_before, bytes of its events).
void encode_record(std::string& out, Record& record, std::uint64_t digest_before);

// False: damaged or written by a newer program.
[[nodiscard]] bool decode_record(std::string_view bytes, Record& record);

// digest' = XXH3_64(event bytes, seed = digest); the events' bytes are their canonical encodings, one after another.
[[nodiscard]] std::uint64_t chain_digest(std::uint64_t digest, std::string_view event_bytes);

// 128-bit hash of an idempotency key with its source; deterministic, not secret.
[[nodiscard]] IdentityHash hash_key(Source source, std::string_view key);

}  // namespace sb
