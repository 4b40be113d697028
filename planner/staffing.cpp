#include "planner/staffing.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "planner/erlang.h"
#include "planner/simulation.h"

namespace sb::planner {

namespace {

constexpr int kRoundsMax = 40;

// What one staffing of the intervals gives.
struct Trial {
  std::vector<Estimate> service_levels;
  std::vector<Estimate> abandoned_shares;
};

class Planner {
 public:
  Planner(const StaffingQuestion& question, const std::stop_token& stop) : q_(question), stop_(stop) {}

  std::expected<std::vector<StaffingAnswer>, std::string> plan(const std::function<void(int)>& progress);

 private:
  [[nodiscard]] bool lasting() const { return q_.intervals.size() == 1; }
  [[nodiscard]] Traffic traffic(std::size_t interval) const;
  [[nodiscard]] Scenario scenario() const;
  [[nodiscard]] bool simulate_round();
  [[nodiscard]] bool enough(std::size_t interval) const {
    const Estimate& e = trial_.service_levels[interval];
    return !e.mean || *e.mean >= q_.service_level;
  }
  [[nodiscard]] bool raise();
  [[nodiscard]] bool lower(std::size_t parity);

  const StaffingQuestion& q_;
  const std::stop_token& stop_;
  std::vector<std::uint32_t> agents_;
  std::vector<bool> least_;  // one fewer was tried and is not enough
  Trial trial_;
  std::function<void(int)> progress_;
  int rounds_ = 0;
  std::string failure_;
};

Traffic Planner::traffic(std::size_t interval) const {
  Traffic t;
  t.arrivals_per_s = q_.intervals[interval].arrivals_per_hour / 3600;
  t.handle_s = q_.handle_s;
  t.patience_s = q_.patience_s.value_or(kForever);
  return t;
}

// The day as a scenario: agent k works while more than k are needed.
Scenario Planner::scenario() const {
  Scenario s;
  s.seed = q_.seed;
  s.service_level_s = q_.within_s;
  QueueScenario queue;
  queue.name = "staffing";
  queue.handle_time = {Distribution::Kind::kExponential, q_.handle_s, 0, {}};
  if (q_.patience_s) queue.patience = {Distribution::Kind::kExponential, *q_.patience_s, 0, {}};
  for (const Demand& demand : q_.intervals) queue.arrivals.rates_per_hour.push_back(demand.arrivals_per_hour);
  if (lasting()) {
    s.replications = 10;
    const double per_s = q_.intervals.front().arrivals_per_hour / 3600;
    s.duration_s = std::max(q_.interactions_per_round / s.replications / per_s, 100 * q_.handle_s);
    s.warmup_s = std::min(s.duration_s / 10, 50 * q_.handle_s);
    s.agents.push_back({.count = agents_.front(), .skills = {}, .queues = {}, .answer_delay = {}, .shifts = {}});
    s.queues.push_back(std::move(queue));
    return s;
  }
  queue.arrivals.interval_s = q_.interval_s;
  s.duration_s = q_.interval_s * static_cast<double>(q_.intervals.size());
  s.report_interval_s = q_.interval_s;
  const double a_day = queue.arrivals.expected(s.duration_s);
  s.replications =
      static_cast<std::uint32_t>(std::clamp(q_.interactions_per_round / std::max(a_day, 1.0), 20.0, 1000.0));
  s.queues.push_back(std::move(queue));
  for (std::uint32_t k = 0; k < *std::max_element(agents_.begin(), agents_.end()); ++k) {
    AgentsScenario agent{.count = 1, .skills = {}, .queues = {}, .answer_delay = {}, .shifts = {}};
    for (std::size_t i = 0; i < agents_.size(); ++i) {
      if (agents_[i] <= k) continue;
      const double from_s = static_cast<double>(i) * q_.interval_s;
      // Whoever works in the last interval stays until nobody waits.
      const double until_s = i + 1 == agents_.size() ? 2 * s.duration_s : from_s + q_.interval_s;
      if (!agent.shifts.empty() && agent.shifts.back().until_s == from_s) {
        agent.shifts.back().until_s = until_s;
      } else {
        agent.shifts.push_back({from_s, until_s});
      }
    }
    s.agents.push_back(std::move(agent));
  }
  return s;
}

bool Planner::simulate_round() {
  if (progress_) progress_(rounds_ + 1);
  ++rounds_;
  const auto report = simulate(scenario(), q_.threads, {}, stop_);
  if (!report) {
    failure_ = report.error();
    return false;
  }
  trial_ = {};
  if (lasting()) {
    trial_.service_levels = {report->all[Figure::kServiceLevel]};
    const Estimate& offered = report->all[Figure::kOffered];
    Estimate abandoned = report->all[Figure::kAbandoned];
    for (auto* part : {&abandoned.mean, &abandoned.half_width}) *part = part->value_or(0) / offered.mean.value_or(1);
    trial_.abandoned_shares = {abandoned};
    return true;
  }
  std::vector<double> levels(report->intervals.size());
  std::vector<double> abandoned(report->intervals.size());
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    for (std::size_t r = 0; r < levels.size(); ++r) {
      const IntervalCounts& counts = report->intervals[r][i];
      const auto of_offered = [&](std::uint64_t part) {
        return counts.offered > 0 ? static_cast<double>(part) / static_cast<double>(counts.offered) : kNothing;
      };
      levels[r] = of_offered(counts.in_time);
      abandoned[r] = of_offered(counts.abandoned);
    }
    trial_.service_levels.push_back(estimate(levels));
    trial_.abandoned_shares.push_back(estimate(abandoned));
  }
  return true;
}

// One more agent wherever the level is missed, until it is met everywhere.
bool Planner::raise() {
  while (rounds_ < kRoundsMax) {
    if (!simulate_round()) return false;
    bool met = true;
    for (std::size_t i = 0; i < agents_.size(); ++i) {
      if (enough(i) || agents_[i] == kStaffingAgentsMax) continue;
      least_[i] = true;
      ++agents_[i];
      met = false;
    }
    if (met) return true;
  }
  return true;
}

// One fewer in every second interval where that was not tried; taken back where it, or what it leaves to the next
// interval, is too few.
bool Planner::lower(std::size_t parity) {
  const std::vector<std::uint32_t> before = agents_;
  const Trial good = trial_;
  std::vector<std::size_t> tried;
  for (std::size_t i = parity; i < agents_.size(); i += 2) {
    if (least_[i] || agents_[i] <= 1) continue;
    --agents_[i];
    tried.push_back(i);
  }
  if (tried.empty()) return true;
  if (!simulate_round()) return false;
  for (const std::size_t i : tried) {
    if (enough(i) && (i + 1 == agents_.size() || enough(i + 1))) continue;
    agents_[i] = before[i];
    least_[i] = true;
  }
  if (agents_ != before) return raise();
  trial_ = good;
  return true;
}

std::expected<std::vector<StaffingAnswer>, std::string> Planner::plan(const std::function<void(int)>& progress) {
  progress_ = progress;
  std::vector<StaffingAnswer> answers(q_.intervals.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto needed = agents_needed(traffic(i), q_.service_level, q_.within_s, kStaffingAgentsMax);
    if (!needed) {
      return std::unexpected("interval " + q_.intervals[i].label + ": more than " + std::to_string(kStaffingAgentsMax) +
                             " agents would be needed");
    }
    answers[i].agents_by_formula = *needed;
    agents_.push_back(*needed);
  }
  least_.assign(agents_.size(), false);
  if (!raise()) return std::unexpected(failure_);
  for (bool lowered = true; lowered && rounds_ < kRoundsMax;) {
    const std::vector<std::uint32_t> before = agents_;
    if (!lower(0) || !lower(1)) return std::unexpected(failure_);
    lowered = agents_ != before;
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    answers[i].agents = agents_[i];
    answers[i].occupancy = stationary(agents_[i], traffic(i)).occupancy;
    answers[i].service_level = trial_.service_levels[i];
    answers[i].abandoned_share = trial_.abandoned_shares[i];
  }
  return answers;
}

}  // namespace

std::expected<std::vector<StaffingAnswer>, std::string> staff(const StaffingQuestion& question,
                                                              const std::function<void(int round)>& progress,
                                                              const std::stop_token& stop) {
  return Planner(question, stop).plan(progress);
}

std::expected<std::vector<Demand>, std::string> read_demand(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return std::unexpected(file.string() + ": cannot be read");
  std::vector<Demand> all;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    const auto wrong = [&](const std::string& what) {
      return std::unexpected(file.string() + ":" + std::to_string(number) + ": " + what);
    };
    const std::size_t comma = line.find(',');
    if (comma == std::string::npos) return wrong("must be LABEL,ARRIVALS_PER_HOUR");
    const char* from = line.data() + comma + 1;
    const char* to = line.data() + line.size();
    while (from < to && *from == ' ') ++from;
    double rate = 0;
    const auto [end, error] = std::from_chars(from, to, rate);
    const bool good = error == std::errc{} && end == to && rate >= 0 && rate <= 1e6;
    if (!good && all.empty() && number == 1) continue;
    if (!good) return wrong("arrivals per hour must be a number from 0 to 1000000");
    if (all.size() == kStaffingIntervalsMax) return wrong("is beyond the 2000 intervals a plan may have");
    all.push_back({line.substr(0, comma), rate});
  }
  if (all.empty()) return std::unexpected(file.string() + ": has no intervals");
  return all;
}

}  // namespace sb::planner
