#include <fmt/format.h>

#include "engine/explain_words.h"

// What values are called, and the fields of an event as JSON.
namespace sb::engine {

namespace {

template <class T>
boost::json::value value_of(const T& value);

template <wire::Message T>
boost::json::object object_of(const T& message) {
  boost::json::object out;
  wire::for_each_field<T>([&](auto field) {
    const auto& value = message.*(decltype(field)::kMember);
    using V = std::decay_t<decltype(value)>;
    if constexpr (!std::is_same_v<V, IdentityHash> && !std::is_same_v<V, std::vector<IdentityHash>>) {
      if (value != V{}) out[field.name] = value_of(value);
    }
  });
  return out;
}

template <class T>
boost::json::value value_of(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return boost::json::value(name(value));
  } else if constexpr (wire::StrongId<T>) {
    return value.value;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return value;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return boost::json::value(value);
  } else if constexpr (wire::Message<T>) {
    return object_of(value);
  } else {
    boost::json::array out;
    for (const auto& element : value) out.push_back(value_of(element));
    return out;
  }
}

}  // namespace

Sentence requirement_words(const Requirement& requirement, const Words& words) {
  Sentence s;
  if (const auto needs = words.skills(requirement.skills); !needs.empty()) {
    s += {"; needs " + needs, "；需要 " + needs};
  }
  for (const AnyOf& group : requirement.any) {
    const std::string one = words.skills(group.skills);
    s += {"; needs one of " + one, "；需要其一 " + one};
  }
  for (const SkillId skill : requirement.preferred)
    s += {"; better with " + words.skill(skill), "；优先 " + words.skill(skill)};
  for (const AgentId agent : requirement.excluded) s += {"; not " + words.agent(agent), "；排除 " + words.agent(agent)};
  if (requirement.only_agent) {
    s += {"; only for " + words.agent(requirement.only_agent), "；指定 " + words.agent(requirement.only_agent)};
  }
  return s;
}

Sentence channel_word(Channel channel) {
  static constexpr std::array<std::string_view, kChannelCount> kZh{"", "电话", "聊天", "邮件", "消息", "表单"};
  return {std::string(name(channel)), std::string(kZh[index_of(channel)])};
}

Sentence policy_word(Policy policy) {
  switch (policy) {
    case Policy::kLongestIdle:
      return {"longest idle", "空闲最久优先"};
    case Policy::kBestProficiency:
      return {"best proficiency", "技能最高优先"};
    case Policy::kLeastOccupied:
      return {"least occupied", "负荷最低优先"};
    case Policy::kRoundRobin:
      return {"round robin", "轮流分配"};
  }
  return {};
}

Sentence duration_words(DurationMs duration) {
  if (duration < 10'000) {
    const auto tenths = duration / 100;
    return {fmt::format("{}.{} s", tenths / 10, tenths % 10), fmt::format("{}.{} 秒", tenths / 10, tenths % 10)};
  }
  const auto seconds = duration / 1000;
  if (seconds < 60) return {fmt::format("{} s", seconds), fmt::format("{} 秒", seconds)};
  const auto minutes = seconds / 60;
  if (minutes < 60) {
    return {fmt::format("{} min {} s", minutes, seconds % 60), fmt::format("{} 分 {} 秒", minutes, seconds % 60)};
  }
  return {fmt::format("{} h {} min", minutes / 60, minutes % 60),
          fmt::format("{} 小时 {} 分", minutes / 60, minutes % 60)};
}

boost::json::object fields_of(const Event& event) {
  return std::visit([](const auto& e) { return object_of(e); }, event);
}

std::string Words::agent(AgentId id) const {
  const AgentInfo* info = center_.agent(id);
  return info ? info->name : "agent " + std::to_string(id.value);
}

Sentence Words::queue(QueueId id) const {
  const QueueInfo* info = center_.queue(id);
  if (!info) return {"queue " + std::to_string(id.value), "队列 " + std::to_string(id.value)};
  return {info->title_en.empty() ? info->name : info->title_en, info->title_zh.empty() ? info->name : info->title_zh};
}

std::string Words::skill(SkillId id) const {
  for (const SkillInfo& s : center_.skills) {
    if (s.id == id) return s.name;
  }
  return "skill " + std::to_string(id.value);
}

std::string Words::skills(const std::vector<SkillLevel>& required) const {
  std::string out;
  for (const SkillLevel& s : required) {
    out += fmt::format("{}{} >= {}", out.empty() ? "" : ", ", skill(s.skill), s.level);
  }
  return out;
}

}  // namespace sb::engine
