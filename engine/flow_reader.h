#pragma once
// Flows as people write them, in TOML and over REST alike, to rules with ids and back. The shape is in docs/protocol.md
// and docs/operations.md. Pure; any thread.
#include <boost/json.hpp>
#include <expected>
#include <string>
#include <vector>

#include "engine/center.h"
#include "proto/flow.h"

namespace sb::engine {

// What is wrong with a flow and what would be right.
struct FlowProblem {
  std::string path;  // from the list of rules: "0.all.1.tier"; empty: the list itself
  std::string rule;  // its name, or "rule 3"; empty: the list itself
  std::string reason;

  [[nodiscard]] std::string message() const;
};

[[nodiscard]] std::expected<std::vector<FlowRule>, FlowProblem> read_flow(const boost::json::value& rules,
                                                                          const Center& center);

// What read_flow would read to the same rules.
[[nodiscard]] boost::json::array write_flow(const std::vector<FlowRule>& rules, const Center& center);

}  // namespace sb::engine
