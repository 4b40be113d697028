#pragma once
// Flows: what an arrival becomes before it waits. An ordered list of rules; the first whose conditions hold acts, and
// later ones too while it says so. All facts are in the command or in the state, local time included (the zone's
// offsets travel with the flow), so a recorded decision can be made again.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/types.h"

namespace sb {

// What a condition looks at.
enum class FlowField : std::uint8_t {
  kNone = 0,
  kChannel = 1,
  kLanguage = 2,
  kQueue = 3,
  kTier = 4,
  kPriority = 5,
  kKnownCustomer = 6,
  kLabel = 7,
  kMinuteOfDay = 8,
  kWeekday = 9,
  kWaiting = 10,
  kLongestWaitS = 11,
  kFreeAgents = 12,
  kSignedInAgents = 13,
  kQueueOpen = 14
};
inline constexpr std::array<std::string_view, 15> kFlowFieldNames{
    "none",      "channel",       "language", "queue",   "tier",           "priority",    "known_customer",
    "label",     "minute_of_day", "weekday",  "waiting", "longest_wait_s", "free_agents", "signed_in_agents",
    "queue_open"};

enum class FlowTest : std::uint8_t { kNone = 0, kIs = 1, kIsNot = 2, kAtLeast = 3, kAtMost = 4, kIsAnyOf = 5 };
inline constexpr std::array<std::string_view, 6> kFlowTestNames{"none",     "is",      "is_not",
                                                                "at_least", "at_most", "is_any_of"};

constexpr std::string_view name(FlowField field) {
  return kFlowFieldNames[index_of(field)];
}
constexpr std::string_view name(FlowTest test) {
  return kFlowTestNames[index_of(test)];
}

template <>
struct EnumLimit<FlowField> : std::integral_constant<std::size_t, kFlowFieldNames.size()> {};
template <>
struct EnumLimit<FlowTest> : std::integral_constant<std::size_t, kFlowTestNames.size()> {};

struct FlowCondition {
  FlowField field{};
  FlowTest test{};
  std::int64_t number = 0;         // for at_least, at_most and yes/no fields
  std::vector<std::string> words;  // for is, is_not and is_any_of: names as the outside writes them
  QueueId queue;                   // whose state is asked for; 0: the interaction's own
  bool operator==(const FlowCondition&) const = default;
  using Self = FlowCondition;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, field), SB_FIELD(2, test), SB_FIELD(3, number), SB_FIELD(4, words),
                      SB_FIELD(5, queue)};
  }
};

struct FlowAction {
  QueueId queue;                     // 0: stays
  std::vector<SkillLevel> require;   // added; a higher minimum wins
  std::vector<SkillId> prefer;       // added
  std::vector<AgentId> exclude;      // added
  std::int32_t priority = 0;         // added to what it has
  std::string language;              // empty: stays
  bool out_of_hours = false;         // becomes a ticket instead of waiting
  bool go_on = false;                // later rules are asked too
  std::vector<AnyOf> require_any{};  // added
  bool operator==(const FlowAction&) const = default;
  using Self = FlowAction;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, queue),        SB_FIELD(2, require),  SB_FIELD(3, prefer),
                      SB_FIELD(4, exclude),      SB_FIELD(5, priority), SB_FIELD(6, language),
                      SB_FIELD(7, out_of_hours), SB_FIELD(8, go_on),    SB_FIELD(9, require_any)};
  }
};

struct FlowRule {
  std::string name;                // unique within the flow
  std::vector<FlowCondition> all;  // each must hold
  std::vector<FlowCondition> any;  // one must hold, if there are any
  FlowAction then{};
  bool operator==(const FlowRule&) const = default;
  using Self = FlowRule;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, name), SB_FIELD(2, all), SB_FIELD(3, any), SB_FIELD(4, then)};
  }
};

struct UtcOffset {
  TimeMs from_ms = 0;
  std::int32_t minutes = 0;  // east of Greenwich
  bool operator==(const UtcOffset&) const = default;
  using Self = UtcOffset;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, from_ms), SB_FIELD(2, minutes)}; }
};

struct Flow {
  std::uint32_t version = 0;       // of the file, counted by who changes it; 0: there is no flow
  std::vector<FlowRule> rules;     // in order
  std::vector<UtcOffset> offsets;  // of the local time the rules speak of, by from_ms
  bool operator==(const Flow&) const = default;
  using Self = Flow;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, version), SB_FIELD(2, rules), SB_FIELD(3, offsets)}; }
};

}  // namespace sb
