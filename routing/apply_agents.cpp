#include "routing/applier.h"

namespace sb::routing {

namespace {
Deadline grace_of(const Agent& agent) {
  return {agent.grace_until_ms, DeadlineKind::kAgentGrace, agent.id.value, 0};
}

void end_grace(State& state, Agent& agent) {
  if (agent.grace_until_ms != 0) state.deadlines.clear(grace_of(agent));
  agent.grace_until_ms = 0;
}
}  // namespace

void Applier::on(const event::AgentSignedIn& e) {
  Agent& a = agent(e.agent);
  end_grace(state, a);
  a.connected = true;
  a.session = e.session;
  if (!e.took_over) {
    a.signed_in = true;
    a.presence = e.presence;
    a.reason.clear();
    a.since_ms = now;
    state.touch_idle(a, now);
  }
  state.refresh_free(a);
}

void Applier::on(const event::AgentSignedOut& e) {
  Agent& a = agent(e.agent);
  end_grace(state, a);
  a.signed_in = false;
  a.connected = false;
  a.session = 0;
  a.presence = Presence::kOffline;
  a.reason.clear();
  a.since_ms = now;
  a.misses = 0;
  state.set_rest(a, 0);
}

void Applier::on(const event::AgentRested& e) {
  Agent& a = agent(e.agent);
  a.misses = 0;
  state.set_rest(a, e.until_ms);
}

void Applier::on(const event::AgentRestEnded& e) {
  state.set_rest(agent(e.agent), 0);
}

void Applier::on(const event::PresenceChanged& e) {
  Agent& a = agent(e.agent);
  if (e.presence == Presence::kAvailable && a.presence != Presence::kAvailable) state.touch_idle(a, now);
  a.presence = e.presence;
  a.reason = e.reason;
  a.since_ms = now;
  state.refresh_free(a);
}

void Applier::on(const event::AgentConnectionLost& e) {
  Agent& a = agent(e.agent);
  a.connected = false;
  a.grace_until_ms = e.grace_until_ms;
  state.deadlines.set(grace_of(a));
  state.refresh_free(a);
}

}  // namespace sb::routing
