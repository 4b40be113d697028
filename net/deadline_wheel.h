#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <boost/intrusive/list.hpp>

namespace sb::net {

// Coarse deadlines of many connections. Moving a deadline later costs nothing (it is looked at when the old one comes);
// moving it earlier relinks. Fires up to two ticks late, never early. Used by one thread only.
class DeadlineWheel {
  using Hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

 public:
  static constexpr std::int64_t kTickMs = 32;

  class Entry : public Hook {
   public:
    virtual ~Entry() = default;
    virtual void on_deadline(std::int64_t now_ms) = 0;

   private:
    friend class DeadlineWheel;
    std::int64_t due_ms_ = 0;  // 0: none
    std::int64_t looked_at_ms_ = 0;
  };

  void set(Entry& entry, std::int64_t due_ms);
  void clear(Entry& entry);
  void remove(Entry& entry);  // before it is destroyed
  void advance(std::int64_t now_ms);

 private:
  static constexpr std::size_t kSlots = 2048;  // 65 s; what lies further is looked at once per turn
  using List = boost::intrusive::list<Entry, boost::intrusive::constant_time_size<false>>;

  void file(Entry& entry);

  std::array<List, kSlots> slots_;
  std::int64_t tick_ = 0;
};

}  // namespace sb::net
