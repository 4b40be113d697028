#include "engine/explain_words.h"

#include <fmt/format.h>

namespace sb::engine {

namespace {

Sentence party_word(Party party) {
  switch (party) {
    case Party::kCustomer:
      return {"the customer", "客户"};
    case Party::kAgent:
      return {"the agent", "客服"};
    default:
      return {"the system", "系统"};
  }
}

Sentence end_word(EndReason reason) {
  switch (reason) {
    case EndReason::kHungUp:
      return {" (hung up)", "（挂断）"};
    case EndReason::kCustomerLost:
      return {" (the customer's connection was gone for too long)", "（客户断线过久）"};
    case EndReason::kOutOfHours:
      return {" (outside opening hours; it became a ticket)", "（非营业时间，已转为工单）"};
    case EndReason::kNotServed:
      return {" (nobody was free in time; the ticket stays open)", "（久候无人接待，工单保留）"};
    case EndReason::kNotReached:
      return {" (the customer could not be reached; the ticket stays open)", "（未能联系到客户，工单保留）"};
    case EndReason::kTransferredOut:
      return {" (passed on to an outside number)", "（已转接至外部号码）"};
    case EndReason::kFailed:
      return {" (technical failure)", "（技术故障）"};
    default:
      return {};
  }
}

Sentence missed_word(const std::string& reason) {
  if (reason == "busy") return {"The customer's phone was busy", "客户电话占线"};
  if (reason == "no_answer") return {"The customer did not answer", "客户无人接听"};
  if (reason == "outside_hours") return {"The customer's hours for being called are over", "已过可回拨时段"};
  return {"The customer could not be called", "无法呼叫客户"};
}

Sentence outside_left_word(const std::string& reason) {
  if (reason == "busy") return {"The outside number was busy", "外部号码占线"};
  if (reason == "no_answer") return {"The outside number did not answer", "外部号码无人接听"};
  if (reason == "hung_up") return {"The outside party hung up", "外部人员已挂断"};
  if (reason == "not_allowed") return {"The outside number may not be called", "不允许呼叫该外部号码"};
  return {"The outside number could not be called", "无法呼叫外部号码"};
}

Sentence queued_word(QueuedReason reason) {
  switch (reason) {
    case QueuedReason::kArrived:
      return {"", ""};
    case QueuedReason::kDeclined:
      return {" again, because the offer was declined", "（因邀约被拒绝，重新排队）"};
    case QueuedReason::kNotAnswered:
      return {" again, because nobody answered the offer", "（因邀约无人应答，重新排队）"};
    case QueuedReason::kTransferred:
      return {" by transfer", "（转接）"};
    case QueuedReason::kAgentLost:
      return {" again, because the agent's connection was gone for too long", "（因客服断线过久，重新排队）"};
    case QueuedReason::kConnectionFailed:
      return {" again, because the agent could not be connected", "（因无法接通客服，重新排队）"};
    case QueuedReason::kAgentSignedOut:
      return {" again, because the agent signed out", "（因客服签退，重新排队）"};
    case QueuedReason::kOverflowed:
      return {" by overflow, because it waited long enough elsewhere", "（等待超时，溢出至此）"};
    case QueuedReason::kCallbackDue:
      return {" because it is time to call back", "（回拨时间已到）"};
    case QueuedReason::kReplied:
      return {" because the customer answered while the agent had no room", "（客户已回复而客服无空闲名额）"};
    case QueuedReason::kTargetUnavailable:
      return {" because the person asked for is not available", "（指定的客服不可用）"};
  }
  return {};
}

// One sentence for each kind of event.
struct Teller {
  const Words& words;
  const Record& record;

  Sentence operator()(const event::SkillPut& e) const { return {"Skill " + e.name + " set", "设置技能 " + e.name}; }
  Sentence operator()(const event::SkillRemoved&) const { return {"Skill removed", "移除技能"}; }
  Sentence operator()(const event::QueuePut& e) const { return {"Queue " + e.name + " set", "设置队列 " + e.name}; }
  Sentence operator()(const event::AgentPut& e) const { return {"Agent " + e.login + " set", "设置客服 " + e.login}; }
  Sentence operator()(const event::AgentRemoved&) const { return {"Agent removed", "移除客服"}; }
  Sentence operator()(const event::CenterPut&) const { return {"Center settings changed", "更改中心设置"}; }
  Sentence operator()(const event::AgentSignedIn& e) const {
    return {words.agent(e.agent) + " signed in", words.agent(e.agent) + " 签入"};
  }
  Sentence operator()(const event::AgentSignedOut& e) const {
    const std::string who = words.agent(e.agent);
    if (e.lost) return {who + " was signed out: the connection did not come back", who + " 因断线未恢复而被签退"};
    return {who + " signed out", who + " 签退"};
  }
  Sentence operator()(const event::PresenceChanged& e) const {
    return {fmt::format("{} is now {}", words.agent(e.agent), name(e.presence)),
            fmt::format("{} 状态变为 {}", words.agent(e.agent), name(e.presence))};
  }
  Sentence operator()(const event::AgentConnectionLost& e) const {
    return {words.agent(e.agent) + " lost the connection", words.agent(e.agent) + " 断线"};
  }
  Sentence operator()(const event::CustomerCreated& e) const {
    const bool first_contact = std::holds_alternative<command::StartInteraction>(record.command);
    const std::string id = std::to_string(e.customer.value);
    if (first_contact) return {"First contact: customer " + id + " is new", "首次联系：新建客户 " + id};
    return {"Customer " + id + " created", "新建客户 " + id};
  }
  Sentence operator()(const event::CustomerPut&) const { return {"Customer profile changed", "客户资料已更改"}; }
  Sentence operator()(const event::CustomersMerged& e) const {
    return {fmt::format("Customer {} merged into {}", e.from.value, e.into.value),
            fmt::format("客户 {} 合并到 {}", e.from.value, e.into.value)};
  }
  Sentence operator()(const event::CustomersUnmerged& e) const {
    return {fmt::format("Customer {} taken out of {} again", e.from.value, e.into.value),
            fmt::format("客户 {} 从 {} 拆分", e.from.value, e.into.value)};
  }
  Sentence operator()(const event::CustomerFactAdded& e) const {
    return {"Added to the customer: " + e.kind, "客户新增记录：" + e.kind};
  }
  Sentence operator()(const event::TicketOpened& e) const {
    const std::string id = std::to_string(e.ticket.value);
    if (e.reopened) return {"Ticket " + id + " reopened", "工单 " + id + " 重新打开"};
    return {"Ticket " + id + " opened", "工单 " + id + " 已创建"};
  }
  Sentence operator()(const event::TicketUpdated& e) const {
    return {fmt::format("Ticket {} updated, status {}", e.ticket.value, name(e.status)),
            fmt::format("工单 {} 已更新，状态 {}", e.ticket.value, name(e.status))};
  }
  Sentence operator()(const event::InteractionStarted& e) const {
    const Sentence channel = channel_word(e.channel);
    Sentence s{"Arrived by " + channel.en, "通过" + channel.zh + "进线"};
    if (e.tier > 0) s += {fmt::format(", customer tier {}", e.tier), fmt::format("，客户等级 {}", e.tier)};
    if (!e.language.empty()) s += {", language " + e.language, "，语言 " + e.language};
    return s;
  }
  Sentence operator()(const event::InteractionQueued& e) const {
    const Sentence queue = words.queue(e.queue);
    Sentence s{(e.consult ? "A second agent is sought in queue " : "Waits in queue ") + queue.en,
               (e.consult ? "在队列中寻找第二位客服：" : "进入队列：") + queue.zh};
    s += queued_word(e.reason);
    s += requirement_words(e.requirement, words);
    if (e.preferred_until_ms > record.time_ms) {
      const Sentence time = duration_words(e.preferred_until_ms - record.time_ms);
      s += {", who served this customer before and is waited for up to " + time.en,
            "（曾服务该客户，最多等待 " + time.zh + "）"};
    }
    if (e.priority != 0) {
      s += {fmt::format("; priority {}", e.priority), fmt::format("；优先级 {}", e.priority)};
    }
    if (e.avoid && e.avoid_until_ms > record.time_ms) {
      const Sentence time = duration_words(e.avoid_until_ms - record.time_ms);
      const std::string also = e.avoid_also ? words.agent(e.avoid_also) : std::string();
      s += {"; not to " + words.agent(e.avoid) + (also.empty() ? "" : " or " + also) + " for " + time.en,
            "；" + time.zh + "内不再分配给 " + words.agent(e.avoid) + (also.empty() ? "" : "、" + also)};
    }
    return s;
  }
  Sentence operator()(const event::InteractionRelaxed& e) const {
    const std::string skill = e.skill ? words.skill(e.skill) : std::string();
    switch (e.kind) {
      case RelaxKind::kLowerLevels:
        return Sentence{fmt::format("Waited long: {} points less of {} are enough now", e.amount,
                                    skill.empty() ? "every skill" : skill),
                        fmt::format("久候放宽：{}要求降低 {} 分", skill.empty() ? "各技能" : skill, e.amount)} +=
               requirement_words(e.requirement, words);
      case RelaxKind::kDropSkill:
        return Sentence{"Waited long: " + (skill.empty() ? "no skill" : skill + " no longer") + " asked for",
                        "久候放宽：不再要求" + (skill.empty() ? "任何技能" : " " + skill)} +=
               requirement_words(e.requirement, words);
      case RelaxKind::kOverflow:
        return {"Waited long: overflows to " + words.queue(e.queue).en, "久候溢出：转入 " + words.queue(e.queue).zh};
      case RelaxKind::kRaisePriority:
        return {fmt::format("Waited long: priority raised to {}", e.priority),
                fmt::format("久候：优先级升至 {}", e.priority)};
      case RelaxKind::kOfferCallback:
        return {"Waited long: a callback is offered", "久候：提供回拨"};
      case RelaxKind::kEnd:
        return {"Waited as long as the queue lets it", "等待已达队列上限"};
      case RelaxKind::kPreferredOver:
        return {"The agent who knows this customer was waited for long enough: anybody may take it",
                "等待熟悉该客户的客服已超时：任何客服可接"};
      case RelaxKind::kWiden:
        return Sentence{"Waited long: others than " + skill + " will do as well", "久候放宽：不限于 " + skill} +=
               requirement_words(e.requirement, words);
      case RelaxKind::kNone:
        break;
    }
    return {};
  }
  Sentence operator()(const event::AgentRested& e) const {
    const Sentence time = duration_words(e.until_ms - record.time_ms);
    return {fmt::format("{} gets no offers for {} after {} in a row came to nothing", words.agent(e.agent), time.en,
                        e.misses),
            fmt::format("{} 连续 {} 次未接，暂停分配 {}", words.agent(e.agent), e.misses, time.zh)};
  }
  Sentence operator()(const event::AgentRestEnded& e) const {
    return {words.agent(e.agent) + " may be offered work again", words.agent(e.agent) + " 恢复分配"};
  }
  Sentence operator()(const event::FlowPut& e) const {
    return {fmt::format("The flow was changed: version {}, {} rules", e.flow.version, e.flow.rules.size()),
            fmt::format("路由流程已更改：第 {} 版，{} 条规则", e.flow.version, e.flow.rules.size())};
  }
  Sentence operator()(const event::FlowApplied& e) const {
    std::string rules;
    for (const std::string& rule : e.rules) rules += (rules.empty() ? "\"" : ", \"") + rule + "\"";
    const Sentence asked = words.queue(e.queue_before);
    return {fmt::format("Arrived for {}; the flow (version {}) applied: {}", asked.en, e.version, rules),
            fmt::format("原定队列 {}；路由流程（第 {} 版）生效规则：{}", asked.zh, e.version, rules)};
  }
  Sentence operator()(const event::CallbackRequested& e) const {
    Sentence s{"Will be called back", "等待回拨"};
    if (e.at_ms > record.time_ms) {
      const Sentence later = duration_words(e.at_ms - record.time_ms);
      s += {" in " + later.en, "（" + later.zh + "后）"};
    } else {
      s += {", keeping the place in the queue", "，保留排队位置"};
    }
    s += e.order == CallbackOrder::kCustomerFirst ? Sentence{"; the customer is called first", "；先呼叫客户"}
                                                  : Sentence{"; the agent is called first", "；先呼叫客服"};
    s += {fmt::format("; {} attempts at most", e.attempts_max), fmt::format("；最多 {} 次", e.attempts_max)};
    return s;
  }
  Sentence operator()(const event::CallbackStarted& e) const {
    return {fmt::format("The customer is called for {}, attempt {}", words.agent(e.agent), e.attempt),
            fmt::format("为 {} 呼叫客户，第 {} 次", words.agent(e.agent), e.attempt)};
  }
  Sentence operator()(const event::CustomerReached&) const { return {"The customer answered", "客户已接听"}; }
  Sentence operator()(const event::CustomerMissed& e) const {
    Sentence s = missed_word(e.reason);
    if (e.next_ms > record.time_ms) {
      const Sentence later = duration_words(e.next_ms - record.time_ms);
      s += {"; tried again in " + later.en, "；" + later.zh + "后再试"};
    } else {
      s += {"; not tried again", "；不再尝试"};
    }
    return s;
  }
  Sentence operator()(const event::InteractionParked& e) const {
    return {"The customer owes an answer: it no longer counts for " + words.agent(e.agent),
            "等待客户回复，不再占用 " + words.agent(e.agent) + " 的名额"};
  }
  Sentence operator()(const event::InteractionUnparked& e) const {
    return {"Counts again for " + words.agent(e.agent), "重新占用 " + words.agent(e.agent) + " 的名额"};
  }
  Sentence operator()(const event::ParticipantJoined& e) const {
    const std::string by = words.agent(e.agent);
    const std::string who = words.agent(e.participant);
    return {by + " brought " + who + " into the conversation", by + " 邀请 " + who + " 加入会话"};
  }
  Sentence operator()(const event::ParticipantLeft& e) const {
    const std::string by = words.agent(e.agent);
    const std::string who = words.agent(e.participant);
    if (e.agent == e.participant) return {who + " left the conversation", who + " 离开会话"};
    return {by + " took " + who + " out of the conversation", by + " 将 " + who + " 移出会话"};
  }
  Sentence operator()(const event::InteractionHandedOver& e) const {
    const std::string by = words.agent(e.agent);
    const std::string to = words.agent(e.target);
    return {by + " left the conversation; " + to + ", who joined first, goes on with it",
            by + " 离开会话，由最先加入的 " + to + " 继续"};
  }
  Sentence operator()(const event::OutsideInvited& e) const {
    return {words.agent(e.agent) + " calls an outside number into the conversation",
            words.agent(e.agent) + " 呼叫外部号码加入会话"};
  }
  Sentence operator()(const event::OutsideJoined&) const {
    return {"The outside party is in the conversation", "外部人员已加入会话"};
  }
  Sentence operator()(const event::OutsideLeft& e) const {
    if (e.agent) {
      const std::string by = words.agent(e.agent);
      return {by + " took the outside party out of the conversation", by + " 将外部人员移出会话"};
    }
    return outside_left_word(e.reason);
  }
  Sentence operator()(const event::AvoidanceEnded&) const {
    return {"May be offered to everybody again", "可重新分配给所有客服"};
  }
  Sentence operator()(const event::OfferMade& e) const {
    const Sentence waited = duration_words(e.waited_ms);
    const std::string who = words.agent(e.agent);
    if (e.pulled)
      return {fmt::format("{} picked it after {}", who, waited.en),
              fmt::format("等待 {} 后由 {} 自取", waited.zh, who)};
    Sentence s{fmt::format("Offered to {} after {}", who, waited.en), fmt::format("等待 {} 后邀约 {}", waited.zh, who)};
    if (e.named) s += {", who was wanted in person", "（指定客服）"};
    if (e.ring > 0) s += {fmt::format(", {} steps relaxed", e.ring), fmt::format("，已放宽 {} 步", e.ring)};
    return s;
  }
  Sentence operator()(const event::OfferAccepted& e) const {
    return {words.agent(e.agent) + " accepted", words.agent(e.agent) + " 接受"};
  }
  Sentence operator()(const event::OfferDeclined& e) const {
    Sentence s{words.agent(e.agent) + " declined", words.agent(e.agent) + " 拒绝"};
    if (!e.reason.empty()) s += {": " + e.reason, "：" + e.reason};
    return s;
  }
  Sentence operator()(const event::OfferTimedOut& e) const {
    const std::string who = words.agent(e.agent);
    return {who + " did not answer in time and is now not responding", who + " 未及时应答，状态变为无响应"};
  }
  Sentence operator()(const event::OfferWithdrawn& e) const {
    return {"The offer to " + words.agent(e.agent) + " was withdrawn", "撤回对 " + words.agent(e.agent) + " 的邀约"};
  }
  Sentence operator()(const event::InteractionConnected& e) const {
    return {"Connected with " + words.agent(e.agent), "与 " + words.agent(e.agent) + " 接通"};
  }
  Sentence operator()(const event::ConnectionFailed& e) const {
    return {words.agent(e.agent) + " could not be connected: " + e.reason,
            "无法接通 " + words.agent(e.agent) + "：" + e.reason};
  }
  Sentence operator()(const event::MessagePosted& e) const {
    const Sentence by = e.agent ? Sentence{words.agent(e.agent), words.agent(e.agent)} : party_word(e.author);
    return {fmt::format("Message {} by {}", e.number, by.en), fmt::format("第 {} 条消息，来自{}", e.number, by.zh)};
  }
  Sentence operator()(const event::InteractionHeld& e) const {
    return {words.agent(e.agent) + " put it on hold", words.agent(e.agent) + " 保持通话"};
  }
  Sentence operator()(const event::InteractionResumed& e) const {
    return {words.agent(e.agent) + " resumed", words.agent(e.agent) + " 恢复通话"};
  }
  Sentence operator()(const event::TransferStarted& e) const {
    const Sentence to = e.target ? Sentence{words.agent(e.target), words.agent(e.target)} : words.queue(e.queue);
    const bool warm = e.kind == TransferKind::kWarm;
    return {fmt::format("{} starts a {} transfer to {}", words.agent(e.agent), name(e.kind), to.en),
            fmt::format("{} 发起{}转接到 {}", words.agent(e.agent), warm ? "咨询" : "盲", to.zh)};
  }
  Sentence operator()(const event::TransferCompleted& e) const {
    return {fmt::format("{} handed over to {}", words.agent(e.agent), words.agent(e.target)),
            fmt::format("{} 转交给 {}", words.agent(e.agent), words.agent(e.target))};
  }
  Sentence operator()(const event::TransferCancelled& e) const {
    return {"The transfer by " + words.agent(e.agent) + " was cancelled", words.agent(e.agent) + " 的转接已取消"};
  }
  Sentence operator()(const event::CustomerConnectionLost&) const {
    return {"The customer's connection is gone", "客户断线"};
  }
  Sentence operator()(const event::CustomerConnectionRestored&) const {
    return {"The customer is back", "客户重新连接"};
  }
  Sentence operator()(const event::InteractionAbandoned& e) const {
    const Sentence waited = duration_words(e.waited_ms);
    return {"The customer left after waiting " + waited.en, "客户等待 " + waited.zh + " 后离开"};
  }
  Sentence operator()(const event::InteractionEnded& e) const {
    const Sentence by = e.agent ? Sentence{words.agent(e.agent), words.agent(e.agent)} : party_word(e.by);
    Sentence s{"Ended by " + by.en, "由" + by.zh + "结束"};
    s += end_word(e.reason);
    if (e.handled_ms > 0) {
      const Sentence handled = duration_words(e.handled_ms);
      s += {" after " + handled.en, "，时长 " + handled.zh};
    }
    return s;
  }
  Sentence operator()(const event::WrapUpStarted& e) const {
    return {words.agent(e.agent) + " starts wrap-up", words.agent(e.agent) + " 开始话后处理"};
  }
  Sentence operator()(const event::WrapUpCompleted& e) const {
    Sentence s{words.agent(e.agent) + " finished wrap-up", words.agent(e.agent) + " 完成话后处理"};
    if (e.timed_out) s += {" (time ran out)", "（超时）"};
    if (!e.disposition.empty()) s += {": " + e.disposition, "：" + e.disposition};
    return s;
  }
  Sentence operator()(const event::PastInteractionAdded& e) const {
    const Sentence channel = channel_word(e.channel);
    Sentence s{"An earlier contact by " + channel.en + " was entered", "补录一次" + channel.zh + "联系"};
    const Sentence waited = duration_words(e.waited_ms);
    if (e.agent) {
      const std::string who = words.agent(e.agent);
      s += {"; answered by " + who + " after " + waited.en, "；等待 " + waited.zh + " 后由 " + who + " 接待"};
    } else {
      s += {"; nobody answered within " + waited.en, "；" + waited.zh + "内无人接待"};
    }
    s += end_word(e.reason);
    return s;
  }
};

}  // namespace

Sentence Words::say(const Event& event, const Record& record) const {
  return std::visit(Teller{*this, record}, event);
}

}  // namespace sb::engine
