#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/error.h"

struct sqlite3;
struct sqlite3_stmt;

// A thin owner of SQLite handles: no query builder, no mapping. Errors are Error::sql with SQLite's own message.
// A Database and what was prepared on it belong to one thread at a time; open a second one (WAL mode lets readers and
// one writer work side by side) rather than sharing. Statements must be destroyed before their database.
namespace sb::storage::sqlite {

enum class Mode { read_only, read_write, create };

class Statement;

class Database {
 public:
  // Sets WAL journal mode (not for read_only), synchronous=NORMAL, foreign keys on and a busy timeout of five seconds.
  // ":memory:" is a private database in memory.
  [[nodiscard]] static std::expected<Database, Error> open(const std::filesystem::path& path, Mode mode);

  // Any number of SQL statements without parameters or results.
  [[nodiscard]] std::expected<void, Error> execute(const std::string& sql);
  // Exactly one statement.
  [[nodiscard]] std::expected<Statement, Error> prepare(std::string_view sql);
  [[nodiscard]] std::int64_t last_insert_rowid() const;
  [[nodiscard]] std::int64_t changes() const;  // rows the last statement inserted, updated or deleted

  // Brings user_version from n to migrations.size() by running migrations[n..], each in one transaction with the new
  // version. Error::unsupported if the file is newer than the list. Entries are never edited once released.
  [[nodiscard]] std::expected<void, Error> migrate(std::span<const std::string_view> migrations);

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}
  std::unique_ptr<sqlite3, Close> handle_;
};

class Statement {
 public:
  // Positions count from 1 as in ?1. Text and blobs are copied. A refused bind is reported by the next step().
  Statement& bind(int position, std::int64_t value);
  Statement& bind(int position, double value);
  Statement& bind(int position, std::string_view text);
  Statement& bind_blob(int position, std::string_view bytes);
  Statement& bind_null(int position);

  // true: a row is there to read. false: done. After an error or false, reset() before using it again.
  [[nodiscard]] std::expected<bool, Error> step();
  // step() for statements without rows, and reset().
  [[nodiscard]] std::expected<void, Error> run();
  // Ready for the next execution; clears the bindings.
  void reset();

  // Columns count from 0. SQLite's conversions apply; text and blob views live until the next step or reset.
  [[nodiscard]] std::size_t columns() const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t int64(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::string_view blob(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  void note(int result);
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  std::optional<Error> bind_error_;
};

// BEGIN IMMEDIATE now; ROLLBACK at the end of the scope unless committed. The database must outlive it and not move.
class Transaction {
 public:
  [[nodiscard]] static std::expected<Transaction, Error> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  [[nodiscard]] std::expected<void, Error> commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;  // null once committed or moved from
};

}  // namespace sb::storage::sqlite
