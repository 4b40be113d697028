#pragma once
// A customer of the demo at the chat widget: says hello, asks, waits with some patience, answers what the agent says
// after a pause for typing, and leaves when everything is said. One thread. Kept alive by its own timers and
// connection until it has left.
#include <functional>
#include <memory>
#include <string>

#include "bench/customers/chat_link.h"
#include "bench/customers/chat_script.h"
#include "bench/customers/ledger.h"
#include "bench/customers/random.h"

namespace sb::customers {

struct ChatCustomerPlan {
  Person person;
  ChatScript script;
  std::string visitor;   // token of an earlier visit, or empty
  std::string identity;  // signed token, or empty
  Millis patience{120'000};
  double pace = 1.0;
};

class ChatCustomer : public std::enable_shared_from_this<ChatCustomer> {
 public:
  using OnLeft = std::function<void(const std::string& visitor)>;

  ChatCustomer(asio::io_context& io, Websocket::Hub& hub, const Settings& settings, Random& random, Ledger& ledger,
               ChatCustomerPlan plan)
      : io_(io), hub_(hub), settings_(settings), random_(random), ledger_(ledger), plan_(std::move(plan)) {}

  void arrive(OnLeft left);
  void leave();  // at the end of the demo

 private:
  void take(std::string_view type, const boost::json::object& frame);
  void answer_agent();
  void say_next();
  void give_up_later();
  void go(const std::string& how);
  void after(Millis delay, std::function<void()> run);

  asio::io_context& io_;
  Websocket::Hub& hub_;
  const Settings& settings_;
  Random& random_;
  Ledger& ledger_;
  ChatCustomerPlan plan_;
  OnLeft left_;
  std::shared_ptr<ChatLink> link_;
  std::size_t said_ = 0;
  bool answering_ = false;
  bool assigned_ = false;
  bool ending_ = false;
  bool gone_ = false;
};

}  // namespace sb::customers
