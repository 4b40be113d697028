#pragma once
// The flow at work: what its rules make of an arrival, and what they say about it. Pure; the decider acts on it, a dry
// run shows it.
//
// Rules are asked in order. The first whose conditions hold acts and ends the flow, unless it says to go on; later
// rules see the arrival as earlier ones left it. Bounds and shapes of what is allowed are here too, for the readers.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/command.h"
#include "routing/state.h"

namespace sb::routing {

inline constexpr std::size_t kFlowRulesMax = 200;
inline constexpr std::size_t kFlowConditionsMax = 32;  // of `all` and `any` of one rule together
inline constexpr std::size_t kFlowWordsMax = 32;       // of one condition
inline constexpr std::size_t kFlowWordBytesMax = 200;
inline constexpr std::size_t kFlowNameBytesMax = 200;
inline constexpr std::size_t kFlowOffsetsMax = 100;
inline constexpr std::size_t kLabelsMax = 32;
inline constexpr std::size_t kLabelBytesMax = 64;

// Said by an edge that enqueues a contact it began earlier, when the customer was known then.
inline constexpr std::string_view kKnownCustomerLabel = "known_customer";

inline constexpr std::array<std::string_view, 7> kWeekdayNames{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

enum class FlowKind : std::uint8_t { kWords, kNumber, kYesNo };
struct FlowFieldShape {
  FlowKind kind{};
  std::int64_t min = 0;
  std::int64_t max = 0;
  bool of_queue = false;  // a queue may be named whose state is asked for
};
[[nodiscard]] FlowFieldShape shape_of(FlowField field);

// "09:00-17:30": from the first minute to before the second; over midnight when the second is earlier.
struct MinuteSpan {
  std::uint32_t from = 0;  // of the day
  std::uint32_t to = 0;    // at most 1,440
  [[nodiscard]] bool contains(std::uint32_t minute) const {
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
  }
};
[[nodiscard]] std::optional<MinuteSpan> parse_minutes(std::string_view text);

struct LocalTime {
  std::uint32_t minute_of_day = 0;
  std::size_t weekday = 0;  // Monday: 0
};
[[nodiscard]] LocalTime local_time(const Flow& flow, TimeMs now);

// Facts about an arrival, and where it is going: what rules may change.
struct FlowArrival {
  Channel channel{};
  std::uint32_t tier = 0;
  bool known_customer = false;
  std::span<const std::string> labels{};
  QueueId queue;
  Requirement requirement;
  std::int32_t priority = 0;
  std::string language;
  bool out_of_hours = false;
};

// As a flow is asked about a command's arrival; the labels are the command's.
[[nodiscard]] FlowArrival arrival_of(const command::StartInteraction& c, const State& state);
[[nodiscard]] FlowArrival arrival_of(const command::EnqueueInteraction& c, const Interaction& i);

// What a condition saw: the number, or in words. Words are sorted and joined for labels.
struct ConditionSaid {
  bool held = false;
  std::int64_t number = 0;
  std::string words;
};
struct RuleSaid {
  bool asked = false;  // an earlier rule did not end the flow
  bool held = false;
  std::vector<ConditionSaid> all;
  std::vector<ConditionSaid> any;
};

// Changes the arrival as the rules say; the indexes of those that acted. With `said`, every condition of every rule is
// looked at, also of rules that were not asked, and what it saw is put there.
std::vector<std::size_t> evaluate(const Flow& flow, FlowArrival& arrival, const State& state, TimeMs now,
                                  std::vector<RuleSaid>* said = nullptr);

// What is wrong with a flow, or kNone. Its version is not looked at.
[[nodiscard]] Rejection check_flow(const Flow& flow, const State& state);
[[nodiscard]] bool sound_labels(const std::vector<std::string>& labels);

[[nodiscard]] bool names_skill(const Flow& flow, SkillId skill);
[[nodiscard]] bool names_agent(const Flow& flow, AgentId agent);
[[nodiscard]] bool names_queue(const Flow& flow, std::string_view queue);  // among the words of a condition

}  // namespace sb::routing
