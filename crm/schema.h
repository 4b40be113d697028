#pragma once
// The tables of records.db. Internal to crm.
#include <expected>
#include <filesystem>

#include "crm/error.h"
#include "storage/sqlite.h"

namespace sb::crm {

// Grows with every change of the tables or of what the projection writes: older databases are thrown away and rebuilt
// from the journal instead of being migrated.
inline constexpr std::int64_t kLayout = 5;

// Creates the tables, or replaces a database of an older layout by an empty one. Error: newer, sql, io.
[[nodiscard]] std::expected<storage::sqlite::Database, Error> open_records(const std::filesystem::path& path);

}  // namespace sb::crm
