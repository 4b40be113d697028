#pragma once
// Finding customers by words. Internal to crm.
#include <string_view>
#include <vector>

#include "crm/directory.h"
#include "crm/sql.h"

namespace sb::crm {

// What to look for: `match` for the trigram index (words of three characters and more; empty: none), `like` patterns
// for shorter words, which the index cannot find.
struct SearchTerms {
  static constexpr std::size_t kShortMax = 4;
  std::string match;
  std::vector<std::string> like;
};
// Text made of digits and the punctuation of phone numbers is one term in any spelling: "138 0013 8000".
[[nodiscard]] SearchTerms search_terms(std::string_view text);

[[nodiscard]] std::vector<CustomerSummary> search_customers(Sql& sql, std::string_view text, std::uint32_t limit);

}  // namespace sb::crm
