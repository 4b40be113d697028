#pragma once
// Fills an empty store with an invented clientele: customers, orders, notes, and the calls and chats of the past
// months at their own times, through commands like everything else.
#include <expected>
#include <string>

#include "app/config.h"
#include "crm/identity.h"
#include "engine/engine.h"

namespace sb::app {

[[nodiscard]] std::expected<void, std::string> import_demo(engine::Engine& engine, const crm::IdentityHasher& hasher,
                                                           const Config& config);

}  // namespace sb::app
