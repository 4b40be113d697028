#include "engine/center.h"

#include <algorithm>

namespace sb::engine {

Requirement combine(const Requirement& queue, const Requirement& own) {
  Requirement both = own;
  both.skills.insert(both.skills.end(), queue.skills.begin(), queue.skills.end());
  std::sort(both.skills.begin(), both.skills.end(), [](const SkillLevel& a, const SkillLevel& b) {
    return a.skill != b.skill ? a.skill < b.skill : a.level > b.level;
  });
  const auto last = std::unique(both.skills.begin(), both.skills.end(),
                                [](const SkillLevel& a, const SkillLevel& b) { return a.skill == b.skill; });
  both.skills.erase(last, both.skills.end());
  both.any.insert(both.any.end(), queue.any.begin(), queue.any.end());
  std::sort(both.any.begin(), both.any.end());
  both.any.erase(std::unique(both.any.begin(), both.any.end()), both.any.end());
  both.preferred.insert(both.preferred.end(), queue.preferred.begin(), queue.preferred.end());
  std::sort(both.preferred.begin(), both.preferred.end());
  both.preferred.erase(std::unique(both.preferred.begin(), both.preferred.end()), both.preferred.end());
  return both;
}

}  // namespace sb::engine
