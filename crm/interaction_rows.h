#pragma once
// Writes tickets and interactions. Part of Projection; same thread. Internal to crm.
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
  void complete_transfer(const event::TransferCompleted& event, Moment at);
  void abandon(const event::InteractionAbandoned& event, Moment at);
  void end(const event::InteractionEnded& event, Moment at);
  void wrap_up(const event::WrapUpCompleted& event, Moment at);
  // Any other event about the interaction: it reaches to this record.
  void reach(InteractionId interaction, Moment at);

  struct Owner {
    CustomerId customer;
    TicketId ticket;
  };
  [[nodiscard]] Owner owner_of(InteractionId interaction);

 private:
  void note_agent(InteractionId interaction, AgentId agent, Moment at);
  void note_words(InteractionId interaction, std::string_view content);

  Sql& sql_;
};

}  // namespace sb::crm
