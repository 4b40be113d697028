#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <stop_token>

#include "console/rest.h"
#include "console/what_if.h"
#include "planner/simulation.h"
#include "planner/staffing.h"

// Planning: staffing, simulation, and the demand of a past day to plan for. One plan is computed at a time, by a
// thread that gives way to the routing.
namespace sb::console {

// The plan under way. Owner: the edge thread; what the worker tells it is atomic.
struct Rest::Plan {
  std::stop_source stop;
  bool timed_out = false;
  TimeMs begun_ms = 0;
  std::atomic<std::uint32_t> done{0};  // replications, or rounds of staffing
  std::atomic<std::uint32_t> of{0};    // 0: not known
};

namespace {

constexpr std::chrono::seconds kPlanTimeMax{30};
// About ten seconds of computing, well within the time.
constexpr double kSimulatedMax = 3e6;
constexpr std::uint32_t kSimulatedAgentsMax = 5'000;
constexpr std::size_t kSimulatedQueuesMax = 50;
// 20 replications of the largest day make 400,000 interactions, a second of computing a round.
constexpr std::size_t kPlannedIntervalsMax = 200;
constexpr double kPlannedArrivalsMax = 20'000;
constexpr double kPlannedPerRound = 8'000;
constexpr std::uint32_t kWhatIfReplicationsMax = 200;
constexpr std::uint64_t kWhatIfContactsMax = 3'000'000;
constexpr std::uint64_t kIntervalMinS = 300;
constexpr std::uint64_t kDayS = 86'400;

ApiError bad_setting(planner::FieldProblem problem) {
  return bad_field(std::move(problem.field), std::move(problem.reason));
}

std::optional<ApiError> too_much(const planner::Scenario& s) {
  if (s.queues.size() > kSimulatedQueuesMax) return bad_field("queue", "at most 50 queues here");
  std::uint64_t agents = 0;
  for (const auto& group : s.agents) agents += group.count;
  if (agents > kSimulatedAgentsMax) return bad_field("agents", "at most 5,000 agents here");
  double arrivals = 0;
  for (const auto& queue : s.queues) arrivals += queue.arrivals.expected(s.duration_s);
  if (arrivals * s.replications > kSimulatedMax) {
    return bad_field("replications", "duration_s, arrivals and replications make " +
                                         std::to_string(static_cast<std::uint64_t>(arrivals * s.replications)) +
                                         " contacts; at most 3,000,000 here, the command line takes more");
  }
  return std::nullopt;
}

std::optional<ApiError> too_much(const planner::StaffingQuestion& q) {
  if (q.intervals.size() > kPlannedIntervalsMax) return bad_field("intervals", "at most 200 intervals here");
  double arrivals = 0;
  for (const auto& interval : q.intervals) arrivals += interval.arrivals_per_hour * q.interval_s / 3600;
  if (q.intervals.size() > 1 && arrivals == 0) {
    return bad_field("intervals", "one interval at least must have arrivals");
  }
  if (arrivals > kPlannedArrivalsMax) {
    return bad_field("intervals", "at most 20,000 arrivals in all here; the command line takes more");
  }
  return std::nullopt;
}

ApiError planner_busy(DurationMs running_ms) {
  const DurationMs most_ms = std::chrono::milliseconds(kPlanTimeMax).count();
  const DurationMs left_ms = running_ms < most_ms ? most_ms - running_ms : 0;
  return {.status = 429,
          .code = "planner_busy",
          .message = "another plan is being computed; try again when it is done",
          .retry_after_s = static_cast<std::uint32_t>(left_ms / 1000 + 1)};
}

ApiError failed(const std::string& why, const std::stop_token& stop, bool timed_out) {
  if (timed_out) return {422, "took_too_long", "not done within 30 s: ask for less, or use the command line"};
  if (stop.stop_requested()) return {409, "plan_stopped", "the plan was stopped"};
  return {422, "impossible_plan", why};
}

// Of a change, as the body names it.
ApiError bad_change(const planner::FieldProblem& at) {
  const bool whole = at.field.empty() || at.field == "changes";
  auto error = bad_field(whole ? "changes" : "changes." + at.field, at.reason);
  error.line = static_cast<std::uint32_t>(at.line);
  return error;
}

ApiError failed(const planner::ChangeProblem& why, const std::stop_token& stop, bool timed_out) {
  if (timed_out || stop.stop_requested()) return failed(std::string{}, stop, timed_out);
  if (why.at.field == "replications") return bad_setting(why.at);
  if (!why.at.field.empty()) return bad_change(why.at);
  return {422, "nothing_to_play", why.at.reason};
}

// A moment of the body; the error names the key.
Result<std::string> moment_of(const boost::json::object& body, std::string_view key) {
  const auto* value = body.if_contains(key);
  if (!value || !value->is_string()) {
    return std::unexpected(bad_field(std::string(key), "is required, such as \"2026-11-22 09:00\""));
  }
  return std::string(value->get_string());
}

Result<std::uint64_t> whole_of(const boost::json::object& body, std::string_view key, std::uint64_t otherwise,
                               std::uint64_t min, std::uint64_t max) {
  const auto* value = body.if_contains(key);
  if (!value) return otherwise;
  boost::system::error_code wrong;
  const auto number = value->to_number<std::uint64_t>(wrong);
  if (wrong || number < min || number > max) {
    return std::unexpected(bad_field(
        std::string(key), "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max)));
  }
  return number;
}

Result<WhatIfQuestion> what_if_question(const boost::json::object& body, const engine::Center& center, TimeMs now) {
  for (const auto& entry : body) {
    const std::string_view key = entry.key();
    const bool known =
        key == "from" || key == "to" || key == "changes" || key == "replications" || key == "seed" || key == "table";
    if (!known) return std::unexpected(bad_field(std::string(key), "is not a known setting here"));
  }
  WhatIfQuestion q;
  q.contacts_max = kWhatIfContactsMax;
  q.agents_max = kSimulatedAgentsMax;
  q.queues = center.queues;
  const auto from = moment_of(body, "from");
  if (!from) return std::unexpected(from.error());
  const auto to = moment_of(body, "to");
  if (!to) return std::unexpected(to.error());
  const auto interval = read_interval(*from, *to, center.utc_offsets, now);
  if (!interval) return std::unexpected(bad_setting(interval.error()));
  q.interval = *interval;
  const auto* changes = body.if_contains("changes");
  if (!changes || !changes->is_object()) return std::unexpected(bad_field("changes", "is required"));
  auto read = read_changes(changes->get_object(), center);
  if (!read) return std::unexpected(bad_change(read.error().at));
  q.changes = std::move(*read);
  const auto replications = whole_of(body, "replications", q.options.replications, 2, kWhatIfReplicationsMax);
  if (!replications) return std::unexpected(replications.error());
  q.options.replications = static_cast<std::uint32_t>(*replications);
  const auto seed = whole_of(body, "seed", q.options.seed, 0, std::numeric_limits<std::int64_t>::max());
  if (!seed) return std::unexpected(seed.error());
  q.options.seed = *seed;
  return q;
}

}  // namespace

template <class Work>
void Rest::compute(const CallPtr& call, Work work) {
  if (plan_) {
    return call->refuse(planner_busy(context_.engine.clock().now() - plan_->begun_ms));
  }
  plan_ = std::make_shared<Plan>();
  plan_->begun_ms = context_.engine.clock().now();
  plan_timer_ = context_.io.after(0, kPlanTimeMax, [plan = plan_] {
    plan->timed_out = true;
    plan->stop.request_stop();
  });
  const bool taken = plans_.post([this, call, plan = plan_, work = std::move(work)]() mutable {
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10);
    auto found = work(*plan);
    on_edge([this, call, plan, found = std::move(found)]() mutable {
      plan_timer_.cancel();
      plan_.reset();
      if (!found) return call->refuse(failed(found.error(), plan->stop.get_token(), plan->timed_out));
      call->answer(200, std::move(*found));
    });
  });
  if (taken) return;
  plan_timer_.cancel();
  plan_.reset();
  call->refuse(busy());
}

void Rest::plan_staff(const CallPtr& call) {
  const auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  auto question = planner::read_question(*body);
  if (!question) return call->refuse(bad_setting(std::move(question.error())));
  if (auto error = too_much(*question)) return call->refuse(*error);
  question->interactions_per_round = kPlannedPerRound;
  compute(call, [question = std::move(*question)](Plan& plan) -> std::expected<std::string, std::string> {
    const auto round = [&](int n) { plan.done = static_cast<std::uint32_t>(n - 1); };
    const auto answers = planner::staff(question, round, plan.stop.get_token());
    if (!answers) return std::unexpected(answers.error());
    return planner::to_json(question, *answers);
  });
}

void Rest::plan_simulation(const CallPtr& call) {
  const auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  auto scenario = planner::read_scenario(*body);
  if (!scenario) return call->refuse(bad_setting(std::move(scenario.error())));
  if (auto error = too_much(*scenario)) return call->refuse(*error);
  compute(call, [scenario = std::move(*scenario)](Plan& plan) -> std::expected<std::string, std::string> {
    plan.of = scenario.replications;
    const auto replication = [&](std::uint32_t n) { plan.done = n; };
    const auto report = planner::simulate(scenario, 1, replication, plan.stop.get_token());
    if (!report) return std::unexpected(report.error());
    return planner::to_json(scenario, *report);
  });
}

// With "table": true the answer is {"table": "..."}, for the command line.
void Rest::plan_what_if(const CallPtr& call) {
  const auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  auto question = what_if_question(*body, context_.center, context_.engine.clock().now());
  if (!question) return call->refuse(question.error());
  const auto* table = body->if_contains("table");
  const bool as_table = table && table->is_bool() && table->get_bool();
  compute(call,
          [question = std::move(*question), as_table, &store = context_.engine.store(),
           zone = context_.center.utc_offsets](Plan& plan) -> std::expected<std::string, planner::ChangeProblem> {
            plan.of = 2 * question.options.replications;
            const auto replication = [&](std::uint32_t n) { plan.done = n; };
            const auto report = console::answer(store, question, replication, plan.stop.get_token());
            if (!report) return std::unexpected(report.error());
            if (!as_table) return planner::to_json(*report);
            return boost::json::serialize(boost::json::object{{"table", planner::to_table(*report, zone)}});
          });
}

void Rest::plan_progress(const CallPtr& call) {
  boost::json::object out{{"running", plan_ != nullptr}};
  if (plan_) {
    out["begun_ms"] = plan_->begun_ms;
    out["done"] = plan_->done.load();
    if (const std::uint32_t of = plan_->of.load()) out["of"] = of;
  }
  call->answer(200, boost::json::serialize(out));
}

void Rest::stop_plan(const CallPtr& call) {
  if (plan_) plan_->stop.request_stop();
  call->answer(net::Response::empty(204));
}

void Rest::stop_planning() {
  if (plan_) plan_->stop.request_stop();
}

void Rest::measured_demand(const CallPtr& call) {
  auto queue = query_number(call->query, "queue", 0);
  if (!queue) return call->refuse(queue.error());
  auto interval_s = query_number(call->query, "interval_s", 1800);
  if (!interval_s) return call->refuse(interval_s.error());
  const QueueId id{static_cast<std::uint32_t>(std::min<std::uint64_t>(*queue, 0xFFFFFFFF))};
  if (!context_.center.queue(id)) return call->refuse({404, "unknown_queue", "queue: there is no such queue", "queue"});
  if (*interval_s < kIntervalMinS || *interval_s > kDayS) {
    return call->refuse(bad_field("interval_s", "must be from 300 to 86400"));
  }
  // The last whole day, from midnight to midnight, which is not always 24 hours.
  const TimeMs today = context_.center.day_start(context_.engine.clock().now());
  const TimeSpan day{context_.center.day_start(today - 1), today};
  answer_from(questions_, call, [this, id, day, interval_s = *interval_s] {
    const auto found = context_.directory.demand(id, day, interval_s * 1000);
    if (!found) return records_unavailable().response();
    boost::json::array arrivals(found->arrivals.begin(), found->arrivals.end());
    return net::Response::json(200,
                               boost::json::serialize(boost::json::object{{"queue", id.value},
                                                                          {"from_ms", day.from_ms},
                                                                          {"until_ms", day.until_ms},
                                                                          {"interval_s", interval_s},
                                                                          {"arrivals", std::move(arrivals)},
                                                                          {"answered", found->answered},
                                                                          {"abandoned", found->abandoned},
                                                                          {"handle_mean_ms", found->handle_mean_ms}}));
  });
}

}  // namespace sb::console
