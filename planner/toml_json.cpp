#include "planner/toml_json.h"

#include <boost/json.hpp>

namespace sb::planner {

namespace {

boost::json::value with_lines(const toml::node& node, const std::string& path, LinedJson& into) {
  into.lines[path] = node.source().begin.line;
  const auto at = [&](std::string_view part) {
    return path.empty() ? std::string(part) : path + "." + std::string(part);
  };
  if (const auto* table = node.as_table()) {
    boost::json::object out;
    for (const auto& [key, value] : *table) out[key.str()] = with_lines(value, at(key.str()), into);
    return out;
  }
  if (const auto* array = node.as_array()) {
    boost::json::array out;
    for (const auto& value : *array) out.push_back(with_lines(value, at(std::to_string(out.size())), into));
    return out;
  }
  if (const auto text = node.value_exact<std::string>()) return boost::json::value(*text);
  if (const auto number = node.value_exact<std::int64_t>()) return *number;
  if (const auto flag = node.value_exact<bool>()) return *flag;
  if (const auto number = node.value_exact<double>()) return *number;
  return nullptr;  // a date or time of TOML's own, which JSON does not have
}

}  // namespace

std::uint32_t LinedJson::line_of(std::string path) const {
  auto at = lines.find(path);
  while (at == lines.end() && !path.empty()) {
    path.resize(path.rfind('.') == std::string::npos ? 0 : path.rfind('.'));
    at = lines.find(path);
  }
  return at == lines.end() ? 0 : at->second;
}

LinedJson lined_json(const toml::node& node) {
  LinedJson lined;
  lined.value = with_lines(node, "", lined);
  return lined;
}

}  // namespace sb::planner
