#pragma once
// Every chat that is alive, and for a while those that ended; found by interaction and by whose it is.
//
// Owner thread: the release executor. Rebuilt from the journal by load(), then fed with each released event. Bounded by
// open work, by `history_max` messages each, and by `ended_kept_max` ended ones.
#include <deque>
#include <expected>
#include <memory>
#include <unordered_map>

#include "channels/chat/conversation.h"
#include "engine/engine.h"

namespace sb::chat {

struct IdentityHashing {
  std::size_t operator()(const IdentityHash& hash) const { return hash.low ^ (hash.high * 0x9E3779B97F4A7C15u); }
};

class Conversations {
 public:
  struct Options {
    std::size_t history_max = 5'000;  // messages a returning page is sent, at least; 32 bytes each are kept
    DurationMs ended_kept_ms = 15 * 60 * 1000;
    std::size_t ended_kept_max = 10'000;
  };
  using Shared = std::shared_ptr<Conversation>;

  explicit Conversations(Options options) : options_(options) {}

  // Takes up the open chats of an earlier run: reads each one's records back to its start.
  [[nodiscard]] std::expected<void, storage::Error> load(const engine::Engine& engine, const storage::Store& store);

  // Null unless the record started a chat of this channel.
  Shared start(const Record& record, const event::InteractionStarted& event);
  void add_message(Conversation& conversation, const Record& record, const event::MessagePosted& event);
  void end(const Shared& conversation, TimeMs now);
  void expire(TimeMs now);

  [[nodiscard]] Shared find(InteractionId interaction) const;  // alive or lately ended
  [[nodiscard]] Shared live_of(IdentityHash identity) const;
  [[nodiscard]] Shared ended_of(IdentityHash identity) const;  // the last one, for a while
  [[nodiscard]] std::size_t live_count() const { return live_.size(); }
  [[nodiscard]] std::size_t ended_count() const { return ended_.size(); }
  template <class F>
  void for_each_live(F&& f) const {
    for (const auto& [identity, conversation] : live_) f(conversation);
  }

 private:
  struct Ended {
    TimeMs until_ms;
    Shared conversation;
  };
  [[nodiscard]] std::expected<void, storage::Error> load_one(const storage::Store& store,
                                                             const routing::Interaction& interaction);
  void append(Conversation& conversation, MessageRef message);

  Options options_;
  std::unordered_map<std::uint64_t, Shared> by_interaction_;
  std::unordered_map<IdentityHash, Shared, IdentityHashing> live_;
  std::unordered_map<IdentityHash, Shared, IdentityHashing> ended_by_;  // the latest one each
  std::deque<Ended> ended_;                                             // oldest first
};

}  // namespace sb::chat
