#include "engine/explain_offer.h"

#include <fmt/format.h>

#include <algorithm>

#include "routing/matcher.h"

namespace sb::engine {

namespace {

constexpr std::size_t kNamedMax = 3;  // passed over agents named in the sentence

struct Case {
  const routing::Agent* agent = nullptr;
  bool chosen = false;
  std::vector<Sentence> reasons;  // why not; empty: eligible and free
  std::int64_t score = 0;
  std::uint32_t preferred_levels = 0;
  std::size_t group = 0;  // place in the queue's groups
};

// Everything that keeps an agent from this piece of work at this moment, in the order a supervisor would ask.
class Examiner {
 public:
  Examiner(const routing::State& state, const routing::Interaction& i, const Words& words, TimeMs now)
      : state_(state), i_(i), words_(words), now_(now) {}

  std::vector<Sentence> examine(const routing::Agent& agent) {
    reasons_.clear();
    ability(agent);
    presence(agent);
    const bool asked = std::any_of(agent.offers.begin(), agent.offers.end(),
                                   [&](OfferId o) { return state_.offers.find(o)->interaction == i_.id; });
    if (asked) {
      no("was asked at the same time", "同时被邀约");
    } else if (agent.signed_in) {
      room(agent);
    }
    avoidance(agent);
    return std::move(reasons_);
  }

 private:
  void no(std::string en, std::string zh) { reasons_.push_back({std::move(en), std::move(zh)}); }

  void ability(const routing::Agent& agent) {
    const Sentence channel = channel_word(i_.channel);
    const std::size_t c = index_of(i_.channel);
    if (c >= agent.capacity.size() || agent.capacity[c] == 0) {
      no("does not take " + channel.en, "不处理" + channel.zh);
    }
    if (i_.requirement->only_agent) {
      if (i_.requirement->only_agent != agent.id) {
        no(words_.agent(i_.requirement->only_agent) + " was asked for in person",
           "指定了 " + words_.agent(i_.requirement->only_agent));
      }
      return;
    }
    if (!std::binary_search(agent.queues.begin(), agent.queues.end(), i_.queue)) {
      const Sentence queue = words_.queue(i_.queue);
      no("not in queue " + queue.en, "不在队列 " + queue.zh);
    }
    for (const SkillLevel& need : i_.requirement->skills) {
      const std::uint32_t has = routing::State::level_of(agent, need.skill);
      if (has >= need.level) continue;
      const std::string skill = words_.skill(need.skill);
      no(fmt::format("lacks {} >= {} (has {})", skill, need.level, has),
         fmt::format("技能 {} 不足：需要 {}，现有 {}", skill, need.level, has));
    }
    for (const AnyOf& group : i_.requirement->any) {
      const bool has_one = std::any_of(group.skills.begin(), group.skills.end(), [&](const SkillLevel& need) {
        return routing::State::level_of(agent, need.skill) >= need.level;
      });
      const std::string skills = words_.skills(group.skills);
      if (!has_one) no("has none of " + skills, "不具备任一：" + skills);
    }
    const auto& excluded = i_.requirement->excluded;
    if (std::binary_search(excluded.begin(), excluded.end(), agent.id)) no("excluded for this work", "被排除");
  }

  void presence(const routing::Agent& agent) {
    if (!agent.signed_in) return no("not signed in", "未签入");
    if (!agent.connected) no("disconnected", "已断线");
    if (agent.presence == Presence::kAway) {
      no(agent.reason.empty() ? "away" : "away: " + agent.reason,
         agent.reason.empty() ? "离开" : "离开：" + agent.reason);
    } else if (agent.presence == Presence::kNotResponding) {
      no("not responding", "无响应");
    } else if (agent.presence == Presence::kOffline) {
      no("offline", "离线");
    }
    if (agent.rest_until_ms > now_) {
      const Sentence left = duration_words(agent.rest_until_ms - now_);
      no("rests for another " + left.en + " after missed offers", "多次未接，暂停分配，还剩 " + left.zh);
    }
  }

  void room(const routing::Agent& agent) {
    const routing::Queue* queue = state_.queues.find(i_.queue);
    const bool soft = queue && routing::is_soft(*queue, i_.channel);
    if (state_.has_room(agent, i_.channel, soft)) return;
    const auto used_by = [&](Channel channel) {  // work that gives way is in the way of its like only
      const std::size_t n = index_of(channel);
      return static_cast<std::uint32_t>(agent.load[n] - (soft ? 0 : agent.soft[n]));
    };
    const std::size_t c = index_of(i_.channel);
    if (i_.channel != Channel::kPhone && used_by(Channel::kPhone) > 0) {
      return no("on a call", "通话中");
    }
    if (c < agent.capacity.size() && agent.capacity[c] > 0 && used_by(i_.channel) >= agent.capacity[c]) {
      const Sentence channel = channel_word(i_.channel);
      return no(fmt::format("no capacity ({} {}/{})", channel.en, used_by(i_.channel), agent.capacity[c]),
                fmt::format("已满（{} {}/{}）", channel.zh, used_by(i_.channel), agent.capacity[c]));
    }
    if (i_.channel == Channel::kPhone && used_by(Channel::kChat) + used_by(Channel::kMessage) > 0) {
      return no("busy with chats, a call needs all attention", "正在处理聊天，无法同时接电话");
    }
    no(fmt::format("no room for it in {} units", agent.units), fmt::format("总容量 {} 已不足", agent.units));
  }

  void avoidance(const routing::Agent& agent) {
    if (i_.has_participant(agent.id)) no("is in the conversation already", "已在会话中");
    if (!routing::avoids(i_, agent.id)) return;
    if (i_.consult) return no("is the one who asks for help", "是求助者本人");
    if (i_.avoided->until_ms <= now_) return no("avoided for now", "暂时回避");
    const Sentence left = duration_words(i_.avoided->until_ms - now_);
    no("avoided for another " + left.en + " (had it before)", "回避中，还剩 " + left.zh + "（此前未接）");
  }

  const routing::State& state_;
  const routing::Interaction& i_;
  const Words& words_;
  TimeMs now_;
  std::vector<Sentence> reasons_;
};

Sentence score_words(Policy policy, std::int64_t score, TimeMs now) {
  switch (policy) {
    case Policy::kLongestIdle: {
      const auto since = static_cast<TimeMs>(score);
      const Sentence idle = duration_words(now > since ? now - since : 0);
      return {"idle for " + idle.en, "空闲 " + idle.zh};
    }
    case Policy::kBestProficiency:
      return {fmt::format("skill points {}", -score), fmt::format("技能分 {}", -score)};
    case Policy::kLeastOccupied:
      return {fmt::format("{}% occupied", score / 10), fmt::format("负荷 {}%", score / 10)};
    case Policy::kRoundRobin:
      if (score == 0) return {"no offer yet", "尚未分配过"};
      return {fmt::format("last offer was number {}", score), fmt::format("上次邀约编号 {}", score)};
  }
  return {};
}

Sentence group_words(const Case& c, const routing::Queue* queue, const Words& words) {
  if (!queue || queue->config.matching.groups.empty()) return {};
  const auto& groups = queue->config.matching.groups;
  if (c.group >= groups.size()) return {"in none of the groups", "不在任何分组"};
  const std::string name = words.skill(groups[c.group]);
  return {fmt::format("group {} ({})", c.group + 1, name), fmt::format("第 {} 组（{}）", c.group + 1, name)};
}

boost::json::object case_json(const Case& c, const routing::Queue* queue, Policy policy, TimeMs now,
                              const Words& words) {
  boost::json::object out{{"agent", c.agent->id.value}, {"name", words.agent(c.agent->id)}};
  out["eligible"] = c.reasons.empty();
  if (c.chosen) out["chosen"] = true;
  boost::json::array en;
  boost::json::array zh;
  if (c.reasons.empty()) {
    out["score"] = c.score;
    if (c.preferred_levels > 0) out["preferred_levels"] = c.preferred_levels;
    if (const Sentence group = group_words(c, queue, words); !group.en.empty()) {
      out["group"] = c.group + 1;
      en.emplace_back(group.en);
      zh.emplace_back(group.zh);
    }
    const Sentence score = score_words(policy, c.score, now);
    en.emplace_back(score.en);
    zh.emplace_back(score.zh);
  }
  for (const Sentence& reason : c.reasons) {
    en.emplace_back(reason.en);
    zh.emplace_back(reason.zh);
  }
  out["reasons_en"] = std::move(en);
  out["reasons_zh"] = std::move(zh);
  return out;
}

std::string join(const std::vector<Sentence>& reasons, std::string Sentence::* language) {
  std::string out;
  for (const Sentence& reason : reasons) out += (out.empty() ? "" : ", ") + reason.*language;
  return out;
}

// "passed over: Zhao (lacks zh >= 50 (has 40)), Mei (away)".
Sentence passed_over(const std::vector<Case>& cases, Policy policy, TimeMs now, const Words& words) {
  Sentence s;
  std::size_t named = 0;
  for (const Case& c : cases) {
    if (c.chosen || !c.agent->signed_in) continue;
    if (++named > kNamedMax) continue;
    const Sentence score = score_words(policy, c.score, now);
    s += {fmt::format("{}{} ({})", named == 1 ? "; passed over: " : ", ", words.agent(c.agent->id),
                      c.reasons.empty() ? score.en : join(c.reasons, &Sentence::en)),
          fmt::format("{}{}（{}）", named == 1 ? "；未选：" : "、", words.agent(c.agent->id),
                      c.reasons.empty() ? score.zh : join(c.reasons, &Sentence::zh))};
  }
  if (named > kNamedMax) {
    s += {fmt::format(" and {} more", named - kNamedMax), fmt::format(" 等另外 {} 人", named - kNamedMax)};
  }
  return s;
}

}  // namespace

OfferCase explain_offer(const routing::State& before, const event::OfferMade& offer, TimeMs now, const Words& words) {
  OfferCase out;
  const routing::Interaction* i = before.interactions.find(offer.interaction);
  if (!i) return out;
  const routing::Queue* queue = before.queues.find(i->queue);
  const Policy policy = queue ? queue->config.policy : Policy::kLongestIdle;
  out.policy = std::string(name(policy));
  if (queue) out.order = queue->config.matching.order;
  out.place = before.position(*i);
  out.waiting = before.waiting.waiting_in(i->queue);

  Examiner examiner(before, *i, words, now);
  std::vector<Case> cases;
  for (const routing::Agent* agent : before.agents.sorted()) {
    Case c{agent, agent->id == offer.agent, examiner.examine(*agent), 0, 0, 0};
    if (c.reasons.empty()) {
      if (queue) c.group = routing::group_of(*agent, queue->config.matching);
      c.score = routing::score_of(*agent, policy, i->channel, i->requirement);
      c.preferred_levels = routing::preferred_levels_of(*agent, i->requirement);
    }
    cases.push_back(std::move(c));
  }
  // The chosen one, the other free ones in the order of the policy, then those who could come soonest.
  std::stable_sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) {
    const auto key = [](const Case& c) {
      const bool eligible = c.reasons.empty();
      return std::tuple{!c.chosen,
                        !eligible,
                        c.group,
                        -std::int64_t{c.preferred_levels},
                        eligible ? c.score : 0,
                        eligible ? c.agent->idle_order : 0,
                        !c.agent->signed_in,
                        c.reasons.size()};
    };
    return key(a) < key(b);
  });

  const Sentence by = policy_word(policy);
  const Sentence score = score_words(policy, offer.score, now);
  if (offer.pulled) {
    out.sentence = {": the queue lets agents pick", "：该队列允许自取"};
  } else if (offer.agent_freed) {
    out.sentence = {": became free and this was first in line (" + score.en + ")",
                    "：刚空闲，此项排在最前（" + score.zh + "）"};
  } else {
    out.sentence = {fmt::format(": best of {} free by {} ({})", offer.candidates, by.en, score.en),
                    fmt::format("：{} 位空闲客服中按{}选出（{}）", offer.candidates, by.zh, score.zh)};
  }
  if (offer.preferred_levels > 0) {
    out.sentence += {fmt::format(", preferred skills {}", offer.preferred_levels),
                     fmt::format("，优先技能分 {}", offer.preferred_levels)};
  }
  out.sentence += passed_over(cases, policy, now, words);
  if (cases.size() > kAgentsMax) {
    out.left_out = cases.size() - kAgentsMax;
    cases.resize(kAgentsMax);
  }
  for (const Case& c : cases) out.agents.push_back(case_json(c, queue, policy, now, words));
  return out;
}

}  // namespace sb::engine
