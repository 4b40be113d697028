#include <fmt/format.h>

#include <algorithm>

#include "crm/profile.h"
#include "engine/flow_reading.h"
#include "routing/flow.h"

// What a flow's rule does, as people write it.
namespace sb::engine {

namespace {

namespace json = boost::json;

class FlowActionReader {
 public:
  explicit FlowActionReader(FlowReading& reading) : reading_(reading) {}

  FlowAction action(const json::value& value, const std::string& path) {
    FlowAction then;
    const auto* object = value.if_object();
    if (!object) return reading_.fail(path, "is written like { queue = \"sales\", priority = 5 }"), then;
    for (const auto& [key, part] : *object) {
      const std::string at = path + "." + std::string(key);
      if (key == "queue") {
        then.queue = reading_.queue(part, at);
      } else if (key == "require") {
        then.require = levels(part, at);
      } else if (key == "require_any") {
        then.require_any = groups(part, at);
      } else if (key == "prefer") {
        each(part, at, "skills", [&](std::string_view name) {
          const SkillInfo* skill = reading_.center().skill(name);
          if (skill) then.prefer.push_back(skill->id);
          return skill != nullptr;
        });
      } else if (key == "exclude") {
        each(part, at, "agents' logins", [&](std::string_view name) {
          const AgentInfo* agent = reading_.center().agent_by_login(name);
          if (agent) then.exclude.push_back(agent->id);
          return agent != nullptr;
        });
      } else if (key == "priority") {
        then.priority =
            static_cast<std::int32_t>(reading_.whole_number(part, at, -routing::kPriorityMax, routing::kPriorityMax));
      } else if (key == "language") {
        const auto* tag = part.if_string();
        if (!tag || !crm::is_language_tag(std::string_view(*tag)))
          return reading_.fail(at, "must be a language tag, e.g. zh-CN"), then;
        then.language = std::string(*tag);
      } else if (key == "out_of_hours") {
        then.out_of_hours = reading_.flag(part, at);
      } else if (key == "go_on") {
        then.go_on = reading_.flag(part, at);
      } else {
        reading_.fail(
            at,
            "a rule can set queue, require, require_any, prefer, exclude, priority, language, out_of_hours and go_on");
      }
    }
    sort_once(then.exclude);
    with_the_queues_own(then, path);
    return then;
  }

 private:
  // What the queue asks for comes along, as it does for an arrival that names the queue itself.
  void with_the_queues_own(FlowAction& then, const std::string& path) {
    const QueueInfo* to = reading_.center().queue(then.queue);
    Requirement whole = combine(to ? to->requires_skills : Requirement{},
                                {std::move(then.require), {}, std::move(then.require_any), std::move(then.prefer), {}});
    const bool fits = whole.skills.size() <= routing::kRequiredSkillsMax &&
                      whole.any.size() <= routing::kAnyGroupsMax &&
                      whole.preferred.size() <= routing::kRequiredSkillsMax;
    if (!fits) {
      reading_.fail(path,
                    fmt::format("asks for too much, with what its queue asks for: at most {} skills, {} groups of "
                                "skills and {} preferred skills",
                                routing::kRequiredSkillsMax, routing::kAnyGroupsMax, routing::kRequiredSkillsMax));
    }
    then.require = std::move(whole.skills);
    then.require_any = std::move(whole.any);
    then.prefer = std::move(whole.preferred);
  }

  std::vector<SkillLevel> levels(const json::value& value, const std::string& path) {
    std::vector<SkillLevel> all;
    const auto* object = value.if_object();
    if (!object) return reading_.fail(path, "is written { skill = level }, e.g. { zh = 60 }"), all;
    for (const auto& [name, level] : *object) {
      const std::string at = path + "." + std::string(name);
      const SkillInfo* skill = reading_.center().skill(name);
      if (!skill) return reading_.fail(at, "there is no such skill"), all;
      all.push_back({skill->id, static_cast<std::uint32_t>(reading_.whole_number(level, at, 1, 100))});
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  // One of each group's skills is enough.
  std::vector<AnyOf> groups(const json::value& value, const std::string& path) {
    std::vector<AnyOf> all;
    const auto* list = value.if_array();
    if (!list || list->size() > routing::kAnyGroupsMax) {
      const std::string wanted = fmt::format("must be a list of {} groups at most", routing::kAnyGroupsMax);
      return reading_.fail(path, wanted + ", e.g. [ { zh = 60, en = 80 } ]"), all;
    }
    for (std::size_t n = 0; n < list->size(); ++n) {
      const std::string at = path + "." + std::to_string(n);
      all.push_back({levels((*list)[n], at)});
      if (all.back().skills.empty()) reading_.fail(at, "names at least one skill and its level");
    }
    return all;
  }

  template <class Add>
  void each(const json::value& value, const std::string& path, std::string_view what, Add&& add) {
    const auto* list = value.if_array();
    if (!list || list->size() > routing::kFlowWordsMax) {
      return reading_.fail(path, fmt::format("must be a list of {} at most, {}", routing::kFlowWordsMax, what));
    }
    for (std::size_t n = 0; n < list->size(); ++n) {
      const auto* text = (*list)[n].if_string();
      if (!text || !add(std::string_view(*text))) {
        reading_.fail(path + "." + std::to_string(n),
                      fmt::format("{} is none of the {}", json::serialize((*list)[n]), what));
      }
    }
  }

  template <class T>
  static void sort_once(std::vector<T>& all) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }

  FlowReading& reading_;
};

}  // namespace

FlowAction read_action(FlowReading& reading, const json::value& value, const std::string& path) {
  return FlowActionReader(reading).action(value, path);
}

}  // namespace sb::engine
