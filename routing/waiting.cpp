#include "routing/waiting.h"

#include <cassert>

namespace sb::routing {

namespace {
std::uint64_t mix(std::uint64_t h, std::uint64_t v) {
  h = (h ^ v) * 0xFF51AFD7ED558CCDu;
  return h ^ (h >> 29);
}
}  // namespace

std::uint64_t Waiting::hash_of(QueueId queue, Channel channel, const Requirement& requirement) {
  std::uint64_t h = mix(0x51ED270B7A5F9D21u, queue.value);
  h = mix(h, static_cast<std::uint64_t>(channel));
  h = mix(h, requirement.only_agent.value);
  const auto mix_levels = [&](const std::vector<SkillLevel>& levels) {
    for (const auto& s : levels) h = mix(h, (std::uint64_t{s.skill.value} << 8) | s.level);
  };
  mix_levels(requirement.skills);
  for (const auto& group : requirement.any) {
    h = mix(h, 0xA1);
    mix_levels(group.skills);
  }
  for (const auto skill : requirement.preferred) h = mix(h, 0xB2'0000'0000u | skill.value);
  for (const auto agent : requirement.excluded) h = mix(h, 0xC3'0000'0000u | agent.value);
  return h == 0 ? 1 : h;
}

std::uint32_t Waiting::find(std::uint64_t hash, QueueId queue, Channel channel, const Requirement& requirement) const {
  const std::uint32_t* head = by_hash_.find(hash);
  for (std::uint32_t at = head ? *head : 0; at != 0; at = classes_[at].next_same_hash) {
    const RequirementClass& c = classes_[at];
    const bool same = &*c.requirement == &requirement || *c.requirement == requirement;
    if (c.queue == queue && c.channel == channel && same) return at;
  }
  return 0;
}

Shared<Requirement> Waiting::share(QueueId queue, Channel channel, const Requirement& requirement) const {
  const std::uint32_t known = find(hash_of(queue, channel, requirement), queue, channel, requirement);
  return known != 0 ? classes_[known].requirement : Shared<Requirement>(requirement);
}

std::uint32_t Waiting::allocate() {
  if (classes_.size() > kClassesKept) {
    for (std::size_t tried = 1; tried < classes_.size(); ++tried) {
      const std::uint32_t index = recycle_from_;
      recycle_from_ = recycle_from_ + 1 < classes_.size() ? recycle_from_ + 1 : 1;
      if (!classes_[index].entries.empty()) continue;
      unlink(index);
      classes_[index].eligible.for_each([&](std::uint32_t slot) { agent_classes_[slot].set(index, false); });
      classes_[index] = RequirementClass{};
      return index;
    }
  }
  classes_.emplace_back();
  heads_.emplace_back();
  return static_cast<std::uint32_t>(classes_.size() - 1);
}

void Waiting::unlink(std::uint32_t index) {
  const RequirementClass& gone = classes_[index];
  const std::uint64_t hash = hash_of(gone.queue, gone.channel, gone.requirement);
  std::uint32_t* head = by_hash_.find(hash);
  assert(head != nullptr);
  if (*head == index) {
    if (gone.next_same_hash != 0) {
      *head = gone.next_same_hash;
    } else {
      by_hash_.erase(hash);
    }
    return;
  }
  std::uint32_t before = *head;
  while (classes_[before].next_same_hash != index) before = classes_[before].next_same_hash;
  classes_[before].next_same_hash = gone.next_same_hash;
}

void Waiting::set_eligible(std::uint32_t index, std::uint32_t slot, bool on) {
  if (slot >= agent_classes_.size()) agent_classes_.resize(slot + 1);
  if (on && !classes_[index].eligible.test(slot)) unrank(classes_[index]);
  classes_[index].eligible.set(slot, on);
  agent_classes_[slot].set(index, on);
}

void Waiting::unrank(RequirementClass& c) {
  c.ranked = false;
  c.sought = false;
  c.merits.clear();
}

void Waiting::unrank(QueueId queue) {
  for (RequirementClass& c : classes_) {
    if (c.queue == queue) unrank(c);
  }
}

void Waiting::insert(std::uint32_t index, WaitingKey key) {
  RequirementClass& c = classes_[index];
  if (c.entries.empty()) nonempty_[index_of(c.channel)].set(index);
  c.entries.insert(key);
  heads_[index] = c.entries.front();
  const std::uint32_t* at = queue_index_.find(c.queue.value);
  if (!at) {
    by_queue_.emplace_back();
    queue_index_.put(c.queue.value, static_cast<std::uint32_t>(by_queue_.size() - 1));
    at = queue_index_.find(c.queue.value);
  }
  by_queue_[*at].insert(key);
}

void Waiting::erase(std::uint32_t index, WaitingKey key) {
  RequirementClass& c = classes_[index];
  const bool erased = c.entries.erase(key);
  assert(erased);
  (void)erased;
  if (c.entries.empty()) {
    nonempty_[index_of(c.channel)].set(index, false);
  } else {
    heads_[index] = c.entries.front();
  }
  by_queue_[*queue_index_.find(c.queue.value)].erase(key);
}

std::vector<InteractionId> Waiting::waiting_for(AgentId agent) const {
  std::vector<WaitingKey> keys;
  for (const RequirementClass& c : classes_) {
    if (c.requirement->only_agent != agent) continue;
    for (const WaitingKey& key : c.entries) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());  // class indexes depend on history and must not show
  std::vector<InteractionId> all;
  all.reserve(keys.size());
  for (const WaitingKey& key : keys) all.push_back(key.interaction);
  return all;
}

std::size_t Waiting::waiting_in(QueueId queue) const {
  const std::uint32_t* at = queue_index_.find(queue.value);
  return at ? by_queue_[*at].size() : 0;
}

std::size_t Waiting::position(QueueId queue, WaitingKey key) const {
  const std::uint32_t* at = queue_index_.find(queue.value);
  return at ? by_queue_[*at].position(key) + 1 : 1;
}

std::vector<WaitingKey> Waiting::entries_of(QueueId queue) const {
  const std::uint32_t* at = queue_index_.find(queue.value);
  if (!at) return {};
  std::vector<WaitingKey> all;
  all.reserve(by_queue_[*at].size());
  for (const WaitingKey& key : by_queue_[*at]) all.push_back(key);
  return all;
}

}  // namespace sb::routing
