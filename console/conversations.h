#pragma once
// What the console shows of a live interaction beyond the core's state: the words. Kept while the interaction lives so
// that offers and acceptances need no disk; read back from the journal when it is not there (after a restart).
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/center.h"
#include "engine/engine.h"
#include "proto/console.h"

namespace sb::console {

struct Conversation {
  CustomerId customer;
  IdentityHash identity;
  bool nobody = false;  // came without identity or known customer: there is nothing to look up
  TimeMs started_ms = 0;
  std::string preview;                // the customer's first words
  std::vector<ChatMessage> messages;  // the last kMessagesMax
  std::string outside_number;         // of the outside party called last
};

class Conversations {
 public:
  static constexpr std::size_t kMessagesMax = 200;
  static constexpr std::size_t kPreviewBytes = 160;

  Conversations(storage::Store& store, const engine::Center& center) : store_(store), center_(center) {}

  // In the order of the records; `message` of the last MessagePosted is available at once.
  void on_started(const engine::Commit& commit, const event::InteractionStarted& e);
  const ChatMessage& on_message(const engine::Commit& commit, const event::MessagePosted& e,
                                const routing::State& state);
  void on_outside(const engine::Commit& commit, const event::OutsideInvited& e, const routing::State& state);
  void forget(InteractionId id) { live_.erase(id.value); }

  [[nodiscard]] Conversation& get(const routing::Interaction& interaction);
  [[nodiscard]] std::size_t size() const { return live_.size(); }

 private:
  storage::Store& store_;
  const engine::Center& center_;
  std::unordered_map<std::uint64_t, Conversation> live_;
};

}  // namespace sb::console
