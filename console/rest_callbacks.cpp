#include <cstdio>
#include <ctime>

#include "console/json_codec.h"
#include "console/rest.h"
#include "console/rest_start.h"
#include "console/waiting_list.h"

// Calling customers back on request: from a web page, from another program, or by an agent's hand.
namespace sb::console {

namespace {

constexpr std::size_t kHoursMax = 14;
constexpr TimeMs kAheadMsMax = TimeMs{180} * 24 * 3600 * 1000;
constexpr std::size_t kListedMax = 200;

// "2026-11-22T15:00:00+08:00" or with Z.
std::optional<TimeMs> moment_of(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, read = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d%n", &year, &month, &day, &hour, &minute, &read) != 5) return {};
  std::string rest = text.substr(static_cast<std::size_t>(read));
  if (int more = 0; std::sscanf(rest.c_str(), ":%2d%n", &second, &more) == 1) {
    rest.erase(0, static_cast<std::size_t>(more));
  }
  int east_minutes = 0;
  if (rest != "Z") {
    char sign = 0;
    int hours = 0, minutes = 0, more = 0;
    const bool offset = std::sscanf(rest.c_str(), "%c%2d:%2d%n", &sign, &hours, &minutes, &more) == 3 &&
                        static_cast<std::size_t>(more) == rest.size() && (sign == '+' || sign == '-') && hours < 15 &&
                        minutes < 60;
    if (!offset) return {};
    east_minutes = (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
  }
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59)
    return {};
  std::tm utc{};
  utc.tm_year = year - 1900;
  utc.tm_mon = month - 1;
  utc.tm_mday = day;
  utc.tm_hour = hour;
  utc.tm_min = minute;
  utc.tm_sec = second;
  const std::time_t seconds = timegm(&utc) - std::time_t{east_minutes} * 60;
  const bool real = utc.tm_mday == day;  // the 31st of a shorter month becomes another day
  return real && seconds >= 0 ? std::optional(static_cast<TimeMs>(seconds) * 1000) : std::nullopt;
}

// "09:00-20:00", or several such lines.
Result<std::vector<std::string>> hours_of(const boost::json::object& body) {
  const auto wrong = [] {
    return std::unexpected(
        bad_field("hours", "must be a text like \"09:00-20:00\", or at most 14 of them in an array"));
  };
  std::vector<std::string> lines;
  const auto* value = body.if_contains("hours");
  if (!value) return lines;
  if (const auto* one = value->if_string()) lines.emplace_back(*one);
  const auto* many = value->if_array();
  if ((!many && lines.empty()) || (many && many->size() > kHoursMax)) return wrong();
  for (const auto& entry : many ? *many : boost::json::array()) {
    const auto* line = entry.if_string();
    if (!line) return wrong();
    lines.emplace_back(*line);
  }
  for (const std::string& line : lines) {
    if (line.empty() || line.size() > 40) return wrong();
  }
  return lines;
}

std::string_view callback_state(const routing::Interaction& i) {
  if (i.callback->calling) return "calling";
  switch (i.state) {
    case routing::InteractionState::kScheduled:
      return "scheduled";
    case routing::InteractionState::kQueued:
      return i.offer ? "offered" : "waiting";
    default:
      return "connecting";
  }
}

// Errors of the fields that are read as those of an arrival, by the names they have here.
ApiError renamed(ApiError error) {
  if (error.field.starts_with("identity")) return bad_field("phone", "must be a phone number such as +8613800138000");
  if (error.field == "text") error.field = "note";
  return error;
}

// The call is that customer's, whosever the number was so far. Their time zone.
Result<std::string> name_customer(const Context& context, const boost::json::object& body,
                                  command::StartInteraction& start) {
  const auto id = required_id(body, "customer");
  if (!id) return std::unexpected(id.error());
  const auto details = context.directory.customer({*id});
  if (!details) return std::unexpected(records_unavailable());
  if (!*details) {
    return std::unexpected(ApiError{404, "unknown_customer", "customer: there is no such customer", "customer"});
  }
  const ScreenPop& card = (*details)->card;
  if (start.customer == card.customer) return card.time_zone;
  start.customer = card.customer;
  start.tier = card.tier;
  start.ticket = {};
  start.preferred_agent = {};
  start.labels.clear();
  if (!body.if_contains("language")) start.language = card.language;
  return card.time_zone;
}

// The time zone of whom the number belongs to; empty: not known.
Result<std::string> zone_of(const Context& context, IdentityHash number) {
  const auto match = context.directory.find_by_identity(number);
  if (!match) return std::unexpected(records_unavailable());
  return *match ? (*match)->time_zone : std::string();
}

struct CallArrival {
  engine::Submission submission;
  std::string time_zone;  // on the customer's profile; empty: not known
};

// The contact that begins as a call to make.
Result<CallArrival> arrival(const Context& context, const boost::json::object& body) {
  boost::json::object start{{"channel", "phone"}};
  for (const std::string_view name : {"queue", "skills", "priority", "language"}) {
    if (const auto* value = body.if_contains(name)) start[name] = *value;
  }
  if (const auto* note = body.if_contains("note")) start["text"] = *note;
  boost::json::object identity{{"kind", "phone"}, {"value", *body.if_contains("phone")}};
  if (const auto* name = body.if_contains("name")) identity["name"] = *name;
  start["identity"] = std::move(identity);
  auto submission = read_start(context, start);
  if (!submission) return std::unexpected(renamed(submission.error()));
  auto& begun = std::get<command::StartInteraction>(submission->command);
  auto zone = body.if_contains("customer") ? name_customer(context, body, begun) : zone_of(context, begun.identity);
  if (!zone) return std::unexpected(zone.error());
  return CallArrival{std::move(*submission), std::move(*zone)};
}

// `profile_zone` counts unless the request names another.
Result<command::CallbackWish> terms(const Context& context, const boost::json::object& body, QueueId queue,
                                    const std::string& profile_zone) {
  const auto* info = context.center.queue(queue);
  command::CallbackWish wish;
  wish.order = info->callback.order;
  wish.attempts_max = info->callback.attempts_max;
  wish.retry_ms = info->callback.retry_ms;
  const auto attempts = integer_field(body, "attempts", 1, routing::kCallbackAttemptsMax);
  if (!attempts) return std::unexpected(attempts.error());
  if (*attempts) wish.attempts_max = static_cast<std::uint32_t>(**attempts);
  const auto order = text_field(body, "order", 32);
  if (!order) return std::unexpected(order.error());
  if (*order) {
    const bool known = **order == name(CallbackOrder::kAgentFirst) || **order == name(CallbackOrder::kCustomerFirst);
    if (!known) return std::unexpected(bad_field("order", "must be agent_first or customer_first"));
    wish.order =
        **order == name(CallbackOrder::kAgentFirst) ? CallbackOrder::kAgentFirst : CallbackOrder::kCustomerFirst;
  }
  const TimeMs now = context.engine.clock().now();
  const auto at = text_field(body, "at", 40);
  if (!at) return std::unexpected(at.error());
  if (*at) {
    const auto moment = moment_of(std::string(**at));
    if (!moment) return std::unexpected(bad_field("at", "must be a time such as 2026-11-22T15:00:00+08:00"));
    if (*moment + 60'000 < now) return std::unexpected(bad_field("at", "is in the past"));
    if (*moment > now + kAheadMsMax) return std::unexpected(bad_field("at", "is more than 180 days ahead"));
    wish.at_ms = *moment > now + 1'000 ? *moment : 0;
  }
  const auto zone = text_field(body, "zone", 64);
  if (!zone) return std::unexpected(zone.error());
  const auto hours = hours_of(body);
  if (!hours) return std::unexpected(hours.error());
  if (context.center.callback_windows) {
    const std::string named(zone->value_or(""));
    auto windows = context.center.callback_windows(named.empty() ? context.center.callback_zone(profile_zone) : named,
                                                   *hours, wish.at_ms == 0 ? now : wish.at_ms);
    if (!windows) {
      const bool about_zone = windows.error().starts_with("time_zone");
      return std::unexpected(about_zone ? bad_field("zone", "must be an IANA name such as Asia/Shanghai")
                                        : bad_field("hours", windows.error()));
    }
    wish.windows = std::move(*windows);
  }
  return wish;
}

}  // namespace

void Rest::request_callback(const CallPtr& call) {
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  const auto unknown = only_fields(*body, {"phone", "name", "queue", "at", "order", "zone", "hours", "attempts",
                                           "customer", "note", "skills", "priority", "language"});
  if (unknown) return call->refuse(*unknown);
  if (!body->if_contains("phone")) return call->refuse(bad_field("phone", "is required"));
  auto arriving = arrival(context_, *body);
  if (!arriving) return call->refuse(arriving.error());
  engine::Submission& start = arriving->submission;
  auto& begun = std::get<command::StartInteraction>(start.command);
  auto wish = terms(context_, *body, begun.queue, arriving->time_zone);
  if (!wish) return call->refuse(wish.error());
  begun.callback = std::move(*wish);
  start.key = call->idempotency_key();
  start.done = [this, call](const engine::Answer& answer) {
    if (answer.rejection != Rejection::kNone) return call->refuse(refused(answer.rejection));
    boost::json::object out{{"interaction", answer.result}};
    const auto* i = context_.engine.view().interactions.find({answer.result});
    if (i && i->callback->at_ms != 0) out["at_ms"] = i->callback->at_ms;
    call->answer(201, boost::json::serialize(out));
  };
  if (!context_.submit(std::move(start))) call->refuse(busy());
}

void Rest::open_callbacks(const CallPtr& call) {
  const auto customer = query_number(call->query, "customer", 0);
  if (!customer) return call->refuse(customer.error());
  struct Entry {
    boost::json::object json;
    CustomerId customer;
  };
  std::vector<Entry> entries;
  const auto page = context_.callbacks.first(context_.engine.view(), {*customer}, kListedMax);
  for (const routing::Interaction* i : page.first) {
    boost::json::object one{{"interaction", i->id.value},
                            {"queue", i->queue.value},
                            {"state", callback_state(*i)},
                            {"order", name(i->callback->order)},
                            {"attempts_max", i->callback->attempts_max},
                            {"customer", i->customer.value}};
    if (i->callback->attempt != 0) one["attempt"] = i->callback->attempt;
    if (i->callback->at_ms != 0) one["due_ms"] = i->callback->at_ms;
    if (i->agent) one["agent"] = i->agent.value;
    if (const auto& preview = context_.conversations.get(*i).preview; !preview.empty()) one["preview"] = preview;
    entries.push_back({std::move(one), i->customer});
  }
  answer_from(questions_, call, [this, total = page.total, entries = std::move(entries)]() mutable {
    boost::json::array out;
    for (Entry& entry : entries) {
      const auto known = known_name(context_.directory, entry.customer);
      if (!known.empty()) entry.json["customer_name"] = known;
      out.push_back(std::move(entry.json));
    }
    return net::Response::json(
        200, boost::json::serialize(boost::json::object{{"total", total}, {"callbacks", std::move(out)}}));
  });
}

void Rest::cancel_callback(const CallPtr& call) {
  const InteractionId id{call->number};
  const auto* i = context_.engine.view().interactions.find(id);
  if (!i || i->callback->order == CallbackOrder::kNone) {
    return call->refuse({404, "unknown_callback", "there is no such callback, or it is over"});
  }
  if (i->customer_on_line()) return call->refuse({409, "wrong_state", "the customer is on the line already"});
  submit(call, command::EndInteraction{id, Party::kCustomer, {}, EndReason::kCompleted}, {},
         [call](const engine::Answer&) { call->answer(net::Response::empty(204)); });
}

}  // namespace sb::console
