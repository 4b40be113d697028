// How scripts say flows.
#include "routing/flow.h"
#include "tests/script/speech.h"

namespace sb::script {

namespace {

// channel:phone  channel:phone|chat  channel!phone  tier>=2  tier<=3  tier:2  waiting>=10@sales  queue_open:no@sales
FlowCondition condition(const Speech& s, std::string text) {
  FlowCondition c;
  const std::size_t sign = text.find_first_of(":!<>");
  if (sign == std::string::npos) throw ScriptError("'" + text + "' is no condition");
  c.field = Speech::choice<FlowField>(text.substr(0, sign));
  const bool numbers = text[sign] == '<' || text[sign] == '>';
  c.test = text[sign] == '<'   ? FlowTest::kAtMost
           : text[sign] == '>' ? FlowTest::kAtLeast
           : text[sign] == '!' ? FlowTest::kIsNot
                               : FlowTest::kIs;
  std::string value = text.substr(sign + (numbers ? 2 : 1));
  if (const std::size_t at = value.find('@'); at != std::string::npos) {
    c.queue = s.id<QueueId>(value.substr(at + 1));
    value.resize(at);
  }
  switch (routing::shape_of(c.field).kind) {
    case routing::FlowKind::kWords:
      c.words = split(value, '|');
      if (c.test == FlowTest::kIs && c.words.size() > 1) c.test = FlowTest::kIsAnyOf;
      break;
    case routing::FlowKind::kYesNo:
      c.number = Speech::yes(value) ? 1 : 0;
      break;
    case routing::FlowKind::kNumber:
      c.number = Speech::number(value);
  }
  return c;
}

FlowAction action(const Speech& s, const std::string& text) {
  FlowAction then;
  for (const std::string& part : split(text, ';')) {
    const std::size_t colon = std::min(part.find(':'), part.size());
    const std::string what = part.substr(0, colon);
    const std::string value = colon < part.size() ? part.substr(colon + 1) : "";
    if (what == "queue") {
      then.queue = s.id<QueueId>(value);
    } else if (what == "require") {
      then.require = s.levels(value);
    } else if (what == "require_any") {  // each is a group of its own
      then.require_any.push_back({s.levels(value)});
      std::sort(then.require_any.begin(), then.require_any.end());
    } else if (what == "prefer") {
      for (const std::string& skill : split(value, ',')) then.prefer.push_back(s.id<SkillId>(skill));
      std::sort(then.prefer.begin(), then.prefer.end());
    } else if (what == "exclude") {
      for (const std::string& who : split(value, ',')) then.exclude.push_back(s.id<AgentId>(who));
      std::sort(then.exclude.begin(), then.exclude.end());
    } else if (what == "priority") {
      then.priority = static_cast<std::int32_t>(Speech::number(value));
    } else if (what == "language") {
      then.language = value;
    } else if (what == "out_of_hours") {
      then.out_of_hours = true;
    } else if (what == "go_on") {
      then.go_on = true;
    } else {
      throw ScriptError("'" + what + "' is nothing a rule can do");
    }
  }
  return then;
}

}  // namespace

// A rule of a name that is there takes its place, another comes last; `flow none` is the empty flow.
Spoken Speech::flow_line(Words& w) {
  Flow next = flow;
  ++next.version;
  if (const auto v = w.option("version")) next.version = static_cast<std::uint32_t>(number(*v));
  if (const auto v = w.option("east")) next.offsets = {{1, static_cast<std::int32_t>(duration(*v) / 60'000)}};
  const std::string name = w.next("a rule");
  if (name == "none") {
    next.rules.clear();
  } else {
    FlowRule rule{name, {}, {}, {}};
    for (const std::string& c : split(w.option("all").value_or(""), ';')) rule.all.push_back(condition(*this, c));
    for (const std::string& c : split(w.option("any").value_or(""), ';')) rule.any.push_back(condition(*this, c));
    rule.then = action(*this, w.option("then").value_or(""));
    const auto at =
        std::find_if(next.rules.begin(), next.rules.end(), [&](const FlowRule& r) { return r.name == name; });
    if (at == next.rules.end()) {
      next.rules.push_back(std::move(rule));
    } else {
      *at = std::move(rule);
    }
  }
  return {command::PutFlow{next}, {}, [this, next](std::uint64_t) { flow = next; }};
}

}  // namespace sb::script
