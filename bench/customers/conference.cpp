#include "bench/customers/conference.h"

#include <algorithm>
#include <utility>

#include "bench/customers/call.h"
#include "bench/customers/exchange.h"

namespace sb::customers {
namespace {

const char* word(bool value) {
  return value ? "true" : "false";
}

}  // namespace

Participant* Conference::find(const std::string& sid_or_label) {
  for (auto* list : {&participants_, &expected_}) {
    for (auto& p : *list) {
      if (p.call->sid() == sid_or_label || (!p.label.empty() && p.label == sid_or_label)) return &p;
    }
  }
  return nullptr;
}

void Conference::expect(Participant participant) {
  expected_.push_back(std::move(participant));
}

bool Conference::expects(const std::string& call_sid) const {
  return std::any_of(expected_.begin(), expected_.end(),
                     [&](const Participant& p) { return p.call->sid() == call_sid; });
}

void Conference::no_longer_expect(const std::string& call_sid) {
  const auto gone = std::remove_if(expected_.begin(), expected_.end(),
                                   [&](const Participant& p) { return p.call->sid() == call_sid; });
  if (gone == expected_.end()) return;
  expected_.erase(gone, expected_.end());
  // One that nobody ever joined never was.
  if (!ended_ && expected_.empty() && participants_.empty()) exchange_.close_conference(name_);
}

void Conference::listen(const std::string& callback_url, const std::set<std::string>& events) {
  if (!callback_url_.empty() || callback_url.empty()) return;
  callback_url_ = callback_url;
  events_ = events;
}

void Conference::tell(const std::string& event, const std::string& short_name, Form extra, const Participant* about) {
  if (callback_url_.empty() || !events_.count(short_name)) return;
  Form form = {{"ConferenceSid", sid_},
               {"FriendlyName", name_},
               {"AccountSid", exchange_.options().account_sid},
               {"Timestamp", rfc2822_now()},
               {"SequenceNumber", std::to_string(++sequence_)},
               {"StatusCallbackEvent", event}};
  if (about != nullptr) {
    form.emplace_back("CallSid", about->call->sid());
    if (!about->label.empty()) form.emplace_back("ParticipantLabel", about->label);
    form.emplace_back("Muted", word(about->muted));
    form.emplace_back("Hold", word(about->hold));
    form.emplace_back("Coaching", word(about->coaching));
    if (!about->coach_sid.empty()) form.emplace_back("CallSidToCoach", about->coach_sid);
    form.emplace_back("StartConferenceOnEnter", word(about->start_on_enter));
    form.emplace_back("EndConferenceOnExit", word(about->end_on_exit));
  }
  for (auto& f : extra) form.push_back(std::move(f));
  exchange_.notify(callback_url_, form, event);
}

void Conference::join(Participant participant) {
  if (ended_) return;
  participants_.push_back(std::move(participant));
  no_longer_expect(participants_.back().call->sid());
  tell("participant-join", "join", {}, &participants_.back());
  start_if_due();
}

void Conference::start_if_due() {
  if (participants_.size() < 2) return;
  const bool may_start =
      std::any_of(participants_.begin(), participants_.end(), [](const Participant& p) { return p.start_on_enter; });
  if (!started_ && !may_start) return;
  if (!std::exchange(started_, true)) tell("conference-start", "start", {}, nullptr);
  for (const auto& p : std::vector<Participant>(participants_)) p.call->talk_begins();
}

void Conference::leave(const std::string& call_sid, bool kicked) {
  const auto found = std::find_if(participants_.begin(), participants_.end(),
                                  [&](const Participant& p) { return p.call->sid() == call_sid; });
  if (found == participants_.end()) return;
  const Participant gone = *found;
  participants_.erase(found);
  tell("participant-leave", "leave",
       {{"ReasonParticipantLeft", kicked ? "participant_updated_via_api" : "participant_hung_up"},
        {"ParticipantCallStatus", to_text(gone.call->status())}},
       &gone);
  if (ended_) return;
  if (participants_.empty()) return finish(kicked ? "last-participant-kicked" : "last-participant-left", call_sid);
  if (gone.end_on_exit) {
    return finish(
        kicked ? "participant-with-end-conference-on-exit-kicked" : "participant-with-end-conference-on-exit-left",
        call_sid);
  }
  if (participants_.size() == 1) participants_.front().call->left_alone();
}

void Conference::set_hold(Participant& participant, bool hold) {
  if (std::exchange(participant.hold, hold) == hold) return;
  exchange_.ledger().count(hold ? "participants put on hold" : "participants taken off hold");
  tell(hold ? "participant-hold" : "participant-unhold", "hold", {}, &participant);
}

void Conference::set_muted(Participant& participant, bool muted) {
  if (std::exchange(participant.muted, muted) == muted) return;
  tell(muted ? "participant-mute" : "participant-unmute", "mute", {}, &participant);
}

void Conference::end() {
  if (!ended_) finish("conference-ended-via-api", {});
}

void Conference::finish(const std::string& reason, const std::string& ending_call) {
  const auto keep = shared_from_this();
  ended_ = true;
  exchange_.close_conference(name_);
  const auto rest = std::exchange(participants_, {});
  for (const auto& p : rest) {
    tell("participant-leave", "leave", {{"ReasonParticipantLeft", "participant_updated_via_api"}}, &p);
  }
  Form extra = {{"ReasonConferenceEnded", reason}};
  if (!ending_call.empty()) extra.emplace_back("CallSidEndingConference", ending_call);
  tell("conference-end", "end", extra, nullptr);
  for (const auto& p : rest) p.call->conference_is_over();
}

}  // namespace sb::customers
