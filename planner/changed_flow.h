#pragma once
// A changed flow: a recorded day whose arrivals are placed by it instead of where they were.
#include <vector>

#include "planner/recorded_day.h"
#include "planner/toml_table.h"

namespace sb::planner {

struct ChangedFlow {
  Flow flow;
  std::vector<Place> rules;  // where each stands
};

// Fails by throwing ScenarioError: a rule names what was not there, or asks what a simulation cannot know.
void set_flow(RecordedDay& day, const ChangedFlow& changed);

}  // namespace sb::planner
