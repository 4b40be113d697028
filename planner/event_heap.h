#pragma once
// What the driver will do next: a 4-ary heap of 16-byte entries, so that a sift touches few cache lines. Entries at the
// same time come in the order of kind, then subject: no tie is left to chance.
#include <cstdint>
#include <vector>

#include "planner/sampling.h"

namespace sb::planner {

// At one instant agents become free first, then customers leave, then others come.
enum class Happening : std::uint8_t {
  kHandled = 0,
  kWrappedUp = 1,
  kPlanned = 2,
  kShift = 3,
  kAnswer = 4,
  kPatienceOver = 5,
  kArrival = 6
};

class EventHeap {
 public:
  struct Entry {
    SimTime time = 0;
    std::uint64_t what = 0;  // kind in the highest 8 bits, subject below

    [[nodiscard]] Happening kind() const { return static_cast<Happening>(what >> 56); }
    [[nodiscard]] std::uint64_t subject() const { return what & ((std::uint64_t{1} << 56) - 1); }
    [[nodiscard]] bool before(const Entry& o) const { return time < o.time || (time == o.time && what < o.what); }
  };

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] const Entry& first() const { return entries_.front(); }

  void push(SimTime time, Happening kind, std::uint64_t subject) {
    const Entry entry{time, static_cast<std::uint64_t>(kind) << 56 | subject};
    std::size_t at = entries_.size();
    entries_.push_back(entry);
    while (at > 0 && entry.before(entries_[(at - 1) / 4])) {
      entries_[at] = entries_[(at - 1) / 4];
      at = (at - 1) / 4;
    }
    entries_[at] = entry;
  }

  void pop() {
    const Entry last = entries_.back();
    entries_.pop_back();
    if (!entries_.empty()) sink(last);
  }

 private:
  void sink(Entry entry) {
    const std::size_t count = entries_.size();
    std::size_t at = 0;
    while (at * 4 + 1 < count) {
      const std::size_t end = at * 4 + 5 < count ? at * 4 + 5 : count;
      std::size_t least = at * 4 + 1;
      for (std::size_t child = least + 1; child < end; ++child) {
        if (entries_[child].before(entries_[least])) least = child;
      }
      if (!entries_[least].before(entry)) break;
      entries_[at] = entries_[least];
      at = least;
    }
    entries_[at] = entry;
  }

  std::vector<Entry> entries_;
};

}  // namespace sb::planner
