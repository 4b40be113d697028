// Who may do what, who is asked first, what is done first, and what waiting changes.
#include <algorithm>

#include "tests/model/naive.h"

namespace sb::model {

using R = Rejection;

namespace {
// The agent's level in a skill; 0 without it.
std::int64_t level_in(const Agent& a, SkillId skill) {
  for (const SkillLevel& has : a.config.skills) {
    if (has.skill == skill) return has.level;
  }
  return 0;
}
std::int64_t sum_of_levels(const Agent& a, const std::vector<SkillLevel>& needs) {
  std::int64_t sum = 0;
  for (const SkillLevel& need : needs) sum += level_in(a, need.skill);
  return sum;
}
bool in(const auto& all, const auto& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}
}  // namespace

bool Naive::could_ever(const Agent& a, const Work& w) const {
  const auto& capacity = a.config.capacity;
  if (index_of(w.channel) >= capacity.size() || capacity[index_of(w.channel)] == 0) return false;
  const Requirement& r = w.requirement;
  if (r.only_agent) return r.only_agent == a.id;
  if (!in(a.config.queues, w.queue) || in(r.excluded, a.id)) return false;
  const auto has = [&](const SkillLevel& need) { return level_in(a, need.skill) >= need.level; };
  return std::all_of(r.skills.begin(), r.skills.end(), has) &&
         std::all_of(r.any.begin(), r.any.end(),
                     [&](const AnyOf& group) { return std::any_of(group.skills.begin(), group.skills.end(), has); });
}

std::uint64_t Naive::units_of(const std::array<std::uint32_t, kChannelCount>& load) const {
  std::uint64_t sum = 0;
  for (std::size_t c = 1; c < kChannelCount; ++c) sum += load[c] * (weights_.empty() ? 1ull : weights_[c]);
  return sum;
}

bool Naive::soft_in(QueueId id, Channel channel) const {
  return queue(id)->matching.interruptible && channel != Channel::kPhone;
}

bool Naive::has_room(const Agent& a, Channel channel, bool soft) const {
  auto n = load(a, !soft);
  const std::size_t c = index_of(channel);
  if (n[index_of(Channel::kPhone)] > 0) return false;
  if (channel == Channel::kPhone && n[index_of(Channel::kChat)] + n[index_of(Channel::kMessage)] > 0) return false;
  ++n[c];
  return c < a.config.capacity.size() && n[c] <= a.config.capacity[c] &&
         (a.config.units == 0 || units_of(n) <= a.config.units);
}

bool Naive::free_for(const Agent& a, Channel channel, QueueId queue) const {
  return a.signed_in && a.connected && a.presence == Presence::kAvailable && a.rest_until == 0 &&
         has_room(a, channel, soft_in(queue, channel));
}

bool Naive::may_be_asked(const Agent& a, const Work& w) const {
  return w.waiting && w.avoid != a.id && w.avoid_also != a.id && !in(w.missed_by, a.id) && !involved(w, a.id) &&
         could_ever(a, w) && free_for(a, w.channel, w.queue);
}

bool Naive::no_room(const command::PutQueue& q) const {
  return q.matching.no_waiting || (q.max_waiting != 0 && waiting_in(q.queue).size() >= q.max_waiting);
}

// No room for one more that would have to wait.
bool Naive::full(const command::PutQueue& q, Channel channel, const Requirement& r) const {
  Work arrival;
  arrival.channel = channel;
  arrival.queue = q.queue;
  arrival.requirement = r;
  arrival.waiting = true;
  return no_room(q) &&
         std::none_of(agents_.begin(), agents_.end(), [&](const Agent& a) { return may_be_asked(a, arrival); });
}

// ---- who, and what first ----
std::int64_t Naive::policy_score(const Agent& a, const Work& w) const {
  switch (queue(w.queue)->policy) {
    case Policy::kLongestIdle:
      return 0;
    case Policy::kBestProficiency:
      return -sum_of_levels(a, w.requirement.skills);
    case Policy::kLeastOccupied:
      return std::int64_t{load(a)[index_of(w.channel)]} * 1000 / a.config.capacity[index_of(w.channel)];
    case Policy::kRoundRobin:
      return static_cast<std::int64_t>(a.last_offer);
  }
  return 0;
}

void Naive::seek_agent(InteractionId id, AgentId but) {
  Work* w = find(id);
  if (!w || !w->waiting) return;
  const auto& matching = queue(w->queue)->matching;
  std::vector<std::pair<std::tuple<std::size_t, std::int64_t, std::int64_t, std::uint64_t>, AgentId>> all;
  for (const Agent& a : agents_) {
    if (a.id == but || !may_be_asked(a, *w)) continue;
    std::size_t group = 0;
    while (group < matching.groups.size() && level_in(a, matching.groups[group]) == 0) ++group;
    std::int64_t preferred = 0;
    for (const SkillId skill : w->requirement.preferred) preferred += level_in(a, skill);
    all.push_back({{group, -preferred, policy_score(a, *w), a.idle_order}, a.id});
  }
  std::sort(all.begin(), all.end());
  const bool calls = w->order == CallbackOrder::kCustomerFirst && !w->reached;
  const std::size_t count = calls ? 1 : std::max<std::size_t>(matching.broadcast, 1);
  for (std::size_t n = 0; n < std::min(all.size(), count); ++n) {
    ask(*find(id), all[n].second, false);
  }
}

void Naive::seek_work(AgentId id) {
  const Agent* a = agent(id);
  while (a) {
    Work* best = nullptr;
    for (Work& w : work_) {
      if (may_be_asked(*a, w) && (!best || std::pair{w.rank, w.id} < std::pair{best->rank, best->id})) best = &w;
    }
    if (!best) return;
    ask(*best, a->id, false);
  }
}

void Naive::ask(Work& w, AgentId id, bool pulled) {
  Agent& a = *agent(id);
  for (const Work& other : work_) {
    if (!pulled && w.waiting && may_be_asked(a, other) && std::pair{other.rank, other.id} < std::pair{w.rank, w.id}) {
      broken_ = "interaction " + std::to_string(w.id.value) + " is offered before " + std::to_string(other.id.value);
    }
  }
  const auto* q = queue(w.queue);
  w.waiting = false;
  a.last_offer = ++offers_;
  w.asks.push_back({id, now_ + q->offer_timeout_ms, a.last_offer, soft_in(w.queue, w.channel)});
  if (w.fair_queue == w.queue && w.fair_queue) fair_clock_ = std::max(fair_clock_, w.fair_start);
  const bool calls = w.order == CallbackOrder::kCustomerFirst && !w.reached;
  if (q->auto_accept || pulled || calls) accept(w, id);
  if (calls) call(w);
}

std::vector<AgentId> Naive::ask_no_more(Work& w, AgentId but) {
  std::vector<AgentId> freed;
  for (const Ask& ask : w.asks) {
    if (ask.agent != but) freed.push_back(ask.agent);
  }
  std::erase_if(w.asks, [&](const Ask& ask) { return ask.agent != but; });
  return freed;
}

void Naive::accept(Work& w, AgentId who) {
  const bool soft = w.asks.front().soft;
  w.asks.clear();
  w.missed_by.clear();
  w.avoid = w.avoid_also = {};
  w.avoid_until = 0;
  agent(who)->misses = 0;
  if (w.consult) {
    w.consult = false;
    w.consultant = who;
    w.consultant_soft = soft;
    w.consultant_order = ++taken_;
    return;
  }
  w.preferred_until = 0;
  w.hours_end = 0;
  w.agent = who;
  w.soft = soft;
  w.agent_order = ++taken_;
  w.taken = now_;
  w.stage = w.channel == Channel::kPhone ? Stage::kConnecting : Stage::kActive;
  if (w.stage == Stage::kActive) w.let_go = {};
}

void Naive::missed(Work& w, AgentId id) {
  std::erase_if(w.asks, [&](const Ask& ask) { return ask.agent == id; });
  Agent& a = *agent(id);
  ++a.misses;
  if (misses_max_ != 0 && rest_ms_ != 0 && a.misses >= misses_max_) {
    a.misses = 0;
    a.rest_until = now_ + rest_ms_;
  }
  if (w.asks.empty()) {
    requeue(w, id);
  } else {
    w.missed_by.push_back(id);
  }
}

// ---- the order ----
std::int64_t Naive::place(const Work& w, const command::PutQueue& q) const {
  const auto joined = static_cast<std::int64_t>(w.queued);
  const std::int64_t earlier = w.priority * static_cast<std::int64_t>(q.priority_step_ms) +
                               std::min<std::int64_t>(w.tier, 100) * static_cast<std::int64_t>(q.matching.tier_step_ms);
  const std::int64_t level = q.matching.level * kLevelMs;
  switch (q.matching.order) {
    case Order::kAging:
      return joined - earlier - level;
    case Order::kFifo:
      return joined - level;
    case Order::kLeastSlack:
      return joined + static_cast<std::int64_t>(q.matching.target_ms) - earlier - level;
    case Order::kFairShare: {
      const auto finish = fair_finish_.find(q.queue);
      const std::int64_t fresh = std::max(fair_clock_, finish == fair_finish_.end() ? 0 : finish->second);
      return (w.fair_queue == q.queue ? w.fair_start : fresh) - level;
    }
  }
  return 0;
}

void Naive::take_place(Work& w) {
  const command::PutQueue& q = *queue(w.queue);
  w.rank = place(w, q);
  w.fair_queue = {};
  if (q.matching.order != Order::kFairShare) return;
  w.fair_queue = w.queue;
  w.fair_start = w.rank + q.matching.level * kLevelMs;
  std::int64_t& finish = fair_finish_[w.queue];
  finish = std::max(finish, w.fair_start + 1'000'000 / std::max<std::int64_t>(q.matching.weight, 1));
}

// Whoever knows the customer, if it makes sense to wait for that one alone.
AgentId Naive::claim_of(const Work& w, const command::PutQueue& q, const Requirement& r, AgentId preferred) const {
  if (!preferred || q.matching.preferred_ms == 0 || r.only_agent) return {};
  Work asked;
  asked.channel = w.channel;
  asked.queue = q.queue;
  asked.requirement = r;
  for (const Agent& a : agents_) {
    if (a.id != preferred || !a.connected || a.presence != Presence::kAvailable || !could_ever(a, asked)) continue;
    if (!no_room(q) || free_for(a, w.channel, q.queue)) return preferred;
  }
  return {};
}

void Naive::enqueue(Work& w, Placement p) {
  w.waiting = false;
  w.reply_until = 0;
  const bool stays = w.joined != 0 && w.queue == p.queue && !p.transferred;
  if (!p.consult) {
    // Waiting goes on where it was; time with an agent is no waiting.
    w.joined = !stays ? now_ : w.joined + (w.agent ? now_ - w.taken : 0);
    w.ring = stays ? w.ring : 0;
    const AgentId owner = w.agent;
    w.agent = {};
    w.held = w.parked = false;
    w.stage = Stage::kQueued;
    touch_idle(owner);
    const AgentId claims = claim_of(w, *queue(p.queue), p.requirement, p.preferred);
    if (claims) p.requirement.only_agent = claims;
    w.preferred_until = claims ? now_ + queue(p.queue)->matching.preferred_ms : 0;
    if (w.calling) --w.attempt;  // it was not the customer who was missed
    w.calling = false;
    wait_within_hours(w);
  } else if (!w.queue_before) {
    w.queue_before = w.queue;
    w.requirement_before = w.requirement;
  }
  if (w.queued == 0) w.queued = now_;
  w.queue = p.queue;
  w.requirement = std::move(p.requirement);
  take_place(w);
  w.avoid = p.avoid;
  w.avoid_also = p.avoid_also;
  w.avoid_until = p.avoid_until;
  if (w.avoid_until == 0) w.missed_by.clear();
  w.consult = p.consult;
  w.waiting = true;
}

void Naive::requeue(Work& w, AgentId avoid) {
  if (put_off(w)) return;
  if (w.requirement.only_agent && w.consult) return cancel_transfer(w);
  Placement p{.queue = w.queue, .requirement = w.requirement, .consult = w.consult};
  p.requirement.only_agent = {};
  const TimeMs avoid_ms = queue(w.queue)->avoid_ms;
  // An overflow whose time came while somebody was being asked.
  const auto& steps = queue(w.queue)->matching.relaxation;
  for (std::size_t n = 0; !w.consult && n < std::min(w.ring, steps.size()); ++n) {
    if (steps[n].kind == RelaxKind::kOverflow && queue(steps[n].queue)->open) p.queue = steps[n].queue;
  }
  if (avoid_ms > 0) {
    p.avoid = avoid;
    Work next = w;
    next.queue = p.queue;
    next.requirement = p.requirement;
    const bool others = std::any_of(agents_.begin(), agents_.end(), [&](const Agent& a) {
      return a.signed_in && a.id != avoid && a.id != w.let_go && could_ever(a, next);
    });
    if (w.let_go && w.let_go != avoid && others) (avoid ? p.avoid_also : p.avoid) = w.let_go;
    if (p.avoid) p.avoid_until = now_ + avoid_ms;
  }
  enqueue(w, std::move(p));
  seek_agent(w.id, avoid);
}

// ---- what waiting changes ----
const RelaxStep* Naive::next_step(const Work& w) const {
  if (w.stage != Stage::kQueued) return nullptr;
  const auto& steps = queue(w.queue)->matching.relaxation;
  return w.ring < steps.size() ? &steps[w.ring] : nullptr;
}

TimeMs Naive::relax_at(const Work& w) const {
  const RelaxStep* step = next_step(w);
  return step ? w.joined + step->after_ms : 0;
}

void Naive::end_preference(Work& w) {
  w.requirement.only_agent = {};
  w.preferred_until = 0;
  seek_agent(w.id);
}

void Naive::relax(Work& w) {
  const RelaxStep step = *next_step(w);
  const auto named = [&](const SkillLevel& s) { return !step.skill || s.skill == step.skill; };
  const auto lower = [&](std::vector<SkillLevel>& levels) {
    for (SkillLevel& s : levels) {
      const std::int64_t less = std::int64_t{s.level} - step.amount;
      if (named(s)) s.level = static_cast<std::uint32_t>(std::max<std::int64_t>(less, 1));
    }
  };
  ++w.ring;
  Requirement& r = w.requirement;
  switch (step.kind) {
    case RelaxKind::kLowerLevels:
      lower(r.skills);
      for (AnyOf& group : r.any) lower(group.skills);
      break;
    case RelaxKind::kDropSkill:
      std::erase_if(r.skills, named);
      for (AnyOf& group : r.any) std::erase_if(group.skills, named);
      std::erase_if(r.any, [](const AnyOf& group) { return group.skills.empty(); });
      break;
    case RelaxKind::kWiden: {
      for (AnyOf& group : r.any) {
        for (const SkillLevel& s : std::vector<SkillLevel>(group.skills)) {
          const bool there = std::any_of(group.skills.begin(), group.skills.end(),
                                         [&](const SkillLevel& has) { return has.skill == step.other; });
          if (s.skill == step.skill && !there) group.skills.push_back({step.other, s.level});
        }
        std::sort(group.skills.begin(), group.skills.end());
      }
      for (const SkillLevel& s : std::vector<SkillLevel>(r.skills)) {
        if (s.skill != step.skill) continue;
        std::erase(r.skills, s);
        r.any.push_back({{s, {step.other, s.level}}});
        std::sort(r.any.back().skills.begin(), r.any.back().skills.end());
      }
      break;
    }
    case RelaxKind::kRaisePriority:
      w.priority = std::min(100, w.priority + static_cast<std::int32_t>(step.amount));
      take_place(w);
      break;
    case RelaxKind::kOverflow:
      if (w.waiting && queue(step.queue)->open) {
        Placement p{.queue = step.queue, .requirement = r, .avoid = w.avoid, .avoid_until = w.avoid_until};
        if (w.preferred_until != 0) p.requirement.only_agent = {};  // the claim was on the other queue
        enqueue(w, std::move(p));
      }
      break;
    case RelaxKind::kEnd: {
      const std::vector<AgentId> freed = ask_no_more(w);
      erase(w.id);
      for (const AgentId who : freed) seek_work(who);
      return;
    }
    default:
      break;
  }
  seek_agent(w.id);
}

// ---- what agents do with it ----
R Naive::on(const command::PullInteraction& c) {
  const Agent* a = agent(c.agent);
  if (!a) return R::kUnknownAgent;
  if (!a->signed_in) return R::kNotSignedIn;
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!w->waiting || involved(*w, c.agent)) return R::kWrongState;
  if (!queue(w->queue)->matching.may_pull) return R::kNotAllowed;
  if (!could_ever(*a, *w)) return R::kNotEligible;
  if (!a->connected || !has_room(*a, w->channel, soft_in(w->queue, w->channel))) return R::kAgentBusy;
  ask(*w, c.agent, true);
  return R::kNone;
}

R Naive::on(const command::AcceptOffer& c) {
  AgentId whose;
  Work* w = by_offer(c.offer, &whose);
  if (!w) return R::kUnknownOffer;
  if (whose != c.agent) return R::kNotOwner;
  const std::vector<AgentId> late = ask_no_more(*w, c.agent);
  accept(*w, c.agent);
  for (const AgentId who : late) seek_work(who);
  return R::kNone;
}

R Naive::on(const command::DeclineOffer& c) {
  AgentId whose;
  Work* w = by_offer(c.offer, &whose);
  if (!w) return R::kUnknownOffer;
  if (whose != c.agent) return R::kNotOwner;
  missed(*w, c.agent);
  seek_work(c.agent);
  return R::kNone;
}

}  // namespace sb::model
