// Callbacks: the customer hangs up and is called when somebody is free, within their hours.
#include <algorithm>

#include "tests/model/naive.h"

namespace sb::model {

using R = Rejection;

bool Naive::within_hours(const Work& w, TimeMs at) {
  return w.hours.empty() || std::any_of(w.hours.begin(), w.hours.end(),
                                        [&](const TimeSpan& span) { return span.from_ms <= at && at < span.until_ms; });
}

TimeMs Naive::next_hours(const Work& w, TimeMs from) {
  if (within_hours(w, from)) return from;
  TimeMs next = 0;
  for (const TimeSpan& span : w.hours) {
    if (span.from_ms > from && (next == 0 || span.from_ms < next)) next = span.from_ms;
  }
  return next;
}

void Naive::wait_within_hours(Work& w) {
  w.at = 0;
  w.hours_end = 0;
  if (on_line(w) || w.hours.empty()) return;
  w.hours_end = now_;
  for (const TimeSpan& span : w.hours) {
    if (span.from_ms <= now_ && now_ < span.until_ms) w.hours_end = span.until_ms;
  }
}

// A contact in no queue that asks to be called back in the same moment; when that is refused, nothing was.
R Naive::start_callback(const command::StartInteraction& c) {
  if (c.out_of_hours) return R::kInvalidArgument;
  Naive tried = *this;
  command::StartInteraction start = c;
  start.callback = {};
  start.queue = {};
  start.requirement = {};
  start.priority = 0;
  if (const R bad = tried.on(start); bad != R::kNone) return bad;
  command::RequestCallback ask;
  ask.interaction = {tried.started_};
  ask.order = c.callback.order;
  ask.at_ms = c.callback.at_ms;
  ask.attempts_max = c.callback.attempts_max;
  ask.retry_ms = c.callback.retry_ms;
  ask.windows = c.callback.windows;
  ask.queue = c.queue;
  ask.requirement = c.requirement;
  ask.priority = c.priority;
  const R refused = tried.on(ask);
  if (refused == R::kNone) *this = std::move(tried);
  return refused;
}

R Naive::on(const command::RequestCallback& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  const bool queued = w->stage == Stage::kQueued;
  if (!queued && w->stage != Stage::kDialogue) return R::kWrongState;
  if (!on_line(*w)) return R::kWrongState;
  Work wanted;
  wanted.hours = c.windows;
  TimeMs end = 0;
  for (const TimeSpan& span : c.windows) {
    if (span.until_ms <= span.from_ms || span.from_ms < end) return R::kInvalidArgument;
    end = span.until_ms;
  }
  const bool terms = c.order != CallbackOrder::kNone && c.attempts_max >= 1 && c.attempts_max <= 10 &&
                     (c.attempts_max == 1 || c.retry_ms >= 1000) && (c.at_ms == 0 || c.at_ms >= now_);
  if (w->channel != Channel::kPhone || !terms) return R::kInvalidArgument;
  const TimeMs first = next_hours(wanted, c.at_ms == 0 ? now_ : c.at_ms);
  if (first == 0) return R::kInvalidArgument;
  const bool moves = c.queue || !queued;
  Placement p{.queue = w->queue, .requirement = w->requirement};
  if (moves) {
    if (const R bad = check(w->channel, c.queue, c.requirement, c.priority); bad != R::kNone) return bad;
    p.queue = c.queue;
    p.requirement = c.requirement;
    if (first == now_) {
      p.requirement = unless_absent(c.requirement);
      p.preferred = w->preferred;
      if (!queued || c.queue != w->queue) {
        if (!queue(c.queue)->open) return R::kQueueClosed;
        if (full(*queue(c.queue), w->channel, p.requirement)) return R::kQueueFull;
      }
    }
    w->named = static_cast<bool>(p.requirement.only_agent);
    w->priority = c.priority;
  } else {
    p.avoid = w->avoid;
    p.avoid_also = w->avoid_also;
    p.avoid_until = w->avoid_until;
    if (w->preferred_until != 0) p.requirement.only_agent = {};
  }
  w->order = c.order;
  w->reached = false;
  w->attempt = 0;
  w->attempts_max = c.attempts_max;
  w->retry = c.retry_ms;
  w->hours = c.windows;
  w->grace_until = 0;
  const std::vector<AgentId> freed = ask_no_more(*w);
  if (first != now_) {
    w->queue = p.queue;
    w->requirement = p.requirement;
    w->queued = 0;
    w->fair_queue = {};
    w->fair_start = 0;
    w->waiting = false;
    w->avoid = w->avoid_also = {};
    w->missed_by.clear();
    w->avoid_until = 0;
    w->preferred_until = 0;
    w->joined = 0;
    w->ring = 0;
    w->hours_end = 0;
    w->at = first;
    w->stage = Stage::kScheduled;
  } else if (moves || !w->waiting) {
    enqueue(*w, std::move(p));
    seek_agent(c.interaction, freed.empty() ? AgentId{} : freed.front());
  } else {
    wait_within_hours(*w);
  }
  for (const AgentId who : freed) seek_work(who);
  return R::kNone;
}

R Naive::on(const command::ReachCustomer& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (w->reached) return R::kNone;
  if (!w->calling) return R::kWrongState;
  w->calling = false;
  w->reached = true;
  if (w->order == CallbackOrder::kAgentFirst) {
    w->stage = Stage::kActive;
    w->let_go = {};
  }
  return R::kNone;
}

R Naive::on(const command::MissCustomer& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (c.reason != "busy" && c.reason != "no_answer" && c.reason != "failed") return R::kInvalidArgument;
  if (!w->calling) return R::kWrongState;
  miss_customer(*w, w->attempt, w->attempt < w->attempts_max ? next_hours(*w, now_ + w->retry) : 0);
  return R::kNone;
}

// The agent is free again; the customer is tried at `next`, or never.
void Naive::miss_customer(Work& w, std::uint32_t attempts, TimeMs next) {
  std::vector<AgentId> freed = ask_no_more(w);
  if (w.agent) freed.push_back(w.agent);
  touch_idle(w.agent);
  w.missed_by.clear();
  w.agent = {};
  w.waiting = false;
  w.calling = false;
  w.attempt = attempts;
  w.avoid = w.avoid_also = {};
  w.avoid_until = 0;
  w.preferred_until = 0;
  w.joined = 0;
  w.ring = 0;
  w.hours_end = 0;
  w.at = next;
  w.stage = Stage::kScheduled;
  if (next == 0) erase(w.id);
  for (const AgentId who : freed) seek_work(who);
}

bool Naive::put_off(Work& w) {
  if (on_line(w) || within_hours(w, now_)) return false;
  miss_customer(w, w.calling ? w.attempt - 1 : w.attempt, next_hours(w, now_));
  return true;
}

void Naive::call(Work& w) {
  if (put_off(w)) return;
  w.calling = true;
  ++w.attempt;
}

void Naive::callback_due(Work& w) {
  if (put_off(w)) return;
  Requirement r = w.requirement;
  if (r.only_agent && !agent(r.only_agent)) r.only_agent = {};
  r = unless_absent(r);
  w.named = static_cast<bool>(r.only_agent);
  enqueue(w, {.queue = w.queue, .requirement = r, .preferred = w.preferred});
  seek_agent(w.id);
}

}  // namespace sb::model
