#pragma once
// Open-addressing hash map from a 64-bit key (never 0) to a small value: linear probing, deletion by backward shift, so
// there are no tombstones and lookups stay short. It offers no iteration: no decision may depend on hash order. It is
// kept in parts that grow one by one: a million entries never move in one step.
#include <array>
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

#include "proto/types.h"

namespace sb::routing {

// The key that a map knows a keyed 128-bit hash by: half of it, never 0. It collides only by chance; whoever finds
// something under it compares the whole.
[[nodiscard]] constexpr std::uint64_t index_key(IdentityHash hash) {
  return hash.low == 0 ? 1 : hash.low;
}

template <class Value>
class FlatMap {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] Value* find(std::uint64_t key) { return const_cast<Value*>(std::as_const(*this).find(key)); }
  [[nodiscard]] const Value* find(std::uint64_t key) const {
    const std::uint64_t h = hash(key);
    const Part& part = parts_[part_of(h)];
    const std::size_t at = part.locate(key, h);
    return at == kAbsent ? nullptr : &part.slots[at].value;
  }

  // Inserts or overwrites.
  void put(std::uint64_t key, Value value) {
    assert(key != 0);
    const std::uint64_t h = hash(key);
    Part& part = parts_[part_of(h)];
    if (const std::size_t at = part.locate(key, h); at != kAbsent) {
      part.slots[at].value = std::move(value);
      return;
    }
    if ((part.size + 1) * 4 > part.slots.size() * 3) part.grow();
    part.insert_new(key, h, std::move(value));
    ++part.size;
    ++size_;
  }

  bool erase(std::uint64_t key) {
    const std::uint64_t h = hash(key);
    if (!parts_[part_of(h)].erase(key, h)) return false;
    --size_;
    return true;
  }

 private:
  static constexpr std::size_t kAbsent = ~std::size_t{0};
  static constexpr unsigned kPartBits = 6;

  // Fibonacci hashing spreads sequential ids; a second mix protects the low bits used by the mask.
  static std::uint64_t hash(std::uint64_t key) {
    key *= 0x9E3779B97F4A7C15u;
    return key ^ (key >> 32);
  }
  static std::size_t part_of(std::uint64_t h) { return h >> (64 - kPartBits); }

  struct Slot {
    std::uint64_t key = 0;
    Value value{};
  };
  struct Part {
    std::vector<Slot> slots;
    std::size_t size = 0;

    [[nodiscard]] std::size_t locate(std::uint64_t key, std::uint64_t h) const {
      if (slots.empty()) return kAbsent;
      const std::size_t mask = slots.size() - 1;
      for (std::size_t at = h & mask; slots[at].key != 0; at = (at + 1) & mask) {
        if (slots[at].key == key) return at;
      }
      return kAbsent;
    }
    void insert_new(std::uint64_t key, std::uint64_t h, Value value) {
      const std::size_t mask = slots.size() - 1;
      std::size_t at = h & mask;
      while (slots[at].key != 0) at = (at + 1) & mask;
      slots[at] = Slot{key, std::move(value)};
    }
    bool erase(std::uint64_t key, std::uint64_t h) {
      std::size_t hole = locate(key, h);
      if (hole == kAbsent) return false;
      const std::size_t mask = slots.size() - 1;
      for (std::size_t next = (hole + 1) & mask; slots[next].key != 0; next = (next + 1) & mask) {
        const std::size_t home = hash(slots[next].key) & mask;
        if (((next - home) & mask) < ((next - hole) & mask)) continue;  // moving it would put it before its home
        slots[hole] = std::move(slots[next]);
        hole = next;
      }
      slots[hole] = Slot{};
      --size;
      return true;
    }
    void grow() {
      std::vector<Slot> old = std::exchange(slots, std::vector<Slot>(slots.empty() ? 4 : slots.size() * 2));
      for (auto& slot : old) {
        if (slot.key != 0) insert_new(slot.key, hash(slot.key), std::move(slot.value));
      }
    }
  };

  std::array<Part, std::size_t{1} << kPartBits> parts_;
  std::size_t size_ = 0;
};

}  // namespace sb::routing
