#include "engine/flow_dry_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <deque>

#include "crm/profile.h"
#include "engine/flow_reader.h"
#include "engine/flow_words.h"
#include "engine/recovery.h"

namespace sb::engine {

namespace {

namespace json = boost::json;

std::int64_t minutes_east(const Flow& flow, TimeMs at) {
  std::int64_t east = flow.offsets.empty() ? 0 : flow.offsets.front().minutes;
  for (const UtcOffset& o : flow.offsets) {
    if (o.from_ms <= at) east = o.minutes;
  }
  return east;
}

// 2026-11-21T09:30 on the clocks of the center.
std::optional<TimeMs> parse_local(const std::string& text, const Flow& flow) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0;
  int end = 0;
  const int read = std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u%n", &year, &month, &day, &hour, &minute, &end);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  const bool good = read == 5 && static_cast<std::size_t>(end) == text.size() && date.ok() && hour < 24 &&
                    minute < 60 && year >= 1971;
  if (!good) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t local = (days * 24 * 60 + hour * 60 + minute) * 60'000;
  const auto utc = [&](std::int64_t guess) { return local - minutes_east(flow, static_cast<TimeMs>(guess)) * 60'000; };
  return static_cast<TimeMs>(utc(utc(local)));
}

class ArrivalReader {
 public:
  ArrivalReader(const Center& center, const Flow& flow, TimeMs now) : center_(center), flow_(flow) {
    given_.at_ms = now;
  }

  std::expected<GivenArrival, std::string> read(const json::value& value) {
    const auto* object = value.if_object();
    if (!object)
      return std::unexpected("an interaction is an object like {\"channel\": \"chat\", \"queue\": \"sales\"}");
    for (const auto& [key, part] : *object) {
      field_ = std::string(key);
      if (!field(key, part)) return std::unexpected(field_ + ": " + problem_);
    }
    if (given_.arrival.channel == Channel::kNone) return std::unexpected("channel: is required");
    if (!queue_) return std::unexpected("queue: is required");
    given_.arrival.requirement = combine(queue_->requires_skills, own_);
    return std::move(given_);
  }

 private:
  bool fail(std::string reason) {
    problem_ = std::move(reason);
    return false;
  }

  bool field(std::string_view key, const json::value& value) {
    auto& a = given_.arrival;
    const auto* text = value.if_string();
    if (key == "channel") {
      const auto at = text ? std::find(kChannelNames.begin() + 1, kChannelNames.end(), std::string_view(*text))
                           : kChannelNames.end();
      if (at == kChannelNames.end()) return fail("must be one of phone, chat, email, message, form");
      a.channel = static_cast<Channel>(at - kChannelNames.begin());
    } else if (key == "queue") {
      queue_ = text ? center_.queue(std::string_view(*text)) : nullptr;
      if (!queue_) return fail("there is no such queue");
      a.queue = queue_->id;
    } else if (key == "language") {
      if (!text || !crm::is_language_tag(std::string_view(*text))) return fail("must be a language tag, e.g. zh-CN");
      a.language = std::string(*text);
    } else if (key == "tier") {
      return number(value, 0, 1'000, a.tier);
    } else if (key == "priority") {
      return number(value, -routing::kPriorityMax, routing::kPriorityMax, a.priority);
    } else if (key == "known_customer" || key == "out_of_hours") {
      if (!value.is_bool()) return fail("must be true or false");
      (key == "known_customer" ? a.known_customer : a.out_of_hours) = value.get_bool();
    } else if (key == "labels") {
      return labels(value);
    } else if (key == "skills") {
      return skills(value);
    } else if (key == "at") {
      const auto at = text ? parse_local(std::string(*text), flow_) : std::nullopt;
      if (!at) return fail("must be a local time like \"2026-11-21T09:30\"");
      given_.at_ms = *at;
    } else {
      return fail(
          "is not known; there are channel, queue, language, tier, priority, known_customer, out_of_hours, labels, "
          "skills and at");
    }
    return true;
  }

  template <class T>
  bool number(const json::value& value, std::int64_t min, std::int64_t max, T& into) {
    const auto* n = value.if_int64();
    if (!n || *n < min || *n > max) return fail(fmt::format("must be a whole number from {} to {}", min, max));
    into = static_cast<T>(*n);
    return true;
  }

  bool labels(const json::value& value) {
    const auto* list = value.if_array();
    if (!list) return fail("must be a list of words");
    for (const auto& label : *list) {
      if (!label.is_string()) return fail("must be a list of words");
      given_.labels.emplace_back(label.get_string());
    }
    if (routing::sound_labels(given_.labels)) return true;
    return fail(fmt::format("at most {} labels of 1 to {} bytes", routing::kLabelsMax, routing::kLabelBytesMax));
  }

  bool skills(const json::value& value) {
    const auto* object = value.if_object();
    if (!object) return fail("must be an object of skills and levels, e.g. {\"zh\": 50}");
    for (const auto& [name, level] : *object) {
      const SkillInfo* skill = center_.skill(name);
      std::uint32_t least = 0;
      if (!skill) return fail("there is no skill " + std::string(name));
      if (!number(level, 1, 100, least)) return false;
      own_.skills.push_back({skill->id, least});
    }
    return true;
  }

  const Center& center_;
  const Flow& flow_;
  GivenArrival given_;
  const QueueInfo* queue_ = nullptr;
  Requirement own_;
  std::string field_;
  std::string problem_;
};

json::array said_json(const std::vector<FlowCondition>& conditions, const std::vector<routing::ConditionSaid>& said,
                      const Words& words) {
  json::array out;
  for (std::size_t n = 0; n < conditions.size(); ++n) {
    const Sentence s = condition_words(conditions[n], said[n], words);
    json::object one{{"held", said[n].held}, {"text_en", s.en}, {"text_zh", s.zh}};
    if (routing::shape_of(conditions[n].field).kind == routing::FlowKind::kWords) {
      one["seen"] = said[n].words;
    } else {
      one["seen"] = said[n].number;
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::string queue_name(const Center& center, QueueId id) {
  const QueueInfo* info = center.queue(id);
  return info ? info->name : fmt::format("#{}", id.value);
}

json::object dry_run(const Flow& flow, routing::FlowArrival arrival, TimeMs at_ms, const routing::State& state,
                     const Center& center) {
  const Words words(center);
  const auto local = routing::local_time(flow, at_ms);
  json::object out{{"at_ms", at_ms},
                   {"local_time", fmt::format("{} {:02}:{:02}", routing::kWeekdayNames[local.weekday],
                                              local.minute_of_day / 60, local.minute_of_day % 60)},
                   {"channel", name(arrival.channel)},
                   {"queue_before", queue_name(center, arrival.queue)}};
  std::vector<routing::RuleSaid> said;
  const auto acted = routing::evaluate(flow, arrival, state, at_ms, &said);
  json::array rules;
  for (std::size_t n = 0; n < said.size(); ++n) {
    const FlowRule& rule = flow.rules[n];
    rules.push_back({{"name", rule.name},
                     {"asked", said[n].asked},
                     {"held", said[n].held},
                     {"acted", std::find(acted.begin(), acted.end(), n) != acted.end()},
                     {"all", said_json(rule.all, said[n].all, words)},
                     {"any", said_json(rule.any, said[n].any, words)}});
  }
  out["rules"] = std::move(rules);
  Sentence becomes = arrival_words(arrival, words);
  json::object result{{"queue", queue_name(center, arrival.queue)},
                      {"priority", arrival.priority},
                      {"language", arrival.language},
                      {"out_of_hours", arrival.out_of_hours}};
  const Rejection refused =
      arrival.out_of_hours ? Rejection::kNone : state.room_for(arrival.queue, arrival.channel, arrival.requirement);
  if (refused != Rejection::kNone) {
    result["refused"] = name(refused);
    const bool full = refused == Rejection::kQueueFull;
    becomes += {full ? ", and is refused: it is full" : ", and is refused: it is closed",
                full ? "，但队列已满被拒绝" : "，但队列已关闭被拒绝"};
  }
  result["text_en"] = becomes.en;
  result["text_zh"] = becomes.zh;
  out["result"] = std::move(result);
  return out;
}

// The arrival a record was, if it was one for a queue.
std::optional<InteractionId> arrival_in(const Record& record) {
  if (const auto* start = std::get_if<command::StartInteraction>(&record.command)) {
    const bool asks = start->queue && start->callback.order == CallbackOrder::kNone;  // a call to make asks no flow
    return asks ? std::optional(InteractionId{record.result}) : std::nullopt;
  }
  if (const auto* enqueue = std::get_if<command::EnqueueInteraction>(&record.command)) return enqueue->interaction;
  return std::nullopt;
}

// Positions of the wanted arrivals, searched from the end of the journal in stretches.
std::expected<std::deque<Seq>, storage::Error> find_arrivals(const storage::Store& store, const Recorded& wanted) {
  constexpr Seq kStretch = 20'000;
  const std::size_t enough = wanted.interaction ? 1 : wanted.last;
  std::deque<Seq> found;
  std::optional<storage::Error> bad;
  Record record;
  for (Seq end = store.last_seq(); end > 0 && found.size() < enough;) {
    const Seq begin = end > kStretch ? end - kStretch + 1 : 1;
    std::vector<Seq> here;
    auto visited = store.for_each_record(begin, end, [&](std::uint64_t seq, std::string_view payload) {
      if (!decode_record(payload, record)) {
        bad = damaged(seq);
        return false;
      }
      const auto id = arrival_in(record);
      if (id && (!wanted.interaction || *id == wanted.interaction)) here.push_back(seq);
      return true;
    });
    if (!visited) return std::unexpected(visited.error());
    if (bad) return std::unexpected(*bad);
    found.insert(found.begin(), here.begin(), here.end());
    end = begin - 1;
  }
  while (found.size() > enough) found.pop_front();
  return found;
}

json::object dry_run_record(const Flow& flow, const Record& record, const routing::State& state, const Center& center) {
  json::object out;
  if (const auto* start = std::get_if<command::StartInteraction>(&record.command)) {
    out = dry_run(flow, routing::arrival_of(*start, state), record.time_ms, state, center);
  } else {
    const auto& enqueue = std::get<command::EnqueueInteraction>(record.command);
    const routing::Interaction& i = *state.interactions.find(enqueue.interaction);
    out = dry_run(flow, routing::arrival_of(enqueue, i), record.time_ms, state, center);
  }
  out["interaction"] = arrival_in(record)->value;
  out["seq"] = record.seq;
  std::string recorded = "ticket";
  for (const Event& event : record.events) {
    const auto* queued = std::get_if<event::InteractionQueued>(&event);
    if (queued && queued->interaction == *arrival_in(record)) recorded = queue_name(center, queued->queue);
  }
  out["recorded_queue"] = recorded;  // "ticket": it was out of hours
  return out;
}

}  // namespace

std::expected<GivenArrival, std::string> read_arrival(const json::value& value, const Center& center, const Flow& flow,
                                                      TimeMs now) {
  return ArrivalReader(center, flow, now).read(value);
}

json::object dry_run(const Flow& flow, const GivenArrival& given, const routing::State& state, const Center& center) {
  routing::FlowArrival arrival = given.arrival;
  arrival.labels = given.labels;
  return dry_run(flow, std::move(arrival), given.at_ms, state, center);
}

std::expected<Recorded, std::string> read_recorded(std::string_view text) {
  constexpr std::string_view kLast = "last:";
  const bool last = text.starts_with(kLast);
  const std::string_view digits = last ? text.substr(kLast.size()) : text;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool good =
      error == std::errc{} && end == digits.data() + digits.size() && number > 0 && (!last || number <= kRecordedMax);
  if (!good) return std::unexpected(fmt::format("must be an interaction's number or last:1 to last:{}", kRecordedMax));
  return last ? Recorded{{}, number} : Recorded{{number}, 0};
}

std::expected<json::array, storage::Error> dry_run_recorded(const Flow& flow, const Recorded& wanted,
                                                            const storage::Store& store, const Center& center) {
  json::array out;
  auto found = find_arrivals(store, wanted);
  if (!found) return std::unexpected(found.error());
  if (found->empty()) return out;
  auto start = recover(store, found->front() - 1);
  if (!start) return std::unexpected(start.error());
  std::optional<storage::Error> bad;
  Record record;
  std::size_t next = 0;
  auto visited = store.for_each_record(found->front(), found->back(), [&](std::uint64_t seq, std::string_view payload) {
    if (!decode_record(payload, record)) {
      bad = damaged(seq);
      return false;
    }
    if (seq == (*found)[next]) {
      out.push_back(dry_run_record(flow, record, start->core.state(), center));
      ++next;
    }
    start->core.replay(record);
    return true;
  });
  if (!visited) return std::unexpected(visited.error());
  if (bad) return std::unexpected(*bad);
  return out;
}

}  // namespace sb::engine
