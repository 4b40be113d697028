#pragma once
// Reading contents back from the journal. What was accepted once must never stop the projection: anything missing or
// of an unexpected shape counts as absent. Pure. Internal to crm.
#include <optional>
#include <string>
#include <string_view>

#include "crm/profile.h"

namespace sb::crm {

struct StoredProfile {
  Profile profile;
  bool identity_only = false;  // what a channel knew about a new caller, not a profile somebody wrote
};
[[nodiscard]] StoredProfile read_stored_profile(std::string_view json);

// The text of a message, or the file name of its attachment.
[[nodiscard]] std::string read_stored_message(std::string_view json);
// The field's text; empty when there is none.
[[nodiscard]] std::string read_stored_text(std::string_view json, std::string_view field);

// What a new customer is called until somebody writes a name.
[[nodiscard]] std::string name_from(const Address& address);

// The beginning of a text on one line: blanks collapsed, cut at a character, "…" added when something is missing.
[[nodiscard]] std::string first_words(std::string_view text, std::size_t characters_max);

}  // namespace sb::crm
