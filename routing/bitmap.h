#pragma once
// A growable set of small numbers (agent slots, class slots), 64 to a word.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace sb::routing {

class Bitmap {
 public:
  void set(std::uint32_t i, bool on = true) {
    const std::size_t word = i / 64;
    if (word >= words_.size()) {
      if (!on) return;
      words_.resize(word + 1);
    }
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    on ? words_[word] |= bit : words_[word] &= ~bit;
  }
  [[nodiscard]] bool test(std::uint32_t i) const {
    return i / 64 < words_.size() && ((words_[i / 64] >> (i % 64)) & 1) != 0;
  }
  void clear() { words_.clear(); }
  [[nodiscard]] std::uint32_t count() const {
    std::uint32_t n = 0;
    for (const std::uint64_t word : words_) n += static_cast<std::uint32_t>(std::popcount(word));
    return n;
  }

  template <class F>
  void for_each(F&& f) const {
    for (std::size_t w = 0; w < words_.size(); ++w) visit(words_[w], w, f);
  }

 private:
  template <class F>
  static void visit(std::uint64_t bits, std::size_t word, F& f) {
    for (; bits != 0; bits &= bits - 1) f(static_cast<std::uint32_t>(word * 64 + std::countr_zero(bits)));
  }
  friend std::uint32_t count_common(const Bitmap& a, const Bitmap& b);
  template <class F>
  friend void for_each_common(const Bitmap& a, const Bitmap& b, F&& f);

  std::vector<std::uint64_t> words_;
};

inline std::uint32_t count_common(const Bitmap& a, const Bitmap& b) {
  const std::size_t n = std::min(a.words_.size(), b.words_.size());
  std::uint32_t count = 0;
  for (std::size_t w = 0; w < n; ++w) count += static_cast<std::uint32_t>(std::popcount(a.words_[w] & b.words_[w]));
  return count;
}

// Calls f with every number in both sets, ascending.
template <class F>
void for_each_common(const Bitmap& a, const Bitmap& b, F&& f) {
  const std::size_t n = std::min(a.words_.size(), b.words_.size());
  for (std::size_t w = 0; w < n; ++w) Bitmap::visit(a.words_[w] & b.words_[w], w, f);
}

}  // namespace sb::routing
