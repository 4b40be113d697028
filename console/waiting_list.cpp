#include "console/waiting_list.h"

#include <algorithm>
#include <tuple>

namespace sb::console {

namespace {

bool may_pull(const routing::State& state, QueueId id) {
  const routing::Queue* queue = state.queues.find(id);
  return queue && queue->config.matching.may_pull;
}

bool eligible(const routing::Agent& agent, const routing::Interaction& i, const routing::State& state) {
  return routing::State::eligible(agent, state.waiting.at(i.requirement_class));
}

}  // namespace

std::vector<WaitingEntry> first_waiting(const routing::State& state, Conversations& conversations, QueueId queue,
                                        std::size_t count) {
  std::vector<WaitingEntry> all;
  state.waiting.for_first(queue, count, [&](const routing::WaitingKey& key) {
    const routing::Interaction& i = *state.interactions.find(key.interaction);
    const Conversation& c = conversations.get(i);
    WaitingCard card;
    card.interaction = i.id;
    card.channel = i.channel;
    card.queue = queue;
    card.queued_ms = i.queued_ms;
    card.position = static_cast<std::uint32_t>(all.size() + 1);
    card.tier = i.tier;
    card.language = i.language;
    card.preview = c.preview;
    card.callback = !i.customer_on_line();
    all.push_back({std::move(card), c.nobody ? CustomerId{} : i.customer});
  });
  return all;
}

std::string known_name(const crm::Directory& directory, CustomerId customer) {
  if (!customer) return {};
  const auto details = directory.customer(customer);
  if (!details || !*details) return {};
  const ScreenPop& card = (*details)->card;
  if (!card.unnamed) return card.name;
  const bool code = card.contacts.empty() || card.contacts.front().kind == "chat";
  return code ? std::string() : card.contacts.front().value;
}

void WaitingList::watch(AgentId agent) {
  watchers_[agent.value] = false;
  make_due(agent);
}

void WaitingList::make_due(AgentId agent) {
  const auto at = watchers_.find(agent.value);
  if (at == watchers_.end() || at->second) return;
  at->second = true;
  due_.push_back(agent);
}

void WaitingList::note(const Event& event, const routing::State& state) {
  if (watchers_.empty()) return;
  std::visit(
      [&]<class E>(const E& e) {
        if constexpr (requires { e.interaction; }) {
          const routing::Interaction* i = state.interactions.find(e.interaction);
          if (i && may_pull(state, i->queue)) changed_queues_.insert(i->queue);
        }
      },
      event);
}

void WaitingList::after_event(const Event& event, const routing::State& after) {
  note(event, after);
  if (const auto* put = std::get_if<event::AgentPut>(&event)) {
    make_due(put->agent);
  } else if (const auto* queue = std::get_if<event::QueuePut>(&event)) {
    if (!watchers_.empty()) changed_queues_.insert(queue->queue);
  }
}

std::vector<AgentId> WaitingList::take_due(const routing::State& state, std::size_t count) {
  if (!changed_queues_.empty()) {
    for (const auto& [id, due] : watchers_) {
      const routing::Agent* agent = due ? nullptr : state.agents.find({id});
      if (!agent) continue;
      const bool touched = std::any_of(agent->queues.begin(), agent->queues.end(),
                                       [&](QueueId queue) { return changed_queues_.contains(queue); });
      if (touched) make_due({id});
    }
    changed_queues_.clear();
  }
  std::vector<AgentId> taken;
  while (!due_.empty() && taken.size() < count) {
    const AgentId agent = due_.front();
    due_.pop_front();
    const auto at = watchers_.find(agent.value);
    if (at == watchers_.end() || !at->second) continue;
    at->second = false;
    taken.push_back(agent);
  }
  return taken;
}

const std::string& WaitingList::name_of(const WaitingEntry& entry) {
  static const std::string kNobody;
  if (!entry.customer) return kNobody;
  const auto at = names_.find(entry.card.interaction.value);
  if (at != names_.end() && !at->second.empty()) return at->second;
  if (names_.size() >= kNamesMax) names_.clear();
  return names_[entry.card.interaction.value] = known_name(directory_, entry.customer);
}

frame::WaitingChanged WaitingList::list_of(const routing::Agent& agent, const routing::State& state) {
  frame::WaitingChanged list;
  std::vector<WaitingEntry> all;
  const auto longer = [](const WaitingEntry& a, const WaitingEntry& b) {
    return std::tuple(a.card.queued_ms, a.card.interaction) < std::tuple(b.card.queued_ms, b.card.interaction);
  };
  for (const QueueId queue : agent.queues) {
    if (!may_pull(state, queue)) continue;
    list.may_pull = true;
    list.total += static_cast<std::uint32_t>(state.waiting.waiting_in(queue));
    for (WaitingEntry& entry : first_waiting(state, conversations_, queue, kEntriesMax)) {
      const routing::Interaction& i = *state.interactions.find(entry.card.interaction);
      const AgentId named = i.requirement->only_agent;
      const bool not_theirs = i.agent == agent.id || (named && named != agent.id);
      if (not_theirs) {
        --list.total;
        continue;
      }
      entry.card.eligible = eligible(agent, i, state);
      all.push_back(std::move(entry));
    }
    if (all.size() > kEntriesMax) {
      std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kEntriesMax), all.end(), longer);
      all.resize(kEntriesMax);
    }
  }
  std::sort(all.begin(), all.end(), longer);
  for (WaitingEntry& entry : all) {
    entry.card.customer_name = name_of(entry);
    list.waiting.push_back(std::move(entry.card));
  }
  return list;
}

}  // namespace sb::console
