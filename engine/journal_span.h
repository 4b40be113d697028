#pragma once
// A stretch of the journal by time: the state as it begins, then event after event with the state each leads to.
// Changes nothing. Any thread; a replay from the newest snapshot before the stretch, so not for the edge thread.
#include <expected>
#include <functional>
#include <stop_token>

#include "routing/core.h"
#include "storage/store.h"

namespace sb::engine {

struct SpanVisitor {
  std::function<void(const routing::State& before)> begin;                                     // once, first
  std::function<bool(const Event& event, TimeMs time_ms, const routing::State& after)> event;  // false: enough
  std::function<void(const Command& command, const routing::State& before)> command = {};      // before its events
};

// Records with from_ms <= time < until_ms. Returns how many were visited; fewer when the visitor had enough or a stop
// was requested.
[[nodiscard]] std::expected<std::uint64_t, storage::Error> visit_span(const storage::Store& store, TimeMs from_ms,
                                                                      TimeMs until_ms, const SpanVisitor& visitor,
                                                                      const std::stop_token& stop = {});

}  // namespace sb::engine
