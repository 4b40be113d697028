#include "engine/flow_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/flow_reading.h"
#include "routing/flow.h"

namespace sb::engine {

namespace {

namespace json = boost::json;

class FlowReader {
 public:
  explicit FlowReader(FlowReading& reading) : reading_(reading) {}

  std::vector<FlowRule> rules(const json::value& value) {
    std::vector<FlowRule> all;
    const auto* list = value.if_array();
    if (!list) {
      reading_.fail("", "must be a list of rules");
    } else if (list->size() > routing::kFlowRulesMax) {
      reading_.fail("", fmt::format("at most {} rules", routing::kFlowRulesMax));
    } else {
      for (std::size_t n = 0; n < list->size() && !reading_.problem(); ++n) {
        reading_.enter(fmt::format("rule {}", n + 1));
        all.push_back(rule((*list)[n], std::to_string(n)));
        for (std::size_t m = 0; m < n; ++m) {
          if (all[m].name == all[n].name)
            reading_.fail(fmt::format("{}.name", n), "another rule has this name already");
        }
      }
    }
    return all;
  }

 private:
  FlowRule rule(const json::value& value, const std::string& path) {
    FlowRule rule;
    const auto* object = value.if_object();
    if (!object)
      return reading_.fail(path, "a rule is written { name = ..., all = [...], any = [...], then = {...} }"), rule;
    const auto* name = object->if_contains("name");
    const auto* text = name ? name->if_string() : nullptr;
    if (!text || text->empty() || text->size() > routing::kFlowNameBytesMax) {
      return reading_.fail(path + ".name", fmt::format("is required, 1 to {} bytes", routing::kFlowNameBytesMax)), rule;
    }
    rule.name = std::string(*text);
    reading_.enter(rule.name);
    for (const auto& [key, part] : *object) {
      const std::string at = path + "." + std::string(key);
      if (key == "all") {
        rule.all = conditions(part, at);
      } else if (key == "any") {
        rule.any = conditions(part, at);
      } else if (key == "then") {
        rule.then = read_action(reading_, part, at);
      } else if (key != "name") {
        reading_.fail(at, "a rule has name, all, any and then");
      }
    }
    if (!object->contains("then"))
      reading_.fail(path + ".then", "is required: what the rule does ({} only ends the flow)");
    if (rule.all.size() + rule.any.size() > routing::kFlowConditionsMax) {
      reading_.fail(path, fmt::format("at most {} conditions in one rule", routing::kFlowConditionsMax));
    }
    return rule;
  }

  std::vector<FlowCondition> conditions(const json::value& value, const std::string& path) {
    std::vector<FlowCondition> all;
    const auto* list = value.if_array();
    if (!list) return reading_.fail(path, "must be a list of conditions, e.g. [ { channel = \"phone\" } ]"), all;
    for (std::size_t n = 0; n < list->size() && !reading_.problem(); ++n) {
      all.push_back(read_condition(reading_, (*list)[n], path + "." + std::to_string(n)));
    }
    return all;
  }

  FlowReading& reading_;
};

}  // namespace

void FlowReading::fail(const std::string& path, std::string reason) {
  if (!problem_) problem_ = FlowProblem{path, rule_, std::move(reason)};
}

std::int64_t FlowReading::whole_number(const json::value& value, const std::string& path, std::int64_t min,
                                       std::int64_t max) {
  boost::system::error_code bad;
  const auto number = value.to_number<std::int64_t>(bad);
  if (bad || value.is_double() || number < min || number > max) {
    return fail(path, fmt::format("must be a whole number from {} to {}", min, max)), min;
  }
  return number;
}

bool FlowReading::flag(const json::value& value, const std::string& path) {
  if (!value.is_bool()) return fail(path, "must be true or false"), false;
  return value.get_bool();
}

QueueId FlowReading::queue(const json::value& value, const std::string& path) {
  const auto* text = value.if_string();
  const QueueInfo* found = text ? center_.queue(std::string_view(*text)) : nullptr;
  if (!found) return fail(path, "there is no queue " + json::serialize(value)), QueueId{};
  return found->id;
}

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

std::expected<std::vector<FlowRule>, FlowProblem> read_flow(const json::value& rules, const Center& center) {
  FlowReading reading(center);
  auto read = FlowReader(reading).rules(rules);
  if (reading.problem()) return std::unexpected(std::move(*reading.problem()));
  return read;
}

}  // namespace sb::engine
