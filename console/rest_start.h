#pragma once
// The body of POST /api/interactions to a StartInteraction command with the facts it needs. Edge thread.
#include <boost/json.hpp>

#include "console/context.h"
#include "console/rest_call.h"

namespace sb::console {

// {"channel" (default "message"), "queue", "skills": {"zh": 50}, "any": [{"zh": 50, "en": 70}], "prefer": ["tea"],
//  "exclude": ["amy"], "priority", "language", "text", "customer" or "identity": {"kind","value","name"},
//  "out_of_hours"}. queue is a name or a number and required.
[[nodiscard]] Result<engine::Submission> read_start(const Context& context, const boost::json::value& body);

}  // namespace sb::console
