#include "console/what_if.h"

#include <algorithm>
#include <cmath>

#include "engine/flow_reader.h"
#include "engine/journal_span.h"
#include "planner/moment.h"

namespace sb::console {

namespace {

constexpr DurationMs kShortestMs = 60'000;
constexpr DurationMs kLongestMs = 366ull * 24 * 3'600'000;

std::unexpected<planner::ChangeProblem> fail(std::string reason) {
  return std::unexpected(planner::ChangeProblem{reason, {{}, reason}});
}

std::expected<planner::Recording, planner::ChangeProblem> record(const storage::Store& store,
                                                                 const planner::Interval& interval, const Flow* flow,
                                                                 const std::stop_token& stop) {
  planner::Recorder recorder(interval, flow);
  TimeMs read_until_ms = interval.until_ms;
  bool too_many = false;
  const engine::SpanVisitor visitor{
      [&](const routing::State& before) { recorder.begin(before); },
      [&](const Event& event, TimeMs at, const routing::State& after) {
        read_until_ms = std::max(read_until_ms, at);
        too_many = !recorder.follow(event, at, after);
        return !too_many;
      },
      [&](const Command& command, const routing::State& before) { recorder.hear(command, before); }};
  const auto visited = engine::visit_span(store, interval.from_ms, interval.end_ms(), visitor, stop);
  if (!visited) return fail("the journal cannot be read: " + visited.error().message);
  if (stop.stop_requested()) return fail("was stopped");
  if (too_many) return fail("more than 2,000,000 contacts came in this interval; take a shorter one");
  auto recording = recorder.finish(read_until_ms);
  if (!recording) return fail(recording.error());
  return std::move(*recording);
}

std::optional<planner::ChangeProblem> too_much(const planner::RecordedDay& day, const WhatIfQuestion& q) {
  double contacts = 0;
  for (const auto& arrival : day.arrivals) contacts += 1 + day.queues[day.kinds[arrival.kind].queue].arrivals_factor;
  contacts *= q.options.replications;
  if (contacts > static_cast<double>(q.contacts_max)) {
    std::string reason = "with this interval make " + std::to_string(std::llround(contacts)) +
                         " contacts to simulate; at most " + std::to_string(q.contacts_max) + " here";
    return planner::ChangeProblem{"replications: " + reason, {"replications", reason}};
  }
  if (day.agents.size() > q.agents_max) return fail("at most " + std::to_string(q.agents_max) + " agents here").error();
  return std::nullopt;
}

void give_titles(std::vector<planner::RecordedQueue>& queues, const std::vector<engine::QueueInfo>& today) {
  for (planner::RecordedQueue& queue : queues) {
    const auto known = std::find_if(today.begin(), today.end(), [&](const auto& info) { return info.id == queue.id; });
    if (known == today.end()) continue;
    queue.title_en = known->title_en;
    queue.title_zh = known->title_zh;
  }
}

// As the center's own flows are read and told the time.
planner::ReadFlow flow_reader(const engine::Center& center) {
  return [&center](const boost::json::value& written) -> std::expected<Flow, planner::ChangeProblem> {
    auto rules = engine::read_flow(written, center);
    if (rules) return Flow{1, std::move(*rules), center.utc_offsets};
    const engine::FlowProblem& wrong = rules.error();
    return std::unexpected(planner::ChangeProblem{wrong.message(), {wrong.path, wrong.reason}});
  };
}

}  // namespace

std::expected<planner::Changes, planner::ChangeProblem> read_changes(const std::filesystem::path& file,
                                                                     const engine::Center& center) {
  return planner::read_changes(file, center.utc_offsets, flow_reader(center));
}

std::expected<planner::Changes, planner::ChangeProblem> read_changes(const boost::json::object& json,
                                                                     const engine::Center& center) {
  return planner::read_changes(json, center.utc_offsets, flow_reader(center));
}

std::expected<planner::Interval, planner::FieldProblem> read_interval(std::string_view from, std::string_view to,
                                                                      std::span<const UtcOffset> zone, TimeMs now) {
  const auto begin = planner::read_moment(from, zone);
  if (!begin) return std::unexpected(planner::FieldProblem{"from", begin.error()});
  const auto end = planner::read_moment(to, zone);
  if (!end) return std::unexpected(planner::FieldProblem{"to", end.error()});
  const auto wrong = [](std::string reason) { return std::unexpected(planner::FieldProblem{"to", std::move(reason)}); };
  if (*end <= *begin) return wrong("must be later than from");
  if (*end - *begin < kShortestMs) return wrong("must be a minute after from, or more");
  if (*end - *begin > kLongestMs) return wrong("must be at most 366 days after from");
  if (*end > now) return wrong("lies in the future: only what has happened can be played again");
  return planner::Interval{*begin, *end};
}

std::expected<planner::WhatIfReport, planner::ChangeProblem> answer(const storage::Store& store,
                                                                    const WhatIfQuestion& question,
                                                                    const planner::Progress& progress,
                                                                    const std::stop_token& stop) {
  const Flow* flow = question.changes.flow ? &question.changes.flow->flow : nullptr;
  auto recording = record(store, question.interval, flow, stop);
  if (!recording) return std::unexpected(recording.error());
  auto alternative = planner::changed(recording->day, question.changes);
  if (!alternative) return std::unexpected(alternative.error());
  give_titles(alternative->queues, question.queues);
  if (auto problem = too_much(*alternative, question)) return std::unexpected(*problem);
  auto report = planner::what_if(*recording, std::move(*alternative), question.options, progress, stop);
  if (!report) return fail(report.error());
  return std::move(*report);
}

}  // namespace sb::console
