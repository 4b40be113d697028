#pragma once
// TOML as JSON, for readers that take JSON from files and requests alike, with the line of every part for their errors.
#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <toml++/toml.h>

namespace sb::planner {

struct LinedJson {
  boost::json::value value;
  std::map<std::string, std::uint32_t, std::less<>> lines;  // by path: "0.all.1.tier"; empty: the whole

  // Of this part, or of the nearest it belongs to. 0: it has none.
  [[nodiscard]] std::uint32_t line_of(std::string path) const;
};

[[nodiscard]] LinedJson lined_json(const toml::node& node);

}  // namespace sb::planner
