#include "console/board.h"

#include <cmath>

namespace sb::console {

namespace {
constexpr DurationMs kDayMs = 24ull * 3600 * 1000;
constexpr std::uint32_t kServiceLevelUnknown = 255;
constexpr std::size_t kOldestSearched = 256;  // entries in order looked at for the longest wait

TimeMs day_start(const engine::Center& center, TimeMs at) {
  return center.day_start ? center.day_start(at) : at - at % kDayMs;
}

void answered(Board::QueueDay& day, const engine::QueueInfo* queue, DurationMs waited_ms) {
  ++day.answered;
  day.waited_ms += waited_ms;
  day.waited_squares += static_cast<double>(waited_ms) * static_cast<double>(waited_ms);
  if (queue && waited_ms <= queue->service_level_ms) ++day.in_time;
}

bool serves(const routing::Agent& agent, QueueId queue) {
  return std::binary_search(agent.queues.begin(), agent.queues.end(), queue);
}

// Serves it and has what all of its work asks for.
bool can_serve(const routing::Agent& agent, QueueId id, const engine::QueueInfo* queue) {
  if (!queue || !serves(agent, id)) return false;
  const auto& needed = queue->requires_skills.skills;
  return std::all_of(needed.begin(), needed.end(),
                     [&](const SkillLevel& s) { return routing::State::level_of(agent, s.skill) >= s.level; });
}

// Called off, or settled in another way: nobody gave up waiting.
bool gave_up(const event::InteractionAbandoned& e) {
  return e.reason != EndReason::kCompleted;
}
}  // namespace

void Board::roll_over(TimeMs time_ms) {
  if (day_.start_ms != 0 && time_ms < day_.start_ms + kDayMs) return;
  const TimeMs start = day_start(center_, time_ms);
  if (start == day_.start_ms) return;
  WorkShares shares = std::move(day_.shares);
  if (day_.start_ms != 0) shares.begin_day(start);
  day_ = Day{start, {}, {}, std::move(shares)};
}

void Board::begin(const routing::State& state, TimeMs now) {
  for (const auto* agent : state.agents.sorted()) {
    if (agent->signed_in) day_.shares.signed_in(agent->id, now);
  }
}

Board::Day Board::count_day(const storage::Store& store, const engine::Center& center, TimeMs now, Seq until,
                            const std::vector<AgentId>& signed_in) {
  Day day{day_start(center, now), {}, {}, {}};
  Record record;
  Seq low = 1;
  Seq high = until + 1;  // the first record of today is in [low, high]
  while (low < high) {
    const Seq middle = low + (high - low) / 2;
    const auto bytes = store.read_record(middle);
    if (!bytes || !decode_record(*bytes, record)) return day;
    record.time_ms < day.start_ms ? low = middle + 1 : high = middle;
  }
  std::unordered_map<std::uint64_t, QueueId> waiting;  // by interaction; no queue once it was answered
  std::unordered_map<std::uint64_t, QueueId> queue_of;
  auto visited = store.for_each_record(low, until, [&](std::uint64_t, std::string_view payload) {
    if (!decode_record(payload, record)) return false;
    for (const Event& event : record.events) {
      if (const auto* queued = std::get_if<event::InteractionQueued>(&event)) {
        if (queued->reason == QueuedReason::kArrived) waiting[queued->interaction.value] = queued->queue;
        if (queued->reason == QueuedReason::kCallbackDue) waiting.emplace(queued->interaction.value, queued->queue);
        if (!queued->consult) queue_of[queued->interaction.value] = queued->queue;
      } else if (const auto* accepted = std::get_if<event::OfferAccepted>(&event)) {
        if (!accepted->consult) day.shares.accepted(accepted->agent, queue_of[accepted->interaction.value]);
        const auto at = waiting.find(accepted->interaction.value);
        if (at == waiting.end() || !at->second) continue;
        answered(day.queues[at->second.value], center.queue(at->second), accepted->waited_ms);
        at->second = {};
      } else if (const auto* abandoned = std::get_if<event::InteractionAbandoned>(&event)) {
        queue_of.erase(abandoned->interaction.value);
        const auto at = waiting.find(abandoned->interaction.value);
        if (at == waiting.end()) continue;
        if (at->second && gave_up(*abandoned)) ++day.queues[at->second.value].abandoned;
        waiting.erase(at);
      } else if (const auto* ended = std::get_if<event::InteractionEnded>(&event)) {
        if (ended->agent) ++day.handled[ended->agent.value];
        waiting.erase(ended->interaction.value);
        queue_of.erase(ended->interaction.value);
      } else if (const auto* in = std::get_if<event::AgentSignedIn>(&event)) {
        day.shares.signed_in(in->agent, record.time_ms);
      } else if (const auto* out = std::get_if<event::AgentSignedOut>(&event)) {
        day.shares.signed_out(out->agent, record.time_ms, day.start_ms);
      }
    }
    return true;
  });
  if (!visited) return Day{day.start_ms, {}, {}, {}};
  for (const AgentId agent : signed_in) day.shares.signed_in(agent, day.start_ms);
  day.shares.close(now);
  return day;
}

void Board::add(const Day& earlier) {
  if (day_.start_ms != 0 && day_.start_ms != earlier.start_ms) return;
  day_.start_ms = earlier.start_ms;
  for (const auto& [id, more] : earlier.queues) {
    QueueDay& day = day_.queues[id];
    day.answered += more.answered;
    day.in_time += more.in_time;
    day.abandoned += more.abandoned;
    day.waited_ms += more.waited_ms;
    day.waited_squares += more.waited_squares;
  }
  day_.shares.add(earlier.shares);
  for (const auto& [id, more] : earlier.handled) day_.handled[id] += more;
}

void Board::before_event(const Event& event, TimeMs time_ms, const routing::State& before) {
  roll_over(time_ms);
  if (const auto* abandoned = std::get_if<event::InteractionAbandoned>(&event)) {
    const auto* i = before.interactions.find(abandoned->interaction);
    if (i && i->queue && gave_up(*abandoned)) ++day_.queues[i->queue.value].abandoned;
  } else if (const auto* ended = std::get_if<event::InteractionEnded>(&event)) {
    if (ended->agent) ++day_.handled[ended->agent.value];
  } else if (const auto* accepted = std::get_if<event::OfferAccepted>(&event)) {
    const auto* i = before.interactions.find(accepted->interaction);
    if (i && !accepted->consult) day_.shares.accepted(accepted->agent, i->queue);
    // Answered once: what is passed on or comes back was already counted.
    if (i && !accepted->consult && i->accepted_ms == 0) {
      answered(day_.queues[i->queue.value], center_.queue(i->queue), accepted->waited_ms);
    }
  } else if (const auto* in = std::get_if<event::AgentSignedIn>(&event)) {
    day_.shares.signed_in(in->agent, time_ms);
  } else if (const auto* out = std::get_if<event::AgentSignedOut>(&event)) {
    day_.shares.signed_out(out->agent, time_ms, day_.start_ms);
  }
  if (!watched_) return;
  std::visit(
      [&]<class E>(const E& e) {
        // The event may take these away, so they are noted before it.
        if constexpr (requires { e.interaction; }) {
          if (const auto* i = before.interactions.find(e.interaction)) {
            if (i->queue) changed_queues_.insert(i->queue);
            if (i->agent) changed_agents_.insert(i->agent);
            if (i->consultant) changed_agents_.insert(i->consultant);
            for (const auto& p : i->conference->participants) changed_agents_.insert(p.agent);
          }
        }
      },
      event);
}

void Board::touch_agent(AgentId id, const routing::State& state) {
  const routing::Agent* agent = state.agents.find(id);
  if (!agent) return;
  changed_agents_.insert(id);
  changed_queues_.insert(agent->queues.begin(), agent->queues.end());
}

void Board::set_watched(bool watched) {
  watched_ = watched;
  if (watched) return;
  changed_queues_.clear();
  changed_agents_.clear();
}

void Board::after_event(const Event& event, const routing::State& after) {
  if (!watched_) return;
  std::visit(
      [&]<class E>(const E& e) {
        if constexpr (requires { e.queue; }) {
          if (after.queues.find(e.queue)) changed_queues_.insert(e.queue);
        }
        if constexpr (requires { e.agent; }) {
          if (e.agent) touch_agent(e.agent, after);
        }
      },
      event);
}

std::uint32_t Board::fairness(QueueId id, const routing::State& state, TimeMs now) const {
  const engine::QueueInfo* info = center_.queue(id);
  std::vector<AgentId> serving;
  for (const auto& agent : center_.agents) {
    const routing::Agent* a = state.agents.find(agent.id);
    if (a && can_serve(*a, id, info)) serving.push_back(agent.id);
  }
  return day_.shares.fairness(id, serving, now);
}

DurationMs Board::wait_spread_ms(QueueId id) const {
  const auto day = day_.queues.find(id.value);
  if (day == day_.queues.end() || day->second.answered == 0) return 0;
  const double mean = static_cast<double>(day->second.waited_ms) / day->second.answered;
  const double variance = day->second.waited_squares / day->second.answered - mean * mean;
  return static_cast<DurationMs>(std::sqrt(std::max(0.0, variance)));
}

QueueCard Board::queue_card(QueueId id, const routing::State& state, TimeMs now) const {
  QueueCard card;
  card.queue = id;
  card.service_level = kServiceLevelUnknown;
  const engine::QueueInfo* info = center_.queue(id);
  if (info) {
    card.name = info->name;
    card.title_en = info->title_en;
    card.title_zh = info->title_zh;
  }
  if (const auto* queue = state.queues.find(id)) card.open = queue->config.open;
  card.waiting = static_cast<std::uint32_t>(state.waiting.waiting_in(id));
  if (card.waiting > 0) card.oldest_ms = state.oldest_queued_ms(id, kOldestSearched);
  const auto day = day_.queues.find(id.value);
  if (day != day_.queues.end()) {
    card.answered = day->second.answered;
    card.abandoned = day->second.abandoned;
    if (card.answered > 0) {
      card.service_level = day->second.in_time * 100 / card.answered;
      card.wait_average_ms = day->second.waited_ms / card.answered;
    }
  }
  std::vector<AgentId> serving;
  for (const auto& agent : center_.agents) {
    const routing::Agent* a = state.agents.find(agent.id);
    if (!a || !serves(*a, id)) continue;
    if (can_serve(*a, id, info)) serving.push_back(a->id);
    if (!a->signed_in) continue;
    ++card.agents_on;
    if (a->presence == Presence::kAvailable && a->connected && a->offers.empty() && a->work.empty() &&
        a->wrap_ups.empty()) {
      ++card.agents_free;
    }
  }
  card.fairness = day_.shares.fairness(id, serving, now);
  return card;
}

AgentCard Board::agent_card(const routing::Agent& agent) const {
  AgentCard card;
  card.agent = agent.id;
  if (const auto* info = center_.agent(agent.id)) card.name = info->name;
  card.presence = agent.presence;
  card.reason = agent.reason;
  card.since_ms = agent.since_ms;
  card.work = static_cast<std::uint32_t>(agent.work.size());
  card.offers = static_cast<std::uint32_t>(agent.offers.size());
  card.wrap_ups = static_cast<std::uint32_t>(agent.wrap_ups.size());
  card.connected = agent.connected;
  const auto handled = day_.handled.find(agent.id.value);
  if (handled != day_.handled.end()) card.handled = handled->second;
  return card;
}

Board::Changes Board::take_changes(const routing::State& state, TimeMs now) {
  Changes changes;
  for (const QueueId id : changed_queues_) changes.queues.push_back(queue_card(id, state, now));
  for (const AgentId id : changed_agents_) {
    if (const auto* agent = state.agents.find(id)) changes.agents.push_back(agent_card(*agent));
  }
  changed_queues_.clear();
  changed_agents_.clear();
  return changes;
}

Board::Changes Board::everything(const routing::State& state, TimeMs now) const {
  Changes all;
  for (const auto& q : center_.queues) all.queues.push_back(queue_card(q.id, state, now));
  for (const auto& a : center_.agents) {
    if (const auto* agent = state.agents.find(a.id)) all.agents.push_back(agent_card(*agent));
  }
  return all;
}

}  // namespace sb::console
