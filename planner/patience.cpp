#include "planner/patience.h"

#include <algorithm>
#include <cmath>

namespace sb::planner {

Patience::Patience(std::span<Waited> waits) {
  double exposure_s = 0;
  for (const Waited& w : waits) {
    exposure_s += w.wait_s;
    left_ += w.left ? 1 : 0;
  }
  if (left_ == 0 || exposure_s == 0) return;
  mean_s_ = exposure_s / static_cast<double>(left_);
  if (left_ < kLeftForCurve) return;
  // At one time those who left go before those who were answered: these were still there.
  std::sort(waits.begin(), waits.end(), [](const Waited& a, const Waited& b) {
    return a.wait_s != b.wait_s ? a.wait_s < b.wait_s : a.left && !b.left;
  });
  double longer = 1;
  for (std::size_t n = 0; n < waits.size();) {
    const float at_s = waits[n].wait_s;
    const auto there = static_cast<double>(waits.size() - n);
    std::size_t leaving = 0;
    for (; n < waits.size() && waits[n].wait_s == at_s; ++n) leaving += waits[n].left ? 1 : 0;
    if (leaving == 0) continue;
    longer *= 1 - static_cast<double>(leaving) / there;
    steps_.push_back({at_s, longer});
  }
}

double Patience::draw(double uniform) const {
  const auto step =
      std::partition_point(steps_.begin(), steps_.end(), [&](const Step& s) { return s.longer >= uniform; });
  if (step != steps_.end()) return step->at_s;
  const double from_s = steps_.empty() ? 0 : steps_.back().at_s;
  const double still_there = steps_.empty() ? 1 : steps_.back().longer;
  return from_s - std::log(uniform / still_there) * mean_s_;
}

}  // namespace sb::planner
