#pragma once
// What happened and why, told from the journal: every event with its time and a sentence in English and Chinese; for
// every offer, who could have had it and why the others did not, decided again from the state of that moment.
//
//   [{"time_ms", "seq", "event", "text_en", "text_zh", "details": {...}}]
//
// An offer also has "short_en" and "short_zh" (who, without why) and in its details "policy", "order", "place" and
// "waiting" (in the queue), and for the newest 50 offers "agents" (explain_offer.h).
//
// Threads: any; reads the store and replays records, so it may take seconds on a long journal: not for the edge thread.
#include <boost/json.hpp>
#include <expected>

#include "engine/center.h"
#include "storage/store.h"

namespace sb::engine {

// The whole life of an interaction. `customer` is whom it was started for (a later merge does not matter). Empty:
// there is no such interaction in this customer's history.
[[nodiscard]] std::expected<boost::json::array, storage::Error> explain(const storage::Store& store,
                                                                        const Center& center, InteractionId interaction,
                                                                        CustomerId customer);

// Whether it was ever offered to the agent, or is a past contact of theirs. Reads its records only, without a replay.
[[nodiscard]] std::expected<bool, storage::Error> took_part(const storage::Store& store, InteractionId interaction,
                                                            CustomerId customer, AgentId agent);

// Everything recorded about a customer, oldest first: the newest `records_max` records before `before` (0: the newest).
// Offers are told without the replay.
[[nodiscard]] std::expected<boost::json::array, storage::Error> history(const storage::Store& store,
                                                                        const Center& center, CustomerId customer,
                                                                        Seq before, std::size_t records_max);

}  // namespace sb::engine
