#include "engine/recovery.h"

#include <spdlog/spdlog.h>

namespace sb::engine {

namespace {

// The newest snapshot that can be read; a damaged one is passed over, the journal makes up for it.
std::expected<Recovered, storage::Error> start_from_snapshot(const storage::Store& store, Seq at_most) {
  for (;;) {
    auto row = store.latest_snapshot(at_most);
    if (!row) {
      if (row.error().code != storage::Error::damaged || row.error().seq == 0) return std::unexpected(row.error());
      spdlog::warn("snapshot at {} is damaged, using an older one", row.error().seq);
      at_most = row.error().seq - 1;
      continue;
    }
    if (!*row) return Recovered{};
    const std::string& bytes = (*row)->value;
    wire::Reader reader(bytes);
    std::uint64_t digest = 0;
    std::string_view body;
    if (reader.varint(digest) && reader.delimited(body) && reader.at_end()) {
      if (auto core = routing::Core::load(body)) {
        return Recovered{std::move(*core), (*row)->seq, digest, (*row)->seq};
      }
    }
    spdlog::warn("snapshot at {} cannot be read, using an older one", (*row)->seq);
    if ((*row)->seq == 0) return Recovered{};
    at_most = (*row)->seq - 1;
  }
}

}  // namespace

storage::Error damaged(Seq seq, std::string_view what) {
  return {storage::Error::damaged, seq, "record " + std::to_string(seq) + ": " + std::string(what)};
}

std::string encode_snapshot(std::uint64_t digest, std::string_view core_bytes) {
  std::string out;
  out.reserve(core_bytes.size() + 20);
  wire::put_varint(out, digest);
  wire::put_varint(out, core_bytes.size());
  out.append(core_bytes);
  return out;
}

std::uint64_t digest_after(const Record& record, std::uint64_t before) {
  std::string bytes;
  // Field 7 of message Record, as encode_record writes it.
  for (const auto& event : record.events) wire::put_delimited(bytes, 7, [&] { wire::encode_oneof(bytes, event); });
  return chain_digest(before, bytes);
}

std::expected<Recovered, storage::Error> recover(const storage::Store& store, Seq until, const std::stop_token& stop) {
  until = std::min(until, store.last_seq());
  auto started = start_from_snapshot(store, until);
  if (!started) return started;
  Recovered& r = *started;
  std::optional<storage::Error> bad;
  Record record;
  auto visited = store.for_each_record(r.seq + 1, until, [&](std::uint64_t seq, std::string_view payload) {
    if (!decode_record(payload, record) || record.seq != seq) {
      bad = damaged(seq);
    } else if (digest_after(record, r.digest) != record.digest) {
      bad = damaged(seq, "digest does not follow from the record before");
    }
    if (bad) return false;
    r.core.replay(record);
    r.seq = seq;
    r.digest = record.digest;
    return !stop.stop_requested();
  });
  if (!visited) return std::unexpected(visited.error());
  if (bad) return std::unexpected(*bad);
  return started;
}

}  // namespace sb::engine
