#pragma once
// One conference of the emulated provider: who is in it, and the callbacks about it. It begins when two are in it and
// one of them may begin it; it ends when the last leaves or one leaves who takes the rest along. One thread.
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bench/customers/form.h"

namespace sb::customers {

class Call;
class Exchange;

struct Participant {
  std::shared_ptr<Call> call;
  std::string label;
  bool start_on_enter = true;
  bool end_on_exit = false;
  bool muted = false;
  bool hold = false;
  bool coaching = false;
  std::string coach_sid;
};

class Conference : public std::enable_shared_from_this<Conference> {
 public:
  Conference(Exchange& exchange, std::string sid, std::string name)
      : exchange_(exchange), sid_(std::move(sid)), name_(std::move(name)) {}

  [[nodiscard]] const std::string& sid() const { return sid_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] std::size_t size() const { return participants_.size(); }
  [[nodiscard]] Participant* find(const std::string& sid_or_label);

  // The first address given counts. `events` are the provider's short names: start end join leave mute hold ...
  void listen(const std::string& callback_url, const std::set<std::string>& events);
  // A leg that rings and will join when it is answered; it can already be found.
  void expect(Participant participant);
  void no_longer_expect(const std::string& call_sid);
  [[nodiscard]] bool expects(const std::string& call_sid) const;
  void join(Participant participant);
  // `kicked` when the server removed it.
  void leave(const std::string& call_sid, bool kicked);
  void set_hold(Participant& participant, bool hold);
  void set_muted(Participant& participant, bool muted);
  void end();  // by the server

 private:
  void tell(const std::string& event, const std::string& short_name, Form extra, const Participant* about);
  void start_if_due();
  void finish(const std::string& reason, const std::string& ending_call);

  Exchange& exchange_;
  std::string sid_;
  std::string name_;
  std::string callback_url_;
  std::set<std::string> events_;
  std::vector<Participant> participants_;
  std::vector<Participant> expected_;
  std::uint64_t sequence_ = 0;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace sb::customers
