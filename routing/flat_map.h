#pragma once
// Open-addressing hash map from a 64-bit key (never 0) to a small value: linear probing, deletion by backward shift, so
// there are no tombstones and lookups stay short. It offers no iteration: no decision may depend on hash order.
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

namespace sb::routing {

template <class Value>
class FlatMap {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] Value* find(std::uint64_t key) {
    const std::size_t at = locate(key);
    return at == kAbsent ? nullptr : &slots_[at].value;
  }
  [[nodiscard]] const Value* find(std::uint64_t key) const {
    const std::size_t at = locate(key);
    return at == kAbsent ? nullptr : &slots_[at].value;
  }

  // Inserts or overwrites.
  void put(std::uint64_t key, Value value) {
    assert(key != 0);
    if (Value* present = find(key)) {
      *present = std::move(value);
      return;
    }
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    insert_new(key, std::move(value));
    ++size_;
  }

  bool erase(std::uint64_t key) {
    std::size_t hole = locate(key);
    if (hole == kAbsent) return false;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t next = (hole + 1) & mask; slots_[next].key != 0; next = (next + 1) & mask) {
      const std::size_t home = hash(slots_[next].key) & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;  // moving it would put it before its home
      slots_[hole] = std::move(slots_[next]);
      hole = next;
    }
    slots_[hole] = Slot{};
    --size_;
    return true;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Value value{};
  };
  static constexpr std::size_t kAbsent = ~std::size_t{0};

  // Fibonacci hashing spreads sequential ids; a second mix protects the low bits used by the mask.
  static std::size_t hash(std::uint64_t key) {
    key *= 0x9E3779B97F4A7C15u;
    return key ^ (key >> 32);
  }
  [[nodiscard]] std::size_t locate(std::uint64_t key) const {
    if (slots_.empty()) return kAbsent;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash(key) & mask; slots_[at].key != 0; at = (at + 1) & mask) {
      if (slots_[at].key == key) return at;
    }
    return kAbsent;
  }
  void insert_new(std::uint64_t key, Value value) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash(key) & mask;
    while (slots_[at].key != 0) at = (at + 1) & mask;
    slots_[at] = Slot{key, std::move(value)};
  }
  void grow() {
    std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.empty() ? 16 : slots_.size() * 2));
    for (auto& slot : old) {
      if (slot.key != 0) insert_new(slot.key, std::move(slot.value));
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace sb::routing
