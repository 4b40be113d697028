#include "crm/schema.h"

#include <fmt/format.h>

#include <system_error>

#include "crm/sql.h"

namespace sb::crm {

namespace {

using storage::sqlite::Database;
using storage::sqlite::Mode;

// customers.root is who a customer counts as after merges (itself when not merged); merged_into is the step that was
// taken, so that taking it back restores what was there. identities.high/low are null for contacts without a hash.
// customers.stand_in: the name is an address or a code, because nobody has named them.
constexpr const char* kTables = R"sql(
CREATE TABLE meta(id INTEGER PRIMARY KEY CHECK(id = 1), position INTEGER NOT NULL);
INSERT INTO meta VALUES(1, 0);

CREATE TABLE customers(
  id INTEGER PRIMARY KEY, root INTEGER NOT NULL, merged_into INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL DEFAULT '', stand_in INTEGER NOT NULL DEFAULT 0, profiled INTEGER NOT NULL DEFAULT 0, language TEXT NOT NULL DEFAULT '',
  time_zone TEXT NOT NULL DEFAULT '', tier INTEGER NOT NULL DEFAULT 0, tags TEXT NOT NULL DEFAULT '[]', company TEXT NOT NULL DEFAULT '',
  custom TEXT NOT NULL DEFAULT '{}', consent TEXT NOT NULL DEFAULT '',
  created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
  last_agent INTEGER NOT NULL DEFAULT 0, last_agent_ms INTEGER NOT NULL DEFAULT 0);
CREATE INDEX customers_root ON customers(root);
CREATE INDEX customers_merged ON customers(merged_into) WHERE merged_into <> 0;

CREATE TABLE identities(
  id INTEGER PRIMARY KEY, high INTEGER, low INTEGER, customer INTEGER NOT NULL, kind TEXT NOT NULL,
  value TEXT NOT NULL, verified INTEGER NOT NULL, UNIQUE(high, low));
CREATE INDEX identities_customer ON identities(customer);

CREATE TABLE orders(
  number TEXT PRIMARY KEY, customer INTEGER NOT NULL, placed_ms INTEGER NOT NULL, status TEXT NOT NULL,
  total_cents INTEGER NOT NULL, currency TEXT NOT NULL, items TEXT NOT NULL, counts INTEGER NOT NULL);
CREATE INDEX orders_customer ON orders(customer, placed_ms);

CREATE TABLE notes(
  id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, ticket INTEGER NOT NULL, agent INTEGER NOT NULL,
  time_ms INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX notes_customer ON notes(customer, time_ms);

CREATE TABLE tickets(
  id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, status INTEGER NOT NULL, priority INTEGER NOT NULL DEFAULT 0,
  subject TEXT NOT NULL DEFAULT '', queue INTEGER NOT NULL DEFAULT 0, agent INTEGER NOT NULL DEFAULT 0,
  opened_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, solved_ms INTEGER NOT NULL DEFAULT 0);
CREATE INDEX tickets_customer ON tickets(customer, updated_ms);
CREATE INDEX tickets_status ON tickets(status, updated_ms);
CREATE INDEX tickets_updated ON tickets(updated_ms);

CREATE TABLE interactions(
  id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, customer INTEGER NOT NULL, ticket INTEGER NOT NULL,
  language TEXT NOT NULL, queue INTEGER NOT NULL DEFAULT 0, agent INTEGER NOT NULL DEFAULT 0,
  started_ms INTEGER NOT NULL, queued_ms INTEGER NOT NULL DEFAULT 0, accepted_ms INTEGER NOT NULL DEFAULT 0,
  connected_ms INTEGER NOT NULL DEFAULT 0, ended_ms INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '',
  disposition TEXT NOT NULL DEFAULT '', abandoned INTEGER NOT NULL DEFAULT 0, wait_ms INTEGER NOT NULL DEFAULT 0,
  handle_ms INTEGER NOT NULL DEFAULT 0, messages INTEGER NOT NULL DEFAULT 0, first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL, preview TEXT NOT NULL DEFAULT '');
CREATE INDEX interactions_customer ON interactions(customer, started_ms);
CREATE INDEX interactions_queue ON interactions(queue, started_ms);

CREATE VIRTUAL TABLE search USING fts5(name, company, contacts, orders, tokenize = 'trigram');
)sql";

std::expected<std::int64_t, Error> layout_of(Database& database) {
  auto statement = database.prepare("PRAGMA user_version");
  if (!statement) return std::unexpected(from_storage(statement.error()));
  auto row = statement->step();
  if (!row) return std::unexpected(from_storage(row.error()));
  return statement->int64(0);
}

std::expected<Database, Error> open_file(const std::filesystem::path& path) {
  auto database = Database::open(path, Mode::create);
  if (!database) return std::unexpected(from_storage(database.error()));
  return std::move(*database);
}

std::expected<void, Error> create_tables(Database& database) {
  const auto sql = fmt::format("BEGIN IMMEDIATE;{}PRAGMA user_version={};COMMIT", kTables, kLayout);
  auto created = database.execute(sql);
  if (created) return {};
  (void)database.execute("ROLLBACK");
  return std::unexpected(from_storage(created.error()));
}

}  // namespace

std::expected<Database, Error> open_records(const std::filesystem::path& path) {
  auto database = open_file(path);
  if (!database) return database;
  auto layout = layout_of(*database);
  if (!layout) return std::unexpected(layout.error());
  if (*layout > kLayout) {
    return std::unexpected(Error{
        Error::newer, fmt::format("{} has layout {}, this program knows up to {}", path.string(), *layout, kLayout)});
  }
  if (*layout == kLayout) return database;
  if (*layout != 0) {
    {
      const Database closed = std::move(*database);
    }
    std::error_code error;
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::remove(path.string() + suffix, error);
      if (error)
        return std::unexpected(Error{Error::io, "removing " + path.string() + suffix + ": " + error.message()});
    }
    database = open_file(path);
    if (!database) return database;
  }
  if (auto created = create_tables(*database); !created) return std::unexpected(created.error());
  return database;
}

}  // namespace sb::crm
