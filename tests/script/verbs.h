#pragma once
// The verbs of scripts, by subject: each takes its words and says its command.
#include <map>
#include <string>

#include "tests/script/speech.h"

namespace sb::script {

using Verb = Spoken (*)(Speech&, Words&);
using Verbs = std::map<std::string, Verb>;

[[nodiscard]] const Verbs& setup_verbs();
[[nodiscard]] const Verbs& agent_verbs();
[[nodiscard]] const Verbs& interaction_verbs();
[[nodiscard]] const Verbs& customer_verbs();  // tickets as well

// content=2: which row of the command's contents.
[[nodiscard]] std::uint32_t content(Words& words, std::uint32_t otherwise);

}  // namespace sb::script
