#include "tests/model/naive.h"

#include <algorithm>

namespace sb::model {

using R = Rejection;

// ---- interactions ----
// Who has gone home is not waited for.
Requirement Naive::unless_absent(Requirement r) {
  const Agent* named = agent(r.only_agent);
  if (named && !named->signed_in) r.only_agent = {};
  return r;
}

R Naive::on(const command::StartInteraction& c) {
  if (c.channel == Channel::kNone) return R::kInvalidArgument;
  if (c.callback.order != CallbackOrder::kNone) return start_callback(c);
  Arrival a{c.channel,  c.tier,        static_cast<bool>(c.customer), c.labels, c.queue, c.requirement, c.priority,
            c.language, c.out_of_hours};
  if (c.queue) {
    if (const R bad = check(c.channel, c.queue, c.requirement, c.priority); bad != R::kNone) return bad;
    apply_flow(a);
    const auto* q = queue(a.queue);
    if (!a.out_of_hours && !q->open) return R::kQueueClosed;
    if (!a.out_of_hours && full(*q, c.channel, unless_absent(a.requirement))) return R::kQueueFull;
  } else if (c.out_of_hours) {
    return R::kInvalidArgument;
  }
  Work& w = work_.emplace_back();
  w.id = {++started_};
  w.channel = c.channel;
  w.priority = c.queue ? a.priority : 0;  // a dialogue has none yet
  w.tier = c.tier;
  w.language = a.language;
  w.preferred = c.preferred_agent;
  w.messages = c.content != 0 ? 1 : 0;
  const InteractionId id = w.id;
  if (a.out_of_hours) {
    erase(id);
  } else if (c.queue) {
    const Requirement r = unless_absent(a.requirement);
    w.named = static_cast<bool>(r.only_agent);
    enqueue(w, {.queue = a.queue, .requirement = r, .preferred = w.preferred});
    seek_agent(id);
  }
  return R::kNone;
}

R Naive::on(const command::EnqueueInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (w->stage != Stage::kDialogue) return R::kWrongState;
  if (const R bad = check(w->channel, c.queue, c.requirement, c.priority); bad != R::kNone) return bad;
  if (c.preferred_agent && !agent(c.preferred_agent)) return R::kUnknownAgent;
  bool known = false;
  for (const std::string& label : c.labels) known |= label == "known_customer";
  Arrival a{w->channel, w->tier, known, c.labels, c.queue, c.requirement, c.priority, w->language, false};
  if (!c.language.empty()) a.language = c.language;
  apply_flow(a);
  if (a.out_of_hours) {
    erase(c.interaction);
    return R::kNone;
  }
  const auto* q = queue(a.queue);
  if (!q->open) return R::kQueueClosed;
  if (full(*q, w->channel, unless_absent(a.requirement))) return R::kQueueFull;
  w->priority = a.priority;
  w->language = a.language;
  const Requirement r = unless_absent(a.requirement);
  w->named = static_cast<bool>(r.only_agent);
  if (c.preferred_agent) w->preferred = c.preferred_agent;
  enqueue(*w, {.queue = a.queue, .requirement = r, .preferred = w->preferred});
  seek_agent(c.interaction);
  return R::kNone;
}

R Naive::on(const command::ConnectInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!involved(*w, c.agent)) return R::kNotOwner;
  if (w->stage == Stage::kConnecting && !on_line(*w)) {  // the agent is there, now the customer is called
    if (w->order == CallbackOrder::kCustomerFirst) return R::kWrongState;
    if (!w->calling) call(*w);
  } else if (w->stage == Stage::kConnecting) {
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
  if (!c.agent || !involved(*w, c.agent)) return R::kNotOwner;
  if (w->agent != c.agent) {
    leave(*w, c.agent);
    return R::kNone;
  }
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
  if (c.author == Party::kAgent && !involved(*w, c.agent)) return R::kNotOwner;
  if (c.author == Party::kAgent) {
    if (const R busy = unpark(*w); busy != R::kNone) return busy;
  }
  ++w->messages;
  if (c.author == Party::kAgent && c.agent == w->agent && w->stage == Stage::kActive && !w->warm &&
      w->participants.empty() && w->channel != Channel::kPhone && queue(w->queue)->matching.reply_ms != 0) {
    w->reply_until = now_ + queue(w->queue)->matching.reply_ms;
  }
  if (c.author != Party::kCustomer) return R::kNone;
  w->reply_until = 0;
  if (!w->parked || (agent(w->agent)->signed_in && unpark(*w) == R::kNone)) return R::kNone;
  Placement p{.queue = w->queue, .requirement = w->requirement, .preferred = w->agent};
  p.requirement.only_agent = {};
  enqueue(*w, std::move(p));
  seek_agent(c.interaction);
  return R::kNone;
}

// What counted no more does again, if there is room.
R Naive::unpark(Work& w) {
  if (!w.parked) return R::kNone;
  if (!has_room(*agent(w.agent), w.channel, w.soft)) return R::kAgentBusy;
  w.parked = false;
  return R::kNone;
}

R Naive::on(const command::HoldInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!c.agent || w->agent != c.agent) return R::kNotOwner;
  if (w->stage != Stage::kActive) return R::kWrongState;
  if (const R busy = unpark(*w); busy != R::kNone) return busy;
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
  if (w->warm || w->outside == OutsideState::kCalling) return R::kTransferPending;
  if (c.kind == TransferKind::kNone || static_cast<bool>(c.queue) == static_cast<bool>(c.target) ||
      involved(*w, c.target) || c.requirement.only_agent) {
    return R::kInvalidArgument;
  }
  Requirement r = c.requirement;
  if (c.target) {
    const Agent* target = agent(c.target);
    if (!target) return R::kUnknownAgent;
    if (!target->signed_in) return R::kNotSignedIn;
    r = w->requirement;
    r.only_agent = c.target;
  }
  const QueueId to = c.queue ? c.queue : w->queue;
  if (const R bad = check(w->channel, to, r, w->priority); bad != R::kNone) return bad;
  if (!queue(to)->open) return R::kQueueClosed;
  if (const R busy = unpark(*w); busy != R::kNone) return busy;
  w->reply_until = 0;
  w->named = static_cast<bool>(c.target);
  if (c.kind == TransferKind::kWarm) {
    w->warm = true;
    enqueue(*w, {.queue = to, .requirement = std::move(r), .consult = true});
    seek_agent(c.interaction);
    return R::kNone;
  }
  w->let_go = c.agent;
  w->outside = OutsideState::kNone;
  for (const Participant& p : std::vector<Participant>(w->participants)) leave(*w, p.agent);
  const Work before = *w;
  const TimeMs avoid_ms = queue(to)->avoid_ms;
  Placement p{.queue = to, .requirement = std::move(r), .transferred = true};
  if (avoid_ms > 0) {
    p.avoid = c.agent;
    p.avoid_until = now_ + avoid_ms;
  }
  enqueue(*w, std::move(p));
  wrap_up(c.agent, before);
  seek_agent(c.interaction, c.agent);
  seek_work(c.agent);
  return R::kNone;
}

void Naive::complete_transfer(Work& w) {
  const AgentId gone = w.agent;
  w.agent = w.consultant;
  w.soft = w.consultant_soft;
  w.agent_order = w.consultant_order;
  w.consultant = {};
  w.warm = false;
  w.held = false;
  w.joined = 0;  // where it is now it never waited
  w.queue_before = {};
  w.requirement_before = {};
  touch_idle(gone);
}

R Naive::on(const command::CompleteTransfer& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!c.agent || w->agent != c.agent) return R::kNotOwner;
  if (w->outside == OutsideState::kConnected && !w->warm) {
    for (const Participant& p : std::vector<Participant>(w->participants)) leave(*w, p.agent);
    end(*w, Party::kAgent);
    return R::kNone;
  }
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
  std::vector<AgentId> freed = ask_no_more(w);
  if (freed.empty() && w.consultant) freed.push_back(w.consultant);
  touch_idle(w.consultant);
  consultation_over(w);
  for (const AgentId who : freed) seek_work(who);
}

void Naive::consultation_over(Work& w) {
  w.missed_by.clear();
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
  const QueueId of = w.queue_before ? w.queue_before : w.queue;
  if (!a || !a->signed_in || !queue(of) || wrap_up_of(of, w.channel) == 0) return;
  if (w.parked && !has_room(*a, w.channel, w.soft)) return;
  for (const WrapUp& other : std::vector<WrapUp>(a->wrap_ups)) {
    if (other.interaction == w.id) finish_wrap_up(*a, w.id);
  }
  a->wrap_ups.push_back({w.id, w.channel, now_ + wrap_up_of(of, w.channel), w.soft});
}

DurationMs Naive::wrap_up_of(QueueId id, Channel channel) const {
  const auto* q = queue(id);
  const auto& by_channel = q->matching.wrap_ups_ms;
  return index_of(channel) < by_channel.size() ? by_channel[index_of(channel)] : q->wrap_up_ms;
}

void Naive::end(Work& w, Party by) {
  const std::vector<AgentId> asked = ask_no_more(w);
  const Work before = w;
  const bool reached = w.stage == Stage::kActive || by == Party::kAgent;
  erase(w.id);
  touch_idle(before.agent);
  touch_idle(before.consultant);
  for (const Participant& p : before.participants) touch_idle(p.agent);
  if (reached) wrap_up(before.agent, before);
  for (const AgentId freed : {before.agent, before.consultant}) {
    if (freed) seek_work(freed);
  }
  for (const Participant& p : before.participants) seek_work(p.agent);
  for (const AgentId freed : asked) seek_work(freed);
}

R Naive::on(const command::EndInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (c.by == Party::kNone || c.reason == EndReason::kTransferredOut) return R::kInvalidArgument;
  if (c.by == Party::kAgent && (!c.agent || w->agent != c.agent)) return R::kNotOwner;
  const bool hung_up = c.reason == EndReason::kHungUp || c.reason == EndReason::kCustomerLost;
  if (!on_line(*w) && c.by == Party::kCustomer && hung_up) return R::kNone;
  end(*w, c.by);
  return R::kNone;
}

R Naive::on(const command::LoseCustomerConnection& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (w->grace_until == 0 && on_line(*w)) w->grace_until = now_ + customer_grace_;
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

}  // namespace sb::model
