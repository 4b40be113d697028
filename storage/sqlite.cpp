#include "storage/sqlite.h"

#include <sqlite3.h>

#include <utility>

namespace sb::storage::sqlite {
namespace {

constexpr int kBusyTimeoutMs = 5000;

Error sql_error(sqlite3* handle, std::string_view doing) {
  return {Error::sql, 0, std::string(doing) + ": " + sqlite3_errmsg(handle)};
}

int open_flags(Mode mode) {
  switch (mode) {
    case Mode::read_only:
      return SQLITE_OPEN_READONLY;
    case Mode::read_write:
      return SQLITE_OPEN_READWRITE;
    case Mode::create:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return SQLITE_OPEN_READONLY;
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}
void Statement::Finalize::operator()(sqlite3_stmt* handle) const {
  sqlite3_finalize(handle);
}

std::expected<Database, Error> Database::open(const std::filesystem::path& path, Mode mode) {
  // SQLite's own count of its memory takes a lock at every allocation, and nobody reads it.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)configured;  // refused, harmlessly, where something else in the process has used SQLite before
  sqlite3* raw = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &raw, open_flags(mode) | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(raw);  // even a failed open hands out something to close
  if (result != SQLITE_OK) {
    return std::unexpected(
        Error{Error::sql, 0, "opening " + path.string() + ": " + (raw ? sqlite3_errmsg(raw) : sqlite3_errstr(result))});
  }
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  std::string pragmas = "PRAGMA foreign_keys=ON;";
  if (mode != Mode::read_only) pragmas += "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;";
  if (auto set = database.execute(pragmas); !set) return std::unexpected(set.error());
  return database;
}

std::expected<void, Error> Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return std::unexpected(sql_error(handle_.get(), "executing SQL"));
  }
  return {};
}

std::expected<Statement, Error> Database::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  if (sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw,
                         &rest) != SQLITE_OK) {
    return std::unexpected(sql_error(handle_.get(), "preparing SQL"));
  }
  Statement statement(raw);
  const std::string_view tail(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (!raw || tail.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    return std::unexpected(Error{Error::sql, 0, "preparing SQL: exactly one statement is expected"});
  }
  return statement;
}

std::int64_t Database::last_insert_rowid() const {
  return sqlite3_last_insert_rowid(handle_.get());
}
std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_.get());
}

std::expected<void, Error> Database::migrate(std::span<const std::string_view> migrations) {
  // The version is read inside the transaction, so that two processes starting at once migrate once.
  for (;;) {
    auto transaction = Transaction::begin(*this);
    if (!transaction) return std::unexpected(transaction.error());
    std::size_t version = 0;
    {
      auto read = prepare("PRAGMA user_version");
      if (!read) return std::unexpected(read.error());
      auto row = read->step();
      if (!row) return std::unexpected(row.error());
      version = static_cast<std::size_t>(read->int64(0));
    }
    if (version > migrations.size()) {
      return std::unexpected(Error{Error::unsupported, 0,
                                   "the database is at version " + std::to_string(version) +
                                       ", this program knows versions up to " + std::to_string(migrations.size())});
    }
    if (version == migrations.size()) return transaction->commit();
    auto done = execute(std::string(migrations[version]) + ";PRAGMA user_version=" + std::to_string(version + 1));
    if (!done) {
      return std::unexpected(
          Error{Error::sql, 0, "migration " + std::to_string(version + 1) + ": " + done.error().message});
    }
    if (auto committed = transaction->commit(); !committed) return committed;
  }
}

void Statement::note(int result) {
  if (result != SQLITE_OK && !bind_error_) {
    bind_error_ = Error{Error::sql, 0, std::string("binding a value: ") + sqlite3_errstr(result)};
  }
}

Statement& Statement::bind(int position, std::int64_t value) {
  note(sqlite3_bind_int64(handle_.get(), position, value));
  return *this;
}

Statement& Statement::bind(int position, double value) {
  note(sqlite3_bind_double(handle_.get(), position, value));
  return *this;
}

Statement& Statement::bind(int position, std::string_view text) {
  // A null pointer would bind NULL; an empty view may carry one.
  const char* data = text.empty() ? "" : text.data();
  note(sqlite3_bind_text64(handle_.get(), position, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_blob(int position, std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  note(sqlite3_bind_blob64(handle_.get(), position, data, bytes.size(), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_null(int position) {
  note(sqlite3_bind_null(handle_.get(), position));
  return *this;
}

std::expected<bool, Error> Statement::step() {
  if (bind_error_) return std::unexpected(*bind_error_);
  switch (sqlite3_step(handle_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return std::unexpected(sql_error(sqlite3_db_handle(handle_.get()), "running SQL"));
  }
}

std::expected<void, Error> Statement::run() {
  auto more = step();
  while (more && *more) more = step();
  reset();
  if (!more) return std::unexpected(more.error());
  return {};
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
  bind_error_.reset();
}

std::size_t Statement::columns() const {
  return static_cast<std::size_t>(sqlite3_column_count(handle_.get()));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::int64(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)))
              : std::string_view();
}

std::string_view Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)))
              : std::string_view();
}

std::expected<Transaction, Error> Transaction::begin(Database& database) {
  if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return std::unexpected(begun.error());
  return Transaction(&database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // SQLite may have rolled back by itself (a full disk, say); a refusal here then says only that.
  if (database_) (void)database_->execute("ROLLBACK");
}

std::expected<void, Error> Transaction::commit() {
  auto committed = database_->execute("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace sb::storage::sqlite
