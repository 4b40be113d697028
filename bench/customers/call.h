#pragma once
// One leg of the emulated provider: it rings, is answered, carries out the TwiML it is given, waits in a queue, talks
// in a conference, and ends, with the callbacks a real leg would send. A customer's leg follows a plan (which key,
// how patient, how long to talk); an agent's leg just stays until someone ends it. One thread.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/customers/clock.h"
#include "bench/customers/form.h"
#include "bench/customers/twiml.h"

namespace sb::customers {

class Exchange;
class Conference;
struct HttpReply;

enum class CallStatus { kQueued, kRinging, kInProgress, kCompleted, kBusy, kFailed, kNoAnswer, kCanceled };
[[nodiscard]] const char* to_text(CallStatus status);

struct CallerPlan {
  std::string key;           // empty: never presses one
  Millis press_delay{1500};  // after the menu begins
  std::string waiting_key;   // pressed when a key is asked for while waiting; empty: never
  Millis patience{90'000};   // from entering a queue
  Millis talk{40'000};
  bool hangs_up = true;  // after talking; else waits for the other side
};

struct CallFacts {
  std::string sid;
  std::string created;       // RFC 2822
  std::uint64_t number = 0;  // 1, 2, 3 ... as they were begun
  std::string from;
  std::string to;
  std::string direction;
  std::string parent_sid;
  std::string status_url;
  std::set<std::string> status_events{"completed"};
};

class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(Exchange& exchange, CallFacts facts, CallerPlan plan);

  [[nodiscard]] const std::string& sid() const { return facts_.sid; }
  [[nodiscard]] const CallFacts& facts() const { return facts_; }
  [[nodiscard]] CallStatus status() const { return status_; }
  [[nodiscard]] bool finished() const { return status_ >= CallStatus::kCompleted; }
  [[nodiscard]] bool talked() const { return talked_; }

  void ring_in(const std::string& voice_url);
  // `outcome` is kInProgress, kNoAnswer or kBusy.
  void ring_out(Millis ring, CallStatus outcome, Millis timeout, std::function<void(Call&)> answered);
  void on_finished(std::function<void(Call&)> finished) { finished_ = std::move(finished); }

  // The server's orders; whatever the leg is doing is interrupted.
  void go_to(const std::string& url);
  void do_twiml(const std::string& twiml, const std::string& base_url);
  void hang_up(CallStatus how);

  // The conference's news.
  void enter_conference(const std::shared_ptr<Conference>& conference);
  void talk_begins();
  void left_alone();
  void conference_is_over();

 private:
  struct Script {
    std::vector<Verb> verbs;
    std::size_t next = 0;
    std::string base_url;
  };
  struct Waiting {
    std::string queue;
    std::string queue_sid;
    std::string wait_url;
    std::string action;
    std::uint64_t since_ns = 0;
    std::uint64_t polled_ns = 0;
    Script script;
  };

  [[nodiscard]] Form form() const;
  // Else an agent's leg.
  [[nodiscard]] bool is_customer() const;
  [[nodiscard]] std::string resolve(const std::string& reference) const;
  [[nodiscard]] std::function<void()> if_still_here(std::function<void()> next);
  void set_status(CallStatus status, Form extra = {});
  void fetch(const std::string& url, const Form& extra, bool waiting);
  void take_document(const HttpReply& reply, const std::string& url, bool waiting);
  void run(TwimlDocument document, const std::string& base_url, bool waiting);
  void interrupt(const std::string& queue_result);
  void continue_after(Millis delay);
  void step();
  void perform(const Verb& verb);
  [[nodiscard]] Millis play_length(const Verb& verb);
  void gather(const Verb& verb);
  void enqueue(const Verb& verb);
  void poll_wait_document();
  [[nodiscard]] Form queue_form() const;
  void leave_queue(const std::string& result, bool follow_action);
  void dial(const Verb& verb);
  void dial_conference(const Verb& noun);
  void dial_legs(const Verb& verb);
  void leg_answered(Call& leg);
  void leg_finished(Call& leg);
  void dial_is_over(const std::string& dial_status);
  void leave_conference();

  Exchange& exchange_;
  CallFacts facts_;
  CallerPlan plan_;
  CallStatus status_ = CallStatus::kQueued;
  std::uint64_t turn_ = 0;  // what was begun in an earlier turn no longer counts
  std::uint64_t sequence_ = 0;
  std::uint64_t answered_ns_ = 0;
  Script script_;
  std::optional<Waiting> waiting_;
  std::shared_ptr<Conference> conference_;
  std::vector<std::shared_ptr<Call>> legs_;
  std::string dial_action_;
  bool dialing_ = false;
  bool bridged_ = false;
  bool talked_ = false;
  std::function<void(Call&)> finished_;
};

}  // namespace sb::customers
