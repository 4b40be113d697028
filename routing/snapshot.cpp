#include "routing/core.h"

#include <algorithm>

#include "routing/flow.h"

// A snapshot is a sequence of (section number, length-delimited entity) in a fixed order: entities by id, so equal
// states give equal bytes. Derived indexes are rebuilt on load.
namespace sb::routing {

namespace {

enum Section : std::uint32_t {
  kNone = 0,
  kVersion = 1,
  kCounters = 2,
  kCenter = 3,
  kSkill = 4,
  kQueue = 5,
  kAgent = 6,
  kTicket = 7,
  kInteraction = 8,
  kOffer = 9,
  kIdentity = 10,
  kKey = 11,
  kFlow = 12,
};
constexpr std::uint32_t kSnapshotVersion = 3;

template <class T>
void put(std::string& out, Section section, const T& entity) {
  wire::put_delimited(out, section, [&] { wire::encode(out, entity); });
}

template <class T>
bool get(std::string_view body, Slab<T>& into) {
  T entity;
  if (!wire::decode(body, entity) || !entity.id || into.find(entity.id)) return false;
  into.insert(std::move(entity));
  return true;
}

constexpr std::string_view section_name(std::uint64_t section) {
  constexpr std::string_view kNames[] = {"?",      "version",     "counters", "center",   "skill", "queue", "agent",
                                         "ticket", "interaction", "offer",    "identity", "key",   "flow"};
  return section < std::size(kNames) ? kNames[section] : kNames[0];
}

// Whether everything an entity refers to is there, both ways: rebuilding and deciding follow these without asking
// again. Returns the section that is wrong, or kNone.
Section find_dangling(const State& s) {
  const auto contains = [](const auto& all, auto value) {
    return std::find(all.begin(), all.end(), value) != all.end();
  };
  constexpr TimeMs kTimeMax = TimeMs{1} << 60;  // leaves room for every duration added to it
  constexpr std::int64_t kRankMax = std::int64_t{1} << 61;
  if (s.counters.time_ms > kTimeMax) return kCounters;
  if (s.counters.fair_clock < -kRankMax || s.counters.fair_clock > kRankMax) return kCounters;
  for (const Queue* q : s.queues.sorted()) {
    if (q->config.queue != q->id || q->departures.size() > Queue::kDepartures) return kQueue;
    if (q->config.priority_step_ms > kDayMs || !sound(q->config.matching)) return kQueue;
    if (q->fair_finish < -kRankMax || q->fair_finish > kRankMax) return kQueue;
  }
  if (s.flow.version == 0 && s.flow != Flow{}) return kFlow;
  if (check_flow(s.flow, s) != Rejection::kNone) return kFlow;
  std::size_t offers = 0;
  std::size_t work = 0;
  for (const Agent* a : s.agents.sorted()) {
    if (a->capacity.size() > kChannelCount) return kAgent;
    if (std::any_of(a->skills.begin(), a->skills.end(), [](const SkillLevel& has) { return !has.skill; }))
      return kAgent;
    if (contains(a->queues, QueueId{})) return kAgent;
    offers += a->offers.size();
    work += a->work.size();
    for (std::size_t n = 0; n < a->wrap_ups.size(); ++n) {
      const WrapUp& w = a->wrap_ups[n];
      for (std::size_t m = 0; m < n; ++m) {
        if (a->wrap_ups[m].interaction == w.interaction) return kAgent;
      }
    }
  }
  for (const Offer* o : s.offers.sorted()) {
    if (o->id.value > s.counters.offer) return kCounters;
    const Interaction* i = s.interactions.find(o->interaction);
    const Agent* a = s.agents.find(o->agent);
    if (!i || !a || i->consult != o->consult || !contains(a->offers, o->id)) return kOffer;
    if (i->offer != o->id && !contains(i->asked->more_offers, o->id)) return kOffer;
  }
  if (offers != s.offers.size()) return kAgent;
  std::size_t held = 0;
  FlatMap<std::uint32_t> open;  // interactions by ticket
  for (const Interaction* i : s.interactions.sorted()) {
    const bool queued = i->waiting || i->offer;
    const bool taken = i->state == InteractionState::kConnecting || i->state == InteractionState::kActive;
    if (i->priority < -kPriorityMax || i->priority > kPriorityMax) return kInteraction;
    if (i->queued_ms > s.counters.time_ms || ((queued || taken) && i->queued_ms == 0)) return kInteraction;
    const bool claims = i->preferred_until_ms != 0 || i->relaxing;  // only what is in its own queue has these
    if (claims && i->state != InteractionState::kQueued) return kInteraction;
    const Callback& c = *i->callback;
    const bool scheduled = i->state == InteractionState::kScheduled;
    if (c.attempts_max > kCallbackAttemptsMax || c.retry_ms > kDayMs || !sound(c.windows)) return kInteraction;
    if (c.due_ms > kTimeMax || (c.due_ms != 0 && !scheduled && i->state != InteractionState::kQueued)) {
      return kInteraction;
    }
    if (scheduled && (c.due_ms == 0 || c.due_ms != c.at_ms || !s.queues.find(i->queue))) return kInteraction;
    if ((scheduled || c.due_ms != 0) && i->customer_on_line()) return kInteraction;
    if (c.calling && (i->state != InteractionState::kConnecting || i->customer_on_line())) return kInteraction;
    if (i->fair_start < -kRankMax || i->fair_start > kRankMax) return kInteraction;
    if (i->rank_ms < -kRankMax || i->rank_ms > kRankMax || i->joined_ms > s.counters.time_ms) return kInteraction;
    if (i->ring > kRelaxationMax || (i->relaxing && (i->consult || !s.queues.find(i->queue)))) return kInteraction;
    if (i->channel == Channel::kNone || (i->offer && (i->waiting || !s.offers.find(i->offer)))) return kInteraction;
    for (const OfferId more : i->asked->more_offers) {
      const Offer* another = s.offers.find(more);
      if (!i->offer || more == i->offer || !another || another->interaction != i->id) return kInteraction;
    }
    if (i->parked && (!i->agent || i->transfer != TransferKind::kNone)) return kInteraction;
    if (i->reply_until_ms != 0 && (!i->agent || i->parked)) return kInteraction;
    if ((queued || taken) && !s.queues.find(i->queue)) return kInteraction;
    if (taken != static_cast<bool>(i->agent) || (i->consult && !queued)) return kInteraction;
    if (queued != (i->consult || i->state == InteractionState::kQueued)) return kInteraction;
    if ((i->consult || i->consultant) && (i->state != InteractionState::kActive || !i->home)) return kInteraction;
    if ((i->consult && i->consultant) || (i->agent && i->agent == i->consultant)) return kInteraction;
    const bool apart = i->conference->participants.empty() && i->outside == OutsideState::kNone;
    if (!apart && (i->state != InteractionState::kActive || i->parked)) return kInteraction;
    if (i->outside != OutsideState::kNone && i->channel != Channel::kPhone) return kInteraction;
    if (i->conference->participants.size() > kParticipantsMax) return kInteraction;
    std::vector<AgentId> holders;
    if (i->agent) holders.push_back(i->agent);
    if (i->consultant) holders.push_back(i->consultant);
    for (const Participant& p : i->conference->participants) {
      if (contains(holders, p.agent)) return kInteraction;
      holders.push_back(p.agent);
    }
    for (const AgentId holder : holders) {
      ++held;
      const Agent* a = s.agents.find(holder);
      if (!a || !contains(a->work, i->id)) return kInteraction;
    }
    if (i->id.value > s.counters.interaction) return kCounters;
    if (!s.tickets.find(i->ticket)) return kInteraction;
    const std::uint32_t* known = open.find(i->ticket.value);
    open.put(i->ticket.value, (known ? *known : 0) + 1);
  }
  if (held != work) return kAgent;
  for (const Ticket* t : s.tickets.sorted()) {
    if (t->id.value > s.counters.ticket) return kCounters;
    const std::uint32_t* known = open.find(t->id.value);
    if ((known ? *known : 0) != t->open_interactions) return kTicket;
  }
  return kNone;
}

}  // namespace

std::string Core::save() const {
  std::string out;
  wire::put_field(out, kVersion, kSnapshotVersion);
  put(out, kCounters, state_.counters);
  put(out, kCenter, state_.center);
  if (state_.flow.version != 0) put(out, kFlow, state_.flow);
  for (const auto* e : state_.skills.sorted()) put(out, kSkill, *e);
  for (const auto* e : state_.queues.sorted()) put(out, kQueue, *e);
  for (const auto* e : state_.agents.sorted()) put(out, kAgent, *e);
  for (const auto* e : state_.tickets.sorted()) put(out, kTicket, *e);
  for (const auto* e : state_.interactions.sorted()) put(out, kInteraction, *e);
  for (const auto* e : state_.offers.sorted()) put(out, kOffer, *e);
  for (const auto& e : state_.identities) put(out, kIdentity, e);
  for (const auto& e : keys_) put(out, kKey, e);
  return out;
}

std::expected<Core, std::string> Core::load(std::string_view bytes) {
  Core core;
  State& s = core.state_;
  wire::Reader reader(bytes);
  std::uint64_t tag = 0;
  std::uint64_t version = 0;
  while (!reader.at_end()) {
    if (!reader.varint(tag)) return std::unexpected("snapshot: torn");
    const std::uint64_t section = tag >> 3;
    if (section == kVersion) {
      if (!reader.varint(version) || version != kSnapshotVersion) return std::unexpected("snapshot: unknown version");
      continue;
    }
    std::string_view body;
    bool good = (tag & 7) == 2 && reader.delimited(body);
    KnownIdentity identity;
    KnownKey key;
    switch (good ? section : 0) {
      case kCounters:
        good = wire::decode(body, s.counters);
        break;
      case kCenter:
        s.center = {};
        good = wire::decode(body, s.center);
        break;
      case kFlow:
        s.flow = {};
        good = wire::decode(body, s.flow);
        break;
      case kSkill:
        good = get(body, s.skills);
        break;
      case kQueue:
        good = get(body, s.queues);
        break;
      case kAgent:
        good = get(body, s.agents);
        break;
      case kTicket:
        good = get(body, s.tickets);
        break;
      case kInteraction:
        good = get(body, s.interactions);
        break;
      case kOffer:
        good = get(body, s.offers);
        break;
      case kIdentity:
        good = wire::decode(body, identity);
        if (good) s.remember_identity(identity.identity, identity.customer);
        break;
      case kKey:
        good = wire::decode(body, key);
        if (good) core.remember_key(key.hash, key.result);
        break;
      default:
        good = false;
    }
    if (!good) return std::unexpected("snapshot: damaged in section " + std::string(section_name(section)));
  }
  if (version == 0) return std::unexpected("snapshot: empty");
  if (const Section bad = find_dangling(s); bad != kNone) {
    return std::unexpected("snapshot: damaged in section " + std::string(section_name(bad)));
  }
  core.rebuild_indexes();
  return core;
}

void Core::rebuild_indexes() {
  State& s = state_;
  for (const Agent* a : s.agents.sorted()) s.agent_index.put(*a, s.agents.slot_of(a->id), true);
  const auto load = [&](AgentId agent, Channel channel, bool soft) {
    Agent& a = *s.agents.find(agent);
    ++a.load[index_of(channel)];
    if (soft) ++a.soft[index_of(channel)];
  };
  for (const Offer* offer : s.offers.sorted()) {
    load(offer->agent, s.interactions.find(offer->interaction)->channel, offer->soft);
    s.deadlines.set({offer->expires_ms, DeadlineKind::kOffer, offer->id.value, 0});
  }
  for (const Interaction* const_i : s.interactions.sorted()) {
    Interaction& i = *s.interactions.find(const_i->id);
    if (i.agent && !i.parked) load(i.agent, i.channel, i.soft);
    if (i.consultant) load(i.consultant, i.channel, i.consult_soft);
    for (const Participant& p : i.conference->participants) load(p.agent, i.channel, p.soft);
    if (i.reply_until_ms != 0) s.deadlines.set({i.reply_until_ms, DeadlineKind::kReply, i.id.value, 0});
    if (i.avoided->until_ms != 0) s.deadlines.set({i.avoided->until_ms, DeadlineKind::kAvoidance, i.id.value, 0});
    if (i.preferred_until_ms != 0) s.deadlines.set({i.preferred_until_ms, DeadlineKind::kPreferred, i.id.value, 0});
    if (i.callback->due_ms != 0) s.deadlines.set({i.callback->due_ms, DeadlineKind::kCallback, i.id.value, 0});
    if (i.relaxing) {
      i.relaxing = false;
      s.start_relaxation(i);
    }
    if (i.customer_grace_until_ms != 0) {
      s.deadlines.set({i.customer_grace_until_ms, DeadlineKind::kCustomerGrace, i.id.value, 0});
    }
    if (i.waiting) {
      i.waiting = false;
      s.enter_waiting(i);
    }
  }
  for (const Agent* const_a : s.agents.sorted()) {
    Agent& a = *s.agents.find(const_a->id);
    for (const WrapUp& w : a.wrap_ups) {
      load(a.id, w.channel, w.soft);
      s.deadlines.set({w.until_ms, DeadlineKind::kWrapUp, w.interaction.value, a.id.value});
    }
    if (a.rest_until_ms != 0) s.deadlines.set({a.rest_until_ms, DeadlineKind::kRest, a.id.value, 0});
    if (a.grace_until_ms != 0) s.deadlines.set({a.grace_until_ms, DeadlineKind::kAgentGrace, a.id.value, 0});
    s.refresh_free(a);
  }
}

}  // namespace sb::routing
