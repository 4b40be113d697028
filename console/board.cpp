#include "console/board.h"

namespace sb::console {

namespace {
constexpr DurationMs kDayMs = 24ull * 3600 * 1000;
constexpr std::uint32_t kServiceLevelUnknown = 255;
constexpr std::size_t kOldestSearched = 256;  // entries in order looked at for the longest wait
}  // namespace

void Board::roll_over(TimeMs time_ms) {
  if (day_start_ms_ != 0 && time_ms < day_start_ms_ + kDayMs) return;
  const TimeMs start = center_.day_start ? center_.day_start(time_ms) : time_ms - time_ms % kDayMs;
  if (start == day_start_ms_) return;
  day_start_ms_ = start;
  queues_.clear();
  handled_.clear();
}

void Board::count(const Event& event, QueueId queue_of_abandoned, TimeMs time_ms) {
  roll_over(time_ms);
  if (std::holds_alternative<event::InteractionAbandoned>(event)) {
    if (queue_of_abandoned) ++queues_[queue_of_abandoned.value].abandoned;
  } else if (const auto* wrapped = std::get_if<event::InteractionEnded>(&event)) {
    if (wrapped->agent) ++handled_[wrapped->agent.value];
  }
}

void Board::before_event(const Event& event, TimeMs time_ms, const routing::State& before) {
  QueueId queue;
  if (const auto* abandoned = std::get_if<event::InteractionAbandoned>(&event)) {
    if (const auto* i = before.interactions.find(abandoned->interaction)) queue = i->queue;
  }
  count(event, queue, time_ms);
  if (const auto* accepted = std::get_if<event::OfferAccepted>(&event)) {
    const auto* i = before.interactions.find(accepted->interaction);
    // Answered once: what is passed on or comes back was already counted.
    if (i && !accepted->consult && i->accepted_ms == 0) {
      QueueDay& day = queues_[i->queue.value];
      ++day.answered;
      day.waited_ms += accepted->waited_ms;
      const engine::QueueInfo* info = center_.queue(i->queue);
      if (info && accepted->waited_ms <= info->service_level_ms) ++day.in_time;
    }
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

QueueCard Board::queue_card(QueueId id, const routing::State& state) const {
  QueueCard card;
  card.queue = id;
  card.service_level = kServiceLevelUnknown;
  if (const auto* info = center_.queue(id)) {
    card.name = info->name;
    card.title_en = info->title_en;
    card.title_zh = info->title_zh;
  }
  if (const auto* queue = state.queues.find(id)) card.open = queue->config.open;
  card.waiting = static_cast<std::uint32_t>(state.waiting.waiting_in(id));
  if (card.waiting > 0) card.oldest_ms = state.oldest_queued_ms(id, kOldestSearched);
  const auto day = queues_.find(id.value);
  if (day != queues_.end()) {
    card.answered = day->second.answered;
    card.abandoned = day->second.abandoned;
    if (card.answered > 0) {
      card.service_level = day->second.in_time * 100 / card.answered;
      card.wait_average_ms = day->second.waited_ms / card.answered;
    }
  }
  for (const auto& agent : center_.agents) {
    const routing::Agent* a = state.agents.find(agent.id);
    if (!a || !a->signed_in || !std::binary_search(a->queues.begin(), a->queues.end(), id)) continue;
    ++card.agents_on;
    if (a->presence == Presence::kAvailable && a->connected && a->offers.empty() && a->work.empty() &&
        a->wrap_ups.empty()) {
      ++card.agents_free;
    }
  }
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
  const auto handled = handled_.find(agent.id.value);
  if (handled != handled_.end()) card.handled = handled->second;
  return card;
}

Board::Changes Board::take_changes(const routing::State& state) {
  Changes changes;
  for (const QueueId id : changed_queues_) changes.queues.push_back(queue_card(id, state));
  for (const AgentId id : changed_agents_) {
    if (const auto* agent = state.agents.find(id)) changes.agents.push_back(agent_card(*agent));
  }
  changed_queues_.clear();
  changed_agents_.clear();
  return changes;
}

Board::Changes Board::everything(const routing::State& state) const {
  Changes all;
  for (const auto& q : center_.queues) all.queues.push_back(queue_card(q.id, state));
  for (const auto& a : center_.agents) {
    if (const auto* agent = state.agents.find(a.id)) all.agents.push_back(agent_card(*agent));
  }
  return all;
}

}  // namespace sb::console
