#pragma once
// What the provider must do because of a decision: orders planned from records into the outbox, carried out by
// OrderDelivery. An order says what it is about, not what to send: on delivery it is compared with the state of then,
// so one that is late or repeated does no harm.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace sb::phone {

inline constexpr std::string_view kOutboxKind = "twilio";

struct Order {
  enum Kind : std::uint8_t {
    kRing,     // call the agent into the interaction's conference
    kConnect,  // the caller into the conference
    kRequeue,  // the caller back into the provider's queue
    kHold,     // the caller on or off hold, as the state says
    kDrop,     // the agent's leg away
    kEnd,      // everything away
    kCall,     // call the customer back
    kCancel,   // the call to the customer away
    kDial,     // an outside number into the interaction's conference
    kRelease,  // the outside party away
    kDetach,   // the caller and the outside party are left alone
    kGoodbye,  // the caller is told that they will be called back, and their call ends
  } kind = kRing;
  InteractionId interaction;
  CustomerId customer;
  AgentId agent;              // kRing, kDrop, kDetach
  OfferId offer;              // kRing: which acceptance
  TimeMs at_ms = 0;           // kCall: when it was ordered
  std::uint32_t content = 0;  // kDial: which content row of the record is the number
  bool operator==(const Order&) const = default;
};

[[nodiscard]] std::string encode_order(const Order& order);  // JSON, readable in the list of dead letters
[[nodiscard]] std::optional<Order> decode_order(std::string_view body);

// The orders of a record; engine::Planner. Pure.
void plan(const Record& record, const routing::State& after, std::vector<engine::OutboxItem>& out);

}  // namespace sb::phone
