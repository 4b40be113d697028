#pragma once
// A stand-in for the server, just true enough to docs/protocol.md for the customers to be tried on: sign-in, arrivals,
// the console websocket (protobuf) and the chat websocket. Written with Beast; runs on a thread of its own.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/customers/console_codec.h"

namespace sb::customers {

class FakeSession;

class FakeSwitchboard {
 public:
  // With faults on, chat messages are numbered with a gap.
  explicit FakeSwitchboard(bool faults = false);
  ~FakeSwitchboard();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::uint64_t interactions() const { return made_; }

 private:
  friend class FakeSession;
  struct Interaction {
    std::uint64_t id = 0;
    std::string text;
    std::weak_ptr<FakeSession> customer;
    std::weak_ptr<FakeSession> agent;
    std::uint64_t messages = 0;
    bool over = false;
  };

  void accept();
  [[nodiscard]] std::uint64_t arrive(const std::string& text, const std::shared_ptr<FakeSession>& customer);
  void match();
  void take_request(const std::shared_ptr<FakeSession>& agent, const Request& request);
  void take_chat(const std::shared_ptr<FakeSession>& customer, const std::string& json);
  void post(Interaction& interaction, bool by_agent, const std::string& text, const std::string& key);
  void end(Interaction& interaction, const std::string& by);

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  bool faults_;
  std::atomic<std::uint64_t> made_ = 0;
  std::map<std::uint64_t, Interaction> interactions_;
  std::deque<std::uint64_t> waiting_;
  std::deque<std::weak_ptr<FakeSession>> free_;
  std::thread thread_;
};

}  // namespace sb::customers
