#include "crm/directory.h"

#include <array>
#include <atomic>
#include <limits>
#include <mutex>

#include "crm/customer_card.h"
#include "crm/directory_search.h"
#include "crm/sql.h"

namespace sb::crm {

namespace {

struct Connection {
  explicit Connection(storage::sqlite::Database database) : sql(std::move(database)) {}
  std::mutex mutex;
  Sql sql;
};

// All queries of one answer see one moment of the database.
class ReadMoment {
 public:
  explicit ReadMoment(Sql& sql) : sql_(sql) { sql_.run("BEGIN"); }
  ReadMoment(const ReadMoment&) = delete;
  ReadMoment& operator=(const ReadMoment&) = delete;
  ~ReadMoment() {
    if (open_) sql_.rollback();
  }
  [[nodiscard]] std::expected<void, Error> finish() {
    sql_.run("COMMIT");
    open_ = sql_.failed();
    return sql_.outcome();
  }

 private:
  Sql& sql_;
  bool open_ = true;
};

#define SB_TICKET_DETAILS                                                                       \
  SB_TICKET_CARD                                                                                \
  ", coalesce(c.root, t.customer), coalesce(r.name, ''), t.priority, t.opened_ms, t.solved_ms " \
  "FROM tickets t LEFT JOIN customers c ON c.id = t.customer LEFT JOIN customers r ON r.id = c.root "

TicketDetails ticket_details(const Rows& row) {
  return {.card = ticket_card(row),
          .customer = row.id<CustomerId>(6),
          .customer_name = row.text(7),
          .priority = static_cast<std::int32_t>(row.int64(8)),
          .opened_ms = row.uint64(9),
          .solved_ms = row.uint64(10)};
}

}  // namespace

struct Directory::State {
  // The first serves find_by_identity alone.
  static constexpr std::size_t kConnections = 4;
  std::array<std::unique_ptr<Connection>, kConnections> connections;
  std::atomic<std::size_t> turn = 0;

  // Runs f(sql) on a connection that is free, or waits for one in turn.
  template <class F>
  auto read(F&& f) -> std::expected<decltype(f(std::declval<Sql&>())), Error> {
    const std::size_t start = turn.fetch_add(1, std::memory_order_relaxed);
    for (std::size_t i = 0; i < kConnections - 1; ++i) {
      Connection& connection = *connections[1 + (start + i) % (kConnections - 1)];
      const std::unique_lock lock(connection.mutex, std::try_to_lock);
      if (lock) return read_on(connection, f);
    }
    Connection& connection = *connections[1 + start % (kConnections - 1)];
    const std::scoped_lock lock(connection.mutex);
    return read_on(connection, f);
  }

  template <class F>
  static auto read_on(Connection& connection, F& f) -> std::expected<decltype(f(connection.sql)), Error> {
    ReadMoment moment(connection.sql);
    auto answer = f(connection.sql);
    if (auto done = moment.finish(); !done) return std::unexpected(done.error());
    return answer;
  }
};

Directory::Directory(std::unique_ptr<State> state) : state_(std::move(state)) {}
Directory::Directory(Directory&&) noexcept = default;
Directory& Directory::operator=(Directory&&) noexcept = default;
Directory::~Directory() = default;

std::expected<Directory, Error> Directory::open(const std::filesystem::path& path) {
  auto state = std::make_unique<State>();
  for (auto& connection : state->connections) {
    auto database = storage::sqlite::Database::open(path, storage::sqlite::Mode::read_only);
    if (!database) return std::unexpected(from_storage(database.error()));
    connection = std::make_unique<Connection>(std::move(*database));
    connection->sql.run("SELECT position FROM meta");
    if (auto outcome = connection->sql.outcome(); !outcome) return std::unexpected(outcome.error());
  }
  return Directory(std::move(state));
}

std::expected<std::optional<IdentityMatch>, Error> Directory::find_by_identity(IdentityHash identity) const {
  Connection& connection = *state_->connections[0];
  const std::scoped_lock lock(connection.mutex);
  std::optional<IdentityMatch> match;
  {
    // One statement, so it needs no transaction of its own to be one moment.
    Rows row = connection.sql.query(
        "SELECT r.id, i.verified, "
        "CASE WHEN r.tier <> 0 THEN r.tier ELSE coalesce((SELECT m.tier FROM customers m "
        "WHERE m.root = r.id AND m.tier <> 0 ORDER BY m.id LIMIT 1), 0) END, "
        "CASE WHEN r.language <> '' THEN r.language ELSE coalesce((SELECT m.language FROM customers m "
        "WHERE m.root = r.id AND m.language <> '' ORDER BY m.id LIMIT 1), '') END, "
        "(SELECT t.id FROM customers m CROSS JOIN tickets t ON t.customer = m.id WHERE m.root = r.id AND "
        "t.status IN (1, 2, 3) ORDER BY t.updated_ms DESC, t.id DESC LIMIT 1), "
        "(SELECT m.last_agent FROM customers m WHERE m.root = r.id AND m.last_agent <> 0 "
        "ORDER BY m.last_agent_ms DESC, m.id DESC LIMIT 1), r.tags, "
        "CASE WHEN r.time_zone <> '' THEN r.time_zone ELSE coalesce((SELECT m.time_zone FROM customers m "
        "WHERE m.root = r.id AND m.time_zone <> '' ORDER BY m.id LIMIT 1), '') END "
        "FROM identities i JOIN customers c ON c.id = i.customer JOIN customers r ON r.id = c.root "
        "WHERE i.high = ?1 AND i.low = ?2",
        identity.high, identity.low);
    if (row.next()) {
      match = IdentityMatch{.customer = row.id<CustomerId>(0),
                            .tier = static_cast<std::uint32_t>(row.int64(2)),
                            .language = row.text(3),
                            .verified = row.boolean(1),
                            .open_ticket = row.id<TicketId>(4),
                            .last_agent = row.id<AgentId>(5),
                            .tags = tags_of(row.text_view(6)),
                            .time_zone = row.text(7)};
    }
  }
  if (auto outcome = connection.sql.outcome(); !outcome) return std::unexpected(outcome.error());
  return match;
}

std::expected<ScreenPop, Error> Directory::screen_pop(CustomerId customer, IdentityHash identity) const {
  return state_->read([&](Sql& sql) {
    ScreenPop pop;
    pop.match = "new";
    pop.unnamed = true;
    const CustomerId root = root_of(sql, customer);
    if (!root) return pop;
    pop = customer_card(sql, root);
    pop.match = match_of(sql, root, identity);
    add_history(sql, root, pop);
    return pop;
  });
}

std::expected<std::optional<CustomerDetails>, Error> Directory::customer(CustomerId customer) const {
  return state_->read([&](Sql& sql) -> std::optional<CustomerDetails> {
    const CustomerId root = root_of(sql, customer);
    if (!root) return std::nullopt;
    CustomerDetails details;
    details.card = customer_card(sql, root);
    details.card.match = match_of(sql, root, {});
    Rows rows = sql.query("SELECT id, created_ms, updated_ms FROM customers WHERE root = ?1 ORDER BY id", root);
    while (rows.next()) {
      if (rows.id<CustomerId>(0) == root) {
        details.created_ms = rows.uint64(1);
        details.updated_ms = rows.uint64(2);
      } else {
        details.merged.push_back(rows.id<CustomerId>(0));
      }
    }
    return details;
  });
}

std::expected<std::vector<CustomerSummary>, Error> Directory::search(std::string_view text, std::uint32_t limit) const {
  return state_->read([&](Sql& sql) { return search_customers(sql, text, std::min(limit, kLimitMax)); });
}

std::expected<std::vector<InteractionCard>, Error> Directory::timeline(CustomerId customer, TimeMs before_ms,
                                                                       std::uint32_t limit) const {
  return state_->read(
      [&](Sql& sql) { return interactions_of(sql, root_of(sql, customer), before_ms, std::min(limit, kLimitMax)); });
}

std::expected<std::vector<TicketDetails>, Error> Directory::tickets(const TicketFilter& filter) const {
  return state_->read([&](Sql& sql) {
    std::vector<TicketDetails> out;
    const auto status = filter.status ? static_cast<std::int64_t>(*filter.status) : 0;
    const auto before =
        filter.before_ms == 0 ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(filter.before_ms);
    const auto limit = std::min(filter.limit, kLimitMax);
    const auto collect = [&](Rows rows) {
      while (rows.next()) out.push_back(ticket_details(rows));
    };
    if (filter.customer) {
      collect(sql.query("SELECT " SB_TICKET_DETAILS
                        "WHERE t.customer IN (SELECT id FROM customers WHERE root = ?1) AND t.updated_ms < ?2 AND "
                        "(?3 = 0 OR t.status = ?3) AND (?4 = 0 OR t.queue = ?4) AND (?5 = 0 OR t.agent = ?5) "
                        "ORDER BY t.updated_ms DESC, t.id DESC LIMIT ?6",
                        root_of(sql, filter.customer), before, status, filter.queue, filter.agent, limit));
    } else if (status != 0) {
      collect(sql.query("SELECT " SB_TICKET_DETAILS
                        "WHERE t.status = ?1 AND t.updated_ms < ?2 AND (?3 = 0 OR t.queue = ?3) AND "
                        "(?4 = 0 OR t.agent = ?4) ORDER BY t.updated_ms DESC, t.id DESC LIMIT ?5",
                        status, before, filter.queue, filter.agent, limit));
    } else {
      collect(sql.query("SELECT " SB_TICKET_DETAILS
                        "WHERE t.updated_ms < ?1 AND (?2 = 0 OR t.queue = ?2) AND (?3 = 0 OR t.agent = ?3) "
                        "ORDER BY t.updated_ms DESC, t.id DESC LIMIT ?4",
                        before, filter.queue, filter.agent, limit));
    }
    return out;
  });
}

std::expected<std::optional<TicketDetails>, Error> Directory::ticket(TicketId ticket) const {
  return state_->read([&](Sql& sql) -> std::optional<TicketDetails> {
    Rows row = sql.query("SELECT " SB_TICKET_DETAILS "WHERE t.id = ?1", ticket);
    if (!row.next()) return std::nullopt;
    return ticket_details(row);
  });
}

std::expected<MeasuredDemand, Error> Directory::demand(QueueId queue, TimeSpan span, DurationMs interval_ms) const {
  return state_->read([&](Sql& sql) {
    MeasuredDemand out;
    out.arrivals.resize((span.until_ms - span.from_ms + interval_ms - 1) / interval_ms);
    DurationMs handled_ms = 0;
    Rows rows = sql.query(
        "SELECT (started_ms - ?2) / ?4, count(*), sum(handle_ms > 0), sum(handle_ms), sum(abandoned) FROM interactions "
        "WHERE queue = ?1 AND started_ms >= ?2 AND started_ms < ?3 AND outcome <> 'out_of_hours' GROUP BY 1",
        queue, span.from_ms, span.until_ms, interval_ms);
    while (rows.next()) {
      out.arrivals[static_cast<std::size_t>(rows.uint64(0))] = rows.uint64(1);
      out.answered += rows.uint64(2);
      handled_ms += rows.uint64(3);
      out.abandoned += rows.uint64(4);
    }
    if (out.answered > 0) out.handle_mean_ms = handled_ms / out.answered;
    return out;
  });
}

std::expected<std::optional<InteractionDetails>, Error> Directory::interaction(InteractionId interaction) const {
  return state_->read([&](Sql& sql) -> std::optional<InteractionDetails> {
    Rows row = sql.query("SELECT " SB_INTERACTION_CARD
                         ", coalesce(c.root, i.customer), coalesce(r.name, ''), i.language, i.queued_ms, "
                         "i.accepted_ms, i.connected_ms, i.disposition, i.abandoned, i.wait_ms, i.handle_ms, "
                         "i.messages, i.first_seq, i.last_seq FROM interactions i "
                         "LEFT JOIN customers c ON c.id = i.customer LEFT JOIN customers r ON r.id = c.root "
                         "WHERE i.id = ?1",
                         interaction);
    if (!row.next()) return std::nullopt;
    return InteractionDetails{.card = interaction_card(row),
                              .customer = row.id<CustomerId>(9),
                              .customer_name = row.text(10),
                              .language = row.text(11),
                              .queued_ms = row.uint64(12),
                              .accepted_ms = row.uint64(13),
                              .connected_ms = row.uint64(14),
                              .disposition = row.text(15),
                              .abandoned = row.boolean(16),
                              .wait_ms = row.uint64(17),
                              .handle_ms = row.uint64(18),
                              .messages = row.uint64(19),
                              .first_seq = row.uint64(20),
                              .last_seq = row.uint64(21)};
  });
}

}  // namespace sb::crm
