#pragma once
// An agent's console: signs in over HTTP, opens the console websocket with the protobuf subprotocol, hands on frames
// and sends requests. One thread. Kept alive by its websocket until close().
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bench/customers/console_codec.h"
#include "bench/customers/http_client.h"
#include "bench/customers/settings.h"
#include "bench/customers/websocket.h"

namespace sb::customers {

// POST /api/session; `done` gets the cookie, or an empty one and why. A 429 is tried again for up to two minutes.
void sign_in(asio::io_context& io, HttpClient& http, const AgentLogin& agent,
             std::function<void(const std::string& cookie, const std::string& why)> done);

class ConsoleLink : public std::enable_shared_from_this<ConsoleLink> {
 public:
  // Both must be given.
  struct Callbacks {
    std::function<void(const Frame&)> frame;
    std::function<void(const std::string& why)> closed;
  };

  void open(Websocket::Hub& hub, const Settings& settings, const std::string& cookie, Callbacks callbacks);

  // Collects a request; send() sends what was collected in one websocket message. The request to fill is reused.
  [[nodiscard]] Request& next();
  void add();
  void send();

  void accept(std::uint64_t offer);
  void end(std::uint64_t interaction);
  void say(std::uint64_t interaction, const std::string& text, const std::string& key);
  void typing(std::uint64_t interaction);
  void hold(std::uint64_t interaction, bool on);
  void wrap_up(std::uint64_t interaction, const std::string& disposition, const std::string& note);
  static constexpr std::uint64_t kPresenceRequest = 1;  // the id that set_available is usually sent under
  // Asks for a reply under `id`.
  void set_available(std::uint64_t id);

  void close();
  [[nodiscard]] bool is_open() const { return socket_ && socket_->is_open(); }

 private:
  void take(std::string_view payload, bool binary);

  std::shared_ptr<Callbacks> callbacks_;
  std::shared_ptr<Websocket> socket_;
  Request request_;
  std::string collected_;
};

}  // namespace sb::customers
