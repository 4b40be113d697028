#pragma once
// The start's way through the engine's bounded queue: what finds it full is given again until it is taken, so every
// command arrives exactly once and in order. For the one thread that starts the program, once the engine runs; never
// on the release executor, which would wait for itself.
#include <functional>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace sb::app {

// Returns when the queue has taken it; the answer is not waited for.
void submit_one(engine::Engine& engine, const Command& command, Source source,
                const std::vector<std::string>& contents = {},
                const std::function<void(const engine::Answer&)>& answered = {});

// In their order. Returns when all are answered and so durable; `answered` hears each on the release executor.
void submit_all(engine::Engine& engine, const std::vector<Command>& commands, Source source,
                const std::function<void(const Command&, const engine::Answer&)>& answered = {});

}  // namespace sb::app
