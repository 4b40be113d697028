#include "bench/customers/exchange.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <ctime>

#include "bench/customers/call.h"
#include "bench/customers/conference.h"

namespace sb::customers {
namespace {

constexpr Millis kRepeatDelay{150};
constexpr Millis kLateDelay{400};

}  // namespace

std::string rfc2822_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[48];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &utc);
  return text;
}

Exchange::Exchange(asio::io_context& io, ExchangeOptions options, Webhooks& webhooks, Random& random, Ledger& ledger)
    : io_(io), options_(std::move(options)), webhooks_(webhooks), random_(random), ledger_(ledger) {}

Exchange::~Exchange() = default;

std::shared_ptr<Call> Exchange::call_in(const std::string& from, const std::string& to, const std::string& voice_url,
                                        const std::string& status_url, const CallerPlan& plan) {
  CallFacts facts;
  facts.sid = random_.sid("CA");
  facts.created = rfc2822_now();
  facts.number = ++calls_made_;
  facts.from = from;
  facts.to = to;
  facts.direction = "inbound";
  facts.status_url = status_url;
  auto call = std::make_shared<Call>(*this, facts, plan);
  calls_[facts.sid] = call;
  ledger_.count("calls placed by customers");
  call->ring_in(voice_url);
  return call;
}

std::shared_ptr<Call> Exchange::call_out(const LegOrder& order, std::function<void(Call&)> answered) {
  CallFacts facts;
  facts.sid = random_.sid("CA");
  facts.created = rfc2822_now();
  facts.number = ++calls_made_;
  facts.from = order.from;
  facts.to = order.to;
  facts.direction = order.parent_sid.empty() ? "outbound-api" : "outbound-dial";
  facts.parent_sid = order.parent_sid;
  facts.status_url = order.status_url;
  facts.status_events = order.status_events;
  auto call = std::make_shared<Call>(*this, facts, CallerPlan{});
  calls_[facts.sid] = call;
  ledger_.count("calls placed by the server");
  const bool to_customer = order.parent_sid.empty() && order.to.rfind('+', 0) == 0;
  CallStatus outcome = CallStatus::kInProgress;
  if (to_customer && random_.chance(options_.customer_busy_share)) {
    outcome = CallStatus::kBusy;
  } else if (random_.chance(to_customer ? options_.customer_no_answer_share : options_.no_answer_share)) {
    outcome = CallStatus::kNoAnswer;
  }
  if (to_customer) ledger_.line(order.to + " is called back" + (outcome == CallStatus::kInProgress ? "" : ", in vain"));
  call->ring_out(random_.between(options_.ring_min, options_.ring_max), outcome, order.timeout, std::move(answered));
  return call;
}

std::vector<std::shared_ptr<Call>> Exchange::calls_between(const std::string& from, const std::string& to) const {
  std::vector<std::shared_ptr<Call>> found;
  for (const auto& [sid, call] : calls_) {
    if (call->facts().from == from && call->facts().to == to) found.push_back(call);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a->facts().number > b->facts().number; });
  return found;
}

std::shared_ptr<Call> Exchange::find_call(const std::string& sid) const {
  const auto found = calls_.find(sid);
  return found == calls_.end() ? nullptr : found->second;
}

std::shared_ptr<Conference> Exchange::find_conference(const std::string& sid_or_name) const {
  if (const auto found = conferences_.find(sid_or_name); found != conferences_.end()) return found->second;
  for (const auto& [name, conference] : conferences_) {
    if (conference->sid() == sid_or_name) return conference;
  }
  return nullptr;
}

std::shared_ptr<Conference> Exchange::open_conference(const std::string& name) {
  auto& conference = conferences_[name];
  if (!conference) {
    conference = std::make_shared<Conference>(*this, random_.sid("CF"), name);
    ledger_.count("conferences");
  }
  return conference;
}

void Exchange::close_conference(const std::string& name) {
  conferences_.erase(name);
}

void Exchange::forget_call(const std::string& sid) {
  after(Millis(60'000), [this, sid] { calls_.erase(sid); });
}

void Exchange::enter_queue(const std::string& queue, const std::string& call_sid) {
  queues_[queue].push_back(call_sid);
}

void Exchange::leave_queue(const std::string& queue, const std::string& call_sid) {
  auto& waiting = queues_[queue];
  waiting.erase(std::remove(waiting.begin(), waiting.end(), call_sid), waiting.end());
}

std::size_t Exchange::position(const std::string& queue, const std::string& call_sid) const {
  const auto found = queues_.find(queue);
  if (found == queues_.end()) return 0;
  const auto place = std::find(found->second.begin(), found->second.end(), call_sid);
  return static_cast<std::size_t>(place - found->second.begin()) + 1;
}

std::size_t Exchange::queue_size(const std::string& queue) const {
  const auto found = queues_.find(queue);
  return found == queues_.end() ? 0 : found->second.size();
}

void Exchange::after(Millis delay, std::function<void()> run) {
  const auto scaled = std::chrono::duration_cast<std::chrono::microseconds>(delay * options_.pace);
  auto timer = std::make_shared<asio::steady_timer>(io_, scaled);
  timer->async_wait([timer, run = std::move(run)](boost::system::error_code error) {
    if (!error) run();
  });
}

void Exchange::notify(const std::string& url, const Form& form, const std::string& what) {
  if (url.empty()) return;
  if (random_.chance(options_.fault_share / 2)) {
    ledger_.count("callbacks sent late");
    after(kLateDelay, [this, url, form, what] { send(url, form, what); });
    return;
  }
  send(url, form, what);
  if (random_.chance(options_.fault_share / 2)) {
    ledger_.count("callbacks repeated");
    after(kRepeatDelay, [this, url, form, what] { send(url, form, what); });
  }
}

void Exchange::send(const std::string& url, const Form& form, const std::string& what) {
  ledger_.count("callbacks");
  const bool sent = webhooks_.post(url, form, [this, what](const HttpReply& reply) {
    if (reply.status < 200 || reply.status > 299) {
      ledger_.error(what + " callback was answered " + std::to_string(reply.status) + " " + reply.body.substr(0, 120));
    }
  });
  if (!sent) ledger_.error(what + " callback goes to a foreign address: " + url);
}

void Exchange::check_audio(const std::string& url) {
  if (audio_.size() > 1000 || !audio_.insert(url).second) return;
  const bool sent = webhooks_.get(url, [this, url](const HttpReply& reply) {
    ledger_.count("audio files fetched");
    if (reply.status != 200) ledger_.error("audio " + url + " was answered " + std::to_string(reply.status));
  });
  if (!sent) ledger_.error("audio at a foreign address: " + url);
}

void Exchange::hang_up_all() {
  const auto calls = calls_;
  for (const auto& [sid, call] : calls) call->hang_up(CallStatus::kCompleted);
}

std::size_t Exchange::live_calls() const {
  return static_cast<std::size_t>(
      std::count_if(calls_.begin(), calls_.end(), [](const auto& entry) { return !entry.second->finished(); }));
}

}  // namespace sb::customers
