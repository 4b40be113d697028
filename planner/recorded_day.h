#pragma once
// A stretch of a center's past, taken apart so that it can be played again: who came when and what they asked for, how
// long contacts took and customers waited, who was at work with which skills, and how the queues were set. Plain data;
// times are simulated time from the beginning of the stretch.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "planner/patience.h"
#include "planner/sampling.h"
#include "planner/scenario.h"
#include "proto/command.h"
#include "proto/flow.h"

namespace sb::planner {

// What one contact cost its agent.
struct Handled {
  float contact_s = 0;   // from acceptance to end, without the time it did not count
  float wrap_up_s = 0;   // after it
  bool to_limit = true;  // the wrap-up took all the time there was
};

// How the customers of one queue and channel behaved, and how their agents did.
struct Behaviour {
  QueueId queue;
  Channel channel{};
  std::vector<Handled> handled;
  std::vector<float> answer_delays_s;  // from the offer to its acceptance; empty: at once
  Patience patience;
};

struct RecordedQueue {
  QueueId id;
  std::string name;
  std::string title_en;  // what people call it; empty: its name
  std::string title_zh;
  double in_time_s = 20;  // answered within counts as in time
  double arrivals_factor = 1;
  double handle_time_factor = 1;
  std::optional<double> wrap_up_s;  // instead of what was recorded: who took less goes on taking less
};

// What arrivals may say; many share one.
struct ArrivalKind {
  command::StartInteraction start;
  std::uint32_t queue = 0;      // index: where they count; with asks_flow where they really waited
  std::uint32_t behaviour = 0;  // index
  bool asks_flow = false;       // `start` is what they said before a flow was asked; the day's flow places them
  bool known_customer = false;  // a fact for it
};
inline constexpr std::uint32_t kNoKind = 0xFFFF'FFFF;

struct RecordedArrival {
  SimTime at = 0;
  std::uint32_t kind = 0;
  AgentId preferred;
  std::uint32_t asked = kNoKind;  // index of the day's `asked`; none: no flow was asked about it
  bool counted = true;            // false: there before the stretch began
  SimTime contact = kNoTime;      // what was left of a contact under way; none: drawn
};

struct RecordedAgent {
  command::PutAgent put;
  std::vector<Shift> shifts;  // when they took work; in order and apart
};

struct PlannedCommand {
  SimTime at = 0;
  Command command;
};

struct RecordedDay {
  TimeMs from_ms = 0;
  SimTime duration = 0;  // what is counted; what happened for as long again follows
  command::PutCenter center;
  std::vector<command::PutSkill> skills;
  std::vector<command::PutQueue> put_queues;
  std::vector<RecordedAgent> agents;    // by id
  std::vector<PlannedCommand> planned;  // changes of the configuration on the way, in order
  std::vector<RecordedQueue> queues;    // those that customers came to
  std::vector<ArrivalKind> kinds;
  std::vector<ArrivalKind> asked;         // arrivals as they were before the flow; recorded only for a changed flow
  std::vector<RecordedArrival> arrivals;  // in order
  std::shared_ptr<const std::vector<Behaviour>> behaviours;
  Flow flow;  // asked about arrivals of kinds that say so
};

// Without changes.
[[nodiscard]] inline RecordedQueue recorded_queue(const command::PutQueue& put) {
  RecordedQueue queue;
  queue.id = put.queue;
  queue.name = put.name;
  if (put.matching.target_ms != 0) queue.in_time_s = static_cast<double>(put.matching.target_ms) / 1000;
  return queue;
}

}  // namespace sb::planner
