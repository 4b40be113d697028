#pragma once
// Turns a scenario into the commands that configure a core for it: skills, queues and agents, ids counted from 1 in the
// order of the scenario.
#include <vector>

#include "planner/scenario.h"
#include "proto/command.h"

namespace sb::planner {

// `by_hand`: offers are accepted by a command of their own instead of in the step that makes them.
[[nodiscard]] std::vector<Command> setup_commands(const Scenario& scenario, bool by_hand);

// What every arrival of the queue says.
[[nodiscard]] command::StartInteraction arrival_command(const Scenario& scenario, std::size_t queue);

}  // namespace sb::planner
