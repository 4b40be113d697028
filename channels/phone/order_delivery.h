#pragma once
// Carries out phone orders at the provider: the deliverer of outbox items of kind "twilio".
//
// Delivery is at least once. Each order is first compared with the present state: an agent is rung only while the
// interaction still wants them, a caller is held as the state says now. Ringing twice is avoided by asking for the
// participant's label before repeating an order whose first outcome is unknown.
// Owner thread: the release executor.
#include <deque>

#include "channels/phone/addresses.h"
#include "channels/phone/live_calls.h"
#include "channels/phone/orders.h"
#include "channels/phone/settings.h"
#include "channels/phone/twilio_client.h"
#include "engine/center.h"

namespace sb::phone {

// The provider took it, or it is no longer wanted.
inline const engine::Delivery kDelivered{engine::Delivery::kDone, {}, 0};
inline const engine::Delivery kEngineBusy{engine::Delivery::kRetry, "the engine is busy", 0};

// What MissCustomer says of a call that ended with this status.
[[nodiscard]] std::string_view missed_reason(std::string_view status);

class OrderDelivery {
 public:
  OrderDelivery(engine::Engine& engine, const engine::Center& center, const Settings& settings, LiveCalls& calls,
                TwilioClient& client);

  // engine::Outbox::Deliverer
  void deliver(const engine::OutboxItem& item, std::uint32_t attempt, engine::Outbox::Done done);

 private:
  using Done = engine::Outbox::Done;
  using Step = std::move_only_function<void(TwilioClient::Done)>;
  using WithConference = std::move_only_function<void(RestOutcome)>;  // kDone: "sid" is how to address it

  void ring(const Order& order, bool may_have_rung, Done done);
  void add_leg(const Order& order, Done done);
  void connect(const Order& order, Done done);
  void requeue(const Order& order, Done done);
  void hold(const Order& order, std::uint32_t attempt, Done done);
  void drop(const Order& order, Done done);
  void end(const Order& order, Done done);

  // callback_delivery.cpp
  void goodbye(const Order& order, Done done);
  void call(const Order& order, Seq attempt, bool may_have_called, Done done);
  void place_call(const Order& order, Seq attempt, Done done);
  void refuse_call(const Order& order, std::string reason, Done done);
  void cancel(const Order& order, Done done);
  // Whether the customer is to be called by this attempt and by none that came after.
  [[nodiscard]] CustomerLeg* leg_to_call(const Order& order, Seq attempt);

  // outside_delivery.cpp
  void dial(const Order& order, Seq attempt, bool may_have_dialled, Done done);
  void add_outside(const Order& order, Seq attempt, const std::string& number, Done done);
  void refuse_outside(const Order& order, std::string why, std::string reason, Done done);
  void release(const Order& order, Seq seq, Done done);
  void detach(const Order& order, Done done);
  void leave_alone(const Order& order, const std::string& conference_sid, Done done);
  // Out of the conference, or its call ended while it rings; kGone: it is in none, and nothing is known of its call.
  void remove(const Order& order, const std::string& label, const std::string& call_sid, TwilioClient::Done then);
  // Whether the outside party is to be called by this attempt and by none that came after.
  [[nodiscard]] OutsideLeg* outside_to_dial(const Order& order, Seq attempt);

  void redirect(const Order& order, const std::string& url, Done done);
  void remove_leg(const Order& order, Done done);
  void refuse_leg(const Order& order, std::string reason, Done done);
  void with_conference(const Order& order, WithConference then);
  void run(std::deque<Step> steps, std::string refused, Done done);
  // Which of ours the customer called, else the first one.
  [[nodiscard]] std::string our_number(const LiveCall& live) const;
  [[nodiscard]] bool wants(const Order& order) const;
  [[nodiscard]] const routing::Interaction* present(const Order& order) const;
  [[nodiscard]] FormFields leg_fields(const Order& order, const engine::AgentInfo& agent, const LiveCall& call) const;

  engine::Engine& engine_;
  const engine::Center& center_;
  const Settings& settings_;
  LiveCalls& calls_;
  TwilioClient& client_;
  Addresses addresses_;
  Seq started_at_;  // orders up to here were left by an earlier run
};

}  // namespace sb::phone
