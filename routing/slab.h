#pragma once
// Live things by id: stable addresses, slots reused, lookup by hash, and an ordered walk for snapshots.
#include <algorithm>
#include <vector>

#include "routing/flat_map.h"

namespace sb::routing {

// T has a member `id` (a strong id) and is default-constructible.
template <class T>
class Slab {
 public:
  using Key = decltype(T{}.id);

  [[nodiscard]] T* find(Key id) {
    const std::uint32_t* at = by_id_.find(id.value);
    return at ? &this->at(*at) : nullptr;
  }
  [[nodiscard]] const T* find(Key id) const {
    const std::uint32_t* at = by_id_.find(id.value);
    return at ? &this->at(*at) : nullptr;
  }
  static constexpr std::uint32_t kNoSlot = ~std::uint32_t{0};
  // A slot is an index for bitmaps; it is reused after erase and must never decide anything.
  [[nodiscard]] std::uint32_t slot_of(Key id) const {
    const std::uint32_t* at = by_id_.find(id.value);
    return at ? *at : kNoSlot;
  }
  [[nodiscard]] T& at(std::uint32_t slot) { return pages_[slot / kPage][slot % kPage]; }
  [[nodiscard]] const T& at(std::uint32_t slot) const { return pages_[slot / kPage][slot % kPage]; }
  [[nodiscard]] std::uint32_t slots() const { return slots_; }

  T& insert(T item) {
    std::uint32_t at = 0;
    if (free_.empty()) {
      at = slots_++;
      if (at / kPage == pages_.size()) pages_.emplace_back(kPage);
    } else {
      at = free_.back();
      free_.pop_back();
    }
    by_id_.put(item.id.value, at);
    return this->at(at) = std::move(item);
  }
  void erase(Key id) {
    const std::uint32_t* found = by_id_.find(id.value);
    if (!found) return;
    const std::uint32_t slot = *found;
    by_id_.erase(id.value);
    at(slot) = T{};
    free_.push_back(slot);
  }
  [[nodiscard]] std::size_t size() const { return by_id_.size(); }

  // Every live item in the order of its id.
  [[nodiscard]] std::vector<const T*> sorted() const {
    std::vector<const T*> all;
    all.reserve(size());
    for (const auto& page : pages_) {
      for (const T& item : page) {
        if (item.id) all.push_back(&item);
      }
    }
    std::sort(all.begin(), all.end(), [](const T* a, const T* b) { return a->id < b->id; });
    return all;
  }

 private:
  static constexpr std::uint32_t kPage = 128;

  std::vector<std::vector<T>> pages_;  // each of kPage items, which stay where they are
  std::uint32_t slots_ = 0;
  std::vector<std::uint32_t> free_;
  FlatMap<std::uint32_t> by_id_;
};

}  // namespace sb::routing
