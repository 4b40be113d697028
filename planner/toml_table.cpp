#include "planner/toml_table.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

namespace sb::planner {

namespace {
std::string shown(double value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
  return {text, end.ptr};
}

std::string shown(Range range) {
  return range.above ? "a number above " + shown(range.min) + " and at most " + shown(range.max)
                     : "a number from " + shown(range.min) + " to " + shown(range.max);
}

toml::array array_of(const std::string& field, const boost::json::array& json);

// Hands the value to `put` as the TOML type it is.
template <class Put>
void convert(const std::string& field, const boost::json::value& value, Put&& put) {
  switch (value.kind()) {
    case boost::json::kind::object:
      return put(table_of(value.get_object()));
    case boost::json::kind::array:
      return put(array_of(field, value.get_array()));
    case boost::json::kind::string:
      return put(std::string(value.get_string()));
    case boost::json::kind::int64:
      return put(value.get_int64());
    case boost::json::kind::uint64:
      return put(static_cast<double>(value.get_uint64()));
    case boost::json::kind::double_:
      return put(value.get_double());
    case boost::json::kind::bool_:
      return put(value.get_bool());
    case boost::json::kind::null:
      break;
  }
  throw ScenarioError("request", field, "must not be null; leave it out instead");
}

toml::array array_of(const std::string& field, const boost::json::array& json) {
  toml::array all;
  for (const auto& element : json) {
    convert(field, element, [&](auto&& converted) { all.push_back(std::forward<decltype(converted)>(converted)); });
  }
  return all;
}
}  // namespace

toml::table table_of(const boost::json::object& json) {
  toml::table table;
  for (const auto& entry : json) {
    const std::string key(entry.key());
    convert(key, entry.value(),
            [&](auto&& converted) { table.insert(key, std::forward<decltype(converted)>(converted)); });
  }
  return table;
}

const toml::node* TomlTable::find(std::string_view key) {
  asked_.emplace(key);
  return table_.get(key);
}

const toml::node& TomlTable::require(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) fail(key, "is required");
  return *node;
}

Place TomlTable::place_at(std::size_t line, std::string_view key) const {
  return {line == 0 ? file_ : file_ + ":" + std::to_string(line), (name_.empty() ? "" : name_ + ".") + std::string(key),
          line};
}

Place TomlTable::place(std::string_view key) const {
  const toml::node* node = table_.get(key);
  return place_at((node ? node->source() : table_.source()).begin.line, key);
}

void TomlTable::fail(std::string_view key, std::string_view reason) const {
  place(key).fail(std::string(reason));
}

void TomlTable::fail_at(std::size_t line, std::string_view key, std::string_view reason) const {
  place_at(line, key).fail(std::string(reason));
}

void TomlTable::finish() const {
  for (const auto& [key, value] : table_) {
    if (!asked_.contains(key.str())) fail_at(key.source().begin.line, key.str(), "is not a known setting here");
  }
}

std::string TomlTable::text(std::string_view key) {
  const auto value = require(key).value_exact<std::string>();
  if (!value || value->empty()) fail(key, "must be a string, and not empty");
  return *value;
}

bool TomlTable::flag(std::string_view key, bool fallback) {
  const toml::node* node = find(key);
  if (!node) return fallback;
  const auto value = node->value_exact<bool>();
  if (!value) fail(key, "must be true or false");
  return *value;
}

double TomlTable::checked(std::string_view key, const toml::node& node, Range range) const {
  const auto value = node.is_number() ? node.value<double>() : std::nullopt;
  const bool good =
      value && std::isfinite(*value) && *value <= range.max && (range.above ? *value > range.min : *value >= range.min);
  if (!good) fail_at(node.source().begin.line, key, "must be " + shown(range));
  return *value;
}

double TomlTable::number(std::string_view key, Range range) {
  return checked(key, require(key), range);
}

double TomlTable::number(std::string_view key, Range range, double fallback) {
  const toml::node* node = find(key);
  return node ? checked(key, *node, range) : fallback;
}

std::int64_t TomlTable::whole(std::string_view key, std::int64_t min, std::int64_t max) {
  const auto value = require(key).value_exact<std::int64_t>();
  if (!value || *value < min || *value > max) {
    fail(key, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return *value;
}

std::int64_t TomlTable::whole(std::string_view key, std::int64_t min, std::int64_t max, std::int64_t fallback) {
  return find(key) ? whole(key, min, max) : fallback;
}

std::vector<double> TomlTable::numbers(std::string_view key, Range range, std::size_t count_max) {
  const toml::array* array = require(key).as_array();
  if (!array || array->empty()) fail(key, "must be a list of numbers, and not empty");
  if (array->size() > count_max) fail(key, "has more than " + std::to_string(count_max) + " values");
  std::vector<double> all;
  all.reserve(array->size());
  for (const toml::node& element : *array) all.push_back(checked(key, element, range));
  return all;
}

std::vector<std::string> TomlTable::texts(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return {};
  const toml::array* array = node->as_array();
  if (!array) fail(key, "must be a list of strings");
  std::vector<std::string> all;
  for (const toml::node& element : *array) {
    const auto value = element.value_exact<std::string>();
    if (!value) fail(key, "must be a list of strings");
    all.push_back(*value);
  }
  return all;
}

std::vector<std::pair<std::string, std::uint32_t>> TomlTable::levels(std::string_view key, std::int64_t min) {
  const toml::node* node = find(key);
  if (!node) return {};
  const toml::table* table = node->as_table();
  if (!table) fail(key, "must be { skill = level from " + std::to_string(min) + " to 100, ... }");
  std::vector<std::pair<std::string, std::uint32_t>> all;
  for (const auto& [skill, value] : *table) {
    const auto level = value.value_exact<std::int64_t>();
    if (!level || *level < min || *level > 100) {
      fail_at(value.source().begin.line, std::string(key) + "." + std::string(skill.str()),
              "must be a whole number from " + std::to_string(min) + " to 100");
    }
    all.emplace_back(std::string(skill.str()), static_cast<std::uint32_t>(*level));
  }
  std::sort(all.begin(), all.end());
  return all;
}

TomlTable TomlTable::table(std::string_view key) {
  const toml::table* table = require(key).as_table();
  if (!table) fail(key, "must be a table, { key = value, ... }");
  return {file_, name_.empty() ? std::string(key) : name_ + "." + std::string(key), *table};
}

std::optional<TomlTable> TomlTable::table_if(std::string_view key) {
  if (!find(key)) return std::nullopt;
  return table(key);
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return {};
  const toml::array* array = node->as_array();
  std::vector<TomlTable> all;
  if (array) {
    for (const toml::node& element : *array) {
      const toml::table* table = element.as_table();
      if (!table) fail(key, "must be a list of tables");
      std::string name = name_.empty() ? std::string(key) : name_ + "." + std::string(key);
      if (table->source().begin.line == 0) name += '[' + std::to_string(all.size()) + ']';
      all.emplace_back(file_, std::move(name), *table);
    }
  }
  if (all.empty()) fail(key, "must be a list of tables, and not empty");
  return all;
}

}  // namespace sb::planner
