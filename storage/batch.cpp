#include "storage/batch.h"

#include "storage/keys.h"

namespace sb::storage {

void Batch::add(Column column, bool remove, std::string_view key, std::string_view value) {
  if (value.size() > kValueBytesMax) {
    too_large_ = true;
    return;
  }
  operations_.push_back({column, remove, static_cast<std::uint32_t>(key.size()), buffer_.size(), value.size()});
  buffer_.append(key);
  buffer_.append(value);
}

void Batch::append_record(std::uint64_t seq, std::string_view payload) {
  add(Column::journal, false, seq_key(seq), payload);
  ++records_;
}

void Batch::put_timeline(std::uint64_t customer, std::uint64_t seq, std::uint16_t index, std::string_view value) {
  add(Column::timeline, false, timeline_key(customer, seq, index), value);
}

void Batch::put_content(std::uint64_t seq, std::uint16_t index, std::string_view value) {
  add(Column::content, false, row_key(seq, index), value);
}

void Batch::put_dedupe(std::uint16_t source, std::string_view key, std::uint64_t seq, std::string_view value) {
  if (key.size() > kKeyBytesMax) {
    too_large_ = true;
    return;
  }
  const std::string row = dedupe_key(source, key);
  std::string stored;
  stored.reserve(sizeof(seq) + value.size());
  append_be(stored, seq);
  stored.append(value);
  add(Column::dedupe, false, row, stored);
  add(Column::dedupe_age, false, dedupe_age_key(seq, row), {});
  has_dedupe_ = true;
}

void Batch::put_outbox(std::uint64_t seq, std::uint16_t index, std::string_view value) {
  add(Column::outbox, false, row_key(seq, index), value);
}

void Batch::delete_outbox(std::uint64_t seq, std::uint16_t index) {
  add(Column::outbox, true, row_key(seq, index), {});
}

void Batch::put_dead(std::uint64_t seq, std::uint16_t index, std::string_view value) {
  add(Column::dead, false, row_key(seq, index), value);
}

void Batch::delete_dead(std::uint64_t seq, std::uint16_t index) {
  add(Column::dead, true, row_key(seq, index), {});
}

void Batch::clear() {
  buffer_.clear();
  operations_.clear();
  records_ = 0;
  has_dedupe_ = false;
  too_large_ = false;
}

}  // namespace sb::storage
