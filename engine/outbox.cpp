#include "engine/outbox.h"

#include <spdlog/spdlog.h>

#include "engine/group.h"

namespace sb::engine {

namespace {
// A dead letter's row is an outbox row behind its reason.
std::string encode_dead(const OutboxItem& item, std::uint32_t attempts, std::string_view reason) {
  std::string out;
  wire::put_field(out, 1, std::string(reason));
  wire::put_field(out, 2, encode_outbox(item, attempts));
  return out;
}

bool decode_dead(std::string_view row, DeadLetter& letter) {
  wire::Reader reader(row);
  std::string inner;
  while (!reader.at_end()) {
    std::uint64_t tag = 0;
    if (!reader.varint(tag)) return false;
    const auto type = static_cast<std::uint32_t>(tag & 7);
    const bool good = (tag >> 3) == 1   ? wire::get_field(reader, type, letter.reason)
                      : (tag >> 3) == 2 ? wire::get_field(reader, type, inner)
                                        : reader.skip(type);
    if (!good) return false;
  }
  return decode_outbox(inner, letter.item, letter.attempts);
}
}  // namespace

Outbox::Outbox(Engine& engine, After after, Options options)
    : engine_(engine), after_(std::move(after)), options_(options) {}

void Outbox::add_deliverer(std::string kind, Deliverer deliverer) {
  deliverers_[std::move(kind)] = std::move(deliverer);
}

std::expected<void, storage::Error> Outbox::load() {
  std::vector<Pending> found;
  std::optional<storage::Error> bad;
  auto visited = engine_.store().for_each_outbox([&](std::uint64_t seq, std::uint16_t index, std::string_view row) {
    Pending p;
    if (!decode_outbox(row, p.item, p.attempts)) {
      bad = storage::Error{storage::Error::damaged, seq, "outbox row cannot be decoded"};
      return false;
    }
    p.item.seq = seq;
    p.item.index = index;
    found.push_back(std::move(p));
    return true;
  });
  if (!visited) return std::unexpected(visited.error());
  if (bad) return std::unexpected(*bad);
  if (!found.empty()) spdlog::info("outbox: {} items left by an earlier run", found.size());
  for (Pending& p : found) {
    after_(0, while_alive([this, p = std::move(p)]() mutable { enqueue(std::move(p.item), p.attempts); }));
  }
  return {};
}

void Outbox::on_outbox(const OutboxItem& item) {
  enqueue(item, 0);
}

void Outbox::enqueue(OutboxItem item, std::uint32_t attempts) {
  std::string order = item.kind + '\n' + item.order;
  auto& lane = lanes_[order];
  lane.push_back({std::move(item), attempts});
  ++pending_;
  if (lane.size() == 1) attempt(order);
}

void Outbox::attempt(const std::string& order) {
  const auto lane = lanes_.find(order);
  if (lane == lanes_.end() || lane->second.empty()) return;
  Pending& head = lane->second.front();
  ++head.attempts;
  const auto deliverer = deliverers_.find(head.item.kind);
  if (deliverer == deliverers_.end()) {
    settle(order, {Delivery::kDead, "nothing configured delivers " + head.item.kind});
    return;
  }
  deliverer->second(head.item, head.attempts, while_alive([this, order](Delivery d) { settle(order, std::move(d)); }));
}

void Outbox::settle(const std::string& order, Delivery delivery) {
  auto lane = lanes_.find(order);
  Pending& head = lane->second.front();
  if (delivery.result == Delivery::kRetry && head.attempts < options_.attempts_max) {
    DurationMs wait = delivery.retry_after_ms;
    if (wait == 0) wait = options_.backoff_first_ms << std::min<std::uint32_t>(head.attempts - 1, 20);
    after_(std::min(wait, options_.backoff_max_ms), while_alive([this, order] { attempt(order); }));
    return;
  }
  storage::Batch batch;
  batch.delete_outbox(head.item.seq, head.item.index);
  if (delivery.result == Delivery::kDone) {
    ++delivered_;
  } else {
    ++died_;
    spdlog::warn("outbox: {} {}.{} could not be delivered after {} attempts: {}", head.item.kind, head.item.seq,
                 head.item.index, head.attempts, delivery.reason);
    batch.put_dead(head.item.seq, head.item.index, encode_dead(head.item, head.attempts, delivery.reason));
  }
  write(batch);
  --pending_;
  lane->second.pop_front();
  if (lane->second.empty()) {
    lanes_.erase(lane);
  } else {
    after_(0, while_alive([this, order] { attempt(order); }));
  }
}

void Outbox::write(const storage::Batch& batch) {
  if (auto done = engine_.store().write_unsynced(batch); !done) {
    spdlog::error("outbox: {}", done.error().message);
  }
}

std::expected<std::vector<DeadLetter>, storage::Error> Outbox::dead_letters(Seq from, std::size_t limit) const {
  auto rows = engine_.store().dead_letters(from, limit);
  if (!rows) return std::unexpected(rows.error());
  std::vector<DeadLetter> letters;
  for (const auto& row : *rows) {
    DeadLetter letter;
    if (!decode_dead(row.value, letter)) continue;
    letter.item.seq = row.seq;
    letter.item.index = row.index;
    letters.push_back(std::move(letter));
  }
  return letters;
}

std::expected<void, storage::Error> Outbox::retry(Seq seq, std::uint16_t index) {
  auto row = engine_.store().dead_letter(seq, index);
  if (!row) return std::unexpected(row.error());
  DeadLetter letter;
  if (!decode_dead(*row, letter)) return std::unexpected(storage::Error{storage::Error::damaged, seq, "dead letter"});
  letter.item.seq = seq;
  letter.item.index = index;
  storage::Batch batch;
  batch.put_outbox(seq, index, encode_outbox(letter.item, 0));
  batch.delete_dead(seq, index);
  if (auto done = engine_.store().write_unsynced(batch); !done) return done;
  enqueue(std::move(letter.item), 0);
  return {};
}

}  // namespace sb::engine
