#include "planner/scenario.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <fstream>
#include <numeric>
#include <set>

#include "planner/toml_table.h"

namespace sb::planner {

namespace {

constexpr Range kPositiveTime{0, kDurationMaxS, true};
constexpr Range kTime{0, kDurationMaxS, false};
constexpr Range kRate{0, 1e9, false};
constexpr std::size_t kNameMax = 200;
constexpr std::string_view kDistributionNames[] = {"none", "exponential", "lognormal", "deterministic", "empirical"};
constexpr std::string_view kProcessNames[] = {"poisson", "trace"};

class ScenarioReader {
 public:
  explicit ScenarioReader(const std::filesystem::path& file)
      : file_(file.string()), folder_(file.parent_path()), from_file_(true) {}
  ScenarioReader() : file_("request") {}

  Scenario read();
  Scenario read(const toml::table& parsed);

 private:
  QueueScenario queue(TomlTable& t);
  AgentsScenario agents(TomlTable& t);
  Arrivals arrivals(TomlTable t);
  Distribution distribution(TomlTable t, bool none_allowed);
  std::vector<double> values(TomlTable& t, std::string_view key, bool ascending);
  void check_whole(TomlTable& root, const Scenario& s) const;
  static bool serves(const AgentsScenario& agents, const QueueScenario& queue);

  std::string file_;
  std::filesystem::path folder_;
  bool from_file_ = false;
};

// Numbers of seconds, one a line; blank lines and those that start with # are skipped.
std::vector<double> ScenarioReader::values(TomlTable& t, std::string_view key, bool ascending) {
  const std::filesystem::path name = t.text(key);
  if (!from_file_) t.fail(key, "files are read by the command line only");
  const std::filesystem::path path = name.is_absolute() ? name : folder_ / name;
  std::ifstream in(path);
  if (!in) t.fail(key, "\"" + path.string() + "\" cannot be read");
  std::vector<double> all;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const auto wrong = [&](const std::string& what) {
      throw ScenarioError(path.string() + ":" + std::to_string(number) + ": " + what);
    };
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    double value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    const bool good = error == std::errc{} && end == line.data() + line.size() && value >= 0 && value <= kDurationMaxS;
    if (!good) wrong("must be one number of seconds from 0 to 1e9");
    if (ascending && !all.empty() && value < all.back()) wrong("is earlier than the line before it");
    if (all.size() == static_cast<std::size_t>(kArrivalsMax)) wrong("is beyond the 50 million lines a file may have");
    all.push_back(value);
  }
  if (all.empty()) t.fail(key, "\"" + path.string() + "\" has no values");
  return all;
}

Distribution ScenarioReader::distribution(TomlTable t, bool none_allowed) {
  Distribution d;
  (void)t.text("distribution");
  d.kind = static_cast<Distribution::Kind>(t.choice("distribution", kDistributionNames));
  switch (d.kind) {
    case Distribution::Kind::kNone:
      if (!none_allowed) t.fail("distribution", "must not be none here");
      break;
    case Distribution::Kind::kExponential:
      d.mean_s = t.number("mean_s", kPositiveTime);
      break;
    case Distribution::Kind::kDeterministic:
      d.mean_s = t.number(t.has("value_s") ? "value_s" : "mean_s", kPositiveTime);
      break;
    case Distribution::Kind::kLognormal:
      d.mean_s = t.number("mean_s", kPositiveTime);
      if (t.has("cv") == t.has("sd_s")) t.fail("distribution", "needs either sd_s or cv (sd_s / mean_s)");
      d.sd_s = t.has("cv") ? t.number("cv", {0, 100, true}) * d.mean_s : t.number("sd_s", kPositiveTime);
      break;
    case Distribution::Kind::kEmpirical:
      if (t.has("values_s") == t.has("file")) t.fail("distribution", "needs either values_s or file");
      d.values_s = t.has("file") ? values(t, "file", false) : t.numbers("values_s", kTime, kValuesMax);
      break;
  }
  t.finish();
  return d;
}

Arrivals ScenarioReader::arrivals(TomlTable t) {
  Arrivals a;
  (void)t.text("process");
  a.process = static_cast<Arrivals::Process>(t.choice("process", kProcessNames));
  if (a.process == Arrivals::Process::kTrace) {
    a.times_s = values(t, "file", true);
  } else {
    if (t.has("rate_per_hour") == t.has("rates_per_hour")) {
      t.fail("process", "needs either rate_per_hour, or rates_per_hour with interval_s");
    }
    if (t.has("rate_per_hour")) {
      a.rates_per_hour = {t.number("rate_per_hour", kRate)};
    } else {
      a.rates_per_hour = t.numbers("rates_per_hour", kRate, kValuesMax);
      a.interval_s = t.number("interval_s", {1e-3, kDurationMaxS, false});
      a.repeat = t.flag("repeat", false);
    }
  }
  t.finish();
  return a;
}

QueueScenario ScenarioReader::queue(TomlTable& t) {
  QueueScenario q;
  q.name = t.text("name");
  if (q.name.size() > kNameMax) t.fail("name", "must not be longer than 200 bytes");
  q.channel = static_cast<Channel>(t.choice("channel", kChannelNames, index_of(Channel::kChat)));
  if (q.channel == Channel::kNone) t.fail("channel", "must not be none");
  q.priority = static_cast<std::int32_t>(t.whole("priority", -100, 100, 0));
  q.order = static_cast<Order>(t.choice("order", kOrderNames, index_of(Order::kFifo)));
  q.policy = static_cast<Policy>(t.choice("policy", kPolicyNames));
  if (t.has("max_waiting")) q.max_waiting = static_cast<std::uint32_t>(t.whole("max_waiting", 0, 1'000'000'000));
  q.priority_step_s = t.number("priority_step_s", {0, 86'400, false}, 60);
  q.target_s = t.number("target_s", {0, 86'400, false}, 0);
  q.weight = static_cast<std::uint32_t>(t.whole("weight", 1, 1000, 1));
  q.wrap_up_s = t.number("wrap_up_s", {0, 86'400, false}, 0);
  q.requirement = t.levels("requirement");
  if (q.requirement.size() > 32) t.fail("requirement", "must not name more than 32 skills");
  q.arrivals = arrivals(t.table("arrivals"));
  q.handle_time = distribution(t.table("handle_time"), false);
  if (auto patience = t.table_if("patience")) q.patience = distribution(*patience, true);
  t.finish();
  return q;
}

AgentsScenario ScenarioReader::agents(TomlTable& t) {
  AgentsScenario a;
  a.count = static_cast<std::uint32_t>(t.whole("count", 1, kAgentsMax));
  a.skills = t.levels("skills");
  if (a.skills.size() > 512) t.fail("skills", "must not name more than 512 skills");
  a.queues = t.texts("queues");
  a.capacity = static_cast<std::uint32_t>(t.whole("capacity", 1, 100, 1));
  if (auto delay = t.table_if("answer_delay")) a.answer_delay = distribution(*delay, true);
  double free_from_s = 0;
  for (TomlTable& shift : t.tables("shifts")) {
    Shift s;
    s.from_s = shift.number("from_s", kTime);
    s.until_s = shift.number("until_s", kTime);
    if (s.from_s < free_from_s) shift.fail("from_s", "is before the shift before it ends");
    if (s.until_s <= s.from_s) shift.fail("until_s", "must be later than from_s");
    free_from_s = s.until_s;
    shift.finish();
    a.shifts.push_back(s);
  }
  t.finish();
  return a;
}

bool ScenarioReader::serves(const AgentsScenario& agents, const QueueScenario& queue) {
  const bool named =
      agents.queues.empty() || std::find(agents.queues.begin(), agents.queues.end(), queue.name) != agents.queues.end();
  return named && std::all_of(queue.requirement.begin(), queue.requirement.end(), [&](const auto& need) {
           return std::any_of(agents.skills.begin(), agents.skills.end(),
                              [&](const auto& has) { return has.first == need.first && has.second >= need.second; });
         });
}

// What no single value shows.
void ScenarioReader::check_whole(TomlTable& root, const Scenario& s) const {
  if (s.warmup_s >= s.duration_s) root.fail("warmup_s", "must be less than duration_s");
  std::vector<TomlTable> queues = root.tables("queue");
  std::vector<TomlTable> groups = root.tables("agents");
  std::uint64_t agents = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    agents += s.agents[g].count;
    if (agents > kAgentsMax) groups[g].fail("count", "makes more than 100000 agents in all");
    for (const std::string& name : s.agents[g].queues) {
      const bool known = std::any_of(s.queues.begin(), s.queues.end(), [&](const auto& q) { return q.name == name; });
      if (!known) groups[g].fail("queues", "\"" + name + "\" is not the name of a queue");
    }
  }
  double arrivals = 0;
  std::set<std::string_view> names;
  for (std::size_t n = 0; n < queues.size(); ++n) {
    const QueueScenario& q = s.queues[n];
    if (!names.insert(q.name).second) queues[n].fail("name", "\"" + q.name + "\" is the name of another queue");
    const bool served = std::any_of(s.agents.begin(), s.agents.end(), [&](const auto& a) { return serves(a, q); });
    if (!served) {
      queues[n].fail(queues[n].has("requirement") ? "requirement" : "name",
                     "no agents serve this queue: nobody has "
                     "the skills at these levels, or lists the queue");
    }
    arrivals += q.arrivals.expected(s.duration_s);
    if (arrivals > kArrivalsMax) {
      queues[n].fail("arrivals",
                     "make more than 50 million arrivals in one replication; more replications of a "
                     "shorter duration_s say as much");
    }
  }
}

Scenario ScenarioReader::read() {
  toml::table parsed;
  try {
    std::ifstream in(file_);
    if (!in) throw ScenarioError(file_ + ": cannot be read");
    parsed = toml::parse(in, file_);
  } catch (const toml::parse_error& error) {
    throw ScenarioError(file_ + ":" + std::to_string(error.source().begin.line) + ": " +
                        std::string(error.description()));
  }
  return read(parsed);
}

Scenario ScenarioReader::read(const toml::table& parsed) {
  TomlTable root(file_, {}, parsed);
  Scenario s;
  s.seed = static_cast<std::uint64_t>(root.whole("seed", 0, std::numeric_limits<std::int64_t>::max(), 1));
  s.duration_s = root.number("duration_s", kPositiveTime);
  s.warmup_s = root.number("warmup_s", kTime, 0);
  s.replications = static_cast<std::uint32_t>(root.whole("replications", 1, kReplicationsMax, 10));
  s.service_level_s = root.number("service_level_s", kTime, 20);
  s.report_interval_s = root.number("report_interval_s", {1, kDurationMaxS, false}, 0);
  if (!root.has("queue")) root.fail("queue", "is required: at least one [[queue]]");
  if (!root.has("agents")) root.fail("agents", "is required: at least one [[agents]]");
  for (TomlTable& t : root.tables("queue")) {
    if (s.queues.size() == kQueuesMax) t.fail("name", "is beyond the 1000 queues a scenario may have");
    s.queues.push_back(queue(t));
  }
  for (TomlTable& t : root.tables("agents")) s.agents.push_back(agents(t));
  root.finish();
  check_whole(root, s);
  return s;
}

}  // namespace

double Distribution::mean() const {
  if (kind != Kind::kEmpirical) return mean_s;
  return std::accumulate(values_s.begin(), values_s.end(), 0.0) / static_cast<double>(values_s.size());
}

double Arrivals::expected(double duration_s) const {
  if (process == Process::kTrace) {
    return static_cast<double>(std::lower_bound(times_s.begin(), times_s.end(), duration_s) - times_s.begin());
  }
  if (interval_s == 0) return rates_per_hour.front() * duration_s / 3600;
  double sum = 0;
  for (const double rate : rates_per_hour) sum += rate * interval_s / 3600;
  const double length_s = interval_s * static_cast<double>(rates_per_hour.size());
  const double times = repeat ? std::floor(duration_s / length_s) : 0;
  double rest_s = duration_s - times * length_s;
  double total = times * sum;
  for (const double rate : rates_per_hour) {
    total += rate * std::clamp(rest_s, 0.0, interval_s) / 3600;
    rest_s -= interval_s;
  }
  return total;
}

std::expected<Scenario, std::string> read_scenario(const std::filesystem::path& file) {
  try {
    return ScenarioReader(file).read();
  } catch (const ScenarioError& error) {
    return std::unexpected(error.what());
  }
}

std::expected<Scenario, FieldProblem> read_scenario(const boost::json::object& json) {
  try {
    return ScenarioReader().read(table_of(json));
  } catch (const ScenarioError& error) {
    return std::unexpected(FieldProblem{error.field, error.reason});
  }
}

}  // namespace sb::planner
