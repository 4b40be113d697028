#pragma once
// Deadlines as state: an ordered set, so firing is exact and a snapshot holds them through the things they belong to.
#include <cstdint>

#include "proto/ids.h"
#include "routing/ordered_keys.h"

namespace sb::routing {

enum class DeadlineKind : std::uint8_t {
  kOffer = 1,
  kWrapUp = 2,
  kAgentGrace = 3,
  kCustomerGrace = 4,
  kAvoidance = 5,
  kPreferred = 6,
  kRelaxation = 7,
  kRest = 8,
  kReply = 9,
  kCallback = 10,
};

struct Deadline {
  TimeMs time_ms = 0;
  DeadlineKind kind{};
  std::uint64_t subject = 0;  // offer, interaction, agent or, for a relaxation, queue
  std::uint32_t part = 0;     // for wrap-ups: whose; for relaxations: the steps taken before
  auto operator<=>(const Deadline&) const = default;
};

inline constexpr TimeMs kNever = ~TimeMs{0};

class Deadlines {
 public:
  void set(Deadline d) { all_.insert(d); }
  void clear(Deadline d) { all_.erase(d); }
  [[nodiscard]] TimeMs next() const { return all_.empty() ? kNever : all_.front().time_ms; }
  [[nodiscard]] const Deadline& first() const { return all_.front(); }
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] bool contains(const Deadline& d) const { return all_.contains(d); }

 private:
  OrderedKeys<Deadline> all_;
};

}  // namespace sb::routing
