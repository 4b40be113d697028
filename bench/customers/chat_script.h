#pragma once
// What invented people say: customers' short conversations and agents' answers, in English and Chinese. Any thread.
#include <string>
#include <vector>

#include "bench/customers/random.h"

namespace sb::customers {

struct ChatScript {
  std::string language;  // en, zh
  std::string queue;
  std::vector<std::string> lines;  // the customer's, one after each answer
};

[[nodiscard]] const std::vector<ChatScript>& chat_scripts();
// A script of the language.
[[nodiscard]] const ChatScript& pick_script(Random& random, const std::string& language);

struct Person {
  std::string name;
  std::string email;
  std::string phone;
};
[[nodiscard]] Person pick_person(Random& random, const std::string& language);

// An agent's answer to the customer's `turn`-th message (0: the greeting).
[[nodiscard]] std::string agent_line(Random& random, const std::string& language, std::size_t turn);

}  // namespace sb::customers
