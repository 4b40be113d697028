#pragma once
// The decisions of the contact center: one deterministic state machine without I/O, clock, randomness or threads.
//
//   step():   decide one command; its events are already applied when it returns
//   replay(): apply the events of a recorded command
//
// Owner: one thread. Time is an argument in milliseconds since the epoch and never decreases (an earlier time is raised
// to the last one). The state is a function of the records applied, byte for byte.
#include <deque>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "proto/record.h"
#include "routing/state.h"

namespace sb::routing {

struct Outcome {
  Rejection rejection = Rejection::kNone;
  std::uint64_t result = 0;  // what was created: interaction, message number, customer
  bool repeated = false;     // the same source and key came before: this is the first answer again
};

class Core {
 public:
  // Keys remembered; older ones are answered from the dedupe column family by the edge.
  static constexpr std::size_t kKeyWindow = 65536;

  // Decides a command. `events` is cleared and filled; empty means nothing changed and nothing needs a record.
  // `key` identifies the command within its source; empty: no idempotency.
  Outcome step(const Command& command, Source source, std::string_view key, TimeMs now, std::vector<Event>& events);

  // Applies a record from the journal: what step() did when it was written.
  void replay(const Record& record);

  // One event of a record, for a replica that also wants to look between them; it does not learn idempotency keys.
  void follow(const Event& event, TimeMs time_ms);

  // When the next FireDeadlines is due; kNever if nothing is pending.
  [[nodiscard]] TimeMs next_deadline() const { return state_.deadlines.next(); }

  [[nodiscard]] const State& state() const { return state_; }

  // Everything, as canonical bytes: equal states give equal bytes.
  [[nodiscard]] std::string save() const;
  // An empty core becomes the saved one. Fails on damage, naming the section.
  [[nodiscard]] static std::expected<Core, std::string> load(std::string_view bytes);

 private:
  struct KnownKey {
    IdentityHash hash;
    std::uint64_t result = 0;
    bool operator==(const KnownKey&) const = default;
    using Self = KnownKey;
    static constexpr auto fields() { return std::tuple{SB_FIELD(1, hash), SB_FIELD(2, result)}; }
  };

  [[nodiscard]] const KnownKey* find_key(IdentityHash hash) const;
  void remember_key(IdentityHash hash, std::uint64_t result);
  void rebuild_indexes();

  State state_;
  std::deque<KnownKey> keys_;  // oldest first
  FlatMap<std::uint64_t> key_index_;
  std::uint64_t key_base_ = 0;  // serial number of keys_.front()
};

}  // namespace sb::routing
