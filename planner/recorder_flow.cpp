#include "planner/recorder.h"

// What arrivals said before a flow was asked about them: facts for a changed one.
namespace sb::planner {

Recorder::Recorder(Interval interval, const Flow* flow) : interval_(interval), for_flow_(flow != nullptr) {
  if (!flow) return;
  for (const FlowRule& rule : flow->rules) {
    for (const auto* list : {&rule.all, &rule.any}) {
      for (const FlowCondition& c : *list) {
        if (c.field == FlowField::kLabel) asked_labels_.insert(c.words.begin(), c.words.end());
      }
    }
  }
}

// As the decider asks its flow; a call to make asks none.
void Recorder::hear(const Command& command, const routing::State& before) {
  asked_.reset();
  if (!for_flow_) return;
  if (const auto* start = std::get_if<command::StartInteraction>(&command)) {
    const bool asks = start->queue && start->callback.order == CallbackOrder::kNone;
    if (asks) keep_asked({before.counters.interaction + 1}, routing::arrival_of(*start, before));
  } else if (const auto* enqueue = std::get_if<command::EnqueueInteraction>(&command)) {
    const routing::Interaction* i = before.interactions.find(enqueue->interaction);
    if (i) keep_asked(i->id, routing::arrival_of(*enqueue, *i));
  }
}

void Recorder::keep_asked(InteractionId id, const routing::FlowArrival& said) {
  ArrivalKind kind;
  kind.asks_flow = true;
  kind.known_customer = said.known_customer;
  kind.start.channel = said.channel;
  kind.start.tier = said.tier;
  kind.start.language = said.language;
  kind.start.queue = said.queue;
  kind.start.requirement = said.requirement;
  kind.start.priority = said.priority;
  // Labels that no rule looks at would only make every arrival a kind of its own.
  for (const std::string& label : said.labels) {
    if (asked_labels_.contains(label)) kind.start.labels.push_back(label);
  }
  asked_ = {id, std::move(kind)};
}

// Of the arrival that the present command was. `only_agent`: whom it really waited for; who had gone home is not.
void Recorder::put_asked(const Stay& stay, AgentId only_agent) {
  ArrivalKind& kind = asked_->second;
  command::StartInteraction& said = kind.start;
  said.requirement.only_agent = only_agent;
  kind.queue = stay.queue;
  kind.behaviour = stay.behaviour;
  AskedKey key{{said.queue, said.channel, said.priority, said.tier, said.requirement},
               stay.queue,
               said.language,
               said.labels,
               kind.known_customer};
  const auto [at, added] = asked_index_.try_emplace(std::move(key), static_cast<std::uint32_t>(day_.asked.size()));
  if (added) day_.asked.push_back(std::move(kind));
  day_.arrivals[stay.arrival].asked = at->second;
  asked_.reset();
}

}  // namespace sb::planner
