#pragma once
// When and how a customer is to be called back, as the bodies of the REST API say it. Edge thread.
#include <boost/json.hpp>

#include "console/context.h"
#include "console/rest_call.h"

namespace sb::console {

// {"at", "zone", "hours", "order", "attempts"}, all optional: what is absent is as the queue (0: any) has it, and the
// zone is that of the customer's profile (empty: not known, the center's counts). Errors name the field.
[[nodiscard]] Result<command::CallbackWish> read_callback_terms(const Context& context, const boost::json::object& body,
                                                                QueueId queue, const std::string& profile_zone);

}  // namespace sb::console
