#include "app/queue_config.h"

#include <algorithm>
#include <array>

namespace sb::app {

namespace {

constexpr std::size_t kStepsMax = 16;
constexpr std::size_t kGroupsMax = 16;
constexpr std::string_view kActions =
    "lower_levels, drop_skill, widen, overflow, raise_priority, offer_callback or end";

// The value of an enum by its name; `allowed` says them all.
template <class Enum, std::size_t N>
Enum choice(TableReader& t, std::string_view key, const std::array<std::string_view, N>& names,
            std::string_view otherwise, std::string_view allowed) {
  const std::string word = t.text(key, std::string(otherwise));
  const auto at = std::find(names.begin(), names.end(), word);
  if (at == names.end()) t.fail(key, "must be " + std::string(allowed));
  return static_cast<Enum>(at - names.begin());
}

DurationMs seconds(TableReader& t, std::string_view key, std::int64_t otherwise, std::int64_t min = 0) {
  return static_cast<DurationMs>(t.number(key, otherwise, min, kDayS)) * 1000;
}

RelaxConfig relax_step(TableReader& t) {
  RelaxConfig step;
  step.step.after_ms = seconds(t, "after_s", 0, 1);
  step.step.kind = choice<RelaxKind>(t, "action", kRelaxKindNames, "", kActions);
  const bool by_amount = step.step.kind == RelaxKind::kLowerLevels || step.step.kind == RelaxKind::kRaisePriority;
  const bool widens = step.step.kind == RelaxKind::kWiden;
  const bool by_skill = step.step.kind == RelaxKind::kLowerLevels || step.step.kind == RelaxKind::kDropSkill;
  const bool configurable = by_amount || by_skill || widens || step.step.kind == RelaxKind::kOverflow ||
                            step.step.kind == RelaxKind::kOfferCallback || step.step.kind == RelaxKind::kEnd;
  if (!configurable) t.fail("action", "must be " + std::string(kActions));
  if (by_amount) step.step.amount = static_cast<std::uint32_t>(t.number("amount", 0, 1, 100));
  if (by_skill) step.skill = t.text("skill", "");
  if (widens) {
    step.skill = t.text("skill");
    step.other = t.text("other");
    if (step.skill == step.other) t.fail("other", "must be another skill than " + step.skill);
  }
  if (step.step.kind == RelaxKind::kOverflow) step.queue = t.text("queue");
  t.finish();
  return step;
}

// wrap_up_s = 20, or by channel: wrap_up_s = { phone = 30, chat = 0 }
void read_wrap_up(TableReader& t, command::PutQueue& put) {
  if (!t.is_table("wrap_up_s")) {
    put.wrap_up_ms = seconds(t, "wrap_up_s", 0);
    return;
  }
  TableReader by_channel = t.table("wrap_up_s");
  put.matching.wrap_ups_ms.assign(kChannelCount, 0);
  for (std::size_t c = 1; c < kChannelCount; ++c)
    put.matching.wrap_ups_ms[c] = seconds(by_channel, kChannelNames[c], 0);
  by_channel.finish();
}

void read_matching(TableReader& t, QueueConfig& q) {
  QueueMatching& m = q.put.matching;
  m.order = choice<Order>(t, "order", kOrderNames, "aging", "aging, fifo, least_slack or fair_share");
  m.level = static_cast<std::int32_t>(t.number("level", 0, -100, 100));
  m.tier_step_ms = seconds(t, "tier_step_s", 0);
  m.target_ms = q.info.service_level_ms;
  m.weight = static_cast<std::uint32_t>(t.number("weight", 1, 1, 1'000));
  m.no_waiting = t.flag("no_waiting", false);
  m.preferred_ms = seconds(t, "preferred_agent_s", 0);
  m.may_pull = t.flag("may_pull", false);
  m.broadcast = static_cast<std::uint32_t>(t.number("broadcast", 1, 1, 16));
  if (m.broadcast > 1 && q.put.auto_accept)
    t.fail("broadcast", "asks several agents; with auto_accept nobody is asked");
  m.interruptible = t.flag("interruptible", false);
  m.reply_ms = seconds(t, "reply_s", 0);
  q.groups = t.texts("groups");
  if (q.groups.size() > kGroupsMax) t.fail("groups", "takes 16 groups at most");
  for (TableReader& step : t.tables("relaxation")) q.relaxation.push_back(relax_step(step));
  if (q.relaxation.size() > kStepsMax) t.fail("relaxation", "takes 16 steps at most");
  const bool sorted = std::is_sorted(q.relaxation.begin(), q.relaxation.end(),
                                     [](const auto& a, const auto& b) { return a.step.after_ms < b.step.after_ms; });
  if (!sorted) t.fail("relaxation", "needs its steps in the order of after_s");
}

}  // namespace

engine::Titled titled(TableReader& t, std::string_view code) {
  engine::Titled named;
  named.name = t.text(code);
  named.title_en = t.text("title_en", named.name);
  named.title_zh = t.text("title_zh", named.title_en);
  return named;
}

engine::CallbackTerms callback_terms(TableReader& t, const engine::CallbackTerms& usual) {
  engine::CallbackTerms terms;
  terms.order =
      choice<CallbackOrder>(t, "order", kCallbackOrderNames, name(usual.order), "agent_first or customer_first");
  if (terms.order == CallbackOrder::kNone) t.fail("order", "must be agent_first or customer_first");
  terms.attempts_max = static_cast<std::uint32_t>(t.number("attempts_max", usual.attempts_max, 1, 10));
  terms.retry_ms =
      static_cast<DurationMs>(t.number("retry_s", static_cast<std::int64_t>(usual.retry_ms / 1000), 60, kDayS)) * 1000;
  terms.always_offered = t.flag("always_offered", usual.always_offered);
  return terms;
}

QueueConfig read_queue(TableReader& t, const engine::CallbackTerms& callbacks) {
  QueueConfig q;
  static_cast<engine::Titled&>(q.info) = titled(t, "name");
  q.info.service_level_ms = seconds(t, "service_level_s", 20, 1);
  q.requires_skills = t.levels("requires", 100);
  for (TableReader& group : t.tables("requires_any")) {
    q.requires_any.push_back(group.levels("skills", 100));
    if (q.requires_any.back().empty()) group.fail("skills", "names at least one skill and its level");
    group.finish();
  }
  if (q.requires_any.size() > routing::kAnyGroupsMax) {
    t.fail("requires_any", "takes at most " + std::to_string(routing::kAnyGroupsMax) + " groups");
  }
  q.prefers_skills = t.texts("prefers");
  q.put.name = q.info.name;
  q.put.open = t.flag("open", true);
  q.put.policy = choice<Policy>(t, "policy", kPolicyNames, "longest_idle",
                                "longest_idle, best_proficiency, least_occupied or round_robin");
  q.put.offer_timeout_ms = static_cast<DurationMs>(t.number("offer_timeout_s", 20, 1, 3600)) * 1000;
  read_wrap_up(t, q.put);
  q.put.priority_step_ms = seconds(t, "priority_step_s", 60);
  q.put.avoid_ms = seconds(t, "avoid_s", 30);
  q.put.max_waiting = static_cast<std::uint32_t>(t.number("max_waiting", 0, 0, 10'000'000));
  q.put.auto_accept = t.flag("auto_accept", false);
  TableReader called_back = t.table("callbacks");
  q.info.callback = callback_terms(called_back, callbacks);
  called_back.finish();
  read_matching(t, q);
  t.finish();
  return q;
}

}  // namespace sb::app
