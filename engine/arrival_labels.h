#pragma once
// The labels edges give arrivals, so that flows can ask for them: "called:+862155550100", "ivr:2", "page:/cart",
// "tag:wholesale", "known_customer". What does not fit the bounds is left out. Pure; any thread.
#include <string>
#include <string_view>
#include <vector>

#include "crm/directory.h"

namespace sb::engine {

void add_label(std::vector<std::string>& labels, std::string_view kind, std::string_view text);

// Of somebody known: the tags and that they are.
void add_customer_labels(std::vector<std::string>& labels, const crm::IdentityMatch& match);

}  // namespace sb::engine
