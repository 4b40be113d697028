#pragma once
// apply(state, event): the only way state changes. Total: events come from decide() or from the journal, so what they
// name exists; a violated precondition is damage and aborts (Release builds keep these checks).
#include "proto/event.h"
#include "routing/state.h"

namespace sb::routing {

void apply(State& state, const Event& event, TimeMs now);

}  // namespace sb::routing
