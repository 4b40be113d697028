#pragma once
// Live things by id: stable addresses, slots reused, lookup by hash, and an ordered walk for snapshots.
#include <algorithm>
#include <utility>
#include <vector>

#include "routing/probe_table.h"

namespace sb::routing {

// T has a member `id` (a strong id) and is default-constructible.
template <class T>
class Slab {
 public:
  using Key = decltype(T{}.id);

  [[nodiscard]] T* find(Key id) { return const_cast<T*>(std::as_const(*this).find(id)); }
  [[nodiscard]] const T* find(Key id) const {
    if (is_direct(id)) {
      const std::uint32_t slot = slot_of(id);
      return slot == kNoSlot ? nullptr : &at(slot);
    }
    const T* found = nullptr;
    by_id_.find(Place::hash_of(id), [&](const Place& place) {
      if (place.low != static_cast<std::uint32_t>(id.value)) return false;
      const T& item = at(place.number - 1);
      if (!(item.id == id)) return false;
      found = &item;
      return true;
    });
    return found;
  }
  static constexpr std::uint32_t kNoSlot = ~std::uint32_t{0};
  // A slot is an index for bitmaps; it is reused after erase and must never decide anything.
  [[nodiscard]] std::uint32_t slot_of(Key id) const {
    if (is_direct(id)) return id.value < direct_.size() ? direct_[id.value] - 1 : kNoSlot;
    const Place* place = by_id_.find(Place::hash_of(id), is(id));
    return place ? place->number - 1 : kNoSlot;
  }
  [[nodiscard]] T& at(std::uint32_t slot) { return pages_[slot / kPage][slot % kPage]; }
  [[nodiscard]] const T& at(std::uint32_t slot) const { return pages_[slot / kPage][slot % kPage]; }
  [[nodiscard]] std::uint32_t slots() const { return slots_; }

  // Replaces what has the same id.
  T& insert(T item) {
    std::uint32_t slot = slot_of(item.id);
    if (slot == kNoSlot) {
      if (free_.empty()) {
        slot = slots_++;
        if (slot / kPage == pages_.size()) pages_.emplace_back(kPage);
      } else {
        slot = free_.back();
        free_.pop_back();
      }
      ++size_;
      if (!is_direct(item.id)) {
        by_id_.insert({static_cast<std::uint32_t>(item.id.value), slot + 1});
      } else {
        if (item.id.value >= direct_.size()) direct_.resize(item.id.value + 1);
        direct_[item.id.value] = slot + 1;
      }
    }
    return at(slot) = std::move(item);
  }
  void erase(Key id) {
    const std::uint32_t slot = slot_of(id);
    if (slot == kNoSlot) return;
    if (is_direct(id)) {
      direct_[id.value] = 0;
    } else {
      by_id_.erase(Place::hash_of(id), is(id));
    }
    --size_;
    at(slot) = T{};
    free_.push_back(slot);
  }
  [[nodiscard]] std::size_t size() const { return size_; }

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
  static constexpr std::uint32_t kDirectIds = 65536;

  // What people configure has small numbers: those are looked up without a hash.
  static constexpr bool is_direct(Key id) { return sizeof(typename Key::rep) == 4 && id.value < kDirectIds; }

  // Eight bytes: the item itself knows its whole id. Ids are handed out in turn and what came together goes together,
  // so eight neighbours share a cache line.
  struct Place {
    std::uint32_t low = 0;     // of the id
    std::uint32_t number = 0;  // slot + 1; 0: empty
    [[nodiscard]] bool empty() const { return number == 0; }
    [[nodiscard]] std::uint64_t hash() const { return spread(low / 8, low % 8); }
    static std::uint64_t hash_of(Key id) { return Place{static_cast<std::uint32_t>(id.value)}.hash(); }
  };
  [[nodiscard]] auto is(Key id) const {
    return [this, id](const Place& place) {
      return place.low == static_cast<std::uint32_t>(id.value) && at(place.number - 1).id == id;
    };
  }

  std::vector<std::vector<T>> pages_;  // each of kPage items, which stay where they are
  std::uint32_t slots_ = 0;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> direct_;  // by id, slot + 1; 0: none
  ProbeTable<Place> by_id_;            // the others
  std::size_t size_ = 0;
};

}  // namespace sb::routing
