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
    if (((words_[word] & bit) != 0) == on) return;
    words_[word] ^= bit;
    on ? ++count_ : --count_;
  }
  [[nodiscard]] bool test(std::uint32_t i) const {
    return i / 64 < words_.size() && ((words_[i / 64] >> (i % 64)) & 1) != 0;
  }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }

  template <class F>
  void for_each(F&& f) const {
    for (std::size_t w = 0; w < words_.size(); ++w) visit(words_[w], w, f);
  }

 private:
  template <class F>
  static void visit(std::uint64_t bits, std::size_t word, F& f) {
    for (; bits != 0; bits &= bits - 1) f(static_cast<std::uint32_t>(word * 64 + std::countr_zero(bits)));
  }
  template <class F>
  friend void for_each_common_word(const Bitmap& a, const Bitmap& b, F&& f);
  template <class F>
  friend void for_each_common(const Bitmap& a, const Bitmap& b, F&& f);

  std::vector<std::uint64_t> words_;
  std::uint32_t count_ = 0;  // numbers in the set
};

// Calls f(word number, word of a AND word of b) for the words that matter: all, or those of the smaller set where it is
// so small that the other's words are better not even loaded.
template <class F>
void for_each_common_word(const Bitmap& a, const Bitmap& b, F&& f) {
  const std::size_t n = std::min(a.words_.size(), b.words_.size());
  const bool a_is_smaller = a.count_ < b.count_;
  const std::uint64_t* const few = (a_is_smaller ? a : b).words_.data();
  const std::uint64_t* const many = (a_is_smaller ? b : a).words_.data();
  std::uint32_t left = std::min(a.count_, b.count_);
  if (std::size_t{left} * 4 >= n) {
    for (std::size_t w = 0; w < n; ++w) f(w, few[w] & many[w]);
    return;
  }
  for (std::size_t w = 0; left != 0 && w < n; ++w) {
    const std::uint64_t bits = few[w];
    if (bits == 0) continue;
    left -= static_cast<std::uint32_t>(std::popcount(bits));
    f(w, bits & many[w]);
  }
}

inline std::uint32_t count_common(const Bitmap& a, const Bitmap& b) {
  std::uint32_t count = 0;
  for_each_common_word(a, b, [&](std::size_t, std::uint64_t bits) { count += std::popcount(bits); });
  return count;
}

// Calls f with every number in both sets, ascending.
template <class F>
void for_each_common(const Bitmap& a, const Bitmap& b, F&& f) {
  for_each_common_word(a, b, [&](std::size_t w, std::uint64_t bits) { Bitmap::visit(bits, w, f); });
}

}  // namespace sb::routing
