#include "channels/chat/chat_session.h"

#include "channels/chat/chat_edge.h"

namespace sb::chat {

void ChatSession::on_open(std::shared_ptr<net::WebSocket> socket) {
  socket_ = std::move(socket);
  edge_.opened(shared_from_this());
}

void ChatSession::on_message(std::string_view payload, bool binary) {
  if (!socket_) return;
  auto frame = binary ? std::unexpected(FrameError{}) : parse_client_frame(payload);
  if (!frame) {
    const FrameError& error = frame.error();
    if (!said_hello_) return close(net::close_code::kPolicy, "hello expected");
    if (error.closes()) return close(net::close_code::kInvalidUtf8, "malformed frame");
    if (error.field == "phone") return send_error("bad_phone", kBadPhone, error.key);
    const bool long_text = error.code == FrameError::kTooLong;
    return send_error(long_text ? "too_long" : "empty",
                      long_text ? "The message is too long." : "The message is empty.", error.key);
  }
  edge_.take(*this, std::move(*frame));
}

void ChatSession::on_close(std::uint16_t) {
  edge_.closed(*this);
  socket_ = nullptr;
}

void ChatSession::on_drained() {
  is_blocked_ = false;
  if (!conversation_) return;
  catch_up();
  if (status_is_stale_) show_status();
}

bool ChatSession::send(net::WebSocket::Payload payload) {
  if (!socket_ || is_blocked_) return false;
  is_blocked_ = !socket_->send(std::move(payload), false);
  return !is_blocked_;
}

void ChatSession::send_error(std::string_view code, std::string_view message, std::string_view key) {
  send(write_error(code, message, key));
}

void ChatSession::close(std::uint16_t code, std::string_view reason) {
  if (socket_) socket_->close(code, reason);
}

void ChatSession::join(std::shared_ptr<Conversation> conversation, std::uint64_t since) {
  leave();
  conversation_ = std::move(conversation);
  sent_ = since;
  conversation_->sessions.push_back(this);
  conversation_->admit(visitor_hash);
  catch_up();
  if (follows_live()) show_status();
}

void ChatSession::leave() {
  if (!conversation_) return;
  std::erase(conversation_->sessions, this);
  conversation_ = nullptr;
  sent_ = 0;
  status_is_stale_ = false;
}

void ChatSession::deliver(std::uint64_t number, const net::WebSocket::Payload& payload) {
  if (is_blocked_) return;
  if (sent_ + 1 != number) return catch_up();
  if (send(payload)) sent_ = number;
}

void ChatSession::show_status() {
  status_is_stale_ = false;
  if (auto payload = edge_.status_of(*conversation_)) send_status(payload);
}

void ChatSession::send_status(const net::WebSocket::Payload& payload) {
  if (!send(payload)) status_is_stale_ = true;
}

void ChatSession::send_typing(const net::WebSocket::Payload& payload) {
  if (!is_blocked_) send(payload);
}

void ChatSession::catch_up() {
  const std::shared_ptr<Conversation> keep = conversation_;
  while (sent_ < keep->last()) {
    const std::uint64_t number = std::max(sent_ + 1, keep->first);
    if (!send(edge_.read_message(*keep, number))) return;
    sent_ = number;
  }
  if (!keep->is_over || !send(keep->last_word)) return;
  keep->owed = false;
  leave();
}

}  // namespace sb::chat
