#pragma once
// The calls to customers that are still to be made: asked for, and the customer not yet on the line. What the state
// would have to be searched for. Owner thread: the release executor.
#include <set>
#include <vector>

#include "engine/engine.h"

namespace sb::console {

class CallbackList final : public engine::Listener {
 public:
  // Before the engine starts.
  void load(const routing::State& state);
  void after_event(const engine::Commit& commit, const Event& event, const routing::State& after) override;

  // Those of a customer (none: everybody's), the next ones due first. `total` counts all of them.
  struct Page {
    std::vector<const routing::Interaction*> first;  // valid until the state changes
    std::size_t total = 0;
  };
  [[nodiscard]] Page first(const routing::State& state, CustomerId customer, std::size_t count) const;
  [[nodiscard]] std::size_t size() const { return open_.size(); }

 private:
  std::set<InteractionId> open_;
};

}  // namespace sb::console
