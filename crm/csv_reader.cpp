#include "crm/csv_reader.h"

#include <fmt/format.h>

#include "crm/json_fields.h"

namespace sb::crm {

CsvReader::CsvReader(std::string_view text, CsvLimits limits) : rest_(text), limits_(limits) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
}

// Takes the line break the text stands at.
void CsvReader::advance_line_end() {
  if (rest_.starts_with("\r\n")) {
    rest_.remove_prefix(2);
  } else if (!rest_.empty()) {
    rest_.remove_prefix(1);
  }
  ++line_;
}

// To the end of the physical line: after an error quotes can no longer be trusted.
void CsvReader::skip_row() {
  const auto end = rest_.find_first_of("\r\n");
  rest_.remove_prefix(std::min(end, rest_.size()));
  if (!rest_.empty()) advance_line_end();
}

std::optional<std::string> CsvReader::read_quoted(std::string& out) {
  rest_.remove_prefix(1);
  while (true) {
    const auto quote = rest_.find('"');
    if (quote == std::string_view::npos) return "a quoted field is not closed";
    const auto part = rest_.substr(0, quote);
    if (out.size() + part.size() > limits_.field_bytes) {
      return fmt::format("a field is longer than {} bytes", limits_.field_bytes);
    }
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i] == '\n' || (part[i] == '\r' && part.substr(i, 2) != "\r\n")) ++line_;
    }
    out += part;
    rest_.remove_prefix(quote + 1);
    if (!rest_.starts_with('"')) break;
    out.push_back('"');
    rest_.remove_prefix(1);
  }
  if (!rest_.empty() && rest_.find_first_of(",\r\n") != 0) return "characters after the closing quote of a field";
  return std::nullopt;
}

std::optional<std::string> CsvReader::read_field(std::string& out) {
  if (rest_.starts_with('"')) return read_quoted(out);
  const auto field = rest_.substr(0, rest_.find_first_of(",\r\n"));
  if (field.find('"') != std::string_view::npos) return "a quote inside a field that does not begin with one";
  if (field.size() > limits_.field_bytes) return fmt::format("a field is longer than {} bytes", limits_.field_bytes);
  out = field;
  rest_.remove_prefix(field.size());
  return std::nullopt;
}

std::expected<std::optional<CsvRow>, CsvError> CsvReader::next() {
  while (rest_.starts_with('\n') || rest_.starts_with('\r')) advance_line_end();
  if (rest_.empty()) return std::optional<CsvRow>();
  CsvRow row;
  row.line = line_;
  std::size_t bytes = 0;
  const auto refuse = [&](std::string reason) {
    skip_row();
    return std::unexpected(CsvError{row.line, std::move(reason)});
  };
  while (true) {
    if (row.fields.size() == limits_.fields) return refuse(fmt::format("more than {} fields", limits_.fields));
    std::string field;
    if (auto wrong = read_field(field)) return refuse(*std::move(wrong));
    if (!is_utf8(field)) return refuse("is not UTF-8 text; save the file as CSV UTF-8");
    bytes += field.size();
    if (bytes > limits_.row_bytes) return refuse(fmt::format("the row is longer than {} bytes", limits_.row_bytes));
    row.fields.push_back(std::move(field));
    if (!rest_.starts_with(',')) break;
    rest_.remove_prefix(1);
  }
  if (!rest_.empty()) advance_line_end();
  return row;
}

}  // namespace sb::crm
