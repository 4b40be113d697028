#include "routing/apply.h"

#include "routing/applier.h"
#include "routing/check.h"

namespace sb::routing {

void apply(State& state, const Event& event, TimeMs now) {
  SB_CHECK(now >= state.counters.time_ms);
  state.counters.time_ms = now;
  Applier applier{state, now};
  std::visit([&](const auto& e) { applier.on(e); }, event);
}

}  // namespace sb::routing
