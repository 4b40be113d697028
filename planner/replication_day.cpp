#include <algorithm>
#include <cmath>

#include "planner/center_setup.h"
#include "planner/replication.h"
#include "routing/flow.h"

// A recorded day: customers come as they came, or as copies of those who came; contacts, patience and wrap-ups are
// drawn from what was seen. A customer's draws are named by the customer, so they are the same in every alternative.
namespace sb::planner {

namespace {

// A copy comes at about the time of the customer it is a copy of.
constexpr double kCopyWithinS = 300;

SimTime wrap_up_of(const RecordedQueue& queue, const Handled& handled) {
  const double recorded_s = handled.wrap_up_s;
  if (!queue.wrap_up_s) return ticks(recorded_s * queue.handle_time_factor);
  return ticks(handled.to_limit ? *queue.wrap_up_s : std::min(recorded_s, *queue.wrap_up_s));
}

}  // namespace

// Copies come before counting, so that a factor of 1.2 gives every fifth customer one.
void Replication::expand_day() {
  for (std::size_t n = 0; n < tallies_.size(); ++n) in_time_s_[n] = day_->queues[n].in_time_s;
  coming_.reserve(day_->arrivals.size());
  for (std::uint32_t n = 0; n < day_->arrivals.size(); ++n) {
    const RecordedArrival& arrival = day_->arrivals[n];
    const double factor = arrival.counted ? day_->queues[day_->kinds[arrival.kind].queue].arrivals_factor : 1;
    Random random{scenario_.seed, number_, n, Purpose::kCopies};
    const double whole = std::floor(factor);
    const auto copies = static_cast<std::uint32_t>(whole) + (random.uniform() <= factor - whole ? 1u : 0u);
    for (std::uint32_t copy = 0; copy < copies; ++copy) {
      const SimTime later = copy == 0 ? 0 : ticks((2 * random.uniform() - 1) * kCopyWithinS);
      coming_.push_back({std::max<SimTime>(0, arrival.at + later), n, copy});
    }
  }
  std::sort(coming_.begin(), coming_.end());
}

void Replication::begin_day() {
  for (const RecordedAgent& agent : day_->agents) {
    const std::uint32_t id = agent.put.agent.value;
    if (agents_.size() < id) agents_.resize(id, {0, 1, 0, false});
    for (const Shift& shift : agent.shifts) add_shift(id, shift);
  }
  for (std::size_t n = 0; n < day_->planned.size(); ++n) heap_.push(day_->planned[n].at, Happening::kPlanned, n);
  if (!coming_.empty()) heap_.push(coming_.front().at, Happening::kArrival, 0);
}

void Replication::arrive_recorded(std::size_t index) {
  const Coming& coming = coming_[index];
  if (index + 1 < coming_.size()) heap_.push(coming_[index + 1].at, Happening::kArrival, index + 1);
  const RecordedArrival& arrival = day_->arrivals[coming.arrival];
  const ArrivalKind& kind = day_->kinds[arrival.kind];
  auto& start = std::get<command::StartInteraction>(start_);
  start = kind.start;
  start.preferred_agent = arrival.preferred;
  const auto joined = kind.asks_flow ? ask_flow(kind, start) : std::optional(kind.queue);
  if (!joined) return;
  const RecordedQueue& queue = day_->queues[*joined];
  const Behaviour& behaviour = (*day_->behaviours)[kind.behaviour];
  const std::uint64_t name = coming.arrival + std::uint64_t{coming.copy} * day_->arrivals.size();
  const auto stream = [&](Purpose purpose) { return Random{scenario_.seed, number_, name, purpose}; };

  Customer c;
  c.queue = *joined;
  c.calls = kind.start.channel == Channel::kPhone;
  c.counted = arrival.counted && now_ < counted_until_;
  const Handled& handled = behaviour.handled[stream(Purpose::kHandling).below(behaviour.handled.size())];
  c.wrap_up = wrap_up_of(queue, handled);
  SimTime patience = kNoTime;
  if (arrival.contact != kNoTime) {
    c.handle_time = arrival.contact;
    c.answer_delay = 0;
  } else {
    c.handle_time = ticks(handled.contact_s * queue.handle_time_factor);
    const auto& delays_s = behaviour.answer_delays_s;
    c.answer_delay = delays_s.empty() ? 0 : ticks(delays_s[stream(Purpose::kAnswering).below(delays_s.size())]);
    if (!behaviour.patience.endless()) patience = ticks(behaviour.patience.draw(stream(Purpose::kPatience).uniform()));
  }
  admit(c, patience, start_);
}

// The queue the flow leads to, as an index; none: the arrival becomes a ticket and waits for nobody.
std::optional<std::uint32_t> Replication::ask_flow(const ArrivalKind& kind, command::StartInteraction& start) const {
  routing::FlowArrival arrival = routing::arrival_of(start, core_.state());
  arrival.known_customer = kind.known_customer;
  routing::evaluate(day_->flow, arrival, core_.state(), now_ms());
  if (arrival.out_of_hours) return std::nullopt;
  start.queue = arrival.queue;
  start.requirement = std::move(arrival.requirement);
  start.priority = arrival.priority;
  const auto& queues = day_->queues;
  const auto at = std::find_if(queues.begin(), queues.end(), [&](const auto& q) { return q.id == arrival.queue; });
  return static_cast<std::uint32_t>(at - queues.begin());
}

void Replication::change_configuration(std::size_t planned) {
  const Command& command = day_->planned[planned].command;
  const auto* put = std::get_if<command::PutQueue>(&command);
  const routing::Outcome outcome = step(put ? Command{as_played(*put, *day_)} : command);
  if (outcome.rejection != Rejection::kNone) {
    failure_ = "the core refuses a change of the configuration: " + std::string(sb::name(outcome.rejection));
  }
}

// The core would let it last for a day; the agent is done when drawn.
void Replication::start_wrap_up(const event::WrapUpStarted& started) {
  wrapping_[started.interaction.value] = started.agent;
  heap_.push(now_ + last_wrap_up_, Happening::kWrappedUp, started.interaction.value);
}

void Replication::wrap_up(std::uint64_t id) {
  const auto at = wrapping_.find(id);
  command::CompleteWrapUp complete;
  complete.agent = at->second;
  complete.interaction = {id};
  complete.ticket_status = TicketStatus::kSolved;
  wrapping_.erase(at);
  if (step(complete).rejection != Rejection::kNone) failure_ = "the end of a wrap-up is refused";
}

}  // namespace sb::planner
