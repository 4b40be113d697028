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
  return both;
}

}  // namespace sb::engine
