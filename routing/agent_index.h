#pragma once
// Agents by skill and by queue, as bitmaps of slots: who could serve a new requirement class is found among those who
// have its rarest skill, not among all. Derived; follows every change of an agent.
#include <vector>

#include "routing/bitmap.h"
#include "routing/entities.h"
#include "routing/flat_map.h"

namespace sb::routing {

class AgentIndex {
 public:
  // Adds what the agent has and serves, or takes it out: before and after every change.
  void put(const Agent& agent, std::uint32_t slot, bool on) {
    for (const SkillLevel& s : agent.skills) set_of(by_skill_, s.skill.value).set(slot, on);
    for (const QueueId q : agent.queues) set_of(by_queue_, q.value).set(slot, on);
  }

  // Calls f with the slot of everybody in the queue who has, at any level, the one of the required skills that fewest
  // have: whoever is eligible is among them, unless one person is asked for by name.
  template <class F>
  void for_each_candidate(QueueId queue, const Requirement& requirement, F&& f) const {
    const Bitmap* members = find(by_queue_, queue.value);
    const Bitmap* rarest = nullptr;
    for (const SkillLevel& need : requirement.skills) {
      const Bitmap* having = find(by_skill_, need.skill.value);
      if (!having) return;
      if (!rarest || having->count() < rarest->count()) rarest = having;
    }
    if (!members) return;
    if (rarest) {
      for_each_common(*members, *rarest, f);
    } else {
      members->for_each(f);
    }
  }

 private:
  struct Sets {
    FlatMap<std::uint32_t> index;
    std::vector<Bitmap> all;
  };
  static Bitmap& set_of(Sets& sets, std::uint64_t id) {
    const std::uint32_t* at = sets.index.find(id);
    if (at) return sets.all[*at];
    sets.index.put(id, static_cast<std::uint32_t>(sets.all.size()));
    return sets.all.emplace_back();
  }
  static const Bitmap* find(const Sets& sets, std::uint64_t id) {
    const std::uint32_t* at = sets.index.find(id);
    return at ? &sets.all[*at] : nullptr;
  }

  Sets by_skill_;
  Sets by_queue_;
};

}  // namespace sb::routing
