#pragma once
// Whether who waits is asked to be called back instead: always where the queue says so, else once a step of its
// relaxation (offer_callback) has passed. Edge thread.
#include "engine/center.h"
#include "routing/state.h"

namespace sb::engine {

[[nodiscard]] bool offers_callback(const routing::Interaction& interaction, const Center& center,
                                   const routing::State& state);

}  // namespace sb::engine
