#pragma once
// A customer list in CSV to profiles. The header row names the columns in any order and case: name, phone, email,
// language, time_zone, tier, tags (separated by semicolons), company, custom.*, or their Chinese words. Pure; any
// thread.
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "crm/csv_reader.h"
#include "crm/profile.h"

namespace sb::crm {

inline constexpr std::size_t kImportRowsMax = 200'000;

struct ImportRow {
  std::uint32_t line = 0;  // where the customer first appears
  Profile profile;         // its contacts are the identities; at least one
};

struct ImportResult {
  std::vector<ImportRow> rows;               // rows that share an address are one customer, later values win
  std::vector<CsvError> skipped;             // in the order of the lines
  std::vector<std::string> ignored_columns;  // names the header has and the import does not know
};

// Error: the text has no usable header row or too many rows. `knows_zone` as for parse_profile.
[[nodiscard]] std::expected<ImportResult, CsvError> read_import(std::string_view text, const PhoneRules& rules,
                                                                const KnowsZone& knows_zone = {});

}  // namespace sb::crm
