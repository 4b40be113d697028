#include "planner/recorder.h"

#include <algorithm>

namespace sb::planner {

namespace {

command::PutQueue put_of(const event::QueuePut& e) {
  return {e.queue,    e.name,        e.open,        e.policy,  e.offer_timeout_ms, e.wrap_up_ms, e.priority_step_ms,
          e.avoid_ms, e.max_waiting, e.auto_accept, e.matching};
}

// Nobody misses an offer in a simulation.
command::PutCenter put_of(const event::CenterPut& e) {
  return {e.agent_grace_ms, e.customer_grace_ms, e.weights, 0, 0};
}

double seconds(DurationMs ms) {
  return static_cast<double>(ms) / 1000;
}

}  // namespace

SimTime Recorder::sim_time(TimeMs at) const {
  return static_cast<SimTime>(at - interval_.from_ms) * 1000;
}

void Recorder::begin(const routing::State& state) {
  day_.from_ms = interval_.from_ms;
  day_.duration = sim_time(interval_.until_ms);
  day_.center = put_of(state.center);
  for (Level* level : {&busy_, &staffed_}) level->since_ms = interval_.from_ms;
  for (const auto* s : state.skills.sorted()) day_.skills.push_back({s->id, s->name});
  for (const auto* q : state.queues.sorted()) put_queue(put_of(q->config), interval_.from_ms);
  for (const auto* a : state.agents.sorted()) {
    put_agent({a->id, a->skills, a->queues, a->capacity, a->login, a->units}, interval_.from_ms);
    look_at(a->id, interval_.from_ms, state);
  }
  for (const auto* i : state.interactions.sorted()) carry_over(*i);
}

// What was there as the interval began takes agents and places, and counts for nobody.
void Recorder::carry_over(const routing::Interaction& i) {
  const bool active =
      i.agent && (i.state == routing::InteractionState::kActive || i.state == routing::InteractionState::kConnecting);
  const bool waits = i.state == routing::InteractionState::kQueued;
  if ((!active && !waits) || i.parked || !i.queue) return;
  if (active && !agents_[i.agent].takes_work) return;  // who takes no work now would get it only on coming back
  ArrivalKind kind;
  kind.start.channel = i.channel;
  kind.start.queue = active && i.home ? i.home->queue : i.queue;
  if (!active) kind.start.requirement = i.requirement;
  if (active) kind.start.requirement.only_agent = i.agent;
  kind.start.priority = i.priority;
  kind.start.tier = i.tier;
  RecordedArrival arrival;
  arrival.counted = false;
  if (active) arrival.contact = 0;
  Stay& stay = arrive(i.id, std::move(kind), arrival, interval_.from_ms);
  stay.carried = true;
  stay.counted = false;
  stay.answered = active;
  stay.agent = i.agent;
  if (active) {
    stay.accepted_ms = interval_.from_ms;
    change(waiting_[stay.queue], -1, interval_.from_ms);
    ++simplified_.under_way;
  } else {
    ++simplified_.waiting;
  }
}

bool Recorder::follow(const Event& event, TimeMs at, const routing::State& after) {
  if (const auto* e = std::get_if<event::InteractionQueued>(&event)) {
    queued(*e, at, after);
  } else if (const auto* made = std::get_if<event::OfferMade>(&event)) {
    const auto stay = stays_.find(made->interaction.value);
    if (stay != stays_.end() && !made->consult) stay->second.offered_ms = at;
  } else if (const auto* taken = std::get_if<event::OfferAccepted>(&event)) {
    accepted(*taken, at);
  } else if (std::holds_alternative<event::OfferDeclined>(event)) {
    ++simplified_.declined;
  } else if (std::holds_alternative<event::OfferTimedOut>(event)) {
    ++simplified_.missed;
  } else if (std::holds_alternative<event::FlowApplied>(event)) {
    ++simplified_.by_flow;
  } else if (const auto* left = std::get_if<event::InteractionAbandoned>(&event)) {
    over(left->interaction, at, left->reason == EndReason::kHungUp || left->reason == EndReason::kCustomerLost, after);
  } else if (const auto* ended = std::get_if<event::InteractionEnded>(&event)) {
    over(ended->interaction, at, false, after);
  } else if (const auto* wraps = std::get_if<event::WrapUpStarted>(&event)) {
    wrap_up_started(*wraps, at, after);
  } else if (const auto* wrapped = std::get_if<event::WrapUpCompleted>(&event)) {
    wrap_up_completed(*wrapped, at);
  } else if (const auto* parked = std::get_if<event::InteractionParked>(&event)) {
    if (const auto s = stays_.find(parked->interaction.value); s != stays_.end()) s->second.parked_ms = at;
  } else if (const auto* back = std::get_if<event::InteractionUnparked>(&event)) {
    const auto s = stays_.find(back->interaction.value);
    if (s != stays_.end() && s->second.parked_ms != 0) {
      s->second.parked_for_ms += at - s->second.parked_ms;
      s->second.parked_ms = 0;
    }
  } else if (const auto* call = std::get_if<event::CallbackRequested>(&event)) {
    const auto s = stays_.find(call->interaction.value);
    ++simplified_.callbacks;
    if (s != stays_.end() && !s->second.answered) {
      Stay& stay = s->second;
      if (stay.counted && !stay.carried) {
        waits_[stay.behaviour].push_back({static_cast<float>(seconds(at - stay.arrived_ms)), false});
      }
      stay.stays_anyhow = true;
      if (call->at_ms != 0) {  // it comes again at its time
        change(waiting_[stay.queue], -1, at);
        if (stay.counted) --tallies_[stay.queue].offered;
        dropped_[stay.arrival] = true;
        stays_.erase(s);
      }
    }
  } else {
    configuration(event, at);
  }
  agents_of(event, at, after);
  return day_.arrivals.size() <= kArrivalsMax;
}

void Recorder::queued(const event::InteractionQueued& e, TimeMs at, const routing::State& after) {
  if (e.consult) {
    ++simplified_.consults;
    return;
  }
  const auto present = stays_.find(e.interaction.value);
  if (present != stays_.end()) {
    Stay& stay = present->second;
    if (!stay.answered) return;  // goes on waiting
    if (e.reason == QueuedReason::kConnectionFailed) {
      stay.answered = false;
      change(waiting_[stay.queue], 1, at);
      look_at(stay.agent, at, after);
      return;
    }
    const std::vector<AgentId> also = stay.also;
    const AgentId agent = stay.agent;
    close(e.interaction, stay, at, after);
    look_at(agent, at, after);
    for (const AgentId other : also) look_at(other, at, after);
  }
  const routing::Interaction* i = after.interactions.find(e.interaction);
  ArrivalKind kind;
  kind.start.channel = i->channel;
  kind.start.queue = e.queue;
  kind.start.requirement = e.requirement;
  kind.start.priority = e.priority;
  kind.start.tier = i->tier;
  RecordedArrival arrival;
  arrival.preferred = i->preferred_agent;
  if (e.preferred_until_ms != 0) {  // a claim for a while, which the core will make again
    arrival.preferred = e.requirement.only_agent;
    kind.start.requirement.only_agent = {};
  }
  if (e.reason != QueuedReason::kArrived) ++simplified_.returned;
  const AgentId only_agent = kind.start.requirement.only_agent;
  const Stay& stay = arrive(e.interaction, std::move(kind), arrival, at);
  if (asked_ && asked_->first == e.interaction) put_asked(stay, only_agent);
}

Recorder::Stay& Recorder::arrive(InteractionId id, ArrivalKind kind, RecordedArrival arrival, TimeMs at) {
  Stay stay;
  stay.queue = queue_of(kind.start.queue);
  stay.behaviour = behaviour_of(kind.start.queue, kind.start.channel);
  stay.arrived_ms = at;
  stay.counted = arrival.counted && at < interval_.until_ms;
  stay.arrival = static_cast<std::uint32_t>(day_.arrivals.size());
  kind.queue = stay.queue;
  kind.behaviour = stay.behaviour;
  arrival.at = sim_time(at);
  arrival.kind = kind_of(std::move(kind));
  day_.arrivals.push_back(arrival);
  dropped_.push_back(false);
  if (stay.counted) ++tallies_[stay.queue].offered;
  change(waiting_[stay.queue], 1, at);
  return stays_[id.value] = std::move(stay);
}

void Recorder::accepted(const event::OfferAccepted& e, TimeMs at) {
  const auto found = stays_.find(e.interaction.value);
  if (found == stays_.end()) return;
  Stay& stay = found->second;
  if (e.consult) {
    stay.also.push_back(e.agent);
    return;
  }
  stay.answered = true;
  stay.agent = e.agent;
  stay.accepted_ms = at;
  change(waiting_[stay.queue], -1, at);
  if (stay.counted && stay.offered_ms != 0) {
    behaviours_[stay.behaviour].answer_delays_s.push_back(static_cast<float>(seconds(at - stay.offered_ms)));
  }
}

// Its figures, and what it says about patience.
void Recorder::settle(const Stay& stay, TimeMs at, bool answered, bool says_patience, bool left) {
  if (!stay.counted) return;
  Tally& tally = tallies_[stay.queue];
  const double wait_s = seconds(at - stay.arrived_ms);
  ++(answered ? tally.answered : tally.abandoned);
  tally.in_time += answered && wait_s <= day_.queues[stay.queue].in_time_s ? 1 : 0;
  tally.add_wait(wait_s, answered);
  if (says_patience && !stay.stays_anyhow) waits_[stay.behaviour].push_back({static_cast<float>(wait_s), left});
}

// The end of an answered stay: its time with the agent is known.
void Recorder::close(InteractionId id, Stay& stay, TimeMs at, const routing::State& after) {
  settle(stay, stay.accepted_ms, true, true, false);
  const TimeMs until_ms = stay.parked_ms != 0 ? stay.parked_ms : at;
  const double contact_s = seconds(until_ms - stay.accepted_ms - stay.parked_for_ms);
  closed_ = {};
  if (stay.carried) {
    if (stay.accepted_ms == interval_.from_ms) day_.arrivals[stay.arrival].contact = ticks(contact_s);
  } else if (stay.counted) {
    Behaviour& behaviour = behaviours_[stay.behaviour];
    const routing::Queue* queue = after.queues.find(behaviour.queue);
    const bool has_wrap_up = queue && routing::wrap_up_ms_of(*queue, behaviour.channel) > 0;
    behaviour.handled.push_back({static_cast<float>(contact_s), 0, !has_wrap_up});
    closed_ = id;
    closed_at_ = {stay.behaviour, behaviour.handled.size() - 1, at};
  }
  stays_.erase(id.value);
}

void Recorder::over(InteractionId id, TimeMs at, bool customer_left, const routing::State& after) {
  const auto found = stays_.find(id.value);
  if (found == stays_.end()) return;
  Stay& stay = found->second;
  std::vector<AgentId> freed = stay.also;
  freed.push_back(stay.agent);
  if (stay.answered && !customer_left) {
    close(id, stay, at, after);
  } else {
    if (!stay.answered) change(waiting_[stay.queue], -1, at);
    settle(stay, at, false, true, customer_left);
    stays_.erase(found);
  }
  for (const AgentId agent : freed) look_at(agent, at, after);
}

void Recorder::wrap_up_started(const event::WrapUpStarted& e, TimeMs at, const routing::State& after) {
  const auto stay = stays_.find(e.interaction.value);
  if (stay != stays_.end() && stay->second.answered && stay->second.agent == e.agent) {
    close(e.interaction, stay->second, at, after);
  }
  if (closed_ != e.interaction) return;
  Handled& handled = behaviours_[closed_at_.behaviour].handled[closed_at_.handled];
  handled.wrap_up_s = static_cast<float>(seconds(e.until_ms - at));  // until it is known better
  handled.to_limit = true;
  closed_at_.began_ms = at;
  wrap_ups_[e.interaction.value] = closed_at_;
  closed_ = {};
}

void Recorder::wrap_up_completed(const event::WrapUpCompleted& e, TimeMs at) {
  const auto found = wrap_ups_.find(e.interaction.value);
  if (found == wrap_ups_.end()) return;
  Handled& handled = behaviours_[found->second.behaviour].handled[found->second.handled];
  handled.wrap_up_s = static_cast<float>(seconds(at - found->second.began_ms));
  handled.to_limit = e.timed_out;
  wrap_ups_.erase(found);
}

void Recorder::configuration(const Event& event, TimeMs at) {
  if (const auto* queue = std::get_if<event::QueuePut>(&event)) {
    put_queue(put_of(*queue), at);
  } else if (const auto* agent = std::get_if<event::AgentPut>(&event)) {
    put_agent({agent->agent, agent->skills, agent->queues, agent->capacity, agent->login, agent->units}, at);
  } else if (const auto* center = std::get_if<event::CenterPut>(&event)) {
    day_.planned.push_back({sim_time(at), put_of(*center)});
  } else if (const auto* skill = std::get_if<event::SkillPut>(&event)) {
    const bool known =
        std::any_of(day_.skills.begin(), day_.skills.end(), [&](const auto& s) { return s.skill == skill->skill; });
    if (!known) day_.skills.push_back({skill->skill, skill->name});
  }
}

// A queue or agent that came later is there from the beginning: nothing goes to it before its time.
void Recorder::put_queue(command::PutQueue put, TimeMs at) {
  const auto [present, added] = queue_settings_.try_emplace(put.queue, put);
  if (added) {
    day_.put_queues.push_back(std::move(put));
  } else if (present->second != put) {
    present->second = put;
    day_.planned.push_back({sim_time(at), std::move(put)});
  }
}

void Recorder::put_agent(command::PutAgent put, TimeMs at) {
  const auto [present, added] = agent_settings_.try_emplace(put.agent, put);
  if (added) {
    agents_[put.agent].agent.put = std::move(put);
  } else if (present->second != put) {
    present->second = put;
    day_.planned.push_back({sim_time(at), std::move(put)});
  }
}

void Recorder::agents_of(const Event& event, TimeMs at, const routing::State& after) {
  std::visit(
      [&]<class E>(const E& e) {
        if constexpr (requires { e.agent; }) look_at(e.agent, at, after);
        if constexpr (requires { e.target; }) look_at(e.target, at, after);
      },
      event);
}

// Whether the agent takes work now, and has any.
void Recorder::look_at(AgentId id, TimeMs at, const routing::State& after) {
  const auto found = agents_.find(id);
  if (found == agents_.end()) return;
  AgentTrack& track = found->second;
  const routing::Agent* a = after.agents.find(id);
  const bool takes_work =
      a && a->signed_in && a->connected && a->presence == Presence::kAvailable && a->rest_until_ms == 0;
  const bool busy = a && std::any_of(a->load.begin(), a->load.end(), [](auto load) { return load > 0; });
  const bool was_staffed = track.takes_work || track.busy;
  if (busy != track.busy) change(busy_, busy ? 1 : -1, at);
  if ((takes_work || busy) != was_staffed) change(staffed_, was_staffed ? -1 : 1, at);
  track.busy = busy;
  if (takes_work == track.takes_work) return;
  if (takes_work) {
    track.since_ms = at;
  } else if (at > track.since_ms) {
    const DurationMs from = track.since_ms - interval_.from_ms;
    track.agent.shifts.push_back({seconds(from), seconds(at - interval_.from_ms)});
  }
  track.takes_work = takes_work;
}

void Recorder::change(Level& level, std::int64_t by, TimeMs at) const {
  const TimeMs to = std::min(at, interval_.until_ms);
  if (to > level.since_ms) level.area += static_cast<double>(level.value) * static_cast<double>(to - level.since_ms);
  level.since_ms = at;
  level.value += by;
}

double Recorder::mean(Level& level) const {
  change(level, 0, std::max(level.since_ms, interval_.until_ms));
  return level.area / static_cast<double>(interval_.until_ms - interval_.from_ms);
}

std::uint32_t Recorder::kind_of(ArrivalKind kind) {
  KindKey key{kind.start.queue, kind.start.channel, kind.start.priority, kind.start.tier, kind.start.requirement};
  const auto [at, added] = kind_index_.try_emplace(std::move(key), static_cast<std::uint32_t>(day_.kinds.size()));
  if (added) day_.kinds.push_back(std::move(kind));
  return at->second;
}

std::uint32_t Recorder::queue_of(QueueId id) {
  for (std::uint32_t n = 0; n < day_.queues.size(); ++n) {
    if (day_.queues[n].id == id) return n;
  }
  day_.queues.push_back(recorded_queue(queue_settings_[id]));
  tallies_.emplace_back();
  waiting_.push_back({0, interval_.from_ms, 0});
  return static_cast<std::uint32_t>(day_.queues.size() - 1);
}

std::uint32_t Recorder::behaviour_of(QueueId queue, Channel channel) {
  const auto [at, added] =
      behaviour_index_.try_emplace({queue, channel}, static_cast<std::uint32_t>(behaviours_.size()));
  if (added) {
    behaviours_.push_back({queue, channel, {}, {}, {}});
    waits_.emplace_back();
  }
  return at->second;
}

// Where nobody was answered, times of the same channel are used, or of all.
bool Recorder::lend_handle_times() {
  std::vector<Handled> all;
  std::map<Channel, std::vector<Handled>> by_channel;
  for (const Behaviour& b : behaviours_) {
    all.insert(all.end(), b.handled.begin(), b.handled.end());
    auto& same = by_channel[b.channel];
    same.insert(same.end(), b.handled.begin(), b.handled.end());
  }
  if (all.empty()) return false;
  for (Behaviour& b : behaviours_) {
    if (!b.handled.empty()) continue;
    ++simplified_.borrowed;
    b.handled = by_channel[b.channel].empty() ? all : by_channel[b.channel];
  }
  return true;
}

void Recorder::measure(Recording& recording) {
  Tally all;
  double waiting = 0;
  for (std::size_t n = 0; n < tallies_.size(); ++n) {
    all.add(tallies_[n]);
    Figures figures = tallies_[n].figures();
    figures[Figure::kQueueLengthMean] = mean(waiting_[n]);
    waiting += figures[Figure::kQueueLengthMean];
    recording.happened_queues.push_back(figures);
  }
  recording.offered = all.offered;
  recording.happened = all.figures();
  recording.happened[Figure::kQueueLengthMean] = waiting;
  const double staffed = mean(staffed_);
  recording.happened[Figure::kOccupancy] = staffed > 0 ? mean(busy_) / staffed : kNothing;
}

// What had not ended by then.
void Recorder::finish_stays(TimeMs read_until_ms) {
  std::vector<std::uint64_t> open;  // in an order of their own, so that sums are the same everywhere
  open.reserve(stays_.size());
  for (const auto& [id, stay] : stays_) open.push_back(id);
  std::sort(open.begin(), open.end());
  for (const std::uint64_t id : open) {
    const Stay& stay = stays_[id];
    if (stay.answered) {
      ++simplified_.never_ended;
      settle(stay, stay.accepted_ms, true, true, false);
      if (stay.carried && stay.accepted_ms == interval_.from_ms) {
        day_.arrivals[stay.arrival].contact = sim_time(interval_.end_ms());
      }
    } else if (stay.counted) {
      const double wait_s = seconds(std::max(read_until_ms, stay.arrived_ms) - stay.arrived_ms);
      ++tallies_[stay.queue].unfinished;
      tallies_[stay.queue].add_wait(wait_s, false);
      if (!stay.stays_anyhow) waits_[stay.behaviour].push_back({static_cast<float>(wait_s), false});
    }
  }
}

std::expected<Recording, std::string> Recorder::finish(TimeMs read_until_ms) {
  Recording recording;
  finish_stays(read_until_ms);
  measure(recording);
  if (recording.offered == 0) return std::unexpected("no customer came to a queue in this interval");
  for (const Behaviour& b : behaviours_) recording.handled += b.handled.size();
  if (!lend_handle_times()) {
    return std::unexpected("nobody was answered in this interval: there are no handle times to go by");
  }
  for (std::size_t n = 0; n < behaviours_.size(); ++n) behaviours_[n].patience = Patience(waits_[n]);
  for (auto& [id, track] : agents_) {
    if (track.takes_work) {
      const DurationMs from = track.since_ms - interval_.from_ms;
      track.agent.shifts.push_back({seconds(from), seconds(interval_.end_ms() - interval_.from_ms)});
    }
    day_.agents.push_back(std::move(track.agent));
  }
  std::vector<RecordedArrival> arrivals;
  arrivals.reserve(day_.arrivals.size());
  for (std::size_t n = 0; n < day_.arrivals.size(); ++n) {
    if (dropped_[n]) continue;
    arrivals.push_back(day_.arrivals[n]);
    if (!agents_.contains(arrivals.back().preferred)) arrivals.back().preferred = {};  // long gone
  }
  day_.arrivals = std::move(arrivals);
  for (auto* kinds : {&day_.kinds, &day_.asked}) {
    for (ArrivalKind& kind : *kinds) {
      AgentId& only = kind.start.requirement.only_agent;
      if (!agents_.contains(only)) only = {};
    }
  }
  day_.behaviours = std::make_shared<const std::vector<Behaviour>>(std::move(behaviours_));
  recording.day = std::move(day_);
  recording.simplified = simplified_;
  return recording;
}

}  // namespace sb::planner
