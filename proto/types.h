#pragma once
// The small words shared by commands and events. Numbers are written to disk: never renumber, only append.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/ids.h"
#include "proto/wire.h"

namespace sb {

enum class Channel : std::uint8_t { kNone = 0, kPhone = 1, kChat = 2, kEmail = 3, kMessage = 4, kForm = 5 };
inline constexpr std::size_t kChannelCount = 6;  // index 0 is unused
inline constexpr std::array<std::string_view, kChannelCount> kChannelNames{"none",  "phone",   "chat",
                                                                           "email", "message", "form"};

enum class Presence : std::uint8_t { kOffline = 0, kAvailable = 1, kAway = 2, kNotResponding = 3 };
inline constexpr std::array<std::string_view, 4> kPresenceNames{"offline", "available", "away", "not_responding"};

// How a queue chooses among eligible agents. Every policy ends in the agent id, so there are no ties.
enum class Policy : std::uint8_t { kLongestIdle = 0, kBestProficiency = 1, kLeastOccupied = 2 };
inline constexpr std::array<std::string_view, 3> kPolicyNames{"longest_idle", "best_proficiency", "least_occupied"};

enum class Party : std::uint8_t { kNone = 0, kCustomer = 1, kAgent = 2, kSystem = 3 };
inline constexpr std::array<std::string_view, 4> kPartyNames{"none", "customer", "agent", "system"};

enum class TicketStatus : std::uint8_t { kNone = 0, kNew = 1, kOpen = 2, kPending = 3, kSolved = 4, kClosed = 5 };
inline constexpr std::array<std::string_view, 6> kTicketStatusNames{"none",    "new",    "open",
                                                                    "pending", "solved", "closed"};

enum class TransferKind : std::uint8_t { kNone = 0, kBlind = 1, kWarm = 2 };
inline constexpr std::array<std::string_view, 3> kTransferKindNames{"none", "blind", "warm"};

// Why an interaction entered (or came back to) a queue.
enum class QueuedReason : std::uint8_t {
  kArrived = 0,
  kDeclined = 1,
  kNotAnswered = 2,
  kTransferred = 3,
  kAgentLost = 4,
  kConnectionFailed = 5,
  kAgentSignedOut = 6,
  kTargetUnavailable = 7,
};
inline constexpr std::array<std::string_view, 8> kQueuedReasonNames{
    "arrived",    "declined",          "not_answered",     "transferred",
    "agent_lost", "connection_failed", "agent_signed_out", "target_unavailable"};

enum class EndReason : std::uint8_t {
  kNone = 0,
  kHungUp = 1,
  kCompleted = 2,
  kCustomerLost = 3,
  kOutOfHours = 4,
  kFailed = 5,
};
inline constexpr std::array<std::string_view, 6> kEndReasonNames{"none",          "hung_up",      "completed",
                                                                 "customer_lost", "out_of_hours", "failed"};

// Why a command was refused. Recorded nowhere (nothing changed), answered to the sender.
enum class Rejection : std::uint16_t {
  kNone = 0,
  kInvalidArgument = 1,
  kUnknownAgent = 2,
  kUnknownQueue = 3,
  kUnknownSkill = 4,
  kUnknownInteraction = 5,
  kUnknownOffer = 6,
  kUnknownTicket = 7,
  kUnknownCustomer = 8,
  kNotSignedIn = 9,
  kStaleSession = 10,
  kWrongState = 11,
  kNotOwner = 12,
  kQueueClosed = 13,
  kQueueFull = 14,
  kAgentBusy = 15,
  kInUse = 16,
  kTransferPending = 17,
};
inline constexpr std::array<std::string_view, 18> kRejectionNames{
    "none",          "invalid_argument", "unknown_agent",    "unknown_queue", "unknown_skill", "unknown_interaction",
    "unknown_offer", "unknown_ticket",   "unknown_customer", "not_signed_in", "stale_session", "wrong_state",
    "not_owner",     "queue_closed",     "queue_full",       "agent_busy",    "in_use",        "transfer_pending"};

template <class Enum>
  requires std::is_enum_v<Enum>
constexpr std::size_t index_of(Enum e) {
  return static_cast<std::size_t>(e);
}

constexpr std::string_view name(Channel c) {
  return kChannelNames[index_of(c)];
}
constexpr std::string_view name(Presence p) {
  return kPresenceNames[index_of(p)];
}
constexpr std::string_view name(Policy p) {
  return kPolicyNames[index_of(p)];
}
constexpr std::string_view name(Party p) {
  return kPartyNames[index_of(p)];
}
constexpr std::string_view name(TicketStatus s) {
  return kTicketStatusNames[index_of(s)];
}
constexpr std::string_view name(TransferKind k) {
  return kTransferKindNames[index_of(k)];
}
constexpr std::string_view name(QueuedReason r) {
  return kQueuedReasonNames[index_of(r)];
}
constexpr std::string_view name(EndReason r) {
  return kEndReasonNames[index_of(r)];
}
constexpr std::string_view name(Rejection r) {
  return kRejectionNames[index_of(r)];
}

// Highest valid number of each enum, so that decoding refuses what it does not know.
template <class Enum>
struct EnumLimit;
template <>
struct EnumLimit<Channel> : std::integral_constant<std::size_t, kChannelNames.size()> {};
template <>
struct EnumLimit<Presence> : std::integral_constant<std::size_t, kPresenceNames.size()> {};
template <>
struct EnumLimit<Policy> : std::integral_constant<std::size_t, kPolicyNames.size()> {};
template <>
struct EnumLimit<Party> : std::integral_constant<std::size_t, kPartyNames.size()> {};
template <>
struct EnumLimit<TicketStatus> : std::integral_constant<std::size_t, kTicketStatusNames.size()> {};
template <>
struct EnumLimit<TransferKind> : std::integral_constant<std::size_t, kTransferKindNames.size()> {};
template <>
struct EnumLimit<QueuedReason> : std::integral_constant<std::size_t, kQueuedReasonNames.size()> {};
template <>
struct EnumLimit<EndReason> : std::integral_constant<std::size_t, kEndReasonNames.size()> {};
template <>
struct EnumLimit<Rejection> : std::integral_constant<std::size_t, kRejectionNames.size()> {};

struct SkillLevel {
  SkillId skill;
  std::uint32_t level = 0;  // proficiency 1-100; in a requirement the minimum
  bool operator==(const SkillLevel&) const = default;
  auto operator<=>(const SkillLevel&) const = default;
  using Self = SkillLevel;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, skill), SB_FIELD(2, level)}; }
};

// What an agent must bring. Skills are sorted by id, each at most once. only_agent narrows to one person (a transfer).
struct Requirement {
  std::vector<SkillLevel> skills;
  AgentId only_agent;
  bool operator==(const Requirement&) const = default;
  auto operator<=>(const Requirement&) const = default;
  using Self = Requirement;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, skills), SB_FIELD(2, only_agent)}; }
};

// Keyed 128-bit hash of a customer's address (phone number, mail address, chat id): facts without the person.
struct IdentityHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  constexpr auto operator<=>(const IdentityHash&) const = default;
  [[nodiscard]] constexpr explicit operator bool() const { return (high | low) != 0; }
  using Self = IdentityHash;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, high), SB_FIELD(2, low)}; }
};

}  // namespace sb
