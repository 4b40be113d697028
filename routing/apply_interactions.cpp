#include <algorithm>

#include "routing/applier.h"

namespace sb::routing {

namespace {
template <class T>
void erase_one(std::vector<T>& all, T value) {
  const auto at = std::find(all.begin(), all.end(), value);
  SB_CHECK(at != all.end());
  all.erase(at);
}

Deadline expiry_of(const Offer& offer) {
  return {offer.expires_ms, DeadlineKind::kOffer, offer.id.value, 0};
}

Deadline end_of(const WrapUp& wrap_up, AgentId agent) {
  return {wrap_up.until_ms, DeadlineKind::kWrapUp, wrap_up.interaction.value, agent.value};
}
}  // namespace

void Applier::close_offer(OfferId id) {
  const Offer* offer = state.offers.find(id);
  SB_CHECK(offer != nullptr);
  state.deadlines.clear(expiry_of(*offer));
  Agent& a = agent(offer->agent);
  Interaction& i = interaction(offer->interaction);
  erase_one(a.offers, id);
  state.add_load(a, i.channel, offer->soft, -1);
  if (i.offer != id) {
    erase_one(i.asked.edit().more_offers, id);
  } else if (i.asked->more_offers.empty()) {
    i.offer = {};
  } else {
    auto& more = i.asked.edit().more_offers;
    i.offer = more.front();
    more.erase(more.begin());
  }
  state.offers.erase(id);
}

void Applier::miss_offer(OfferId id, AgentId by) {
  Interaction& i = interaction(state.offers.find(id)->interaction);
  close_offer(id);
  if (i.offer) i.avoided.edit().missed_by.push_back(by);
  ++agent(by).misses;
}

void Applier::release(AgentId id, Interaction& i) {
  Agent& a = agent(id);
  erase_one(a.work, i.id);
  state.touch_idle(a, now);
  if (id == i.agent && i.parked) {
    i.parked = false;
    state.refresh_free(a);
    return;
  }
  const auto& others = i.conference->participants;
  const auto joined = std::find_if(others.begin(), others.end(), [&](const Participant& p) { return p.agent == id; });
  const bool beside = joined != others.end() ? joined->soft : i.consult_soft;
  state.add_load(a, i.channel, id == i.agent ? i.soft : beside, -1);
}

void Applier::set_customer_grace(Interaction& i, TimeMs until_ms) {
  if (i.customer_grace_until_ms != 0) {
    state.deadlines.clear({i.customer_grace_until_ms, DeadlineKind::kCustomerGrace, i.id.value, 0});
  }
  i.customer_grace_until_ms = until_ms;
  if (until_ms != 0) state.deadlines.set({until_ms, DeadlineKind::kCustomerGrace, i.id.value, 0});
}

void Applier::connected(Interaction& i) {
  if (i.avoided->let_go) i.avoided.edit().let_go = {};
  if (i.connected_ms == 0) i.connected_ms = now;
}

void Applier::remove(Interaction& i) {
  SB_CHECK(!i.offer);
  if (i.waiting) state.leave_waiting(i);
  state.set_avoid(i, {}, 0);
  state.set_preferred(i, 0);
  state.set_reply(i, 0);
  state.stop_relaxation(i);
  state.set_callback_due(i, 0);
  set_customer_grace(i, 0);
  if (i.agent) release(i.agent, i);
  if (i.consultant) release(i.consultant, i);
  for (const Participant& p : i.conference->participants) release(p.agent, i);
  if (Ticket* ticket = state.tickets.find(i.ticket)) {
    SB_CHECK(ticket->open_interactions > 0);
    const bool over = ticket->status == TicketStatus::kSolved || ticket->status == TicketStatus::kClosed;
    if (--ticket->open_interactions == 0 && over) state.tickets.erase(i.ticket);
  }
  state.interactions.erase(i.id);
}

void Applier::on(const event::InteractionStarted& e) {
  state.counters.interaction = std::max(state.counters.interaction, e.interaction.value);
  Interaction i;
  i.id = e.interaction;
  i.channel = e.channel;
  i.customer = e.customer;
  i.ticket = e.ticket;
  i.tier = e.tier;
  i.language = e.language;
  i.started_ms = now;
  i.preferred_agent = e.preferred_agent;
  i.messages = e.content != 0 ? 1 : 0;
  Ticket* ticket = state.tickets.find(e.ticket);
  SB_CHECK(ticket != nullptr);
  ++ticket->open_interactions;
  state.interactions.insert(std::move(i));
}

void Applier::place(Interaction& i, std::int64_t rank_ms) {
  i.rank_ms = rank_ms;
  i.fair_queue = {};
  i.fair_start = 0;
  Queue* queue = state.queues.find(i.queue);
  if (!queue || queue->config.matching.order != Order::kFairShare) return;
  i.fair_queue = i.queue;
  i.fair_start = rank_ms + level_ms_of(*queue);
  queue->fair_finish = std::max(queue->fair_finish, i.fair_start + fair_cost_of(*queue));
}

void Applier::on(const event::InteractionQueued& e) {
  Interaction& i = interaction(e.interaction);
  SB_CHECK(!i.offer);
  if (i.waiting) state.leave_waiting(i);
  state.stop_relaxation(i);
  state.set_reply(i, 0);
  if (!e.consult) {
    SB_CHECK(i.conference->participants.empty() && i.outside == OutsideState::kNone);
    if (i.agent) release(i.agent, i);
    i.agent = {};
    i.held = false;
    i.state = InteractionState::kQueued;
  } else if (!i.home) {
    i.home.edit() = {i.queue, i.requirement};
  }
  i.queue = e.queue;
  i.requirement = state.waiting.share(e.queue, i.channel, e.requirement);
  i.priority = e.priority;
  i.queued_ms = e.queued_ms;
  place(i, e.rank_ms);
  i.consult = e.consult;
  if (!e.language.empty()) i.language = e.language;
  state.set_avoid(i, e.avoid, e.avoid_until_ms, e.avoid_also);
  if (!e.consult) {
    i.ring = e.ring;
    i.joined_ms = e.joined_ms;
    state.set_preferred(i, e.preferred_until_ms);
    state.start_relaxation(i);
    if (i.callback->calling) {
      --i.callback.edit().attempt;  // it broke off by our doing, and does not count
      i.callback.edit().calling = false;
    }
    wait_within_hours(i);
  }
  state.enter_waiting(i);
}

void Applier::on(const event::InteractionRelaxed& e) {
  Interaction& i = interaction(e.interaction);
  const bool waiting = i.waiting;
  if (waiting) state.leave_waiting(i);
  i.requirement = e.requirement;
  i.priority = e.priority;
  if (e.kind == RelaxKind::kRaisePriority) place(i, e.rank_ms);
  if (e.kind == RelaxKind::kPreferredOver) {
    state.set_preferred(i, 0);
  } else {
    state.stop_relaxation(i);
    i.ring = e.ring;
    state.start_relaxation(i);
  }
  if (waiting) state.enter_waiting(i);
}

void Applier::on(const event::AvoidanceEnded& e) {
  state.set_avoid(interaction(e.interaction), {}, 0);
}

void Applier::on(const event::OfferMade& e) {
  state.counters.offer = std::max(state.counters.offer, e.offer.value);
  Interaction& i = interaction(e.interaction);
  Agent& a = agent(e.agent);
  const Queue* queue = state.queues.find(i.queue);
  const bool soft = queue && is_soft(*queue, i.channel);
  SB_CHECK(state.has_room(a, i.channel, soft));
  if (i.waiting) state.leave_waiting(i);
  if (i.offer) {
    i.asked.edit().more_offers.push_back(e.offer);
  } else {
    i.offer = e.offer;
  }
  a.last_offer = e.offer;
  if (i.fair_queue && i.fair_queue == i.queue) {
    state.counters.fair_clock = std::max(state.counters.fair_clock, i.fair_start);
  }
  a.offers.push_back(e.offer);
  state.add_load(a, i.channel, soft, +1);
  const Offer& offer = state.offers.insert({e.offer, e.interaction, e.agent, e.expires_ms, e.consult, soft});
  state.deadlines.set(expiry_of(offer));
}

void Applier::on(const event::OfferAccepted& e) {
  Interaction& i = interaction(e.interaction);
  const bool soft = state.offers.find(e.offer)->soft;
  Agent& a = agent(e.agent);
  state.add_load(a, i.channel, soft, +1);  // before the offer's share goes: the agent is not free in between
  close_offer(e.offer);
  SB_CHECK(!i.offer);
  state.set_avoid(i, {}, 0);
  a.misses = 0;
  a.work.push_back(e.interaction);
  i.consult = false;
  (e.consult ? i.consult_soft : i.soft) = soft;
  if (e.consult) {
    i.consultant = e.agent;
    return;
  }
  state.set_preferred(i, 0);
  state.stop_relaxation(i);
  state.set_callback_due(i, 0);
  i.agent = e.agent;
  i.accepted_ms = now;
  i.state = i.channel == Channel::kPhone ? InteractionState::kConnecting : InteractionState::kActive;
  if (i.state == InteractionState::kActive) connected(i);
  if (Ticket* ticket = state.tickets.find(i.ticket)) {
    ticket->agent = e.agent;
    if (ticket->status == TicketStatus::kNew) ticket->status = TicketStatus::kOpen;
  }
  if (Queue* queue = state.queues.find(i.queue)) {
    if (queue->departures.size() == Queue::kDepartures) queue->departures.erase(queue->departures.begin());
    queue->departures.push_back(now);
  }
}

void Applier::on(const event::InteractionConnected& e) {
  Interaction& i = interaction(e.interaction);
  i.state = InteractionState::kActive;
  connected(i);
}

void Applier::on(const event::ConnectionFailed&) {}  // what follows from it are events of their own

void Applier::on(const event::MessagePosted& e) {
  Interaction& i = interaction(e.interaction);
  i.messages = static_cast<std::uint32_t>(e.number);
  if (e.author == Party::kCustomer) state.set_reply(i, 0);
  const Queue* queue = state.queues.find(i.queue);
  const bool owes = e.author == Party::kAgent && e.agent == i.agent && i.state == InteractionState::kActive &&
                    i.transfer == TransferKind::kNone && i.conference->participants.empty() &&
                    i.channel != Channel::kPhone;
  if (owes && queue && queue->config.matching.reply_ms != 0) state.set_reply(i, now + queue->config.matching.reply_ms);
}

void Applier::on(const event::InteractionParked& e) {
  Interaction& i = interaction(e.interaction);
  state.set_reply(i, 0);
  i.parked = true;
  state.add_load(agent(e.agent), i.channel, i.soft, -1);
}

void Applier::on(const event::InteractionUnparked& e) {
  Interaction& i = interaction(e.interaction);
  i.parked = false;
  state.add_load(agent(e.agent), i.channel, i.soft, +1);
}

void Applier::on(const event::InteractionHeld& e) {
  interaction(e.interaction).held = true;
}

void Applier::on(const event::InteractionResumed& e) {
  interaction(e.interaction).held = false;
}

void Applier::on(const event::CustomerConnectionLost& e) {
  set_customer_grace(interaction(e.interaction), e.grace_until_ms);
}

void Applier::on(const event::CustomerConnectionRestored& e) {
  set_customer_grace(interaction(e.interaction), 0);
}

void Applier::on(const event::InteractionAbandoned& e) {
  remove(interaction(e.interaction));
}

void Applier::on(const event::InteractionEnded& e) {
  remove(interaction(e.interaction));
}

// What is over leaves nothing but its numbers, unless the matter is still open.
void Applier::on(const event::PastInteractionAdded& e) {
  state.counters.interaction = std::max(state.counters.interaction, e.interaction.value);
  state.counters.ticket = std::max(state.counters.ticket, e.ticket.value);
  if (e.ticket_status == TicketStatus::kSolved || e.ticket_status == TicketStatus::kClosed) return;
  Ticket ticket;
  ticket.id = e.ticket;
  ticket.customer = e.customer;
  ticket.status = e.ticket_status;
  ticket.queue = e.queue;
  ticket.agent = e.agent;
  state.tickets.insert(ticket);
}

void Applier::on(const event::WrapUpStarted& e) {
  Agent& a = agent(e.agent);
  a.wrap_ups.push_back({e.interaction, e.ticket, e.channel, e.queue, e.until_ms, e.customer, e.soft});
  state.add_load(a, e.channel, e.soft, +1);
  state.deadlines.set(end_of(a.wrap_ups.back(), e.agent));
}

void Applier::on(const event::WrapUpCompleted& e) {
  Agent& a = agent(e.agent);
  const auto at = std::find_if(a.wrap_ups.begin(), a.wrap_ups.end(),
                               [&](const WrapUp& w) { return w.interaction == e.interaction; });
  SB_CHECK(at != a.wrap_ups.end());
  state.deadlines.clear(end_of(*at, e.agent));
  const Channel channel = at->channel;
  const bool soft = at->soft;
  a.wrap_ups.erase(at);
  state.touch_idle(a, now);
  state.add_load(a, channel, soft, -1);
}

}  // namespace sb::routing
