#pragma once
// What agents may pick: for every console that asked, the work that waits in the agent's queues, kept up to date.
//
// A queue that changes makes the lists of its agents due; whoever sends them takes the due ones in the order they
// became so, a bounded number at a time. Owner thread: the release executor.
#include <deque>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "console/conversations.h"
#include "crm/directory.h"
#include "engine/engine.h"
#include "proto/console.h"

namespace sb::console {

struct WaitingEntry {
  WaitingCard card;  // without the customer's name and whether somebody is eligible
  CustomerId customer;
};

// The first `count` of a queue in its order.
[[nodiscard]] std::vector<WaitingEntry> first_waiting(const routing::State& state, Conversations& conversations,
                                                      QueueId queue, std::size_t count);
// What colleagues may call the customer: the name, or the address while there is none; empty when nobody knows.
[[nodiscard]] std::string known_name(const crm::Directory& directory, CustomerId customer);

class WaitingList {
 public:
  static constexpr std::size_t kEntriesMax = 50;

  WaitingList(const crm::Directory& directory, Conversations& conversations)
      : directory_(directory), conversations_(conversations) {}

  // The list is due at once.
  void watch(AgentId agent);
  void unwatch(AgentId agent) { watchers_.erase(agent.value); }
  [[nodiscard]] bool watched(AgentId agent) const { return watchers_.contains(agent.value); }
  void make_due(AgentId agent);

  void before_event(const Event& event, const routing::State& before) { note(event, before); }
  void after_event(const Event& event, const routing::State& after);

  // Up to `count` agents whose lists are to be sent.
  [[nodiscard]] std::vector<AgentId> take_due(const routing::State& state, std::size_t count);
  [[nodiscard]] frame::WaitingChanged list_of(const routing::Agent& agent, const routing::State& state);

 private:
  static constexpr std::size_t kNamesMax = 8'192;

  void note(const Event& event, const routing::State& state);
  [[nodiscard]] const std::string& name_of(const WaitingEntry& entry);

  const crm::Directory& directory_;
  Conversations& conversations_;
  std::unordered_map<std::uint32_t, bool> watchers_;  // by agent: whether the list is due
  std::deque<AgentId> due_;
  std::set<QueueId> changed_queues_;
  std::unordered_map<std::uint64_t, std::string> names_;  // by interaction, of what was listed lately
};

}  // namespace sb::console
