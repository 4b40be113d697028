#include "routing/decider.h"
#include "routing/flow.h"

// The flow: changed by command, and asked before an arrival joins its queue.
namespace sb::routing {

Decision Decider::on(const command::PutFlow& c) {
  if (c.flow == state.flow) return {};
  if (c.flow.version <= state.flow.version) return {Rejection::kWrongState};
  if (const Rejection bad = check_flow(c.flow, state); bad != Rejection::kNone) return {bad};
  emit(event::FlowPut{c.flow});
  return {};
}

std::vector<std::string> Decider::through_flow(FlowArrival& arrival) const {
  std::vector<std::string> rules;
  for (const std::size_t n : evaluate(state.flow, arrival, state, now)) rules.push_back(state.flow.rules[n].name);
  return rules;
}

}  // namespace sb::routing
