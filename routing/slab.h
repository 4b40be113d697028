#pragma once
// Live things by id: stable addresses, slots reused, lookup by hash, and an ordered walk for snapshots.
#include <algorithm>
#include <deque>
#include <vector>

#include "routing/flat_map.h"

namespace sb::routing {

// T has a member `id` (a strong id) and is default-constructible.
template <class T>
class Slab {
 public:
  using Key = decltype(T{}.id);

  [[nodiscard]] T* find(Key id) {
    std::uint32_t* at = by_id_.find(id.value);
    return at ? &items_[*at] : nullptr;
  }
  [[nodiscard]] const T* find(Key id) const {
    const std::uint32_t* at = by_id_.find(id.value);
    return at ? &items_[*at] : nullptr;
  }
  static constexpr std::uint32_t kNoSlot = ~std::uint32_t{0};
  // A slot is an index for bitmaps; it is reused after erase and must never decide anything.
  [[nodiscard]] std::uint32_t slot_of(Key id) const {
    const std::uint32_t* at = by_id_.find(id.value);
    return at ? *at : kNoSlot;
  }
  [[nodiscard]] T& at(std::uint32_t slot) { return items_[slot]; }
  [[nodiscard]] const T& at(std::uint32_t slot) const { return items_[slot]; }
  [[nodiscard]] std::uint32_t slots() const { return static_cast<std::uint32_t>(items_.size()); }

  T& insert(T item) {
    std::uint32_t at = 0;
    if (free_.empty()) {
      at = static_cast<std::uint32_t>(items_.size());
      items_.emplace_back();
    } else {
      at = free_.back();
      free_.pop_back();
    }
    by_id_.put(item.id.value, at);
    items_[at] = std::move(item);
    return items_[at];
  }
  void erase(Key id) {
    std::uint32_t* at = by_id_.find(id.value);
    if (!at) return;
    const std::uint32_t slot = *at;
    by_id_.erase(id.value);
    items_[slot] = T{};
    free_.push_back(slot);
  }
  [[nodiscard]] std::size_t size() const { return by_id_.size(); }

  // Every live item in the order of its id.
  [[nodiscard]] std::vector<const T*> sorted() const {
    std::vector<const T*> all;
    all.reserve(size());
    for (const T& item : items_) {
      if (item.id) all.push_back(&item);
    }
    std::sort(all.begin(), all.end(), [](const T* a, const T* b) { return a->id < b->id; });
    return all;
  }

 private:
  std::deque<T> items_;
  std::vector<std::uint32_t> free_;
  FlatMap<std::uint32_t> by_id_;
};

}  // namespace sb::routing
