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
Work* Naive::by_offer(OfferId id, AgentId* whose) {
  for (Work& w : work_) {
    for (const Ask& ask : w.asks) {
      if (ask.offer != id.value) continue;
      *whose = ask.agent;
      return &w;
    }
  }
  return nullptr;
}
bool Naive::asks(const Work& w, AgentId agent) {
  return std::any_of(w.asks.begin(), w.asks.end(), [&](const Ask& ask) { return ask.agent == agent; });
}
const command::PutQueue* Naive::queue(QueueId id) const {
  for (const auto& q : queues_) {
    if (q.queue == id) return &q;
  }
  return nullptr;
}

std::array<std::uint32_t, kChannelCount> Naive::load(const Agent& a, bool firm_alone) const {
  std::array<std::uint32_t, kChannelCount> n{};
  const auto count = [&](Channel channel, bool soft) { n[index_of(channel)] += soft && firm_alone ? 0 : 1; };
  for (const Work& w : work_) {
    for (const Ask& ask : w.asks) {
      if (ask.agent == a.id) count(w.channel, ask.soft);
    }
    if (w.agent == a.id && !w.parked) count(w.channel, w.soft);
    if (w.consultant == a.id) count(w.channel, w.consultant_soft);
    for (const Participant& p : w.participants) {
      if (p.agent == a.id) count(w.channel, p.soft);
    }
  }
  for (const WrapUp& w : a.wrap_ups) count(w.channel, w.soft);
  return n;
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

std::string Naive::over_capacity() {
  for (Agent& a : agents_) {
    const auto n = load(a, true);
    const std::string who = "agent " + std::to_string(a.id.value);
    bool over = a.config.units != 0 && units_of(n) > a.config.units;
    for (std::size_t c = 1; c < kChannelCount; ++c) over |= n[c] > a.config.capacity[c];
    if (over && !a.shrunk) return who + " is over capacity";
    a.shrunk = over;
    const auto phone = n[index_of(Channel::kPhone)];
    if (phone > 0 && n[index_of(Channel::kChat)] + n[index_of(Channel::kMessage)] > 0) return who + " calls and chats";
  }
  return {};
}

std::string Naive::endless_claim() const {
  for (const Work& w : work_) {
    const bool claims = w.preferred_until != 0;
    const bool good = claims ? w.requirement.only_agent && w.preferred_until > now_
                             : w.named || !w.waiting || !w.requirement.only_agent;
    if (!good) return "interaction " + std::to_string(w.id.value) + " waits for one person without end";
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

// ---- configuration ----
R Naive::on(const command::PutSkill& c) {
  skills_.push_back(c.skill);
  return R::kNone;
}
R Naive::on(const command::PutQueue& c) {
  if (c.auto_accept && c.matching.broadcast > 1) return R::kInvalidArgument;
  for (const RelaxStep& step : c.matching.relaxation) {
    if (step.kind == RelaxKind::kWiden && (!step.skill || !step.other || step.skill == step.other)) {
      return R::kInvalidArgument;
    }
    if (step.kind != RelaxKind::kOverflow) continue;
    if (step.queue == c.queue) return R::kInvalidArgument;
    if (!queue(step.queue)) return R::kUnknownQueue;
  }
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
  misses_max_ = c.misses_max;
  rest_ms_ = c.rest_ms;
  if (weights_ == c.weights) return R::kNone;
  weights_ = c.weights;
  for (Agent& a : agents_) a.shrunk = true;
  for (const Agent& a : agents_) seek_work(a.id);
  return R::kNone;
}
R Naive::on(const command::PutAgent& c) {
  Agent* a = agent(c.agent);
  if (!a) {
    a = &agents_.emplace_back();
    a->id = c.agent;
  } else {
    a->shrunk = true;
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
  const auto known = [&](const SkillLevel& s) {
    return std::find(skills_.begin(), skills_.end(), s.skill) != skills_.end();
  };
  if (!std::all_of(r.skills.begin(), r.skills.end(), known)) return R::kUnknownSkill;
  for (const AnyOf& group : r.any) {
    if (group.skills.empty()) return R::kInvalidArgument;
    if (!std::all_of(group.skills.begin(), group.skills.end(), known)) return R::kUnknownSkill;
  }
  if (!r.only_agent) return R::kNone;
  if (std::find(r.excluded.begin(), r.excluded.end(), r.only_agent) != r.excluded.end()) return R::kInvalidArgument;
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

// Who is gone is asked nothing; answers what nobody is asked about now.
std::vector<InteractionId> Naive::unasked_by(AgentId id) {
  std::vector<std::pair<std::uint64_t, InteractionId>> asked;
  for (const Work& w : work_) {
    for (const Ask& ask : w.asks) {
      if (ask.agent == id) asked.emplace_back(ask.offer, w.id);
    }
  }
  std::sort(asked.begin(), asked.end());
  std::vector<InteractionId> alone;
  for (const auto& [offer, i] : asked) {
    Work& w = *find(i);
    std::erase_if(w.asks, [&](const Ask& ask) { return ask.agent == id; });
    if (w.asks.empty()) alone.push_back(i);
  }
  return alone;
}

void Naive::sign_out(Agent& a) {
  const std::vector<InteractionId> unasked = unasked_by(a.id);
  while (!a.wrap_ups.empty()) finish_wrap_up(a, a.wrap_ups.front().interaction);
  a.signed_in = a.connected = false;
  a.session = 0;
  a.grace_until = 0;
  a.presence = Presence::kOffline;
  a.misses = 0;
  a.rest_until = 0;
  a.reason.clear();
  for (const InteractionId i : unasked) requeue(*find(i), {});
  send_on(a.id, true);
}

R Naive::on(const command::SignOutAgent& c) {
  Agent* a = agent(c.agent);
  if (!a) return R::kUnknownAgent;
  if (!a->signed_in) return R::kNotSignedIn;
  if (a->session != c.session) return R::kStaleSession;
  for (const Work& w : work_) {
    if (involved(w, a->id) && !w.parked) return R::kInUse;
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
  const std::vector<InteractionId> unasked = unasked_by(a->id);
  a->connected = false;
  a->grace_until = now_ + agent_grace_;
  for (const InteractionId i : unasked) requeue(*find(i), {});
  return R::kNone;
}

Rejection Naive::submit(const Command& command, TimeMs now) {
  now_ = now;
  return std::visit([&](const auto& c) { return on(c); }, command);
}

}  // namespace sb::model
