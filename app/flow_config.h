#pragma once
// The [[flow]] of a configuration file: the rules as they are written, and where.
#include <string>

#include "engine/flow_reader.h"
#include "planner/toml_json.h"

namespace sb::app {

class TableReader;

struct FlowConfig {
  bool given = false;        // an empty list is a flow too; without one the present flow stays
  planner::LinedJson rules;  // for engine::read_flow
  std::string file;

  // "config/center.toml:212: flow \"gold\", all, condition 2, tier: must be ..."
  [[nodiscard]] std::string message(const engine::FlowProblem& problem) const;
};

// From the file's top table.
[[nodiscard]] FlowConfig read_flow_config(TableReader& t);

}  // namespace sb::app
