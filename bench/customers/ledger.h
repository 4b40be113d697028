#pragma once
// What happened: named counters, calm lines for a person to read, and protocol errors (what the server did that its
// documents do not allow). Bounded: after `lines_max` lines or errors only the counters go on. One thread.
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>

namespace sb::customers {

class Ledger {
 public:
  explicit Ledger(std::ostream& out, std::uint64_t lines_max = 5000) : out_(out), lines_max_(lines_max) {}

  void count(const std::string& what, std::uint64_t by = 1) { counts_[what] += by; }
  void line(const std::string& text);
  void error(const std::string& text);

  [[nodiscard]] std::uint64_t counted(const std::string& what) const;
  [[nodiscard]] std::uint64_t errors() const { return errors_; }
  void print_summary() const;

 private:
  static constexpr std::uint64_t kErrorLinesMax = 200;

  std::ostream& out_;
  std::uint64_t lines_max_;
  std::uint64_t lines_ = 0;
  std::uint64_t errors_ = 0;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace sb::customers
