#pragma once
// The emulated provider's telephone network: its calls, conferences and queues, and the callbacks about them. Time is
// scaled by `pace` (1: as in life). One thread. Calls refer to the exchange, so it outlives the io_context's run.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bench/customers/ledger.h"
#include "bench/customers/random.h"
#include "bench/customers/webhooks.h"

namespace sb::customers {

class Call;
class Conference;
struct CallerPlan;

struct ExchangeOptions {
  std::string account_sid;
  double pace = 1.0;
  double no_answer_share = 0.0;      // of agents' legs
  double customer_busy_share = 0.0;  // of customers who are called back
  double customer_no_answer_share = 0.0;
  double fault_share = 0.05;  // of callbacks: repeated, or late and so out of order
  Millis ring_min{1000};
  Millis ring_max{3000};
};

class Exchange {
 public:
  Exchange(asio::io_context& io, ExchangeOptions options, Webhooks& webhooks, Random& random, Ledger& ledger);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // A customer calls one of our numbers.
  std::shared_ptr<Call> call_in(const std::string& from, const std::string& to, const std::string& voice_url,
                                const std::string& status_url, const CallerPlan& plan);
  // A leg the server asked for (or a Dial): rings, then `answered` runs unless nobody picks up.
  struct LegOrder {
    std::string from;
    std::string to;
    std::string parent_sid;
    std::string status_url;
    std::set<std::string> status_events{"completed"};
    Millis timeout{60'000};
  };
  std::shared_ptr<Call> call_out(const LegOrder& order, std::function<void(Call&)> answered);

  // Newest first.
  [[nodiscard]] std::vector<std::shared_ptr<Call>> calls_between(const std::string& from, const std::string& to) const;
  [[nodiscard]] std::shared_ptr<Call> find_call(const std::string& sid) const;
  [[nodiscard]] std::shared_ptr<Conference> find_conference(const std::string& sid_or_name) const;
  std::shared_ptr<Conference> open_conference(const std::string& name);
  void close_conference(const std::string& name);
  void forget_call(const std::string& sid);  // some time after its end

  // Queues: 1-based position while waiting.
  void enter_queue(const std::string& queue, const std::string& call_sid);
  void leave_queue(const std::string& queue, const std::string& call_sid);
  [[nodiscard]] std::size_t position(const std::string& queue, const std::string& call_sid) const;
  [[nodiscard]] std::size_t queue_size(const std::string& queue) const;

  // Runs after `delay` of the callers' time.
  void after(Millis delay, std::function<void()> run);
  // A callback nobody waits for; sometimes repeated or late.
  void notify(const std::string& url, const Form& form, const std::string& what);
  // Fetches audio once per address, to see that it is there.
  void check_audio(const std::string& url);
  void hang_up_all();

  [[nodiscard]] const ExchangeOptions& options() const { return options_; }
  [[nodiscard]] Webhooks& webhooks() { return webhooks_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] Ledger& ledger() { return ledger_; }
  [[nodiscard]] std::size_t live_calls() const;

 private:
  void send(const std::string& url, const Form& form, const std::string& what);

  asio::io_context& io_;
  ExchangeOptions options_;
  Webhooks& webhooks_;
  Random& random_;
  Ledger& ledger_;
  std::map<std::string, std::shared_ptr<Call>> calls_;
  std::map<std::string, std::shared_ptr<Conference>> conferences_;  // by name, live ones
  std::map<std::string, std::vector<std::string>> queues_;
  std::set<std::string> audio_;
  std::uint64_t calls_made_ = 0;
};

// "Thu, 15 Jan 2026 10:03:20 +0000"
[[nodiscard]] std::string rfc2822_now();

}  // namespace sb::customers
