#pragma once
// What a script runs on: the bare core here, the whole engine elsewhere. One thread; times never decrease.
#include <string>
#include <string_view>
#include <vector>

#include "proto/record.h"
#include "routing/core.h"

namespace sb::script {

struct Answer {
  routing::Outcome outcome;
  std::vector<Event> events;
};

struct TimedEvent {
  TimeMs time_ms = 0;
  Event event;
};

class Driver {
 public:
  Driver() = default;
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  virtual ~Driver() = default;

  virtual Answer submit(const Command& command, Source source, std::string_view key, TimeMs now) = 0;
  // Lets time pass up to and including `to`; every deadline fires at its own time.
  virtual std::vector<TimedEvent> advance(TimeMs to) = 0;
  // Stops in an orderly way and starts again from a snapshot. Returns what went wrong, or nothing.
  virtual std::string restart() = 0;
  // Dies, and starts again from the journal alone. Returns what went wrong, or nothing.
  virtual std::string crash() = 0;
  [[nodiscard]] virtual const routing::State& state() const = 0;
};

}  // namespace sb::script
