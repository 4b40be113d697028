#pragma once
// A database with the statements prepared on it, and one slot for the first thing that went wrong: after a failure
// every further call does nothing, so a sequence of writes is checked once, at its end, with outcome().
// One thread at a time. Internal to crm.
#include <concepts>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "crm/error.h"
#include "proto/wire.h"
#include "storage/sqlite.h"

namespace sb::crm {

[[nodiscard]] Error from_storage(storage::Error error);

// The rows of one running statement; resets it at the end of the scope.
class Rows {
 public:
  Rows(storage::sqlite::Statement* statement, std::optional<Error>* failure)
      : statement_(statement), failure_(failure) {}
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() {
    if (statement_) statement_->reset();
  }

  // False at the end and after a failure.
  [[nodiscard]] bool next();
  // Column of the current row, counted from 0. Unsigned numbers were stored bit for bit.
  [[nodiscard]] std::string text(int column) const { return std::string(statement_->text(column)); }
  [[nodiscard]] std::string_view text_view(int column) const { return statement_->text(column); }
  [[nodiscard]] std::int64_t int64(int column) const { return statement_->int64(column); }
  [[nodiscard]] std::uint64_t uint64(int column) const { return static_cast<std::uint64_t>(statement_->int64(column)); }
  [[nodiscard]] bool boolean(int column) const { return statement_->int64(column) != 0; }
  template <wire::StrongId T>
  [[nodiscard]] T id(int column) const {
    return T{static_cast<typename T::rep>(statement_->int64(column))};
  }

 private:
  storage::sqlite::Statement* statement_;  // null after a failure
  std::optional<Error>* failure_;
};

class Sql {
 public:
  explicit Sql(storage::sqlite::Database database) : database_(std::move(database)) {}
  Sql(const Sql&) = delete;
  Sql& operator=(const Sql&) = delete;

  // The SQL must be a literal: statements are kept by its address.
  template <std::size_t N, class... Args>
  void run(const char (&sql)[N], const Args&... args) {
    Rows rows = query(sql, args...);
    while (rows.next()) {
    }
  }
  template <std::size_t N, class... Args>
  [[nodiscard]] Rows query(const char (&sql)[N], const Args&... args) {
    storage::sqlite::Statement* statement = prepared(sql);
    if (statement) bind_all(*statement, args...);
    return Rows(statement, &failure_);
  }

  [[nodiscard]] bool failed() const { return failure_.has_value(); }
  // The first failure since the last call, or success; clears it.
  [[nodiscard]] std::expected<void, Error> outcome();
  // Undoes an open transaction, whatever happened before.
  void rollback();

 private:
  [[nodiscard]] storage::sqlite::Statement* prepared(const char* sql);

  template <class... Args>
  static void bind_all(storage::sqlite::Statement& statement, const Args&... args) {
    int position = 0;
    (bind_one(statement, ++position, args), ...);
  }
  template <class T>
  static void bind_one(storage::sqlite::Statement& statement, int position, const T& value) {
    if constexpr (wire::StrongId<T>) {
      statement.bind(position, static_cast<std::int64_t>(value.value));
    } else if constexpr (std::integral<T> || std::is_enum_v<T>) {
      statement.bind(position, static_cast<std::int64_t>(value));
    } else {
      statement.bind(position, std::string_view(value));
    }
  }

  storage::sqlite::Database database_;
  std::unordered_map<const char*, storage::sqlite::Statement> statements_;  // destroyed before the database
  std::optional<Error> failure_;
};

}  // namespace sb::crm
