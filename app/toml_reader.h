#pragma once
// Reading TOML with errors a person can act on: every access knows its key and line; unknown keys are refused.
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

namespace sb::app {

// Thrown while reading, caught by read_config: start-up only.
struct ConfigError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class TableReader {
 public:
  TableReader(std::string file, std::string name, const toml::table& table)
      : file_(std::move(file)), name_(std::move(name)), table_(table) {}

  [[nodiscard]] std::string text(std::string_view key, std::string fallback);
  [[nodiscard]] std::string text(std::string_view key);  // required
  // "env:NAME" and "file:PATH" are replaced by what they name; errors do not show it.
  [[nodiscard]] std::string secret(std::string_view key, std::string fallback);
  [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t fallback, std::int64_t min, std::int64_t max);
  [[nodiscard]] bool flag(std::string_view key, bool fallback);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  [[nodiscard]] std::vector<std::string> secrets(std::string_view key);
  // { name = level }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint32_t>> levels(std::string_view key, std::uint32_t max);
  [[nodiscard]] TableReader table(std::string_view key);  // empty when absent
  [[nodiscard]] std::vector<TableReader> tables(std::string_view key);
  // As it stands, for a reader of its own; null when absent.
  [[nodiscard]] const toml::node* raw(std::string_view key) { return find(key); }
  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  [[nodiscard]] bool is_table(std::string_view key) const { return table_[key].is_table(); }

  // Refuses keys nobody asked for: a misspelt setting must not be silently ignored.
  void finish() const;
  [[noreturn]] void fail(std::string_view key, std::string_view expected) const;
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  [[nodiscard]] const toml::node* find(std::string_view key);
  [[nodiscard]] std::string resolve(std::string_view key, const std::string& value) const;

  std::string file_;
  std::string name_;
  const toml::table& table_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace sb::app
