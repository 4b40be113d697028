#include "planner/replication.h"

#include <algorithm>

#include "planner/center_setup.h"

namespace sb::planner {

namespace {

constexpr TimeMs kEpochMs = 1'000'000'000'000;  // any time long enough after zero, which means never to the core
constexpr double kAnswerDelayMaxS = 3'599;      // less than the offers' timeout
constexpr std::uint64_t kShiftBegins = std::uint64_t{1} << 40;

bool anyone_answers_late(const Scenario& s) {
  return std::any_of(s.agents.begin(), s.agents.end(),
                     [](const auto& a) { return a.answer_delay.kind != Distribution::Kind::kNone; });
}

}  // namespace

Replication::Stream::Stream(const Scenario& s, std::size_t index, std::uint32_t replication)
    : arrivals(s.queues[index].arrivals, {s.seed, replication, index, Purpose::kArrivals}, 2 * s.duration_s),
      handle_time(s.queues[index].handle_time, {s.seed, replication, index, Purpose::kHandling}),
      patience(s.queues[index].patience, {s.seed, replication, index, Purpose::kPatience}),
      start(arrival_command(s, index)) {}

Replication::Replication(const Scenario& scenario, std::uint32_t number)
    : scenario_(scenario),
      day_(scenario.day.get()),
      number_(number),
      epoch_ms_(day_ ? day_->from_ms : kEpochMs),
      warm_from_(ticks(scenario.warmup_s)),
      counted_until_(ticks(scenario.duration_s)),
      stop_at_(2 * ticks(scenario.duration_s)),
      by_hand_(day_ || anyone_answers_late(scenario)),
      tallies_(scenario.queues.size()),
      in_time_s_(scenario.queues.size(), scenario.service_level_s),
      customers_(1024),
      queue_lengths_(scenario.queues.size()) {
  if (scenario.report_interval_s > 0) {
    intervals_.resize(static_cast<std::size_t>(std::ceil(scenario.duration_s / scenario.report_interval_s)));
  }
  if (day_) {
    expand_day();
    return;
  }
  streams_.reserve(scenario.queues.size());
  for (std::size_t n = 0; n < scenario.queues.size(); ++n) streams_.emplace_back(scenario, n, number);
  for (std::size_t g = 0; g < scenario.agents.size(); ++g) {
    answer_delays_.emplace_back(scenario.agents[g].answer_delay, Random{scenario.seed, number, g, Purpose::kAnswering});
  }
}

bool Replication::set_up() {
  for (const Command& command : day_ ? setup_commands(*day_) : setup_commands(scenario_, by_hand_)) {
    const routing::Outcome outcome = core_.step(command, Source::kConfig, {}, epoch_ms_, events_);
    if (outcome.rejection != Rejection::kNone) {
      failure_ = "the core refuses the configuration: " + std::string(name(outcome.rejection));
      return false;
    }
  }
  if (day_) {
    begin_day();
    return true;
  }
  add_agents();
  for (std::size_t n = 0; n < streams_.size(); ++n) {
    const SimTime first = streams_[n].arrivals.next();
    if (first != kNoTime) heap_.push(first, Happening::kArrival, n);
  }
  return true;
}

void Replication::add_agents() {
  const bool only_calls = std::all_of(scenario_.queues.begin(), scenario_.queues.end(),
                                      [](const auto& q) { return q.channel == Channel::kPhone; });
  for (std::uint32_t g = 0; g < scenario_.agents.size(); ++g) {
    const AgentsScenario& group = scenario_.agents[g];
    const std::uint32_t places = only_calls ? 1 : group.capacity;
    for (std::uint32_t n = 0; n < group.count; ++n) {
      agents_.push_back({g, places, 0, group.shifts.empty()});
      if (group.shifts.empty()) change(staffed_, places);
      for (const Shift& shift : group.shifts) add_shift(agents_.size(), shift);
    }
  }
}

void Replication::add_shift(std::uint64_t agent, const Shift& shift) {
  heap_.push(ticks(shift.from_s), Happening::kShift, agent | kShiftBegins);
  heap_.push(ticks(shift.until_s), Happening::kShift, agent);
}

std::expected<ReplicationResult, std::string> Replication::run(const std::stop_token& stop) {
  if (!set_up()) return std::unexpected(failure_);
  constexpr std::uint64_t kStepsBetweenLooks = 4'096;  // a few milliseconds
  for (std::uint64_t steps = 1; failure_.empty(); ++steps) {
    if (steps % kStepsBetweenLooks == 0 && stop.stop_requested()) return std::unexpected("was stopped");
    const TimeMs due_ms = core_.next_deadline();
    const SimTime due = due_ms == routing::kNever ? kNoTime : static_cast<SimTime>(due_ms - epoch_ms_) * kTicksPerMs;
    const SimTime next = heap_.empty() ? kNoTime : heap_.first().time;
    const SimTime until = std::min(due, next);
    if (until >= stop_at_ || (until >= counted_until_ && undecided_ == 0)) break;
    if (due <= next) {
      now_ = std::max(now_, due);
      (void)step(command::FireDeadlines{});
    } else {
      const EventHeap::Entry entry = heap_.first();
      heap_.pop();
      now_ = entry.time;
      happen(entry);
    }
  }
  if (!failure_.empty()) return std::unexpected(failure_);
  return result();
}

void Replication::happen(EventHeap::Entry entry) {
  switch (entry.kind()) {
    case Happening::kHandled:
      end(entry.subject(), Party::kAgent, customer(entry.subject()).agent);
      break;
    case Happening::kWrappedUp:
      wrap_up(entry.subject());
      break;
    case Happening::kPlanned:
      change_configuration(entry.subject());
      break;
    case Happening::kShift:
      change_shift(entry.subject());
      break;
    case Happening::kAnswer:
      answer_by_hand(entry.subject());
      break;
    case Happening::kPatienceOver:
      leave(entry.subject());
      break;
    case Happening::kArrival:
      day_ ? arrive_recorded(entry.subject()) : arrive(entry.subject());
      break;
  }
}

void Replication::arrive(std::size_t index) {
  Stream& stream = streams_[index];
  if (const SimTime next = stream.arrivals.next(); next != kNoTime) heap_.push(next, Happening::kArrival, index);
  // Drawn whether used or not: the customer stays the same whatever the center does.
  Customer c;
  c.queue = static_cast<std::uint32_t>(index);
  c.calls = scenario_.queues[index].channel == Channel::kPhone;
  c.counted = now_ >= warm_from_ && now_ < counted_until_;
  c.handle_time = stream.handle_time.draw();
  const SimTime patience = stream.patience.draw();
  admit(c, patience, stream.start);
}

void Replication::admit(Customer c, SimTime patience, const Command& start) {
  ++interactions_;
  c.arrived = now_;
  IntervalCounts* interval = interval_of(c);
  if (c.counted) ++tallies_[c.queue].offered;
  if (interval) ++interval->offered;

  // The core numbers interactions one after another; the events of the step already need the customer.
  c.id = core_.state().counters.interaction + 1;
  remember(c);
  if (c.counted) ++undecided_;
  change(queue_lengths_[c.queue], 1);
  const routing::Outcome outcome = step(start);
  if (outcome.rejection == Rejection::kNone) {
    const bool leaves = !customer(c.id).answered && patience < stop_at_ - now_;
    if (leaves) heap_.push(now_ + patience, Happening::kPatienceOver, c.id);
    return;
  }
  const bool blocked =
      outcome.rejection == Rejection::kQueueFull || (day_ && outcome.rejection == Rejection::kQueueClosed);
  if (!blocked) failure_ = "an arrival is refused: " + std::string(name(outcome.rejection));
  change(queue_lengths_[c.queue], -1);
  if (c.counted) {
    --undecided_;
    ++tallies_[c.queue].blocked;
  }
  if (interval) ++interval->blocked;
  forget(c.id);
}

void Replication::leave(std::uint64_t id) {
  const Customer& c = customer(id);
  if (c.id == id && !c.answered) end(id, Party::kCustomer, {});
}

void Replication::end(std::uint64_t id, Party by, AgentId agent) {
  auto& command = std::get<command::EndInteraction>(end_);
  command.interaction = {id};
  command.by = by;
  command.agent = agent;
  command.reason = by == Party::kAgent ? EndReason::kCompleted : EndReason::kHungUp;
  if (step(end_).rejection != Rejection::kNone) failure_ = "the end of an interaction is refused";
}

void Replication::answer_by_hand(std::uint64_t id) {
  const Customer& c = customer(id);
  if (c.id != id || c.answered || !c.offer || c.answer_at != now_) return;
  auto& command = std::get<command::AcceptOffer>(accept_);
  command.agent = c.agent;
  command.offer = c.offer;
  if (step(accept_).rejection != Rejection::kNone) failure_ = "the acceptance of an offer is refused";
}

// The agent has the customer: the handle time runs.
void Replication::hand_over(std::uint64_t id, AgentId agent) {
  Customer& c = customer(id);
  c.agent = agent;
  settle(c, true);
  heap_.push(now_ + c.handle_time, Happening::kHandled, id);
  if (c.calls) to_connect_.push_back(id);
}

void Replication::settle(Customer& c, bool answered) {
  change(queue_lengths_[c.queue], -1);
  c.answered = answered;
  if (!c.counted) return;
  --undecided_;
  Tally& tally = tallies_[c.queue];
  const double wait_s = static_cast<double>(now_ - c.arrived) / kTicksPerS;
  const bool in_time = answered && wait_s <= in_time_s_[c.queue];
  ++(answered ? tally.answered : tally.abandoned);
  tally.in_time += in_time ? 1 : 0;
  tally.add_wait(wait_s, answered);
  if (IntervalCounts* interval = interval_of(c)) {
    ++(answered ? interval->answered : interval->abandoned);
    interval->in_time += in_time ? 1 : 0;
  }
}

void Replication::change_shift(std::uint64_t subject) {
  const bool begins = (subject & kShiftBegins) != 0;
  const AgentId id{static_cast<std::uint32_t>(subject & ~kShiftBegins)};
  Agent& agent = agents_[id.value - 1];
  const std::int64_t idle = std::int64_t{agent.places} - agent.busy_places();  // who is busy was and stays staffed
  agent.on_shift = begins;
  change(staffed_, begins ? idle : -idle);
  const Presence presence = begins ? Presence::kAvailable : Presence::kAway;
  if (step(command::SetPresence{id, presence, {}}).rejection != Rejection::kNone) failure_ = "a shift is refused";
}

routing::Outcome Replication::step(const Command& command) {
  const routing::Outcome outcome = core_.step(command, Source::kEngine, {}, now_ms(), events_);
  core_events_ += events_.size();
  for (const Event& event : events_) follow(event);
  while (!to_connect_.empty()) {
    auto& connect = std::get<command::ConnectInteraction>(connect_);
    connect.interaction = {to_connect_.back()};
    connect.agent = customer(to_connect_.back()).agent;
    to_connect_.pop_back();
    if (core_.step(connect_, Source::kEngine, {}, now_ms(), events_).rejection != Rejection::kNone) {
      failure_ = "the connection of a call is refused";
    }
    core_events_ += events_.size();
  }
  return outcome;
}

void Replication::follow(const Event& event) {
  if (const auto* made = std::get_if<event::OfferMade>(&event)) {
    offered(*made);
  } else if (const auto* accepted = std::get_if<event::OfferAccepted>(&event)) {
    hand_over(accepted->interaction.value, accepted->agent);
  } else if (const auto* withdrawn = std::get_if<event::OfferWithdrawn>(&event)) {
    change_load(withdrawn->agent, -1);
    Customer& c = customer(withdrawn->interaction.value);
    if (c.offer == withdrawn->offer) c.offer = {};
  } else if (const auto* ended = std::get_if<event::InteractionEnded>(&event)) {
    gone(ended->interaction.value);
  } else if (const auto* abandoned = std::get_if<event::InteractionAbandoned>(&event)) {
    gone(abandoned->interaction.value);
  } else if (const auto* wrapping = std::get_if<event::WrapUpStarted>(&event)) {
    change_load(wrapping->agent, 1);
    if (day_) start_wrap_up(*wrapping);
  } else if (const auto* wrapped = std::get_if<event::WrapUpCompleted>(&event)) {
    change_load(wrapped->agent, -1);
  }
}

void Replication::offered(const event::OfferMade& made) {
  change_load(made.agent, 1);
  if (!by_hand_) return;
  Customer& c = customer(made.interaction.value);
  c.offer = made.offer;
  c.agent = made.agent;
  SimTime delay = c.answer_delay;
  if (delay == kNoTime && !day_) delay = answer_delays_[agents_[made.agent.value - 1].group].draw();
  c.answer_at = now_ + (delay == kNoTime ? 0 : std::min(delay, ticks(kAnswerDelayMaxS)));
  heap_.push(c.answer_at, Happening::kAnswer, c.id);
}

// The core has no such interaction any more: its contact is over, or nobody came.
void Replication::gone(std::uint64_t id) {
  Customer& c = customer(id);
  if (c.answered) {
    change_load(c.agent, -1);
    last_wrap_up_ = c.wrap_up;
  } else {
    settle(c, false);
  }
  forget(id);
}

void Replication::change_load(AgentId id, int by) {
  Agent& agent = agents_[id.value - 1];
  const std::int64_t before = agent.busy_places();
  agent.load = static_cast<std::uint32_t>(static_cast<int>(agent.load) + by);
  const std::int64_t taken = agent.busy_places() - before;
  change(busy_, taken);
  if (!agent.on_shift) change(staffed_, taken);
}

void Replication::change(TimeAverage& average, std::int64_t by) {
  const SimTime from = std::max(average.since, warm_from_);
  const SimTime to = std::min(now_, counted_until_);
  if (to > from) average.area += static_cast<double>(average.value) * static_cast<double>(to - from);
  average.since = now_;
  average.value += by;
}

double Replication::mean_of(TimeAverage& average) {
  now_ = std::max(now_, counted_until_);
  change(average, 0);
  return average.area / static_cast<double>(counted_until_ - warm_from_);
}

void Replication::remember(Customer c) {
  if (++open_ > kOpenMax) {
    failure_ = "more than " + std::to_string(kOpenMax) + " customers are waiting at once, after " +
               std::to_string(now_ / static_cast<SimTime>(kTicksPerS)) + " s: too few agents for what arrives";
  }
  while (customer(c.id).id != 0) {  // ids are consecutive: a place is taken only when what is open spans more than all
    std::vector<Customer> larger(customers_.size() * 2);
    for (const Customer& old : customers_) {
      if (old.id != 0) larger[old.id & (larger.size() - 1)] = old;
    }
    customers_ = std::move(larger);
  }
  customer(c.id) = c;
}

void Replication::forget(std::uint64_t id) {
  customer(id) = {};
  --open_;
}

IntervalCounts* Replication::interval_of(const Customer& c) {
  if (intervals_.empty() || !c.counted) return nullptr;
  const double arrived_s = static_cast<double>(c.arrived) / kTicksPerS;
  const auto at = static_cast<std::size_t>(arrived_s / scenario_.report_interval_s);
  return &intervals_[std::min(at, intervals_.size() - 1)];
}

ReplicationResult Replication::result() {
  if (undecided_ > 0) now_ = stop_at_;
  for (const Customer& c : customers_) {
    if (c.id == 0 || c.answered || !c.counted) continue;
    ++tallies_[c.queue].unfinished;
    tallies_[c.queue].add_wait(static_cast<double>(now_ - c.arrived) / kTicksPerS, false);
  }
  ReplicationResult r;
  Tally all;
  double queue_length = 0;
  for (std::size_t n = 0; n < tallies_.size(); ++n) {
    r.queues.push_back(tallies_[n].figures());
    r.queues.back()[Figure::kQueueLengthMean] = mean_of(queue_lengths_[n]);
    queue_length += r.queues.back()[Figure::kQueueLengthMean];
    if (tallies_.size() > 1) all.add(tallies_[n]);
  }
  r.all = tallies_.size() > 1 ? all.figures() : r.queues.front();
  r.all[Figure::kQueueLengthMean] = queue_length;
  const double staffed = mean_of(staffed_);
  r.all[Figure::kOccupancy] = staffed > 0 ? mean_of(busy_) / staffed : kNothing;
  r.intervals = std::move(intervals_);
  r.interactions = interactions_;
  r.events = core_events_;
  return r;
}

}  // namespace sb::planner
