#include "tests/model/naive.h"

#include <algorithm>

namespace sb::model {

using R = Rejection;

Agent* Naive::agent(AgentId id) {
  for (Agent& a : agents_) {
    if (a.id == id) return &a;
  }
  return nullptr;
}
Work* Naive::find(InteractionId id) {
  for (Work& w : work_) {
    if (w.id == id) return &w;
  }
  return nullptr;
}
Work* Naive::by_offer(OfferId id) {
  for (Work& w : work_) {
    if (id && w.asked && w.offer == id.value) return &w;
  }
  return nullptr;
}
const command::PutQueue* Naive::queue(QueueId id) const {
  for (const auto& q : queues_) {
    if (q.queue == id) return &q;
  }
  return nullptr;
}

std::array<std::uint32_t, kChannelCount> Naive::load(const Agent& a) const {
  std::array<std::uint32_t, kChannelCount> n{};
  for (const Work& w : work_) {
    for (const AgentId who : {w.asked, w.agent, w.consultant}) n[index_of(w.channel)] += who == a.id ? 1 : 0;
  }
  for (const WrapUp& w : a.wrap_ups) ++n[index_of(w.channel)];
  return n;
}

bool Naive::could_ever(const Agent& a, const Work& w) const {
  const auto& capacity = a.config.capacity;
  if (index_of(w.channel) >= capacity.size() || capacity[index_of(w.channel)] == 0) return false;
  if (w.requirement.only_agent) return w.requirement.only_agent == a.id;
  if (std::find(a.config.queues.begin(), a.config.queues.end(), w.queue) == a.config.queues.end()) return false;
  return std::all_of(w.requirement.skills.begin(), w.requirement.skills.end(), [&](const SkillLevel& need) {
    return std::any_of(a.config.skills.begin(), a.config.skills.end(),
                       [&](const SkillLevel& has) { return has.skill == need.skill && has.level >= need.level; });
  });
}

bool Naive::free_for(const Agent& a, Channel channel) const {
  if (!a.signed_in || !a.connected || a.presence != Presence::kAvailable) return false;
  const auto n = load(a);
  const std::size_t c = index_of(channel);
  if (c >= a.config.capacity.size() || n[c] >= a.config.capacity[c] || n[index_of(Channel::kPhone)] > 0) return false;
  return channel != Channel::kPhone || n[index_of(Channel::kChat)] + n[index_of(Channel::kMessage)] == 0;
}

bool Naive::may_be_asked(const Agent& a, const Work& w) const {
  return w.waiting && w.avoid != a.id && w.avoid_also != a.id && w.agent != a.id && could_ever(a, w) &&
         free_for(a, w.channel);
}

// No room for one more that would have to wait.
bool Naive::full(const command::PutQueue& q, Channel channel, const Requirement& r) const {
  const bool no_room = q.matching.no_waiting || (q.max_waiting != 0 && waiting_in(q.queue).size() >= q.max_waiting);
  Work arrival;
  arrival.channel = channel;
  arrival.queue = q.queue;
  arrival.requirement = r;
  arrival.waiting = true;
  return no_room &&
         std::none_of(agents_.begin(), agents_.end(), [&](const Agent& a) { return may_be_asked(a, arrival); });
}

std::string Naive::idle_while_waiting() const {
  for (const Work& w : work_) {
    for (const Agent& a : agents_) {
      if (may_be_asked(a, w)) {
        return "interaction " + std::to_string(w.id.value) + " waits while agent " + std::to_string(a.id.value) +
               " is free";
      }
    }
  }
  return {};
}

std::string Naive::over_capacity() const {
  for (const Agent& a : agents_) {
    const auto n = load(a);
    for (std::size_t c = 1; c < kChannelCount && !a.shrunk; ++c) {
      if (n[c] > (c < a.config.capacity.size() ? a.config.capacity[c] : 0)) {
        return "agent " + std::to_string(a.id.value) + " is over capacity";
      }
    }
  }
  return {};
}

std::vector<InteractionId> Naive::waiting_in(QueueId queue) const {
  std::vector<std::pair<std::int64_t, InteractionId>> keys;
  for (const Work& w : work_) {
    if (w.waiting && w.queue == queue) keys.emplace_back(w.rank, w.id);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<InteractionId> ids;
  for (const auto& key : keys) ids.push_back(key.second);
  return ids;
}

void Naive::touch_idle(AgentId id) {
  if (Agent* a = agent(id)) a->idle_order = ++idle_;
}

// ---- matching ----
void Naive::ask(Work& w, const Agent& a) {
  const auto* q = queue(w.queue);
  w.waiting = false;
  w.asked = a.id;
  w.expires = now_ + q->offer_timeout_ms;
  w.offer = ++offers_;
  if (q->auto_accept) accept(w);
}

void Naive::accept(Work& w) {
  const AgentId who = w.asked;
  w.asked = {};
  w.avoid = w.avoid_also = {};
  w.avoid_until = 0;
  if (w.consult) {
    w.consult = false;
    w.consultant = who;
    w.consultant_order = ++taken_;
    return;
  }
  w.agent = who;
  w.agent_order = ++taken_;
  w.stage = w.channel == Channel::kPhone ? Stage::kConnecting : Stage::kActive;
  if (w.stage == Stage::kActive) w.let_go = {};
}

void Naive::seek_agent(InteractionId id) {
  Work* w = find(id);
  if (!w || !w->waiting) return;
  const Policy policy = queue(w->queue)->policy;
  const Agent* best = nullptr;
  std::pair<std::int64_t, std::uint64_t> best_score;
  for (const Agent& a : agents_) {
    if (!may_be_asked(a, *w)) continue;
    std::int64_t score = 0;
    if (policy == Policy::kBestProficiency) {
      for (const SkillLevel& need : w->requirement.skills) {
        for (const SkillLevel& has : a.config.skills) score -= has.skill == need.skill ? std::int64_t{has.level} : 0;
      }
    } else if (policy == Policy::kLeastOccupied) {
      const std::size_t c = index_of(w->channel);
      score = std::int64_t{load(a)[c]} * 1000 / a.config.capacity[c];
    }
    const std::pair<std::int64_t, std::uint64_t> mine{score, a.idle_order};
    if (!best || mine < best_score) {
      best = &a;
      best_score = mine;
    }
  }
  if (best) ask(*w, *best);
}

void Naive::seek_work(AgentId id) {
  const Agent* a = agent(id);
  while (a) {
    Work* best = nullptr;
    for (Work& w : work_) {
      if (may_be_asked(*a, w) && (!best || std::pair{w.rank, w.id} < std::pair{best->rank, best->id})) best = &w;
    }
    if (!best) return;
    ask(*best, *a);
  }
}

void Naive::enqueue(Work& w, QueueId queue_id, Requirement r, AgentId avoid, TimeMs avoid_until, bool consult) {
  w.waiting = false;
  if (!consult) {
    const AgentId owner = w.agent;
    w.agent = {};
    w.held = false;
    w.stage = Stage::kQueued;
    touch_idle(owner);
  } else if (!w.queue_before) {
    w.queue_before = w.queue;
    w.requirement_before = w.requirement;
  }
  if (w.queued == 0) w.queued = now_;
  w.queue = queue_id;
  w.requirement = std::move(r);
  w.rank =
      static_cast<std::int64_t>(w.queued) - w.priority * static_cast<std::int64_t>(queue(queue_id)->priority_step_ms);
  w.avoid = avoid;
  w.avoid_also = {};
  w.avoid_until = avoid_until;
  w.consult = consult;
  w.waiting = true;
}

void Naive::requeue(Work& w, AgentId avoid) {
  if (w.requirement.only_agent && w.consult) return cancel_transfer(w);
  Requirement r{w.requirement.skills, {}};
  const TimeMs avoid_ms = queue(w.queue)->avoid_ms;
  const bool avoids = avoid && avoid_ms > 0;
  enqueue(w, w.queue, std::move(r), avoids ? avoid : AgentId{}, avoids ? now_ + avoid_ms : 0, w.consult);
  for (const Agent& a : agents_) {
    const bool another = a.signed_in && a.id != avoid && a.id != w.let_go && could_ever(a, w);
    if (!another || !w.let_go || w.let_go == avoid || avoid_ms == 0) continue;
    (avoid ? w.avoid_also : w.avoid) = w.let_go;
    w.avoid_until = now_ + avoid_ms;
  }
  seek_agent(w.id);
}

// ---- configuration ----
R Naive::on(const command::PutSkill& c) {
  skills_.push_back(c.skill);
  return R::kNone;
}
R Naive::on(const command::PutQueue& c) {
  for (auto& q : queues_) {
    if (q.queue == c.queue) {
      q = c;
      return R::kNone;
    }
  }
  queues_.push_back(c);
  return R::kNone;
}
R Naive::on(const command::PutCenter& c) {
  agent_grace_ = c.agent_grace_ms;
  customer_grace_ = c.customer_grace_ms;
  return R::kNone;
}
R Naive::on(const command::PutAgent& c) {
  Agent* a = agent(c.agent);
  if (!a) {
    a = &agents_.emplace_back();
    a->id = c.agent;
  } else {
    for (std::size_t ch = 0; ch < kChannelCount; ++ch) a->shrunk |= c.capacity[ch] < a->config.capacity[ch];
  }
  if (a->config == c) return R::kNone;
  a->config = c;
  send_on(c.agent, false);
  seek_work(c.agent);
  return R::kNone;
}

R Naive::check(Channel channel, QueueId queue_id, const Requirement& r, std::int32_t priority) {
  if (!queue(queue_id)) return R::kUnknownQueue;
  if (priority < -100 || priority > 100) return R::kInvalidArgument;
  for (const SkillLevel& s : r.skills) {
    if (std::find(skills_.begin(), skills_.end(), s.skill) == skills_.end()) return R::kUnknownSkill;
    if (s.level < 1 || s.level > 100) return R::kInvalidArgument;
  }
  if (!r.only_agent) return R::kNone;
  const Agent* a = agent(r.only_agent);
  if (!a) return R::kUnknownAgent;
  return a->config.capacity[index_of(channel)] == 0 ? R::kInvalidArgument : R::kNone;
}

// ---- agents ----
R Naive::on(const command::SignInAgent& c) {
  Agent* a = agent(c.agent);
  if (!a) return R::kUnknownAgent;
  if (a->signed_in && a->connected && a->session == c.session) return R::kNone;
  a->grace_until = 0;
  a->connected = true;
  a->session = c.session;
  if (!a->signed_in) {
    a->signed_in = true;
    a->presence = c.presence == Presence::kAway ? Presence::kAway : Presence::kAvailable;
    a->reason.clear();
    touch_idle(a->id);
  }
  seek_work(a->id);
  return R::kNone;
}

void Naive::send_on(AgentId id, bool all) {
  std::vector<std::pair<std::int64_t, InteractionId>> mine;
  for (const Work& w : work_) {
    if (w.waiting && w.requirement.only_agent == id && (all || !could_ever(*agent(id), w)))
      mine.emplace_back(w.rank, w.id);
  }
  std::sort(mine.begin(), mine.end());
  for (const auto& [rank, i] : mine) requeue(*find(i), {});
}

void Naive::sign_out(Agent& a) {
  std::vector<std::pair<std::uint64_t, InteractionId>> asked;
  for (Work& w : work_) {
    if (w.asked == a.id) asked.emplace_back(w.offer, w.id);
  }
  std::sort(asked.begin(), asked.end());
  for (const auto& [offer, i] : asked) find(i)->asked = {};
  while (!a.wrap_ups.empty()) finish_wrap_up(a, a.wrap_ups.front().interaction);
  a.signed_in = a.connected = false;
  a.session = 0;
  a.grace_until = 0;
  a.presence = Presence::kOffline;
  a.reason.clear();
  for (const auto& [offer, i] : asked) requeue(*find(i), {});
  send_on(a.id, true);
}

R Naive::on(const command::SignOutAgent& c) {
  Agent* a = agent(c.agent);
  if (!a) return R::kUnknownAgent;
  if (!a->signed_in) return R::kNotSignedIn;
  if (a->session != c.session) return R::kStaleSession;
  for (const Work& w : work_) {
    if (w.agent == a->id || w.consultant == a->id) return R::kInUse;
  }
  sign_out(*a);
  return R::kNone;
}

R Naive::on(const command::SetPresence& c) {
  Agent* a = agent(c.agent);
  if (!a) return R::kUnknownAgent;
  if (!a->signed_in) return R::kNotSignedIn;
  if (c.presence != Presence::kAvailable && c.presence != Presence::kAway) return R::kInvalidArgument;
  if (c.presence == Presence::kAvailable && a->presence != Presence::kAvailable) touch_idle(a->id);
  a->presence = c.presence;
  seek_work(a->id);
  return R::kNone;
}

R Naive::on(const command::LoseAgentConnection& c) {
  Agent* a = agent(c.agent);
  if (!a) return R::kUnknownAgent;
  if (!a->signed_in) return R::kNotSignedIn;
  if (a->session != c.session) return R::kStaleSession;
  if (!a->connected) return R::kNone;
  std::vector<std::pair<std::uint64_t, InteractionId>> asked;
  for (Work& w : work_) {
    if (w.asked == a->id) asked.emplace_back(w.offer, w.id);
  }
  std::sort(asked.begin(), asked.end());
  for (const auto& [offer, i] : asked) find(i)->asked = {};
  a->connected = false;
  a->grace_until = now_ + agent_grace_;
  for (const auto& [offer, i] : asked) requeue(*find(i), {});
  return R::kNone;
}

// ---- interactions ----
Requirement Naive::unless_absent(Requirement r) {
  const Agent* named = agent(r.only_agent);
  if (named && !named->signed_in) r.only_agent = {};
  return r;
}

R Naive::on(const command::StartInteraction& c) {
  if (c.channel == Channel::kNone) return R::kInvalidArgument;
  if (c.queue) {
    if (const R bad = check(c.channel, c.queue, c.requirement, c.priority); bad != R::kNone) return bad;
    const auto* q = queue(c.queue);
    if (!c.out_of_hours && !q->open) return R::kQueueClosed;
    if (!c.out_of_hours && full(*q, c.channel, unless_absent(c.requirement))) return R::kQueueFull;
  } else if (c.out_of_hours) {
    return R::kInvalidArgument;
  }
  Work& w = work_.emplace_back();
  w.id = {++started_};
  w.channel = c.channel;
  w.priority = c.priority;
  w.messages = c.content != 0 ? 1 : 0;
  const InteractionId id = w.id;
  if (c.out_of_hours) {
    erase(id);
  } else if (c.queue) {
    enqueue(w, c.queue, unless_absent(c.requirement), {}, 0, false);
    seek_agent(id);
  }
  return R::kNone;
}

R Naive::on(const command::EnqueueInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (w->stage != Stage::kDialogue) return R::kWrongState;
  if (const R bad = check(w->channel, c.queue, c.requirement, c.priority); bad != R::kNone) return bad;
  const auto* q = queue(c.queue);
  if (!q->open) return R::kQueueClosed;
  if (full(*q, w->channel, unless_absent(c.requirement))) return R::kQueueFull;
  w->priority = c.priority;
  enqueue(*w, c.queue, unless_absent(c.requirement), {}, 0, false);
  seek_agent(c.interaction);
  return R::kNone;
}

R Naive::on(const command::AcceptOffer& c) {
  Work* w = by_offer(c.offer);
  if (!w) return R::kUnknownOffer;
  if (w->asked != c.agent) return R::kNotOwner;
  accept(*w);
  return R::kNone;
}

R Naive::on(const command::DeclineOffer& c) {
  Work* w = by_offer(c.offer);
  if (!w) return R::kUnknownOffer;
  if (w->asked != c.agent) return R::kNotOwner;
  w->asked = {};
  requeue(*w, c.agent);
  seek_work(c.agent);
  return R::kNone;
}

R Naive::on(const command::ConnectInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!c.agent || (w->agent != c.agent && w->consultant != c.agent)) return R::kNotOwner;
  if (w->stage == Stage::kConnecting) {
    w->stage = Stage::kActive;
    w->let_go = {};
  }
  return R::kNone;
}

R Naive::on(const command::FailConnection& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (c.agent && w->consultant == c.agent) {
    cancel_transfer(*w);
    return R::kNone;
  }
  if (!c.agent || w->agent != c.agent) return R::kNotOwner;
  if (w->stage != Stage::kConnecting) return R::kWrongState;
  Agent* a = agent(c.agent);
  if (a->signed_in && a->presence == Presence::kAvailable) a->presence = Presence::kNotResponding;
  requeue(*w, c.agent);
  return R::kNone;
}

R Naive::on(const command::PostMessage& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (c.author == Party::kNone || c.content == 0) return R::kInvalidArgument;
  const bool takes_part = c.agent && (w->agent == c.agent || w->consultant == c.agent);
  if (c.author == Party::kAgent && !takes_part) return R::kNotOwner;
  ++w->messages;
  return R::kNone;
}

R Naive::on(const command::HoldInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!c.agent || w->agent != c.agent) return R::kNotOwner;
  if (w->stage != Stage::kActive) return R::kWrongState;
  w->held = true;
  return R::kNone;
}
R Naive::on(const command::ResumeInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!c.agent || w->agent != c.agent) return R::kNotOwner;
  w->held = false;
  return R::kNone;
}

// ---- transfers ----
R Naive::on(const command::TransferInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!c.agent || w->agent != c.agent) return R::kNotOwner;
  if (w->stage != Stage::kActive) return R::kWrongState;
  if (w->warm) return R::kTransferPending;
  if (c.kind == TransferKind::kNone || static_cast<bool>(c.queue) == static_cast<bool>(c.target) ||
      c.target == c.agent || c.requirement.only_agent) {
    return R::kInvalidArgument;
  }
  Requirement r = c.requirement;
  if (c.target) {
    const Agent* target = agent(c.target);
    if (!target) return R::kUnknownAgent;
    if (!target->signed_in) return R::kNotSignedIn;
    r = {w->requirement.skills, c.target};
  }
  const QueueId to = c.queue ? c.queue : w->queue;
  if (const R bad = check(w->channel, to, r, w->priority); bad != R::kNone) return bad;
  if (!queue(to)->open) return R::kQueueClosed;
  if (c.kind == TransferKind::kWarm) {
    w->warm = true;
    enqueue(*w, to, std::move(r), {}, 0, true);
    seek_agent(c.interaction);
    return R::kNone;
  }
  w->let_go = c.agent;
  const Work before = *w;
  const TimeMs avoid_ms = queue(to)->avoid_ms;
  enqueue(*w, to, std::move(r), avoid_ms > 0 ? c.agent : AgentId{}, avoid_ms > 0 ? now_ + avoid_ms : 0, false);
  wrap_up(c.agent, before);
  seek_agent(c.interaction);
  seek_work(c.agent);
  return R::kNone;
}

void Naive::complete_transfer(Work& w) {
  const AgentId gone = w.agent;
  w.agent = w.consultant;
  w.agent_order = w.consultant_order;
  w.consultant = {};
  w.warm = false;
  w.held = false;
  w.queue_before = {};
  w.requirement_before = {};
  touch_idle(gone);
}

R Naive::on(const command::CompleteTransfer& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!c.agent || w->agent != c.agent) return R::kNotOwner;
  if (!w->consultant) return R::kWrongState;
  const Work before = *w;
  complete_transfer(*w);
  wrap_up(c.agent, before);
  seek_work(c.agent);
  return R::kNone;
}

R Naive::on(const command::CancelTransfer& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!c.agent || (w->agent != c.agent && w->consultant != c.agent)) return R::kNotOwner;
  if (!w->warm) return R::kWrongState;
  cancel_transfer(*w);
  return R::kNone;
}

void Naive::cancel_transfer(Work& w) {
  const AgentId freed = w.asked ? w.asked : w.consultant;
  touch_idle(w.consultant);
  w.asked = {};
  w.consultant = {};
  w.waiting = w.consult = w.warm = false;
  if (w.queue_before) {
    w.queue = w.queue_before;
    w.requirement = w.requirement_before;
  }
  w.queue_before = {};
  w.requirement_before = {};
  w.avoid = w.avoid_also = {};
  w.avoid_until = 0;
  if (freed) seek_work(freed);
}

// ---- the end ----
void Naive::erase(InteractionId id) {
  std::erase_if(work_, [&](const Work& w) { return w.id == id; });
  ++over_;
}

void Naive::finish_wrap_up(Agent& a, InteractionId id) {
  const auto at =
      std::find_if(a.wrap_ups.begin(), a.wrap_ups.end(), [&](const WrapUp& w) { return w.interaction == id; });
  a.wrap_ups.erase(at);
  touch_idle(a.id);
}

void Naive::wrap_up(AgentId id, const Work& w) {
  Agent* a = agent(id);
  const auto* q = queue(w.queue_before ? w.queue_before : w.queue);
  if (!a || !a->signed_in || !q || q->wrap_up_ms == 0) return;
  for (const WrapUp& other : std::vector<WrapUp>(a->wrap_ups)) {
    if (other.interaction == w.id) finish_wrap_up(*a, w.id);
  }
  a->wrap_ups.push_back({w.id, w.channel, now_ + q->wrap_up_ms});
}

void Naive::end(Work& w, Party by) {
  const Work before = w;
  const bool reached = w.stage == Stage::kActive || by == Party::kAgent;
  erase(w.id);
  touch_idle(before.agent);
  touch_idle(before.consultant);
  if (reached) wrap_up(before.agent, before);
  for (const AgentId freed : {before.agent, before.consultant, before.asked}) {
    if (freed) seek_work(freed);
  }
}

R Naive::on(const command::EndInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (c.by == Party::kNone) return R::kInvalidArgument;
  if (c.by == Party::kAgent && (!c.agent || w->agent != c.agent)) return R::kNotOwner;
  end(*w, c.by);
  return R::kNone;
}

R Naive::on(const command::LoseCustomerConnection& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (w->grace_until == 0) w->grace_until = now_ + customer_grace_;
  return R::kNone;
}
R Naive::on(const command::RestoreCustomerConnection& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  w->grace_until = 0;
  return R::kNone;
}

R Naive::on(const command::CompleteWrapUp& c) {
  Agent* a = agent(c.agent);
  if (!a) return R::kUnknownAgent;
  if (std::none_of(a->wrap_ups.begin(), a->wrap_ups.end(),
                   [&](const WrapUp& w) { return w.interaction == c.interaction; })) {
    return R::kUnknownInteraction;
  }
  finish_wrap_up(*a, c.interaction);
  seek_work(c.agent);
  return R::kNone;
}

Rejection Naive::submit(const Command& command, TimeMs now) {
  now_ = now;
  return std::visit([&](const auto& c) { return on(c); }, command);
}

// ---- time ----
void Naive::advance(TimeMs to) {
  enum Kind { kOffer = 1, kWrapUp, kAgentGrace, kCustomerGrace, kAvoidance };
  struct Due {
    TimeMs time;
    Kind kind;
    std::uint64_t subject;
    AgentId agent;
    InteractionId interaction;
  };
  while (true) {
    std::vector<Due> due;
    for (const Work& w : work_) {
      if (w.asked) due.push_back({w.expires, kOffer, w.offer, w.asked, w.id});
      if (w.grace_until != 0) due.push_back({w.grace_until, kCustomerGrace, w.id.value, {}, w.id});
      if (w.avoid_until != 0) due.push_back({w.avoid_until, kAvoidance, w.id.value, {}, w.id});
    }
    for (const Agent& a : agents_) {
      for (const WrapUp& w : a.wrap_ups) due.push_back({w.until, kWrapUp, w.interaction.value, a.id, w.interaction});
      if (a.grace_until != 0) due.push_back({a.grace_until, kAgentGrace, a.id.value, a.id, {}});
    }
    const auto first = std::min_element(due.begin(), due.end(), [](const Due& a, const Due& b) {
      return std::tie(a.time, a.kind, a.subject, a.agent) < std::tie(b.time, b.kind, b.subject, b.agent);
    });
    if (first == due.end() || first->time > to) return;
    now_ = std::max(now_, first->time);
    Work* w = find(first->interaction);
    Agent* a = agent(first->agent);
    switch (first->kind) {
      case kOffer:
        w->asked = {};
        if (a->presence == Presence::kAvailable) a->presence = Presence::kNotResponding;
        requeue(*w, a->id);
        break;
      case kWrapUp:
        finish_wrap_up(*a, first->interaction);
        seek_work(a->id);
        break;
      case kCustomerGrace:
        end(*w, Party::kCustomer);
        break;
      case kAvoidance:
        w->avoid = w->avoid_also = {};
        w->avoid_until = 0;
        seek_agent(w->id);
        break;
      case kAgentGrace: {
        std::vector<std::pair<std::uint64_t, InteractionId>> held;
        for (const Work& i : work_) {
          const bool live = i.channel == Channel::kChat || i.channel == Channel::kMessage;
          if (live && i.agent == a->id) held.emplace_back(i.agent_order, i.id);
          if (live && i.consultant == a->id) held.emplace_back(i.consultant_order, i.id);
        }
        std::sort(held.begin(), held.end());
        sign_out(*a);
        for (const auto& [order, i] : held) {
          Work& mine = *find(i);
          if (mine.consultant == a->id) {
            cancel_transfer(mine);
          } else if (mine.consultant) {
            complete_transfer(mine);
          } else {
            if (mine.warm) cancel_transfer(mine);
            requeue(mine, {});
          }
        }
        break;
      }
    }
  }
}

}  // namespace sb::model
