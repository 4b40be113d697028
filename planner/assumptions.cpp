#include <algorithm>
#include <array>
#include <cstdio>

#include "planner/what_if.h"

// What a what-if rests on, in plain sentences; only what applies to the recording at hand.
namespace sb::planner {

namespace {

std::string number(std::uint64_t n) {
  return std::to_string(n);
}

// "180 s"
std::string time_of(double seconds, const char* unit) {
  char text[32];
  std::snprintf(text, sizeof text, seconds < 10 ? "%.1f %s" : "%.0f %s", seconds, unit);
  return text;
}

struct Text {
  std::string en;
  std::string zh;
};

class Sentences {
 public:
  void say(std::string en, std::string zh) { all.push_back({std::move(en), std::move(zh)}); }
  // Of something counted, unless there is none of it. `many` and `zh` follow the number; `one` is the whole sentence.
  void say_if(std::uint64_t count, const std::string& one, const std::string& many, const std::string& zh) {
    if (count > 0) say(count == 1 ? one : number(count) + many, number(count) + zh);
  }
  std::vector<Assumption> all;
};

// "Billing (phone)"
Text place_of(const RecordedDay& day, const Behaviour& b) {
  static constexpr std::array<std::string_view, kChannelCount> kEn{"", "phone", "chat", "e-mail", "message", "form"};
  static constexpr std::array<std::string_view, kChannelCount> kZh{"", "电话", "在线聊天", "邮件", "消息", "表单"};
  const auto queue = std::find_if(day.queues.begin(), day.queues.end(), [&](const auto& q) { return q.id == b.queue; });
  Text place{"?", "?"};
  if (queue != day.queues.end()) {
    place.en = queue->title_en.empty() ? queue->name : queue->title_en;
    place.zh = queue->title_zh.empty() ? place.en : queue->title_zh;
  }
  const auto channel = static_cast<std::size_t>(b.channel);
  place.en += " (" + std::string(kEn[channel]) + ")";
  place.zh += "（" + std::string(kZh[channel]) + "）";
  return place;
}

Text patience_of(const Patience& p) {
  if (p.endless()) {
    return {"nobody left while waiting, so nobody ever does in the simulation.",
            "记录中无人在等待时离开，因此模拟中也无人离开。"};
  }
  const std::string left = number(p.left());
  if (p.curve()) {
    return {"drawn from the Kaplan-Meier curve of " + left +
                " customers who left; whoever was answered counts as more patient than their wait.",
            "取自 " + left + " 位离开者的 Kaplan-Meier 曲线；已被接起者视为耐心长于其等待时间。"};
  }
  const std::string why = p.left() == 1 ? "all time waited, as only one left."
                                        : "all time waited divided by the " + left + " who left, because few left.";
  return {"exponential with a mean of " + time_of(p.mean_s(), "s") + ": " + why,
          "离开者较少，取均值 " + time_of(p.mean_s(), "秒") + "的指数分布（总等待时间除以 " + left + " 位离开者）。"};
}

void about_patience(Sentences& s, const Recording& r, const RecordedDay& titled) {
  constexpr std::size_t kNamedMax = 20;
  std::size_t named = 0;
  for (const Behaviour& b : *r.day.behaviours) {
    if (++named > kNamedMax) return;
    const Text where = place_of(titled, b);
    const Text what = patience_of(b.patience);
    s.say("Patience in " + where.en + ": " + what.en, where.zh + "的耐心：" + what.zh);
  }
}

void about_changed_flow(Sentences& s, const RecordedDay& alternative) {
  const auto asked = std::count_if(alternative.arrivals.begin(), alternative.arrivals.end(), [&](const auto& arrival) {
    return arrival.counted && alternative.kinds[arrival.kind].asks_flow;
  });
  if (asked == 0) return;
  const std::string count = number(static_cast<std::uint64_t>(asked));
  s.say("The alternative asks the changed flow about " +
            (asked == 1 ? "1 arrival, with what it said when it came"
                        : count + " arrivals, with what they said when they came") +
            " and with the queues and agents as simulated; the day as it was asks no flow, its arrivals are where they "
            "really were.",
        "替代方案按到达时的信息及模拟中的队列和客服，就 " + count +
            " 次到达询问更改后的路由流程；“原样”不再询问流程，到达保留实际得到的位置。");
  s.say(
      "Whom the changed flow leads elsewhere brings the handle time, wrap-up, time to answer and patience of the queue "
      "they really came to.",
      "被更改后的流程引向别处者，仍按其实际所在队列抽取处理时间、话后处理、接起延迟与耐心。");
  s.say(
      "Arrivals that became tickets out of hours are missing, and whom the changed flow makes a ticket is not offered.",
      "因非工作时间成为工单的到达不在其中；被更改后的流程转为工单者不计入进线。");
}

void about_arrivals(Sentences& s, const Recording& r, const RecordedDay& alternative) {
  s.say_if(r.offered,
           "1 arrival comes when it came, in every replication; confidence is about handle times and patience, not "
           "about another day's demand.",
           " arrivals come when they came, in every replication; confidence is about handle times and patience, not "
           "about another day's demand.",
           " 次到达在每次重复中都按记录的时间发生；置信区间反映处理时间与耐心的随机性，不反映另一天的需求。");
  const bool scaled = std::any_of(alternative.queues.begin(), alternative.queues.end(),
                                  [](const auto& q) { return q.arrivals_factor != 1; });
  if (scaled) {
    s.say("More arrivals are copies of recorded ones within five minutes of them; fewer leave some out by chance.",
          "增加的到达是已记录到达的副本，时间相差不超过五分钟；减少则随机略去一部分。");
  }
  s.say("Arrivals that a full or closed queue refused are not in the journal, so they are missing here too.",
        "因队列已满或关闭而被拒绝的到达不在日志中，这里同样没有。");
  s.say_if(r.simplified.by_flow,
           "1 arrival was changed by the flow; as it was, it keeps the queue and requirement the flow gave it.",
           " arrivals were changed by the flow; as it was, they keep the queue and requirement it gave them.",
           " 次到达曾被路由流程更改；“原样”中保留当时得到的队列与要求。");
  about_changed_flow(s, alternative);
  s.say_if(r.simplified.returned,
           "Once a contact came back to a queue (a transfer, a lost agent, a late reply): this counts as an arrival at "
           "its recorded time.",
           " times a contact came back to a queue (a transfer, a lost agent, a late reply): each counts as an arrival "
           "at its recorded time.",
           " 次有联系回到队列（转接、客服断线、迟到的回复）：每次都按记录时间算作一次到达。");
}

void about_work(Sentences& s, const Recording& r) {
  s.say("Handle time and wrap-up are drawn together from the " +
            (r.handled == 1 ? "one contact" : number(r.handled) + " contacts") +
            " recorded, by queue and channel, whoever the agent is.",
        "处理时间与话后处理成对取自已记录的 " + number(r.handled) + " 次联系，按队列和渠道区分，与客服个人无关。");
  s.say_if(r.simplified.borrowed, "1 queue and channel where nobody was answered uses the handle times of the others.",
           " queues and channels where nobody was answered use the handle times of the others.",
           " 个无人被接起的队列渠道借用其他队列的处理时间。");
  s.say_if(r.simplified.never_ended, "1 contact had not ended when the reading stopped; its handle time is unknown.",
           " contacts had not ended when the reading stopped; their handle times are unknown.",
           " 次联系在读取结束时尚未结束；其处理时间未知。");
  s.say_if(r.simplified.consults, "Once a second agent was asked to help; this work of the second agent is left out.",
           " times a second agent was asked to help; this work of the second agent is left out.",
           " 次请求第二位客服协助；第二位客服的这部分工作未计入。");
}

void about_agents(Sentences& s, const Recording& r) {
  s.say(
      "Agents take work exactly when they did, breaks included, in the alternative too; their skills, queues and "
      "capacity, and the settings of the queues, change when they did.",
      "客服接单的时段（包括休息）与记录完全相同，替代方案亦然；技能、队列、容量及队列设置按记录的时间变化。");
  s.say("Offers are accepted after delays drawn from the recorded ones; nobody declines or misses one.",
        "邀约在取自记录的延迟之后被接受；无人拒绝或错过。");
  s.say_if(r.simplified.declined + r.simplified.missed, "1 offer was really declined or missed.",
           " offers were really declined or missed.", " 个邀约实际上被拒绝或错过。");
  s.say_if(r.simplified.under_way,
           "1 contact was under way at the beginning; it keeps its agent for as long as it did and is not counted.",
           " contacts were under way at the beginning; they keep their agents for as long as they did and are not "
           "counted.",
           " 次联系在开始时正在进行；它们占用原客服直至记录的结束，且不计入。");
  s.say_if(r.simplified.waiting, "1 customer was waiting at the beginning; they are served and not counted.",
           " customers were waiting at the beginning; they are served and not counted.",
           " 位客户在开始时正在等待；他们会得到服务，但不计入。");
  s.say_if(r.simplified.callbacks,
           "1 customer asked to be called back: taken to wait on the line where they kept their place, else to arrive "
           "when called.",
           " customers asked to be called back: those who kept their place are taken to wait on the line, the others "
           "to arrive when called.",
           " 位客户要求回拨：保留位置者视为在线等待，其余视为在回拨时到达。");
}

}  // namespace

std::vector<Assumption> assumptions(const Recording& recording, const RecordedDay& alternative) {
  Sentences s;
  about_arrivals(s, recording, alternative);
  about_work(s, recording);
  about_patience(s, recording, alternative);
  about_agents(s, recording);
  return std::move(s.all);
}

}  // namespace sb::planner
