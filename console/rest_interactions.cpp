#include <algorithm>

#include "console/json_codec.h"
#include "console/rest.h"
#include "console/rest_start.h"
#include "engine/explain.h"
#include "engine/timeline.h"
#include "engine/transcript.h"

// Interactions: many new ones at once, and everything about one of them.
namespace sb::console {

namespace {

constexpr std::size_t kTranscriptMax = 2'000;

// One answer for an array of arrivals, given when the last of them is durable.
struct Arrivals {
  struct Outcome {
    InteractionId interaction;
    ApiError error;
  };
  CallPtr call;
  std::vector<Outcome> outcomes;
  std::size_t open = 0;

  void settle(std::size_t n, const engine::Answer& answer) {
    if (answer.rejection == Rejection::kNone) {
      outcomes[n].interaction = {answer.result};
    } else {
      outcomes[n].error = refused(answer.rejection);
    }
    close();
  }
  void fail(std::size_t n, ApiError error) {
    outcomes[n].error = std::move(error);
    close();
  }

 private:
  void close() {
    if (--open > 0) return;
    std::string out = "[";
    bool all_busy = !outcomes.empty();
    for (const Outcome& o : outcomes) {
      if (out.size() > 1) out += ',';
      if (o.interaction) {
        out += "{\"interaction\":";
        put_json_number(out, o.interaction.value);
        out += '}';
      } else {
        out += o.error.json();
      }
      all_busy = all_busy && o.error.status == 429;
    }
    out += ']';
    auto response = net::Response::json(all_busy ? 429 : 201, std::move(out));
    if (all_busy) response.headers.add("Retry-After", std::to_string(outcomes.front().error.retry_after_s));
    call->answer(std::move(response));
  }
};

std::string_view state_name(const routing::Interaction& i) {
  switch (i.state) {
    case routing::InteractionState::kDialogue:
      return "dialogue";
    case routing::InteractionState::kQueued:
      return i.offer ? "offered" : "waiting";
    case routing::InteractionState::kConnecting:
      return "connecting";
    case routing::InteractionState::kScheduled:
      return "scheduled";
    case routing::InteractionState::kActive:
      return i.held ? "held" : "active";
  }
  return "";
}

// What is true of it now, as far as it is still alive; taken on the edge thread.
struct LiveFacts {
  CustomerId customer;
  std::string json;  // members with a leading comma; empty: it is over
};

LiveFacts live_facts(const routing::State& state, InteractionId id, TimeMs now) {
  const routing::Interaction* i = state.interactions.find(id);
  if (!i) return {};
  LiveFacts facts{i->customer, ",\"state\":"};
  put_json_string(facts.json, state_name(*i));
  const auto number = [&](std::string_view name, std::uint64_t value) {
    if (value == 0) return;
    facts.json += ",\"" + std::string(name) + "\":";
    put_json_number(facts.json, value);
  };
  number("position", state.position(*i));
  if (const auto wait = state.estimated_wait(*i, now)) number("estimated_wait_ms", *wait);
  number("offer", i->offer.value);
  number("consultant", i->consultant.value);
  if (i->outside != OutsideState::kNone) {
    facts.json += ",\"outside\":";
    put_json_string(facts.json, name(i->outside));
  }
  if (i->conference->participants.empty()) return facts;
  facts.json += ",\"participants\":[";
  for (const auto& p : i->conference->participants) {
    if (facts.json.back() != '[') facts.json += ',';
    put_json_number(facts.json, std::uint64_t{p.agent.value});
  }
  facts.json += ']';
  return facts;
}

std::string details_json(const crm::InteractionDetails& d, const LiveFacts& live) {
  std::string out = "{";
  put_json_members(out, d.card, true);
  const auto number = [&](std::string_view name, std::uint64_t value) {
    if (value == 0) return;
    out += ",\"" + std::string(name) + "\":";
    put_json_number(out, value);
  };
  const auto text = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += ",\"" + std::string(name) + "\":";
    put_json_string(out, value);
  };
  number("customer", d.customer.value);
  text("customer_name", d.customer_name);
  text("language", d.language);
  number("queued_ms", d.queued_ms);
  number("accepted_ms", d.accepted_ms);
  number("connected_ms", d.connected_ms);
  text("disposition", d.disposition);
  if (d.abandoned) out += ",\"abandoned\":true";
  number("wait_ms", d.wait_ms);
  number("handle_ms", d.handle_ms);
  number("messages", d.messages);
  out += live.json.empty() ? std::string(",\"state\":\"ended\"") : live.json;
  out += '}';
  return out;
}

// What people call the queues that a life mentions by number.
boost::json::array queues_named_in(const boost::json::array& life, const engine::Center& center) {
  boost::json::array out;
  for (const engine::QueueInfo& queue : center.queues) {
    const bool named = std::any_of(life.begin(), life.end(), [&](const boost::json::value& event) {
      const auto* number = event.at("details").as_object().if_contains("queue");
      return number && *number == queue.id.value;
    });
    if (!named) continue;
    out.push_back(
        {{"queue", queue.id.value}, {"name", queue.name}, {"title_en", queue.title_en}, {"title_zh", queue.title_zh}});
  }
  return out;
}

ApiError unknown_interaction() {
  return {404, "unknown_interaction", "there is no such interaction"};
}

}  // namespace

void Rest::start_interactions(const CallPtr& call) {
  // Bodies are small and short-lived: parsed into one block that is thrown away at once.
  std::array<unsigned char, 32 * 1024> block;
  boost::json::monotonic_resource memory(block.data(), block.size());
  boost::json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  const auto body = boost::json::parse(call->request.body, error, &memory, options);
  if (error) return call->refuse(bad_field("", "the body must be JSON: " + error.message()));
  if (const auto* elements = body.if_array()) return start_many(call, *elements);
  auto submission = read_start(context_, body);
  if (!submission) return call->refuse(submission.error());
  submission->key = call->idempotency_key();
  submission->done = [call](const engine::Answer& answer) {
    if (answer.rejection != Rejection::kNone) return call->refuse(refused(answer.rejection));
    call->answer(201, "{\"interaction\":" + std::to_string(answer.result) + "}");
  };
  if (!context_.submit(std::move(*submission))) call->refuse(busy());
}

void Rest::start_many(const CallPtr& call, const boost::json::array& elements) {
  if (elements.size() > kInteractionsMax) return call->refuse(bad_field("", "at most 1,000 interactions at once"));
  if (elements.empty()) return call->answer(201, "[]");
  const std::string key = call->idempotency_key();
  auto arrivals = std::make_shared<Arrivals>();
  arrivals->call = call;
  arrivals->outcomes.resize(elements.size());
  arrivals->open = elements.size();
  for (std::size_t n = 0; n < elements.size(); ++n) {
    auto submission = read_start(context_, elements[n]);
    if (!submission) {
      arrivals->fail(n, std::move(submission.error()));
      continue;
    }
    if (!key.empty()) submission->key = key + '#' + std::to_string(n);
    submission->done = [arrivals, n](const engine::Answer& answer) { arrivals->settle(n, answer); };
    if (!context_.submit(std::move(*submission))) arrivals->fail(n, busy());
  }
}

Result<CustomerId> Rest::customer_of(InteractionId interaction, CustomerId live) const {
  if (live) return live;
  auto details = context_.directory.interaction(interaction);
  if (!details) return std::unexpected(records_unavailable());
  if (!*details) return std::unexpected(unknown_interaction());
  Record record;
  auto bytes = context_.engine.store().read_record((*details)->first_seq);
  if (bytes && decode_record(*bytes, record)) {
    for (const Event& event : record.events) {
      const auto* started = std::get_if<event::InteractionStarted>(&event);
      if (started && started->interaction == interaction) return started->customer;
    }
  }
  return (*details)->customer;
}

void Rest::get_interaction(const CallPtr& call) {
  const InteractionId id{call->number};
  LiveFacts live = live_facts(context_.engine.view(), id, context_.engine.clock().now());
  // Just arrived: its record is on the way into the records.
  const bool exists = id.value <= context_.engine.view().counters.interaction;
  const Seq wait_for = live.customer || exists ? context_.engine.figures().last_seq : 0;
  const auto ask = [this, call, id, live = std::move(live)] {
    answer_from(questions_, call, [this, id, live] {
      auto details = context_.directory.interaction(id);
      if (!details) return records_unavailable().response();
      if (!*details) return unknown_interaction().response();
      return net::Response::json(200, details_json(**details, live));
    });
  };
  when_projected(wait_for, ask);
}

void Rest::transcript(const CallPtr& call) {
  const InteractionId id{call->number};
  auto since = query_number(call->query, "since", 0);
  if (!since) return call->refuse(since.error());
  const routing::Interaction* i = context_.engine.view().interactions.find(id);
  const CustomerId live = i ? i->customer : CustomerId{};
  answer_from(questions_, call, [this, id, live, since = *since] {
    auto customer = customer_of(id, live);
    if (!customer) return customer.error().response();
    const auto messages =
        engine::read_transcript(context_.engine.store(), context_.center, *customer, id, since, kTranscriptMax);
    std::string out = "{\"messages\":";
    put_json(out, messages);
    out += '}';
    return net::Response::json(200, std::move(out));
  });
}

void Rest::explain_interaction(const CallPtr& call) {
  const InteractionId id{call->number};
  const routing::Interaction* i = context_.engine.view().interactions.find(id);
  const CustomerId live = i ? i->customer : CustomerId{};
  const bool own_only = call->who && call->who->role == engine::Role::kAgent;
  answer_from(replays_, call, [this, id, live, who = own_only ? call->agent() : AgentId{}] {
    auto customer = customer_of(id, live);
    if (!customer) return customer.error().response();
    const storage::Store& store = context_.engine.store();
    if (who) {
      const auto own = engine::took_part(store, id, *customer, who);
      if (!own) return ApiError{503, "journal_unreadable", own.error().message}.response();
      if (!*own) return ApiError{403, "not_your_work", "this was never offered to you"}.response();
    }
    auto life = engine::explain(store, context_.center, id, *customer);
    if (!life) return ApiError{503, "journal_unreadable", life.error().message}.response();
    boost::json::object out{{"interaction", id.value}};
    out["queues"] = queues_named_in(*life, context_.center);
    out["events"] = std::move(*life);
    return net::Response::json(200, boost::json::serialize(out));
  });
}

}  // namespace sb::console
