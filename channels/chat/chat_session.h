#pragma once
// One browser tab: its websocket, whose it is, and how far it has seen its conversation.
//
// Owner thread: the release executor (the connection's io thread). Messages are never queued here: a socket that takes
// no more is left alone until it has drained, and then goes on from the journal at the next number.
#include <memory>
#include <string>

#include "channels/chat/chat_codec.h"
#include "channels/chat/conversation.h"
#include "channels/chat/visitor_token.h"
#include "crm/identity.h"
#include "net/websocket.h"

namespace sb::chat {

class ChatEdge;

class ChatSession final : public net::WsHandler, public std::enable_shared_from_this<ChatSession> {
 public:
  // A customer whom the embedding site vouches for.
  struct Person {
    crm::Address address;
    std::string name;
  };

  explicit ChatSession(ChatEdge& edge) : edge_(edge) {}

  void on_open(std::shared_ptr<net::WebSocket> socket) override;
  void on_message(std::string_view payload, bool binary) override;
  void on_close(std::uint16_t code) override;
  void on_drained() override;

  // False: the socket takes nothing more for now; what can be told again later is marked so.
  bool send(net::WebSocket::Payload payload);
  bool send(std::string frame) { return send(std::make_shared<const std::string>(std::move(frame))); }
  void send_error(std::string_view code, std::string_view message, std::string_view key);
  void close(std::uint16_t code, std::string_view reason);

  // Follows the conversation from the message after `since` on.
  void join(std::shared_ptr<Conversation> conversation, std::uint64_t since);
  void leave();
  // A new message, encoded once for all tabs.
  void deliver(std::uint64_t number, const net::WebSocket::Payload& payload);
  // Position or agent, as last announced.
  void show_status();
  void send_status(const net::WebSocket::Payload& payload);
  void send_typing(const net::WebSocket::Payload& payload);
  // Sends what is missing and, if the conversation is over, its last word.
  void catch_up();

  [[nodiscard]] bool said_hello() const { return said_hello_; }
  [[nodiscard]] bool follows_live() const { return conversation_ && !conversation_->is_over; }
  [[nodiscard]] const std::shared_ptr<Conversation>& conversation() const { return conversation_; }
  [[nodiscard]] const std::string& remote_address() const { return socket_->remote_address(); }

  // Set by hello.
  VisitorTokens::VisitorId visitor{};
  IdentityHash visitor_hash;
  IdentityHash identity;           // of the person if there is one, else of the visitor
  std::unique_ptr<Person> person;  // null: anonymous
  std::string name;                // as the customer gave it
  std::string language;
  std::string page;
  QueueId queue;  // none: the default

 private:
  friend class ChatEdge;
  ChatEdge& edge_;
  std::shared_ptr<net::WebSocket> socket_;  // null once closed
  std::shared_ptr<Conversation> conversation_;
  std::uint64_t sent_ = 0;  // number of the last message sent
  TimeMs typed_ms_ = 0;
  bool said_hello_ = false;
  bool is_blocked_ = false;       // the socket's buffer is full
  bool status_is_stale_ = false;  // a change of position or agent was not sent
};

}  // namespace sb::chat
