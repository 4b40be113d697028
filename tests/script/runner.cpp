#include "tests/script/runner.h"

namespace sb::script {

namespace {
[[noreturn]] void fail(int line, const std::string& what) {
  throw ScriptError("line " + std::to_string(line) + ": " + what);
}
std::string trimmed(std::string text) {
  const auto end = text.find_last_not_of(" \t\r");
  text.erase(end == std::string::npos ? 0 : end + 1);
  const auto begin = text.find_first_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin);
}
}  // namespace

std::vector<Runner::Step> Runner::read(std::istream& script) {
  std::vector<Step> steps;
  TimeMs now = kStart;
  bool in_answer = false;
  std::string text;
  for (int line = 1; std::getline(script, text); ++line) {
    text = trimmed(text);
    if (text == "----") {
      if (steps.empty() || !steps.back().is_query) fail(line, "an answer block belongs under a query");
      in_answer = !in_answer;
      continue;
    }
    if (in_answer) {
      steps.back().answer.push_back(text);
      continue;
    }
    if (text.empty() || text.starts_with('#')) continue;
    std::vector<std::string> words = split(text, ' ');
    if (words[0] == "expect") {
      if (steps.empty()) fail(line, "nothing has happened that could be expected");
      steps.back().expected.push_back({line, {words.begin() + 1, words.end()}});
      if (words.size() < 2) fail(line, "expect what?");
      continue;
    }
    if (words[0] == "at") {
      const auto at = words.size() > 2 ? parse_duration(words[1]) : std::nullopt;
      if (!at) fail(line, "'at' needs a time and a verb");
      if (kStart + *at < now) fail(line, "time goes backwards");
      now = kStart + *at;
      words.erase(words.begin(), words.begin() + 2);
    }
    Step& step = steps.emplace_back();
    step.line = line;
    step.time_ms = now;
    step.is_query = words[0] == "query";
    step.words = std::move(words);
  }
  if (in_answer) fail(steps.back().line, "the answer block has no end");
  return steps;
}

void Runner::run(std::istream& script) {
  const std::vector<Step> steps = read(script);
  if (steps.empty()) throw ScriptError("the script is empty");
  for (const Step& step : steps) {
    try {
      run(step);
    } catch (const ScriptError& error) {
      const std::string what = error.what();
      if (what.starts_with("line ")) throw;
      fail(step.line, what);
    }
  }
  const auto check = [](const std::string& wrong) {
    if (!wrong.empty()) throw ScriptError("after the last line: " + wrong);
  };
  check(driver_.crash());
  check(driver_.restart());
}

void Runner::run(const Step& step) {
  const std::string& verb = step.words[0];
  std::vector<TimedEvent> events = driver_.advance(step.time_ms);
  for (const TimedEvent& e : events) speech_.learn(e.event);
  const std::size_t fired = events.size();
  routing::Outcome outcome;
  if (verb == "restart" || verb == "crash") {
    const std::string wrong = verb == "restart" ? driver_.restart() : driver_.crash();
    if (!wrong.empty()) fail(step.line, wrong);
  } else if (step.is_query) {
    const std::vector<std::string> lines = query({step.words.begin() + 1, step.words.end()});
    if (lines != step.answer) {
      std::string shown;
      for (const std::string& l : lines) shown += "\n    " + l;
      fail(step.line, "the answer is" + (shown.empty() ? " empty" : shown));
    }
  } else if (verb != "advance") {
    const Spoken spoken = speech_.parse(step.words);
    Answer answer = driver_.submit(spoken.command, Source::kApi, spoken.key, step.time_ms);
    outcome = answer.outcome;
    if (spoken.bind && outcome.rejection == Rejection::kNone) spoken.bind(outcome.result);
    for (Event& e : answer.events) {
      speech_.learn(e);
      events.push_back({step.time_ms, std::move(e)});
    }
  }
  check(step, events, fired, outcome);
}

void Runner::check(const Step& step, const std::vector<TimedEvent>& events, std::size_t fired,
                   const routing::Outcome& outcome) {
  std::size_t at = 0;
  bool rejection_expected = false;
  bool rest_allowed = false;
  const auto seen = [&] { return "\n  what happened:" + transcript(events, outcome); };
  for (const Expectation& e : step.expected) {
    std::vector<std::string> words = e.words;
    if (rest_allowed) fail(e.line, "'expect ...' must come last");
    if (words[0] == "...") {
      rest_allowed = true;
      continue;
    }
    if (words[0] == "nothing") continue;
    if (words[0] == "rejected") {
      rejection_expected = true;
      if (words.size() != 2 || name(outcome.rejection) != words[1]) fail(e.line, "not rejected so" + seen());
      continue;
    }
    if (words[0] == "repeated") {
      if (!outcome.repeated) fail(e.line, "not taken for a repetition" + seen());
      continue;
    }
    if (words[0] == "result") {
      if (words.size() != 2) fail(e.line, "expect result N");
      if (outcome.result != static_cast<std::uint64_t>(Speech::number(words[1])))
        fail(e.line, "another result" + seen());
      continue;
    }
    TimeMs when = step.time_ms;
    const bool timed = words[0] == "at";
    if (timed) {
      if (words.size() < 3) fail(e.line, "'expect at' needs a time and an event");
      when = kStart + Speech::duration(words[1]);
      words.erase(words.begin(), words.begin() + 2);
    }
    if (at == events.size()) fail(e.line, "nothing more happened" + seen());
    if (timed != (at < fired))
      fail(e.line, timed ? "no deadline fired here" + seen() : "a deadline fired first" + seen());
    if (events[at].time_ms != when) fail(e.line, "at another time" + seen());
    try {
      match(words, events[at].event);
    } catch (const ScriptError& error) {
      fail(e.line, error.what() + seen());
    }
    ++at;
  }
  if (outcome.rejection != Rejection::kNone && !rejection_expected) fail(step.line, "it was rejected" + seen());
  if (!step.expected.empty() && !rest_allowed && at < events.size()) fail(step.line, "more happened" + seen());
}

void Runner::match(const std::vector<std::string>& words, const Event& event) {
  std::visit(
      [&]<class T>(const T& e) {
        if (words[0] != T::kName) throw ScriptError("it was " + std::string(T::kName));
        Words rest({words.begin() + 1, words.end()});
        wire::for_each_field<T>([&](auto field) {
          const auto& v = e.*(decltype(field)::kMember);
          using V = std::decay_t<decltype(v)>;
          const auto wanted = rest.option(std::string(without_unit(field.name)));
          if (!wanted) return;
          if constexpr (std::is_same_v<V, TicketId> || std::is_same_v<V, CustomerId> || std::is_same_v<V, OfferId>) {
            // The first mention of a name gives it to what is there.
            if (v && !speech_.names.has_name(v) && !speech_.names.template find<V>(*wanted)) {
              speech_.names.bind(*wanted, v);
            }
          }
          const std::string is = show(speech_.names, field.name, v);
          if (is == *wanted) return;
          if constexpr (std::is_unsigned_v<V> && !std::is_same_v<V, bool>) {  // 1m30s is 90s
            const auto ms = field.name.ends_with("_ms") ? parse_duration(*wanted) : std::nullopt;
            if (ms && *ms + (is_moment(field.name) ? kStart : 0) == v) return;
          }
          throw ScriptError(std::string(field.name) + " is " + is + ", not " + *wanted);
        });
        rest.finish();
      },
      event);
}

std::vector<std::string> Runner::query(const std::vector<std::string>& words) const {
  if (words.size() < 2) throw ScriptError("query what?");
  const routing::State& s = driver_.state();
  const Names& n = speech_.names;
  std::vector<std::string> lines;
  if (words[0] == "queue") {
    for (const auto& key : s.waiting.entries_of(speech_.id<QueueId>(words[1]))) {
      const routing::Interaction& i = *s.interactions.find(key.interaction);
      lines.push_back(std::to_string(s.position(i)) + " " + n.show(i.id) + " since " +
                      show(n, "queued_ms", i.queued_ms));
    }
  } else if (words[0] == "agent") {
    const routing::Agent* a = s.agents.find(speech_.id<AgentId>(words[1]));
    if (!a) return {"unknown"};
    std::vector<InteractionId> offers;
    std::vector<InteractionId> wrap_ups;
    for (const OfferId o : a->offers) offers.push_back(s.offers.find(o)->interaction);
    for (const auto& w : a->wrap_ups) wrap_ups.push_back(w.interaction);
    lines.push_back(std::string(name(a->presence)) + (a->signed_in && !a->connected ? " disconnected" : "") +
                    " load=" + show_capacity({a->load.begin(), a->load.end()}) + " offers=" + show(n, "", offers) +
                    " work=" + show(n, "", a->work) + " wrap_ups=" + show(n, "", wrap_ups));
  } else if (words[0] == "ticket") {
    const routing::Ticket* t = s.tickets.find(speech_.id<TicketId>(words[1]));
    lines.push_back(t ? std::string(name(t->status)) + " agent=" + n.show(t->agent) : "closed");
  } else if (words[0] == "interaction") {
    const routing::Interaction* i = s.interactions.find(speech_.id<InteractionId>(words[1]));
    if (!i) return {"over"};
    static constexpr std::string_view kStates[] = {"dialogue", "queued", "connecting", "active", "scheduled"};
    std::string with;
    for (const auto& p : i->conference->participants) with += (with.empty() ? " with=" : ",") + n.show(p.agent);
    lines.push_back(std::string(kStates[index_of(i->state)]) + " queue=" + n.show(i->queue) +
                    " agent=" + n.show(i->agent) + (i->held ? " held" : "") + (i->parked ? " parked" : "") +
                    (i->consultant ? " consultant=" + n.show(i->consultant) : "") + with +
                    (i->outside != OutsideState::kNone ? " outside=" + std::string(name(i->outside)) : "") +
                    (i->callback->at_ms != 0 ? " at=" + show(n, "at_ms", i->callback->at_ms) : "") +
                    (i->callback->calling ? " calling" : ""));
  } else {
    throw ScriptError("'" + words[0] + "' cannot be queried");
  }
  return lines;
}

std::string Runner::transcript(const std::vector<TimedEvent>& events, const routing::Outcome& outcome) const {
  std::string text;
  for (const TimedEvent& e : events) {
    text += "\n    at " + show_duration(static_cast<std::int64_t>(e.time_ms - kStart)) + " " +
            show_event(speech_.names, e.event);
  }
  if (outcome.rejection != Rejection::kNone) text += "\n    rejected " + std::string(name(outcome.rejection));
  if (outcome.repeated) text += "\n    repeated";
  if (outcome.result != 0) text += "\n    result " + std::to_string(outcome.result);
  return text.empty() ? " nothing" : text;
}

}  // namespace sb::script
