#include "routing/matcher.h"

#include <algorithm>

namespace sb::routing {

std::int64_t score_of(const Agent& agent, Policy policy, Channel channel, const Requirement& requirement) {
  switch (policy) {
    case Policy::kLongestIdle:
      return static_cast<std::int64_t>(agent.idle_since_ms);
    case Policy::kBestProficiency: {
      std::int64_t sum = 0;
      for (const auto& need : requirement.skills) sum += State::level_of(agent, need.skill);
      return -sum;
    }
    case Policy::kLeastOccupied:
      return State::occupied_of(agent, channel);
    case Policy::kRoundRobin:
      return static_cast<std::int64_t>(agent.last_offer.value);
  }
  return 0;
}

std::uint32_t preferred_levels_of(const Agent& agent, const Requirement& requirement) {
  std::uint32_t sum = 0;
  for (const SkillId skill : requirement.preferred) sum += State::level_of(agent, skill);
  return sum;
}

std::size_t group_of(const Agent& agent, const QueueMatching& matching) {
  std::size_t n = 0;
  while (n < matching.groups.size() && State::level_of(agent, matching.groups[n]) == 0) ++n;
  return n;
}

bool goes_by_merit(const RequirementClass& c, const Queue& queue) {
  return queue.config.policy == Policy::kBestProficiency || !c.requirement->preferred.empty() ||
         !queue.config.matching.groups.empty();
}

namespace {

Merit merit_of(const State& state, const RequirementClass& c, const Queue& queue, std::uint32_t slot) {
  const Agent& agent = state.agents.at(slot);
  Merit m;
  m.slot = slot;
  m.group = static_cast<std::uint32_t>(group_of(agent, queue.config.matching));
  m.preferred_levels = preferred_levels_of(agent, c.requirement);
  if (queue.config.policy == Policy::kBestProficiency) {
    m.proficiency = static_cast<std::uint32_t>(-score_of(agent, queue.config.policy, c.channel, c.requirement));
  }
  return m;
}

bool better(const Merit& a, const Merit& b) {
  if (a.group != b.group) return a.group < b.group;
  if (a.preferred_levels != b.preferred_levels) return a.preferred_levels > b.preferred_levels;
  return a.proficiency > b.proficiency;
}

// What decides between agents of equal merit, lower first; the idle order leaves no ties.
struct Turn {
  std::uint64_t score = 0;
  std::uint64_t idle_order = 0;
  auto operator<=>(const Turn&) const = default;
};

// Calls f with how a slot's score is found: a search runs the same comparison for thousands of slots.
template <class F>
void with_score(const State& state, Policy policy, Channel channel, F&& f) {
  switch (policy) {
    case Policy::kLeastOccupied:
      return f([gauges = state.gauges.data(), ch = index_of(channel)](std::uint32_t slot) -> std::uint64_t {
        return gauges[slot].occupied[ch];
      });
    case Policy::kRoundRobin:
      return f([gauges = state.gauges.data()](std::uint32_t slot) { return gauges[slot].last_offer; });
    case Policy::kLongestIdle:  // the order is that of the times
    case Policy::kBestProficiency:
      return f([](std::uint32_t) { return std::uint64_t{0}; });
  }
}

// The few who must not be asked, by slot.
class LeftOut {
 public:
  LeftOut(const State& state, const Interaction& i, AgentId but) : state_(state) {
    add(but);
    add(i.agent);  // who holds an interaction is not asked to help with it, nor who helps already
    for (const Participant& p : i.conference->participants) add(p.agent);
    add(i.avoided->agent);
    add(i.avoided->also);
    for (const AgentId agent : i.avoided->missed_by) add(agent);
  }
  void add(AgentId agent) {
    if (!agent) return;
    if (count_ < few_.size()) {
      few_[count_++] = state_.agents.slot_of(agent);
    } else {
      more_.push_back(state_.agents.slot_of(agent));
    }
  }
  [[nodiscard]] bool contains(std::uint32_t slot) const {
    const auto end = few_.begin() + static_cast<std::ptrdiff_t>(count_);
    return std::find(few_.begin(), end, slot) != end || std::find(more_.begin(), more_.end(), slot) != more_.end();
  }
  // How many different ones are in both sets.
  [[nodiscard]] std::uint32_t count_in(const Bitmap& a, const Bitmap& b) const {
    std::uint32_t n = 0;
    for (std::size_t at = 0; at < count_; ++at) {
      const auto before = few_.begin() + static_cast<std::ptrdiff_t>(at);
      if (a.test(few_[at]) && b.test(few_[at]) && std::find(few_.begin(), before, few_[at]) == before) ++n;
    }
    for (auto at = more_.begin(); at != more_.end(); ++at) {
      const bool again =
          std::find(more_.begin(), at, *at) != at || std::find(few_.begin(), few_.end(), *at) != few_.end();
      if (a.test(*at) && b.test(*at) && !again) ++n;
    }
    return n;
  }

 private:
  const State& state_;
  std::array<std::uint32_t, 6> few_{};
  std::size_t count_ = 0;
  std::vector<std::uint32_t> more_;
};

// One search for the best free agent of a class.
class AgentSearch {
 public:
  AgentSearch(const State& state, const RequirementClass& c, const Queue& queue)
      : state_(state), c_(c), queue_(queue), free_(state.free_for(c.queue, c.channel)) {}

  [[nodiscard]] std::optional<AgentChoice> run(const LeftOut& left_out) {
    if (free_.empty()) return std::nullopt;
    AgentChoice choice;
    found_ = false;
    with_score(state_, queue_.config.policy, c_.channel, [&](const auto& score) {
      if (!goes_by_merit(c_, queue_)) {
        choice.candidates = by_turn(left_out, score);
      } else {
        choice.candidates = count_common(c_.eligible, free_) - left_out.count_in(c_.eligible, free_);
        if (choice.candidates != 0) by_merit(left_out, choice.candidates, score);
      }
    });
    if (choice.candidates == 0) return std::nullopt;
    const Agent& agent = state_.agents.at(best_.slot);
    choice.agent = agent.id;
    choice.score = score_of(agent, queue_.config.policy, c_.channel, c_.requirement);
    choice.preferred_levels = best_.preferred_levels;
    return choice;
  }

 private:
  // All are of equal merit. How many they are.
  template <class Score>
  std::uint32_t by_turn(const LeftOut& left_out, const Score& score) {
    Turn lowest{~std::uint64_t{0}, ~std::uint64_t{0}};
    std::uint32_t count = 0;
    std::uint32_t best = 0;
    for_each_common(c_.eligible, free_, [&, idle_orders = state_.idle_orders.data()](std::uint32_t slot) {
      ++count;
      const Turn turn{score(slot), idle_orders[slot]};
      if (!(turn < lowest) || left_out.contains(slot)) return;
      lowest = turn;
      best = slot;
    });
    best_ = {0, 0, 0, best};
    return count - left_out.count_in(c_.eligible, free_);
  }

  template <class Score>
  void by_merit(const LeftOut& left_out, std::uint32_t candidates, const Score& score) {
    if (c_.ranked && candidates > c_.merits.size() / 8) {
      for (const Merit& m : c_.merits) {
        if (found_ && !m.as_good_as(best_)) break;
        if (free_.test(m.slot) && !left_out.contains(m.slot)) consider(m, score);
      }
    } else {
      for_each_common(c_.eligible, free_, [&](std::uint32_t slot) {
        if (!left_out.contains(slot)) consider(merit_of(state_, c_, queue_, slot), score);
      });
    }
  }

  template <class Score>
  void consider(const Merit& m, const Score& score) {
    const Turn turn{score(m.slot), state_.idle_orders[m.slot]};
    if (found_ && !better(m, best_) && (!m.as_good_as(best_) || best_turn_ < turn)) return;
    found_ = true;
    best_ = m;
    best_turn_ = turn;
  }

  const State& state_;
  const RequirementClass& c_;
  const Queue& queue_;
  const Bitmap& free_;
  bool found_ = false;
  Merit best_;
  Turn best_turn_;
};

}  // namespace

std::vector<Merit> merits_of(const State& state, const RequirementClass& c, const Queue& queue) {
  std::vector<Merit> all;
  c.eligible.for_each([&](std::uint32_t slot) { all.push_back(merit_of(state, c, queue, slot)); });
  std::sort(all.begin(), all.end(), better);
  return all;
}

std::optional<AgentChoice> choose_agent(const State& state, const Interaction& interaction, AgentId but) {
  const Queue* queue = state.queues.find(interaction.queue);
  if (!queue) return std::nullopt;
  const LeftOut left_out(state, interaction, but);
  return AgentSearch(state, state.waiting.at(interaction.requirement_class), *queue).run(left_out);
}

std::vector<AgentChoice> choose_agents(const State& state, const Interaction& interaction, std::size_t count,
                                       AgentId but) {
  std::vector<AgentChoice> chosen;
  const Queue* queue = state.queues.find(interaction.queue);
  if (!queue) return chosen;
  AgentSearch search(state, state.waiting.at(interaction.requirement_class), *queue);
  LeftOut left_out(state, interaction, but);
  while (chosen.size() < count) {
    const auto choice = search.run(left_out);
    if (!choice) break;
    chosen.push_back(*choice);
    left_out.add(choice->agent);
  }
  return chosen;
}

namespace {

struct BestWork {
  WaitingKey key;
  std::uint32_t class_index = 0;  // 0: none
};

// The first in order of what the agent has room for. first_of(class index, its first entry) is the entry of that class
// that counts, if any.
template <class FirstOf>
BestWork best_work(const State& state, std::uint32_t slot, FirstOf&& first_of) {
  BestWork best;
  for (std::size_t ch = 1; ch < kChannelCount; ++ch) {
    if (!state.free_agents[ch].test(slot)) continue;
    const bool has_soft_room = state.free_for_soft[ch].test(slot);
    state.waiting.for_each_workable(slot, static_cast<Channel>(ch), [&](std::uint32_t index, const WaitingKey& head) {
      if (best.class_index != 0 && best.key < head) return;
      if (!has_soft_room && is_soft(*state.queues.find(state.waiting.at(index).queue), static_cast<Channel>(ch)))
        return;
      const std::optional<WaitingKey> first = first_of(index, head);
      if (first && (best.class_index == 0 || *first < best.key)) best = {*first, index};
    });
  }
  return best;
}

}  // namespace

std::optional<WorkChoice> choose_work(const State& state, const Agent& agent) {
  const std::uint32_t slot = state.agents.slot_of(agent.id);
  const auto barred = [&](const WaitingKey& key) {
    const Interaction& waiting = *state.interactions.find(key.interaction);
    return waiting.involves(agent.id) || avoids(waiting, agent.id);
  };
  // Hardly ever is the agent barred from the very first: then only the heads were looked at.
  BestWork best = best_work(state, slot, [](std::uint32_t, const WaitingKey& head) { return std::optional(head); });
  if (best.class_index == 0) return std::nullopt;
  if (barred(best.key)) {
    best = best_work(state, slot, [&](std::uint32_t index, const WaitingKey&) -> std::optional<WaitingKey> {
      for (const WaitingKey& key : state.waiting.at(index).entries) {
        if (!barred(key)) return key;
      }
      return std::nullopt;
    });
    if (best.class_index == 0) return std::nullopt;
  }
  const RequirementClass& c = state.waiting.at(best.class_index);
  const Queue* queue = state.queues.find(c.queue);
  const Policy policy = queue ? queue->config.policy : Policy::kLongestIdle;
  return WorkChoice{best.key.interaction, count_common(c.eligible, state.free_for(c.queue, c.channel)),
                    score_of(agent, policy, c.channel, c.requirement), preferred_levels_of(agent, c.requirement)};
}

}  // namespace sb::routing
