#include "tests/model/naive.h"

#include <algorithm>

namespace sb::model {

using R = Rejection;

// ---- time ----
void Naive::advance(TimeMs to) {
  enum Kind {
    kOffer = 1,
    kWrapUp,
    kAgentGrace,
    kCustomerGrace,
    kAvoidance,
    kPreferred,
    kRelaxation,
    kRest,
    kReply,
    kCallback
  };
  struct Due {
    TimeMs time;
    Kind kind;
    std::uint64_t subject;
    AgentId agent;
    InteractionId interaction;
    std::uint64_t part = 0;
  };
  while (true) {
    std::vector<Due> due;
    for (const Work& w : work_) {
      for (const Ask& ask : w.asks) due.push_back({ask.expires, kOffer, ask.offer, ask.agent, w.id});
      if (w.reply_until != 0) due.push_back({w.reply_until, kReply, w.id.value, w.agent, w.id});
      if (w.grace_until != 0) due.push_back({w.grace_until, kCustomerGrace, w.id.value, {}, w.id});
      if (w.avoid_until != 0) due.push_back({w.avoid_until, kAvoidance, w.id.value, {}, w.id});
      if (w.preferred_until != 0) due.push_back({w.preferred_until, kPreferred, w.id.value, {}, w.id});
      if (w.stage == Stage::kScheduled) due.push_back({w.at, kCallback, w.id.value, {}, w.id});
      if (w.hours_end != 0) due.push_back({w.hours_end, kCallback, w.id.value, {}, w.id});
      if (next_step(w)) due.push_back({relax_at(w), kRelaxation, w.queue.value, {}, w.id, w.ring});
    }
    for (const Agent& a : agents_) {
      for (const WrapUp& w : a.wrap_ups)
        due.push_back({w.until, kWrapUp, w.interaction.value, a.id, w.interaction, a.id.value});
      if (a.rest_until != 0) due.push_back({a.rest_until, kRest, a.id.value, a.id, {}});
      if (a.grace_until != 0) due.push_back({a.grace_until, kAgentGrace, a.id.value, a.id, {}});
    }
    const auto first = std::min_element(due.begin(), due.end(), [](const Due& a, const Due& b) {
      return std::tie(a.time, a.kind, a.subject, a.part, a.interaction) <
             std::tie(b.time, b.kind, b.subject, b.part, b.interaction);
    });
    if (first == due.end() || first->time > to) return;
    now_ = std::max(now_, first->time);
    Work* w = find(first->interaction);
    Agent* a = agent(first->agent);
    switch (first->kind) {
      case kOffer:
        if (a->presence == Presence::kAvailable) a->presence = Presence::kNotResponding;
        missed(*w, a->id);
        break;
      case kWrapUp:
        finish_wrap_up(*a, first->interaction);
        seek_work(a->id);
        break;
      case kCustomerGrace:
        end(*w, Party::kCustomer);
        break;
      case kPreferred:
        end_preference(*w);
        break;
      case kRelaxation:
        relax(*w);
        break;
      case kReply:
        w->reply_until = 0;
        w->parked = true;
        seek_work(a->id);
        break;
      case kCallback:
        callback_due(*w);
        break;
      case kRest:
        a->rest_until = 0;
        seek_work(a->id);
        break;
      case kAvoidance:
        w->avoid = w->avoid_also = {};
        w->missed_by.clear();
        w->avoid_until = 0;
        seek_agent(w->id);
        break;
      case kAgentGrace: {
        std::vector<std::pair<std::uint64_t, InteractionId>> held;
        for (const Work& i : work_) {
          const bool live = i.channel == Channel::kChat || i.channel == Channel::kMessage;
          if (live && i.agent == a->id) held.emplace_back(i.agent_order, i.id);
          if (live && i.consultant == a->id) held.emplace_back(i.consultant_order, i.id);
          for (const Participant& p : i.participants) {
            if (p.agent == a->id && i.channel != Channel::kPhone) held.emplace_back(p.order, i.id);
          }
        }
        std::sort(held.begin(), held.end());
        sign_out(*a);
        for (const auto& [order, i] : held) {
          Work& mine = *find(i);
          if (mine.agent != a->id && mine.consultant != a->id) {
            leave(mine, a->id);
          } else if (mine.consultant == a->id) {
            cancel_transfer(mine);
          } else if (mine.consultant) {
            complete_transfer(mine);
          } else {
            if (mine.warm) cancel_transfer(mine);
            if (mine.participants.empty()) {
              requeue(mine, {});
            } else {
              hand_over(mine);
            }
          }
        }
        break;
      }
    }
  }
}

}  // namespace sb::model
