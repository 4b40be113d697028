#pragma once
// What waits, indexed for both directions of matching.
//
// A requirement class is one combination of queue, channel and requirement; all its entries are interchangeable for
// eligibility, so eligibility is one bitmap of agent slots per class and its transpose per agent. Matching is then
// - work seeks an agent: class bitmap AND the bitmap of agents free on that channel;
// - an agent seeks work: the agent's bitmap of classes AND the classes with waiting entries, comparing their heads.
// 10,000 agents are 157 words: no scan over agents or over waiting work.
#include <array>
#include <cstdint>
#include <vector>

#include "routing/bitmap.h"
#include "routing/entities.h"
#include "routing/flat_map.h"
#include "routing/ordered_keys.h"

namespace sb::routing {

// The order of work: lower rank first, then the older interaction.
struct WaitingKey {
  std::int64_t rank_ms = 0;
  InteractionId interaction;
  auto operator<=>(const WaitingKey&) const = default;
};

// What of an agent's standing for a class never changes while nobody's skills do.
struct Merit {
  std::uint32_t group = 0;             // of the queue's groups, in order; lower wins
  std::uint32_t preferred_levels = 0;  // higher wins
  std::uint32_t proficiency = 0;       // higher wins; 0 where the policy does not ask for it
  std::uint32_t slot = 0;
  [[nodiscard]] bool as_good_as(const Merit& o) const {
    return group == o.group && preferred_levels == o.preferred_levels && proficiency == o.proficiency;
  }
};

struct RequirementClass {
  QueueId queue;
  Channel channel{};
  Shared<Requirement> requirement;
  Bitmap eligible;  // agent slots
  OrderedKeys<WaitingKey> entries;
  std::vector<Merit> merits;  // of the eligible, best first; only while ranked
  bool ranked = false;
  bool sought = false;               // asked for since the merits were last right: worth ranking when asked for again
  std::uint32_t next_same_hash = 0;  // index + 1 of the next class with this hash; 0 none
};

class Waiting {
 public:
  // Class indexes start at 1. Interns the combination; a new class has `for_each_eligible(class, f)` call f with the
  // slot of every eligible agent.
  template <class ForEachEligible>
  std::uint32_t intern(QueueId queue, Channel channel, const Shared<Requirement>& requirement,
                       ForEachEligible&& for_each_eligible) {
    const std::uint64_t hash = hash_of(queue, channel, *requirement);
    if (const std::uint32_t known = find(hash, queue, channel, *requirement); known != 0) return known;
    const std::uint32_t index = allocate();
    const std::uint32_t* head = by_hash_.find(hash);
    RequirementClass& fresh = classes_[index];
    fresh.queue = queue;
    fresh.channel = channel;
    fresh.requirement = requirement;
    fresh.next_same_hash = head ? *head : 0;
    by_hash_.put(hash, index);
    for_each_eligible(fresh, [&](std::uint32_t slot) { set_eligible(index, slot, true); });
    return index;
  }

  // The requirement as the class that has it already holds it, or anew.
  [[nodiscard]] Shared<Requirement> share(QueueId queue, Channel channel, const Requirement& requirement) const;

  // Recomputes one agent's row over all classes; call after the agent's skills, queues or capacity changed.
  template <class Eligible>
  void refresh_agent(std::uint32_t slot, Eligible&& eligible) {
    for (std::uint32_t i = 1; i < classes_.size(); ++i) {
      RequirementClass& c = classes_[i];
      if (!c.queue) continue;
      if (c.eligible.test(slot)) unrank(c);
      set_eligible(i, slot, eligible(slot, c));
    }
  }

  // Ranks the class if it is worth it: `merits(class)` answers its merits in order.
  template <class Merits>
  void rank(std::uint32_t index, Merits&& merits) {
    RequirementClass& c = classes_[index];
    if (!c.ranked && c.sought) {
      c.merits = merits(c);
      c.ranked = true;
    }
    c.sought = true;
  }
  // After a change of the queue's policy or groups.
  void unrank(QueueId queue);

  void insert(std::uint32_t index, WaitingKey key);
  void erase(std::uint32_t index, WaitingKey key);

  // Everything that waits for this one person by name, in order, whether or not the person could take it.
  [[nodiscard]] std::vector<InteractionId> waiting_for(AgentId agent) const;

  [[nodiscard]] const RequirementClass& at(std::uint32_t index) const { return classes_[index]; }
  [[nodiscard]] std::uint32_t class_count() const { return static_cast<std::uint32_t>(by_hash_.size()); }

  // Calls f(class index, its first entry) for every class with entries of this channel that the agent slot may serve.
  template <class F>
  void for_each_workable(std::uint32_t slot, Channel channel, F&& f) const {
    if (slot >= agent_classes_.size()) return;
    for_each_common(agent_classes_[slot], nonempty_[index_of(channel)],
                    [&](std::uint32_t index) { f(index, heads_[index]); });
  }

  [[nodiscard]] std::size_t waiting_in(QueueId queue) const;
  // 1-based place among all that wait in the queue, over all its classes.
  [[nodiscard]] std::size_t position(QueueId queue, WaitingKey key) const;
  [[nodiscard]] std::vector<WaitingKey> entries_of(QueueId queue) const;
  // The first entries of a queue in order.
  template <class F>
  void for_first(QueueId queue, std::size_t count, F&& f) const {
    const std::uint32_t* at = queue_index_.find(queue.value);
    if (!at) return;
    for (auto it = by_queue_[*at].begin(); it != by_queue_[*at].end() && count > 0; ++it, --count) f(*it);
  }

 private:
  // Above this many classes an empty one is recycled for a new combination.
  static constexpr std::size_t kClassesKept = 16384;

  static std::uint64_t hash_of(QueueId queue, Channel channel, const Requirement& requirement);
  // The class of this combination; 0: there is none.
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, QueueId queue, Channel channel,
                                   const Requirement& requirement) const;
  std::uint32_t allocate();
  void set_eligible(std::uint32_t index, std::uint32_t slot, bool on);
  void unlink(std::uint32_t index);
  static void unrank(RequirementClass& c);

  std::vector<RequirementClass> classes_ = std::vector<RequirementClass>(1);  // index 0 is "none"
  // First entries of the classes that have any, dense: finding an agent's best work touches no class but the winner's.
  std::vector<WaitingKey> heads_ = std::vector<WaitingKey>(1);
  FlatMap<std::uint32_t> by_hash_;
  std::vector<Bitmap> agent_classes_;           // by agent slot
  std::array<Bitmap, kChannelCount> nonempty_;  // classes with entries
  FlatMap<std::uint32_t> queue_index_;
  std::vector<OrderedKeys<WaitingKey>> by_queue_;
  std::uint32_t recycle_from_ = 1;
};

}  // namespace sb::routing
