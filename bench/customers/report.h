#pragma once
// The result of a load: named figures and latencies, as a table for people or one JSON line for programs.
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "bench/customers/histogram.h"

namespace sb::customers {

class Report {
 public:
  explicit Report(std::string kind) : kind_(std::move(kind)) {}

  void figure(const std::string& name, double value) { figures_.emplace_back(name, value); }
  void latencies(const std::string& name, const Histogram& histogram) { histograms_.emplace_back(name, histogram); }

  void print_table(std::ostream& out) const;
  void print_json(std::ostream& out) const;

 private:
  std::string kind_;
  std::vector<std::pair<std::string, double>> figures_;
  std::vector<std::pair<std::string, Histogram>> histograms_;
};

}  // namespace sb::customers
