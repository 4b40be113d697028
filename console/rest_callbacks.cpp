#include "console/callback_terms.h"
#include "console/json_codec.h"
#include "console/rest.h"
#include "console/rest_start.h"
#include "console/waiting_list.h"

// Calling customers back on request: from a web page, from another program, or by an agent's hand.
namespace sb::console {

namespace {

constexpr std::size_t kListedMax = 200;

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

// The queue a contact is to be called back from; null: the body names none.
Result<const engine::QueueInfo*> named_queue(const Context& context, const boost::json::object& body) {
  const auto* value = body.if_contains("queue");
  if (!value) return nullptr;
  const engine::QueueInfo* info = nullptr;
  if (const auto* word = value->if_string()) {
    info = context.center.queue(std::string_view(*word));
  } else if (const auto* number = value->if_int64(); number && *number > 0 && *number <= std::int64_t{0xFFFFFFFF}) {
    info = context.center.queue(QueueId{static_cast<std::uint32_t>(*number)});
  }
  if (!info) return std::unexpected(ApiError{404, "unknown_queue", "queue: there is no such queue", "queue"});
  return info;
}

// How a contact on the line is to be called back. It may be over: the core says so, or repeats an earlier answer.
Result<command::RequestCallback> agreement(const Context& context, const boost::json::object& body, InteractionId id) {
  const auto* i = context.engine.view().interactions.find(id);
  if (i && i->channel != Channel::kPhone) {
    return std::unexpected(ApiError{409, "wrong_state", "this is no call: use POST /api/callbacks with a number"});
  }
  const auto queue = named_queue(context, body);
  if (!queue) return std::unexpected(queue.error());
  const bool in_menu = i && i->state == routing::InteractionState::kDialogue;
  if (in_menu && !*queue) return std::unexpected(bad_field("queue", "is required: the caller is still in the menu"));
  command::RequestCallback request;
  request.interaction = id;
  const bool moves = *queue && (in_menu || !i || i->queue != (*queue)->id);
  if (moves) {
    request.queue = (*queue)->id;
    request.requirement = (*queue)->requires_skills;
    request.priority = i ? i->priority : 0;
  }
  std::string zone;
  if (i && i->customer) {
    const auto details = context.directory.customer(i->customer);
    if (!details) return std::unexpected(records_unavailable());
    if (*details) zone = (*details)->card.time_zone;
  }
  auto terms = read_callback_terms(context, body, *queue ? (*queue)->id : i ? i->queue : QueueId{}, zone);
  if (!terms) return std::unexpected(terms.error());
  request.order = terms->order;
  request.at_ms = terms->at_ms;
  request.attempts_max = terms->attempts_max;
  request.retry_ms = terms->retry_ms;
  request.windows = std::move(terms->windows);
  return request;
}

// Why a contact cannot be called back, and what to do instead.
ApiError not_agreed(Rejection rejection, const routing::Interaction* i) {
  if (rejection == Rejection::kUnknownInteraction) {
    return {404, "unknown_interaction", "there is no such contact, or it is over: use POST /api/callbacks"};
  }
  if (rejection == Rejection::kInvalidArgument) return bad_field("hours", "leave no time to call the customer");
  if (rejection != Rejection::kWrongState) return refused(rejection);
  if (i && !i->customer_on_line()) {
    return {409, "wrong_state", "it is to be called back already: DELETE /api/callbacks/ID calls that off"};
  }
  return {409, "wrong_state", "an agent has it: end it first, or agree a further call by POST /api/callbacks"};
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
  auto wish = read_callback_terms(context_, *body, begun.queue, arriving->time_zone);
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

void Rest::agree_callback(const CallPtr& call) {
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  if (const auto unknown = only_fields(*body, {"queue", "at", "order", "zone", "hours", "attempts"})) {
    return call->refuse(*unknown);
  }
  const InteractionId id{call->number};
  auto request = agreement(context_, *body, id);
  if (!request) return call->refuse(request.error());
  if (!context_.engine.view().interactions.find(id)) return submit_agreed(call, std::move(*request));
  const auto ask = [this, call, id, request = std::move(*request)] {
    prepare<bool>(
        questions_, call, [this, id] { return has_number(id); },
        [this, call, request](bool known) {
          if (known) return submit_agreed(call, request);
          call->refuse({409, "no_number", "the caller's number is not known: ask for one, then POST /api/callbacks"});
        });
  };
  when_projected(context_.engine.figures().last_seq, ask);
}

void Rest::submit_agreed(const CallPtr& call, command::RequestCallback request) {
  engine::Submission s;
  s.source = Source::kApi;
  s.key = call->idempotency_key();
  s.done = [this, call, id = request.interaction](const engine::Answer& answer) {
    const auto* i = context_.engine.view().interactions.find(id);
    if (answer.rejection != Rejection::kNone) return call->refuse(not_agreed(answer.rejection, i));
    boost::json::object out{{"interaction", id.value}};
    if (i && i->callback->at_ms != 0) out["at_ms"] = i->callback->at_ms;
    call->answer(200, boost::json::serialize(out));
  };
  s.command = std::move(request);
  if (!context_.submit(std::move(s))) call->refuse(busy());
}

// What it began with says whom the phone channel would call.
Result<bool> Rest::has_number(InteractionId interaction) const {
  const auto details = context_.directory.interaction(interaction);
  if (!details || !*details) return std::unexpected(records_unavailable());
  const storage::Store& store = context_.engine.store();
  const auto bytes = store.read_record((*details)->first_seq);
  Record record;
  if (!bytes || !decode_record(*bytes, record)) return std::unexpected(records_unavailable());
  const auto* start = std::get_if<command::StartInteraction>(&record.command);
  if (!start || start->identity_content == 0) return false;
  const auto row = store.content((*details)->first_seq, static_cast<std::uint16_t>(start->identity_content));
  if (!row) return false;  // the person was erased
  boost::system::error_code error;
  const auto identity = boost::json::parse(*row, error);
  const auto* object = error ? nullptr : identity.if_object();
  const auto* kind = object ? object->if_contains("kind") : nullptr;
  return kind && kind->is_string() && kind->get_string() == crm::kPhone;
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
