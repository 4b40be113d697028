#pragma once
// One chat as the edge sees it: where its messages lie in the journal, who is looking at it, and what the customer was
// last told. The words themselves stay in the store.
//
// Owner thread: the release executor. Lives from InteractionStarted until some time after its end.
#include <cstdint>
#include <optional>
#include <vector>

#include "net/websocket.h"
#include "proto/types.h"

namespace sb::chat {

class ChatSession;

struct MessageRef {
  Seq seq = 0;
  TimeMs time_ms = 0;
  AgentId agent;
  std::uint16_t content = 0;
  Party author{};
};

struct Conversation {
  enum class Told : std::uint8_t { kNothing, kQueued, kAssigned };

  InteractionId interaction;
  IdentityHash identity;             // whose it is: a verified customer, or the browser that started it
  std::vector<IdentityHash> guests;  // browsers that take or took part; bounded
  TicketId ticket;

  std::uint64_t first = 1;           // number of messages.front(); older ones are no longer sent
  std::vector<MessageRef> messages;  // bounded, see Conversations
  std::vector<ChatSession*> sessions;

  Told told = Told::kNothing;
  AgentId agent;  // while kAssigned
  std::uint64_t position = 0;
  std::optional<DurationMs> wait_ms;
  bool may_call_back = false;
  TimeMs told_ms = 0;

  bool is_dirty = false;            // on the edge's list for the end of the group
  bool in_round = false;            // on the edge's list of waiting customers
  bool presence_in_flight = false;  // a lost or restored connection is being recorded
  bool is_over = false;
  bool owed = false;                  // it ended while nobody looked: told to who comes back
  net::WebSocket::Payload last_word;  // how it ended
  net::WebSocket::Payload agreed;     // the customer is called back instead: then the last word

  static constexpr std::size_t kGuestsMax = 8;

  [[nodiscard]] std::uint64_t last() const { return first + messages.size() - 1; }
  [[nodiscard]] const MessageRef& at(std::uint64_t number) const { return messages[number - first]; }
  [[nodiscard]] bool knows(IdentityHash visitor) const {
    return identity == visitor || std::find(guests.begin(), guests.end(), visitor) != guests.end();
  }
  void admit(IdentityHash visitor) {
    if (!knows(visitor) && guests.size() < kGuestsMax) guests.push_back(visitor);
  }
};

}  // namespace sb::chat
