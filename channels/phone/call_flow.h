#pragma once
// What a caller hears and where each key leads: configuration and facts in, TwiML out. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>

#include "channels/phone/addresses.h"
#include "channels/phone/phrases.h"
#include "channels/phone/settings.h"

namespace sb::phone {

inline constexpr unsigned kMenuTurnsMax = 3;     // then the default queue
inline constexpr unsigned kTroubleTurnsMax = 3;  // then an apology and the end

// Where the menu leads after one turn.
struct MenuStep {
  enum Kind : std::uint8_t { kRepeatInvalid, kRepeatSilent, kEnqueue } kind = kEnqueue;
  QueueId queue;  // for kEnqueue
  Requirement requirement;
  std::string language;
};
// `turn` counts from 1; empty digits: the caller pressed nothing.
[[nodiscard]] MenuStep menu_step(const Number& number, unsigned turn, std::string_view digits);

// What the caller of this number gets without choosing; no queue if the number has neither default nor menu.
[[nodiscard]] MenuStep default_step(const Number& number);

class CallFlow {
 public:
  explicit CallFlow(Addresses addresses) : addresses_(std::move(addresses)) {}

  // The menu for the turn-th time; `last` says what was wrong with the turn before.
  [[nodiscard]] std::string menu(const Number& number, InteractionId i, unsigned turn,
                                 std::optional<MenuStep::Kind> last) const;
  // Into the provider's queue. `turn` counts how often the queue was left by a mistake.
  [[nodiscard]] std::string enqueue(InteractionId i, std::string_view queue_name, unsigned turn) const;
  // What is heard while waiting; asked for again when it has been played. `position` 0: no longer waiting.
  [[nodiscard]] std::string wait(const Number& number, std::size_t position, std::optional<DurationMs> wait_ms,
                                 std::string_view language) const;
  // The same, with the question whether to be called back.
  [[nodiscard]] std::string wait_or_callback(const Number& number, InteractionId i, std::size_t position,
                                             std::optional<DurationMs> wait_ms, std::string_view language,
                                             std::string_view key) const;
  // Into the conference where the agent is.
  [[nodiscard]] std::string connect(InteractionId i) const;
  // Music alone, for a caller on hold.
  [[nodiscard]] std::string hold(const Number& number) const;
  // One sentence, then the end of the call.
  [[nodiscard]] std::string announce(Phrase what, std::string_view language) const;
  // Something went wrong: an apology, then the call is taken up again where it stands (turn counts from 0).
  [[nodiscard]] std::string trouble(std::string_view language, unsigned turn) const;
  // For a caller in the provider's queue: out of it, to the action URL.
  [[nodiscard]] std::string leave_queue() const;
  [[nodiscard]] std::string hang_up() const;
  [[nodiscard]] std::string nothing() const;

  [[nodiscard]] const Addresses& addresses() const { return addresses_; }

 private:
  [[nodiscard]] std::string music(const Number& number) const;

  Addresses addresses_;
};

}  // namespace sb::phone
