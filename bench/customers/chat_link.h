#pragma once
// The chat widget's wire from the customer's side, with the checks a customer would want: messages are numbered without
// gaps, every own message is acknowledged once, nothing unknown comes. One thread. Kept alive by its websocket.
#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "bench/customers/settings.h"
#include "bench/customers/websocket.h"

namespace sb::customers {

class ChatLink : public std::enable_shared_from_this<ChatLink> {
 public:
  // All must be given.
  struct Callbacks {
    std::function<void()> opened;
    std::function<void(std::string_view type, const boost::json::object&)> frame;
    std::function<void(const std::string& problem)> problem;
    std::function<void(std::uint16_t code, const std::string& reason)> closed;
  };
  struct Hello {
    std::string visitor;
    std::uint64_t since = 0;
    std::string identity;
    std::string language;
    std::string page;
    std::string queue;
  };

  void open(Websocket::Hub& hub, const Settings& settings, const std::optional<asio::ip::address>& source,
            Callbacks callbacks);

  void hello(const Hello& hello);
  void start(const std::string& text, const std::string& name, const std::string& queue);
  void message(const std::string& text);
  void typing();
  void end();
  // The closing handshake; `closed` follows.
  void close();
  // No callback follows.
  void drop();

  [[nodiscard]] std::size_t unacknowledged() const { return unacknowledged_.size(); }
  [[nodiscard]] std::uint64_t last_number() const { return last_number_; }

 private:
  void take(std::string_view payload, bool binary);
  void check(std::string_view type, const boost::json::object& frame);
  void see(std::uint64_t number, bool restarted);
  void problem(const std::string& what);
  void send(const boost::json::object& frame);
  [[nodiscard]] std::string new_key();

  std::shared_ptr<Callbacks> callbacks_;
  std::shared_ptr<Websocket> socket_;
  std::set<std::string> unacknowledged_;
  std::uint64_t keys_ = 0;
  std::uint64_t last_number_ = 0;     // of a message
  std::uint64_t highest_number_ = 0;  // of a message or an ack
  bool may_restart_ = false;          // a new interaction may count from 1 again
  bool welcomed_ = false;
};

[[nodiscard]] std::string text_of(const boost::json::object& frame, std::string_view key);
[[nodiscard]] std::uint64_t number_of(const boost::json::object& frame, std::string_view key);

}  // namespace sb::customers
