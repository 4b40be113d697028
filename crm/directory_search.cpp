#include "crm/directory_search.h"

#include "crm/customer_card.h"
#include "crm/json_fields.h"

namespace sb::crm {

namespace {

constexpr std::size_t kQueryBytesMax = 200;
constexpr std::size_t kTermsMax = 8;
constexpr std::size_t kTrigram = 3;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string phrase(std::string_view term) {
  std::string out = "\"";
  for (const char c : term) {
    out.push_back(c);
    if (c == '"') out.push_back('"');
  }
  return out + "\"";
}

std::string like_escaped(std::string_view term) {
  std::string out;
  for (const char c : term) {
    if (c == '%' || c == '_' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

// The digits of a phone number as they appear inside its E.164 form: no separators, no + or 00, no trunk 0.
std::string phone_digits(std::string_view text) {
  if (text.find_first_not_of("0123456789 +-().") != std::string_view::npos) return {};
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  const auto first = digits.find_first_not_of('0');
  if (first > 2) return digits;  // also where there is nothing but zeros
  return digits.substr(first);
}

void add_match(std::string& match, const std::string& term) {
  if (!match.empty()) match += " AND ";
  match += term;
}

}  // namespace

SearchTerms search_terms(std::string_view text) {
  SearchTerms out;
  text = trim(text);
  const std::string digits = phone_digits(text);
  if (digits.size() >= kTrigram) {
    out.match = phrase(text) + " OR " + phrase(digits);
    return out;
  }
  for (std::size_t terms = 0; !text.empty() && terms < kTermsMax; ++terms) {
    const auto end = std::min(text.find_first_of(" \t\r\n"), text.find("\xE3\x80\x80"));  // also the ideographic space
    const auto term = text.substr(0, end);
    if (characters(term) >= kTrigram) {
      add_match(out.match, phrase(term));
    } else if (!term.empty() && out.like.size() < SearchTerms::kShortMax) {
      out.like.push_back("%" + like_escaped(term) + "%");
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + (text[end] == '\xE3' ? 3 : 1));
    text = trim(text);
  }
  return out;
}

#define SB_SEARCH_PLACE                                                                                    \
  "SELECT c.root, min(CASE WHEN s.name LIKE ?5 ESCAPE '\\' THEN 0 WHEN s.name LIKE ?5 || '%' ESCAPE '\\' " \
  "THEN 1 WHEN s.name LIKE '%' || ?5 || '%' ESCAPE '\\' THEN 2 ELSE 3 END) AS place "                      \
  "FROM search s JOIN customers c ON c.id = s.rowid WHERE "
#define SB_SEARCH_SHORT(column) \
  "(s.name || ' ' || s.company || ' ' || s.contacts || ' ' || s.orders) LIKE " column " ESCAPE '\\' "
#define SB_SEARCH_ALL_SHORT \
  SB_SEARCH_SHORT("?1") "AND " SB_SEARCH_SHORT("?2") "AND " SB_SEARCH_SHORT("?3") "AND " SB_SEARCH_SHORT("?4")
#define SB_SEARCH_ORDER "GROUP BY c.root ORDER BY place, c.root LIMIT ?6"

std::vector<CustomerSummary> search_customers(Sql& sql, std::string_view text, std::uint32_t limit) {
  text = trim(text);
  if (text.empty() || text.size() > kQueryBytesMax || !is_utf8(text) || has_control_characters(text, true)) {
    return {};
  }
  SearchTerms terms = search_terms(text);
  if (terms.match.empty() && terms.like.empty()) return {};
  terms.like.resize(SearchTerms::kShortMax, "%");
  const std::string whole = like_escaped(text);
  std::vector<CustomerId> found;
  const auto collect = [&](Rows rows) {
    while (rows.next()) found.push_back(rows.id<CustomerId>(0));
  };
  const auto& like = terms.like;
  if (terms.match.empty()) {
    collect(sql.query(SB_SEARCH_PLACE SB_SEARCH_ALL_SHORT SB_SEARCH_ORDER, like[0], like[1], like[2], like[3], whole,
                      limit));
  } else {
    collect(sql.query(SB_SEARCH_PLACE SB_SEARCH_ALL_SHORT "AND s.search MATCH ?7 " SB_SEARCH_ORDER, like[0], like[1],
                      like[2], like[3], whole, limit, terms.match));
  }
  std::vector<CustomerSummary> out;
  for (const CustomerId customer : found) {
    ScreenPop card = customer_card(sql, customer);
    out.push_back({customer, std::move(card.name), card.unnamed, std::move(card.company), card.tier,
                   std::move(card.language), std::move(card.tags), std::move(card.contacts)});
  }
  return out;
}

}  // namespace sb::crm
