#pragma once
// Why an offer went to whom it went: every agent's case in the state just before it was made. Pure; any thread.
#include <boost/json.hpp>

#include "engine/explain_words.h"
#include "routing/state.h"

namespace sb::engine {

struct OfferCase {
  Sentence sentence;          // "best of 2 ... ; passed over: Mei (away: lunch)"
  boost::json::array agents;  // [{"agent","name","eligible","chosen"?,"score"?,"reasons_en":[],"reasons_zh":[]}]
  std::size_t left_out = 0;   // agents beyond the first kAgentsMax
  std::string policy;
  Order order{};            // of the queue
  std::size_t place = 0;    // in the queue's order, from 1; 0: it did not wait there
  std::size_t waiting = 0;  // in the queue, this one included
};

inline constexpr std::size_t kAgentsMax = 200;

// `before` is the state right before the event of the record at `now` was applied.
[[nodiscard]] OfferCase explain_offer(const routing::State& before, const event::OfferMade& offer, TimeMs now,
                                      const Words& words);

}  // namespace sb::engine
