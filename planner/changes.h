#pragma once
// What a what-if changes about a recorded day: CHANGES.toml, or the same keys as JSON (docs/simulation.md lists them).
// Reading checks every key and value; names of queues, skills and agents are checked against the day they are applied
// to, and where they stand is kept for that.
#include <boost/json/fwd.hpp>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "planner/changed_flow.h"
#include "planner/recorded_day.h"
#include "planner/toml_table.h"

namespace sb::planner {

struct Named {
  Place place;
  std::string name;
};

// Agents by login, or all who have a skill, or who serve a queue.
struct Selection {
  Place place;  // of the table
  std::vector<Named> logins;
  std::optional<Named> group;  // a skill
  std::optional<Named> queue;
  std::optional<std::uint32_t> count;  // so many of them: those who were at work longest
};

struct AddAgents {
  std::uint32_t count = 0;
  std::optional<Named> like;  // an agent whose skills, queues, capacity and shifts they have, where not said otherwise
  std::optional<std::vector<std::pair<Named, std::uint32_t>>> skills;  // none: all that arrivals of the queues ask for
  std::optional<std::vector<Named>> queues;                            // none: all
  std::optional<std::uint32_t> capacity;                               // on every channel; of calls never more than one
  std::optional<TimeMs> from_ms;
  std::optional<TimeMs> until_ms;
};

struct ChangeAgents {
  Selection who;
  std::vector<std::pair<Named, std::uint32_t>> skills;  // 0: the skill is taken away; others stay
  std::optional<std::vector<Named>> queues;
  std::optional<std::uint32_t> capacity;
};

struct ChangedStep {
  RelaxStep step;  // without ids
  std::optional<Named> skill;
  std::optional<Named> other;
  std::optional<Named> queue;
};

struct ChangeQueue {
  Named queue;
  std::optional<Policy> policy;
  std::optional<Order> order;
  std::optional<std::int32_t> level;
  std::optional<double> priority_step_s;
  std::optional<double> tier_step_s;
  std::optional<std::uint32_t> weight;
  std::optional<double> wrap_up_s;
  std::optional<std::uint32_t> max_waiting;  // 0: unlimited
  std::optional<bool> no_waiting;
  std::optional<double> target_s;
  std::optional<double> preferred_agent_s;
  std::optional<std::vector<Named>> groups;
  std::optional<std::vector<std::pair<Named, std::uint32_t>>> requirement;  // instead of what all arrivals ask for
  std::optional<std::vector<ChangedStep>> relaxation;
  double arrivals_factor = 1;
  double handle_time_factor = 1;
};

struct Changes {
  double arrivals_factor = 1;
  double handle_time_factor = 1;
  std::vector<AddAgents> add_agents;
  std::vector<Selection> remove_agents;
  std::vector<ChangeAgents> change_agents;
  std::vector<ChangeQueue> queues;
  std::optional<ChangedFlow> flow;  // no rules is a flow too: arrivals stay where they asked to be
};

// One line for people, "FILE:LINE: KEY: reason", and its parts.
struct ChangeProblem {
  std::string message;
  FieldProblem at;
};

// The reader of the center's own flows, given the list of rules. Its error's field is a path from that list.
using ReadFlow = std::function<std::expected<Flow, ChangeProblem>(const boost::json::value& rules)>;

// `zone`: of the times of shifts.
[[nodiscard]] std::expected<Changes, ChangeProblem> read_changes(const std::filesystem::path& file,
                                                                 std::span<const UtcOffset> zone,
                                                                 const ReadFlow& read_flow);
// The same keys as JSON; "flow" also as the text a file would have, and then problems in it have their line.
[[nodiscard]] std::expected<Changes, ChangeProblem> read_changes(const boost::json::object& json,
                                                                 std::span<const UtcOffset> zone,
                                                                 const ReadFlow& read_flow);

// The day as it would have been.
[[nodiscard]] std::expected<RecordedDay, ChangeProblem> changed(RecordedDay day, const Changes& changes);

}  // namespace sb::planner
