#include <boost/json.hpp>

#include "planner/figure_format.h"
#include "planner/staffing.h"
#include "planner/toml_table.h"

// A staffing question and its answer as JSON.
namespace sb::planner {

namespace {

constexpr Range kShare{0, 0.999, true};
constexpr Range kSeconds{0, 86'400, false};
constexpr Range kPositiveSeconds{0, 86'400, true};
constexpr std::size_t kLabelBytesMax = 64;

StaffingQuestion question_of(TomlTable& t) {
  StaffingQuestion q;
  if (!t.has("intervals")) t.fail("intervals", "is required: at least one {\"label\", \"arrivals_per_hour\"}");
  for (TomlTable& interval : t.tables("intervals")) {
    if (q.intervals.size() == kStaffingIntervalsMax) t.fail("intervals", "must not be more than 2000");
    Demand demand{interval.text("label"), interval.number("arrivals_per_hour", {0, 1e6, false})};
    if (demand.label.size() > kLabelBytesMax) interval.fail("label", "must not be longer than 64 bytes");
    interval.finish();
    q.intervals.push_back(std::move(demand));
  }
  if (q.intervals.size() == 1 && q.intervals.front().arrivals_per_hour == 0) {
    t.fail("intervals[0].arrivals_per_hour", "must be above 0 when there is one interval");
  }
  q.interval_s = t.number("interval_s", {60, 86'400, false}, 1800);
  q.handle_s = t.number("handle_s", kPositiveSeconds);
  if (t.has("patience_s")) q.patience_s = t.number("patience_s", kPositiveSeconds);
  q.service_level = t.number("service_level", kShare, 0.8);
  q.within_s = t.number("within_s", kSeconds, 20);
  q.seed = static_cast<std::uint64_t>(t.whole("seed", 0, std::numeric_limits<std::int64_t>::max(), 1));
  t.finish();
  return q;
}

}  // namespace

std::expected<StaffingQuestion, FieldProblem> read_question(const boost::json::object& json) {
  try {
    const toml::table table = table_of(json);
    const std::string source = "request";
    TomlTable root(source, {}, table);
    return question_of(root);
  } catch (const ScenarioError& error) {
    return std::unexpected(FieldProblem{error.field, error.reason});
  }
}

std::string to_json(const StaffingQuestion& question, const std::vector<StaffingAnswer>& answers) {
  boost::json::array intervals;
  for (std::size_t n = 0; n < answers.size(); ++n) {
    const StaffingAnswer& a = answers[n];
    intervals.push_back({{"label", question.intervals[n].label},
                         {"arrivals_per_hour", question.intervals[n].arrivals_per_hour},
                         {"agents_by_formula", a.agents_by_formula},
                         {"agents", a.agents},
                         {"occupancy", a.occupancy},
                         {"service_level", json_of(a.service_level)},
                         {"abandoned_share", json_of(a.abandoned_share)}});
  }
  return boost::json::serialize(boost::json::object{{"intervals", std::move(intervals)}});
}

}  // namespace sb::planner
