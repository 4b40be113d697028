#include <spdlog/spdlog.h>

#include "console/hub.h"

// What the console's cards say, from the state, the live conversations and the customer records.
namespace sb::console {

namespace {

constexpr std::size_t kColleaguesMax = 200;

std::vector<CodeName> codes(const std::vector<engine::Titled>& all) {
  std::vector<CodeName> out;
  out.reserve(all.size());
  for (const auto& t : all) out.push_back({t.name, t.title_en, t.title_zh});
  return out;
}

std::string state_word(const routing::Interaction& i) {
  if (i.callback->calling) return "calling";
  if (i.state == routing::InteractionState::kConnecting) return "connecting";
  if (i.consultant) return "consulting";
  return i.held ? "held" : "active";
}

CallbackCard callback_card(const routing::Callback& callback) {
  CallbackCard card;
  if (callback.order == CallbackOrder::kNone) return card;
  card.order = name(callback.order);
  card.attempt = callback.attempt;
  card.attempts_max = callback.attempts_max;
  card.due_ms = callback.at_ms;
  card.calling = callback.calling;
  card.reached = callback.reached;
  return card;
}

}  // namespace

ScreenPop Hub::pop_of(const Conversation& c) const {
  if (c.nobody) {
    ScreenPop stranger;
    stranger.customer = c.customer;
    stranger.match = "new";
    stranger.unnamed = true;
    return stranger;
  }
  auto pop = context_.directory.screen_pop(c.customer, c.identity);
  if (!pop) {
    spdlog::warn("no screen pop for customer {}: {}", c.customer.value, pop.error().message);
    ScreenPop unknown;
    unknown.customer = c.customer;
    unknown.unnamed = true;
    return unknown;
  }
  // The records may not have reached a customer who was created a moment ago.
  if (!pop->customer) pop->customer = c.customer;
  return std::move(*pop);
}

OfferCard Hub::offer_card(const routing::Offer& offer, DurationMs waited_ms) const {
  const routing::Interaction* i = context_.engine.view().interactions.find(offer.interaction);
  const Conversation& c = context_.conversations.get(*i);
  return {offer.id,  offer.interaction, i->channel, i->queue,  offer.expires_ms,
          waited_ms, offer.consult,     c.preview,  pop_of(c), callback_card(i->callback)};
}

WorkCard Hub::work_card(const routing::Interaction& i, AgentId agent, bool whole) const {
  WorkCard card;
  card.interaction = i.id;
  card.channel = i.channel;
  card.state = state_word(i);
  card.queue = i.queue;
  card.customer = i.customer;
  card.ticket = i.ticket;
  card.started_ms = i.started_ms;
  card.accepted_ms = i.accepted_ms;
  card.language = i.language;
  card.tier = i.tier;
  card.messages = i.messages;
  card.customer_lost = i.customer_grace_until_ms != 0;
  card.consult_agent = i.consultant == agent ? i.agent : i.consultant;
  card.transfer_pending = i.transfer != TransferKind::kNone;
  card.consultant = i.consultant == agent;
  card.parked = i.parked;
  card.callback = callback_card(i.callback);
  for (const auto& p : i.conference->participants) card.participants.push_back(p.agent);
  if (i.has_participant(agent)) card.owner = i.agent;
  if (i.outside != OutsideState::kNone) {
    card.outside = name(i.outside);
    card.outside_number = context_.conversations.get(i).outside_number;
  }
  if (whole) {
    const Conversation& c = context_.conversations.get(i);
    card.pop = pop_of(c);
    card.customer_name = card.pop.name;
    card.transcript = c.messages;
  }
  return card;
}

WrapUpCard Hub::wrap_up_card(const routing::WrapUp& w) const {
  WrapUpCard card{w.interaction, w.ticket, w.channel, w.queue, w.until_ms, w.customer, {}};
  if (auto details = context_.directory.customer(w.customer); details && *details) {
    card.customer_name = (*details)->card.name;
  }
  return card;
}

frame::Snapshot Hub::snapshot(const engine::AgentInfo& who) const {
  const routing::State& state = context_.engine.view();
  frame::Snapshot s;
  const routing::Agent* me = state.agents.find(who.id);
  if (me) {
    s.agent = context_.board.agent_card(*me);
    for (const OfferId id : me->offers) {
      const routing::Offer* offer = state.offers.find(id);
      const routing::Interaction* i = state.interactions.find(offer->interaction);
      s.offers.push_back(offer_card(*offer, context_.engine.clock().now() - i->queued_ms));
    }
    for (const InteractionId id : me->work) s.work.push_back(work_card(*state.interactions.find(id), who.id, true));
    for (const auto& w : me->wrap_ups) s.wrap_ups.push_back(wrap_up_card(w));
  }
  const bool everyone = who.role != engine::Role::kAgent;
  for (const auto& q : context_.center.queues) {
    QueueCard card;
    card.queue = q.id;
    card.name = q.name;
    card.title_en = q.title_en;
    card.title_zh = q.title_zh;
    if (const auto* queue = state.queues.find(q.id)) card.open = queue->config.open;
    s.queues.push_back(std::move(card));
  }
  // Whom work can be passed to: colleagues, those who are here first.
  for (const bool here : {true, false}) {
    for (const auto& colleague : context_.center.agents) {
      const routing::Agent* a = state.agents.find(colleague.id);
      if (!a || a->signed_in != here || (a == me && !everyone) || s.agents.size() >= kColleaguesMax) continue;
      s.agents.push_back(context_.board.agent_card(*a));
    }
  }
  s.outside_calls = !context_.center.outside_prefixes.empty();
  s.dispositions = codes(context_.center.dispositions);
  s.away_reasons = codes(context_.center.away_reasons);
  return s;
}

}  // namespace sb::console
