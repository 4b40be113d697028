#pragma once
// A sorted set of small plain keys in chunks: what waits joins near the end and leaves near the front, so both ends
// cost a comparison; elsewhere a binary search over the chunks' last keys and one within a chunk. The place of a key is
// known too. About 20 bytes for a key of 16, where a tree takes 64.
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace sb::routing {

template <class Key>
class OrderedKeys {
  static constexpr std::size_t kChunkKeys = 128;
  static constexpr std::size_t kSpareKeysMax = 8;

  struct Chunk {
    std::vector<Key> keys;
    std::size_t head = 0;  // those before it have left

    [[nodiscard]] const Key& operator[](std::size_t n) const { return keys[n]; }
    [[nodiscard]] bool full() const { return keys.size() == kChunkKeys; }
    [[nodiscard]] auto begin() { return keys.begin() + static_cast<std::ptrdiff_t>(head); }
    [[nodiscard]] auto begin() const { return keys.begin() + static_cast<std::ptrdiff_t>(head); }
  };

 public:
  class Iterator {
   public:
    const Key& operator*() const { return (*chunks_)[chunk_][at_]; }
    Iterator& operator++() {
      if (++at_ == (*chunks_)[chunk_].keys.size()) {
        ++chunk_;
        at_ = chunk_ < chunks_->size() ? (*chunks_)[chunk_].head : 0;
      }
      return *this;
    }
    bool operator==(const Iterator& o) const { return chunk_ == o.chunk_ && at_ == o.at_; }

   private:
    friend class OrderedKeys;
    Iterator(const std::vector<Chunk>& chunks, std::size_t chunk) : chunks_(&chunks), chunk_(chunk) {
      at_ = chunk < chunks.size() ? chunks[chunk].head : 0;
    }
    const std::vector<Chunk>* chunks_;
    std::size_t chunk_;
    std::size_t at_ = 0;
  };

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  // Not of an empty set.
  [[nodiscard]] const Key& front() const { return chunks_.front().keys[chunks_.front().head]; }
  [[nodiscard]] Iterator begin() const { return Iterator(chunks_, 0); }
  [[nodiscard]] Iterator end() const { return Iterator(chunks_, chunks_.size()); }

  // Whether it was not there before.
  bool insert(const Key& key) {
    std::size_t c = chunk_of(key);
    if (c == chunks_.size()) {  // after everything
      if (c == 0 || chunks_.back().full()) {
        if (c > 0) lasts_.push_back(chunks_.back().keys.back());
        chunks_.emplace_back().keys = std::exchange(spare_, {});
      }
      chunks_.back().keys.push_back(key);
    } else {
      const auto at = position_in(chunks_[c], key);
      if (*at == key) return false;
      insert_within(c, at, key);
    }
    ++size_;
    return true;
  }

  // Whether it was there.
  bool erase(const Key& key) {
    if (empty()) return false;
    const bool first = front() == key;
    const std::size_t c = first ? 0 : chunk_of(key);
    if (c == chunks_.size()) return false;
    Chunk& chunk = chunks_[c];
    const auto at = first ? chunk.begin() : position_in(chunk, key);
    if (!(*at == key)) return false;
    --size_;
    if (chunk.keys.size() - chunk.head == 1) {
      if (chunk.keys.capacity() <= kSpareKeysMax) {
        spare_ = std::move(chunk.keys);
        spare_.clear();
      }
      chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(c));
      if (!lasts_.empty()) lasts_.erase(lasts_.begin() + static_cast<std::ptrdiff_t>(std::min(c, lasts_.size() - 1)));
      return true;
    }
    if (at == chunk.begin()) {
      ++chunk.head;
    } else {
      chunk.keys.erase(at);
      if (c < lasts_.size()) lasts_[c] = chunk.keys.back();
    }
    return true;
  }

  [[nodiscard]] bool contains(const Key& key) const {
    const std::size_t c = chunk_of(key);
    return c < chunks_.size() && *position_in(chunks_[c], key) == key;
  }

  // How many are before the key.
  [[nodiscard]] std::size_t position(const Key& key) const {
    const std::size_t c = chunk_of(key);
    std::size_t before = 0;
    for (std::size_t n = 0; n < c; ++n) before += chunks_[n].keys.size() - chunks_[n].head;
    if (c < chunks_.size()) before += static_cast<std::size_t>(position_in(chunks_[c], key) - chunks_[c].begin());
    return before;
  }

 private:
  // The first chunk whose last key is not before the key.
  [[nodiscard]] std::size_t chunk_of(const Key& key) const {
    if (chunks_.empty() || chunks_.back().keys.back() < key) return chunks_.size();
    if (lasts_.empty() || !(lasts_.front() < key)) return 0;
    return static_cast<std::size_t>(std::lower_bound(lasts_.begin(), lasts_.end(), key) - lasts_.begin());
  }
  [[nodiscard]] static auto position_in(Chunk& chunk, const Key& key) {
    return std::lower_bound(chunk.begin(), chunk.keys.end(), key);
  }
  [[nodiscard]] static auto position_in(const Chunk& chunk, const Key& key) {
    return std::lower_bound(chunk.begin(), chunk.keys.end(), key);
  }

  void insert_within(std::size_t c, typename std::vector<Key>::iterator at, const Key& key) {
    Chunk& chunk = chunks_[c];
    if (chunk.head > 0) {  // room at the front
      std::move(chunk.begin(), at, chunk.begin() - 1);
      *(at - 1) = key;
      --chunk.head;
      return;
    }
    if (!chunk.full()) {
      chunk.keys.insert(at, key);
      return;
    }
    const auto offset = at - chunk.keys.begin();
    constexpr auto kHalf = static_cast<std::ptrdiff_t>(kChunkKeys / 2);
    Chunk upper;
    upper.keys.assign(chunk.keys.begin() + kHalf, chunk.keys.end());
    chunk.keys.resize(kHalf);
    if (offset <= kHalf) {
      chunk.keys.insert(chunk.keys.begin() + offset, key);
    } else {
      upper.keys.insert(upper.keys.begin() + (offset - kHalf), key);
    }
    const auto next = static_cast<std::ptrdiff_t>(c + 1);
    if (c < lasts_.size()) lasts_[c] = upper.keys.back();
    lasts_.insert(lasts_.begin() + static_cast<std::ptrdiff_t>(c), chunk.keys.back());
    chunks_.insert(chunks_.begin() + next, std::move(upper));
  }

  std::vector<Chunk> chunks_;  // none is empty
  std::vector<Key> lasts_;     // of each chunk but the last, apart so that a search stays in few cache lines
  std::vector<Key> spare_;     // of a small chunk that is gone: what has one entry now and then does not allocate
  std::size_t size_ = 0;
};

}  // namespace sb::routing
