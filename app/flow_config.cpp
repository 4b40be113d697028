#include "app/flow_config.h"

#include "app/toml_reader.h"

namespace sb::app {

namespace {

// The same in JSON, remembering the line of each part.
boost::json::value convert(const toml::node& node, const std::string& path, FlowConfig& into) {
  into.lines[path] = node.source().begin.line;
  const auto at = [&](std::string_view part) {
    return path.empty() ? std::string(part) : path + "." + std::string(part);
  };
  if (const auto* table = node.as_table()) {
    boost::json::object out;
    for (const auto& [key, value] : *table) out[key.str()] = convert(value, at(key.str()), into);
    return out;
  }
  if (const auto* array = node.as_array()) {
    boost::json::array out;
    for (const auto& value : *array) out.push_back(convert(value, at(std::to_string(out.size())), into));
    return out;
  }
  if (const auto text = node.value_exact<std::string>()) return boost::json::value(*text);
  if (const auto number = node.value_exact<std::int64_t>()) return *number;
  if (const auto flag = node.value_exact<bool>()) return *flag;
  if (const auto number = node.value_exact<double>()) return *number;
  return nullptr;  // a date or time of TOML's own: no part of a flow is one
}

}  // namespace

std::string FlowConfig::message(const engine::FlowProblem& problem) const {
  std::string path = problem.path;
  auto at = lines.find(path);
  while (at == lines.end() && !path.empty()) {
    path.resize(path.rfind('.') == std::string::npos ? 0 : path.rfind('.'));
    at = lines.find(path);
  }
  const std::string line = at == lines.end() ? "" : ":" + std::to_string(at->second);
  return file + line + ": " + problem.message();
}

FlowConfig read_flow_config(TableReader& t) {
  FlowConfig c;
  c.file = t.file();
  const toml::node* rules = t.raw("flow");
  if (!rules) return c;
  c.given = true;
  c.rules = convert(*rules, "", c);
  return c;
}

}  // namespace sb::app
