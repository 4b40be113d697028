#pragma once
// How long customers wait before they leave, from waits that ended either way. Who was answered says only that their
// patience was longer than that: such waits are censored.
//
// - Many left (kLeftForCurve or more): the product-limit estimate of the whole law (E. L. Kaplan, P. Meier,
//   "Nonparametric estimation from incomplete observations", JASA 53, 1958), as L. Brown et al. use it for calls
//   ("Statistical analysis of a telephone call center", JASA 100, 2005). Beyond the longest wait that ended in leaving,
//   where it says nothing, it goes on at the mean rate of leaving.
// - Few left: exponential, its mean the total time waited divided by those who left (the maximum-likelihood estimate
//   under censoring; B. Epstein, M. Sobel, "Life testing", JASA 48, 1953).
// - Nobody left: nobody ever leaves.
#include <cstdint>
#include <span>
#include <vector>

namespace sb::planner {

// One wait and how it ended.
struct Waited {
  float wait_s = 0;
  bool left = false;
};

class Patience {
 public:
  static constexpr std::uint64_t kLeftForCurve = 50;

  Patience() = default;
  // Reorders the waits.
  explicit Patience(std::span<Waited> waits);

  [[nodiscard]] bool endless() const { return mean_s_ == 0; }
  [[nodiscard]] bool curve() const { return !steps_.empty(); }
  [[nodiscard]] std::uint64_t left() const { return left_; }
  // Total time waited divided by those who left; 0 when nobody did.
  [[nodiscard]] double mean_s() const { return mean_s_; }
  // Seconds, for a uniform number above 0 and at most 1; smaller numbers are more patient. Not when endless.
  [[nodiscard]] double draw(double uniform) const;

 private:
  // Share of customers whose patience is longer than at_s.
  struct Step {
    float at_s = 0;
    double longer = 1;
  };
  std::vector<Step> steps_;  // by at_s; empty: exponential
  double mean_s_ = 0;
  std::uint64_t left_ = 0;
};

}  // namespace sb::planner
