#pragma once
// Which customer's history a record belongs to: one timeline row per (customer, interaction) that its events touch.
#include "proto/record.h"
#include "routing/state.h"
#include "storage/batch.h"

namespace sb::engine {

// `after` is the state once the record's events have been applied.
void put_timeline(storage::Batch& batch, const Record& record, const routing::State& after);

// A row's value: the interaction the record touched (0: the customer alone).
[[nodiscard]] InteractionId decode_timeline(std::string_view row);

}  // namespace sb::engine
