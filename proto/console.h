#pragma once
// What staff's consoles and the server say to each other, over one websocket (docs/protocol.md). The same structs
// become JSON for browsers and protobuf (proto/console.proto) by subprotocol. Numbers are field numbers: never reuse.
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proto/types.h"
#include "proto/wire.h"

namespace sb {

// A way to reach a customer.
struct ContactPoint {
  std::string kind;  // phone, email, chat
  std::string value;
  bool verified = false;
  bool operator==(const ContactPoint&) const = default;
  using Self = ContactPoint;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, kind), SB_FIELD(2, value), SB_FIELD(3, verified)}; }
};

struct TicketCard {
  TicketId ticket;
  TicketStatus status{};
  std::string subject;
  TimeMs updated_ms = 0;
  QueueId queue;
  AgentId agent;
  bool operator==(const TicketCard&) const = default;
  using Self = TicketCard;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, ticket),     SB_FIELD(2, status), SB_FIELD(3, subject),
                      SB_FIELD(4, updated_ms), SB_FIELD(5, queue),  SB_FIELD(6, agent)};
  }
};

struct InteractionCard {
  InteractionId interaction;
  Channel channel{};
  TimeMs started_ms = 0;
  TimeMs ended_ms = 0;
  std::string outcome;  // disposition code, abandoned, or empty while open
  QueueId queue;
  AgentId agent;
  std::string preview;  // first words
  TicketId ticket;
  bool operator==(const InteractionCard&) const = default;
  using Self = InteractionCard;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, channel), SB_FIELD(3, started_ms),
                      SB_FIELD(4, ended_ms),    SB_FIELD(5, outcome), SB_FIELD(6, queue),
                      SB_FIELD(7, agent),       SB_FIELD(8, preview), SB_FIELD(9, ticket)};
  }
};

struct OrderCard {
  std::string number;
  TimeMs placed_ms = 0;
  std::string status;
  std::string total;  // with currency, as the shop shows it
  std::string items;
  bool operator==(const OrderCard&) const = default;
  using Self = OrderCard;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, number), SB_FIELD(2, placed_ms), SB_FIELD(3, status), SB_FIELD(4, total),
                      SB_FIELD(5, items)};
  }
};

struct NoteCard {
  std::string text;
  AgentId agent;
  TimeMs time_ms = 0;
  bool operator==(const NoteCard&) const = default;
  using Self = NoteCard;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, text), SB_FIELD(2, agent), SB_FIELD(3, time_ms)}; }
};

struct CustomField {
  std::string name;
  std::string value;
  bool operator==(const CustomField&) const = default;
  using Self = CustomField;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, name), SB_FIELD(2, value)}; }
};

// Who the customer is, in one frame with the offer.
struct ScreenPop {
  CustomerId customer;  // 0: unknown caller
  std::string name;
  std::string match;  // verified, known, new: how sure we are
  std::uint32_t tier = 0;
  std::string language;
  std::vector<std::string> tags;
  std::vector<ContactPoint> contacts;
  std::vector<CustomField> custom;
  std::vector<TicketCard> tickets;            // open ones, newest first
  std::vector<InteractionCard> interactions;  // last ones over all channels, newest first
  std::vector<OrderCard> orders;              // newest first
  std::vector<NoteCard> notes;                // newest first
  std::string company;
  std::string lifetime_value;
  std::string consent;    // granted, refused, or empty when never asked
  bool unnamed = false;   // `name` only stands in: an address, or a code for a chat visitor
  std::string time_zone;  // IANA name; empty: not known
  bool operator==(const ScreenPop&) const = default;
  using Self = ScreenPop;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, customer),  SB_FIELD(2, name),
                      SB_FIELD(3, match),     SB_FIELD(4, tier),
                      SB_FIELD(5, language),  SB_FIELD(6, tags),
                      SB_FIELD(7, contacts),  SB_FIELD(8, custom),
                      SB_FIELD(9, tickets),   SB_FIELD(10, interactions),
                      SB_FIELD(11, orders),   SB_FIELD(12, notes),
                      SB_FIELD(13, company),  SB_FIELD(14, lifetime_value),
                      SB_FIELD(15, consent),  SB_FIELD(16, unnamed),
                      SB_FIELD(17, time_zone)};
  }
};

struct Attachment {
  std::string id;
  std::string name;
  std::string media_type;
  std::uint64_t bytes = 0;
  bool operator==(const Attachment&) const = default;
  using Self = Attachment;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, id), SB_FIELD(2, name), SB_FIELD(3, media_type), SB_FIELD(4, bytes)};
  }
};

// One message of a conversation.
struct ChatMessage {
  std::uint64_t number = 0;
  Party author{};
  AgentId agent;
  std::string name;  // of the author, as the customer sees it
  std::string text;
  TimeMs time_ms = 0;
  Attachment attachment;
  std::string key;  // the sender's own key for it
  bool operator==(const ChatMessage&) const = default;
  using Self = ChatMessage;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, number), SB_FIELD(2, author),  SB_FIELD(3, agent),      SB_FIELD(4, name),
                      SB_FIELD(5, text),   SB_FIELD(6, time_ms), SB_FIELD(7, attachment), SB_FIELD(8, key)};
  }
};

struct QueueCard {
  QueueId queue;
  std::string name;
  bool open = false;
  std::uint32_t waiting = 0;
  TimeMs oldest_ms = 0;  // when the oldest waiting interaction arrived; 0 none
  std::uint32_t agents_free = 0;
  std::uint32_t agents_on = 0;
  std::uint32_t answered = 0;  // since local midnight
  std::uint32_t abandoned = 0;
  std::uint32_t service_level = 0;  // percent answered within the queue's target; 255 unknown
  DurationMs wait_average_ms = 0;   // of the answered
  std::string title_en;             // in snapshots
  std::string title_zh;
  std::uint32_t fairness = 0;  // how evenly its work falls on its agents today, in thousandths; 0 unknown
  bool operator==(const QueueCard&) const = default;
  using Self = QueueCard;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, queue),
                      SB_FIELD(2, name),
                      SB_FIELD(3, open),
                      SB_FIELD(4, waiting),
                      SB_FIELD(5, oldest_ms),
                      SB_FIELD(6, agents_free),
                      SB_FIELD(7, agents_on),
                      SB_FIELD(8, answered),
                      SB_FIELD(9, abandoned),
                      SB_FIELD(10, service_level),
                      SB_FIELD(11, wait_average_ms),
                      SB_FIELD(12, title_en),
                      SB_FIELD(13, title_zh),
                      SB_FIELD(14, fairness)};
  }
};

struct AgentCard {
  AgentId agent;
  std::string name;
  Presence presence{};
  std::string reason;
  TimeMs since_ms = 0;
  std::uint32_t work = 0;  // interactions held
  std::uint32_t offers = 0;
  std::uint32_t wrap_ups = 0;
  bool connected = false;
  std::uint32_t handled = 0;  // since local midnight
  bool operator==(const AgentCard&) const = default;
  using Self = AgentCard;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent),     SB_FIELD(2, name),    SB_FIELD(3, presence), SB_FIELD(4, reason),
                      SB_FIELD(5, since_ms),  SB_FIELD(6, work),    SB_FIELD(7, offers),   SB_FIELD(8, wrap_ups),
                      SB_FIELD(9, connected), SB_FIELD(10, handled)};
  }
};

struct CodeName {
  std::string code;
  std::string name_en;
  std::string name_zh;
  bool operator==(const CodeName&) const = default;
  using Self = CodeName;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, code), SB_FIELD(2, name_en), SB_FIELD(3, name_zh)}; }
};

// How it stands with calling a customer back.
struct CallbackCard {
  std::string order;          // agent_first, customer_first
  std::uint32_t attempt = 0;  // made so far, the present one included
  std::uint32_t attempts_max = 0;
  TimeMs due_ms = 0;     // when the customer is called next; 0: as soon as an agent is free
  bool calling = false;  // the customer's phone rings
  bool reached = false;  // the customer is on the line
  bool operator==(const CallbackCard&) const = default;
  using Self = CallbackCard;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, order),  SB_FIELD(2, attempt), SB_FIELD(3, attempts_max),
                      SB_FIELD(4, due_ms), SB_FIELD(5, calling), SB_FIELD(6, reached)};
  }
};

struct WorkCard {
  InteractionId interaction;
  Channel channel{};
  std::string state;  // connecting, active, held, consulting
  QueueId queue;
  CustomerId customer;
  TicketId ticket;
  TimeMs started_ms = 0;
  TimeMs accepted_ms = 0;
  std::string customer_name;
  std::string language;
  std::uint32_t tier = 0;
  std::uint64_t messages = 0;
  bool customer_lost = false;  // connection lost, grace period running
  AgentId consult_agent;       // the other agent of a warm transfer
  bool transfer_pending = false;
  bool consultant = false;  // this agent is the one consulted
  ScreenPop pop;
  std::vector<ChatMessage> transcript;  // in a snapshot and at acceptance; later messages come as frames
  bool parked = false;                  // the customer owes an answer for so long that it does not count
  CallbackCard callback;                // without an order: not a callback
  std::vector<AgentId> participants;    // beside the owner, in order of joining
  AgentId owner;                        // for a participant: whose it is
  std::string outside;                  // the outside party: calling, connected; empty: there is none
  std::string outside_number;           // theirs, E.164; empty: there is none, or it was erased
  bool operator==(const WorkCard&) const = default;
  using Self = WorkCard;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction),     SB_FIELD(2, channel),        SB_FIELD(3, state),
                      SB_FIELD(4, queue),           SB_FIELD(5, customer),       SB_FIELD(6, ticket),
                      SB_FIELD(7, started_ms),      SB_FIELD(8, accepted_ms),    SB_FIELD(9, customer_name),
                      SB_FIELD(10, language),       SB_FIELD(11, tier),          SB_FIELD(12, messages),
                      SB_FIELD(13, customer_lost),  SB_FIELD(14, consult_agent), SB_FIELD(15, transfer_pending),
                      SB_FIELD(16, consultant),     SB_FIELD(17, pop),           SB_FIELD(18, transcript),
                      SB_FIELD(19, participants),   SB_FIELD(20, owner),         SB_FIELD(21, outside),
                      SB_FIELD(22, outside_number), SB_FIELD(25, parked),        SB_FIELD(26, callback)};
  }
};

struct WrapUpCard {
  InteractionId interaction;
  TicketId ticket;
  Channel channel{};
  QueueId queue;
  TimeMs until_ms = 0;
  CustomerId customer;
  std::string customer_name;
  bool operator==(const WrapUpCard&) const = default;
  using Self = WrapUpCard;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, ticket),   SB_FIELD(3, channel),      SB_FIELD(4, queue),
                      SB_FIELD(5, until_ms),    SB_FIELD(6, customer), SB_FIELD(7, customer_name)};
  }
};

struct OfferCard {
  OfferId offer;
  InteractionId interaction;
  Channel channel{};
  QueueId queue;
  TimeMs expires_ms = 0;
  DurationMs waited_ms = 0;
  bool consult = false;
  std::string preview;  // first words of the customer
  ScreenPop pop;
  CallbackCard callback;  // without an order: not a callback
  bool operator==(const OfferCard&) const = default;
  using Self = OfferCard;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, offer),      SB_FIELD(2, interaction), SB_FIELD(3, channel), SB_FIELD(4, queue),
                      SB_FIELD(5, expires_ms), SB_FIELD(6, waited_ms),   SB_FIELD(7, consult), SB_FIELD(8, preview),
                      SB_FIELD(9, pop),        SB_FIELD(10, callback)};
  }
};

// Work that waits in a queue whose agents may pick.
struct WaitingCard {
  InteractionId interaction;
  Channel channel{};
  QueueId queue;
  TimeMs queued_ms = 0;
  std::uint32_t position = 0;  // in its queue, from 1
  std::string customer_name;   // empty: nobody knows it
  std::uint32_t tier = 0;
  std::string language;
  std::string preview;    // first words of the customer
  bool eligible = false;  // the agent has what it asks for
  bool callback = false;  // the customer waits to be called, not on the line
  bool operator==(const WaitingCard&) const = default;
  using Self = WaitingCard;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, channel),  SB_FIELD(3, queue),
                      SB_FIELD(4, queued_ms),   SB_FIELD(5, position), SB_FIELD(6, customer_name),
                      SB_FIELD(7, tier),        SB_FIELD(8, language), SB_FIELD(9, preview),
                      SB_FIELD(10, eligible),   SB_FIELD(11, callback)};
  }
};

namespace frame {

// First frame of every connection.
struct Hello {
  static constexpr std::uint32_t kNumber = 1;
  static constexpr std::string_view kName = "hello";
  std::uint32_t protocol = 0;  // 1
  TimeMs now_ms = 0;           // server clock, for countdowns
  AgentId agent;
  std::string name;
  std::string role;      // agent, supervisor, admin
  bool resumed = false;  // the frames missed follow; otherwise a snapshot follows
  std::string language;
  bool operator==(const Hello&) const = default;
  using Self = Hello;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, protocol), SB_FIELD(2, now_ms),  SB_FIELD(3, agent),   SB_FIELD(4, name),
                      SB_FIELD(5, role),     SB_FIELD(6, resumed), SB_FIELD(7, language)};
  }
};

// Everything this console shows, replacing what it had.
struct Snapshot {
  static constexpr std::uint32_t kNumber = 2;
  static constexpr std::string_view kName = "snapshot";
  AgentCard agent;
  std::vector<OfferCard> offers;
  std::vector<WorkCard> work;
  std::vector<WrapUpCard> wrap_ups;
  std::vector<QueueCard> queues;
  std::vector<AgentCard> agents;
  std::vector<CodeName> dispositions;
  std::vector<CodeName> away_reasons;
  bool outside_calls = false;  // agents may call outside numbers into a call
  bool operator==(const Snapshot&) const = default;
  using Self = Snapshot;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, agent),        SB_FIELD(2, offers),       SB_FIELD(3, work),
                      SB_FIELD(4, wrap_ups),     SB_FIELD(5, queues),       SB_FIELD(6, agents),
                      SB_FIELD(7, dispositions), SB_FIELD(8, away_reasons), SB_FIELD(20, outside_calls)};
  }
};

// Answer to a request that carried an id.
struct Reply {
  static constexpr std::uint32_t kNumber = 3;
  static constexpr std::string_view kName = "reply";
  std::uint64_t request = 0;
  bool ok = false;
  std::string code;  // rejection name when not ok
  std::string message;
  std::uint64_t id = 0;  // what was created, if anything
  bool operator==(const Reply&) const = default;
  using Self = Reply;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, request), SB_FIELD(2, ok), SB_FIELD(3, code), SB_FIELD(4, message), SB_FIELD(5, id)};
  }
};

struct AgentChanged {
  static constexpr std::uint32_t kNumber = 4;
  static constexpr std::string_view kName = "agent_changed";
  AgentCard agent;
  bool operator==(const AgentChanged&) const = default;
  using Self = AgentChanged;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, agent)}; }
};

struct OfferArrived {
  static constexpr std::uint32_t kNumber = 5;
  static constexpr std::string_view kName = "offer_arrived";
  OfferCard offer;
  bool operator==(const OfferArrived&) const = default;
  using Self = OfferArrived;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, offer)}; }
};

struct OfferGone {
  static constexpr std::uint32_t kNumber = 6;
  static constexpr std::string_view kName = "offer_gone";
  OfferId offer;
  InteractionId interaction;
  std::string reason;  // accepted, declined, timed_out, withdrawn
  bool operator==(const OfferGone&) const = default;
  using Self = OfferGone;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, offer), SB_FIELD(2, interaction), SB_FIELD(3, reason)};
  }
};

// A piece of work is new or changed.
struct WorkChanged {
  static constexpr std::uint32_t kNumber = 7;
  static constexpr std::string_view kName = "work_changed";
  WorkCard work;
  bool operator==(const WorkChanged&) const = default;
  using Self = WorkChanged;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, work)}; }
};

struct WorkGone {
  static constexpr std::uint32_t kNumber = 8;
  static constexpr std::string_view kName = "work_gone";
  InteractionId interaction;
  std::string reason;  // ended, transferred, requeued, abandoned
  bool operator==(const WorkGone&) const = default;
  using Self = WorkGone;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, reason)}; }
};

struct MessageArrived {
  static constexpr std::uint32_t kNumber = 9;
  static constexpr std::string_view kName = "message_arrived";
  InteractionId interaction;
  ChatMessage message;
  bool operator==(const MessageArrived&) const = default;
  using Self = MessageArrived;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, message)}; }
};

struct Typing {
  static constexpr std::uint32_t kNumber = 10;
  static constexpr std::string_view kName = "typing";
  InteractionId interaction;
  Party author{};
  AgentId agent;
  bool operator==(const Typing&) const = default;
  using Self = Typing;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, author), SB_FIELD(3, agent)};
  }
};

struct WrapUpArrived {
  static constexpr std::uint32_t kNumber = 11;
  static constexpr std::string_view kName = "wrap_up_arrived";
  WrapUpCard wrap_up;
  bool operator==(const WrapUpArrived&) const = default;
  using Self = WrapUpArrived;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, wrap_up)}; }
};

struct WrapUpGone {
  static constexpr std::uint32_t kNumber = 12;
  static constexpr std::string_view kName = "wrap_up_gone";
  InteractionId interaction;
  bool timed_out = false;
  bool operator==(const WrapUpGone&) const = default;
  using Self = WrapUpGone;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, timed_out)}; }
};

struct CustomerChanged {
  static constexpr std::uint32_t kNumber = 13;
  static constexpr std::string_view kName = "customer_changed";
  ScreenPop pop;
  bool operator==(const CustomerChanged&) const = default;
  using Self = CustomerChanged;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, pop)}; }
};

// To watchers; coalesced, at most a few a second.
struct BoardChanged {
  static constexpr std::uint32_t kNumber = 14;
  static constexpr std::string_view kName = "board_changed";
  std::vector<QueueCard> queues;
  std::vector<AgentCard> agents;
  TimeMs now_ms = 0;
  std::uint32_t fairness = 0;  // as of a queue, over all work
  bool operator==(const BoardChanged&) const = default;
  using Self = BoardChanged;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, queues), SB_FIELD(2, agents), SB_FIELD(3, now_ms), SB_FIELD(4, fairness)};
  }
};

// The server closes after this one, e.g. taken_over, signed_out, restarting.
struct Goodbye {
  static constexpr std::uint32_t kNumber = 15;
  static constexpr std::string_view kName = "goodbye";
  std::string reason;
  bool operator==(const Goodbye&) const = default;
  using Self = Goodbye;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, reason)}; }
};

// To who asked for it: what may be picked, longest wait first. The whole list, at most twice a second.
struct WaitingChanged {
  static constexpr std::uint32_t kNumber = 16;
  static constexpr std::string_view kName = "waiting_changed";
  std::vector<WaitingCard> waiting;  // at most 50
  std::uint32_t total = 0;           // of which these are the first
  bool may_pull = false;             // one of the agent's queues lets agents pick
  bool operator==(const WaitingChanged&) const = default;
  using Self = WaitingChanged;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, waiting), SB_FIELD(2, total), SB_FIELD(3, may_pull)}; }
};

}  // namespace frame

namespace request {

struct SetPresence {
  static constexpr std::uint32_t kNumber = 1;
  static constexpr std::string_view kName = "set_presence";
  Presence presence{};
  std::string reason;
  bool operator==(const SetPresence&) const = default;
  using Self = SetPresence;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, presence), SB_FIELD(2, reason)}; }
};

struct Accept {
  static constexpr std::uint32_t kNumber = 2;
  static constexpr std::string_view kName = "accept";
  OfferId offer;
  bool operator==(const Accept&) const = default;
  using Self = Accept;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, offer)}; }
};

struct Decline {
  static constexpr std::uint32_t kNumber = 3;
  static constexpr std::string_view kName = "decline";
  OfferId offer;
  std::string reason;
  bool operator==(const Decline&) const = default;
  using Self = Decline;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, offer), SB_FIELD(2, reason)}; }
};

struct SendMessage {
  static constexpr std::uint32_t kNumber = 4;
  static constexpr std::string_view kName = "send_message";
  InteractionId interaction;
  std::string text;
  std::string key;         // the client's own key: a repeated key is not posted twice
  std::string attachment;  // id from the upload
  bool operator==(const SendMessage&) const = default;
  using Self = SendMessage;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, text), SB_FIELD(3, key), SB_FIELD(4, attachment)};
  }
};

struct SendTyping {
  static constexpr std::uint32_t kNumber = 5;
  static constexpr std::string_view kName = "send_typing";
  InteractionId interaction;
  bool operator==(const SendTyping&) const = default;
  using Self = SendTyping;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

struct Hold {
  static constexpr std::uint32_t kNumber = 6;
  static constexpr std::string_view kName = "hold";
  InteractionId interaction;
  bool operator==(const Hold&) const = default;
  using Self = Hold;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

struct Resume {
  static constexpr std::uint32_t kNumber = 7;
  static constexpr std::string_view kName = "resume";
  InteractionId interaction;
  bool operator==(const Resume&) const = default;
  using Self = Resume;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

struct Transfer {
  static constexpr std::uint32_t kNumber = 8;
  static constexpr std::string_view kName = "transfer";
  InteractionId interaction;
  TransferKind kind{};
  QueueId queue;
  AgentId target;
  std::string note;
  bool operator==(const Transfer&) const = default;
  using Self = Transfer;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, kind), SB_FIELD(3, queue), SB_FIELD(4, target),
                      SB_FIELD(5, note)};
  }
};

struct CompleteTransfer {
  static constexpr std::uint32_t kNumber = 9;
  static constexpr std::string_view kName = "complete_transfer";
  InteractionId interaction;
  bool operator==(const CompleteTransfer&) const = default;
  using Self = CompleteTransfer;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

struct CancelTransfer {
  static constexpr std::uint32_t kNumber = 10;
  static constexpr std::string_view kName = "cancel_transfer";
  InteractionId interaction;
  bool operator==(const CancelTransfer&) const = default;
  using Self = CancelTransfer;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

struct End {
  static constexpr std::uint32_t kNumber = 11;
  static constexpr std::string_view kName = "end";
  InteractionId interaction;
  bool operator==(const End&) const = default;
  using Self = End;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

struct CompleteWrapUp {
  static constexpr std::uint32_t kNumber = 12;
  static constexpr std::string_view kName = "complete_wrap_up";
  InteractionId interaction;
  std::string disposition;
  TicketStatus ticket_status{};
  std::string note;
  bool operator==(const CompleteWrapUp&) const = default;
  using Self = CompleteWrapUp;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, disposition), SB_FIELD(3, ticket_status),
                      SB_FIELD(4, note)};
  }
};

// Supervisors: start or stop the live board.
struct Watch {
  static constexpr std::uint32_t kNumber = 13;
  static constexpr std::string_view kName = "watch";
  bool board = false;
  bool operator==(const Watch&) const = default;
  using Self = Watch;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, board)}; }
};

struct SignOut {
  static constexpr std::uint32_t kNumber = 14;
  static constexpr std::string_view kName = "sign_out";
  bool operator==(const SignOut&) const = default;
  using Self = SignOut;
  static constexpr auto fields() { return std::tuple{}; }
};

// Take what waits in a queue that lets agents pick.
struct Pull {
  static constexpr std::uint32_t kNumber = 15;
  static constexpr std::string_view kName = "pull";
  InteractionId interaction;
  bool operator==(const Pull&) const = default;
  using Self = Pull;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

// Start or stop the list of what may be picked; a new connection starts without it.
struct WatchWaiting {
  static constexpr std::uint32_t kNumber = 16;
  static constexpr std::string_view kName = "watch_waiting";
  bool on = false;
  bool operator==(const WatchWaiting&) const = default;
  using Self = WatchWaiting;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, on)}; }
};

// The colleague who is consulted joins the conversation.
struct Conference {
  static constexpr std::uint32_t kNumber = 17;
  static constexpr std::string_view kName = "conference";
  InteractionId interaction;
  bool operator==(const Conference&) const = default;
  using Self = Conference;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

// Out of the conversation: a participant, or oneself (the owner: it goes on with who joined first).
struct LeaveConference {
  static constexpr std::uint32_t kNumber = 18;
  static constexpr std::string_view kName = "leave_conference";
  InteractionId interaction;
  AgentId participant;  // 0: oneself
  bool operator==(const LeaveConference&) const = default;
  using Self = LeaveConference;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, participant)}; }
};

// Calls an outside number into a call.
struct InviteOutside {
  static constexpr std::uint32_t kNumber = 19;
  static constexpr std::string_view kName = "invite_outside";
  InteractionId interaction;
  std::string number;  // any usual spelling
  bool operator==(const InviteOutside&) const = default;
  using Self = InviteOutside;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, number)}; }
};

struct DropOutside {
  static constexpr std::uint32_t kNumber = 20;
  static constexpr std::string_view kName = "drop_outside";
  InteractionId interaction;
  bool operator==(const DropOutside&) const = default;
  using Self = DropOutside;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, interaction)}; }
};

}  // namespace request

using FrameBody = std::variant<frame::Hello, frame::Snapshot, frame::Reply, frame::AgentChanged, frame::OfferArrived,
                               frame::OfferGone, frame::WorkChanged, frame::WorkGone, frame::MessageArrived,
                               frame::Typing, frame::WrapUpArrived, frame::WrapUpGone, frame::CustomerChanged,
                               frame::BoardChanged, frame::Goodbye, frame::WaitingChanged>;
using RequestBody =
    std::variant<request::SetPresence, request::Accept, request::Decline, request::SendMessage, request::SendTyping,
                 request::Hold, request::Resume, request::Transfer, request::CompleteTransfer, request::CancelTransfer,
                 request::End, request::CompleteWrapUp, request::Watch, request::SignOut, request::Pull,
                 request::WatchWaiting, request::Conference, request::LeaveConference, request::InviteOutside,
                 request::DropOutside>;

// Server to console. seq is the journal position the frame reflects (0: none); what to resume from.
struct Frame {
  Seq seq = 0;
  FrameBody body;
};

// Console to server. id 0 asks for no reply unless the request is refused.
struct Request {
  std::uint64_t id = 0;
  RequestBody body;
};

}  // namespace sb
