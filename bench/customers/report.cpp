#include "bench/customers/report.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <iomanip>
#include <ostream>

namespace sb::customers {
namespace {

double ms(std::uint64_t ns) {
  return static_cast<double>(ns) / 1e6;
}

double rounded(double value) {
  return std::abs(value) >= 1000 ? std::round(value) : std::round(value * 1000) / 1000;
}

}  // namespace

void Report::print_table(std::ostream& out) const {
  out << '\n' << kind_ << '\n';
  for (const auto& [name, value] : figures_) {
    out << "  " << std::left << std::setw(36) << name << std::right << std::setw(14) << std::fixed
        << std::setprecision(std::abs(value) >= 1000 || value == std::floor(value) ? 0 : 3) << value << '\n';
  }
  if (histograms_.empty()) return;
  out << "  " << std::left << std::setw(26) << "latency, ms" << std::right;
  for (const char* column : {"count", "p50", "p90", "p99", "p99.9", "max"}) out << std::setw(10) << column;
  out << '\n';
  for (const auto& [name, h] : histograms_) {
    out << "  " << std::left << std::setw(26) << name << std::right << std::setw(10) << h.count()
        << std::setprecision(3);
    for (const double share : {0.5, 0.9, 0.99, 0.999}) out << std::setw(10) << ms(h.percentile(share));
    out << std::setw(10) << ms(h.max()) << '\n';
  }
  out.flush();
}

void Report::print_json(std::ostream& out) const {
  boost::json::object root = {{"kind", kind_}};
  for (const auto& [name, value] : figures_) {
    if (value == std::floor(value) && std::abs(value) < 1e15) {
      root[name] = static_cast<std::int64_t>(value);
    } else {
      root[name] = rounded(value);
    }
  }
  for (const auto& [name, h] : histograms_) {
    root[name + "_ms"] = boost::json::object{{"n", h.count()},
                                             {"p50", rounded(ms(h.percentile(0.5)))},
                                             {"p90", rounded(ms(h.percentile(0.9)))},
                                             {"p99", rounded(ms(h.percentile(0.99)))},
                                             {"p999", rounded(ms(h.percentile(0.999)))},
                                             {"max", rounded(ms(h.max()))}};
  }
  out << boost::json::serialize(root) << std::endl;
}

}  // namespace sb::customers
