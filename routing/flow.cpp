#include "routing/flow.h"

#include <algorithm>
#include <limits>

namespace sb::routing {

namespace {

constexpr std::size_t kOldestSearched = 64;  // how many of a queue's first are asked for the longest wait
constexpr std::int64_t kMinutesMax = 24 * 60;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Basic filtering of RFC 4647, section 3.3.1: "zh" takes in zh and zh-CN, letters' case aside.
bool in_range(std::string_view tag, std::string_view range) {
  if (tag.size() < range.size()) return false;
  const bool begins =
      std::equal(range.begin(), range.end(), tag.begin(), [](char a, char b) { return lower(a) == lower(b); });
  return begins && (tag.size() == range.size() || tag[range.size()] == '-');
}

std::optional<std::uint32_t> parse_clock(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const auto two = [&](std::size_t at) {
    return static_cast<std::uint32_t>((text[at] - '0') * 10 + text[at + 1] - '0');
  };
  if (two(3) > 59 || two(0) * 60 + two(3) > kMinutesMax) return std::nullopt;
  return two(0) * 60 + two(3);
}

std::string clock_of(std::uint32_t minute) {
  const auto two = [](std::uint32_t n) {
    return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
  };
  return two(minute / 60) + ":" + two(minute % 60);
}

bool serves(const Agent& agent, QueueId queue) {
  return std::binary_search(agent.queues.begin(), agent.queues.end(), queue);
}

class Evaluation {
 public:
  Evaluation(const Flow& flow, const FlowArrival& arrival, const State& state, TimeMs now, bool tells)
      : arrival_(arrival), state_(state), now_(now), local_(local_time(flow, now)), tells_(tells) {}

  bool holds(const FlowRule& rule, RuleSaid* said) const {
    bool held = true;
    for (const FlowCondition& c : rule.all) {
      ConditionSaid* into = said ? &said->all.emplace_back() : nullptr;
      held = holds(c, into) && held;
      if (!held && !said) return false;
    }
    bool one = rule.any.empty();
    for (const FlowCondition& c : rule.any) {
      ConditionSaid* into = said ? &said->any.emplace_back() : nullptr;
      one = holds(c, into) || one;
      if (one && !said) break;
    }
    return held && one;
  }

 private:
  bool holds(const FlowCondition& c, ConditionSaid* said) const {
    const bool held = shape_of(c.field).kind == FlowKind::kWords ? by_words(c, said) : by_number(c, said);
    if (said) said->held = held;
    return held;
  }

  bool by_words(const FlowCondition& c, ConditionSaid* said) const {
    if (said) said->words = seen_words(c.field);
    const bool hit = std::any_of(c.words.begin(), c.words.end(), [&](const std::string& w) { return is(c.field, w); });
    return c.test == FlowTest::kIsNot ? !hit : hit;
  }

  bool is(FlowField field, const std::string& word) const {
    switch (field) {
      case FlowField::kChannel:
        return word == name(arrival_.channel);
      case FlowField::kLanguage:
        return in_range(arrival_.language, word);
      case FlowField::kQueue:
        return word == queue_name();
      case FlowField::kLabel:
        return std::find(arrival_.labels.begin(), arrival_.labels.end(), word) != arrival_.labels.end();
      case FlowField::kMinuteOfDay: {
        const auto span = parse_minutes(word);
        return span && span->contains(local_.minute_of_day);
      }
      case FlowField::kWeekday:
        return word == kWeekdayNames[local_.weekday];
      default:
        return false;
    }
  }

  std::string seen_words(FlowField field) const {
    switch (field) {
      case FlowField::kChannel:
        return std::string(name(arrival_.channel));
      case FlowField::kLanguage:
        return arrival_.language;
      case FlowField::kQueue:
        return std::string(queue_name());
      case FlowField::kMinuteOfDay:
        return clock_of(local_.minute_of_day);
      case FlowField::kWeekday:
        return std::string(kWeekdayNames[local_.weekday]);
      case FlowField::kLabel: {
        std::vector<std::string> sorted(arrival_.labels.begin(), arrival_.labels.end());
        std::sort(sorted.begin(), sorted.end());
        std::string all;
        for (const std::string& label : sorted) all += (all.empty() ? "" : ", ") + label;
        return all;
      }
      default:
        return {};
    }
  }

  bool by_number(const FlowCondition& c, ConditionSaid* said) const {
    const std::int64_t seen = number(c);
    if (said) said->number = seen;
    switch (c.test) {
      case FlowTest::kIs:
        return seen == c.number;
      case FlowTest::kIsNot:
        return seen != c.number;
      case FlowTest::kAtLeast:
        return seen >= c.number;
      case FlowTest::kAtMost:
        return seen <= c.number;
      default:
        return false;
    }
  }

  std::int64_t number(const FlowCondition& c) const {
    const QueueId queue = c.queue ? c.queue : arrival_.queue;
    // Counting agents may stop where the answer is settled; a dry run shows the whole number.
    const std::int64_t enough = tells_ ? std::numeric_limits<std::int64_t>::max() : c.number + 1;
    switch (c.field) {
      case FlowField::kTier:
        return arrival_.tier;
      case FlowField::kPriority:
        return arrival_.priority;
      case FlowField::kKnownCustomer:
        return arrival_.known_customer ? 1 : 0;
      case FlowField::kWaiting:
        return static_cast<std::int64_t>(state_.waiting.waiting_in(queue));
      case FlowField::kLongestWaitS: {
        const TimeMs oldest = state_.oldest_queued_ms(queue, kOldestSearched);
        return oldest != 0 && oldest < now_ ? static_cast<std::int64_t>((now_ - oldest) / 1000) : 0;
      }
      case FlowField::kFreeAgents: {
        const Bitmap& free = state_.free_for(queue, arrival_.channel);
        return count_agents(enough,
                            [&](std::uint32_t slot, const Agent& a) { return free.test(slot) && serves(a, queue); });
      }
      case FlowField::kSignedInAgents:
        return count_agents(enough, [&](std::uint32_t, const Agent& a) { return a.signed_in && serves(a, queue); });
      case FlowField::kQueueOpen: {
        const Queue* q = state_.queues.find(queue);
        return q && q->config.open ? 1 : 0;
      }
      default:
        return 0;
    }
  }

  template <class Counts>
  std::int64_t count_agents(std::int64_t enough, Counts&& counts) const {
    std::int64_t n = 0;
    for (std::uint32_t slot = 0; slot < state_.agents.slots() && n < enough; ++slot) {
      if (counts(slot, state_.agents.at(slot))) ++n;
    }
    return n;
  }

  std::string_view queue_name() const {
    const Queue* q = state_.queues.find(arrival_.queue);
    return q ? std::string_view(q->config.name) : std::string_view();
  }

  const FlowArrival& arrival_;
  const State& state_;
  TimeMs now_;
  LocalTime local_;
  bool tells_;
};

template <class T>
void add_sorted(std::vector<T>& all, const T& value, std::size_t max) {
  const auto at = std::lower_bound(all.begin(), all.end(), value);
  if ((at == all.end() || *at != value) && all.size() < max) all.insert(at, value);
}

// Beyond what one requirement may hold, more is left out: a rule must not make an arrival impossible.
void act(const FlowAction& then, FlowArrival& a) {
  if (then.queue) a.queue = then.queue;
  for (const SkillLevel& need : then.require) {
    auto& skills = a.requirement.skills;
    const auto at = std::lower_bound(skills.begin(), skills.end(), need,
                                     [](const SkillLevel& x, const SkillLevel& y) { return x.skill < y.skill; });
    if (at != skills.end() && at->skill == need.skill) {
      at->level = std::max(at->level, need.level);
    } else if (skills.size() < kRequiredSkillsMax) {
      skills.insert(at, need);
    }
  }
  auto& any = a.requirement.any;
  for (const AnyOf& group : then.require_any) {
    if (any.size() < kAnyGroupsMax && std::find(any.begin(), any.end(), group) == any.end()) any.push_back(group);
  }
  if (!then.require_any.empty()) std::sort(any.begin(), any.end());
  for (const SkillId skill : then.prefer) add_sorted(a.requirement.preferred, skill, kRequiredSkillsMax);
  for (const AgentId agent : then.exclude) {
    if (agent != a.requirement.only_agent) add_sorted(a.requirement.excluded, agent, kExcludedMax);
  }
  a.priority = std::clamp(a.priority + then.priority, -kPriorityMax, kPriorityMax);
  if (!then.language.empty()) a.language = then.language;
  a.out_of_hours = a.out_of_hours || then.out_of_hours;
}

Rejection check_words(const FlowCondition& c, const State& state) {
  const bool count =
      c.test == FlowTest::kIs ? c.words.size() == 1 : !c.words.empty() && c.words.size() <= kFlowWordsMax;
  const bool test = c.test == FlowTest::kIs || c.test == FlowTest::kIsNot || c.test == FlowTest::kIsAnyOf;
  if (!count || !test || c.number != 0 || c.queue) return Rejection::kInvalidArgument;
  const auto queues = c.field == FlowField::kQueue ? state.queues.sorted() : std::vector<const Queue*>{};
  for (const std::string& word : c.words) {
    if (word.empty() || word.size() > kFlowWordBytesMax) return Rejection::kInvalidArgument;
    const auto is_word = [&](std::string_view known) { return known == word; };
    bool good = true;
    if (c.field == FlowField::kChannel) {
      good = std::any_of(kChannelNames.begin() + 1, kChannelNames.end(), is_word);
    } else if (c.field == FlowField::kWeekday) {
      good = std::any_of(kWeekdayNames.begin(), kWeekdayNames.end(), is_word);
    } else if (c.field == FlowField::kMinuteOfDay) {
      good = parse_minutes(word).has_value();
    } else if (c.field == FlowField::kQueue) {
      if (std::none_of(queues.begin(), queues.end(), [&](const Queue* q) { return q->config.name == word; })) {
        return Rejection::kUnknownQueue;
      }
    }
    if (!good) return Rejection::kInvalidArgument;
  }
  return Rejection::kNone;
}

Rejection check_condition(const FlowCondition& c, const State& state) {
  if (c.field == FlowField::kNone || c.test == FlowTest::kNone) return Rejection::kInvalidArgument;
  const FlowFieldShape shape = shape_of(c.field);
  if (shape.kind == FlowKind::kWords) return check_words(c, state);
  const bool yes_no = shape.kind == FlowKind::kYesNo;
  const bool good = c.words.empty() && c.number >= shape.min && c.number <= shape.max && c.test != FlowTest::kIsAnyOf &&
                    (!yes_no || c.test == FlowTest::kIs) && (!c.queue || shape.of_queue);
  if (!good) return Rejection::kInvalidArgument;
  return c.queue && !state.queues.find(c.queue) ? Rejection::kUnknownQueue : Rejection::kNone;
}

Rejection check_action(const FlowAction& then, const State& state) {
  const auto rising = [](const auto& all, auto&& before) {
    return std::adjacent_find(all.begin(), all.end(), [&](const auto& a, const auto& b) { return !before(a, b); }) ==
           all.end();
  };
  const auto levels = [&](const std::vector<SkillLevel>& all) {
    return all.size() <= kRequiredSkillsMax &&
           rising(all, [](const SkillLevel& a, const SkillLevel& b) { return a.skill < b.skill; }) &&
           std::all_of(all.begin(), all.end(), [](const SkillLevel& s) { return s.level >= 1 && s.level <= 100; });
  };
  const bool good = then.prefer.size() <= kRequiredSkillsMax && then.exclude.size() <= kExcludedMax &&
                    then.priority >= -kPriorityMax && then.priority <= kPriorityMax &&
                    then.language.size() <= kLanguageBytesMax && then.require_any.size() <= kAnyGroupsMax &&
                    rising(then.require_any, std::less<>{}) && rising(then.prefer, std::less<>{}) &&
                    rising(then.exclude, std::less<>{}) && levels(then.require) &&
                    std::all_of(then.require_any.begin(), then.require_any.end(),
                                [&](const AnyOf& group) { return !group.skills.empty() && levels(group.skills); });
  if (!good) return Rejection::kInvalidArgument;
  if (then.queue && !state.queues.find(then.queue)) return Rejection::kUnknownQueue;
  const auto known = [&](const std::vector<SkillLevel>& all) {
    return std::all_of(all.begin(), all.end(), [&](const SkillLevel& s) { return state.skills.find(s.skill); });
  };
  if (!known(then.require)) return Rejection::kUnknownSkill;
  for (const AnyOf& group : then.require_any) {
    if (!known(group.skills)) return Rejection::kUnknownSkill;
  }
  for (const SkillId s : then.prefer) {
    if (!state.skills.find(s)) return Rejection::kUnknownSkill;
  }
  for (const AgentId a : then.exclude) {
    if (!state.agents.find(a)) return Rejection::kUnknownAgent;
  }
  return Rejection::kNone;
}

Rejection check_rule(const FlowRule& rule, const State& state) {
  const bool good = !rule.name.empty() && rule.name.size() <= kFlowNameBytesMax &&
                    rule.all.size() + rule.any.size() <= kFlowConditionsMax;
  if (!good) return Rejection::kInvalidArgument;
  for (const auto* list : {&rule.all, &rule.any}) {
    for (const FlowCondition& c : *list) {
      if (const Rejection bad = check_condition(c, state); bad != Rejection::kNone) return bad;
    }
  }
  return check_action(rule.then, state);
}

}  // namespace

FlowFieldShape shape_of(FlowField field) {
  constexpr std::int64_t kCountMax = 10'000'000;
  switch (field) {
    case FlowField::kTier:
      return {FlowKind::kNumber, 0, kCountMax, false};
    case FlowField::kPriority:
      return {FlowKind::kNumber, -kPriorityMax, kPriorityMax, false};
    case FlowField::kWaiting:
    case FlowField::kFreeAgents:
    case FlowField::kSignedInAgents:
    case FlowField::kLongestWaitS:
      return {FlowKind::kNumber, 0, kCountMax, true};
    case FlowField::kKnownCustomer:
      return {FlowKind::kYesNo, 0, 1, false};
    case FlowField::kQueueOpen:
      return {FlowKind::kYesNo, 0, 1, true};
    default:
      return {FlowKind::kWords, 0, 0, false};
  }
}

std::optional<MinuteSpan> parse_minutes(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = parse_clock(text.substr(0, 5));
  const auto to = parse_clock(text.substr(6));
  if (!from || !to || *from == kMinutesMax || *from == *to) return std::nullopt;
  return MinuteSpan{*from, *to};
}

LocalTime local_time(const Flow& flow, TimeMs now) {
  // Before the first known offset the first holds.
  auto at = std::upper_bound(flow.offsets.begin(), flow.offsets.end(), now,
                             [](TimeMs t, const UtcOffset& o) { return t < o.from_ms; });
  if (at != flow.offsets.begin()) --at;
  const std::int64_t east = at == flow.offsets.end() ? 0 : at->minutes;
  const std::int64_t minutes = static_cast<std::int64_t>(now / 60'000) + east + kMinutesMax;  // a day on: never below 0
  const std::int64_t days = minutes / kMinutesMax - 1;
  return {static_cast<std::uint32_t>(minutes % kMinutesMax),
          static_cast<std::size_t>((days + 10) % 7)};  // 1970-01-01 was a Thursday
}

FlowArrival arrival_of(const command::StartInteraction& c, const State& state) {
  const bool known = c.customer || (c.identity && state.customer_of(c.identity));
  return {c.channel, c.tier, known, c.labels, c.queue, c.requirement, c.priority, c.language, c.out_of_hours};
}

FlowArrival arrival_of(const command::EnqueueInteraction& c, const Interaction& i) {
  const bool known = std::find(c.labels.begin(), c.labels.end(), kKnownCustomerLabel) != c.labels.end();
  const std::string language = c.language.empty() ? std::string(i.language) : c.language;
  return {i.channel, i.tier, known, c.labels, c.queue, c.requirement, c.priority, language, false};
}

std::vector<std::size_t> evaluate(const Flow& flow, FlowArrival& arrival, const State& state, TimeMs now,
                                  std::vector<RuleSaid>* said) {
  std::vector<std::size_t> acted;
  const Evaluation evaluation(flow, arrival, state, now, said != nullptr);
  bool over = false;
  for (std::size_t n = 0; n < flow.rules.size() && (!over || said); ++n) {
    const FlowRule& rule = flow.rules[n];
    RuleSaid* into = said ? &said->emplace_back() : nullptr;
    const bool held = evaluation.holds(rule, into);
    if (into) {
      into->asked = !over;
      into->held = held;
    }
    if (!held || over) continue;
    act(rule.then, arrival);
    acted.push_back(n);
    over = !rule.then.go_on;
  }
  return acted;
}

Rejection check_flow(const Flow& flow, const State& state) {
  if (flow.rules.size() > kFlowRulesMax || flow.offsets.size() > kFlowOffsetsMax) return Rejection::kInvalidArgument;
  for (std::size_t n = 0; n < flow.offsets.size(); ++n) {
    const UtcOffset& o = flow.offsets[n];
    const bool good =
        o.minutes >= -kMinutesMax && o.minutes <= kMinutesMax && (n == 0 || flow.offsets[n - 1].from_ms < o.from_ms);
    if (!good) return Rejection::kInvalidArgument;
  }
  std::vector<std::string_view> names;
  for (const FlowRule& rule : flow.rules) {
    if (const Rejection bad = check_rule(rule, state); bad != Rejection::kNone) return bad;
    names.push_back(rule.name);
  }
  std::sort(names.begin(), names.end());
  const bool unique = std::adjacent_find(names.begin(), names.end()) == names.end();
  return unique ? Rejection::kNone : Rejection::kInvalidArgument;
}

bool sound_labels(const std::vector<std::string>& labels) {
  return labels.size() <= kLabelsMax && std::all_of(labels.begin(), labels.end(), [](const std::string& label) {
           return !label.empty() && label.size() <= kLabelBytesMax;
         });
}

bool names_skill(const Flow& flow, SkillId skill) {
  return std::any_of(flow.rules.begin(), flow.rules.end(), [&](const FlowRule& rule) {
    const auto among = [&](const std::vector<SkillLevel>& all) {
      return std::any_of(all.begin(), all.end(), [&](const SkillLevel& s) { return s.skill == skill; });
    };
    const FlowAction& then = rule.then;
    return std::binary_search(then.prefer.begin(), then.prefer.end(), skill) || among(then.require) ||
           std::any_of(then.require_any.begin(), then.require_any.end(),
                       [&](const AnyOf& group) { return among(group.skills); });
  });
}

bool names_agent(const Flow& flow, AgentId agent) {
  return std::any_of(flow.rules.begin(), flow.rules.end(), [&](const FlowRule& rule) {
    return std::binary_search(rule.then.exclude.begin(), rule.then.exclude.end(), agent);
  });
}

bool names_queue(const Flow& flow, std::string_view queue) {
  const auto names = [&](const FlowCondition& c) {
    return c.field == FlowField::kQueue && std::find(c.words.begin(), c.words.end(), queue) != c.words.end();
  };
  return std::any_of(flow.rules.begin(), flow.rules.end(), [&](const FlowRule& rule) {
    return std::any_of(rule.all.begin(), rule.all.end(), names) || std::any_of(rule.any.begin(), rule.any.end(), names);
  });
}

}  // namespace sb::routing
