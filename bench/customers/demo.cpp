#include "bench/customers/demo.h"

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <iostream>
#include <set>

#include "bench/customers/call.h"
#include "bench/customers/chat_customer.h"
#include "bench/customers/exchange.h"
#include "bench/customers/rest_api.h"
#include "bench/customers/robot.h"
#include "bench/customers/signature.h"

namespace sb::customers {
namespace {

constexpr std::size_t kVisitorsMax = 200;  // tokens kept for customers who come back
constexpr std::size_t kChatsMax = 500;     // open at once
constexpr std::size_t kCallsMax = 500;
constexpr Millis kLeaveTime{3000};  // for the last hang-ups to arrive
constexpr std::size_t kWebhookConnections = 8;

class Demo {
 public:
  Demo(const DemoOptions& options, Settings settings)
      : options_(options),
        settings_(std::move(settings)),
        random_(options.seed),
        hub_(io_),
        http_(io_, settings_.server, settings_.host, kWebhookConnections),
        arrivals_(io_),
        deadline_(io_),
        signals_(io_, SIGINT, SIGTERM) {}

  int run() {
    std::string why;
    if (!begin_phone(why) || !begin_robots(why)) {
      std::cerr << why << '\n';
      return 2;
    }
    ledger_.line("customers arrive at " + settings_.public_url + ", about " +
                 std::to_string(static_cast<int>(options_.rate_per_minute)) + " a minute");
    deadline_.expires_after(std::chrono::milliseconds(static_cast<std::int64_t>(options_.minutes * 60'000)));
    deadline_.async_wait([this](boost::system::error_code error) {
      if (!error) finish();
    });
    signals_.async_wait([this](boost::system::error_code error, int) {
      if (!error) finish();
    });
    next_arrival();
    io_.run();
    ledger_.print_summary();
    return ledger_.errors() == 0 ? 0 : 1;
  }

 private:
  bool begin_phone(std::string& why) {
    if (!settings_.twilio || settings_.numbers.empty()) return true;
    const auto& account = *settings_.twilio;
    webhooks_ = std::make_unique<Webhooks>(http_, settings_.public_url, account.auth_token);
    ExchangeOptions exchange;
    exchange.account_sid = account.account_sid;
    exchange.pace = options_.pace;
    exchange.no_answer_share = options_.agent_no_answer_share;
    exchange.customer_busy_share = 0.15;
    exchange.customer_no_answer_share = 0.15;
    exchange_ = std::make_unique<Exchange>(io_, exchange, *webhooks_, random_, ledger_);
    api_ = std::make_unique<RestApi>(*exchange_, account.account_sid, account.auth_token);
    provider_ = std::make_unique<HttpServer>(io_, [this](const HttpRequest& request) { return api_->handle(request); });
    if (!provider_->listen(account.api, why)) return false;
    ledger_.line("the phone company answers at " + account.api.address().to_string() + ":" +
                 std::to_string(account.api.port()));
    return true;
  }

  bool begin_robots(std::string& why) {
    const auto wanted = [&](const std::string& login) {
      return std::any_of(options_.robots.begin(), options_.robots.end(),
                         [&](const std::string& r) { return r == "all" || r == login; });
    };
    for (const auto& login : options_.robots) {
      const bool known = login == "all" || std::any_of(settings_.agents.begin(), settings_.agents.end(),
                                                       [&](const AgentLogin& a) { return a.login == login; });
      if (!known) {
        why = "the configuration has no agent '" + login + "'";
        return false;
      }
    }
    for (const auto& agent : settings_.agents) {
      if (!wanted(agent.login)) continue;
      robots_.push_back(std::make_shared<Robot>(io_, hub_, http_, settings_, agent, random_, ledger_, options_.pace));
      robots_.back()->begin();
    }
    return true;
  }

  void next_arrival() {
    const double mean_ms = 60'000.0 / std::max(0.01, options_.rate_per_minute);
    arrivals_.expires_after(random_.exponential(Millis(static_cast<std::int64_t>(mean_ms))));
    arrivals_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      arrive();
      next_arrival();
    });
  }

  void arrive() {
    const bool chinese = random_.below(100) < options_.chinese_percent;
    const bool calls = exchange_ && random_.below(100) < options_.calls_percent;
    const Person person = pick_person(random_, chinese ? "zh" : "en");
    if (calls) {
      call(person, chinese);
    } else {
      chat(person, chinese);
    }
  }

  void call(const Person& person, bool chinese) {
    if (exchange_->live_calls() >= kCallsMax) return ledger_.count("calls not made: too many at once");
    std::vector<const PhoneNumber*> numbers;
    for (const auto& number : settings_.numbers) {
      if ((number.language.rfind("zh", 0) == 0) == chinese) numbers.push_back(&number);
    }
    const PhoneNumber& number = numbers.empty() ? settings_.numbers.front() : *random_.pick(numbers);
    CallerPlan plan;
    if (!number.menu.empty() && !random_.chance(0.05)) plan.key = random_.pick(number.menu).key;
    plan.press_delay = random_.between(Millis(1500), Millis(5000));
    plan.patience = Millis(20'000) + random_.exponential(Millis(90'000));
    if (random_.chance(0.5)) plan.waiting_key = settings_.callback_key;
    plan.talk = Millis(15'000) + random_.exponential(Millis(45'000));
    plan.hangs_up = random_.chance(0.8);
    ledger_.line(person.phone + " (" + person.name + ") calls " + number.number +
                 (plan.key.empty() ? "" : ", will press " + plan.key));
    const auto url = [this](const std::string& path) { return settings_.public_url + path; };
    exchange_->call_in(person.phone, number.number, url(options_.voice_path), url(options_.status_path), plan);
  }

  void chat(const Person& person, bool chinese) {
    if (chats_.size() >= kChatsMax) return ledger_.count("chats not begun: too many at once");
    ChatCustomerPlan plan;
    plan.person = person;
    plan.script = pick_script(random_, chinese ? "zh" : "en");
    plan.pace = options_.pace;
    plan.patience = Millis(45'000) + random_.exponential(Millis(120'000));
    if (const auto known = visitors_.find(person.email); known != visitors_.end() && random_.chance(0.6)) {
      plan.visitor = known->second;
      visitors_.erase(known);  // nobody chats twice at once under one token
    } else if (!settings_.identity_secret.empty() && random_.chance(0.4)) {
      plan.identity = identity_token(
          settings_.identity_secret,
          boost::json::serialize(boost::json::object{{"sub", person.email},
                                                     {"email", person.email},
                                                     {"name", person.name},
                                                     {"phone", person.phone},
                                                     {"exp", static_cast<std::int64_t>(std::time(nullptr)) + 3600}}));
    }
    ledger_.line(person.name + " opens the chat: " + plan.script.lines.front());
    auto customer = std::make_shared<ChatCustomer>(io_, hub_, settings_, random_, ledger_, std::move(plan));
    chats_.insert(customer);
    customer->arrive(
        [this, weak = std::weak_ptr<ChatCustomer>(customer), email = person.email](const std::string& token) {
          if (!token.empty() && visitors_.size() < kVisitorsMax) visitors_[email] = token;
          if (const auto gone = weak.lock()) chats_.erase(gone);
        });
  }

  void finish() {
    if (std::exchange(finishing_, true)) return;
    arrivals_.cancel();
    deadline_.cancel();
    signals_.cancel();
    ledger_.line("no more customers; the last ones leave");
    if (exchange_) exchange_->hang_up_all();
    const auto chats = chats_;
    for (const auto& chat : chats) chat->leave();
    deadline_.expires_after(kLeaveTime);
    deadline_.async_wait([this](boost::system::error_code) {
      for (const auto& robot : robots_) robot->stop();
      io_.stop();
    });
  }

  const DemoOptions& options_;
  Settings settings_;
  asio::io_context io_{1};
  Ledger ledger_{std::cout};
  Random random_;
  Websocket::Hub hub_;
  HttpClient http_;
  asio::steady_timer arrivals_;
  asio::steady_timer deadline_;
  asio::signal_set signals_;
  std::unique_ptr<Webhooks> webhooks_;
  std::unique_ptr<Exchange> exchange_;
  std::unique_ptr<RestApi> api_;
  std::unique_ptr<HttpServer> provider_;
  std::vector<std::shared_ptr<Robot>> robots_;
  std::set<std::shared_ptr<ChatCustomer>> chats_;
  std::map<std::string, std::string> visitors_;
  bool finishing_ = false;
};

}  // namespace

int run_demo(const DemoOptions& options) {
  std::string why;
  auto settings = read_settings(options.config, why);
  if (!settings) {
    std::cerr << why << '\n';
    return 2;
  }
  return Demo(options, std::move(*settings)).run();
}

}  // namespace sb::customers
