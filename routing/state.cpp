#include "routing/state.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace sb::routing {

namespace {
bool covers(const std::vector<SkillLevel>& has, const std::vector<SkillLevel>& needs) {
  auto at = has.begin();
  for (const auto& need : needs) {
    while (at != has.end() && at->skill < need.skill) ++at;
    if (at == has.end() || at->skill != need.skill || at->level < need.level) return false;
  }
  return true;
}
}  // namespace

CustomerId State::customer_of(IdentityHash identity) const {
  const std::uint64_t* serial = customer_by_identity_.find(index_key(identity));
  if (!serial) return {};
  const KnownIdentity& known = identities[*serial - identity_base_];
  return known.identity == identity ? known.customer : CustomerId{};
}

void State::remember_identity(IdentityHash identity, CustomerId customer) {
  if (identities.size() == kIdentityWindow) {
    const std::uint64_t key = index_key(identities.front().identity);
    const std::uint64_t* serial = customer_by_identity_.find(key);
    if (serial && *serial == identity_base_) customer_by_identity_.erase(key);
    identities.pop_front();
    ++identity_base_;
  }
  identities.push_back({identity, customer});
  customer_by_identity_.put(index_key(identity), identity_base_ + identities.size() - 1);
}

bool State::eligible(const Agent& agent, QueueId queue, Channel channel, const Requirement& requirement) {
  if (!agent.id) return false;
  const std::size_t c = index_of(channel);
  if (c >= agent.capacity.size() || agent.capacity[c] == 0) return false;
  // Someone named in person is asked for that person, not for a skill.
  if (requirement.only_agent) return requirement.only_agent == agent.id;
  const auto has_one_of = [&](const AnyOf& group) {
    return std::any_of(group.skills.begin(), group.skills.end(),
                       [&](const SkillLevel& need) { return level_of(agent, need.skill) >= need.level; });
  };
  return std::binary_search(agent.queues.begin(), agent.queues.end(), queue) &&
         covers(agent.skills, requirement.skills) &&
         std::all_of(requirement.any.begin(), requirement.any.end(), has_one_of) &&
         !std::binary_search(requirement.excluded.begin(), requirement.excluded.end(), agent.id);
}

std::uint32_t State::level_of(const Agent& agent, SkillId skill) {
  const auto at = std::lower_bound(agent.skills.begin(), agent.skills.end(), skill,
                                   [](const SkillLevel& s, SkillId id) { return s.skill < id; });
  return at != agent.skills.end() && at->skill == skill ? at->level : 0;
}

std::uint32_t State::room_of(const Agent& agent, bool soft) const {
  std::array<std::uint32_t, kChannelCount> used{};
  std::uint32_t room = 0;
  for (std::size_t c = 1; c < kChannelCount; ++c) {
    used[c] = soft ? agent.load[c] : static_cast<std::uint32_t>(agent.load[c] - agent.soft[c]);
    if (c < agent.capacity.size() && used[c] < agent.capacity[c]) room |= 1u << c;
  }
  if (used[index_of(Channel::kPhone)] > 0) return 0;
  if (used[index_of(Channel::kChat)] > 0 || used[index_of(Channel::kMessage)] > 0) {
    room &= ~(1u << index_of(Channel::kPhone));
  }
  if (agent.units == 0) return room;
  const auto weight = [&](std::size_t c) { return c < center.weights.size() ? center.weights[c] : 1u; };
  std::uint64_t taken = 0;
  for (std::size_t c = 1; c < kChannelCount; ++c) taken += std::uint64_t{used[c]} * weight(c);
  for (std::size_t c = 1; c < kChannelCount; ++c) {
    if (taken + weight(c) > agent.units) room &= ~(1u << c);
  }
  return room;
}

const Bitmap& State::free_for(QueueId queue, Channel channel) const {
  const Queue* q = queues.find(queue);
  return (q && is_soft(*q, channel) ? free_for_soft : free_agents)[index_of(channel)];
}

bool State::anybody_free(QueueId queue, Channel channel, const Requirement& requirement) const {
  bool found = false;
  free_for(queue, channel).for_each([&](std::uint32_t slot) {
    found = found || eligible(agents.at(slot), queue, channel, requirement);
  });
  return found;
}

bool State::is_full(const Queue& queue) const {
  const event::QueuePut& c = queue.config;
  return c.matching.no_waiting || (c.max_waiting != 0 && waiting.waiting_in(queue.id) >= c.max_waiting);
}

Rejection State::room_for(QueueId queue, Channel channel, const Requirement& requirement) const {
  const Queue* q = queues.find(queue);
  if (!q) return Rejection::kUnknownQueue;
  if (!q->config.open) return Rejection::kQueueClosed;
  return is_full(*q) && !anybody_free(queue, channel, requirement) ? Rejection::kQueueFull : Rejection::kNone;
}

void State::add_load(Agent& agent, Channel channel, bool soft, int change) {
  auto& load = agent.load[index_of(channel)];
  assert(change > 0 || load > 0);
  load = static_cast<std::uint16_t>(load + change);
  if (soft) agent.soft[index_of(channel)] = static_cast<std::uint16_t>(agent.soft[index_of(channel)] + change);
  refresh_free(agent);
}

void State::refresh_free(const Agent& agent) {
  const std::uint32_t slot = agents.slot_of(agent.id);
  if (slot >= gauges.size()) {
    gauges.resize(slot + 1);
    idle_orders.resize(slot + 1);
  }
  idle_orders[slot] = agent.idle_order;
  Gauge& gauge = gauges[slot];
  gauge.last_offer = agent.last_offer.value;
  const bool on =
      agent.signed_in && agent.connected && agent.presence == Presence::kAvailable && agent.rest_until_ms == 0;
  const bool any_soft = agent.soft != decltype(agent.soft){};  // else both kinds of room are the same
  for (std::size_t c = 1; c < kChannelCount; ++c) gauge.occupied[c] = occupied_of(agent, static_cast<Channel>(c));
  const std::uint32_t hard = on ? room_of(agent, false) : 0;
  const std::uint32_t room = hard | ((any_soft ? hard & room_of(agent, true) : hard) << kChannelCount);
  for (std::uint32_t changed = room ^ gauge.room; changed != 0; changed &= changed - 1) {
    const auto bit = static_cast<std::size_t>(std::countr_zero(changed));
    Bitmap& free = bit < kChannelCount ? free_agents[bit] : free_for_soft[bit - kChannelCount];
    free.set(slot, ((room >> bit) & 1) != 0);
  }
  gauge.room = room;
}

std::uint32_t State::occupied_of(const Agent& agent, Channel channel) {
  const std::size_t c = index_of(channel);
  if (agent.load[c] == 0 || c >= agent.capacity.size() || agent.capacity[c] == 0) return 0;
  return std::uint32_t{agent.load[c]} * 1000 / agent.capacity[c];
}

void State::refresh_eligible(const Agent& agent) {
  waiting.refresh_agent(agents.slot_of(agent.id),
                        [this](std::uint32_t slot, const RequirementClass& c) { return eligible(agents.at(slot), c); });
}

void State::touch_idle(Agent& agent, TimeMs now) {
  agent.idle_since_ms = now;
  agent.idle_order = ++counters.idle_order;
  idle_orders[agents.slot_of(agent.id)] = agent.idle_order;
}

void State::enter_waiting(Interaction& interaction) {
  assert(!interaction.waiting);
  interaction.requirement_class =
      waiting.intern(interaction.queue, interaction.channel, interaction.requirement,
                     [this](const RequirementClass& c, auto&& f) { for_each_eligible(c, f); });
  interaction.requirement = waiting.at(interaction.requirement_class).requirement;  // one copy for all of the class
  waiting.insert(interaction.requirement_class, {interaction.rank_ms, interaction.id});
  interaction.waiting = true;
}

void State::leave_waiting(Interaction& interaction) {
  assert(interaction.waiting);
  waiting.erase(interaction.requirement_class, {interaction.rank_ms, interaction.id});
  interaction.waiting = false;
  interaction.requirement_class = 0;
}

void State::set_avoid(Interaction& interaction, AgentId agent, TimeMs until_ms, AgentId also) {
  const auto deadline = [&] {
    return Deadline{interaction.avoided->until_ms, DeadlineKind::kAvoidance, interaction.id.value, 0};
  };
  if (interaction.avoided->until_ms != 0) deadlines.clear(deadline());
  if (!agent && !also && until_ms == 0 && !interaction.avoided->let_go) {
    interaction.avoided.clear();
    return;
  }
  Avoided& avoided = interaction.avoided.edit();
  avoided.agent = agent;
  avoided.also = also;
  avoided.until_ms = until_ms;
  if (until_ms != 0) {
    deadlines.set(deadline());
  } else {
    avoided.missed_by.clear();
  }
}

void State::set_preferred(Interaction& interaction, TimeMs until_ms) {
  const auto deadline = [&] {
    return Deadline{interaction.preferred_until_ms, DeadlineKind::kPreferred, interaction.id.value, 0};
  };
  if (interaction.preferred_until_ms != 0) deadlines.clear(deadline());
  interaction.preferred_until_ms = until_ms;
  if (until_ms != 0) deadlines.set(deadline());
}

void State::set_reply(Interaction& interaction, TimeMs until_ms) {
  if (interaction.reply_until_ms != 0) {
    deadlines.clear({interaction.reply_until_ms, DeadlineKind::kReply, interaction.id.value, 0});
  }
  interaction.reply_until_ms = until_ms;
  if (until_ms != 0) deadlines.set({until_ms, DeadlineKind::kReply, interaction.id.value, 0});
}

void State::set_rest(Agent& agent, TimeMs until_ms) {
  if (agent.rest_until_ms != 0) deadlines.clear({agent.rest_until_ms, DeadlineKind::kRest, agent.id.value, 0});
  agent.rest_until_ms = until_ms;
  if (until_ms != 0) deadlines.set({until_ms, DeadlineKind::kRest, agent.id.value, 0});
  refresh_free(agent);
}

void State::set_callback_due(Interaction& interaction, TimeMs due_ms) {
  const auto deadline = [&] {
    return Deadline{interaction.callback->due_ms, DeadlineKind::kCallback, interaction.id.value, 0};
  };
  if (interaction.callback->due_ms == due_ms) return;
  if (interaction.callback->due_ms != 0) deadlines.clear(deadline());
  interaction.callback.edit().due_ms = due_ms;
  if (due_ms != 0) deadlines.set(deadline());
}

void State::stop_relaxation(Interaction& interaction) {
  if (!interaction.relaxing) return;
  interaction.relaxing = false;
  RelaxingRing& ring = relaxing.rings_of(interaction.queue)[interaction.ring];
  const bool first = ring.entries.front().interaction == interaction.id;
  ring.entries.erase({interaction.joined_ms, interaction.id});
  if (first) watch_relaxation(*queues.find(interaction.queue), interaction.ring);
}

void State::start_relaxation(Interaction& interaction) {
  assert(!interaction.relaxing);
  const Queue* queue = queues.find(interaction.queue);
  if (!queue || interaction.consult) return;
  interaction.relaxing = true;
  RelaxingRing& ring = relaxing.rings_of(interaction.queue)[interaction.ring];
  ring.entries.insert({interaction.joined_ms, interaction.id});
  if (ring.entries.front().interaction == interaction.id) watch_relaxation(*queue, interaction.ring);
}

void State::watch_relaxation(const Queue& queue, std::uint32_t ring) {
  RelaxingRing& waiting_for = relaxing.rings_of(queue.id)[ring];
  const auto& steps = queue.config.matching.relaxation;
  const bool due = ring < steps.size() && !waiting_for.entries.empty();
  const TimeMs due_ms = due ? waiting_for.entries.front().joined_ms + steps[ring].after_ms : 0;
  if (due_ms == waiting_for.due_ms) return;
  const auto deadline = [&] { return Deadline{waiting_for.due_ms, DeadlineKind::kRelaxation, queue.id.value, ring}; };
  if (waiting_for.due_ms != 0) deadlines.clear(deadline());
  waiting_for.due_ms = due_ms;
  if (due_ms != 0) deadlines.set(deadline());
}

void State::reschedule_relaxation(const Queue& queue) {
  for (std::uint32_t ring = 0; ring <= kRelaxationMax; ++ring) watch_relaxation(queue, ring);
}

TimeMs State::relax_at(const Interaction& interaction) const {
  if (!interaction.relaxing) return 0;
  const auto& steps = queues.find(interaction.queue)->config.matching.relaxation;
  return interaction.ring < steps.size() ? interaction.joined_ms + steps[interaction.ring].after_ms : 0;
}

std::size_t State::position(const Interaction& interaction) const {
  if (!interaction.waiting) return 0;
  return waiting.position(interaction.queue, {interaction.rank_ms, interaction.id});
}

std::optional<DurationMs> State::estimated_wait(const Interaction& interaction, TimeMs now) const {
  constexpr DurationMs kHorizonMs = 30 * 60 * 1000;
  const Queue* queue = queues.find(interaction.queue);
  if (!queue || !interaction.waiting) return std::nullopt;
  const auto recent =
      std::find_if(queue->departures.begin(), queue->departures.end(), [&](TimeMs t) { return t + kHorizonMs >= now; });
  const auto seen = static_cast<std::uint64_t>(queue->departures.end() - recent);
  if (seen < 4) return std::nullopt;
  return position(interaction) * (now - *recent) / seen;
}

TimeMs State::oldest_queued_ms(QueueId queue, std::size_t searched) const {
  TimeMs oldest = 0;
  waiting.for_first(queue, searched, [&](const WaitingKey& key) {
    const TimeMs queued = interactions.find(key.interaction)->queued_ms;
    if (oldest == 0 || queued < oldest) oldest = queued;
  });
  return oldest;
}

}  // namespace sb::routing
