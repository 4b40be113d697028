#include "channels/phone/addresses.h"

#include <charconv>

namespace sb::phone {

AgentId agent_of_label(std::string_view label) {
  constexpr std::string_view kPrefix = "agent-";
  if (!label.starts_with(kPrefix)) return {};
  label.remove_prefix(kPrefix.size());
  AgentId agent;
  const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), agent.value);
  return error == std::errc() && end == label.data() + label.size() ? agent : AgentId{};
}

}  // namespace sb::phone
