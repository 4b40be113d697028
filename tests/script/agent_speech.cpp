#include "tests/script/verbs.h"

// Agents come, go and say how they are.
namespace sb::script {

namespace {

std::uint64_t session(Speech& s, Words& w, AgentId id) {
  if (const auto v = w.option("session")) return static_cast<std::uint64_t>(Speech::number(*v));
  const auto known = s.sessions.find(id);
  return known == s.sessions.end() ? 1 : known->second;
}

Spoken sign_in(Speech& s, Words& w) {
  command::SignInAgent c{s.id<AgentId>(w.next("an agent")), 0, Presence::kAvailable};
  c.session = session(s, w, c.agent);
  s.sessions[c.agent] = c.session;
  if (const auto v = w.option("presence")) c.presence = Speech::choice<Presence>(*v);
  return {c, {}};
}
Spoken sign_out(Speech& s, Words& w) {
  command::SignOutAgent c{s.id<AgentId>(w.next("an agent")), 0};
  c.session = session(s, w, c.agent);
  return {c, {}};
}
Spoken lose_connection(Speech& s, Words& w) {
  command::LoseAgentConnection c{s.id<AgentId>(w.next("an agent")), 0};
  c.session = session(s, w, c.agent);
  return {c, {}};
}
Spoken presence(Speech& s, Words& w) {
  command::SetPresence c{s.id<AgentId>(w.next("an agent")), {}, {}};
  c.presence = Speech::choice<Presence>(w.next("a presence"));
  c.reason = w.option("reason").value_or("");
  return {c, {}};
}

}  // namespace

const Verbs& agent_verbs() {
  static const Verbs kVerbs{
      {"SignIn", sign_in},
      {"SignOut", sign_out},
      {"Presence", presence},
      {"LoseConnection", lose_connection},
  };
  return kVerbs;
}

}  // namespace sb::script
