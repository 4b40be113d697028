#pragma once
// Writes tickets and interactions. Part of Projection; same thread. Internal to crm.
//
// Events change rows in memory; flush() writes each row once, however many events of the batch concerned it. Nothing
// else may write these two tables.
#include <map>
#include <string>
#include <string_view>

#include "crm/sql.h"
#include "proto/event.h"
#include "proto/types.h"

namespace sb::crm {

// When and where the event being applied happened.
struct Moment {
  Seq seq = 0;
  TimeMs time_ms = 0;
};

class InteractionRows {
 public:
  explicit InteractionRows(Sql& sql) : sql_(sql) {}

  void open_ticket(const event::TicketOpened& event, Moment at);
  void update_ticket(const event::TicketUpdated& event, std::string_view content, Moment at);

  // `content`: the bytes of the event's first message; empty when there is none.
  void start(const event::InteractionStarted& event, std::string_view content, Moment at);
  void queue(const event::InteractionQueued& event, Moment at);
  void accept(const event::OfferAccepted& event, Moment at);
  void connect(const event::InteractionConnected& event, Moment at);
  void post(const event::MessagePosted& event, std::string_view content, Moment at);
  // Another agent has it from now on.
  void pass_to(InteractionId id, AgentId agent, Moment at);
  void abandon(const event::InteractionAbandoned& event, Moment at);
  void end(const event::InteractionEnded& event, Moment at);
  void wrap_up(const event::WrapUpCompleted& event, Moment at);
  // The contact and its ticket at once, at their own times.
  void add_past(const event::PastInteractionAdded& event, std::string_view content, Moment at);
  // Any other event about the interaction: it reaches to this record.
  void reach(InteractionId interaction, Moment at);

  struct Owner {
    CustomerId customer;
    TicketId ticket;
  };
  [[nodiscard]] Owner owner_of(InteractionId interaction);

  // Writes what changed, before every commit; forget() drops it, after a failure.
  void flush();
  void forget();

 private:
  struct Interaction {
    bool stored = false;  // there is a row to update
    Channel channel{};
    CustomerId customer;
    TicketId ticket;
    std::string language;
    QueueId queue;
    AgentId agent;
    TimeMs started_ms = 0;
    TimeMs queued_ms = 0;
    TimeMs accepted_ms = 0;
    TimeMs connected_ms = 0;
    TimeMs ended_ms = 0;
    std::string outcome;
    std::string disposition;
    bool abandoned = false;
    TimeMs wait_ms = 0;
    TimeMs handle_ms = 0;
    std::uint64_t messages = 0;
    Seq first_seq = 0;
    Seq last_seq = 0;
    std::string preview;
  };
  struct Ticket {
    bool stored = false;
    CustomerId customer;
    TicketStatus status{};
    std::int64_t priority = 0;
    std::string subject;
    QueueId queue;
    AgentId agent;
    TimeMs opened_ms = 0;
    TimeMs updated_ms = 0;
    TimeMs solved_ms = 0;
  };
  struct LastAgent {
    AgentId agent;
    TimeMs at_ms = 0;
  };

  // The row to change, read when it is not in memory; null if there is none.
  Interaction* interaction(InteractionId id);
  Ticket* ticket(TicketId id);
  Interaction* reached(InteractionId id, Moment at);
  Ticket* ticket_of(const Interaction& row) { return row.ticket ? ticket(row.ticket) : nullptr; }
  void note_agent(const Interaction& row, AgentId agent, Moment at);
  void note_words(Interaction& row, std::string_view content);
  void write(InteractionId id, const Interaction& row);
  void write(TicketId id, const Ticket& row);

  Sql& sql_;
  std::map<InteractionId, Interaction> interactions_;
  std::map<TicketId, Ticket> tickets_;
  std::map<CustomerId, LastAgent> last_agents_;
};

}  // namespace sb::crm
