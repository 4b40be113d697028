#include "net/deadline_wheel.h"

namespace sb::net {

void DeadlineWheel::file(Entry& entry) {
  const std::int64_t tick = std::clamp<std::int64_t>((entry.due_ms_ + kTickMs - 1) / kTickMs, tick_ + 1,
                                                     tick_ + static_cast<std::int64_t>(kSlots) - 1);
  entry.looked_at_ms_ = tick * kTickMs;
  slots_[static_cast<std::size_t>(tick) % kSlots].push_back(entry);
}

void DeadlineWheel::set(Entry& entry, std::int64_t due_ms) {
  entry.due_ms_ = due_ms;
  if (entry.is_linked()) {
    if (entry.looked_at_ms_ <= due_ms) return;
    entry.unlink();
  }
  file(entry);
}

void DeadlineWheel::clear(Entry& entry) {
  entry.due_ms_ = 0;
}

void DeadlineWheel::remove(Entry& entry) {
  entry.due_ms_ = 0;
  if (entry.is_linked()) entry.unlink();
}

void DeadlineWheel::advance(std::int64_t now_ms) {
  const std::int64_t last = now_ms / kTickMs;
  // After a long gap one turn visits every slot.
  tick_ = std::max(tick_, last - static_cast<std::int64_t>(kSlots));
  while (tick_ < last) {
    ++tick_;
    List due;
    due.swap(slots_[static_cast<std::size_t>(tick_) % kSlots]);
    while (!due.empty()) {
      Entry& entry = due.front();
      due.pop_front();
      if (entry.due_ms_ == 0) continue;
      if (entry.due_ms_ > now_ms) {
        file(entry);
      } else {
        entry.due_ms_ = 0;
        entry.on_deadline(now_ms);
      }
    }
  }
}

}  // namespace sb::net
