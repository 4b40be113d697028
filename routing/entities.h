#pragma once
// The living things of the contact center, as plain data. Each has fields(), so a snapshot is their canonical encoding;
// everything that can be derived (indexes, bitmaps, orders) lives in State and is rebuilt on load.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "proto/event.h"
#include "proto/types.h"
#include "routing/held.h"

namespace sb::routing {

inline constexpr DurationMs kDayMs = 24ull * 3600 * 1000;  // no configured duration is longer
inline constexpr std::int32_t kPriorityMax = 100;          // and its negative
inline constexpr std::int32_t kLevelMax = 100;             // and its negative
inline constexpr std::uint32_t kTierMax = 100;             // a higher tier counts as this one
inline constexpr std::size_t kRequiredSkillsMax = 32;      // of one requirement; as many preferred ones
inline constexpr std::size_t kAnyGroupsMax = 8;            // of one requirement
inline constexpr std::size_t kExcludedMax = 32;
inline constexpr std::size_t kLanguageBytesMax = 35;  // RFC 5646: what implementations must at least take

struct Skill {
  SkillId id;
  std::string name;
  bool operator==(const Skill&) const = default;
  using Self = Skill;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, id), SB_FIELD(2, name)}; }
};

inline constexpr std::size_t kRelaxationMax = 16;

// Whether every number of a queue's matching is within its bounds.
[[nodiscard]] bool sound(const QueueMatching& matching);

struct Queue {
  static constexpr std::size_t kDepartures = 16;

  QueueId id;
  event::QueuePut config;
  std::vector<TimeMs> departures;  // last times an interaction left for an agent, oldest first, at most kDepartures
  std::int64_t fair_finish = 0;    // fair_share: virtual time at which what has joined so far would be done
  bool operator==(const Queue&) const = default;
  using Self = Queue;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, id), SB_FIELD(2, config), SB_FIELD(3, departures), SB_FIELD(4, fair_finish)};
  }
};

// How much the queue's level takes off a rank.
[[nodiscard]] constexpr std::int64_t level_ms_of(const Queue& queue) {
  return std::int64_t{queue.config.matching.level} * kLevelMs;
}

// fair_share is start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996): work that joins starts at the virtual
// time of what was served last or, if later, where its queue's work before it finishes; each costs its queue 1/weight.
inline constexpr std::int64_t kFairUnit = 1'000'000;
[[nodiscard]] constexpr std::int64_t fair_cost_of(const Queue& queue) {
  return kFairUnit / std::max<std::int64_t>(queue.config.matching.weight, 1);
}

// After-call work a contact of this channel leaves behind; 0: none.
[[nodiscard]] inline DurationMs wrap_up_ms_of(const Queue& queue, Channel channel) {
  const auto& by_channel = queue.config.matching.wrap_ups_ms;
  return index_of(channel) < by_channel.size() ? by_channel[index_of(channel)] : queue.config.wrap_up_ms;
}

// Whether the queue's work on this channel gives way to other work. A call never does.
[[nodiscard]] inline bool is_soft(const Queue& queue, Channel channel) {
  return queue.config.matching.interruptible && channel != Channel::kPhone;
}

// After-call work of one agent; the interaction itself is over or went on with somebody else.
struct WrapUp {
  InteractionId interaction;
  TicketId ticket;
  Channel channel{};
  QueueId queue;
  TimeMs until_ms = 0;
  CustomerId customer;
  bool soft = false;  // gives way to other work
  bool operator==(const WrapUp&) const = default;
  using Self = WrapUp;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, ticket),   SB_FIELD(3, channel), SB_FIELD(4, queue),
                      SB_FIELD(5, until_ms),    SB_FIELD(6, customer), SB_FIELD(7, soft)};
  }
};

// What every offer and every end touches comes first, in three cache lines.
struct alignas(64) Agent {
  AgentId id;
  bool signed_in = false;
  bool connected = false;
  Presence presence{};
  std::uint32_t units = 0;       // room for all channels together, in the center's weights; 0: not limited so
  std::uint32_t misses = 0;      // offers declined or missed since one was accepted
  TimeMs idle_since_ms = 0;      // last time work ended or the agent became available
  std::uint64_t idle_order = 0;  // strictly increasing with idle_since_ms: the tie-break of "longest idle"
  OfferId last_offer;            // increasing: the order of "round robin"
  TimeMs rest_until_ms = 0;      // 0: not resting
  std::array<std::uint16_t, kChannelCount> load{};  // derived: offers + work + wrap-ups by channel
  std::array<std::uint16_t, kChannelCount> soft{};  // derived: what of it gives way
  std::vector<std::uint32_t> capacity;              // by Channel
  std::vector<OfferId> offers;                      // open ones
  std::vector<InteractionId> work;                  // owned or consulted on
  std::vector<WrapUp> wrap_ups;

  std::vector<SkillLevel> skills;  // sorted by skill
  std::vector<QueueId> queues;     // sorted
  std::uint64_t session = 0;
  TimeMs since_ms = 0;        // of the present presence
  TimeMs grace_until_ms = 0;  // 0: not counting
  std::string reason;
  std::string login;
  bool operator==(const Agent&) const = default;
  using Self = Agent;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, id),          SB_FIELD(2, skills),          SB_FIELD(3, queues),
                      SB_FIELD(4, capacity),    SB_FIELD(5, signed_in),       SB_FIELD(6, connected),
                      SB_FIELD(7, session),     SB_FIELD(8, presence),        SB_FIELD(9, reason),
                      SB_FIELD(10, since_ms),   SB_FIELD(11, grace_until_ms), SB_FIELD(12, idle_since_ms),
                      SB_FIELD(13, idle_order), SB_FIELD(14, offers),         SB_FIELD(15, work),
                      SB_FIELD(16, wrap_ups),   SB_FIELD(17, login),          SB_FIELD(18, units),
                      SB_FIELD(19, last_offer), SB_FIELD(20, misses),         SB_FIELD(21, rest_until_ms)};
  }
};

// Several are open per interaction only where its queue asks several agents at once.
struct Offer {
  OfferId id;
  InteractionId interaction;
  AgentId agent;
  TimeMs expires_ms = 0;
  bool consult = false;
  bool soft = false;  // gives way to other work
  bool operator==(const Offer&) const = default;
  using Self = Offer;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, id),         SB_FIELD(2, interaction), SB_FIELD(3, agent),
                      SB_FIELD(4, expires_ms), SB_FIELD(5, consult),     SB_FIELD(6, soft)};
  }
};

// An interaction whose customer is called back.
struct Callback {
  CallbackOrder order{};  // none: not a callback
  TimeMs at_ms = 0;       // the time waited for; 0: waits in its queue
  std::uint32_t attempt = 0;
  std::uint32_t attempts_max = 0;
  DurationMs retry_ms = 0;
  std::vector<TimeSpan> windows;  // when the customer may be called; empty: always
  bool calling = false;           // the customer's phone rings
  bool reached = false;           // the customer is on the line: from now on a call like any other
  TimeMs due_ms = 0;              // its time, or while it waits the end of the present window; 0: none
  bool operator==(const Callback&) const = default;
  using Self = Callback;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, order),        SB_FIELD(2, at_ms),    SB_FIELD(3, attempt),
                      SB_FIELD(4, attempts_max), SB_FIELD(5, retry_ms), SB_FIELD(6, windows),
                      SB_FIELD(7, calling),      SB_FIELD(8, reached),  SB_FIELD(9, due_ms)};
  }
};

// An agent beside the owner in the conversation.
struct Participant {
  AgentId agent;
  bool soft = false;  // gives way to the agent's other work
  bool operator==(const Participant&) const = default;
  using Self = Participant;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, soft)}; }
};
inline constexpr std::size_t kParticipantsMax = 5;

inline constexpr std::uint32_t kCallbackAttemptsMax = 10;
inline constexpr std::size_t kCallbackWindowsMax = 64;
inline constexpr DurationMs kCallbackRetryMinMs = 1000;
inline constexpr DurationMs kCallbackHorizonMs = 366 * kDayMs;  // how far ahead of now its times may lie

// Whether spans are in order and apart, and not too many.
[[nodiscard]] bool sound(const std::vector<TimeSpan>& windows);
// The first moment from `from` on that is in a window; 0: there is none.
[[nodiscard]] TimeMs first_within(const std::vector<TimeSpan>& windows, TimeMs from);

enum class InteractionState : std::uint8_t {
  kDialogue = 0,    // with the channel's own dialogue (IVR), in no queue
  kQueued = 1,      // waiting or offered: see `waiting` and `offer`
  kConnecting = 2,  // accepted, the agent's phone leg is being joined
  kActive = 3,
  kScheduled = 4,  // a callback whose time has not come
};

// Whom an interaction was offered to besides, where its queue asks several agents at once.
struct Asked {
  std::vector<OfferId> more_offers;  // open besides its `offer`, increasing
  bool operator==(const Asked&) const = default;
  using Self = Asked;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, more_offers)}; }
};

// Who is not asked, for now.
struct Avoided {
  AgentId agent;
  AgentId also;                    // until the same time
  TimeMs until_ms = 0;             // 0 with an agent: until the waiting ends
  std::vector<AgentId> missed_by;  // asked in the same round as `agent` and declined or missed it: until the same time
  AgentId let_go;                  // who transferred it away blindly, until somebody has it again
  bool operator==(const Avoided&) const = default;
  using Self = Avoided;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, also), SB_FIELD(3, until_ms), SB_FIELD(4, missed_by),
                      SB_FIELD(5, let_go)};
  }
};

// The agents beside the owner.
struct Conference {
  std::vector<Participant> participants;  // in order of joining, at most kParticipantsMax; only while active
  bool operator==(const Conference&) const = default;
  using Self = Conference;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, participants)}; }
};

// Where an interaction itself belongs while a second agent is sought or there.
struct Home {
  QueueId queue;
  Shared<Requirement> requirement;
  bool operator==(const Home&) const = default;
  using Self = Home;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, queue), SB_FIELD(2, requirement)}; }
};

// Hundreds of thousands may wait at once: what few have is held aside, and the members go from large to small.
struct Interaction {
  InteractionId id;
  CustomerId customer;
  TicketId ticket;
  TimeMs started_ms = 0;
  TimeMs queued_ms = 0;
  std::int64_t rank_ms = 0;
  OfferId offer;
  TimeMs joined_ms = 0;                // this queue; 0: it never waited there
  TimeMs preferred_until_ms = 0;       // while it waits for the preferred agent alone; 0: it does not
  TimeMs reply_until_ms = 0;           // when it will be parked; 0: the customer owes nothing
  TimeMs customer_grace_until_ms = 0;  // 0: connected
  TimeMs accepted_ms = 0;
  TimeMs connected_ms = 0;
  std::int64_t fair_start = 0;  // fair_share: virtual
  Shared<Requirement> requirement;
  Boxed<Callback> callback;
  Boxed<Asked> asked;
  Boxed<Avoided> avoided;
  Boxed<Home> home;
  Boxed<Conference> conference;
  LanguageTag language;
  std::uint32_t messages = 0;
  std::uint32_t tier = 0;
  QueueId queue;
  std::int32_t priority = 0;
  std::uint32_t ring = 0;               // steps of the queue's relaxation taken
  AgentId agent;                        // owner once accepted
  AgentId consultant;                   // the second agent, once accepted
  AgentId preferred_agent;              // who serves this customer best
  QueueId fair_queue;                   // fair_share: where it has a start; none: it took its place by time
  std::uint32_t requirement_class = 0;  // derived: index of the class while waiting
  Channel channel{};
  InteractionState state{};
  OutsideState outside{};     // of the outside party, only in a call that is active
  TransferKind transfer{};    // a warm transfer in progress
  bool waiting = false;       // has an entry in the waiting order
  bool consult = false;       // what waits or is offered is a second agent's help
  bool relaxing = false;      // the steps of its queue's relaxation count
  bool parked = false;        // the customer owes an answer for so long that it does not count
  bool soft = false;          // gives way to the agent's other work
  bool consult_soft = false;  // the same for the consultant
  bool held = false;
  // False for a callback whose customer has not answered: who is not there cannot hang up.
  [[nodiscard]] bool customer_on_line() const {
    return !callback || callback->order == CallbackOrder::kNone || callback->reached;
  }
  [[nodiscard]] bool has_participant(AgentId who) const {
    const auto& all = conference->participants;
    return std::any_of(all.begin(), all.end(), [&](const Participant& p) { return p.agent == who; });
  }
  // Whether the agent is in it: owner, consultant or participant.
  [[nodiscard]] bool involves(AgentId who) const {
    return who && (agent == who || consultant == who || has_participant(who));
  }
  bool operator==(const Interaction&) const = default;
  using Self = Interaction;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, id),
                      SB_FIELD(2, channel),
                      SB_FIELD(3, state),
                      SB_FIELD(4, customer),
                      SB_FIELD(5, ticket),
                      SB_FIELD(6, tier),
                      SB_FIELD(7, language),
                      SB_FIELD(8, started_ms),
                      SB_FIELD(9, queue),
                      SB_FIELD(10, requirement),
                      SB_FIELD(11, priority),
                      SB_FIELD(12, queued_ms),
                      SB_FIELD(13, rank_ms),
                      SB_FIELD(14, waiting),
                      SB_FIELD(15, consult),
                      SB_FIELD(16, offer),
                      SB_FIELD(19, agent),
                      SB_FIELD(20, accepted_ms),
                      SB_FIELD(21, connected_ms),
                      SB_FIELD(22, held),
                      SB_FIELD(23, transfer),
                      SB_FIELD(24, consultant),
                      SB_FIELD(25, messages),
                      SB_FIELD(26, customer_grace_until_ms),
                      SB_FIELD(29, preferred_agent),
                      SB_FIELD(30, preferred_until_ms),
                      SB_FIELD(31, ring),
                      SB_FIELD(32, joined_ms),
                      SB_FIELD(34, fair_queue),
                      SB_FIELD(35, fair_start),
                      SB_FIELD(39, parked),
                      SB_FIELD(40, reply_until_ms),
                      SB_FIELD(41, callback),
                      SB_FIELD(43, soft),
                      SB_FIELD(44, consult_soft),
                      SB_FIELD(45, asked),
                      SB_FIELD(46, home),
                      SB_FIELD(47, relaxing),
                      SB_FIELD(48, conference),
                      SB_FIELD(49, outside),
                      SB_FIELD(50, avoided)};
  }
};

// Whether the agent has just declined or missed it, or let go of it.
[[nodiscard]] inline bool avoids(const Interaction& i, AgentId agent) {
  if (!i.avoided) return false;
  if (i.avoided->agent == agent || i.avoided->also == agent) return true;
  const auto& missed_by = i.avoided->missed_by;
  return std::find(missed_by.begin(), missed_by.end(), agent) != missed_by.end();
}

struct Ticket {
  TicketId id;
  CustomerId customer;
  TicketStatus status{};
  QueueId queue;
  AgentId agent;
  std::int32_t priority = 0;
  std::uint32_t open_interactions = 0;
  bool operator==(const Ticket&) const = default;
  using Self = Ticket;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, id),    SB_FIELD(2, customer), SB_FIELD(3, status),           SB_FIELD(4, queue),
                      SB_FIELD(5, agent), SB_FIELD(6, priority), SB_FIELD(7, open_interactions)};
  }
};

}  // namespace sb::routing

namespace sb {
template <>
struct EnumLimit<routing::InteractionState> : std::integral_constant<std::size_t, 5> {};
}  // namespace sb
