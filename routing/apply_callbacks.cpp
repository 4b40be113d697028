#include "routing/applier.h"

namespace sb::routing {

void Applier::schedule(Interaction& i, TimeMs at_ms) {
  if (i.waiting) state.leave_waiting(i);
  state.set_avoid(i, {}, 0);
  state.set_preferred(i, 0);
  state.stop_relaxation(i);
  i.ring = 0;
  i.joined_ms = 0;  // time out of the queue relaxes nothing
  i.state = InteractionState::kScheduled;
  i.callback.edit().at_ms = at_ms;
  state.set_callback_due(i, at_ms);
}

void Applier::wait_within_hours(Interaction& i) {
  if (!i.callback) return;
  i.callback.edit().at_ms = 0;
  TimeMs until_ms = 0;
  if (!i.customer_on_line() && !i.callback->windows.empty()) {
    until_ms = now;  // found outside them it is put off at once
    for (const TimeSpan& w : i.callback->windows) {
      if (w.from_ms <= now && now < w.until_ms) until_ms = w.until_ms;
    }
  }
  state.set_callback_due(i, until_ms);
}

void Applier::on(const event::CallbackRequested& e) {
  Interaction& i = interaction(e.interaction);
  set_customer_grace(i, 0);
  state.set_callback_due(i, 0);
  i.callback.edit() = {.order = e.order, .attempts_max = e.attempts_max, .retry_ms = e.retry_ms, .windows = e.windows};
  if (e.at_ms == 0) {
    wait_within_hours(i);
    return;
  }
  schedule(i, e.at_ms);
  i.queue = e.queue;
  i.requirement = e.requirement;
  i.priority = e.priority;
  i.queued_ms = 0;  // it waits from its time on
  i.fair_queue = {};
  i.fair_start = 0;
}

void Applier::on(const event::CallbackStarted& e) {
  Interaction& i = interaction(e.interaction);
  i.callback.edit().attempt = e.attempt;
  i.callback.edit().calling = true;
}

void Applier::on(const event::CustomerReached& e) {
  Interaction& i = interaction(e.interaction);
  i.callback.edit().calling = false;
  i.callback.edit().reached = true;
}

void Applier::on(const event::CustomerMissed& e) {
  Interaction& i = interaction(e.interaction);
  if (i.agent) release(i.agent, i);
  i.agent = {};
  i.callback.edit().calling = false;
  i.callback.edit().attempt = e.attempt;
  schedule(i, e.next_ms);
}

}  // namespace sb::routing
