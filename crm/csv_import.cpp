#include "crm/csv_import.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

#include "crm/identity.h"
#include "crm/json_fields.h"

namespace sb::crm {

namespace {

enum class Column : std::uint8_t {
  kIgnored,
  kName,
  kPhone,
  kEmail,
  kLanguage,
  kTimeZone,
  kTier,
  kTags,
  kCompany,
  kCustom
};

struct ColumnName {
  std::string_view word;
  Column column;
};
constexpr std::array<ColumnName, 27> kColumnNames{
    {{"name", Column::kName},          {"姓名", Column::kName},          {"名称", Column::kName},
     {"phone", Column::kPhone},        {"mobile", Column::kPhone},       {"telephone", Column::kPhone},
     {"电话", Column::kPhone},         {"手机", Column::kPhone},         {"手机号", Column::kPhone},
     {"email", Column::kEmail},        {"e-mail", Column::kEmail},       {"mail", Column::kEmail},
     {"邮箱", Column::kEmail},         {"电子邮件", Column::kEmail},     {"language", Column::kLanguage},
     {"语言", Column::kLanguage},      {"time_zone", Column::kTimeZone}, {"timezone", Column::kTimeZone},
     {"time zone", Column::kTimeZone}, {"时区", Column::kTimeZone},      {"tier", Column::kTier},
     {"等级", Column::kTier},          {"tags", Column::kTags},          {"标签", Column::kTags},
     {"company", Column::kCompany},    {"公司", Column::kCompany},       {"单位", Column::kCompany}}};

struct HeaderColumn {
  Column column = Column::kIgnored;
  std::string custom;  // the field's name for kCustom
};

HeaderColumn column_of(std::string_view header) {
  const std::string_view word = trim(header);
  const std::string lower = lowered(word);
  constexpr std::string_view kCustomPrefix = "custom.";
  if (lower.starts_with(kCustomPrefix) && lower.size() > kCustomPrefix.size() &&
      lower.size() <= kCustomPrefix.size() + kCustomNameBytesMax) {
    return {Column::kCustom, std::string(word.substr(kCustomPrefix.size()))};
  }
  for (const auto& [name, column] : kColumnNames) {
    if (lower == name) return {column, {}};
  }
  return {};
}

// The parts of a cell between semicolons, ASCII or full-width, trimmed, empty ones left out.
std::vector<std::string_view> parts_of(std::string_view cell) {
  constexpr std::string_view kFullWidth = "；";
  std::vector<std::string_view> out;
  while (true) {
    const auto ascii = cell.find(';');
    const auto wide = cell.find(kFullWidth);
    const auto end = std::min(ascii, wide);
    if (const auto part = trim(cell.substr(0, end)); !part.empty()) out.push_back(part);
    if (end == std::string_view::npos) return out;
    cell.remove_prefix(end + (end == wide ? kFullWidth.size() : 1));
  }
}

using Refusal = std::optional<std::string>;

Refusal read_text(std::string_view cell, std::string_view what, std::size_t bytes_max,
                  std::optional<std::string>& out) {
  if (cell.size() > bytes_max) return fmt::format("{} is longer than {} bytes", what, bytes_max);
  if (has_control_characters(cell, false)) return fmt::format("{} has characters that do not belong there", what);
  out = std::string(cell);
  return std::nullopt;
}

Refusal read_addresses(std::string_view cell, std::string_view kind, const PhoneRules& rules, Profile& profile) {
  for (const std::string_view part : parts_of(cell)) {
    auto address = normalize_address(kind, part, rules);
    if (!address) return fmt::format("{} {}", kind, message_of(address.error()));
    const bool known = std::any_of(profile.contacts.begin(), profile.contacts.end(),
                                   [&](const Contact& contact) { return contact.address == *address; });
    if (!known) profile.contacts.push_back({*std::move(address), false});
  }
  if (profile.contacts.size() > kContactsMax) return fmt::format("more than {} phones and e-mails", kContactsMax);
  return std::nullopt;
}

Refusal read_tags(std::string_view cell, Profile& profile) {
  profile.tags.emplace();
  for (const std::string_view tag : parts_of(cell)) {
    if (tag.size() > kTagBytesMax) return fmt::format("a tag is longer than {} bytes", kTagBytesMax);
    if (has_control_characters(tag, false)) return "a tag has characters that do not belong there";
    const bool known = std::find(profile.tags->begin(), profile.tags->end(), tag) != profile.tags->end();
    if (!known) profile.tags->emplace_back(tag);
  }
  if (profile.tags->size() > kTagsMax) return fmt::format("more than {} tags", kTagsMax);
  return std::nullopt;
}

// An empty cell says nothing; it does not erase what is there.
Refusal read_cell(const HeaderColumn& header, std::string_view cell, const PhoneRules& rules,
                  const KnowsZone& knows_zone, Profile& profile) {
  cell = trim(cell);
  if (cell.empty()) return std::nullopt;
  switch (header.column) {
    case Column::kIgnored:
      return std::nullopt;
    case Column::kName:
      return read_text(cell, "name", kNameBytesMax, profile.name);
    case Column::kCompany:
      return read_text(cell, "company", kCompanyBytesMax, profile.company);
    case Column::kPhone:
      return read_addresses(cell, kPhone, rules, profile);
    case Column::kEmail:
      return read_addresses(cell, kEmail, rules, profile);
    case Column::kLanguage:
      if (!is_language_tag(cell)) return "language is not a language tag such as zh or en-US";
      profile.language = std::string(cell);
      return std::nullopt;
    case Column::kTimeZone:
      if (!is_time_zone(cell, knows_zone)) return "time_zone is not an IANA name such as Asia/Shanghai";
      profile.time_zone = std::string(cell);
      return std::nullopt;
    case Column::kTier:
      if (cell.size() != 1 || cell[0] < '0' || cell[0] > '9') return "tier is not a number from 0 to 9";
      profile.tier = static_cast<std::uint32_t>(cell[0] - '0');
      return std::nullopt;
    case Column::kTags:
      return read_tags(cell, profile);
    case Column::kCustom:
      if (cell.size() > kCustomValueBytesMax) {
        return fmt::format("custom.{} is longer than {} bytes", header.custom, kCustomValueBytesMax);
      }
      if (has_control_characters(cell, true)) return fmt::format("custom.{} has control characters", header.custom);
      profile.custom.emplace_back(header.custom, cell);
      return std::nullopt;
  }
  return std::nullopt;
}

// What the later row says wins; contacts add up.
void absorb(Profile& into, Profile&& from) {
  const auto take = [](auto& a, auto& b) {
    if (b) a = std::move(b);
  };
  take(into.name, from.name);
  take(into.language, from.language);
  take(into.time_zone, from.time_zone);
  take(into.tier, from.tier);
  take(into.tags, from.tags);
  take(into.company, from.company);
  for (auto& field : from.custom) {
    const auto same = std::find_if(into.custom.begin(), into.custom.end(),
                                   [&](const auto& have) { return have.first == field.first; });
    if (same == into.custom.end()) {
      into.custom.push_back(std::move(field));
    } else {
      same->second = std::move(field.second);
    }
  }
  for (Contact& contact : from.contacts) {
    const bool known = std::any_of(into.contacts.begin(), into.contacts.end(),
                                   [&](const Contact& have) { return have.address == contact.address; });
    if (!known) into.contacts.push_back(std::move(contact));
  }
}

// Rows joined by the addresses they share, also across more than one.
class RowJoiner {
 public:
  // False: the customer would have too many contacts.
  [[nodiscard]] bool add(ImportRow row) {
    std::set<std::size_t> same;
    for (const Contact& contact : row.profile.contacts) {
      if (const auto found = by_address_.find(contact.address); found != by_address_.end()) same.insert(found->second);
    }
    std::size_t contacts = row.profile.contacts.size();
    for (const std::size_t i : same) contacts += rows_[i]->profile.contacts.size();
    if (!same.empty() && contacts > 2 * kContactsMax) return false;
    const std::size_t target = same.empty() ? rows_.size() : *same.begin();
    if (same.empty()) {
      rows_.emplace_back(std::move(row));
    } else {
      for (const std::size_t i : same) {
        if (i == target) continue;
        absorb(rows_[target]->profile, std::move(rows_[i]->profile));
        rows_[i].reset();
      }
      absorb(rows_[target]->profile, std::move(row.profile));
    }
    for (const Contact& contact : rows_[target]->profile.contacts) by_address_[contact.address] = target;
    return true;
  }

  [[nodiscard]] std::vector<ImportRow> take() {
    std::vector<ImportRow> out;
    for (auto& row : rows_) {
      if (row) out.push_back(*std::move(row));
    }
    return out;
  }

 private:
  std::vector<std::optional<ImportRow>> rows_;  // empty: joined into an earlier one
  std::map<Address, std::size_t> by_address_;
};

std::expected<ImportRow, CsvError> read_row(const CsvRow& row, const std::vector<HeaderColumn>& header,
                                            const PhoneRules& rules, const KnowsZone& knows_zone) {
  if (row.fields.size() > header.size()) {
    return std::unexpected(
        CsvError{row.line, fmt::format("{} fields, but the header has {}", row.fields.size(), header.size())});
  }
  ImportRow out{row.line, {}};
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    if (auto refusal = read_cell(header[i], row.fields[i], rules, knows_zone, out.profile)) {
      return std::unexpected(CsvError{row.line, *std::move(refusal)});
    }
  }
  if (out.profile.contacts.empty()) return std::unexpected(CsvError{row.line, "has no phone and no e-mail"});
  return out;
}

}  // namespace

std::expected<ImportResult, CsvError> read_import(std::string_view text, const PhoneRules& rules,
                                                  const KnowsZone& knows_zone) {
  CsvReader reader(text);
  const auto first = reader.next();
  if (!first) return std::unexpected(first.error());
  if (!*first) return std::unexpected(CsvError{1, "the file is empty"});
  ImportResult result;
  std::vector<HeaderColumn> header;
  bool reachable = false;
  for (const std::string& field : (*first)->fields) {
    header.push_back(column_of(field));
    const Column column = header.back().column;
    reachable = reachable || column == Column::kPhone || column == Column::kEmail;
    if (column == Column::kIgnored) result.ignored_columns.push_back(field);
  }
  if (std::count_if(header.begin(), header.end(), [](const auto& h) { return h.column == Column::kCustom; }) >
      static_cast<std::ptrdiff_t>(kCustomMax)) {
    return std::unexpected(CsvError{(*first)->line, fmt::format("more than {} custom columns", kCustomMax)});
  }
  if (!reachable) return std::unexpected(CsvError{(*first)->line, "the header has no column phone or email"});
  RowJoiner joiner;
  for (std::size_t rows = 0;; ++rows) {
    auto row = reader.next();
    if (row && !*row) break;
    if (rows == kImportRowsMax) {
      return std::unexpected(CsvError{row ? (*row)->line : row.error().line,
                                      fmt::format("more than {} rows; split the file", kImportRowsMax)});
    }
    auto read = row ? read_row(**row, header, rules, knows_zone) : std::unexpected(row.error());
    if (!read) {
      result.skipped.push_back(read.error());
    } else if (const auto line = read->line; !joiner.add(*std::move(read))) {
      result.skipped.push_back({line, "shares addresses with rows that have too many of them already"});
    }
  }
  result.rows = joiner.take();
  return result;
}

}  // namespace sb::crm
