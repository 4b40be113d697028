#include "crm/interaction_rows.h"

#include "crm/stored_content.h"

namespace sb::crm {

namespace {
constexpr std::size_t kPreviewCharacters = 120;
constexpr std::size_t kSubjectCharacters = 80;
}  // namespace

void InteractionRows::open_ticket(const event::TicketOpened& event, Moment at) {
  Ticket* row = ticket(event.ticket);
  if (!row) {
    row = &tickets_[event.ticket];
    row->customer = event.customer;
    row->opened_ms = at.time_ms;
  }
  row->status = event.reopened ? TicketStatus::kOpen : TicketStatus::kNew;
  row->solved_ms = 0;
  row->updated_ms = at.time_ms;
  if (event.queue) row->queue = event.queue;
}

void InteractionRows::update_ticket(const event::TicketUpdated& event, std::string_view content, Moment at) {
  Ticket* row = ticket(event.ticket);
  if (!row) {
    row = &tickets_[event.ticket];
    row->customer = event.customer;
    row->status = TicketStatus::kOpen;
    row->opened_ms = at.time_ms;
  }
  row->updated_ms = at.time_ms;
  row->priority = event.priority;
  if (event.agent) row->agent = event.agent;
  if (event.queue) row->queue = event.queue;
  if (const std::string subject = read_stored_text(content, "subject"); !subject.empty()) {
    row->subject = first_words(subject, kSubjectCharacters);
  }
  if (event.status == TicketStatus::kNone) return;
  row->status = event.status;
  const bool solved = event.status == TicketStatus::kSolved || event.status == TicketStatus::kClosed;
  if (!solved) {
    row->solved_ms = 0;
  } else if (row->solved_ms == 0) {
    row->solved_ms = at.time_ms;
  }
}

void InteractionRows::start(const event::InteractionStarted& event, std::string_view content, Moment at) {
  if (interaction(event.interaction)) return;
  Interaction& row = interactions_[event.interaction];
  row.channel = event.channel;
  row.customer = event.customer;
  row.ticket = event.ticket;
  row.language = event.language;
  row.started_ms = at.time_ms;
  row.first_seq = row.last_seq = at.seq;
  note_words(row, content);
}

// The first words of a contact are its preview, and the subject of its ticket when that has none yet.
void InteractionRows::note_words(Interaction& row, std::string_view content) {
  if (content.empty()) return;
  const std::string text = read_stored_message(content);
  if (text.empty()) return;
  if (row.preview.empty()) row.preview = first_words(text, kPreviewCharacters);
  if (Ticket* t = ticket_of(row); t && t->subject.empty()) t->subject = first_words(text, kSubjectCharacters);
}

void InteractionRows::queue(const event::InteractionQueued& event, Moment at) {
  Interaction* row = reached(event.interaction, at);
  if (!row || event.consult) return;  // a consulted interaction stays with its agent and queue
  row->queue = event.queue;
  row->queued_ms = event.queued_ms;
  if (!event.language.empty()) row->language = event.language;
  Ticket* t = ticket_of(*row);
  if (t && t->status <= TicketStatus::kPending) t->queue = event.queue;
}

void InteractionRows::accept(const event::OfferAccepted& event, Moment at) {
  Interaction* row = reached(event.interaction, at);
  if (!row || event.consult) return;
  // How long the customer waited is decided by the first agent; who has it, by the last. Only calls are connected
  // later than accepted.
  row->agent = event.agent;
  if (row->accepted_ms == 0) {
    row->wait_ms = event.waited_ms;
    row->accepted_ms = at.time_ms;
  }
  if (row->connected_ms == 0 && row->channel != Channel::kPhone) row->connected_ms = at.time_ms;
  if (Ticket* t = ticket_of(*row)) {
    t->agent = event.agent;
    if (t->status == TicketStatus::kNew) t->status = TicketStatus::kOpen;
    t->updated_ms = at.time_ms;
  }
  note_agent(*row, event.agent, at);
}

void InteractionRows::note_agent(const Interaction& row, AgentId agent, Moment at) {
  if (!row.customer) return;
  LastAgent& last = last_agents_[row.customer];
  if (last.at_ms <= at.time_ms) last = {agent, at.time_ms};
}

void InteractionRows::connect(const event::InteractionConnected& event, Moment at) {
  Interaction* row = reached(event.interaction, at);
  if (row && row->connected_ms == 0) row->connected_ms = at.time_ms;
}

void InteractionRows::post(const event::MessagePosted& event, std::string_view content, Moment at) {
  Interaction* row = reached(event.interaction, at);
  if (!row) return;
  row->messages = std::max<std::uint64_t>(row->messages, event.number);
  if (event.author == Party::kCustomer) note_words(*row, content);
}

void InteractionRows::pass_to(InteractionId id, AgentId agent, Moment at) {
  Interaction* row = reached(id, at);
  if (!row || !agent) return;
  row->agent = agent;
  if (Ticket* t = ticket_of(*row)) t->agent = agent;
  note_agent(*row, agent, at);
}

void InteractionRows::abandon(const event::InteractionAbandoned& event, Moment at) {
  Interaction* row = reached(event.interaction, at);
  if (!row) return;
  row->ended_ms = at.time_ms;
  row->outcome = "abandoned";
  row->abandoned = true;
  row->wait_ms = event.waited_ms;
}

void InteractionRows::end(const event::InteractionEnded& event, Moment at) {
  Interaction* row = reached(event.interaction, at);
  if (!row) return;
  row->ended_ms = at.time_ms;
  row->outcome = name(event.reason);
  row->handle_ms = event.handled_ms;
  if (event.agent) row->agent = event.agent;
}

void InteractionRows::wrap_up(const event::WrapUpCompleted& event, Moment at) {
  Interaction* row = reached(event.interaction, at);
  if (row && !event.disposition.empty()) row->disposition = event.disposition;
}

void InteractionRows::add_past(const event::PastInteractionAdded& event, std::string_view content, Moment at) {
  if (interaction(event.interaction) || ticket(event.ticket)) return;
  const TimeMs left_queue_ms = event.started_ms + event.waited_ms;
  const TimeMs ended_ms = left_queue_ms + event.handled_ms;
  const bool answered = static_cast<bool>(event.agent);
  Ticket& matter = tickets_[event.ticket];
  matter.customer = event.customer;
  matter.status = event.ticket_status;
  matter.queue = event.queue;
  matter.agent = event.agent;
  matter.opened_ms = event.started_ms;
  matter.updated_ms = ended_ms;
  const bool solved = event.ticket_status == TicketStatus::kSolved || event.ticket_status == TicketStatus::kClosed;
  if (solved) matter.solved_ms = ended_ms;
  Interaction& row = interactions_[event.interaction];
  row.channel = event.channel;
  row.customer = event.customer;
  row.ticket = event.ticket;
  row.language = event.language;
  row.queue = event.queue;
  row.agent = event.agent;
  row.started_ms = row.queued_ms = event.started_ms;
  if (answered) row.accepted_ms = row.connected_ms = left_queue_ms;
  row.ended_ms = ended_ms;
  row.abandoned = !answered && event.reason != EndReason::kOutOfHours;
  row.outcome = row.abandoned ? "abandoned" : name(event.reason);
  row.disposition = event.disposition;
  row.wait_ms = event.waited_ms;
  row.handle_ms = event.handled_ms;
  row.messages = event.content != 0 ? 1 : 0;
  row.first_seq = row.last_seq = at.seq;
  note_words(row, content);
  if (answered) note_agent(row, event.agent, {at.seq, left_queue_ms});
}

void InteractionRows::reach(InteractionId interaction, Moment at) {
  (void)reached(interaction, at);
}

InteractionRows::Interaction* InteractionRows::reached(InteractionId id, Moment at) {
  Interaction* row = interaction(id);
  if (row) row->last_seq = at.seq;
  return row;
}

InteractionRows::Owner InteractionRows::owner_of(InteractionId id) {
  const Interaction* row = interaction(id);
  return row ? Owner{row->customer, row->ticket} : Owner{};
}

InteractionRows::Interaction* InteractionRows::interaction(InteractionId id) {
  if (const auto found = interactions_.find(id); found != interactions_.end()) return &found->second;
  Rows rows = sql_.query(
      "SELECT channel, customer, ticket, language, queue, agent, started_ms, queued_ms, accepted_ms, connected_ms, "
      "ended_ms, outcome, disposition, abandoned, wait_ms, handle_ms, messages, first_seq, last_seq, preview "
      "FROM interactions WHERE id = ?1",
      id);
  if (!rows.next()) return nullptr;
  return &interactions_
              .emplace(id, Interaction{.stored = true,
                                       .channel = static_cast<Channel>(rows.int64(0)),
                                       .customer = rows.id<CustomerId>(1),
                                       .ticket = rows.id<TicketId>(2),
                                       .language = rows.text(3),
                                       .queue = rows.id<QueueId>(4),
                                       .agent = rows.id<AgentId>(5),
                                       .started_ms = rows.uint64(6),
                                       .queued_ms = rows.uint64(7),
                                       .accepted_ms = rows.uint64(8),
                                       .connected_ms = rows.uint64(9),
                                       .ended_ms = rows.uint64(10),
                                       .outcome = rows.text(11),
                                       .disposition = rows.text(12),
                                       .abandoned = rows.boolean(13),
                                       .wait_ms = rows.uint64(14),
                                       .handle_ms = rows.uint64(15),
                                       .messages = rows.uint64(16),
                                       .first_seq = rows.uint64(17),
                                       .last_seq = rows.uint64(18),
                                       .preview = rows.text(19)})
              .first->second;
}

InteractionRows::Ticket* InteractionRows::ticket(TicketId id) {
  if (const auto found = tickets_.find(id); found != tickets_.end()) return &found->second;
  Rows rows = sql_.query(
      "SELECT customer, status, priority, subject, queue, agent, opened_ms, updated_ms, solved_ms FROM tickets "
      "WHERE id = ?1",
      id);
  if (!rows.next()) return nullptr;
  return &tickets_
              .emplace(id, Ticket{.stored = true,
                                  .customer = rows.id<CustomerId>(0),
                                  .status = static_cast<TicketStatus>(rows.int64(1)),
                                  .priority = rows.int64(2),
                                  .subject = rows.text(3),
                                  .queue = rows.id<QueueId>(4),
                                  .agent = rows.id<AgentId>(5),
                                  .opened_ms = rows.uint64(6),
                                  .updated_ms = rows.uint64(7),
                                  .solved_ms = rows.uint64(8)})
              .first->second;
}

void InteractionRows::flush() {
  for (const auto& [id, row] : interactions_) write(id, row);
  for (const auto& [id, row] : tickets_) write(id, row);
  for (const auto& [customer, last] : last_agents_) {
    sql_.run("UPDATE customers SET last_agent = ?2, last_agent_ms = ?3 WHERE id = ?1 AND last_agent_ms <= ?3", customer,
             last.agent, last.at_ms);
  }
  forget();
}

void InteractionRows::forget() {
  interactions_.clear();
  tickets_.clear();
  last_agents_.clear();
}

void InteractionRows::write(InteractionId id, const Interaction& row) {
  if (row.stored) {
    sql_.run(
        "UPDATE interactions SET language = ?2, queue = ?3, agent = ?4, queued_ms = ?5, accepted_ms = ?6, "
        "connected_ms = ?7, ended_ms = ?8, outcome = ?9, disposition = ?10, abandoned = ?11, wait_ms = ?12, "
        "handle_ms = ?13, messages = ?14, last_seq = ?15, preview = ?16 WHERE id = ?1",
        id, row.language, row.queue, row.agent, row.queued_ms, row.accepted_ms, row.connected_ms, row.ended_ms,
        row.outcome, row.disposition, row.abandoned, row.wait_ms, row.handle_ms, row.messages, row.last_seq,
        row.preview);
    return;
  }
  sql_.run(
      "INSERT INTO interactions(id, language, queue, agent, queued_ms, accepted_ms, connected_ms, ended_ms, outcome, "
      "disposition, abandoned, wait_ms, handle_ms, messages, last_seq, preview, channel, customer, ticket, started_ms, "
      "first_seq) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, "
      "?21)",
      id, row.language, row.queue, row.agent, row.queued_ms, row.accepted_ms, row.connected_ms, row.ended_ms,
      row.outcome, row.disposition, row.abandoned, row.wait_ms, row.handle_ms, row.messages, row.last_seq, row.preview,
      row.channel, row.customer, row.ticket, row.started_ms, row.first_seq);
}

void InteractionRows::write(TicketId id, const Ticket& row) {
  if (row.stored) {
    sql_.run(
        "UPDATE tickets SET status = ?2, priority = ?3, subject = ?4, queue = ?5, agent = ?6, updated_ms = ?7, "
        "solved_ms = ?8 WHERE id = ?1",
        id, row.status, row.priority, row.subject, row.queue, row.agent, row.updated_ms, row.solved_ms);
    return;
  }
  sql_.run(
      "INSERT INTO tickets(id, status, priority, subject, queue, agent, updated_ms, solved_ms, customer, opened_ms) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      id, row.status, row.priority, row.subject, row.queue, row.agent, row.updated_ms, row.solved_ms, row.customer,
      row.opened_ms);
}

}  // namespace sb::crm
