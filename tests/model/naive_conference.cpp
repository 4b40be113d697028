// Several agents in one conversation, and an outside party.
#include <algorithm>

#include "tests/model/naive.h"

namespace sb::model {

using R = Rejection;

namespace {
// Everybody with a part in it, as often as they have one.
std::vector<AgentId> company(const Work& w) {
  std::vector<AgentId> all;
  if (w.agent) all.push_back(w.agent);
  if (w.consultant) all.push_back(w.consultant);
  for (const Participant& p : w.participants) all.push_back(p.agent);
  return all;
}
}  // namespace

bool Naive::involved(const Work& w, AgentId agent) {
  const std::vector<AgentId> all = company(w);
  return std::find(all.begin(), all.end(), agent) != all.end();
}

std::string Naive::odd_company() const {
  for (const Work& w : work_) {
    const std::string what = "interaction " + std::to_string(w.id.value);
    std::vector<AgentId> all = company(w);
    std::sort(all.begin(), all.end());
    if (std::adjacent_find(all.begin(), all.end()) != all.end()) return what + " has somebody twice";
    if (w.participants.size() > 5) return what + " has too many participants";
    for (const Ask& ask : w.asks) {
      if (involved(w, ask.agent)) return what + " asks somebody who is in it";
    }
    const bool alone = w.participants.empty() && w.outside == OutsideState::kNone;
    if (!alone && (w.stage != Stage::kActive || w.parked)) return what + " is not going on and has several in it";
    if (w.outside == OutsideState::kCalling && w.warm) return what + " seeks help twice at once";
  }
  return {};
}

R Naive::on(const command::ConferenceInteraction& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!c.agent || w->agent != c.agent) return R::kNotOwner;
  if (!w->consultant) return R::kWrongState;
  if (w->participants.size() == 5) return R::kConferenceFull;
  w->participants.push_back({w->consultant, w->consultant_soft, w->consultant_order});
  w->held = false;
  consultation_over(*w);
  return R::kNone;
}

// The first to join has it from now on.
void Naive::hand_over(Work& w) {
  const AgentId gone = w.agent;
  const Participant first = w.participants.front();
  w.participants.erase(w.participants.begin());
  w.agent = first.agent;
  w.soft = first.soft;
  w.agent_order = first.order;
  w.held = false;
  touch_idle(gone);
}

void Naive::leave(Work& w, AgentId who) {
  std::erase_if(w.participants, [&](const Participant& p) { return p.agent == who; });
  touch_idle(who);
  seek_work(who);
}

R Naive::on(const command::LeaveConference& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  const bool owner = c.agent && c.agent == w->agent;
  const bool member = involved(*w, c.participant) && c.participant != w->agent && c.participant != w->consultant;
  if (!owner && (c.agent != c.participant || !member)) return R::kNotOwner;
  if (c.participant != w->agent) {
    if (!member) return R::kWrongState;
    leave(*w, c.participant);
    return R::kNone;
  }
  if (w->participants.empty()) return R::kWrongState;
  if (w->warm) return R::kTransferPending;
  const Work before = *w;
  hand_over(*w);
  wrap_up(c.agent, before);
  seek_work(c.agent);
  return R::kNone;
}

R Naive::on(const command::InviteOutside& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (!c.agent || w->agent != c.agent) return R::kNotOwner;
  if (w->stage != Stage::kActive) return R::kWrongState;
  if (w->channel != Channel::kPhone || c.content == 0) return R::kInvalidArgument;
  if (w->warm || w->outside != OutsideState::kNone) return R::kTransferPending;
  w->outside = OutsideState::kCalling;
  return R::kNone;
}

R Naive::on(const command::JoinOutside& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (w->outside == OutsideState::kNone) return R::kWrongState;
  w->outside = OutsideState::kConnected;
  return R::kNone;
}

R Naive::on(const command::DropOutside& c) {
  Work* w = find(c.interaction);
  if (!w) return R::kUnknownInteraction;
  if (c.agent && w->agent != c.agent) return R::kNotOwner;
  if (c.reason.size() > 64) return R::kInvalidArgument;
  if (w->outside == OutsideState::kNone) return R::kWrongState;
  w->outside = OutsideState::kNone;
  return R::kNone;
}

}  // namespace sb::model
