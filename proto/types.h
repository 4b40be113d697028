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
enum class Policy : std::uint8_t { kLongestIdle = 0, kBestProficiency = 1, kLeastOccupied = 2, kRoundRobin = 3 };
inline constexpr std::array<std::string_view, 4> kPolicyNames{"longest_idle", "best_proficiency", "least_occupied",
                                                              "round_robin"};

// What the place of waiting work is computed from, once, when it joins its queue.
//   aging        when it first waited, earlier by priority and tier
//   fifo         when it first waited
//   least_slack  when its wait breaks the queue's target, earlier by priority and tier
//   fair_share   start-time fair queueing between queues: each gets its weight's share of the agents they share
enum class Order : std::uint8_t { kAging = 0, kFifo = 1, kLeastSlack = 2, kFairShare = 3 };
inline constexpr std::array<std::string_view, 4> kOrderNames{"aging", "fifo", "least_slack", "fair_share"};

// What happens to an interaction that has waited for a while; and, last, what ends a preferred agent's first claim.
enum class RelaxKind : std::uint8_t {
  kNone = 0,
  kLowerLevels = 1,    // `amount` points off the minimum of `skill`, or of every skill; 1 at least remains
  kDropSkill = 2,      // `skill` is no longer asked for; without one, all
  kOverflow = 3,       // goes on in `queue`, with its age
  kRaisePriority = 4,  // by `amount`
  kOfferCallback = 5,  // the customer is asked whether to be called back
  kEnd = 6,            // nobody came: the ticket stays open and the contact ends
  kPreferredOver = 7,
  kWiden = 8,  // where `skill` is asked for, `other` at the same level will do as well
};
inline constexpr std::array<std::string_view, 9> kRelaxKindNames{"none",     "lower_levels",   "drop_skill",
                                                                 "overflow", "raise_priority", "offer_callback",
                                                                 "end",      "preferred_over", "widen"};

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
  kOverflowed = 8,
  kCallbackDue = 9,  // the time has come to call the customer, or to try again
  kReplied = 10,     // the customer answered while the agent had no room left
};
inline constexpr std::array<std::string_view, 11> kQueuedReasonNames{
    "arrived",          "declined",           "not_answered", "transferred",  "agent_lost", "connection_failed",
    "agent_signed_out", "target_unavailable", "overflowed",   "callback_due", "replied"};

// Who is called first when a callback is due.
enum class CallbackOrder : std::uint8_t { kNone = 0, kAgentFirst = 1, kCustomerFirst = 2 };
inline constexpr std::array<std::string_view, 3> kCallbackOrderNames{"none", "agent_first", "customer_first"};

enum class EndReason : std::uint8_t {
  kNone = 0,
  kHungUp = 1,
  kCompleted = 2,
  kCustomerLost = 3,
  kOutOfHours = 4,
  kFailed = 5,
  kNotServed = 6,       // waited as long as its queue lets it
  kNotReached = 7,      // a callback nobody answered, or its time ran out
  kTransferredOut = 8,  // the customer goes on talking with an outside party
};
inline constexpr std::array<std::string_view, 9> kEndReasonNames{"none",          "hung_up",      "completed",
                                                                 "customer_lost", "out_of_hours", "failed",
                                                                 "not_served",    "not_reached",  "transferred_out"};

// Somebody at an outside phone number who is in the conversation or being called into it.
enum class OutsideState : std::uint8_t { kNone = 0, kCalling = 1, kConnected = 2 };
inline constexpr std::array<std::string_view, 3> kOutsideStateNames{"none", "calling", "connected"};

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
  kNotEligible = 18,  // the agent lacks what the work asks for
  kNotAllowed = 19,   // the queue does not let agents pick
  kConferenceFull = 20,
};
inline constexpr std::array<std::string_view, 21> kRejectionNames{
    "none",          "invalid_argument", "unknown_agent",    "unknown_queue", "unknown_skill", "unknown_interaction",
    "unknown_offer", "unknown_ticket",   "unknown_customer", "not_signed_in", "stale_session", "wrong_state",
    "not_owner",     "queue_closed",     "queue_full",       "agent_busy",    "in_use",        "transfer_pending",
    "not_eligible",  "not_allowed",      "conference_full"};

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
constexpr std::string_view name(Order o) {
  return kOrderNames[index_of(o)];
}
constexpr std::string_view name(RelaxKind k) {
  return kRelaxKindNames[index_of(k)];
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
constexpr std::string_view name(CallbackOrder o) {
  return kCallbackOrderNames[index_of(o)];
}
constexpr std::string_view name(EndReason r) {
  return kEndReasonNames[index_of(r)];
}
constexpr std::string_view name(OutsideState s) {
  return kOutsideStateNames[index_of(s)];
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
struct EnumLimit<Order> : std::integral_constant<std::size_t, kOrderNames.size()> {};
template <>
struct EnumLimit<RelaxKind> : std::integral_constant<std::size_t, kRelaxKindNames.size()> {};
template <>
struct EnumLimit<Party> : std::integral_constant<std::size_t, kPartyNames.size()> {};
template <>
struct EnumLimit<TicketStatus> : std::integral_constant<std::size_t, kTicketStatusNames.size()> {};
template <>
struct EnumLimit<TransferKind> : std::integral_constant<std::size_t, kTransferKindNames.size()> {};
template <>
struct EnumLimit<QueuedReason> : std::integral_constant<std::size_t, kQueuedReasonNames.size()> {};
template <>
struct EnumLimit<CallbackOrder> : std::integral_constant<std::size_t, kCallbackOrderNames.size()> {};
template <>
struct EnumLimit<EndReason> : std::integral_constant<std::size_t, kEndReasonNames.size()> {};
template <>
struct EnumLimit<OutsideState> : std::integral_constant<std::size_t, kOutsideStateNames.size()> {};
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

// One of several skills is enough. Sorted by skill, each at most once.
struct AnyOf {
  std::vector<SkillLevel> skills;
  bool operator==(const AnyOf&) const = default;
  auto operator<=>(const AnyOf&) const = default;
  using Self = AnyOf;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, skills)}; }
};

// What an agent must bring: every skill of `skills`, one of each group of `any`, and not be one of `excluded`. Skills
// in `preferred` rank who is found and exclude nobody. only_agent narrows to one person (a transfer). All lists are
// sorted by id, each id at most once.
struct Requirement {
  std::vector<SkillLevel> skills;
  AgentId only_agent{};
  std::vector<AnyOf> any{};
  std::vector<SkillId> preferred{};
  std::vector<AgentId> excluded{};
  bool operator==(const Requirement&) const = default;
  auto operator<=>(const Requirement&) const = default;
  using Self = Requirement;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, skills), SB_FIELD(2, only_agent), SB_FIELD(3, any), SB_FIELD(4, preferred),
                      SB_FIELD(5, excluded)};
  }
};

// One step of a queue's relaxation, taken `after_ms` from when an interaction joined the queue, not counting time it
// was with an agent in between.
struct RelaxStep {
  DurationMs after_ms = 0;
  RelaxKind kind{};
  SkillId skill;
  std::uint32_t amount = 0;
  QueueId queue;
  SkillId other{};
  bool operator==(const RelaxStep&) const = default;
  using Self = RelaxStep;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, after_ms), SB_FIELD(2, kind),  SB_FIELD(3, skill),
                      SB_FIELD(4, amount),   SB_FIELD(5, queue), SB_FIELD(6, other)};
  }
};

// What one level of a queue counts in a rank: more than any time, and than the fair share's virtual time after four
// thousand million interactions (2^52 / 1'000'000); a hundred levels are less than 2^59.
inline constexpr std::int64_t kLevelMs = std::int64_t{1} << 52;

// How a queue orders its work, and what waiting does to it.
struct QueueMatching {
  Order order{};
  std::int32_t level = 0;                 // -100 to 100: all work of a higher level goes before all of a lower one
  DurationMs tier_step_ms = 0;            // how much earlier one step of the customer's tier counts
  DurationMs target_ms = 0;               // answered within it counts as in time; least_slack orders by its end
  std::uint32_t weight = 0;               // fair_share: 1 to 1,000
  bool no_waiting = false;                // an arrival that would have to wait is refused
  DurationMs preferred_ms = 0;            // how long a preferred agent who is busy is waited for; 0: not at all
  bool may_pull = false;                  // agents may pick work that waits
  std::vector<RelaxStep> relaxation;      // by after_ms, at most 16
  std::uint32_t broadcast = 0;            // how many agents are asked at once, first to accept wins; 0 and 1: one
  std::vector<SkillId> groups{};          // agents with the first of these skills are asked before those with the next
  bool interruptible = false;             // its work gives way: it takes no room from other work
  DurationMs reply_ms = 0;                // work whose customer owes an answer for so long stops counting; 0: never
  std::vector<DurationMs> wrap_ups_ms{};  // by Channel, instead of wrap_up_ms; missing: that
  bool operator==(const QueueMatching&) const = default;
  using Self = QueueMatching;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, order),        SB_FIELD(2, level),       SB_FIELD(3, tier_step_ms),
                      SB_FIELD(4, target_ms),    SB_FIELD(5, weight),      SB_FIELD(6, no_waiting),
                      SB_FIELD(7, preferred_ms), SB_FIELD(8, may_pull),    SB_FIELD(9, relaxation),
                      SB_FIELD(10, broadcast),   SB_FIELD(11, groups),     SB_FIELD(12, interruptible),
                      SB_FIELD(13, reply_ms),    SB_FIELD(14, wrap_ups_ms)};
  }
};

// From the first moment to before the last.
struct TimeSpan {
  TimeMs from_ms = 0;
  TimeMs until_ms = 0;
  bool operator==(const TimeSpan&) const = default;
  using Self = TimeSpan;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, from_ms), SB_FIELD(2, until_ms)}; }
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
