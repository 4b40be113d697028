#pragma once
// Turns the configuration into commands. Ids are found again by name, so names may be listed in any order and files
// edited freely; what is already so changes nothing.
#include <expected>
#include <string>
#include <vector>

#include "app/config.h"
#include "routing/state.h"

namespace sb::app {

// Gives every skill, queue and agent its id (known names keep theirs), fills config.center and config.phone.numbers,
// and lists the commands that make the core agree (a flow only where it differs, one version up). The error names what
// the configuration refers to and does not define.
[[nodiscard]] std::expected<std::vector<Command>, std::string> resolve(Config& config, const routing::State& state);

}  // namespace sb::app
