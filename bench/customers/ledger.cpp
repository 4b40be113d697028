#include "bench/customers/ledger.h"

#include <ctime>
#include <ostream>

namespace sb::customers {
namespace {

std::string clock_text() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[16];
  std::strftime(text, sizeof text, "%H:%M:%S", &local);
  return text;
}

}  // namespace

void Ledger::line(const std::string& text) {
  if (++lines_ > lines_max_) return;
  out_ << clock_text() << "  " << text << '\n';
  if (lines_ == lines_max_) out_ << "          (no more lines; counting goes on)\n";
  out_.flush();
}

void Ledger::error(const std::string& text) {
  if (++errors_ <= kErrorLinesMax) {
    out_ << clock_text() << "  PROTOCOL ERROR: " << text << '\n';
    out_.flush();
  }
}

std::uint64_t Ledger::counted(const std::string& what) const {
  const auto found = counts_.find(what);
  return found == counts_.end() ? 0 : found->second;
}

void Ledger::print_summary() const {
  out_ << "\nSummary\n";
  for (const auto& [what, number] : counts_) out_ << "  " << what << ": " << number << '\n';
  out_ << "  protocol errors: " << errors_ << '\n';
  out_.flush();
}

}  // namespace sb::customers
