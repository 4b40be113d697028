#pragma once
// Turns a scenario into the commands that configure a core for it: skills, queues and agents, ids counted from 1 in the
// order of the scenario.
#include <vector>

#include "planner/recorded_day.h"
#include "planner/scenario.h"
#include "proto/command.h"

namespace sb::planner {

// `by_hand`: offers are accepted by a command of their own instead of in the step that makes them.
[[nodiscard]] std::vector<Command> setup_commands(const Scenario& scenario, bool by_hand);

// What every arrival of the queue says.
[[nodiscard]] command::StartInteraction arrival_command(const Scenario& scenario, std::size_t queue);

// A recorded day's center at its beginning; everybody is signed in and away. Offers have the longest timeout there is
// and wrap-ups no end of their own: the driver answers and ends them.
[[nodiscard]] std::vector<Command> setup_commands(const RecordedDay& day);
[[nodiscard]] command::PutQueue as_played(command::PutQueue put, const RecordedDay& day);

}  // namespace sb::planner
