#include "engine/group.h"

#include "engine/timeline.h"

namespace sb::engine {

void Group::clear() {
  commits.clear();
  replies.clear();
  outbox.clear();
  batch.clear();
}

void Group::add(Record record, std::string_view encoded, std::vector<std::string> contents, const routing::State& after,
                const Planner& planner) {
  const Seq seq = record.seq;
  batch.append_record(seq, encoded);
  for (std::size_t n = 0; n < contents.size(); ++n) {
    batch.put_content(seq, static_cast<std::uint16_t>(n + 1), contents[n]);
  }
  put_timeline(batch, record, after);
  if (!record.key.empty()) {
    std::string result;
    wire::put_varint(result, record.result);
    batch.put_dedupe(static_cast<std::uint16_t>(record.source), record.key, seq, result);
  }
  if (planner) {
    const std::size_t first = outbox.size();
    planner(record, after, outbox);
    for (std::size_t n = first; n < outbox.size(); ++n) {
      outbox[n].seq = seq;
      outbox[n].index = static_cast<std::uint16_t>(n - first);
      batch.put_outbox(seq, outbox[n].index, encode_outbox(outbox[n], 0));
    }
  }
  commits.push_back({std::move(record), std::move(contents)});
}

std::string encode_outbox(const OutboxItem& item, std::uint32_t attempts) {
  std::string out;
  wire::put_field(out, 1, item.kind);
  wire::put_field(out, 2, item.order);
  wire::put_field(out, 3, item.body);
  wire::put_field(out, 4, attempts);
  return out;
}

bool decode_outbox(std::string_view row, OutboxItem& item, std::uint32_t& attempts) {
  wire::Reader reader(row);
  attempts = 0;
  while (!reader.at_end()) {
    std::uint64_t tag = 0;
    if (!reader.varint(tag)) return false;
    const auto type = static_cast<std::uint32_t>(tag & 7);
    bool good = false;
    switch (tag >> 3) {
      case 1:
        good = wire::get_field(reader, type, item.kind);
        break;
      case 2:
        good = wire::get_field(reader, type, item.order);
        break;
      case 3:
        good = wire::get_field(reader, type, item.body);
        break;
      case 4:
        good = wire::get_field(reader, type, attempts);
        break;
      default:
        good = reader.skip(type);
    }
    if (!good) return false;
  }
  return true;
}

}  // namespace sb::engine
