#include "channels/phone/order_delivery.h"

#include <spdlog/spdlog.h>

namespace sb::phone {
namespace {

using engine::Delivery;
using routing::InteractionState;

constexpr std::uint32_t kHoldAttemptsMax = 4;  // the caller may still be on the way into the conference
constexpr DurationMs kHoldRetryMs = 500;
// Saying goodbye takes about 6 s; a phone that hears it would be busy. The news of its end may be lost.
constexpr std::uint32_t kGoodbyeTurnsMax = 3;
constexpr DurationMs kGoodbyeTurnMs = 2000;

}  // namespace

OrderDelivery::OrderDelivery(engine::Engine& engine, const engine::Center& center, const Settings& settings,
                             LiveCalls& calls, TwilioClient& client)
    : engine_(engine),
      center_(center),
      settings_(settings),
      calls_(calls),
      client_(client),
      addresses_(settings.public_url),
      started_at_(engine.figures().last_seq) {}

void OrderDelivery::deliver(const engine::OutboxItem& item, std::uint32_t attempt, Done done) {
  const auto order = decode_order(item.body);
  if (!order) return done({Delivery::kDead, "the order cannot be read", 0});
  // A call that did not come through this edge has nobody to ring up.
  if (!calls_.find(order->interaction, order->customer)) return done(kDelivered);
  switch (order->kind) {
    case Order::kRing:
      return ring(*order, attempt > 1 || item.seq <= started_at_, std::move(done));
    case Order::kConnect:
      return connect(*order, std::move(done));
    case Order::kRequeue:
      return requeue(*order, std::move(done));
    case Order::kHold:
      return hold(*order, attempt, std::move(done));
    case Order::kDrop:
      return drop(*order, std::move(done));
    case Order::kEnd:
      return end(*order, std::move(done));
    case Order::kGoodbye:
      return goodbye(*order, std::move(done));
    case Order::kCall:
      if (attempt <= kGoodbyeTurnsMax && calls_.find(order->interaction, order->customer)->leaving) {
        return done({Delivery::kRetry, "the customer is still on the line of the call before", kGoodbyeTurnMs});
      }
      return call(*order, item.seq, attempt > 1 || item.seq <= started_at_, std::move(done));
    case Order::kCancel:
      return cancel(*order, std::move(done));
    case Order::kDial:
      return dial(*order, item.seq, attempt > 1 || item.seq <= started_at_, std::move(done));
    case Order::kRelease:
      return release(*order, item.seq, std::move(done));
    case Order::kDetach:
      return detach(*order, std::move(done));
  }
}

const routing::Interaction* OrderDelivery::present(const Order& order) const {
  return engine_.view().interactions.find(order.interaction);
}

bool OrderDelivery::wants(const Order& order) const {
  const auto* i = present(order);
  return i && i->involves(order.agent);
}

void OrderDelivery::ring(const Order& order, bool may_have_rung, Done done) {
  if (!wants(order)) return done(kDelivered);
  Leg& leg = calls_.find(order.interaction, order.customer)->legs[order.agent];
  if (leg.offer > order.offer) return done(kDelivered);
  if (leg.offer != order.offer) leg = Leg{order.offer, {}, false, false, {}};
  if (!leg.call_sid.empty()) return done(kDelivered);
  if (!may_have_rung) return add_leg(order, std::move(done));
  with_conference(order, [this, order, done = std::move(done)](const RestOutcome& conference) mutable {
    if (conference.kind == RestOutcome::kRetry) return done(delivery_of(conference));
    if (conference.kind != RestOutcome::kDone) return add_leg(order, std::move(done));
    client_.find_participant(conference.text("sid"), agent_label(order.agent),
                             [this, order, done = std::move(done)](const RestOutcome& found) mutable {
                               if (found.kind == RestOutcome::kRetry) return done(delivery_of(found));
                               if (found.kind != RestOutcome::kDone) return add_leg(order, std::move(done));
                               LiveCall* call = calls_.find(order.interaction, order.customer);
                               if (call) call->legs[order.agent].call_sid = found.text("call_sid");
                               done(kDelivered);
                             });
  });
}

FormFields OrderDelivery::leg_fields(const Order& order, const engine::AgentInfo& agent, const LiveCall& call) const {
  FormFields fields{{"From", our_number(call)},
                    {"To", agent.phone},
                    {"Label", agent_label(order.agent)},
                    {"EndConferenceOnExit", "false"},
                    {"Beep", "false"},
                    {"Timeout", std::to_string(settings_.ring_timeout_s)},
                    {"StatusCallback", addresses_.agent_leg(order.interaction, order.agent, order.offer)},
                    {"StatusCallbackMethod", "POST"},
                    {"ConferenceStatusCallback", addresses_.conference(order.interaction)},
                    {"ConferenceStatusCallbackMethod", "POST"}};
  for (const char* event : {"initiated", "ringing", "answered", "completed"}) {
    fields.emplace_back("StatusCallbackEvent", event);
  }
  for (const char* event : {"start", "end", "join", "leave", "hold"}) {
    fields.emplace_back("ConferenceStatusCallbackEvent", event);
  }
  return fields;
}

void OrderDelivery::add_leg(const Order& order, Done done) {
  const LiveCall* call = calls_.find(order.interaction, order.customer);
  if (!call || !wants(order)) return done(kDelivered);
  const auto* agent = center_.agent(order.agent);
  if (!agent || agent->phone.empty()) return refuse_leg(order, "the agent has no phone configured", std::move(done));
  client_.add_participant(conference_name(order.interaction), leg_fields(order, *agent, *call),
                          [this, order, done = std::move(done)](RestOutcome outcome) mutable {
                            if (outcome.kind == RestOutcome::kRetry) return done(delivery_of(outcome));
                            if (outcome.kind != RestOutcome::kDone) {
                              return refuse_leg(order, std::move(outcome.reason), std::move(done));
                            }
                            LiveCall* now = calls_.find(order.interaction, order.customer);
                            if (now) {
                              now->conference_sid = outcome.text("conference_sid");
                              Leg& leg = now->legs[order.agent];
                              if (leg.offer == order.offer) leg.call_sid = outcome.text("call_sid");
                            }
                            done(kDelivered);
                          });
}

// The provider will never ring this agent: the interaction must not wait for it.
void OrderDelivery::refuse_leg(const Order& order, std::string reason, Done done) {
  engine::Submission submission{
      command::FailConnection{order.interaction, order.agent, "provider_refused"}, Source::kPhone, {}, {}, {}};
  if (!engine_.submit(std::move(submission))) return done(kEngineBusy);
  done({Delivery::kDead, std::move(reason), 0});
}

void OrderDelivery::connect(const Order& order, Done done) {
  const auto* i = present(order);
  if (!i || i->state != InteractionState::kActive) return done(kDelivered);
  redirect(order, addresses_.connect(order.interaction), std::move(done));
}

void OrderDelivery::requeue(const Order& order, Done done) {
  const auto* i = present(order);
  const bool waits = i && (i->state == InteractionState::kQueued || i->state == InteractionState::kConnecting);
  if (!waits) return done(kDelivered);
  redirect(order, addresses_.enqueue(order.interaction), std::move(done));
}

void OrderDelivery::redirect(const Order& order, const std::string& url, Done done) {
  const std::string call_sid = calls_.find(order.interaction, order.customer)->call_sid;
  if (call_sid.empty()) return done(kDelivered);  // nobody is on the line
  client_.redirect_call(call_sid, url,
                        [this, order, call_sid, done = std::move(done)](const RestOutcome& outcome) mutable {
                          if (outcome.kind == RestOutcome::kGone) {
                            // The news of the hang-up may be late or lost; the refusal says the same.
                            engine::Submission submission{
                                command::EndInteraction{order.interaction, Party::kCustomer, {}, EndReason::kHungUp},
                                Source::kPhone,
                                call_sid + ":end",
                                {},
                                {}};
                            if (LiveCall* call = calls_.find(order.interaction, order.customer))
                              call->caller_over = true;
                            if (!engine_.submit(std::move(submission))) return done(kEngineBusy);
                          }
                          done(delivery_of(outcome));
                        });
}

void OrderDelivery::hold(const Order& order, std::uint32_t attempt, Done done) {
  const auto* i = present(order);
  if (!i || i->state != InteractionState::kActive) return done(kDelivered);
  const bool held = i->held || i->consultant;
  with_conference(order, [this, order, held, attempt, done = std::move(done)](const RestOutcome& conference) mutable {
    if (conference.kind != RestOutcome::kDone) return done(delivery_of(conference));
    FormFields fields{{"Hold", held ? "true" : "false"}};
    if (held) {
      fields.emplace_back("HoldUrl", addresses_.hold(order.interaction));
      fields.emplace_back("HoldMethod", "POST");
    }
    client_.update_participant(conference.text("sid"), kCallerLabel, fields,
                               [attempt, done = std::move(done)](const RestOutcome& outcome) mutable {
                                 if (outcome.kind == RestOutcome::kGone && attempt < kHoldAttemptsMax) {
                                   return done({Delivery::kRetry, outcome.reason, kHoldRetryMs});
                                 }
                                 done(delivery_of(outcome));
                               });
  });
}

void OrderDelivery::drop(const Order& order, Done done) {
  const LiveCall* call = calls_.find(order.interaction, order.customer);
  const auto leg = call->legs.find(order.agent);
  if (leg != call->legs.end() && leg->second.over) return done(kDelivered);
  with_conference(order, [this, order, done = std::move(done)](const RestOutcome& conference) mutable {
    if (conference.kind == RestOutcome::kRetry) return done(delivery_of(conference));
    if (conference.kind != RestOutcome::kDone) return remove_leg(order, std::move(done));
    client_.remove_participant(conference.text("sid"), agent_label(order.agent),
                               [this, order, done = std::move(done)](const RestOutcome& outcome) mutable {
                                 if (outcome.kind != RestOutcome::kGone) return done(delivery_of(outcome));
                                 remove_leg(order, std::move(done));
                               });
  });
}

// A leg that is still ringing is in no conference yet; its call can be ended all the same.
void OrderDelivery::remove_leg(const Order& order, Done done) {
  const LiveCall* call = calls_.find(order.interaction, order.customer);
  const auto leg = call ? call->legs.find(order.agent) : std::map<AgentId, Leg>::const_iterator();
  if (!call || leg == call->legs.end() || leg->second.call_sid.empty()) return done(kDelivered);
  client_.end_call(leg->second.call_sid,
                   [done = std::move(done)](const RestOutcome& outcome) mutable { done(delivery_of(outcome)); });
}

void OrderDelivery::end(const Order& order, Done done) {
  const LiveCall* found = calls_.find(order.interaction, order.customer);
  if (!found) return done(kDelivered);
  const LiveCall& call = *found;
  std::deque<Step> steps;
  for (const auto& [agent, leg] : call.legs) {
    if (leg.over || leg.call_sid.empty()) continue;
    steps.emplace_back([this, sid = leg.call_sid](TwilioClient::Done then) { client_.end_call(sid, std::move(then)); });
  }
  for (const auto& [attempt, leg] : call.outside) {
    if (leg.over || leg.call_sid.empty()) continue;
    steps.emplace_back([this, sid = leg.call_sid](TwilioClient::Done then) { client_.end_call(sid, std::move(then)); });
  }
  if (!call.customer.over && !call.customer.call_sid.empty() && call.customer.call_sid != call.call_sid) {
    steps.emplace_back(
        [this, sid = call.customer.call_sid](TwilioClient::Done then) { client_.end_call(sid, std::move(then)); });
  }
  if (!call.caller_over || call.customer.attempt != 0) {
    steps.emplace_back([this, order](TwilioClient::Done then) {
      with_conference(order, [this, then = std::move(then)](RestOutcome conference) mutable {
        if (conference.kind != RestOutcome::kDone) return then(std::move(conference));
        client_.end_conference(conference.text("sid"), std::move(then));
      });
    });
  }
  if (!call.caller_over && !call.call_sid.empty()) {
    steps.emplace_back(
        [this, sid = call.call_sid](TwilioClient::Done then) { client_.end_call(sid, std::move(then)); });
  }
  run(std::move(steps), {}, [this, order, done = std::move(done)](Delivery delivery) mutable {
    if (delivery.result != Delivery::kRetry) calls_.retire(order.interaction);
    done(std::move(delivery));
  });
}

// One after the other. What the provider refuses does not keep the rest from being done.
void OrderDelivery::run(std::deque<Step> steps, std::string refused, Done done) {
  if (steps.empty()) {
    return done(refused.empty() ? kDelivered : Delivery{Delivery::kDead, std::move(refused), 0});
  }
  Step step = std::move(steps.front());
  steps.pop_front();
  step([this, rest = std::move(steps), refused = std::move(refused),
        done = std::move(done)](RestOutcome outcome) mutable {
    if (outcome.kind == RestOutcome::kRetry) return done(delivery_of(outcome));
    if (outcome.kind == RestOutcome::kRefused) refused = std::move(outcome.reason);
    run(std::move(rest), std::move(refused), std::move(done));
  });
}

void OrderDelivery::with_conference(const Order& order, WithConference then) {
  const LiveCall* call = calls_.find(order.interaction, order.customer);
  if (call && !call->conference_sid.empty()) {
    RestOutcome known;
    known.body["sid"] = call->conference_sid;
    return then(std::move(known));
  }
  client_.find_conference(conference_name(order.interaction),
                          [this, order, then = std::move(then)](RestOutcome found) mutable {
                            LiveCall* now = calls_.find(order.interaction, order.customer);
                            if (now && found.kind == RestOutcome::kDone) now->conference_sid = found.text("sid");
                            then(std::move(found));
                          });
}

}  // namespace sb::phone
