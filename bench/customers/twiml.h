#pragma once
// TwiML documents as the provider reads them: parsed by pugixml, then checked against the verbs, nouns and attributes
// a contact center may use. Any thread.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sb::customers {

struct Verb {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;
  std::vector<Verb> children;

  [[nodiscard]] std::string attribute(std::string_view key, std::string_view otherwise = {}) const;
  [[nodiscard]] bool flag(std::string_view key, bool otherwise) const;
};

struct TwimlDocument {
  std::vector<Verb> verbs;
  std::vector<std::string> problems;  // in words; the provider would warn or hang up
};

// Nothing when it is no TwiML at all; `why` says so. A waiting document may only hold the verbs a queue allows.
[[nodiscard]] std::optional<TwimlDocument> parse_twiml(std::string_view bytes, bool waiting, std::string& why);

}  // namespace sb::customers
