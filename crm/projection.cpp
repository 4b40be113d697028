#include "crm/projection.h"

#include "crm/customer_rows.h"
#include "crm/interaction_rows.h"
#include "crm/schema.h"
#include "crm/sql.h"

namespace sb::crm {

struct Projection::State {
  explicit State(storage::sqlite::Database database) : sql(std::move(database)) {}

  Sql sql;
  CustomerRows customers{sql};
  InteractionRows interactions{sql};
  Seq position = 0;
  Seq committed = 0;
  bool in_batch = false;

  void write(const Record& record, const ContentReader& contents);
  // After a failure: gives up the open transaction and reports why.
  [[nodiscard]] std::unexpected<Error> abandon() {
    Error why = std::move(sql.outcome().error());
    sql.rollback();
    customers.forget_touched();
    interactions.forget();
    position = committed;
    in_batch = false;
    return std::unexpected(std::move(why));
  }
};

namespace {

// Sends one event to the tables it concerns. Events without a row here (configuration, presence, offers that came to
// nothing) fall through to the generic overload.
class EventWriter {
 public:
  EventWriter(CustomerRows& customers, InteractionRows& interactions, const ContentReader& contents, Moment at)
      : customers_(customers), interactions_(interactions), contents_(contents), at_(at) {}

  void operator()(const event::CustomerCreated& e) { customers_.create(e, content(e.content), at_.time_ms); }
  void operator()(const event::CustomerPut& e) { customers_.put(e, content(e.content), at_.time_ms); }
  void operator()(const event::CustomersMerged& e) { customers_.merge(e); }
  void operator()(const event::CustomersUnmerged& e) { customers_.unmerge(e); }
  void operator()(const event::CustomerFactAdded& e) { customers_.add_fact(e, content(e.content), at_.time_ms); }
  void operator()(const event::TicketOpened& e) { interactions_.open_ticket(e, at_); }
  void operator()(const event::TicketUpdated& e) {
    interactions_.update_ticket(e, content(e.content), at_);
    note(e.customer, e.ticket, e.agent, e.content);
  }
  void operator()(const event::InteractionStarted& e) {
    const std::string message = content(e.content);
    interactions_.start(e, message, at_);
    if (const std::string mail = given_mail(message); !mail.empty()) customers_.add_given_mail(e.customer, mail);
  }
  void operator()(const event::InteractionQueued& e) { interactions_.queue(e, at_); }
  void operator()(const event::OfferAccepted& e) { interactions_.accept(e, at_); }
  void operator()(const event::InteractionConnected& e) { interactions_.connect(e, at_); }
  void operator()(const event::MessagePosted& e) {
    const std::string message = content(e.content);
    interactions_.post(e, message, at_);
    if (e.author != Party::kCustomer) return;
    if (const std::string mail = given_mail(message); !mail.empty()) {
      customers_.add_given_mail(interactions_.owner_of(e.interaction).customer, mail);
    }
  }
  void operator()(const event::TransferStarted& e) {
    interactions_.reach(e.interaction, at_);
    if (e.content == 0) return;
    const auto owner = interactions_.owner_of(e.interaction);
    note(owner.customer, owner.ticket, e.agent, e.content);
  }
  void operator()(const event::TransferCompleted& e) { interactions_.pass_to(e.interaction, e.target, at_); }
  void operator()(const event::InteractionHandedOver& e) { interactions_.pass_to(e.interaction, e.target, at_); }
  void operator()(const event::InteractionAbandoned& e) { interactions_.abandon(e, at_); }
  void operator()(const event::InteractionEnded& e) { interactions_.end(e, at_); }
  void operator()(const event::WrapUpCompleted& e) {
    interactions_.wrap_up(e, at_);
    if (e.content != 0) note(e.customer, interactions_.owner_of(e.interaction).ticket, e.agent, e.content);
  }
  void operator()(const event::PastInteractionAdded& e) { interactions_.add_past(e, content(e.content), at_); }
  template <class E>
  void operator()(const E& e) {
    if constexpr (requires { e.interaction; }) interactions_.reach(e.interaction, at_);
  }

 private:
  [[nodiscard]] std::string content(std::uint32_t index) const {
    if (index == 0) return {};
    return contents_(at_.seq, index).value_or(std::string());
  }
  // Few messages carry one; the others are not parsed for it.
  [[nodiscard]] static std::string given_mail(std::string_view message) {
    if (message.find("\"email\"") == std::string_view::npos) return {};
    return read_stored_text(message, "email");
  }
  void note(CustomerId customer, TicketId ticket, AgentId agent, std::uint32_t index) {
    if (index == 0) return;
    customers_.add_note(customer, ticket, agent, at_.time_ms, read_stored_text(content(index), "text"));
  }

  CustomerRows& customers_;
  InteractionRows& interactions_;
  const ContentReader& contents_;
  Moment at_;
};

}  // namespace

void Projection::State::write(const Record& record, const ContentReader& contents) {
  EventWriter writer(customers, interactions, contents, {record.seq, record.time_ms});
  for (const Event& event : record.events) std::visit(writer, event);
  position = record.seq;
}

Projection::Projection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Projection::Projection(Projection&&) noexcept = default;
Projection& Projection::operator=(Projection&&) noexcept = default;
Projection::~Projection() {
  if (state_ && state_->in_batch) state_->sql.rollback();
}

std::expected<Projection, Error> Projection::open(const std::filesystem::path& path) {
  auto database = open_records(path);
  if (!database) return std::unexpected(database.error());
  auto state = std::make_unique<State>(std::move(*database));
  {
    Rows rows = state->sql.query("SELECT position FROM meta");
    if (rows.next()) state->position = rows.uint64(0);
  }
  if (auto outcome = state->sql.outcome(); !outcome) return std::unexpected(outcome.error());
  state->committed = state->position;
  return Projection(std::move(state));
}

Seq Projection::position() const {
  return state_->position;
}

std::expected<void, Error> Projection::begin_batch() {
  if (state_->in_batch) return std::unexpected(Error{Error::out_of_order, "a batch is already open"});
  state_->sql.run("BEGIN IMMEDIATE");
  if (auto begun = state_->sql.outcome(); !begun) return begun;
  state_->in_batch = true;
  return {};
}

std::expected<void, Error> Projection::commit_batch() {
  if (!state_->in_batch) return std::unexpected(Error{Error::out_of_order, "no batch is open"});
  state_->interactions.flush();
  state_->customers.refresh_search();
  state_->sql.run("UPDATE meta SET position = ?1", state_->position);
  state_->sql.run("COMMIT");
  if (state_->sql.failed()) return state_->abandon();
  state_->in_batch = false;
  state_->committed = state_->position;
  return {};
}

std::expected<void, Error> Projection::apply(const Record& record, const ContentReader& contents) {
  if (!state_->in_batch) return apply(std::span(&record, 1), contents);
  if (record.seq <= state_->position) return {};
  state_->write(record, contents);
  if (state_->sql.failed()) return state_->abandon();
  return {};
}

std::expected<void, Error> Projection::apply(std::span<const Record> records, const ContentReader& contents) {
  if (auto begun = begin_batch(); !begun) return begun;
  for (const Record& record : records) {
    if (auto applied = apply(record, contents); !applied) return applied;
  }
  return commit_batch();
}

}  // namespace sb::crm
