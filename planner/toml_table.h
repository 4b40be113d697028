#pragma once
// One table of a scenario or change file: every access knows its key and line, and finish() refuses keys nobody asked
// for. Fails by throwing ScenarioError, which the readers of this room catch at their door.
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

namespace sb::planner {

struct ScenarioError : std::runtime_error {
  using std::runtime_error::runtime_error;
  // "WHERE: FIELD: REASON"
  ScenarioError(const std::string& where, std::string the_field, std::string the_reason, std::size_t the_line = 0)
      : runtime_error(where + ": " + the_field + ": " + the_reason),
        field(std::move(the_field)),
        reason(std::move(the_reason)),
        line(the_line) {}
  std::string field;
  std::string reason;
  std::size_t line = 0;  // 0: none
};

// Where something stands, for what can be judged only later.
struct Place {
  std::string where;     // "changes.toml:12"
  std::string field;     // "queue.name"
  std::size_t line = 0;  // 12; 0: none
  [[noreturn]] void fail(const std::string& reason) const { throw ScenarioError(where, field, reason, line); }
};

// What a number may be; the ends included unless above says otherwise.
struct Range {
  double min = 0;
  double max = 0;
  bool above = false;  // min itself is refused
};

// A JSON object as a table, for what is read from a request instead of a file. Throws ScenarioError, for null.
[[nodiscard]] toml::table table_of(const boost::json::object& json);

class TomlTable {
 public:
  // `file` and `table` must outlive it. Tables that come from no file are named with their place in their list.
  TomlTable(const std::string& file, std::string name, const toml::table& table)
      : file_(file), name_(std::move(name)), table_(table) {}

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }

  [[nodiscard]] std::string text(std::string_view key);  // required, not empty
  [[nodiscard]] bool flag(std::string_view key, bool fallback);
  [[nodiscard]] double number(std::string_view key, Range range);  // required
  [[nodiscard]] double number(std::string_view key, Range range, double fallback);
  [[nodiscard]] std::int64_t whole(std::string_view key, std::int64_t min, std::int64_t max);  // required
  [[nodiscard]] std::int64_t whole(std::string_view key, std::int64_t min, std::int64_t max, std::int64_t fallback);
  [[nodiscard]] std::vector<double> numbers(std::string_view key, Range range, std::size_t count_max);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);  // empty when absent
  // One of the names, as its index; the first when absent.
  template <class Names>
  [[nodiscard]] std::size_t choice(std::string_view key, const Names& names, std::size_t fallback = 0) {
    if (!find(key)) return fallback;
    const std::string value = text(key);
    std::string known;
    for (std::size_t n = 0; n < std::size(names); ++n) {
      if (std::string_view(names[n]) == value) return n;
      known += (known.empty() ? "" : ", ") + std::string(names[n]);
    }
    fail(key, "\"" + value + "\" is not known; it may be: " + known);
  }
  // { name = level }, levels 1 (or another least) to 100, sorted by name; empty when absent.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint32_t>> levels(std::string_view key, std::int64_t min = 1);
  [[nodiscard]] TomlTable table(std::string_view key);  // required
  [[nodiscard]] std::optional<TomlTable> table_if(std::string_view key);
  [[nodiscard]] std::vector<TomlTable> tables(std::string_view key);  // empty when absent

  // As it stands, for a reader of its own; null when absent.
  [[nodiscard]] const toml::node* raw(std::string_view key) { return find(key); }

  [[nodiscard]] Place place(std::string_view key) const;
  [[nodiscard]] Place place_at(std::size_t line, std::string_view key) const;
  void finish() const;
  [[noreturn]] void fail(std::string_view key, std::string_view reason) const;

 private:
  [[nodiscard]] const toml::node* find(std::string_view key);
  [[nodiscard]] const toml::node& require(std::string_view key);
  [[nodiscard]] double checked(std::string_view key, const toml::node& node, Range range) const;
  [[noreturn]] void fail_at(std::size_t line, std::string_view key, std::string_view reason) const;

  const std::string& file_;
  std::string name_;
  const toml::table& table_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace sb::planner
