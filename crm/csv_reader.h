#pragma once
// RFC 4180 rows from UTF-8 text: quoted fields with "" and line breaks, CRLF or LF, an optional byte order mark. Works
// on the text in place, one row at a time. Not shared between threads.
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sb::crm {

struct CsvLimits {
  std::size_t field_bytes = 10'000;
  std::size_t row_bytes = 100'000;
  std::size_t fields = 200;
};

struct CsvRow {
  std::uint32_t line = 0;  // 1-based line of the text where the row begins
  std::vector<std::string> fields;
};

struct CsvError {
  std::uint32_t line = 0;
  std::string reason;
};

class CsvReader {
 public:
  explicit CsvReader(std::string_view text, CsvLimits limits = {});

  // The next row that is not an empty line; nothing at the end. After an error reading goes on behind the bad row.
  [[nodiscard]] std::expected<std::optional<CsvRow>, CsvError> next();

 private:
  [[nodiscard]] std::optional<std::string> read_field(std::string& out);
  [[nodiscard]] std::optional<std::string> read_quoted(std::string& out);
  void skip_row();
  void advance_line_end();

  std::string_view rest_;
  CsvLimits limits_;
  std::uint32_t line_ = 1;
};

}  // namespace sb::crm
