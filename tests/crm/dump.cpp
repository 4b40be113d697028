#include "tests/crm/dump.h"

#include <gtest/gtest.h>

#include "storage/sqlite.h"

namespace sb::crm {

std::string dump_records(const std::filesystem::path& path) {
  using namespace storage::sqlite;
  auto database = Database::open(path, Mode::read_only);
  if (!database) {
    ADD_FAILURE() << database.error().message;
    return {};
  }
  std::string out;
  for (const char* table : {"customers", "identities", "orders", "notes", "tickets", "interactions", "search"}) {
    auto statement = database->prepare(std::string("SELECT rowid, * FROM ") + table + " ORDER BY rowid");
    if (!statement) {
      ADD_FAILURE() << statement.error().message;
      return {};
    }
    while (statement->step().value_or(false)) {
      out += table;
      for (std::size_t i = 0; i < statement->columns(); ++i) {
        out += '|';
        out += statement->text(static_cast<int>(i));
      }
      out += '\n';
    }
  }
  return out;
}

}  // namespace sb::crm
