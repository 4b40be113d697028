#pragma once
// What the outside asks of the core, imperative. Numbers are the oneof field numbers in proto/switchboard.proto: never
// reuse or renumber. Fields named *content are 1-based indexes into the contents attached to the same record.
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proto/flow.h"
#include "proto/types.h"
#include "proto/wire.h"

namespace sb::command {

// ---- configuration (source: config/*.toml, the admin pages) ----
// Creates or renames a skill.
struct PutSkill {
  static constexpr std::uint32_t kNumber = 1;
  static constexpr std::string_view kName = "PutSkill";
  SkillId skill;
  std::string name;
  bool operator==(const PutSkill&) const = default;
  using Self = PutSkill;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, skill), SB_FIELD(2, name)}; }
};

// Refused with in_use while an agent, waiting work or the flow needs it.
struct RemoveSkill {
  static constexpr std::uint32_t kNumber = 2;
  static constexpr std::string_view kName = "RemoveSkill";
  SkillId skill;
  bool operator==(const RemoveSkill&) const = default;
  using Self = RemoveSkill;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, skill)}; }
};

// Creates or changes a queue; what waits is matched again in the same step. A queue named in a condition of the flow
// keeps its name (in_use).
struct PutQueue {
  static constexpr std::uint32_t kNumber = 3;
  static constexpr std::string_view kName = "PutQueue";
  QueueId queue;
  std::string name;
  bool open = false;  // closed: arrivals are refused, what waits goes on
  Policy policy{};
  DurationMs offer_timeout_ms = 0;  // 1,000 to 3,600,000
  DurationMs wrap_up_ms = 0;        // 0: no wrap-up; until then the agent's capacity stays taken
  DurationMs priority_step_ms = 0;  // how much earlier one point of priority counts
  DurationMs avoid_ms = 0;          // how long a declined or missed interaction avoids that agent
  std::uint32_t max_waiting = 0;    // 0: unlimited
  bool auto_accept = false;
  QueueMatching matching{};
  bool operator==(const PutQueue&) const = default;
  using Self = PutQueue;
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

// Creates or changes an agent. Levels 1-100; capacity is indexed by Channel.
struct PutAgent {
  static constexpr std::uint32_t kNumber = 4;
  static constexpr std::string_view kName = "PutAgent";
  AgentId agent;
  std::vector<SkillLevel> skills;
  std::vector<QueueId> queues;
  std::vector<std::uint32_t> capacity;
  std::string login;        // what ids are found again by when the configuration is read again
  std::uint32_t units = 0;  // of all channels together, by the center's weights; 0: only the counts per channel bind
  bool operator==(const PutAgent&) const = default;
  using Self = PutAgent;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent),    SB_FIELD(2, skills), SB_FIELD(3, queues),
                      SB_FIELD(4, capacity), SB_FIELD(5, login),  SB_FIELD(6, units)};
  }
};

// Refused with in_use while the agent is signed in or holds work, or the flow names them.
struct RemoveAgent {
  static constexpr std::uint32_t kNumber = 5;
  static constexpr std::string_view kName = "RemoveAgent";
  AgentId agent;
  bool operator==(const RemoveAgent&) const = default;
  using Self = RemoveAgent;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent)}; }
};

// What holds for the whole center.
struct PutCenter {
  static constexpr std::uint32_t kNumber = 6;
  static constexpr std::string_view kName = "PutCenter";
  DurationMs agent_grace_ms = 0;         // console gone for longer: chats go back to their queue
  DurationMs customer_grace_ms = 0;      // chat customer gone for longer: the chat ends
  std::vector<std::uint32_t> weights{};  // units one interaction of a channel takes, indexed by Channel; missing: 1
  std::uint32_t misses_max = 0;          // offers declined or missed in a row that make an agent rest; 0: never
  DurationMs rest_ms = 0;                // how long
  bool operator==(const PutCenter&) const = default;
  using Self = PutCenter;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent_grace_ms), SB_FIELD(2, customer_grace_ms), SB_FIELD(3, weights),
                      SB_FIELD(4, misses_max), SB_FIELD(5, rest_ms)};
  }
};

// Replaces the rules for arrivals. Refused with wrong_state unless its version is higher than that of the one there is.
struct PutFlow {
  static constexpr std::uint32_t kNumber = 7;
  static constexpr std::string_view kName = "PutFlow";
  Flow flow{};
  bool operator==(const PutFlow&) const = default;
  using Self = PutFlow;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, flow)}; }
};

// ---- agents ----
// A new session takes over from an older one: offers and work stay.
struct SignInAgent {
  static constexpr std::uint32_t kNumber = 20;
  static constexpr std::string_view kName = "SignInAgent";
  AgentId agent;
  std::uint64_t session = 0;
  Presence presence{};  // what to start with; offline means available
  bool operator==(const SignInAgent&) const = default;
  using Self = SignInAgent;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, session), SB_FIELD(3, presence)}; }
};

// Refused with in_use while the agent holds work.
struct SignOutAgent {
  static constexpr std::uint32_t kNumber = 21;
  static constexpr std::string_view kName = "SignOutAgent";
  AgentId agent;
  std::uint64_t session = 0;
  bool operator==(const SignOutAgent&) const = default;
  using Self = SignOutAgent;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, session)}; }
};

struct SetPresence {
  static constexpr std::uint32_t kNumber = 22;
  static constexpr std::string_view kName = "SetPresence";
  AgentId agent;
  Presence presence{};
  std::string reason;  // a code from the configured list, e.g. lunch
  bool operator==(const SetPresence&) const = default;
  using Self = SetPresence;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, presence), SB_FIELD(3, reason)}; }
};

// The console's websocket is gone; starts the grace period. Ignored for a session that was taken over.
struct LoseAgentConnection {
  static constexpr std::uint32_t kNumber = 23;
  static constexpr std::string_view kName = "LoseAgentConnection";
  AgentId agent;
  std::uint64_t session = 0;
  bool operator==(const LoseAgentConnection&) const = default;
  using Self = LoseAgentConnection;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, session)}; }
};

// ---- interactions ----
// When and how often the customer of a new interaction is called.
struct CallbackWish {
  CallbackOrder order{};           // none: the customer is here already
  TimeMs at_ms = 0;                // not before; 0: as soon as somebody is free
  std::uint32_t attempts_max = 0;  // 1 to 10
  DurationMs retry_ms = 0;         // between them
  std::vector<TimeSpan> windows;   // when the customer may be called, in order and apart; empty: always
  bool operator==(const CallbackWish&) const = default;
  using Self = CallbackWish;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, order), SB_FIELD(2, at_ms), SB_FIELD(3, attempts_max), SB_FIELD(4, retry_ms),
                      SB_FIELD(5, windows)};
  }
};

// A contact begins. With a queue it waits there at once; without one it stays in the channel's own dialogue (IVR).
struct StartInteraction {
  static constexpr std::uint32_t kNumber = 40;
  static constexpr std::string_view kName = "StartInteraction";
  Channel channel{};
  IdentityHash identity;
  CustomerId customer;                 // fact: who the identity belongs to, as far as the edge knows; 0 unknown
  std::uint32_t identity_content = 0;  // 1-based index of the attached identity details; 0 none
  std::uint32_t tier = 0;              // fact: 0 standard, higher is more valued
  std::string language;                // fact: BCP 47 tag
  TicketId ticket;                     // fact: the open or returning matter; 0 opens a new one
  QueueId queue;
  Requirement requirement;
  std::int32_t priority = 0;  // -100 to 100, higher first
  AgentId preferred_agent;
  bool out_of_hours = false;          // becomes a ticket instead of waiting
  std::uint32_t content = 0;          // 1-based index of the attached first message; 0 none
  IdentityHash provider;              // keyed hash of the provider's own id of the contact
  std::vector<std::string> labels{};  // facts for flows: what the edge knows of contact and customer, at most 32
  CallbackWish callback{};            // with an order: a call to make, in the queue or for a time; no flow is asked
  bool operator==(const StartInteraction&) const = default;
  using Self = StartInteraction;
  static constexpr auto fields() {
    return std::tuple{
        SB_FIELD(1, channel),     SB_FIELD(2, identity),  SB_FIELD(3, customer),         SB_FIELD(4, identity_content),
        SB_FIELD(5, tier),        SB_FIELD(6, language),  SB_FIELD(7, ticket),           SB_FIELD(8, queue),
        SB_FIELD(9, requirement), SB_FIELD(10, priority), SB_FIELD(11, preferred_agent), SB_FIELD(12, out_of_hours),
        SB_FIELD(13, content),    SB_FIELD(14, provider), SB_FIELD(15, labels),          SB_FIELD(16, callback)};
  }
};

// Puts an interaction that is still in its channel's dialogue into a queue.
struct EnqueueInteraction {
  static constexpr std::uint32_t kNumber = 41;
  static constexpr std::string_view kName = "EnqueueInteraction";
  InteractionId interaction;
  QueueId queue;
  Requirement requirement;
  std::int32_t priority = 0;
  std::string language;
  AgentId preferred_agent;
  std::vector<std::string> labels{};
  bool operator==(const EnqueueInteraction&) const = default;
  using Self = EnqueueInteraction;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, queue),    SB_FIELD(3, requirement),
                      SB_FIELD(4, priority),    SB_FIELD(5, language), SB_FIELD(6, preferred_agent),
                      SB_FIELD(7, labels)};
  }
};

struct AcceptOffer {
  static constexpr std::uint32_t kNumber = 42;
  static constexpr std::string_view kName = "AcceptOffer";
  AgentId agent;
  OfferId offer;
  bool operator==(const AcceptOffer&) const = default;
  using Self = AcceptOffer;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, offer)}; }
};

struct DeclineOffer {
  static constexpr std::uint32_t kNumber = 43;
  static constexpr std::string_view kName = "DeclineOffer";
  AgentId agent;
  OfferId offer;
  std::string reason;
  bool operator==(const DeclineOffer&) const = default;
  using Self = DeclineOffer;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, offer), SB_FIELD(3, reason)}; }
};

// The agent's leg has joined the customer (phone).
struct ConnectInteraction {
  static constexpr std::uint32_t kNumber = 44;
  static constexpr std::string_view kName = "ConnectInteraction";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const ConnectInteraction&) const = default;
  using Self = ConnectInteraction;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

// The agent's leg could not be joined: back to the queue at the original place.
struct FailConnection {
  static constexpr std::uint32_t kNumber = 45;
  static constexpr std::string_view kName = "FailConnection";
  InteractionId interaction;
  AgentId agent;
  std::string reason;
  bool operator==(const FailConnection&) const = default;
  using Self = FailConnection;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, reason)};
  }
};

struct PostMessage {
  static constexpr std::uint32_t kNumber = 46;
  static constexpr std::string_view kName = "PostMessage";
  InteractionId interaction;
  Party author{};
  AgentId agent;
  std::uint32_t content = 0;  // 1-based index of the attached message
  bool operator==(const PostMessage&) const = default;
  using Self = PostMessage;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, author), SB_FIELD(3, agent), SB_FIELD(4, content)};
  }
};

struct HoldInteraction {
  static constexpr std::uint32_t kNumber = 47;
  static constexpr std::string_view kName = "HoldInteraction";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const HoldInteraction&) const = default;
  using Self = HoldInteraction;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

struct ResumeInteraction {
  static constexpr std::uint32_t kNumber = 48;
  static constexpr std::string_view kName = "ResumeInteraction";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const ResumeInteraction&) const = default;
  using Self = ResumeInteraction;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

// Blind: the agent lets go now. Warm: the agent stays until the other has accepted and the transfer is completed.
struct TransferInteraction {
  static constexpr std::uint32_t kNumber = 49;
  static constexpr std::string_view kName = "TransferInteraction";
  InteractionId interaction;
  AgentId agent;
  TransferKind kind{};
  QueueId queue;   // target queue, or
  AgentId target;  // target agent
  Requirement requirement;
  std::uint32_t content = 0;  // 1-based index of an attached note; 0 none
  bool operator==(const TransferInteraction&) const = default;
  using Self = TransferInteraction;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent),       SB_FIELD(3, kind),   SB_FIELD(4, queue),
                      SB_FIELD(5, target),      SB_FIELD(6, requirement), SB_FIELD(7, content)};
  }
};

struct CompleteTransfer {
  static constexpr std::uint32_t kNumber = 50;
  static constexpr std::string_view kName = "CompleteTransfer";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const CompleteTransfer&) const = default;
  using Self = CompleteTransfer;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

struct CancelTransfer {
  static constexpr std::uint32_t kNumber = 51;
  static constexpr std::string_view kName = "CancelTransfer";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const CancelTransfer&) const = default;
  using Self = CancelTransfer;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

struct EndInteraction {
  static constexpr std::uint32_t kNumber = 52;
  static constexpr std::string_view kName = "EndInteraction";
  InteractionId interaction;
  Party by{};
  AgentId agent;
  EndReason reason{};
  bool operator==(const EndInteraction&) const = default;
  using Self = EndInteraction;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, by), SB_FIELD(3, agent), SB_FIELD(4, reason)};
  }
};

struct LoseCustomerConnection {
  static constexpr std::uint32_t kNumber = 53;
  static constexpr std::string_view kName = "LoseCustomerConnection";
  InteractionId interaction;
  bool operator==(const LoseCustomerConnection&) const = default;
  using Self = LoseCustomerConnection;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

struct RestoreCustomerConnection {
  static constexpr std::uint32_t kNumber = 54;
  static constexpr std::string_view kName = "RestoreCustomerConnection";
  InteractionId interaction;
  bool operator==(const RestoreCustomerConnection&) const = default;
  using Self = RestoreCustomerConnection;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

// Ends the agent's after-call work.
struct CompleteWrapUp {
  static constexpr std::uint32_t kNumber = 55;
  static constexpr std::string_view kName = "CompleteWrapUp";
  AgentId agent;
  InteractionId interaction;
  std::string disposition;       // a code from the configured list
  TicketStatus ticket_status{};  // 0 leaves the ticket as it is
  std::uint32_t content = 0;     // 1-based index of an attached note; 0 none
  bool operator==(const CompleteWrapUp&) const = default;
  using Self = CompleteWrapUp;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, interaction), SB_FIELD(3, disposition),
                      SB_FIELD(4, ticket_status), SB_FIELD(5, content)};
  }
};

// An agent takes a waiting interaction of a queue that allows it, under the same conditions as an offer.
struct PullInteraction {
  static constexpr std::uint32_t kNumber = 56;
  static constexpr std::string_view kName = "PullInteraction";
  AgentId agent;
  InteractionId interaction;
  bool operator==(const PullInteraction&) const = default;
  using Self = PullInteraction;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent), SB_FIELD(2, interaction)}; }
};

// A contact that was over before it was known here, with its own times: an import. It has a ticket of its own, which
// may still be open.
struct AddPastInteraction {
  static constexpr std::uint32_t kNumber = 57;
  static constexpr std::string_view kName = "AddPastInteraction";
  Channel channel{};
  CustomerId customer;
  std::string language;
  QueueId queue;  // may be gone by now
  AgentId agent;  // the same; 0: nobody answered
  TimeMs started_ms = 0;
  DurationMs waited_ms = 0;   // until answered or given up
  DurationMs handled_ms = 0;  // 0 when nobody answered
  EndReason reason{};
  std::string disposition;
  TicketStatus ticket_status{};
  std::uint32_t content = 0;  // 1-based index of the attached first message; 0 none
  bool operator==(const AddPastInteraction&) const = default;
  using Self = AddPastInteraction;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, channel),      SB_FIELD(2, customer),       SB_FIELD(3, language),
                      SB_FIELD(4, queue),        SB_FIELD(5, agent),          SB_FIELD(6, started_ms),
                      SB_FIELD(7, waited_ms),    SB_FIELD(8, handled_ms),     SB_FIELD(9, reason),
                      SB_FIELD(10, disposition), SB_FIELD(11, ticket_status), SB_FIELD(12, content)};
  }
};

// The customer is called back instead of waiting on the line: from the queue with its place, or at a time.
struct RequestCallback {
  static constexpr std::uint32_t kNumber = 58;
  static constexpr std::string_view kName = "RequestCallback";
  InteractionId interaction;
  CallbackOrder order{};
  TimeMs at_ms = 0;                // not before; 0: it keeps its place in the queue
  std::uint32_t attempts_max = 0;  // 1 to 10
  DurationMs retry_ms = 0;         // between them
  std::vector<TimeSpan> windows;   // when the customer may be called, in order and apart; empty: always. Made from the
                                   // customer's zone by the edge
  QueueId queue;                   // 0: the one it waits in
  Requirement requirement{};       // with a queue
  std::int32_t priority = 0;       // with a queue
  std::uint32_t content = 0;       // 1-based index of an attached note; 0 none
  bool operator==(const RequestCallback&) const = default;
  using Self = RequestCallback;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, order),   SB_FIELD(3, at_ms), SB_FIELD(4, attempts_max),
                      SB_FIELD(5, retry_ms),    SB_FIELD(6, windows), SB_FIELD(7, queue), SB_FIELD(8, requirement),
                      SB_FIELD(9, priority),    SB_FIELD(10, content)};
  }
};

// A callback's customer has answered the phone.
struct ReachCustomer {
  static constexpr std::uint32_t kNumber = 59;
  static constexpr std::string_view kName = "ReachCustomer";
  InteractionId interaction;
  bool operator==(const ReachCustomer&) const = default;
  using Self = ReachCustomer;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

// A callback's customer could not be reached: tried again later, or given up.
struct MissCustomer {
  static constexpr std::uint32_t kNumber = 60;
  static constexpr std::string_view kName = "MissCustomer";
  InteractionId interaction;
  std::string reason;  // busy, no_answer, failed
  bool operator==(const MissCustomer&) const = default;
  using Self = MissCustomer;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, reason)}; }
};

// The owner brings the consultant into the conversation. At most 5 participants (conference_full).
struct ConferenceInteraction {
  static constexpr std::uint32_t kNumber = 61;
  static constexpr std::string_view kName = "ConferenceInteraction";
  InteractionId interaction;
  AgentId agent;
  bool operator==(const ConferenceInteraction&) const = default;
  using Self = ConferenceInteraction;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent)}; }
};

// A participant leaves, the owner takes one out, or the owner leaves it to who joined first.
struct LeaveConference {
  static constexpr std::uint32_t kNumber = 62;
  static constexpr std::string_view kName = "LeaveConference";
  InteractionId interaction;
  AgentId agent;
  AgentId participant;  // who leaves
  bool operator==(const LeaveConference&) const = default;
  using Self = LeaveConference;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, participant)};
  }
};

// The owner of a call has an outside number called into it, one at a time. Which numbers may be called is the edge's
// matter.
struct InviteOutside {
  static constexpr std::uint32_t kNumber = 63;
  static constexpr std::string_view kName = "InviteOutside";
  InteractionId interaction;
  AgentId agent;
  std::uint32_t content = 0;  // 1-based index of the attached number, E.164
  bool operator==(const InviteOutside&) const = default;
  using Self = InviteOutside;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, content)};
  }
};

// The outside party has answered.
struct JoinOutside {
  static constexpr std::uint32_t kNumber = 64;
  static constexpr std::string_view kName = "JoinOutside";
  InteractionId interaction;
  bool operator==(const JoinOutside&) const = default;
  using Self = JoinOutside;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

// The outside party is gone, could not be reached, or is taken out by the owner.
struct DropOutside {
  static constexpr std::uint32_t kNumber = 65;
  static constexpr std::string_view kName = "DropOutside";
  InteractionId interaction;
  AgentId agent;       // 0: the edge reports
  std::string reason;  // hung_up, busy, no_answer, failed, removed
  bool operator==(const DropOutside&) const = default;
  using Self = DropOutside;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, agent), SB_FIELD(3, reason)};
  }
};

// ---- tickets ----
struct UpdateTicket {
  static constexpr std::uint32_t kNumber = 70;
  static constexpr std::string_view kName = "UpdateTicket";
  TicketId ticket;
  AgentId agent;
  TicketStatus status{};  // 0 unchanged
  QueueId queue;          // 0 unchanged
  std::int32_t priority = 0;
  bool set_priority = false;
  std::uint32_t content = 0;  // 1-based index of an attached note; 0 none
  bool operator==(const UpdateTicket&) const = default;
  using Self = UpdateTicket;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, ticket),   SB_FIELD(2, agent),        SB_FIELD(3, status), SB_FIELD(4, queue),
                      SB_FIELD(5, priority), SB_FIELD(6, set_priority), SB_FIELD(7, content)};
  }
};

// ---- customers ----
// Creates (customer 0) or changes a customer; the profile is an attached JSON object.
struct PutCustomer {
  static constexpr std::uint32_t kNumber = 80;
  static constexpr std::string_view kName = "PutCustomer";
  CustomerId customer;
  std::vector<IdentityHash> identities;
  std::uint32_t content = 0;
  bool operator==(const PutCustomer&) const = default;
  using Self = PutCustomer;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, customer), SB_FIELD(2, identities), SB_FIELD(3, content)};
  }
};

// Joins two customers that turned out to be one person. Reversible.
struct MergeCustomers {
  static constexpr std::uint32_t kNumber = 81;
  static constexpr std::string_view kName = "MergeCustomers";
  CustomerId from;
  CustomerId into;
  AgentId agent;
  bool operator==(const MergeCustomers&) const = default;
  using Self = MergeCustomers;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, from), SB_FIELD(2, into), SB_FIELD(3, agent)}; }
};

struct UnmergeCustomers {
  static constexpr std::uint32_t kNumber = 82;
  static constexpr std::string_view kName = "UnmergeCustomers";
  CustomerId from;
  CustomerId into;
  AgentId agent;
  bool operator==(const UnmergeCustomers&) const = default;
  using Self = UnmergeCustomers;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, from), SB_FIELD(2, into), SB_FIELD(3, agent)}; }
};

// A note, an order, a consent: facts about a customer whose words are attached.
struct AddCustomerFact {
  static constexpr std::uint32_t kNumber = 83;
  static constexpr std::string_view kName = "AddCustomerFact";
  CustomerId customer;
  std::string kind;  // note, order, consent
  AgentId agent;
  TicketId ticket;
  std::uint32_t content = 0;
  bool operator==(const AddCustomerFact&) const = default;
  using Self = AddCustomerFact;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, customer), SB_FIELD(2, kind), SB_FIELD(3, agent), SB_FIELD(4, ticket),
                      SB_FIELD(5, content)};
  }
};

// ---- time ----
// Fires what is due, a bounded number per step; sent by the sequencer alone.
struct FireDeadlines {
  static constexpr std::uint32_t kNumber = 90;
  static constexpr std::string_view kName = "FireDeadlines";
  bool operator==(const FireDeadlines&) const = default;
  using Self = FireDeadlines;
  static constexpr auto fields() { return std::tuple{}; }
};

}  // namespace sb::command

namespace sb {

using Command =
    std::variant<command::PutSkill, command::RemoveSkill, command::PutQueue, command::PutAgent, command::RemoveAgent,
                 command::PutCenter, command::SignInAgent, command::SignOutAgent, command::SetPresence,
                 command::LoseAgentConnection, command::StartInteraction, command::EnqueueInteraction,
                 command::AcceptOffer, command::DeclineOffer, command::ConnectInteraction, command::FailConnection,
                 command::PostMessage, command::HoldInteraction, command::ResumeInteraction,
                 command::TransferInteraction, command::CompleteTransfer, command::CancelTransfer,
                 command::EndInteraction, command::LoseCustomerConnection, command::RestoreCustomerConnection,
                 command::CompleteWrapUp, command::PullInteraction, command::AddPastInteraction, command::UpdateTicket,
                 command::PutCustomer, command::MergeCustomers, command::UnmergeCustomers, command::AddCustomerFact,
                 command::FireDeadlines, command::PutFlow, command::RequestCallback, command::ReachCustomer,
                 command::MissCustomer, command::ConferenceInteraction, command::LeaveConference,
                 command::InviteOutside, command::JoinOutside, command::DropOutside>;

}  // namespace sb
