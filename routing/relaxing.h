#pragma once
// Who waits for which step of a queue's relaxation, in the order of joining it: all at one step are due equally long
// after they joined, so only the first of each can be next, and a change of the steps touches as many deadlines as
// there are steps. Derived.
#include <cstdint>
#include <vector>

#include "routing/entities.h"
#include "routing/flat_map.h"
#include "routing/ordered_keys.h"

namespace sb::routing {

struct JoinedKey {
  TimeMs joined_ms = 0;
  InteractionId interaction;
  auto operator<=>(const JoinedKey&) const = default;
};

// Those at one step.
struct RelaxingRing {
  OrderedKeys<JoinedKey> entries;
  TimeMs due_ms = 0;  // the deadline that stands for them; 0: none
};

class Relaxing {
 public:
  [[nodiscard]] std::vector<RelaxingRing>& rings_of(QueueId queue) {
    const std::uint32_t* at = index_.find(queue.value);
    if (at) return rings_[*at];
    index_.put(queue.value, static_cast<std::uint32_t>(rings_.size()));
    return rings_.emplace_back(kRelaxationMax + 1);
  }

 private:
  FlatMap<std::uint32_t> index_;
  std::vector<std::vector<RelaxingRing>> rings_;  // by queue, then by steps taken
};

}  // namespace sb::routing
