#include "routing/applier.h"

namespace sb::routing {

void Applier::on(const event::FlowPut& e) {
  state.flow = e.flow;
}

void Applier::on(const event::FlowApplied&) {}  // what it made of the arrival is in the events that follow

}  // namespace sb::routing
