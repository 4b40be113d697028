#include "engine/flow_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "crm/profile.h"
#include "routing/flow.h"

namespace sb::engine {

namespace {

namespace json = boost::json;
using routing::FlowKind;

constexpr std::string_view kTime = "time";

std::optional<FlowField> field_of(std::string_view written) {
  if (written == kTime) return FlowField::kMinuteOfDay;
  for (std::size_t n = 1; n < kFlowFieldNames.size(); ++n) {
    if (kFlowFieldNames[n] == written && static_cast<FlowField>(n) != FlowField::kMinuteOfDay)
      return static_cast<FlowField>(n);
  }
  return std::nullopt;
}

std::string known_fields() {
  std::string all;
  for (std::size_t n = 1; n < kFlowFieldNames.size(); ++n) {
    all += (all.empty() ? "" : ", ") + std::string(written_name(static_cast<FlowField>(n)));
  }
  return all;
}

template <class Names>
std::string listed(const Names& names, std::size_t from = 0) {
  std::string all;
  for (std::size_t n = from; n < names.size(); ++n) all += (n == from ? "" : ", ") + std::string(names[n]);
  return all;
}

// Reads on after the first problem and keeps that one.
class FlowReader {
 public:
  explicit FlowReader(const Center& center) : center_(center) {}

  std::vector<FlowRule> rules(const json::value& value) {
    std::vector<FlowRule> all;
    const auto* list = value.if_array();
    if (!list) {
      fail("", "must be a list of rules");
    } else if (list->size() > routing::kFlowRulesMax) {
      fail("", fmt::format("at most {} rules", routing::kFlowRulesMax));
    } else {
      for (std::size_t n = 0; n < list->size() && !problem; ++n) {
        rule_ = fmt::format("rule {}", n + 1);
        all.push_back(rule((*list)[n], std::to_string(n)));
        for (std::size_t m = 0; m < n; ++m) {
          if (all[m].name == all[n].name) fail(fmt::format("{}.name", n), "another rule has this name already");
        }
      }
    }
    return all;
  }

  std::optional<FlowProblem> problem;

 private:
  void fail(const std::string& path, std::string reason) {
    if (!problem) problem = FlowProblem{path, rule_, std::move(reason)};
  }

  FlowRule rule(const json::value& value, const std::string& path) {
    FlowRule rule;
    const auto* object = value.if_object();
    if (!object) return fail(path, "a rule is written { name = ..., all = [...], any = [...], then = {...} }"), rule;
    const auto* name = object->if_contains("name");
    const auto* text = name ? name->if_string() : nullptr;
    if (!text || text->empty() || text->size() > routing::kFlowNameBytesMax) {
      return fail(path + ".name", fmt::format("is required, 1 to {} bytes", routing::kFlowNameBytesMax)), rule;
    }
    rule_ = rule.name = std::string(*text);
    for (const auto& [key, part] : *object) {
      const std::string at = path + "." + std::string(key);
      if (key == "all") {
        rule.all = conditions(part, at);
      } else if (key == "any") {
        rule.any = conditions(part, at);
      } else if (key == "then") {
        rule.then = action(part, at);
      } else if (key != "name") {
        fail(at, "a rule has name, all, any and then");
      }
    }
    if (!object->contains("then")) fail(path + ".then", "is required: what the rule does ({} only ends the flow)");
    if (rule.all.size() + rule.any.size() > routing::kFlowConditionsMax) {
      fail(path, fmt::format("at most {} conditions in one rule", routing::kFlowConditionsMax));
    }
    return rule;
  }

  std::vector<FlowCondition> conditions(const json::value& value, const std::string& path) {
    std::vector<FlowCondition> all;
    const auto* list = value.if_array();
    if (!list) return fail(path, "must be a list of conditions, e.g. [ { channel = \"phone\" } ]"), all;
    for (std::size_t n = 0; n < list->size() && !problem; ++n) {
      all.push_back(condition((*list)[n], path + "." + std::to_string(n)));
    }
    return all;
  }

  FlowCondition condition(const json::value& value, const std::string& path) {
    FlowCondition c;
    const auto* object = value.if_object();
    if (!object || object->empty()) return fail(path, "a condition is written like { channel = \"phone\" }"), c;
    std::string_view about;
    for (const auto& [key, part] : *object) {
      if (key == "queue" && object->size() > 1) continue;  // whose state is asked for
      if (!about.empty()) {
        return fail(path, fmt::format("asks for {} and {}: write two conditions", about, std::string_view(key))), c;
      }
      about = key;
    }
    const auto field = field_of(about);
    const std::string at = path + "." + std::string(about);
    if (!field) return fail(at, "is nothing a condition can ask for; there are " + known_fields()), c;
    c.field = *field;
    const auto shape = routing::shape_of(c.field);
    if (object->size() > 1) {
      if (!shape.of_queue) return fail(path + ".queue", fmt::format("{} is not asked of a queue", about)), c;
      c.queue = queue(object->at("queue"), path + ".queue");
    }
    const json::value& asked = object->at(about);
    switch (shape.kind) {
      case FlowKind::kWords:
        by_words(c, asked, at);
        break;
      case FlowKind::kNumber:
        by_number(c, asked, at, shape);
        break;
      case FlowKind::kYesNo:
        c.test = FlowTest::kIs;
        if (!asked.is_bool()) return fail(at, "must be true or false"), c;
        c.number = asked.get_bool() ? 1 : 0;
    }
    return c;
  }

  // "word", ["one", "of these"], { not = ... }; for time also { from, to }.
  void by_words(FlowCondition& c, const json::value& value, const std::string& path) {
    c.test = value.is_array() ? FlowTest::kIsAnyOf : FlowTest::kIs;
    const json::value* words = &value;
    std::string at = path;
    if (const auto* object = value.if_object()) {
      if (c.field == FlowField::kMinuteOfDay && object->contains("from")) return from_to(c, *object, path);
      const auto* negated = object->if_contains("not");
      if (!negated || object->size() != 1) {
        return fail(path,
                    c.field == FlowField::kMinuteOfDay
                        ? "takes \"09:00-12:00\", a list of such, { from = \"09:00\", to = \"12:00\" } or { not = ... }"
                        : "takes a word, a list of words or { not = ... }");
      }
      c.test = FlowTest::kIsNot;
      words = negated;
      at += ".not";
    }
    if (const auto* list = words->if_array()) {
      for (std::size_t n = 0; n < list->size(); ++n) word(c, (*list)[n], at + "." + std::to_string(n));
      if (list->empty() || list->size() > routing::kFlowWordsMax) {
        fail(at, fmt::format("takes 1 to {} words", routing::kFlowWordsMax));
      }
    } else {
      word(c, *words, at);
    }
  }

  void from_to(FlowCondition& c, const json::object& object, const std::string& path) {
    const auto* from = object.at("from").if_string();
    const auto* to = object.contains("to") ? object.at("to").if_string() : nullptr;
    if (!from || !to || object.size() != 2) {
      return fail(path, "takes { from = \"09:00\", to = \"12:00\" }; over midnight from is the later one");
    }
    word(c, json::value(std::string(*from) + "-" + std::string(*to)), path);
  }

  void word(FlowCondition& c, const json::value& value, const std::string& path) {
    const auto* text = value.if_string();
    if (!text || text->empty()) return fail(path, "must be a word in quotes");
    const std::string word(*text);
    const auto is = [&](std::string_view known) { return known == word; };
    std::string wrong;
    if (c.field == FlowField::kChannel && std::none_of(kChannelNames.begin() + 1, kChannelNames.end(), is)) {
      wrong = "there are " + listed(kChannelNames, 1);
    } else if (c.field == FlowField::kWeekday &&
               std::none_of(routing::kWeekdayNames.begin(), routing::kWeekdayNames.end(), is)) {
      wrong = "there are " + listed(routing::kWeekdayNames);
    } else if (c.field == FlowField::kQueue && !center_.queue(word)) {
      wrong = "there is no such queue";
    } else if (c.field == FlowField::kMinuteOfDay && !routing::parse_minutes(word)) {
      wrong = "a time is written \"09:00-17:30\", from and to apart, to 24:00 at most";
    } else if (c.field == FlowField::kLanguage && !crm::is_language_tag(word)) {
      wrong = "must be a language tag, e.g. zh or zh-CN";
    } else if (c.field == FlowField::kLabel && word.size() > routing::kLabelBytesMax) {
      wrong = fmt::format("a label has at most {} bytes", routing::kLabelBytesMax);
    }
    if (!wrong.empty()) return fail(path, fmt::format("\"{}\": {}", word, wrong));
    c.words.push_back(word);
  }

  // 2, { at_least = 2 }, { at_most = 2 }, { not = 2 }
  void by_number(FlowCondition& c, const json::value& value, const std::string& path,
                 const routing::FlowFieldShape& shape) {
    const json::value* number = &value;
    std::string at = path;
    c.test = FlowTest::kIs;
    if (const auto* object = value.if_object()) {
      const std::string_view key = object->size() == 1 ? std::string_view(object->begin()->key()) : std::string_view();
      c.test = key == "at_least"  ? FlowTest::kAtLeast
               : key == "at_most" ? FlowTest::kAtMost
               : key == "not"     ? FlowTest::kIsNot
                                  : FlowTest::kNone;
      if (c.test == FlowTest::kNone) {
        return fail(path, "takes a number or one of { at_least = }, { at_most = }, { not = }");
      }
      number = &object->begin()->value();
      at += "." + std::string(key);
    }
    c.number = whole_number(*number, at, shape.min, shape.max);
  }

  std::int64_t whole_number(const json::value& value, const std::string& path, std::int64_t min, std::int64_t max) {
    boost::system::error_code bad;
    const auto number = value.to_number<std::int64_t>(bad);
    if (bad || value.is_double() || number < min || number > max) {
      return fail(path, fmt::format("must be a whole number from {} to {}", min, max)), min;
    }
    return number;
  }

  bool flag(const json::value& value, const std::string& path) {
    if (!value.is_bool()) return fail(path, "must be true or false"), false;
    return value.get_bool();
  }

  QueueId queue(const json::value& value, const std::string& path) {
    const auto* text = value.if_string();
    const QueueInfo* found = text ? center_.queue(std::string_view(*text)) : nullptr;
    if (!found) return fail(path, "there is no queue " + json::serialize(value)), QueueId{};
    return found->id;
  }

  FlowAction action(const json::value& value, const std::string& path) {
    FlowAction then;
    const auto* object = value.if_object();
    if (!object) return fail(path, "is written like { queue = \"sales\", priority = 5 }"), then;
    for (const auto& [key, part] : *object) {
      const std::string at = path + "." + std::string(key);
      if (key == "queue") {
        then.queue = queue(part, at);
      } else if (key == "require") {
        require(then, part, at);
      } else if (key == "prefer") {
        each(part, at, "skills", [&](std::string_view name) {
          const SkillInfo* skill = center_.skill(name);
          if (skill) then.prefer.push_back(skill->id);
          return skill != nullptr;
        });
      } else if (key == "exclude") {
        each(part, at, "agents' logins", [&](std::string_view name) {
          const AgentInfo* agent = center_.agent_by_login(name);
          if (agent) then.exclude.push_back(agent->id);
          return agent != nullptr;
        });
      } else if (key == "priority") {
        then.priority =
            static_cast<std::int32_t>(whole_number(part, at, -routing::kPriorityMax, routing::kPriorityMax));
      } else if (key == "language") {
        const auto* tag = part.if_string();
        if (!tag || !crm::is_language_tag(std::string_view(*tag)))
          return fail(at, "must be a language tag, e.g. zh-CN"), then;
        then.language = std::string(*tag);
      } else if (key == "out_of_hours") {
        then.out_of_hours = flag(part, at);
      } else if (key == "go_on") {
        then.go_on = flag(part, at);
      } else {
        fail(at, "a rule can set queue, require, prefer, exclude, priority, language, out_of_hours and go_on");
      }
    }
    const QueueInfo* to = center_.queue(then.queue);
    if (to) then.require = combine({then.require}, {to->requires_skills.skills}).skills;
    sort_once(then.prefer);
    sort_once(then.exclude);
    return then;
  }

  void require(FlowAction& then, const json::value& value, const std::string& path) {
    const auto* object = value.if_object();
    if (!object) return fail(path, "is written { skill = level }, e.g. { zh = 60 }");
    for (const auto& [name, level] : *object) {
      const std::string at = path + "." + std::string(name);
      const SkillInfo* skill = center_.skill(name);
      if (!skill) return fail(at, "there is no such skill");
      then.require.push_back({skill->id, static_cast<std::uint32_t>(whole_number(level, at, 1, 100))});
    }
    std::sort(then.require.begin(), then.require.end());
  }

  template <class Add>
  void each(const json::value& value, const std::string& path, std::string_view what, Add&& add) {
    const auto* list = value.if_array();
    if (!list || list->size() > routing::kFlowWordsMax) {
      return fail(path, fmt::format("must be a list of {} at most, {}", routing::kFlowWordsMax, what));
    }
    for (std::size_t n = 0; n < list->size(); ++n) {
      const auto* text = (*list)[n].if_string();
      if (!text || !add(std::string_view(*text))) {
        fail(path + "." + std::to_string(n), fmt::format("{} is none of the {}", json::serialize((*list)[n]), what));
      }
    }
  }

  template <class T>
  static void sort_once(std::vector<T>& all) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }

  const Center& center_;
  std::string rule_;
};

json::value words_of(const FlowCondition& c) {
  json::array all(c.words.begin(), c.words.end());
  if (c.test == FlowTest::kIsAnyOf) return all;
  json::value one = c.words.size() == 1 ? json::value(c.words.front()) : json::value(std::move(all));
  if (c.test != FlowTest::kIsNot) return one;
  return json::object{{"not", std::move(one)}};
}

json::value number_of(const FlowCondition& c) {
  switch (c.test) {
    case FlowTest::kAtLeast:
    case FlowTest::kAtMost:
      return json::object{{name(c.test), c.number}};
    case FlowTest::kIsNot:
      return json::object{{"not", c.number}};
    default:
      return c.number;
  }
}

class FlowWriter {
 public:
  explicit FlowWriter(const Center& center) : center_(center) {}

  json::array conditions(const std::vector<FlowCondition>& all) const {
    json::array out;
    for (const FlowCondition& c : all) {
      json::object one;
      const std::string_view field = written_name(c.field);
      switch (routing::shape_of(c.field).kind) {
        case FlowKind::kWords:
          one[field] = words_of(c);
          break;
        case FlowKind::kNumber:
          one[field] = number_of(c);
          break;
        case FlowKind::kYesNo:
          one[field] = c.number != 0;
      }
      if (c.queue) one["queue"] = queue(c.queue);
      out.push_back(std::move(one));
    }
    return out;
  }

  json::object action(const FlowAction& then) const {
    json::object out;
    if (then.queue) out["queue"] = queue(then.queue);
    const QueueInfo* to = center_.queue(then.queue);
    json::object require;
    for (const SkillLevel& s : then.require) {
      // What the queue asks for anyway was not written.
      const auto& own = to ? to->requires_skills.skills : std::vector<SkillLevel>{};
      if (std::find(own.begin(), own.end(), s) == own.end()) require[skill(s.skill)] = s.level;
    }
    if (!require.empty()) out["require"] = std::move(require);
    json::array prefer;
    for (const SkillId s : then.prefer) prefer.push_back(json::value(skill(s)));
    if (!prefer.empty()) out["prefer"] = std::move(prefer);
    json::array exclude;
    for (const AgentId a : then.exclude) exclude.push_back(json::value(agent(a)));
    if (!exclude.empty()) out["exclude"] = std::move(exclude);
    if (then.priority != 0) out["priority"] = then.priority;
    if (!then.language.empty()) out["language"] = then.language;
    if (then.out_of_hours) out["out_of_hours"] = true;
    if (then.go_on) out["go_on"] = true;
    return out;
  }

 private:
  // "#7" for what the configuration does not know.
  [[nodiscard]] std::string queue(QueueId id) const {
    const QueueInfo* info = center_.queue(id);
    return info ? info->name : fmt::format("#{}", id.value);
  }
  [[nodiscard]] std::string skill(SkillId id) const {
    const auto at =
        std::find_if(center_.skills.begin(), center_.skills.end(), [&](const auto& s) { return s.id == id; });
    return at != center_.skills.end() ? at->name : fmt::format("#{}", id.value);
  }
  [[nodiscard]] std::string agent(AgentId id) const {
    const AgentInfo* info = center_.agent(id);
    return info ? info->login : fmt::format("#{}", id.value);
  }

  const Center& center_;
};

}  // namespace

std::string FlowProblem::message() const {
  // "0.all.1.tier" is, to a person, "all, condition 2, tier".
  std::string where;
  std::string_view rest = path;
  rest.remove_prefix(std::min(rest.find('.') + 1, rest.size()));
  if (path.find('.') == std::string::npos) rest = {};
  bool of_conditions = false;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('.'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    std::string shown(part);
    if (of_conditions) shown = "condition " + std::to_string(std::stoul(shown) + 1);
    of_conditions = part == "all" || part == "any";
    where += ", " + shown;
  }
  if (rule.empty()) return "flow: " + reason;
  return fmt::format("flow \"{}\"{}: {}", rule, where, reason);
}

std::string_view written_name(FlowField field) {
  return field == FlowField::kMinuteOfDay ? kTime : name(field);
}

std::expected<std::vector<FlowRule>, FlowProblem> read_flow(const json::value& rules, const Center& center) {
  FlowReader reader(center);
  auto read = reader.rules(rules);
  if (reader.problem) return std::unexpected(std::move(*reader.problem));
  return read;
}

json::array write_flow(const std::vector<FlowRule>& rules, const Center& center) {
  const FlowWriter writer(center);
  json::array out;
  for (const FlowRule& rule : rules) {
    json::object one{{"name", rule.name}};
    if (!rule.all.empty()) one["all"] = writer.conditions(rule.all);
    if (!rule.any.empty()) one["any"] = writer.conditions(rule.any);
    one["then"] = writer.action(rule.then);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace sb::engine
