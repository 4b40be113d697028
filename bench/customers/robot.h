#pragma once
// An agent of the demo played by the program: signs in, takes offers after a moment, chats in the customer's language,
// talks on the phone, and finishes its wrap-ups. One thread.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bench/customers/console_link.h"
#include "bench/customers/ledger.h"
#include "bench/customers/random.h"

namespace sb::customers {

class Robot : public std::enable_shared_from_this<Robot> {
 public:
  Robot(asio::io_context& io, Websocket::Hub& hub, HttpClient& http, const Settings& settings, AgentLogin agent,
        Random& random, Ledger& ledger, double pace)
      : io_(io),
        hub_(hub),
        http_(http),
        settings_(settings),
        agent_(std::move(agent)),
        random_(random),
        ledger_(ledger),
        pace_(pace) {}

  void begin();
  void stop();

 private:
  struct Work {
    std::string language;
    bool phone = false;
    std::size_t turns = 0;
    bool answering = false;
    std::uint64_t activity = 0;  // grows with every sign of life
  };

  void take(const Frame& frame);
  void take_snapshot(const switchboard::console::FrameBody::Snapshot& snapshot);
  void take_offer(const switchboard::console::OfferCard& offer);
  void take_work(const switchboard::console::WorkCard& card);
  void take_message(std::uint64_t interaction, const switchboard::console::ChatMessage& message);
  void take_wrap_up(const switchboard::console::WrapUpCard& card);
  void take_reply(const switchboard::console::FrameBody::Reply& reply);
  void begin_call(std::uint64_t interaction);
  void answer(std::uint64_t interaction);
  void end_when_quiet(std::uint64_t interaction);
  void after(Millis delay, std::function<void()> run);

  asio::io_context& io_;
  Websocket::Hub& hub_;
  HttpClient& http_;
  const Settings& settings_;
  AgentLogin agent_;
  Random& random_;
  Ledger& ledger_;
  double pace_;
  std::shared_ptr<ConsoleLink> link_;
  std::set<std::uint64_t> offers_;
  std::map<std::uint64_t, Work> work_;
  std::set<std::uint64_t> wrap_ups_;
  std::vector<std::string> dispositions_;
  std::uint64_t keys_ = 0;
  bool stopped_ = false;
};

}  // namespace sb::customers
