#include "channels/phone/orders.h"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace sb::phone {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 12> kNames{"ring", "connect", "requeue", "hold",    "drop",   "end",
                                                  "call", "cancel",  "dial",    "release", "detach", "goodbye"};

class Plan {
 public:
  Plan(const Record& record, const routing::State& after) : record_(record), after_(after) {}

  void on(const event::OfferAccepted& e) {
    const auto* i = after_.interactions.find(e.interaction);
    // Held ready while the customer is called; their own phone rings when the customer has answered.
    if (i && i->callback->order == CallbackOrder::kCustomerFirst && !i->customer_on_line()) return;
    if (e.consult) add(Order::kHold, e.interaction);
    add(Order::kRing, e.interaction, e.agent, e.offer);
  }
  void on(const event::InteractionConnected& e) {
    if (!just_reached(e.interaction)) add(Order::kConnect, e.interaction);  // else the answered call goes there itself
  }
  void on(const event::ConnectionFailed& e) {
    add(Order::kDrop, e.interaction, e.agent);
    const auto* i = after_.interactions.find(e.interaction);
    if (i && !i->customer_on_line()) add(Order::kCancel, e.interaction);
  }
  void on(const event::CallbackRequested& e) {
    // Who pressed the key hears it at once, in answer; who asked elsewhere is on no line.
    const bool agreed_by_staff = std::holds_alternative<command::RequestCallback>(record_.command);
    if (agreed_by_staff && record_.source != Source::kPhone) add(Order::kGoodbye, e.interaction);
  }
  void on(const event::CallbackStarted& e) { add(Order::kCall, e.interaction); }
  void on(const event::CustomerReached& e) {
    const auto* i = after_.interactions.find(e.interaction);
    const auto* agent = after_.agents.find(e.agent);
    if (!i || !agent || i->callback->order != CallbackOrder::kCustomerFirst) return;
    add(Order::kRing, e.interaction, e.agent, agent->last_offer);
  }
  void on(const event::CustomerMissed& e) {
    if (e.agent) add(Order::kDrop, e.interaction, e.agent);
  }
  void on(const event::InteractionHeld& e) { add(Order::kHold, e.interaction); }
  void on(const event::InteractionResumed& e) { add(Order::kHold, e.interaction); }
  void on(const event::TransferStarted& e) {
    if (e.kind != TransferKind::kBlind) return;
    add(Order::kDrop, e.interaction, e.agent);
    add(Order::kRequeue, e.interaction);
  }
  void on(const event::TransferCompleted& e) {
    add(Order::kDrop, e.interaction, e.agent);
    add(Order::kHold, e.interaction);
  }
  void on(const event::TransferCancelled& e) {
    if (e.target) add(Order::kDrop, e.interaction, e.target);
    add(Order::kHold, e.interaction);
  }
  void on(const event::ParticipantJoined& e) { add(Order::kHold, e.interaction); }
  void on(const event::ParticipantLeft& e) { drop(e.interaction, e.participant); }
  void on(const event::InteractionHandedOver& e) {
    add(Order::kDrop, e.interaction, e.agent);
    add(Order::kHold, e.interaction);
  }
  void on(const event::OutsideInvited& e) {
    const auto* i = after_.interactions.find(e.interaction);
    if (i) add({Order::kDial, e.interaction, i->customer, {}, {}, 0, e.content});
  }
  void on(const event::OutsideLeft& e) { add(Order::kRelease, e.interaction); }
  void on(const event::InteractionAbandoned& e) {
    if (e.channel == Channel::kPhone) end(e.interaction, e.customer, e.reason);
  }
  void on(const event::InteractionEnded& e) {
    if (e.channel != Channel::kPhone) return;
    if (e.reason != EndReason::kTransferredOut) return end(e.interaction, e.customer, e.reason);
    add({Order::kDetach, e.interaction, e.customer, e.agent, {}, 0, 0});
  }
  template <class Other>
  void on(const Other&) {}

  [[nodiscard]] std::vector<Order>& orders() { return orders_; }

 private:
  void add(Order::Kind kind, InteractionId id, AgentId agent = {}, OfferId offer = {}) {
    const auto* i = after_.interactions.find(id);
    if (!i || i->channel != Channel::kPhone) return;
    add({kind, id, i->customer, agent, offer, kind == Order::kCall ? record_.time_ms : 0, 0});
  }

  // The interaction may be over in the same step, with the others still talking.
  void drop(InteractionId id, AgentId agent) {
    for (const Event& event : record_.events) {
      const auto* ended = std::get_if<event::InteractionEnded>(&event);
      if (ended && ended->interaction == id && ended->channel == Channel::kPhone) {
        add({Order::kDrop, id, ended->customer, agent, {}, 0, 0});
      }
    }
    add(Order::kDrop, id, agent);
  }

  // Whether the customer has answered in this very step.
  [[nodiscard]] bool just_reached(InteractionId id) const {
    return std::ranges::any_of(record_.events, [&](const Event& event) {
      const auto* reached = std::get_if<event::CustomerReached>(&event);
      return reached && reached->interaction == id;
    });
  }

  void add(const Order& order) {
    if (std::ranges::find(orders_, order) == orders_.end()) orders_.push_back(order);
  }

  // The interaction is no longer in the state. Its channel shows in the wrap-up it left behind; without one the order
  // is planned and delivery finds out.
  void end(InteractionId id, CustomerId customer, EndReason reason) {
    // These callers were answered with an announcement that ends by itself.
    if (reason == EndReason::kOutOfHours || reason == EndReason::kFailed) return;
    if (record_.source == Source::kChat) return;
    for (const Event& event : record_.events) {
      const auto* w = std::get_if<event::WrapUpStarted>(&event);
      if (w && w->interaction == id && w->channel != Channel::kPhone) return;
    }
    add({Order::kEnd, id, customer, {}, {}, 0, 0});
  }

  const Record& record_;
  const routing::State& after_;
  std::vector<Order> orders_;
};

std::uint64_t number_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || !value->is_number()) return 0;
  boost::system::error_code error;
  const auto number = value->to_number<std::uint64_t>(error);
  return error ? 0 : number;
}

}  // namespace

std::string encode_order(const Order& order) {
  json::object out{
      {"do", kNames[order.kind]}, {"interaction", order.interaction.value}, {"customer", order.customer.value}};
  if (order.agent) out["agent"] = order.agent.value;
  if (order.offer) out["offer"] = order.offer.value;
  if (order.at_ms != 0) out["at_ms"] = order.at_ms;
  if (order.content != 0) out["content"] = order.content;
  return json::serialize(out);
}

std::optional<Order> decode_order(std::string_view body) {
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  const auto* object = error ? nullptr : value.if_object();
  const auto* word = object ? object->if_contains("do") : nullptr;
  if (!word || !word->is_string()) return std::nullopt;
  const auto kind = std::ranges::find(kNames, std::string_view(word->get_string()));
  if (kind == kNames.end()) return std::nullopt;
  Order order;
  order.kind = static_cast<Order::Kind>(kind - kNames.begin());
  order.interaction = {number_of(*object, "interaction")};
  order.customer = {number_of(*object, "customer")};
  order.agent = {static_cast<std::uint32_t>(number_of(*object, "agent"))};
  order.offer = {number_of(*object, "offer")};
  order.at_ms = number_of(*object, "at_ms");
  order.content = static_cast<std::uint32_t>(number_of(*object, "content"));
  if (!order.interaction) return std::nullopt;
  return order;
}

void plan(const Record& record, const routing::State& after, std::vector<engine::OutboxItem>& out) {
  Plan planned(record, after);
  for (const Event& event : record.events) {
    std::visit([&](const auto& e) { planned.on(e); }, event);
  }
  for (const Order& order : planned.orders()) {
    engine::OutboxItem item;
    item.kind = kOutboxKind;
    item.order = std::to_string(order.interaction.value);
    item.body = encode_order(order);
    out.push_back(std::move(item));
  }
}

}  // namespace sb::phone
