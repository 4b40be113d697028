#pragma once
// What one synced write carries, and what is released after it. Filled by the sequencer, written by the committer,
// handed to the release executor; owned by one of them at a time.
#include <vector>

#include "engine/engine.h"
#include "storage/batch.h"

namespace sb::engine {

struct Group {
  struct PendingReply {
    std::move_only_function<void(const Answer&)> done;
    Answer answer;
  };

  std::vector<Commit> commits;
  std::vector<PendingReply> replies;
  std::vector<OutboxItem> outbox;
  storage::Batch batch;

  [[nodiscard]] bool empty() const { return commits.empty() && replies.empty(); }
  [[nodiscard]] bool full(std::size_t records_max, std::size_t bytes_max) const {
    return commits.size() >= records_max || batch.bytes() >= bytes_max;
  }
  void clear();

  // Adds a decided record: journal, contents, timeline, dedupe and outbox rows.
  void add(Record record, std::string_view encoded, std::vector<std::string> contents, const routing::State& after,
           const Planner& planner);
};

// The outbox row of an item (its key is seq and index).
[[nodiscard]] std::string encode_outbox(const OutboxItem& item, std::uint32_t attempts);
[[nodiscard]] bool decode_outbox(std::string_view row, OutboxItem& item, std::uint32_t& attempts);

}  // namespace sb::engine
