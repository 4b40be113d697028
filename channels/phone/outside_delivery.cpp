// Orders about an outside party: called into the interaction's conference, taken out of it, or left there alone with
// the caller. The number is read from the record that invited them and held against the configuration once more.
#include "channels/phone/order_delivery.h"
#include "crm/outside_number.h"

namespace sb::phone {
namespace {

using engine::Delivery;

}  // namespace

OutsideLeg* OrderDelivery::outside_to_dial(const Order& order, Seq attempt) {
  const auto* i = present(order);
  LiveCall* live = i && i->outside == OutsideState::kCalling ? calls_.find(order.interaction, order.customer) : nullptr;
  if (!live || (!live->outside.empty() && live->outside.rbegin()->first > attempt)) return nullptr;
  OutsideLeg& leg = live->outside[attempt];
  return leg.call_sid.empty() && !leg.over ? &leg : nullptr;
}

void OrderDelivery::dial(const Order& order, Seq attempt, bool may_have_dialled, Done done) {
  if (!outside_to_dial(order, attempt)) return done(kDelivered);
  const auto row = engine_.store().content(attempt, static_cast<std::uint16_t>(order.content));
  const std::string number = row ? *row : std::string();
  const auto allowed = crm::outside_number(number, {settings_.default_country_code}, center_.outside_prefixes);
  if (!allowed) return refuse_outside(order, "not_allowed", allowed.error().message, std::move(done));
  if (!may_have_dialled) return add_outside(order, attempt, *allowed, std::move(done));
  with_conference(order, [this, order, attempt, number = *allowed,
                          done = std::move(done)](const RestOutcome& conference) mutable {
    if (conference.kind == RestOutcome::kRetry) return done(delivery_of(conference));
    if (conference.kind != RestOutcome::kDone) return add_outside(order, attempt, number, std::move(done));
    client_.find_participant(conference.text("sid"), outside_label(attempt),
                             [this, order, attempt, number, done = std::move(done)](const RestOutcome& found) mutable {
                               if (found.kind == RestOutcome::kRetry) return done(delivery_of(found));
                               OutsideLeg* leg = outside_to_dial(order, attempt);
                               if (!leg) return done(kDelivered);
                               if (found.kind != RestOutcome::kDone) {
                                 return add_outside(order, attempt, number, std::move(done));
                               }
                               leg->call_sid = found.text("call_sid");
                               done(kDelivered);
                             });
  });
}

void OrderDelivery::add_outside(const Order& order, Seq attempt, const std::string& number, Done done) {
  if (!outside_to_dial(order, attempt)) return done(kDelivered);
  const LiveCall& live = *calls_.find(order.interaction, order.customer);
  FormFields fields{{"From", our_number(live)},
                    {"To", number},
                    {"Label", outside_label(attempt)},
                    {"EndConferenceOnExit", "false"},
                    {"Beep", "false"},
                    {"Timeout", std::to_string(settings_.customer_ring_timeout_s)},
                    {"StatusCallback", addresses_.outside_leg(order.interaction, attempt)},
                    {"StatusCallbackMethod", "POST"}};
  for (const char* event : {"initiated", "ringing", "answered", "completed"}) {
    fields.emplace_back("StatusCallbackEvent", event);
  }
  client_.add_participant(
      conference_name(order.interaction), fields,
      [this, order, attempt, done = std::move(done)](RestOutcome outcome) mutable {
        if (outcome.kind == RestOutcome::kRetry) return done(delivery_of(outcome));
        if (outcome.kind != RestOutcome::kDone) {
          return refuse_outside(order, "failed", std::move(outcome.reason), std::move(done));
        }
        LiveCall* now = calls_.find(order.interaction, order.customer);
        if (now) now->conference_sid = outcome.text("conference_sid");
        if (now && now->outside[attempt].call_sid.empty()) now->outside[attempt].call_sid = outcome.text("call_sid");
        const auto* i = present(order);
        const bool wanted = i && i->outside != OutsideState::kNone && now->outside.rbegin()->first == attempt;
        if (wanted) return done(kDelivered);
        // Taken back while the provider was told to begin.
        client_.end_call(outcome.text("call_sid"),
                         [done = std::move(done)](const RestOutcome& ended) mutable { done(delivery_of(ended)); });
      });
}

// Nobody will be called: the owner must not wait for them.
void OrderDelivery::refuse_outside(const Order& order, std::string why, std::string reason, Done done) {
  engine::Submission drop{command::DropOutside{order.interaction, {}, std::move(why)}, Source::kPhone, {}, {}, {}};
  if (!engine_.submit(std::move(drop))) return done(kEngineBusy);
  done({Delivery::kDead, std::move(reason), 0});
}

// Whoever was invited before this order.
void OrderDelivery::release(const Order& order, Seq seq, Done done) {
  std::deque<Step> steps;
  for (const auto& [attempt, leg] : calls_.find(order.interaction, order.customer)->outside) {
    if (attempt > seq || leg.over) continue;
    steps.emplace_back([this, order, attempt, sid = leg.call_sid](TwilioClient::Done then) {
      remove(order, outside_label(attempt), sid, std::move(then));
    });
  }
  run(std::move(steps), {}, std::move(done));
}

void OrderDelivery::remove(const Order& order, const std::string& label, const std::string& call_sid,
                           TwilioClient::Done then) {
  with_conference(order, [this, label, call_sid, then = std::move(then)](RestOutcome conference) mutable {
    // A leg that still rings is in no conference yet; its call can be ended all the same.
    auto end_leg = [this, call_sid, then = std::move(then)](RestOutcome outcome) mutable {
      if (outcome.kind != RestOutcome::kGone || call_sid.empty()) return then(std::move(outcome));
      client_.end_call(call_sid, std::move(then));
    };
    if (conference.kind != RestOutcome::kDone) return end_leg(std::move(conference));
    client_.remove_participant(conference.text("sid"), label, std::move(end_leg));
  });
}

// Ours leave; the caller and the outside party stay, and either one's hanging up is the end.
void OrderDelivery::detach(const Order& order, Done done) {
  const LiveCall& live = *calls_.find(order.interaction, order.customer);
  if (live.outside.empty() || live.outside.rbegin()->second.over) return end(order, std::move(done));
  const std::string label = outside_label(live.outside.rbegin()->first);
  with_conference(order, [this, order, label, done = std::move(done)](const RestOutcome& conference) mutable {
    if (conference.kind != RestOutcome::kDone) return done(delivery_of(conference));
    const std::string sid = conference.text("sid");
    client_.update_participant(sid, label, {{"EndConferenceOnExit", "true"}},
                               [this, order, sid, done = std::move(done)](const RestOutcome& outcome) mutable {
                                 if (outcome.kind == RestOutcome::kRetry) return done(delivery_of(outcome));
                                 // They hung up in that moment: nobody is left for the caller to talk to.
                                 if (outcome.kind == RestOutcome::kGone) return end(order, std::move(done));
                                 leave_alone(order, sid, std::move(done));
                               });
  });
}

void OrderDelivery::leave_alone(const Order& order, const std::string& conference_sid, Done done) {
  std::deque<Step> steps;
  steps.emplace_back([this, conference_sid](TwilioClient::Done then) {
    client_.update_participant(conference_sid, kCallerLabel, {{"Hold", "false"}}, std::move(then));
  });
  const LiveCall* live = calls_.find(order.interaction, order.customer);
  if (!live) return done(kDelivered);  // both have hung up meanwhile
  const auto leg = live->legs.find(order.agent);
  const std::string sid = leg == live->legs.end() ? std::string() : leg->second.call_sid;
  steps.emplace_back(
      [this, order, sid](TwilioClient::Done then) { remove(order, agent_label(order.agent), sid, std::move(then)); });
  run(std::move(steps), {}, std::move(done));
}

}  // namespace sb::phone
