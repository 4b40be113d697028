#include "console/json_codec.h"
#include "console/rest.h"
#include "console/waiting_list.h"

// What is going on now, piece by piece: what waits in a queue, what an agent has.
namespace sb::console {

namespace {

constexpr std::size_t kWaitingMax = 50;

struct AgentWork {
  InteractionId interaction;
  Channel channel{};
  QueueId queue;
  std::string_view state;  // offered, connecting, active, held, consulting, wrap_up
  TimeMs since_ms = 0;
  CustomerId customer;
};

std::string_view work_state(const routing::Interaction& i, AgentId agent) {
  if (i.state == routing::InteractionState::kConnecting) return "connecting";
  if (i.consultant == agent) return "consulting";
  return i.held ? "held" : "active";
}

std::vector<AgentWork> work_of(const routing::Agent& agent, const routing::State& state) {
  std::vector<AgentWork> all;
  for (const OfferId id : agent.offers) {
    const routing::Offer& offer = *state.offers.find(id);
    const routing::Interaction& i = *state.interactions.find(offer.interaction);
    all.push_back({i.id, i.channel, i.queue, "offered", i.queued_ms, i.customer});
  }
  for (const InteractionId id : agent.work) {
    const routing::Interaction& i = *state.interactions.find(id);
    all.push_back({id, i.channel, i.queue, work_state(i, agent.id), i.accepted_ms, i.customer});
  }
  for (const routing::WrapUp& w : agent.wrap_ups) {
    all.push_back({w.interaction, w.channel, w.queue, "wrap_up", 0, w.customer});
  }
  return all;
}

}  // namespace

void Rest::queue_waiting(const CallPtr& call) {
  const routing::State& state = context_.engine.view();
  const QueueId id{static_cast<std::uint32_t>(std::min<std::uint64_t>(call->number, 0xFFFFFFFF))};
  if (!state.queues.find(id)) return call->refuse({404, "unknown_queue", "there is no such queue"});
  const std::size_t total = state.waiting.waiting_in(id);
  auto entries = first_waiting(state, context_.conversations, id, kWaitingMax);
  answer_from(questions_, call, [this, total, entries = std::move(entries)]() mutable {
    std::vector<WaitingCard> cards;
    for (WaitingEntry& entry : entries) {
      entry.card.customer_name = known_name(context_.directory, entry.customer);
      cards.push_back(std::move(entry.card));
    }
    std::string out = "{\"total\":" + std::to_string(total) + ",\"waiting\":";
    put_json(out, cards);
    out += '}';
    return net::Response::json(200, std::move(out));
  });
}

void Rest::agent_work(const CallPtr& call) {
  const routing::State& state = context_.engine.view();
  const AgentId id{static_cast<std::uint32_t>(std::min<std::uint64_t>(call->number, 0xFFFFFFFF))};
  const routing::Agent* agent = state.agents.find(id);
  if (!agent) return call->refuse({404, "unknown_agent", "there is no such agent"});
  answer_from(questions_, call, [this, work = work_of(*agent, state)] {
    boost::json::array out;
    for (const AgentWork& w : work) {
      boost::json::object one{{"interaction", w.interaction.value},
                              {"channel", name(w.channel)},
                              {"queue", w.queue.value},
                              {"state", w.state}};
      if (w.since_ms != 0) one["since_ms"] = w.since_ms;
      if (auto known = known_name(context_.directory, w.customer); !known.empty()) one["customer_name"] = known;
      out.push_back(std::move(one));
    }
    return net::Response::json(200, boost::json::serialize(boost::json::object{{"work", std::move(out)}}));
  });
}

}  // namespace sb::console
