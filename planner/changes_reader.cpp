#include <algorithm>
#include <boost/json.hpp>
#include <fstream>

#include "planner/changes.h"
#include "planner/moment.h"
#include "planner/toml_json.h"

namespace sb::planner {

namespace {

constexpr Range kFactor{0.01, 10, false};
constexpr Range kADay{0, 86'400, false};
constexpr std::size_t kTablesMax = 200;  // of one kind
constexpr std::size_t kNamesMax = 5'000;
constexpr std::uint32_t kAddedMax = 5'000;  // by one table
constexpr std::size_t kStepsMax = 16;
constexpr std::size_t kGroupsMax = 16;
constexpr std::size_t kFlowBytesMax = 200'000;  // as text
constexpr std::string_view kActions[] = {"lower_levels",   "drop_skill",     "widen", "overflow",
                                         "raise_priority", "offer_callback", "end"};
constexpr RelaxKind kActionKinds[] = {RelaxKind::kLowerLevels, RelaxKind::kDropSkill,     RelaxKind::kWiden,
                                      RelaxKind::kOverflow,    RelaxKind::kRaisePriority, RelaxKind::kOfferCallback,
                                      RelaxKind::kEnd};

class ChangesReader {
 public:
  ChangesReader(std::span<const UtcOffset> zone, const ReadFlow& read_flow) : zone_(zone), read_flow_(read_flow) {}

  Changes read(TomlTable root) {
    Changes c;
    c.arrivals_factor = root.number("arrivals_factor", kFactor, 1);
    c.handle_time_factor = root.number("handle_time_factor", kFactor, 1);
    for (TomlTable& t : tables(root, "add_agents")) c.add_agents.push_back(add(t));
    for (TomlTable& t : tables(root, "remove_agents")) {
      c.remove_agents.push_back(selection(t));
      t.finish();
    }
    for (TomlTable& t : tables(root, "change_agents")) c.change_agents.push_back(change(t));
    for (TomlTable& t : tables(root, "queue")) c.queues.push_back(queue(t));
    if (root.has("flow")) c.flow = flow(root);
    root.finish();
    const bool nothing = c.arrivals_factor == 1 && c.handle_time_factor == 1 && c.add_agents.empty() &&
                         c.remove_agents.empty() && c.change_agents.empty() && c.queues.empty() && !c.flow;
    if (nothing) {
      root.fail("changes",
                "there are none; there may be arrivals_factor, handle_time_factor, add_agents, remove_agents, "
                "change_agents, queue and flow");
    }
    return c;
  }

 private:
  static std::vector<TomlTable> tables(TomlTable& root, std::string_view key) {
    if (!root.has(key)) return {};
    auto all = root.tables(key);
    if (all.size() > kTablesMax) root.fail(key, "must not be more than 200 tables");
    return all;
  }
  static Named named(TomlTable& t, std::string_view key) { return {t.place(key), t.text(key)}; }
  static std::optional<Named> named_if(TomlTable& t, std::string_view key) {
    if (!t.has(key)) return std::nullopt;
    return named(t, key);
  }
  static std::optional<std::vector<Named>> names(TomlTable& t, std::string_view key) {
    if (!t.has(key)) return std::nullopt;
    std::vector<Named> all;
    for (auto& name : t.texts(key)) all.push_back({t.place(key), std::move(name)});
    if (all.size() > kNamesMax) t.fail(key, "must not be more than 5000 names");
    return all;
  }
  static std::vector<std::pair<Named, std::uint32_t>> levels(TomlTable& t, std::string_view key, std::int64_t min) {
    std::vector<std::pair<Named, std::uint32_t>> all;
    for (auto& [skill, level] : t.levels(key, min)) all.push_back({{t.place(key), skill}, level});
    return all;
  }
  static std::optional<double> number(TomlTable& t, std::string_view key, Range range) {
    if (!t.has(key)) return std::nullopt;
    return t.number(key, range);
  }
  static std::optional<std::int64_t> whole(TomlTable& t, std::string_view key, std::int64_t min, std::int64_t max) {
    if (!t.has(key)) return std::nullopt;
    return t.whole(key, min, max);
  }
  static std::optional<std::uint32_t> capacity(TomlTable& t) {
    const auto value = whole(t, "capacity", 1, 100);
    if (!value) return std::nullopt;
    return static_cast<std::uint32_t>(*value);
  }
  std::optional<TimeMs> moment(TomlTable& t, std::string_view key) const {
    if (!t.has(key)) return std::nullopt;
    const auto at = read_moment(t.text(key), zone_);
    if (!at) t.fail(key, at.error());
    return *at;
  }

  static Selection selection(TomlTable& t) {
    Selection s;
    const int ways = (t.has("logins") ? 1 : 0) + (t.has("group") ? 1 : 0) + (t.has("queue") ? 1 : 0);
    s.place = t.place(t.has("logins") ? "logins" : t.has("group") ? "group" : t.has("queue") ? "queue" : "agents");
    if (ways != 1) t.fail("agents", "must be named in one way: logins = [...], group = \"skill\" or queue = \"name\"");
    if (auto logins = names(t, "logins")) s.logins = std::move(*logins);
    if (t.has("logins") && s.logins.empty()) t.fail("logins", "must name somebody");
    s.group = named_if(t, "group");
    s.queue = named_if(t, "queue");
    if (t.has("count") && t.has("logins")) t.fail("count", "goes with group or queue, not with logins");
    if (const auto count = whole(t, "count", 1, kAgentsMax)) s.count = static_cast<std::uint32_t>(*count);
    return s;
  }

  AddAgents add(TomlTable& t) const {
    AddAgents a;
    a.count = static_cast<std::uint32_t>(t.whole("count", 1, kAddedMax));
    a.like = named_if(t, "like");
    if (t.has("skills")) a.skills = levels(t, "skills", 1);
    a.queues = names(t, "queues");
    a.capacity = capacity(t);
    a.from_ms = moment(t, "from");
    a.until_ms = moment(t, "until");
    if (a.from_ms && a.until_ms && *a.until_ms <= *a.from_ms) t.fail("until", "must be later than from");
    t.finish();
    return a;
  }

  static ChangeAgents change(TomlTable& t) {
    ChangeAgents c;
    c.who = selection(t);
    c.skills = levels(t, "skills", 0);
    c.queues = names(t, "queues");
    // "queue" selects; "queues" is what they serve from then on.
    c.capacity = capacity(t);
    if (c.skills.empty() && !c.queues && !c.capacity) t.fail("skills", "or queues or capacity must say what changes");
    t.finish();
    return c;
  }

  static ChangedStep step(TomlTable& t) {
    ChangedStep s;
    s.step.after_ms = static_cast<DurationMs>(t.whole("after_s", 1, 86'400)) * 1000;
    (void)t.text("action");
    s.step.kind = kActionKinds[t.choice("action", kActions)];
    const bool by_amount = s.step.kind == RelaxKind::kLowerLevels || s.step.kind == RelaxKind::kRaisePriority;
    const bool widens = s.step.kind == RelaxKind::kWiden;
    if (by_amount) s.step.amount = static_cast<std::uint32_t>(t.whole("amount", 1, 100));
    if (s.step.kind == RelaxKind::kLowerLevels || s.step.kind == RelaxKind::kDropSkill) s.skill = named_if(t, "skill");
    if (widens) {
      s.skill = named(t, "skill");
      s.other = named(t, "other");
    }
    if (s.step.kind == RelaxKind::kOverflow) s.queue = named(t, "queue");
    t.finish();
    return s;
  }

  static ChangeQueue queue(TomlTable& t) {
    ChangeQueue q;
    q.queue = named(t, "name");
    if (t.has("policy")) q.policy = static_cast<Policy>(t.choice("policy", kPolicyNames));
    if (t.has("order")) q.order = static_cast<Order>(t.choice("order", kOrderNames));
    if (const auto level = whole(t, "level", -100, 100)) q.level = static_cast<std::int32_t>(*level);
    q.priority_step_s = number(t, "priority_step_s", kADay);
    q.tier_step_s = number(t, "tier_step_s", kADay);
    if (const auto weight = whole(t, "weight", 1, 1000)) q.weight = static_cast<std::uint32_t>(*weight);
    q.wrap_up_s = number(t, "wrap_up_s", kADay);
    if (const auto most = whole(t, "max_waiting", 0, 10'000'000)) q.max_waiting = static_cast<std::uint32_t>(*most);
    if (t.has("no_waiting")) q.no_waiting = t.flag("no_waiting", false);
    q.target_s = number(t, "target_s", {1, 86'400, false});
    q.preferred_agent_s = number(t, "preferred_agent_s", kADay);
    q.groups = names(t, "groups");
    if (q.groups && q.groups->size() > kGroupsMax) t.fail("groups", "takes 16 groups at most");
    if (t.has("requirement")) q.requirement = levels(t, "requirement", 1);
    if (q.requirement && q.requirement->size() > 32) t.fail("requirement", "must not name more than 32 skills");
    if (t.has("relaxation")) q.relaxation = steps(t);
    q.arrivals_factor = t.number("arrivals_factor", kFactor, 1);
    q.handle_time_factor = t.number("handle_time_factor", kFactor, 1);
    t.finish();
    return q;
  }

  // An empty list takes all steps away.
  static std::vector<ChangedStep> steps(TomlTable& t) {
    std::vector<ChangedStep> all;
    const toml::array* written = t.raw("relaxation")->as_array();
    if (written && written->empty()) return all;
    for (TomlTable& one : t.tables("relaxation")) all.push_back(step(one));
    if (all.size() > kStepsMax) t.fail("relaxation", "takes 16 steps at most");
    const bool sorted = std::is_sorted(all.begin(), all.end(),
                                       [](const auto& a, const auto& b) { return a.step.after_ms < b.step.after_ms; });
    if (!sorted) t.fail("relaxation", "needs its steps in the order of after_s");
    return all;
  }

  // The center's reader reads the rules; here is known where they stand.
  ChangedFlow flow(TomlTable& root) const {
    const LinedJson written = lined_json(*root.raw("flow"));
    const auto place = [&](const std::string& path) {
      return root.place_at(written.line_of(path), path.empty() ? "flow" : "flow." + path);
    };
    auto read = read_flow_(written.value);
    if (!read) {
      const Place at = place(read.error().at.field);
      ScenarioError error(at.where + ": " + read.error().message);
      error.field = at.field;
      error.reason = read.error().at.reason;
      error.line = at.line;
      throw error;
    }
    ChangedFlow changed{std::move(*read), {}};
    for (std::size_t n = 0; n < changed.flow.rules.size(); ++n) changed.rules.push_back(place(std::to_string(n)));
    return changed;
  }

  std::span<const UtcOffset> zone_;
  const ReadFlow& read_flow_;
};

// The rules of a request that has them as a change file would, with their lines.
toml::array rules_of(std::string_view text, const std::string& source) {
  const auto fail = [&](std::size_t line, const std::string& reason) {
    Place{line == 0 ? source : source + ":" + std::to_string(line), "flow", line}.fail(reason);
  };
  if (text.size() > kFlowBytesMax) fail(0, "takes 200,000 bytes at most");
  toml::table written;
  try {
    written = toml::parse(text, source);
  } catch (const toml::parse_error& error) {
    fail(error.source().begin.line, std::string(error.description()));
  }
  for (const auto& [key, value] : written) {
    if (key.str() == "flow") continue;
    fail(key.source().begin.line, "only [[flow]] rules go here, not " + std::string(key.str()));
  }
  toml::node* rules = written.get("flow");
  if (!rules || !rules->is_array()) {
    fail(rules ? rules->source().begin.line : 0, "takes [[flow]] rules, or flow = [] for none");
  }
  return std::move(*rules->as_array());
}

ChangeProblem problem(const ScenarioError& error) {
  return {error.what(), {error.field, error.reason, error.line}};
}

}  // namespace

std::expected<Changes, ChangeProblem> read_changes(const std::filesystem::path& path, std::span<const UtcOffset> zone,
                                                   const ReadFlow& read_flow) {
  const std::string file = path.string();
  try {
    std::ifstream in(path);
    if (!in) throw ScenarioError(file + ": cannot be read");
    const toml::table parsed = toml::parse(in, file);
    return ChangesReader(zone, read_flow).read(TomlTable(file, {}, parsed));
  } catch (const toml::parse_error& error) {
    const std::string reason(error.description());
    return std::unexpected(
        ChangeProblem{file + ":" + std::to_string(error.source().begin.line) + ": " + reason, {"", reason}});
  } catch (const ScenarioError& error) {
    return std::unexpected(problem(error));
  }
}

std::expected<Changes, ChangeProblem> read_changes(const boost::json::object& json, std::span<const UtcOffset> zone,
                                                   const ReadFlow& read_flow) {
  try {
    const std::string source = "request";
    toml::table parsed = table_of(json);
    const auto* flow = json.if_contains("flow");
    if (flow && flow->is_string()) parsed.insert_or_assign("flow", rules_of(flow->get_string(), source));
    return ChangesReader(zone, read_flow).read(TomlTable(source, {}, parsed));
  } catch (const ScenarioError& error) {
    return std::unexpected(problem(error));
  }
}

}  // namespace sb::planner
