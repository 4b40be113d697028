#pragma once
// Sentences about flows, in the two languages of the screens. Pure; any thread.
#include "engine/explain_words.h"
#include "routing/flow.h"

namespace sb::engine {

// "tier is at least 2: yes, it is 3"
[[nodiscard]] Sentence condition_words(const FlowCondition& condition, const routing::ConditionSaid& said,
                                       const Words& words);

// What comes of an arrival: "goes to VIP; needs zh >= 50; priority 20".
[[nodiscard]] Sentence arrival_words(const routing::FlowArrival& arrival, const Words& words);

}  // namespace sb::engine
