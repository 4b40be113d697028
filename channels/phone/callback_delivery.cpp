// Orders about customers who are called back. A call to somebody's phone must not be made twice: before one whose first
// outcome is unknown is repeated, the provider is asked which calls it has made to that number since it was ordered.
#include <boost/json/array.hpp>
#include <ctime>

#include "channels/phone/order_delivery.h"

namespace sb::phone {
namespace {

using engine::Delivery;

// The provider's clock may differ from ours by this much. Attempts are a minute apart at least (configuration).
constexpr TimeMs kClocksApartMs = 30'000;

std::string text_of(const boost::json::object& object, std::string_view field) {
  const auto* value = object.if_contains(field);
  return value && value->is_string() ? std::string(std::string_view(value->get_string())) : std::string();
}

// "Thu, 15 Jan 2026 10:03:20 +0000"; 0: not a time.
TimeMs rfc2822_ms(const std::string& text) {
  std::tm utc{};
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S", &utc);
  return end ? static_cast<TimeMs>(timegm(&utc)) * 1000 : 0;
}

// The newest call made since then; none: there is none.
std::optional<boost::json::object> made_since(const boost::json::object& body, TimeMs since_ms) {
  const auto* list = body.if_contains("calls");
  const auto* calls = list ? list->if_array() : nullptr;
  for (const auto& entry : calls ? *calls : boost::json::array()) {
    const auto* call = entry.if_object();
    if (call && rfc2822_ms(text_of(*call, "date_created")) + kClocksApartMs >= since_ms) return *call;
  }
  return std::nullopt;
}

}  // namespace

std::string_view missed_reason(std::string_view status) {
  if (status == "busy") return "busy";
  return status == "no-answer" ? "no_answer" : "failed";
}

CustomerLeg* OrderDelivery::leg_to_call(const Order& order, Seq attempt) {
  const auto* i = present(order);
  LiveCall* live = i && i->callback->calling ? calls_.find(order.interaction, order.customer) : nullptr;
  if (!live || live->customer.attempt > attempt) return nullptr;
  if (live->customer.attempt != attempt) live->customer = CustomerLeg{attempt, {}, false, {}};
  return live->customer.call_sid.empty() && !live->customer.over ? &live->customer : nullptr;
}

// Whatever the provider says of that call, the callback stands: no news of it is news of the customer.
void OrderDelivery::goodbye(const Order& order, Done done) {
  const std::string call_sid = calls_.find(order.interaction, order.customer)->leaving_sid;
  if (call_sid.empty()) return done(kDelivered);  // nobody was on the line
  client_.redirect_call(call_sid, addresses_.goodbye(order.interaction),
                        [this, order, call_sid, done = std::move(done)](const RestOutcome& outcome) mutable {
                          LiveCall* call = calls_.find(order.interaction, order.customer);
                          const bool over = outcome.kind == RestOutcome::kGone;
                          if (call && over && call->leaving_sid == call_sid) call->leaving = false;
                          done(delivery_of(outcome));
                        });
}

void OrderDelivery::call(const Order& order, Seq attempt, bool may_have_called, Done done) {
  if (!leg_to_call(order, attempt)) return done(kDelivered);
  const LiveCall& live = *calls_.find(order.interaction, order.customer);
  if (live.customer_number.empty()) {
    return refuse_call(order, "the customer's number is not known any more", std::move(done));
  }
  if (!may_have_called) return place_call(order, attempt, std::move(done));
  client_.find_calls(our_number(live), live.customer_number,
                     [this, order, attempt, done = std::move(done)](const RestOutcome& found) mutable {
                       if (found.kind == RestOutcome::kRetry) return done(delivery_of(found));
                       const auto made = made_since(found.body, order.at_ms);
                       CustomerLeg* leg = leg_to_call(order, attempt);
                       if (!leg) return done(kDelivered);
                       if (!made) return place_call(order, attempt, std::move(done));
                       leg->call_sid = text_of(*made, "sid");
                       const std::string status = text_of(*made, "status");
                       if (!is_over(status)) return done(kDelivered);  // its callbacks will say how it ends
                       leg->over = true;
                       engine::Submission missed{
                           command::MissCustomer{order.interaction, std::string(missed_reason(status))},
                           Source::kPhone,
                           leg->call_sid + ":missed",
                           {},
                           {}};
                       done(engine_.submit(std::move(missed)) ? kDelivered : kEngineBusy);
                     });
}

void OrderDelivery::place_call(const Order& order, Seq attempt, Done done) {
  const LiveCall& live = *calls_.find(order.interaction, order.customer);
  FormFields fields{{"From", our_number(live)},
                    {"To", live.customer_number},
                    {"Url", addresses_.reached(order.interaction, attempt)},
                    {"Method", "POST"},
                    {"Timeout", std::to_string(settings_.customer_ring_timeout_s)},
                    {"StatusCallback", addresses_.customer_leg(order.interaction, attempt)},
                    {"StatusCallbackMethod", "POST"}};
  for (const char* event : {"initiated", "ringing", "answered", "completed"}) {
    fields.emplace_back("StatusCallbackEvent", event);
  }
  client_.start_call(fields, [this, order, attempt, done = std::move(done)](RestOutcome outcome) mutable {
    if (outcome.kind == RestOutcome::kRetry) return done(delivery_of(outcome));
    if (outcome.kind != RestOutcome::kDone) return refuse_call(order, std::move(outcome.reason), std::move(done));
    LiveCall* now = calls_.find(order.interaction, order.customer);
    const bool known = now && now->customer.attempt == attempt;
    if (known && now->customer.call_sid.empty()) now->customer.call_sid = outcome.text("sid");
    const auto* i = present(order);
    if (known && i && (i->callback->calling || i->callback->reached)) return done(kDelivered);
    // Broken off while the provider was told to begin.
    client_.end_call(outcome.text("sid"),
                     [done = std::move(done)](const RestOutcome& ended) mutable { done(delivery_of(ended)); });
  });
}

// The provider will never call this customer: the agent must not wait for it.
void OrderDelivery::refuse_call(const Order& order, std::string reason, Done done) {
  engine::Submission missed{command::MissCustomer{order.interaction, "failed"}, Source::kPhone, {}, {}, {}};
  if (!engine_.submit(std::move(missed))) return done(kEngineBusy);
  done({Delivery::kDead, std::move(reason), 0});
}

void OrderDelivery::cancel(const Order& order, Done done) {
  const auto* i = present(order);
  if (i && (i->callback->calling || i->callback->reached)) return done(kDelivered);  // it was ordered anew
  CustomerLeg& leg = calls_.find(order.interaction, order.customer)->customer;
  if (leg.over || leg.call_sid.empty()) return done(kDelivered);
  leg.over = true;
  client_.end_call(leg.call_sid,
                   [done = std::move(done)](const RestOutcome& outcome) mutable { done(delivery_of(outcome)); });
}

std::string OrderDelivery::our_number(const LiveCall& live) const {
  return live.number.empty() && !settings_.numbers.empty() ? settings_.numbers.front().number : live.number;
}

}  // namespace sb::phone
