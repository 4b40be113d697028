#pragma once
// Open addressing with linear probing; deletion by backward shift, so there are no tombstones and lookups stay short.
// It offers no iteration: no decision may depend on hash order. It is kept in parts that grow one by one: a million
// entries never move in one step.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sb::routing {

// Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4): the upper bits choose part and place, and keys that
// follow each other lie evenly apart. `beside`, below 8, is the place among eight neighbours: they share a cache line.
[[nodiscard]] constexpr std::uint64_t spread(std::uint64_t key, std::uint64_t beside = 0) {
  return ((key * 0x9E3779B97F4A7C15u) & ~std::uint64_t{7}) | beside;
}

// Entry{} is an empty place; empty() says so, and hash() gives the spread key of one that is not.
template <class Entry>
class ProbeTable {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }

  // The entry of this hash that `is_it` accepts; null: none.
  template <class IsIt>
  const Entry* find(std::uint64_t hash, IsIt&& is_it) const {
    const auto& places = parts_[part_of(hash)].places;
    const std::size_t at = locate(places, hash, is_it);
    return at == kAbsent ? nullptr : &places[at];
  }

  // Must not be there yet.
  void insert(Entry entry) {
    const std::uint64_t hash = entry.hash();
    Part& part = parts_[part_of(hash)];
    if ((part.size + 1) * 8 > part.places.size() * 5) part.grow();
    part.place(std::move(entry), hash);
    ++part.size;
    ++size_;
  }

  template <class IsIt>
  bool erase(std::uint64_t hash, IsIt&& is_it) {
    Part& part = parts_[part_of(hash)];
    auto& places = part.places;
    std::size_t hole = locate(places, hash, is_it);
    if (hole == kAbsent) return false;
    const std::size_t mask = places.size() - 1;
    for (std::size_t next = (hole + 1) & mask; !places[next].empty(); next = (next + 1) & mask) {
      const std::size_t home = home_of(places, places[next].hash());
      if (((next - home) & mask) < ((next - hole) & mask)) continue;  // moving it would put it before its home
      places[hole] = std::move(places[next]);
      hole = next;
    }
    places[hole] = Entry{};
    --part.size;
    --size_;
    return true;
  }

 private:
  static constexpr std::size_t kAbsent = ~std::size_t{0};
  static constexpr unsigned kPartBits = 6;

  static std::size_t part_of(std::uint64_t hash) { return hash >> (64 - kPartBits); }

  static std::size_t home_of(const std::vector<Entry>& places, std::uint64_t hash) {
    const auto bits = std::countr_zero(places.size());  // at least two
    return ((hash << kPartBits >> (64 - bits)) ^ (hash & 7)) & (places.size() - 1);
  }

  template <class IsIt>
  static std::size_t locate(const std::vector<Entry>& places, std::uint64_t hash, IsIt&& is_it) {
    if (places.empty()) return kAbsent;
    const std::size_t mask = places.size() - 1;
    for (std::size_t at = home_of(places, hash); !places[at].empty(); at = (at + 1) & mask) {
      if (is_it(places[at])) return at;
    }
    return kAbsent;
  }

  struct Part {
    std::vector<Entry> places;  // a power of two of them, at most five eighths taken
    std::size_t size = 0;

    void place(Entry entry, std::uint64_t hash) {
      const std::size_t mask = places.size() - 1;
      std::size_t at = home_of(places, hash);
      while (!places[at].empty()) at = (at + 1) & mask;
      places[at] = std::move(entry);
    }
    void grow() {
      std::vector<Entry> old = std::exchange(places, std::vector<Entry>(places.empty() ? 4 : places.size() * 2));
      for (Entry& entry : old) {
        if (entry.empty()) continue;
        const std::uint64_t hash = entry.hash();
        place(std::move(entry), hash);
      }
    }
  };

  std::array<Part, std::size_t{1} << kPartBits> parts_;
  std::size_t size_ = 0;
};

}  // namespace sb::routing
