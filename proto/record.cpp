#include "proto/record.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sb {

namespace {
constexpr std::uint32_t kSeq = 1, kTime = 2, kLogic = 3, kSource = 4, kKey = 5, kCommand = 6, kEvent = 7, kDigest = 8,
                        kContents = 9, kResult = 10;
}

std::uint64_t chain_digest(std::uint64_t digest, std::string_view event_bytes) {
  return XXH3_64bits_withSeed(event_bytes.data(), event_bytes.size(), digest);
}

IdentityHash hash_key(Source source, std::string_view key) {
  const XXH128_hash_t h = XXH3_128bits_withSeed(key.data(), key.size(), static_cast<std::uint64_t>(source));
  return {h.high64, h.low64};
}

void encode_record(std::string& out, Record& record, std::uint64_t digest_before) {
  wire::put_field(out, kSeq, record.seq);
  wire::put_field(out, kTime, record.time_ms);
  wire::put_field(out, kLogic, record.logic_version);
  wire::put_field(out, kSource, static_cast<std::uint32_t>(record.source));
  wire::put_field(out, kKey, record.key);
  wire::put_delimited(out, kCommand, [&] { wire::encode_oneof(out, record.command); });
  const std::size_t events_begin = out.size();
  for (const auto& event : record.events) wire::put_delimited(out, kEvent, [&] { wire::encode_oneof(out, event); });
  record.digest = chain_digest(digest_before, std::string_view(out).substr(events_begin));
  wire::put_field(out, kDigest, record.digest);
  wire::put_field(out, kContents, record.contents);
  wire::put_field(out, kResult, record.result);
}

bool decode_record(std::string_view bytes, Record& record) {
  wire::Reader reader(bytes);
  record = Record{};
  record.logic_version = 0;
  bool has_command = false;
  while (!reader.at_end()) {
    std::uint64_t tag = 0;
    if (!reader.varint(tag)) return false;
    const auto wire_type = static_cast<std::uint32_t>(tag & 7);
    std::string_view body;
    std::uint32_t source = 0;
    switch (tag >> 3) {
      case kSeq:
        if (!wire::get_field(reader, wire_type, record.seq)) return false;
        break;
      case kTime:
        if (!wire::get_field(reader, wire_type, record.time_ms)) return false;
        break;
      case kLogic:
        if (!wire::get_field(reader, wire_type, record.logic_version)) return false;
        break;
      case kSource:
        if (!wire::get_field(reader, wire_type, source) || source > 0xFFFF) return false;
        record.source = static_cast<Source>(source);
        break;
      case kKey:
        if (!wire::get_field(reader, wire_type, record.key)) return false;
        break;
      case kCommand:
        if (wire_type != 2 || !reader.delimited(body) || !wire::decode_oneof(body, record.command)) return false;
        has_command = true;
        break;
      case kEvent:
        if (wire_type != 2 || !reader.delimited(body) || !wire::decode_oneof(body, record.events.emplace_back())) {
          return false;
        }
        break;
      case kDigest:
        if (!wire::get_field(reader, wire_type, record.digest)) return false;
        break;
      case kContents:
        if (!wire::get_field(reader, wire_type, record.contents)) return false;
        break;
      case kResult:
        if (!wire::get_field(reader, wire_type, record.result)) return false;
        break;
      default:
        if (!reader.skip(wire_type)) return false;
    }
  }
  return has_command;
}

}  // namespace sb
