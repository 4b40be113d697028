#include "app/toml_reader.h"

#include <cstdlib>
#include <fstream>

namespace sb::app {

namespace {
const toml::table kEmpty;
}

const toml::node* TableReader::find(std::string_view key) {
  asked_.emplace(key);
  return table_.get(key);
}

void TableReader::fail(std::string_view key, std::string_view expected) const {
  const toml::node* node = table_.get(key);
  const auto line = node ? node->source().begin.line : table_.source().begin.line;
  throw ConfigError(file_ + ":" + std::to_string(line) + ": " + (name_.empty() ? "" : name_ + ".") + std::string(key) +
                    ": " + std::string(expected));
}

std::string TableReader::text(std::string_view key, std::string fallback) {
  const toml::node* node = find(key);
  if (!node) return fallback;
  const auto value = node->value_exact<std::string>();
  if (!value) fail(key, "must be a string");
  return *value;
}

std::string TableReader::text(std::string_view key) {
  std::string value = text(key, {});
  if (value.empty()) fail(key, "is required and must not be empty");
  return value;
}

std::string TableReader::resolve(std::string_view key, const std::string& value) const {
  if (value.starts_with("env:")) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the configuration is read before there is a second thread
    const char* found = std::getenv(value.c_str() + 4);
    if (!found) fail(key, "names an environment variable that is not set");
    return found;
  }
  if (value.starts_with("file:")) {
    std::ifstream in(value.substr(5));
    std::string line;
    if (!in || !std::getline(in, line)) fail(key, "names a file that cannot be read");
    return line;
  }
  return value;
}

std::string TableReader::secret(std::string_view key, std::string fallback) {
  const std::string value = text(key, {});
  return value.empty() ? std::move(fallback) : resolve(key, value);
}

std::int64_t TableReader::number(std::string_view key, std::int64_t fallback, std::int64_t min, std::int64_t max) {
  const toml::node* node = find(key);
  if (!node) return fallback;
  const auto value = node->value_exact<std::int64_t>();
  if (!value || *value < min || *value > max) {
    fail(key, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return *value;
}

bool TableReader::flag(std::string_view key, bool fallback) {
  const toml::node* node = find(key);
  if (!node) return fallback;
  const auto value = node->value_exact<bool>();
  if (!value) fail(key, "must be true or false");
  return *value;
}

std::vector<std::string> TableReader::texts(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return {};
  const toml::array* array = node->as_array();
  if (!array) fail(key, "must be a list of strings");
  std::vector<std::string> all;
  for (const auto& element : *array) {
    const auto value = element.value_exact<std::string>();
    if (!value) fail(key, "must be a list of strings");
    all.push_back(*value);
  }
  return all;
}

std::vector<std::string> TableReader::secrets(std::string_view key) {
  std::vector<std::string> all = texts(key);
  for (auto& value : all) value = resolve(key, value);
  return all;
}

std::vector<std::pair<std::string, std::uint32_t>> TableReader::levels(std::string_view key, std::uint32_t max) {
  const toml::node* node = find(key);
  if (!node) return {};
  const toml::table* table = node->as_table();
  const std::string expected = "must be { name = number from 0 to " + std::to_string(max) + ", ... }";
  if (!table) fail(key, expected);
  std::vector<std::pair<std::string, std::uint32_t>> all;
  for (const auto& [name, value] : *table) {
    const auto level = value.value_exact<std::int64_t>();
    if (!level || *level < 0 || *level > max) fail(key, expected);
    all.emplace_back(std::string(name.str()), static_cast<std::uint32_t>(*level));
  }
  return all;
}

TableReader TableReader::table(std::string_view key) {
  const toml::node* node = find(key);
  const std::string name = name_.empty() ? std::string(key) : name_ + "." + std::string(key);
  if (!node) return {file_, name, kEmpty};
  const toml::table* table = node->as_table();
  if (!table) fail(key, "must be a table");
  return {file_, name, *table};
}

std::vector<TableReader> TableReader::tables(std::string_view key) {
  const toml::node* node = find(key);
  if (!node) return {};
  const toml::array* array = node->as_array();
  if (!array) fail(key, "must be written as [[" + std::string(key) + "]]");
  std::vector<TableReader> all;
  for (const auto& element : *array) {
    const toml::table* table = element.as_table();
    if (!table) fail(key, "must be written as [[" + std::string(key) + "]]");
    all.emplace_back(file_, std::string(key), *table);
  }
  return all;
}

void TableReader::finish() const {
  for (const auto& [key, value] : table_) {
    if (!asked_.contains(key.str())) fail(key.str(), "is not a known setting here");
  }
}

}  // namespace sb::app
