#pragma once
// What happened, past tense: the only thing that changes state. Numbers are the oneof field numbers in
// proto/switchboard.proto: never reuse or renumber. Fields named *content are 1-based indexes of content rows of the
// same sequence number. No names, addresses or words of a person: those live in content rows.
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proto/flow.h"
#include "proto/types.h"
#include "proto/wire.h"

namespace sb::event {

// ---- configuration ----
struct SkillPut {
  static constexpr std::uint32_t kNumber = 1;
  static constexpr std::string_view kName = "SkillPut";
  SkillId skill;
  std::string name;
  bool operator==(const SkillPut&) const = default;
  using Self = SkillPut;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, skill), SB_FIELD(2, name)}; }
};

struct SkillRemoved {
  static constexpr std::uint32_t kNumber = 2;
  static constexpr std::string_view kName = "SkillRemoved";
  SkillId skill;
  bool operator==(const SkillRemoved&) const = default;
  using Self = SkillRemoved;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, skill)}; }
};

struct QueuePut {
  static constexpr std::uint32_t kNumber = 3;
  static constexpr std::string_view kName = "QueuePut";
  QueueId queue;
  std::string name;
  bool open = false;
  Policy policy{};
  DurationMs offer_timeout_ms = 0;
  DurationMs wrap_up_ms = 0;
  DurationMs priority_step_ms = 0;
  DurationMs avoid_ms = 0;
  std::uint32_t max_waiting = 0;
  bool auto_accept = false;
  QueueMatching matching{};
  bool operator==(const QueuePut&) const = default;
  using Self = QueuePut;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, queue),
                      SB_FIELD(2, name),
                      SB_FIELD(3, open),
                      SB_FIELD(4, policy),
                      SB_FIELD(5, offer_timeout_ms),
                      SB_FIELD(6, wrap_up_ms),
                      SB_FIELD(7, priority_step_ms),
                      SB_FIELD(8, avoid_ms),
                      SB_FIELD(9, max_waiting),
                      SB_FIELD(10, auto_accept),
                      SB_FIELD(11, matching)};
  }
};

struct AgentPut {
  static constexpr std::uint32_t kNumber = 4;
  static constexpr std::string_view kName = "AgentPut";
  AgentId agent;
  std::vector<SkillLevel> skills;
  std::vector<QueueId> queues;
  std::vector<std::uint32_t> capacity;
  std::string login;  // what ids are found again by when the configuration is read again
  std::uint32_t units = 0;
  bool operator==(const AgentPut&) const = default;
  using Self = AgentPut;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent),    SB_FIELD(2, skills), SB_FIELD(3, queues),
                      SB_FIELD(4, capacity), SB_FIELD(5, login),  SB_FIELD(6, units)};
  }
};

struct AgentRemoved {
  static constexpr std::uint32_t kNumber = 5;
  static constexpr std::string_view kName = "AgentRemoved";
  AgentId agent;
  bool operator==(const AgentRemoved&) const = default;
  using Self = AgentRemoved;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent)}; }
};

struct CenterPut {
  static constexpr std::uint32_t kNumber = 6;
  static constexpr std::string_view kName = "CenterPut";
  DurationMs agent_grace_ms = 0;     // console gone for longer: chats go back to their queue
  DurationMs customer_grace_ms = 0;  // chat customer gone for longer: the chat ends
  std::vector<std::uint32_t> weights{};
  std::uint32_t misses_max = 0;
  DurationMs rest_ms = 0;
  bool operator==(const CenterPut&) const = default;
  using Self = CenterPut;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent_grace_ms), SB_FIELD(2, customer_grace_ms), SB_FIELD(3, weights),
                      SB_FIELD(4, misses_max), SB_FIELD(5, rest_ms)};
  }
};

struct FlowPut {
  static constexpr std::uint32_t kNumber = 7;
  static constexpr std::string_view kName = "FlowPut";
  Flow flow{};
  bool operator==(const FlowPut&) const = default;
  using Self = FlowPut;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, flow)}; }
};

// ---- agents ----
struct AgentSignedIn {
  static constexpr std::uint32_t kNumber = 20;
  static constexpr std::string_view kName = "AgentSignedIn";
  AgentId agent;
  std::uint64_t session = 0;
  Presence presence{};
  bool took_over = false;  // an older session was still there
  bool operator==(const AgentSignedIn&) const = default;
  using Self = AgentSignedIn;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, session), SB_FIELD(3, presence), SB_FIELD(4, took_over)};
  }
};

struct AgentSignedOut {
  static constexpr std::uint32_t kNumber = 21;
  static constexpr std::string_view kName = "AgentSignedOut";
  AgentId agent;
  std::uint64_t session = 0;
  bool lost = false;  // the grace period ran out
  bool operator==(const AgentSignedOut&) const = default;
  using Self = AgentSignedOut;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, session), SB_FIELD(3, lost)}; }
};

struct PresenceChanged {
  static constexpr std::uint32_t kNumber = 22;
  static constexpr std::string_view kName = "PresenceChanged";
  AgentId agent;
  Presence presence{};
  std::string reason;
  bool operator==(const PresenceChanged&) const = default;
  using Self = PresenceChanged;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, presence), SB_FIELD(3, reason)}; }
};

struct AgentConnectionLost {
  static constexpr std::uint32_t kNumber = 23;
  static constexpr std::string_view kName = "AgentConnectionLost";
  AgentId agent;
  TimeMs grace_until_ms = 0;
  bool operator==(const AgentConnectionLost&) const = default;
  using Self = AgentConnectionLost;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, grace_until_ms)}; }
};

// After too many declined or missed offers in a row; no offers until then.
struct AgentRested {
  static constexpr std::uint32_t kNumber = 24;
  static constexpr std::string_view kName = "AgentRested";
  AgentId agent;
  TimeMs until_ms = 0;
  std::uint32_t misses = 0;
  bool operator==(const AgentRested&) const = default;
  using Self = AgentRested;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, until_ms), SB_FIELD(3, misses)}; }
};

struct AgentRestEnded {
  static constexpr std::uint32_t kNumber = 25;
  static constexpr std::string_view kName = "AgentRestEnded";
  AgentId agent;
  bool operator==(const AgentRestEnded&) const = default;
  using Self = AgentRestEnded;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent)}; }
};

// ---- customers and tickets ----
struct CustomerCreated {
  static constexpr std::uint32_t kNumber = 30;
  static constexpr std::string_view kName = "CustomerCreated";
  CustomerId customer;
  std::vector<IdentityHash> identities;
  std::uint32_t content = 0;
  bool operator==(const CustomerCreated&) const = default;
  using Self = CustomerCreated;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, customer), SB_FIELD(2, identities), SB_FIELD(3, content)};
  }
};

struct CustomerPut {
  static constexpr std::uint32_t kNumber = 31;
  static constexpr std::string_view kName = "CustomerPut";
  CustomerId customer;
  std::vector<IdentityHash> identities;
  std::uint32_t content = 0;
  bool operator==(const CustomerPut&) const = default;
  using Self = CustomerPut;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, customer), SB_FIELD(2, identities), SB_FIELD(3, content)};
  }
};

struct CustomersMerged {
  static constexpr std::uint32_t kNumber = 32;
  static constexpr std::string_view kName = "CustomersMerged";
  CustomerId from;
  CustomerId into;
  AgentId agent;
  bool operator==(const CustomersMerged&) const = default;
  using Self = CustomersMerged;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, from), SB_FIELD(2, into), SB_FIELD(3, agent)}; }
};

struct CustomersUnmerged {
  static constexpr std::uint32_t kNumber = 33;
  static constexpr std::string_view kName = "CustomersUnmerged";
  CustomerId from;
  CustomerId into;
  AgentId agent;
  bool operator==(const CustomersUnmerged&) const = default;
  using Self = CustomersUnmerged;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, from), SB_FIELD(2, into), SB_FIELD(3, agent)}; }
};

struct CustomerFactAdded {
  static constexpr std::uint32_t kNumber = 34;
  static constexpr std::string_view kName = "CustomerFactAdded";
  CustomerId customer;
  std::string kind;
  AgentId agent;
  TicketId ticket;
  std::uint32_t content = 0;
  bool operator==(const CustomerFactAdded&) const = default;
  using Self = CustomerFactAdded;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, customer), SB_FIELD(2, kind), SB_FIELD(3, agent), SB_FIELD(4, ticket),
                      SB_FIELD(5, content)};
  }
};

struct TicketOpened {
  static constexpr std::uint32_t kNumber = 35;
  static constexpr std::string_view kName = "TicketOpened";
  TicketId ticket;
  CustomerId customer;
  QueueId queue;
  bool reopened = false;  // brought back by a reply
  bool operator==(const TicketOpened&) const = default;
  using Self = TicketOpened;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, ticket), SB_FIELD(2, customer), SB_FIELD(3, queue), SB_FIELD(4, reopened)};
  }
};

struct TicketUpdated {
  static constexpr std::uint32_t kNumber = 36;
  static constexpr std::string_view kName = "TicketUpdated";
  TicketId ticket;
  CustomerId customer;
  TicketStatus status{};
  AgentId agent;
  QueueId queue;
  std::int32_t priority = 0;
  std::uint32_t content = 0;
  bool operator==(const TicketUpdated&) const = default;
  using Self = TicketUpdated;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, ticket), SB_FIELD(2, customer), SB_FIELD(3, status), SB_FIELD(4, agent),
                      SB_FIELD(5, queue),  SB_FIELD(6, priority), SB_FIELD(7, content)};
  }
};

// ---- interactions ----
struct InteractionStarted {
  static constexpr std::uint32_t kNumber = 40;
  static constexpr std::string_view kName = "InteractionStarted";
  InteractionId interaction;
  Channel channel{};
  CustomerId customer;
  TicketId ticket;
  std::uint32_t tier = 0;
  std::string language;
  AgentId preferred_agent;
  std::uint32_t content = 0;
  IdentityHash identity;
  IdentityHash provider;
  bool operator==(const InteractionStarted&) const = default;
  using Self = InteractionStarted;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction),     SB_FIELD(2, channel), SB_FIELD(3, customer),
                      SB_FIELD(4, ticket),          SB_FIELD(5, tier),    SB_FIELD(6, language),
                      SB_FIELD(7, preferred_agent), SB_FIELD(8, content), SB_FIELD(9, identity),
                      SB_FIELD(10, provider)};
  }
};

// The order key is static: rank_ms is computed by the queue's order when it joins; lower goes first, then the id.
struct InteractionQueued {
  static constexpr std::uint32_t kNumber = 41;
  static constexpr std::string_view kName = "InteractionQueued";
  InteractionId interaction;
  QueueId queue;
  Requirement requirement;
  std::int32_t priority = 0;
  TimeMs queued_ms = 0;      // when it first joined a queue: kept over declines and transfers
  std::int64_t rank_ms = 0;  // place in the order, lower first; one level of the queue counts kLevelMs
  QueuedReason reason{};
  AgentId avoid;
  TimeMs avoid_until_ms = 0;
  bool consult = false;  // a second agent is sought while the first stays
  std::string language;
  std::uint32_t ring = 0;         // steps of the queue's relaxation already taken
  TimeMs joined_ms = 0;           // this queue, from when its relaxation counts: later by what time an agent had it
  TimeMs preferred_until_ms = 0;  // until then only_agent is whom the customer is best served by; 0: no such claim
  AgentId avoid_also{};           // who let go of it in a blind transfer, until avoid_until_ms
  bool operator==(const InteractionQueued&) const = default;
  using Self = InteractionQueued;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction),    SB_FIELD(2, queue),
                      SB_FIELD(3, requirement),    SB_FIELD(4, priority),
                      SB_FIELD(5, queued_ms),      SB_FIELD(6, rank_ms),
                      SB_FIELD(7, reason),         SB_FIELD(8, avoid),
                      SB_FIELD(9, avoid_until_ms), SB_FIELD(10, consult),
                      SB_FIELD(11, language),      SB_FIELD(12, ring),
                      SB_FIELD(13, joined_ms),     SB_FIELD(14, preferred_until_ms),
                      SB_FIELD(15, avoid_also)};
  }
};

// The wait changed what is asked for: one step of the queue's relaxation, or the end of a preferred agent's claim.
struct InteractionRelaxed {
  static constexpr std::uint32_t kNumber = 62;
  static constexpr std::string_view kName = "InteractionRelaxed";
  InteractionId interaction;
  RelaxKind kind{};
  std::uint32_t ring = 0;  // steps taken, this one included
  Requirement requirement;
  std::int32_t priority = 0;
  std::int64_t rank_ms = 0;
  SkillId skill;
  std::uint32_t amount = 0;
  QueueId queue;
  bool operator==(const InteractionRelaxed&) const = default;
  using Self = InteractionRelaxed;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, kind),     SB_FIELD(3, ring),
                      SB_FIELD(4, requirement), SB_FIELD(5, priority), SB_FIELD(6, rank_ms),
                      SB_FIELD(7, skill),       SB_FIELD(8, amount),   SB_FIELD(9, queue)};
  }
};

struct AvoidanceEnded {
  static constexpr std::uint32_t kNumber = 42;
  static constexpr std::string_view kName = "AvoidanceEnded";
  InteractionId interaction;
  bool operator==(const AvoidanceEnded&) const = default;
  using Self = AvoidanceEnded;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

struct OfferMade {
  static constexpr std::uint32_t kNumber = 43;
  static constexpr std::string_view kName = "OfferMade";
  OfferId offer;
  InteractionId interaction;
  AgentId agent;
  TimeMs expires_ms = 0;
  DurationMs waited_ms = 0;
  std::uint32_t candidates = 0;  // eligible agents that were free when it was decided
  std::int64_t score = 0;        // the policy's score, lower wins
  bool consult = false;
  bool agent_freed = false;            // the agent sought work (true) or the work sought an agent (false)
  Policy policy{};                     // the rule that chose
  std::uint32_t ring = 0;              // steps of relaxation the work had taken
  std::int64_t rank_ms = 0;            // its place in the order
  std::uint32_t preferred_levels = 0;  // the agent's levels in the preferred skills, more wins before the score
  bool named = false;                  // wanted in person: a transfer's target or a preferred agent
  bool pulled = false;                 // the agent picked it
  bool operator==(const OfferMade&) const = default;
  using Self = OfferMade;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, offer),
                      SB_FIELD(2, interaction),
                      SB_FIELD(3, agent),
                      SB_FIELD(4, expires_ms),
                      SB_FIELD(5, waited_ms),
                      SB_FIELD(6, candidates),
                      SB_FIELD(7, score),
                      SB_FIELD(8, consult),
                      SB_FIELD(9, agent_freed),
                      SB_FIELD(10, policy),
                      SB_FIELD(11, ring),
                      SB_FIELD(12, rank_ms),
                      SB_FIELD(13, preferred_levels),
                      SB_FIELD(14, named),
                      SB_FIELD(15, pulled)};
  }
};

struct OfferAccepted {
  static constexpr std::uint32_t kNumber = 44;
  static constexpr std::string_view kName = "OfferAccepted";
  OfferId offer;
  InteractionId interaction;
  AgentId agent;
  bool consult = false;
  DurationMs waited_ms = 0;
  bool operator==(const OfferAccepted&) const = default;
  using Self = OfferAccepted;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, offer), SB_FIELD(2, interaction), SB_FIELD(3, agent), SB_FIELD(4, consult),
                      SB_FIELD(5, waited_ms)};
  }
};

struct OfferDeclined {
  static constexpr std::uint32_t kNumber = 45;
  static constexpr std::string_view kName = "OfferDeclined";
  OfferId offer;
  InteractionId interaction;
  AgentId agent;
  std::string reason;
  bool operator==(const OfferDeclined&) const = default;
  using Self = OfferDeclined;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, offer), SB_FIELD(2, interaction), SB_FIELD(3, agent), SB_FIELD(4, reason)};
  }
};

// RONA: the agent becomes not responding.
struct OfferTimedOut {
  static constexpr std::uint32_t kNumber = 46;
  static constexpr std::string_view kName = "OfferTimedOut";
  OfferId offer;
  InteractionId interaction;
  AgentId agent;
  bool operator==(const OfferTimedOut&) const = default;
  using Self = OfferTimedOut;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, offer), SB_FIELD(2, interaction), SB_FIELD(3, agent)};
  }
};

struct OfferWithdrawn {
  static constexpr std::uint32_t kNumber = 47;
  static constexpr std::string_view kName = "OfferWithdrawn";
  OfferId offer;
  InteractionId interaction;
  AgentId agent;
  bool operator==(const OfferWithdrawn&) const = default;
  using Self = OfferWithdrawn;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, offer), SB_FIELD(2, interaction), SB_FIELD(3, agent)};
  }
};

struct InteractionConnected {
  static constexpr std::uint32_t kNumber = 48;
  static constexpr std::string_view kName = "InteractionConnected";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const InteractionConnected&) const = default;
  using Self = InteractionConnected;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

struct ConnectionFailed {
  static constexpr std::uint32_t kNumber = 49;
  static constexpr std::string_view kName = "ConnectionFailed";
  InteractionId interaction;
  AgentId agent;
  std::string reason;
  bool operator==(const ConnectionFailed&) const = default;
  using Self = ConnectionFailed;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, reason)};
  }
};

struct MessagePosted {
  static constexpr std::uint32_t kNumber = 50;
  static constexpr std::string_view kName = "MessagePosted";
  InteractionId interaction;
  std::uint64_t number = 0;  // 1, 2, 3 ... within the interaction
  Party author{};
  AgentId agent;
  std::uint32_t content = 0;
  bool operator==(const MessagePosted&) const = default;
  using Self = MessagePosted;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, number), SB_FIELD(3, author), SB_FIELD(4, agent),
                      SB_FIELD(5, content)};
  }
};

struct InteractionHeld {
  static constexpr std::uint32_t kNumber = 51;
  static constexpr std::string_view kName = "InteractionHeld";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const InteractionHeld&) const = default;
  using Self = InteractionHeld;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

struct InteractionResumed {
  static constexpr std::uint32_t kNumber = 52;
  static constexpr std::string_view kName = "InteractionResumed";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const InteractionResumed&) const = default;
  using Self = InteractionResumed;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

struct TransferStarted {
  static constexpr std::uint32_t kNumber = 53;
  static constexpr std::string_view kName = "TransferStarted";
  InteractionId interaction;
  AgentId agent;
  TransferKind kind{};
  QueueId queue;
  AgentId target;
  std::uint32_t content = 0;
  bool operator==(const TransferStarted&) const = default;
  using Self = TransferStarted;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent),  SB_FIELD(3, kind),
                      SB_FIELD(4, queue),       SB_FIELD(5, target), SB_FIELD(6, content)};
  }
};

struct TransferCompleted {
  static constexpr std::uint32_t kNumber = 54;
  static constexpr std::string_view kName = "TransferCompleted";
  InteractionId interaction;
  AgentId agent;
  AgentId target;
  bool operator==(const TransferCompleted&) const = default;
  using Self = TransferCompleted;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, target)};
  }
};

struct TransferCancelled {
  static constexpr std::uint32_t kNumber = 55;
  static constexpr std::string_view kName = "TransferCancelled";
  InteractionId interaction;
  AgentId agent;
  AgentId target;
  bool operator==(const TransferCancelled&) const = default;
  using Self = TransferCancelled;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, target)};
  }
};

struct CustomerConnectionLost {
  static constexpr std::uint32_t kNumber = 56;
  static constexpr std::string_view kName = "CustomerConnectionLost";
  InteractionId interaction;
  TimeMs grace_until_ms = 0;
  bool operator==(const CustomerConnectionLost&) const = default;
  using Self = CustomerConnectionLost;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, grace_until_ms)}; }
};

struct CustomerConnectionRestored {
  static constexpr std::uint32_t kNumber = 57;
  static constexpr std::string_view kName = "CustomerConnectionRestored";
  InteractionId interaction;
  bool operator==(const CustomerConnectionRestored&) const = default;
  using Self = CustomerConnectionRestored;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

// The customer left before an agent was connected.
struct InteractionAbandoned {
  static constexpr std::uint32_t kNumber = 58;
  static constexpr std::string_view kName = "InteractionAbandoned";
  InteractionId interaction;
  CustomerId customer;
  DurationMs waited_ms = 0;
  EndReason reason{};
  Channel channel{};
  bool operator==(const InteractionAbandoned&) const = default;
  using Self = InteractionAbandoned;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, customer), SB_FIELD(3, waited_ms), SB_FIELD(4, reason),
                      SB_FIELD(5, channel)};
  }
};

// The contact is over; what the agent still does about it is wrap-up.
struct InteractionEnded {
  static constexpr std::uint32_t kNumber = 59;
  static constexpr std::string_view kName = "InteractionEnded";
  InteractionId interaction;
  CustomerId customer;
  Party by{};
  AgentId agent;
  EndReason reason{};
  DurationMs handled_ms = 0;  // from connected to end
  Channel channel{};
  bool operator==(const InteractionEnded&) const = default;
  using Self = InteractionEnded;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, customer),   SB_FIELD(3, by),     SB_FIELD(4, agent),
                      SB_FIELD(5, reason),      SB_FIELD(6, handled_ms), SB_FIELD(7, channel)};
  }
};

struct WrapUpStarted {
  static constexpr std::uint32_t kNumber = 60;
  static constexpr std::string_view kName = "WrapUpStarted";
  AgentId agent;
  InteractionId interaction;
  TicketId ticket;
  Channel channel{};
  QueueId queue;
  TimeMs until_ms = 0;
  CustomerId customer;
  bool soft = false;  // gives way to other work, as the contact did
  bool operator==(const WrapUpStarted&) const = default;
  using Self = WrapUpStarted;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, interaction), SB_FIELD(3, ticket),   SB_FIELD(4, channel),
                      SB_FIELD(5, queue), SB_FIELD(6, until_ms),    SB_FIELD(7, customer), SB_FIELD(8, soft)};
  }
};

struct WrapUpCompleted {
  static constexpr std::uint32_t kNumber = 61;
  static constexpr std::string_view kName = "WrapUpCompleted";
  AgentId agent;
  InteractionId interaction;
  std::string disposition;
  bool timed_out = false;
  std::uint32_t content = 0;
  CustomerId customer;
  bool operator==(const WrapUpCompleted&) const = default;
  using Self = WrapUpCompleted;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent),     SB_FIELD(2, interaction), SB_FIELD(3, disposition),
                      SB_FIELD(4, timed_out), SB_FIELD(5, content),     SB_FIELD(6, customer)};
  }
};

// A contact that was over before it was known here. Its times are its own, not the record's.
struct PastInteractionAdded {
  static constexpr std::uint32_t kNumber = 63;
  static constexpr std::string_view kName = "PastInteractionAdded";
  InteractionId interaction;
  CustomerId customer;
  TicketId ticket;
  Channel channel{};
  std::string language;
  QueueId queue;
  AgentId agent;  // 0: nobody answered
  TimeMs started_ms = 0;
  DurationMs waited_ms = 0;
  DurationMs handled_ms = 0;
  EndReason reason{};
  std::string disposition;
  TicketStatus ticket_status{};
  std::uint32_t content = 0;
  bool operator==(const PastInteractionAdded&) const = default;
  using Self = PastInteractionAdded;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction),    SB_FIELD(2, customer),   SB_FIELD(3, ticket),
                      SB_FIELD(4, channel),        SB_FIELD(5, language),   SB_FIELD(6, queue),
                      SB_FIELD(7, agent),          SB_FIELD(8, started_ms), SB_FIELD(9, waited_ms),
                      SB_FIELD(10, handled_ms),    SB_FIELD(11, reason),    SB_FIELD(12, disposition),
                      SB_FIELD(13, ticket_status), SB_FIELD(14, content)};
  }
};

// Rules of the flow changed what the arrival is or where it goes.
struct FlowApplied {
  static constexpr std::uint32_t kNumber = 64;
  static constexpr std::string_view kName = "FlowApplied";
  InteractionId interaction;
  std::uint32_t version = 0;       // of the flow
  std::vector<std::string> rules;  // that acted, in order
  QueueId queue_before;
  bool operator==(const FlowApplied&) const = default;
  using Self = FlowApplied;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, version), SB_FIELD(3, rules), SB_FIELD(4, queue_before)};
  }
};

struct CallbackRequested {
  static constexpr std::uint32_t kNumber = 65;
  static constexpr std::string_view kName = "CallbackRequested";
  InteractionId interaction;
  CallbackOrder order{};
  TimeMs at_ms = 0;  // 0: in the queue, with its place
  std::uint32_t attempts_max = 0;
  DurationMs retry_ms = 0;
  std::vector<TimeSpan> windows;
  QueueId queue;  // where it is to wait
  Requirement requirement{};
  std::int32_t priority = 0;
  std::uint32_t content = 0;
  bool operator==(const CallbackRequested&) const = default;
  using Self = CallbackRequested;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, order),   SB_FIELD(3, at_ms), SB_FIELD(4, attempts_max),
                      SB_FIELD(5, retry_ms),    SB_FIELD(6, windows), SB_FIELD(7, queue), SB_FIELD(8, requirement),
                      SB_FIELD(9, priority),    SB_FIELD(10, content)};
  }
};

// The customer is being called.
struct CallbackStarted {
  static constexpr std::uint32_t kNumber = 66;
  static constexpr std::string_view kName = "CallbackStarted";
  InteractionId interaction;
  AgentId agent;
  std::uint32_t attempt = 0;  // 1, 2, 3 ...
  bool operator==(const CallbackStarted&) const = default;
  using Self = CallbackStarted;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, attempt)};
  }
};

struct CustomerReached {
  static constexpr std::uint32_t kNumber = 67;
  static constexpr std::string_view kName = "CustomerReached";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const CustomerReached&) const = default;
  using Self = CustomerReached;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

struct CustomerMissed {
  static constexpr std::uint32_t kNumber = 68;
  static constexpr std::string_view kName = "CustomerMissed";
  InteractionId interaction;
  AgentId agent;
  std::uint32_t attempt = 0;
  std::string reason;
  TimeMs next_ms = 0;  // 0: given up
  bool operator==(const CustomerMissed&) const = default;
  using Self = CustomerMissed;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, attempt), SB_FIELD(4, reason),
                      SB_FIELD(5, next_ms)};
  }
};

// The customer owes an answer for so long that the work no longer counts.
struct InteractionParked {
  static constexpr std::uint32_t kNumber = 69;
  static constexpr std::string_view kName = "InteractionParked";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const InteractionParked&) const = default;
  using Self = InteractionParked;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

struct InteractionUnparked {
  static constexpr std::uint32_t kNumber = 70;
  static constexpr std::string_view kName = "InteractionUnparked";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const InteractionUnparked&) const = default;
  using Self = InteractionUnparked;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

// The consultant is in the conversation now; the consultation is over.
struct ParticipantJoined {
  static constexpr std::uint32_t kNumber = 71;
  static constexpr std::string_view kName = "ParticipantJoined";
  InteractionId interaction;
  AgentId agent;  // the owner
  AgentId participant;
  bool operator==(const ParticipantJoined&) const = default;
  using Self = ParticipantJoined;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, participant)};
  }
};

struct ParticipantLeft {
  static constexpr std::uint32_t kNumber = 72;
  static constexpr std::string_view kName = "ParticipantLeft";
  InteractionId interaction;
  AgentId agent;  // by whom: the participant or the owner
  AgentId participant;
  bool operator==(const ParticipantLeft&) const = default;
  using Self = ParticipantLeft;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, participant)};
  }
};

// The owner left; the participant who joined first goes on.
struct InteractionHandedOver {
  static constexpr std::uint32_t kNumber = 73;
  static constexpr std::string_view kName = "InteractionHandedOver";
  InteractionId interaction;
  AgentId agent;
  AgentId target;
  bool operator==(const InteractionHandedOver&) const = default;
  using Self = InteractionHandedOver;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, target)};
  }
};

struct OutsideInvited {
  static constexpr std::uint32_t kNumber = 74;
  static constexpr std::string_view kName = "OutsideInvited";
  InteractionId interaction;
  AgentId agent;
  std::uint32_t content = 0;  // the number
  bool operator==(const OutsideInvited&) const = default;
  using Self = OutsideInvited;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, content)};
  }
};

struct OutsideJoined {
  static constexpr std::uint32_t kNumber = 75;
  static constexpr std::string_view kName = "OutsideJoined";
  InteractionId interaction;
  AgentId agent;  // the owner
  bool operator==(const OutsideJoined&) const = default;
  using Self = OutsideJoined;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

// Joined or not, the outside party is gone.
struct OutsideLeft {
  static constexpr std::uint32_t kNumber = 76;
  static constexpr std::string_view kName = "OutsideLeft";
  InteractionId interaction;
  AgentId agent;  // the owner, if it was their doing
  std::string reason;
  bool operator==(const OutsideLeft&) const = default;
  using Self = OutsideLeft;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, reason)};
  }
};

}  // namespace sb::event

namespace sb {

using Event = std::variant<
    event::SkillPut, event::SkillRemoved, event::QueuePut, event::AgentPut, event::AgentRemoved, event::CenterPut,
    event::AgentSignedIn, event::AgentSignedOut, event::PresenceChanged, event::AgentConnectionLost, event::AgentRested,
    event::AgentRestEnded, event::CustomerCreated, event::CustomerPut, event::CustomersMerged, event::CustomersUnmerged,
    event::CustomerFactAdded, event::TicketOpened, event::TicketUpdated, event::InteractionStarted,
    event::InteractionQueued, event::InteractionRelaxed, event::AvoidanceEnded, event::OfferMade, event::OfferAccepted,
    event::OfferDeclined, event::OfferTimedOut, event::OfferWithdrawn, event::InteractionConnected,
    event::ConnectionFailed, event::MessagePosted, event::InteractionHeld, event::InteractionResumed,
    event::TransferStarted, event::TransferCompleted, event::TransferCancelled, event::CustomerConnectionLost,
    event::CustomerConnectionRestored, event::InteractionAbandoned, event::InteractionEnded, event::WrapUpStarted,
    event::WrapUpCompleted, event::PastInteractionAdded, event::FlowPut, event::FlowApplied, event::CallbackRequested,
    event::CallbackStarted, event::CustomerReached, event::CustomerMissed, event::InteractionParked,
    event::InteractionUnparked, event::ParticipantJoined, event::ParticipantLeft, event::InteractionHandedOver,
    event::OutsideInvited, event::OutsideJoined, event::OutsideLeft>;

}  // namespace sb
