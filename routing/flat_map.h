#pragma once
// Hash map from a 64-bit key (never 0) to a small value.
#include <cassert>
#include <cstdint>
#include <utility>

#include "proto/types.h"
#include "routing/probe_table.h"

namespace sb::routing {

// The key that a map knows a keyed 128-bit hash by: half of it, never 0. It collides only by chance; whoever finds
// something under it compares the whole.
[[nodiscard]] constexpr std::uint64_t index_key(IdentityHash hash) {
  return hash.low == 0 ? 1 : hash.low;
}

template <class Value>
class FlatMap {
 public:
  [[nodiscard]] std::size_t size() const { return table_.size(); }

  [[nodiscard]] Value* find(std::uint64_t key) { return const_cast<Value*>(std::as_const(*this).find(key)); }
  [[nodiscard]] const Value* find(std::uint64_t key) const {
    const Entry* entry = table_.find(spread(key), is(key));
    return entry ? &entry->value : nullptr;
  }

  // Inserts or overwrites.
  void put(std::uint64_t key, Value value) {
    assert(key != 0);
    if (Value* known = find(key)) {
      *known = std::move(value);
    } else {
      table_.insert({key, std::move(value)});
    }
  }

  bool erase(std::uint64_t key) { return table_.erase(spread(key), is(key)); }

 private:
  struct Entry {
    std::uint64_t key = 0;
    Value value{};
    [[nodiscard]] bool empty() const { return key == 0; }
    [[nodiscard]] std::uint64_t hash() const { return spread(key); }
  };
  static auto is(std::uint64_t key) {
    return [key](const Entry& entry) { return entry.key == key; };
  }

  ProbeTable<Entry> table_;
};

}  // namespace sb::routing
