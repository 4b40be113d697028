#include "crm/sql.h"

namespace sb::crm {

Error from_storage(storage::Error error) {
  const auto code = error.code == storage::Error::sql       ? Error::sql
                    : error.code == storage::Error::damaged ? Error::damaged
                                                            : Error::io;
  return {code, std::move(error.message)};
}

bool Rows::next() {
  if (!statement_) return false;
  auto more = statement_->step();
  if (more) return *more;
  *failure_ = from_storage(more.error());
  statement_->reset();
  statement_ = nullptr;
  return false;
}

storage::sqlite::Statement* Sql::prepared(const char* sql) {
  if (failure_) return nullptr;
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    auto statement = database_.prepare(sql);
    if (!statement) {
      failure_ = from_storage(statement.error());
      return nullptr;
    }
    found = statements_.emplace(sql, std::move(*statement)).first;
  }
  return &found->second;
}

std::expected<void, Error> Sql::outcome() {
  auto failure = std::exchange(failure_, std::nullopt);
  if (failure) return std::unexpected(*std::move(failure));
  return {};
}

void Sql::rollback() {
  // Refused only when SQLite has already rolled back by itself.
  (void)database_.execute("ROLLBACK");
}

}  // namespace sb::crm
