#include "app/flow_config.h"

#include "app/toml_reader.h"

namespace sb::app {

std::string FlowConfig::message(const engine::FlowProblem& problem) const {
  const std::uint32_t line = rules.line_of(problem.path);
  return file + (line == 0 ? "" : ":" + std::to_string(line)) + ": " + problem.message();
}

FlowConfig read_flow_config(TableReader& t) {
  FlowConfig c;
  c.file = t.file();
  const toml::node* rules = t.raw("flow");
  if (!rules) return c;
  c.given = true;
  c.rules = planner::lined_json(*rules);
  return c;
}

}  // namespace sb::app
