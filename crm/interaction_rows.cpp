#include "crm/interaction_rows.h"

#include "crm/stored_content.h"

namespace sb::crm {

namespace {
constexpr std::size_t kPreviewCharacters = 120;
constexpr std::size_t kSubjectCharacters = 80;
}  // namespace

void InteractionRows::open_ticket(const event::TicketOpened& event, Moment at) {
  const TicketStatus status = event.reopened ? TicketStatus::kOpen : TicketStatus::kNew;
  sql_.run(
      "INSERT INTO tickets(id, customer, status, queue, opened_ms, updated_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?5) "
      "ON CONFLICT(id) DO UPDATE SET status = excluded.status, solved_ms = 0, updated_ms = excluded.updated_ms, "
      "queue = CASE excluded.queue WHEN 0 THEN queue ELSE excluded.queue END",
      event.ticket, event.customer, status, event.queue, at.time_ms);
}

void InteractionRows::update_ticket(const event::TicketUpdated& event, std::string_view content, Moment at) {
  sql_.run("INSERT OR IGNORE INTO tickets(id, customer, status, opened_ms, updated_ms) VALUES(?1, ?2, 2, ?3, ?3)",
           event.ticket, event.customer, at.time_ms);
  sql_.run(
      "UPDATE tickets SET updated_ms = ?2, priority = ?3, agent = CASE ?4 WHEN 0 THEN agent ELSE ?4 END, "
      "queue = CASE ?5 WHEN 0 THEN queue ELSE ?5 END WHERE id = ?1",
      event.ticket, at.time_ms, event.priority, event.agent, event.queue);
  if (const std::string subject = read_stored_text(content, "subject"); !subject.empty()) {
    sql_.run("UPDATE tickets SET subject = ?2 WHERE id = ?1", event.ticket, first_words(subject, kSubjectCharacters));
  }
  if (event.status == TicketStatus::kNone) return;
  const bool solved = event.status == TicketStatus::kSolved || event.status == TicketStatus::kClosed;
  sql_.run(
      "UPDATE tickets SET status = ?2, solved_ms = CASE WHEN ?3 = 0 THEN 0 WHEN solved_ms = 0 THEN ?4 "
      "ELSE solved_ms END WHERE id = ?1",
      event.ticket, event.status, solved, at.time_ms);
}

void InteractionRows::start(const event::InteractionStarted& event, std::string_view content, Moment at) {
  sql_.run(
      "INSERT OR IGNORE INTO interactions(id, channel, customer, ticket, language, started_ms, first_seq, last_seq) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
      event.interaction, event.channel, event.customer, event.ticket, event.language, at.time_ms, at.seq);
  note_words(event.interaction, content);
}

// The first words of a contact are its preview, and the subject of its ticket when that has none yet.
void InteractionRows::note_words(InteractionId interaction, std::string_view content) {
  if (content.empty()) return;
  const std::string text = read_stored_message(content);
  if (text.empty()) return;
  sql_.run("UPDATE interactions SET preview = ?2 WHERE id = ?1 AND preview = ''", interaction,
           first_words(text, kPreviewCharacters));
  sql_.run(
      "UPDATE tickets SET subject = ?2 WHERE id = (SELECT ticket FROM interactions WHERE id = ?1) AND subject = ''",
      interaction, first_words(text, kSubjectCharacters));
}

void InteractionRows::queue(const event::InteractionQueued& event, Moment at) {
  reach(event.interaction, at);
  if (event.consult) return;  // the interaction stays with its agent and queue
  sql_.run(
      "UPDATE interactions SET queue = ?2, queued_ms = ?3, "
      "language = CASE ?4 WHEN '' THEN language ELSE ?4 END WHERE id = ?1",
      event.interaction, event.queue, event.queued_ms, event.language);
  sql_.run("UPDATE tickets SET queue = ?2 WHERE id = (SELECT ticket FROM interactions WHERE id = ?1) AND status <= 3",
           event.interaction, event.queue);
}

void InteractionRows::accept(const event::OfferAccepted& event, Moment at) {
  reach(event.interaction, at);
  if (event.consult) return;
  // How long the customer waited is decided by the first agent; who has it, by the last. Only calls are connected
  // later than accepted.
  sql_.run(
      "UPDATE interactions SET agent = ?2, wait_ms = CASE accepted_ms WHEN 0 THEN ?3 ELSE wait_ms END, "
      "accepted_ms = CASE accepted_ms WHEN 0 THEN ?4 ELSE accepted_ms END, "
      "connected_ms = CASE WHEN connected_ms = 0 AND channel <> ?5 THEN ?4 ELSE connected_ms END WHERE id = ?1",
      event.interaction, event.agent, event.waited_ms, at.time_ms, Channel::kPhone);
  sql_.run(
      "UPDATE tickets SET agent = ?2, status = CASE status WHEN 1 THEN 2 ELSE status END, updated_ms = ?3 "
      "WHERE id = (SELECT ticket FROM interactions WHERE id = ?1)",
      event.interaction, event.agent, at.time_ms);
  note_agent(event.interaction, event.agent, at);
}

void InteractionRows::note_agent(InteractionId interaction, AgentId agent, Moment at) {
  sql_.run(
      "UPDATE customers SET last_agent = ?2, last_agent_ms = ?3 WHERE id = (SELECT customer FROM interactions WHERE id "
      "= ?1)",
      interaction, agent, at.time_ms);
}

void InteractionRows::connect(const event::InteractionConnected& event, Moment at) {
  reach(event.interaction, at);
  sql_.run(
      "UPDATE interactions SET connected_ms = CASE connected_ms WHEN 0 THEN ?2 ELSE connected_ms END WHERE id = ?1",
      event.interaction, at.time_ms);
}

void InteractionRows::post(const event::MessagePosted& event, std::string_view content, Moment at) {
  reach(event.interaction, at);
  sql_.run("UPDATE interactions SET messages = max(messages, ?2) WHERE id = ?1", event.interaction, event.number);
  if (event.author == Party::kCustomer) note_words(event.interaction, content);
}

void InteractionRows::complete_transfer(const event::TransferCompleted& event, Moment at) {
  reach(event.interaction, at);
  if (!event.target) return;
  sql_.run("UPDATE interactions SET agent = ?2 WHERE id = ?1", event.interaction, event.target);
  sql_.run("UPDATE tickets SET agent = ?2 WHERE id = (SELECT ticket FROM interactions WHERE id = ?1)",
           event.interaction, event.target);
  note_agent(event.interaction, event.target, at);
}

void InteractionRows::abandon(const event::InteractionAbandoned& event, Moment at) {
  reach(event.interaction, at);
  sql_.run("UPDATE interactions SET ended_ms = ?2, outcome = 'abandoned', abandoned = 1, wait_ms = ?3 WHERE id = ?1",
           event.interaction, at.time_ms, event.waited_ms);
}

void InteractionRows::end(const event::InteractionEnded& event, Moment at) {
  reach(event.interaction, at);
  sql_.run(
      "UPDATE interactions SET ended_ms = ?2, outcome = ?3, handle_ms = ?4, "
      "agent = CASE ?5 WHEN 0 THEN agent ELSE ?5 END WHERE id = ?1",
      event.interaction, at.time_ms, name(event.reason), event.handled_ms, event.agent);
}

void InteractionRows::wrap_up(const event::WrapUpCompleted& event, Moment at) {
  reach(event.interaction, at);
  if (event.disposition.empty()) return;
  sql_.run("UPDATE interactions SET disposition = ?2 WHERE id = ?1", event.interaction, event.disposition);
}

void InteractionRows::reach(InteractionId interaction, Moment at) {
  sql_.run("UPDATE interactions SET last_seq = ?2 WHERE id = ?1", interaction, at.seq);
}

InteractionRows::Owner InteractionRows::owner_of(InteractionId interaction) {
  Rows rows = sql_.query("SELECT customer, ticket FROM interactions WHERE id = ?1", interaction);
  if (!rows.next()) return {};
  return {rows.id<CustomerId>(0), rows.id<TicketId>(1)};
}

}  // namespace sb::crm
