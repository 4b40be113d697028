#pragma once
// What a flow would say about an arrival, given by hand or recorded: every rule and condition in words, and what would
// come of it. Changes nothing. Any thread that may read the state, or the store.
#include <boost/json.hpp>
#include <expected>
#include <string>

#include "engine/center.h"
#include "routing/flow.h"
#include "storage/store.h"

namespace sb::engine {

// An arrival written by hand.
struct GivenArrival {
  routing::FlowArrival arrival;  // without labels
  std::vector<std::string> labels;
  TimeMs at_ms = 0;
};

// { "channel": "phone", "queue": "sales", "language"?, "tier"?, "priority"?, "known_customer"?, "labels"?, "skills"?,
// "at"?: "2026-11-21T09:30" } with the local time of the flow; without it `now` is meant. The error names the field.
[[nodiscard]] std::expected<GivenArrival, std::string> read_arrival(const boost::json::value& value,
                                                                    const Center& center, const Flow& flow, TimeMs now);

[[nodiscard]] boost::json::object dry_run(const Flow& flow, const GivenArrival& given, const routing::State& state,
                                          const Center& center);

inline constexpr std::size_t kRecordedMax = 1'000;

struct Recorded {
  InteractionId interaction;  // this one, or
  std::size_t last = 0;       // so many arrivals, the latest; at most kRecordedMax
};
// "17" or "last:100".
[[nodiscard]] std::expected<Recorded, std::string> read_recorded(std::string_view text);

// Each arrival with the state as it was. An arrival that was refused is in no journal. Empty: there is none such.
[[nodiscard]] std::expected<boost::json::array, storage::Error> dry_run_recorded(const Flow& flow,
                                                                                 const Recorded& wanted,
                                                                                 const storage::Store& store,
                                                                                 const Center& center);

}  // namespace sb::engine
