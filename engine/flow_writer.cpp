#include <fmt/format.h>

#include <algorithm>

#include "engine/flow_reading.h"
#include "routing/flow.h"

// Rules written back as people write them.
namespace sb::engine {

namespace {

namespace json = boost::json;
using routing::FlowKind;

json::value written_words(const FlowCondition& c) {
  json::array all(c.words.begin(), c.words.end());
  if (c.test == FlowTest::kIsAnyOf) return all;
  json::value one = c.words.size() == 1 ? json::value(c.words.front()) : json::value(std::move(all));
  if (c.test != FlowTest::kIsNot) return one;
  return json::object{{"not", std::move(one)}};
}

json::value written_number(const FlowCondition& c) {
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
          one[field] = written_words(c);
          break;
        case FlowKind::kNumber:
          one[field] = written_number(c);
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
    // What the queue asks for anyway was not written.
    const QueueInfo* to = center_.queue(then.queue);
    const Requirement own = to ? to->requires_skills : Requirement{};
    const auto is_own = [](const auto& all, const auto& one) {
      return std::find(all.begin(), all.end(), one) != all.end();
    };
    std::vector<SkillLevel> added;
    for (const SkillLevel& s : then.require) {
      if (!is_own(own.skills, s)) added.push_back(s);
    }
    if (!added.empty()) out["require"] = levels(added);
    json::array groups;
    for (const AnyOf& group : then.require_any) {
      if (!is_own(own.any, group)) groups.push_back(levels(group.skills));
    }
    if (!groups.empty()) out["require_any"] = std::move(groups);
    json::array prefer;
    for (const SkillId s : then.prefer) {
      if (!is_own(own.preferred, s)) prefer.push_back(json::value(skill(s)));
    }
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
  [[nodiscard]] json::object levels(const std::vector<SkillLevel>& all) const {
    json::object out;
    for (const SkillLevel& s : all) out[skill(s.skill)] = s.level;
    return out;
  }
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

std::string_view written_name(FlowField field) {
  return field == FlowField::kMinuteOfDay ? "time" : name(field);
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
