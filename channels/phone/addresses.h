#pragma once
// Our own addresses at the provider: webhook URLs below the public URL, and names of conferences and participants. All
// are made from ids alone, so that a restarted process finds a running call again. Pure.
#include <string>
#include <string_view>

#include "proto/ids.h"

namespace sb::phone {

inline constexpr std::string_view kRoot = "/twilio/voice/";
inline constexpr std::string_view kHoldMusicPath = "/static/hold.wav";
inline constexpr std::string_view kCallerLabel = "caller";

class Addresses {
 public:
  explicit Addresses(std::string public_url) : root_(std::move(public_url)) {}

  [[nodiscard]] std::string of(std::string_view path_and_query) const { return root_ + std::string(path_and_query); }
  // `turn` counts how often the caller was asked (menu) or how often something went wrong (the others).
  [[nodiscard]] std::string incoming(unsigned turn) const { return url("incoming") + "?n=" + std::to_string(turn); }
  [[nodiscard]] std::string menu(InteractionId i, unsigned turn) const { return about("menu", i, turn); }
  [[nodiscard]] std::string enqueue(InteractionId i) const { return about("enqueue", i); }
  [[nodiscard]] std::string wait(InteractionId i) const { return about("wait", i); }
  [[nodiscard]] std::string queue_result(InteractionId i, unsigned turn) const {
    return about("queue-result", i, turn);
  }
  [[nodiscard]] std::string connect(InteractionId i) const { return about("connect", i); }
  [[nodiscard]] std::string connect_result(InteractionId i) const { return about("connect-result", i); }
  [[nodiscard]] std::string conference(InteractionId i) const { return about("conference", i); }
  [[nodiscard]] std::string agent_leg(InteractionId i, AgentId agent, OfferId offer) const {
    return about("agent", i) + "&a=" + std::to_string(agent.value) + "&o=" + std::to_string(offer.value);
  }
  [[nodiscard]] std::string hold(InteractionId i) const { return about("hold", i); }
  // The key that a waiting caller pressed.
  [[nodiscard]] std::string callback(InteractionId i) const { return about("callback", i); }
  // Where a caller goes who will be called back without having pressed it.
  [[nodiscard]] std::string goodbye(InteractionId i) const { return about("goodbye", i); }
  // A customer who is called back has answered; and the news of that call. `attempt`: the record that ordered it.
  [[nodiscard]] std::string reached(InteractionId i, Seq attempt) const { return attempted("reached", i, attempt); }
  // News of the outside party that this record invited.
  [[nodiscard]] std::string outside_leg(InteractionId i, Seq attempt) const { return attempted("outside", i, attempt); }
  [[nodiscard]] std::string customer_leg(InteractionId i, Seq attempt) const {
    return attempted("customer", i, attempt);
  }

 private:
  [[nodiscard]] std::string url(std::string_view name) const { return root_ + std::string(kRoot) + std::string(name); }
  [[nodiscard]] std::string about(std::string_view name, InteractionId i) const {
    return url(name) + "?i=" + std::to_string(i.value);
  }
  [[nodiscard]] std::string attempted(std::string_view name, InteractionId i, Seq attempt) const {
    return about(name, i) + "&t=" + std::to_string(attempt);
  }
  [[nodiscard]] std::string about(std::string_view name, InteractionId i, unsigned turn) const {
    return about(name, i) + "&n=" + std::to_string(turn);
  }

  std::string root_;  // without a trailing slash
};

[[nodiscard]] inline std::string conference_name(InteractionId i) {
  return "sb-" + std::to_string(i.value);
}
[[nodiscard]] inline std::string agent_label(AgentId agent) {
  return "agent-" + std::to_string(agent.value);
}
[[nodiscard]] inline std::string outside_label(Seq attempt) {
  return "outside-" + std::to_string(attempt);
}
// The agent of a participant's label; 0 if it is none of ours.
[[nodiscard]] AgentId agent_of_label(std::string_view label);

}  // namespace sb::phone
