#include "engine/flow_words.h"

#include <fmt/format.h>

namespace sb::engine {

namespace {

Sentence subject(const FlowCondition& c, const Words& words) {
  const Sentence queue = c.queue ? words.queue(c.queue) : Sentence{"its queue", "所在队列"};
  switch (c.field) {
    case FlowField::kChannel:
      return {"the channel", "渠道"};
    case FlowField::kLanguage:
      return {"the language", "语言"};
    case FlowField::kQueue:
      return {"the queue", "队列"};
    case FlowField::kTier:
      return {"the customer's tier", "客户等级"};
    case FlowField::kPriority:
      return {"the priority", "优先级"};
    case FlowField::kKnownCustomer:
      return {"a known customer", "已知客户"};
    case FlowField::kLabel:
      return {"a label", "标签"};
    case FlowField::kMinuteOfDay:
      return {"the time", "时间"};
    case FlowField::kWeekday:
      return {"the day", "星期"};
    case FlowField::kWaiting:
      return {"how many wait in " + queue.en, queue.zh + "等待人数"};
    case FlowField::kLongestWaitS:
      return {"the longest wait in " + queue.en + " (seconds)", queue.zh + "最长等待秒数"};
    case FlowField::kFreeAgents:
      return {"free agents of " + queue.en, queue.zh + "空闲客服数"};
    case FlowField::kSignedInAgents:
      return {"agents signed in of " + queue.en, queue.zh + "已签入客服数"};
    case FlowField::kQueueOpen:
      return {queue.en + " open", queue.zh + "开放"};
    case FlowField::kNone:
      break;
  }
  return {};
}

Sentence test_words(FlowTest test) {
  switch (test) {
    case FlowTest::kIsNot:
      return {"is not", "不是"};
    case FlowTest::kAtLeast:
      return {"is at least", "至少为"};
    case FlowTest::kAtMost:
      return {"is at most", "至多为"};
    case FlowTest::kIsAnyOf:
      return {"is any of", "属于"};
    default:
      return {"is", "是"};
  }
}

Sentence yes_no(bool yes) {
  return yes ? Sentence{"yes", "是"} : Sentence{"no", "否"};
}

std::string joined(const std::vector<std::string>& all) {
  std::string out;
  for (const std::string& word : all) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

Sentence condition_words(const FlowCondition& c, const routing::ConditionSaid& said, const Words& words) {
  const Sentence what = subject(c, words);
  const Sentence test = test_words(c.test);
  Sentence wanted;
  Sentence seen;
  switch (routing::shape_of(c.field).kind) {
    case routing::FlowKind::kWords:
      wanted = {joined(c.words), joined(c.words)};
      seen = said.words.empty() ? Sentence{"none", "无"} : Sentence{said.words, said.words};
      break;
    case routing::FlowKind::kNumber:
      wanted = {std::to_string(c.number), std::to_string(c.number)};
      seen = {std::to_string(said.number), std::to_string(said.number)};
      break;
    case routing::FlowKind::kYesNo:
      wanted = yes_no(c.number != 0);
      seen = yes_no(said.number != 0);
  }
  return {fmt::format("{} {} {}: {}, it is {}", what.en, test.en, wanted.en, said.held ? "holds" : "does not hold",
                      seen.en),
          fmt::format("{}{} {}：{}（实际：{}）", what.zh, test.zh, wanted.zh, said.held ? "成立" : "不成立", seen.zh)};
}

Sentence arrival_words(const routing::FlowArrival& a, const Words& words) {
  const Sentence queue = words.queue(a.queue);
  Sentence s = a.out_of_hours ? Sentence{"becomes a ticket of " + queue.en, "转为" + queue.zh + "的工单"}
                              : Sentence{"goes to " + queue.en, "进入" + queue.zh};
  s += requirement_words(a.requirement, words);
  if (a.priority != 0) s += {fmt::format("; priority {}", a.priority), fmt::format("；优先级 {}", a.priority)};
  if (!a.language.empty()) s += {"; language " + a.language, "；语言 " + a.language};
  return s;
}

}  // namespace sb::engine
