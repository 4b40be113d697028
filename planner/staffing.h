#pragma once
// How many agents a service level needs, interval by interval: first by Erlang A (Erlang C when customers do not
// leave), each interval as if it lasted forever; then by simulating the whole day, because what one interval leaves
// waiting the next one finds.
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "planner/figures.h"
#include "planner/scenario.h"

namespace sb::planner {

struct Demand {
  std::string label;
  double arrivals_per_hour = 0;
};

struct StaffingQuestion {
  std::vector<Demand> intervals;  // one: a rate that lasts
  double interval_s = 1800;
  double handle_s = 0;
  std::optional<double> patience_s;  // none: nobody leaves
  double service_level = 0.8;        // the share to be answered
  double within_s = 20;
  std::uint64_t seed = 1;
  unsigned threads = 1;
  double interactions_per_round = 300'000;  // simulated: about a second of computing
};

struct StaffingAnswer {
  std::uint32_t agents_by_formula = 0;
  std::uint32_t agents = 0;
  double occupancy = 0;    // by formula
  Estimate service_level;  // simulated, of those who came in the interval
  Estimate abandoned_share;
};

inline constexpr std::uint32_t kStaffingAgentsMax = 5'000;
inline constexpr std::size_t kStaffingIntervalsMax = 2'000;

// One answer per interval. `progress` is told the round of simulation that begins, counted from 1. Asked to stop, it
// fails and says so.
[[nodiscard]] std::expected<std::vector<StaffingAnswer>, std::string> staff(
    const StaffingQuestion& question, const std::function<void(int round)>& progress = {},
    const std::stop_token& stop = {});

// {"intervals":[{"label","arrivals_per_hour"}],"interval_s","handle_s","patience_s"?,"service_level","within_s","seed"?}
[[nodiscard]] std::expected<StaffingQuestion, FieldProblem> read_question(const boost::json::object& json);

// {"intervals":[{"label","arrivals_per_hour","agents_by_formula","agents","occupancy",
//   "service_level":{"mean","half_width"},"abandoned_share":{...}}]}
[[nodiscard]] std::string to_json(const StaffingQuestion& question, const std::vector<StaffingAnswer>& answers);

// "label,arrivals per hour" a line; a first line whose second field is no number is a heading. The error names the
// line.
[[nodiscard]] std::expected<std::vector<Demand>, std::string> read_demand(const std::filesystem::path& file);

}  // namespace sb::planner
