#pragma once
// One console websocket: decodes requests into commands, answers them. What is told to the agent goes through the desk.
#include <memory>
#include <string>

#include "console/hub.h"
#include "console/json_codec.h"

namespace sb::console {

class ConsoleSession : public net::WsHandler, public std::enable_shared_from_this<ConsoleSession> {
 public:
  // An observer (supervisor page) watches without signing in as an agent.
  ConsoleSession(Hub& hub, const engine::AgentInfo& who, Encoding encoding, bool observer, Seq since);

  void on_open(std::shared_ptr<net::WebSocket> socket) override;
  void on_message(std::string_view payload, bool binary) override;
  void on_close(std::uint16_t code) override;
  void on_drained() override;

  [[nodiscard]] const engine::AgentInfo& who() const { return who_; }
  [[nodiscard]] std::uint64_t id() const { return id_; }
  [[nodiscard]] Encoding encoding() const { return encoding_; }
  [[nodiscard]] bool observer() const { return observer_; }
  [[nodiscard]] Seq since() const { return since_; }
  [[nodiscard]] const std::shared_ptr<net::WebSocket>& socket() const { return socket_; }

  // Sends one frame at once, past the desk.
  void send(Seq seq, FrameBody body);
  void close(std::uint16_t code, std::string_view reason) { socket_->close(code, reason); }

 private:
  void on_request(const Request& request);
  void refuse(std::uint64_t id, std::string_view code, std::string_view message);
  void submit(std::uint64_t id, Command command, std::string key = {}, std::vector<std::string> contents = {});
  void send_message(std::uint64_t id, const request::SendMessage& r);
  void transfer(std::uint64_t id, const request::Transfer& r);
  void invite_outside(std::uint64_t id, const request::InviteOutside& r);

  Hub& hub_;
  const engine::AgentInfo& who_;
  Encoding encoding_;
  bool observer_;
  Seq since_;
  std::uint64_t id_;  // random: names this session in commands
  std::shared_ptr<net::WebSocket> socket_;
};

// For people; the console translates the code.
[[nodiscard]] std::string_view explain(Rejection rejection);

}  // namespace sb::console
