#include "planner/changes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace sb::planner {

namespace {

template <class T>
void sort_unique(std::vector<T>& all) {
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

double at_work_s(const RecordedAgent& agent) {
  double sum_s = 0;
  for (const Shift& shift : agent.shifts) sum_s += shift.until_s - shift.from_s;
  return sum_s;
}

void set_capacity(command::PutAgent& put, std::uint32_t capacity) {
  put.capacity.assign(kChannelCount, capacity);
  put.capacity[index_of(Channel::kNone)] = 0;
  put.units = 0;
}

class Changer {
 public:
  Changer(RecordedDay day, const Changes& changes) : day_(std::move(day)), changes_(changes) {}

  RecordedDay run() {
    for (const Selection& s : changes_.remove_agents) remove(s);
    if (changes_.flow) set_flow(day_, *changes_.flow);
    for (const ChangeAgents& c : changes_.change_agents) change(c);
    for (const ChangeQueue& q : changes_.queues) change(q);
    for (const AddAgents& a : changes_.add_agents) add(a);
    for (RecordedQueue& q : day_.queues) {
      q.arrivals_factor *= changes_.arrivals_factor;
      q.handle_time_factor *= changes_.handle_time_factor;
    }
    forget_the_removed();
    return std::move(day_);
  }

 private:
  SkillId skill(const Named& named) const {
    for (const auto& s : day_.skills) {
      if (s.name == named.name) return s.skill;
    }
    named.place.fail("there is no skill \"" + named.name + "\" in the recorded interval");
  }
  QueueId queue(const Named& named) const {
    for (const auto& q : day_.put_queues) {
      if (q.name == named.name) return q.queue;
    }
    named.place.fail("there is no queue \"" + named.name + "\" in the recorded interval");
  }
  const RecordedAgent& agent(const Named& named) const {
    for (const auto& a : day_.agents) {
      if (a.put.login == named.name) return a;
    }
    named.place.fail("there is no agent \"" + named.name + "\" in the recorded interval");
  }
  std::vector<SkillLevel> levels(const std::vector<std::pair<Named, std::uint32_t>>& named) const {
    std::vector<SkillLevel> all;
    all.reserve(named.size());
    for (const auto& [name, level] : named) all.push_back({skill(name), level});
    std::sort(all.begin(), all.end());
    return all;
  }
  std::vector<QueueId> queues(const std::vector<Named>& named) const {
    std::vector<QueueId> all;
    all.reserve(named.size());
    for (const Named& name : named) all.push_back(queue(name));
    sort_unique(all);
    return all;
  }

  // In order of id; with a count those who were at work longest.
  std::set<AgentId> who(const Selection& s) const {
    std::vector<const RecordedAgent*> found;
    if (!s.logins.empty()) {
      for (const Named& login : s.logins) found.push_back(&agent(login));
    } else {
      const SkillId group = s.group ? skill(*s.group) : SkillId{};
      const QueueId serves = s.queue ? queue(*s.queue) : QueueId{};
      for (const RecordedAgent& a : day_.agents) {
        const bool has = std::any_of(a.put.skills.begin(), a.put.skills.end(),
                                     [&](const SkillLevel& l) { return l.skill == group; });
        const bool takes = std::find(a.put.queues.begin(), a.put.queues.end(), serves) != a.put.queues.end();
        if (s.group ? has : takes) found.push_back(&a);
      }
    }
    if (found.empty()) s.place.fail("nobody is meant: no agent has this skill or serves this queue");
    if (s.count && *s.count > found.size()) {
      s.place.fail("means " + std::to_string(found.size()) + " agents, fewer than count");
    }
    if (s.count) {
      std::stable_sort(found.begin(), found.end(),
                       [](const auto* a, const auto* b) { return at_work_s(*a) > at_work_s(*b); });
      found.resize(*s.count);
    }
    std::set<AgentId> ids;
    for (const RecordedAgent* a : found) ids.insert(a->put.agent);
    return ids;
  }

  // Every setting of the agent, now and later.
  template <class F>
  void for_settings_of(const std::set<AgentId>& ids, F&& f) {
    for (RecordedAgent& a : day_.agents) {
      if (ids.contains(a.put.agent)) f(a.put);
    }
    for (PlannedCommand& planned : day_.planned) {
      auto* put = std::get_if<command::PutAgent>(&planned.command);
      if (put && ids.contains(put->agent)) f(*put);
    }
  }

  void remove(const Selection& s) {
    const std::set<AgentId> ids = who(s);
    removed_.insert(ids.begin(), ids.end());
    std::erase_if(day_.agents, [&](const RecordedAgent& a) { return ids.contains(a.put.agent); });
    std::erase_if(day_.planned, [&](const PlannedCommand& planned) {
      const auto* put = std::get_if<command::PutAgent>(&planned.command);
      return put && ids.contains(put->agent);
    });
  }

  void change(const ChangeAgents& c) {
    const std::vector<SkillLevel> skills = levels(c.skills);
    const std::vector<QueueId> served = c.queues ? queues(*c.queues) : std::vector<QueueId>{};
    for_settings_of(who(c.who), [&](command::PutAgent& put) {
      for (const SkillLevel& changed : skills) {
        std::erase_if(put.skills, [&](const SkillLevel& has) { return has.skill == changed.skill; });
        if (changed.level > 0) put.skills.push_back(changed);
      }
      std::sort(put.skills.begin(), put.skills.end());
      if (c.queues) put.queues = served;
      if (c.capacity) set_capacity(put, *c.capacity);
    });
  }

  // Every skill that somebody in these queues asks for, at the highest level asked.
  std::vector<SkillLevel> asked_in(const std::vector<QueueId>& served) const {
    std::map<SkillId, std::uint32_t> highest;
    const auto ask = [&](const std::vector<SkillLevel>& skills) {
      for (const SkillLevel& need : skills) highest[need.skill] = std::max(highest[need.skill], need.level);
    };
    for (const ArrivalKind& kind : day_.kinds) {
      if (!std::binary_search(served.begin(), served.end(), kind.start.queue)) continue;
      ask(kind.start.requirement.skills);
      for (const AnyOf& group : kind.start.requirement.any) ask(group.skills);
    }
    for (const FlowRule& rule : day_.flow.rules) {
      const bool leads_here = !rule.then.queue || std::binary_search(served.begin(), served.end(), rule.then.queue);
      if (!leads_here) continue;
      ask(rule.then.require);
      for (const AnyOf& group : rule.then.require_any) ask(group.skills);
    }
    std::vector<SkillLevel> all;
    all.reserve(highest.size());
    for (const auto& [id, level] : highest) all.push_back({id, level});
    return all;
  }

  void add(const AddAgents& a) {
    RecordedAgent model;
    const double horizon_s = 2 * static_cast<double>(day_.duration) / kTicksPerS;
    model.shifts = {{0, horizon_s}};
    for (const auto& q : day_.put_queues) model.put.queues.push_back(q.queue);
    sort_unique(model.put.queues);
    set_capacity(model.put, 1);
    if (a.like) model = agent(*a.like);
    if (a.queues) model.put.queues = queues(*a.queues);
    if (a.skills) {
      model.put.skills = levels(*a.skills);
    } else if (!a.like) {
      model.put.skills = asked_in(model.put.queues);
    }
    if (a.capacity) set_capacity(model.put, *a.capacity);
    if (a.from_ms || a.until_ms) {
      const auto at_s = [&](TimeMs at) {
        const double s = (static_cast<double>(at) - static_cast<double>(day_.from_ms)) / 1000;
        return std::clamp(s, 0.0, horizon_s);
      };
      const Shift shift{a.from_ms ? at_s(*a.from_ms) : 0, a.until_ms ? at_s(*a.until_ms) : horizon_s};
      model.shifts.clear();
      if (shift.until_s > shift.from_s) model.shifts.push_back(shift);
    }
    for (std::uint32_t n = 0; n < a.count; ++n) {
      std::uint32_t last = 0;
      for (const RecordedAgent& other : day_.agents) last = std::max(last, other.put.agent.value);
      for (const AgentId other : removed_) last = std::max(last, other.value);
      model.put.agent = {last + 1};
      model.put.login = "added-" + std::to_string(last + 1);
      day_.agents.push_back(model);
    }
  }

  std::vector<RelaxStep> steps(const std::vector<ChangedStep>& changed, QueueId own) const {
    std::vector<RelaxStep> all;
    for (const ChangedStep& c : changed) {
      RelaxStep step = c.step;
      if (c.skill) step.skill = skill(*c.skill);
      if (c.other) step.other = skill(*c.other);
      if (c.queue) step.queue = queue(*c.queue);
      if (c.queue && step.queue == own) c.queue->place.fail("a queue cannot overflow into itself");
      all.push_back(step);
    }
    return all;
  }

  void change(const ChangeQueue& c) {
    const QueueId id = queue(c.queue);
    std::vector<SkillId> groups;
    for (const Named& named : c.groups.value_or(std::vector<Named>{})) groups.push_back(skill(named));
    const auto relaxation = c.relaxation ? steps(*c.relaxation, id) : std::vector<RelaxStep>{};
    const auto set = [&](command::PutQueue& put) {
      QueueMatching& m = put.matching;
      if (c.policy) put.policy = *c.policy;
      if (c.order) m.order = *c.order;
      if (c.level) m.level = *c.level;
      if (c.priority_step_s) put.priority_step_ms = milliseconds(*c.priority_step_s);
      if (c.tier_step_s) m.tier_step_ms = milliseconds(*c.tier_step_s);
      if (c.weight) m.weight = *c.weight;
      if (c.max_waiting) put.max_waiting = *c.max_waiting;
      if (c.no_waiting) m.no_waiting = *c.no_waiting;
      if (c.target_s) m.target_ms = milliseconds(*c.target_s);
      if (c.preferred_agent_s) m.preferred_ms = milliseconds(*c.preferred_agent_s);
      if (c.groups) m.groups = groups;
      if (c.relaxation) m.relaxation = relaxation;
    };
    for (command::PutQueue& put : day_.put_queues) {
      if (put.queue == id) set(put);
    }
    for (PlannedCommand& planned : day_.planned) {
      auto* put = std::get_if<command::PutQueue>(&planned.command);
      if (put && put->queue == id) set(*put);
    }
    for (RecordedQueue& q : day_.queues) {
      if (q.id != id) continue;
      if (c.target_s) q.in_time_s = *c.target_s;
      if (c.wrap_up_s) q.wrap_up_s = c.wrap_up_s;
      q.arrivals_factor *= c.arrivals_factor;
      q.handle_time_factor *= c.handle_time_factor;
    }
    if (c.requirement) require(id, levels(*c.requirement));
  }

  // What every arrival of the queue asks for is what the queue asks for; the rest is the customer's own.
  void require(QueueId id, const std::vector<SkillLevel>& wanted) {
    std::map<SkillId, std::size_t> asked;
    std::size_t kinds = 0;
    const auto asks = [&](const ArrivalKind& kind) {
      return kind.start.queue == id && (!kind.start.requirement.only_agent || !kind.start.requirement.skills.empty());
    };
    for (const ArrivalKind& kind : day_.kinds) {
      if (!asks(kind)) continue;
      ++kinds;
      for (const SkillLevel& need : kind.start.requirement.skills) ++asked[need.skill];
    }
    for (ArrivalKind& kind : day_.kinds) {
      if (!asks(kind)) continue;
      auto& skills = kind.start.requirement.skills;
      std::erase_if(skills, [&](const SkillLevel& need) { return asked[need.skill] == kinds; });
      for (const SkillLevel& need : wanted) {
        std::erase_if(skills, [&](const SkillLevel& own) { return own.skill == need.skill; });
        skills.push_back(need);
      }
      std::sort(skills.begin(), skills.end());
    }
  }

  // Nobody waits for an agent who is not there.
  void forget_the_removed() {
    for (ArrivalKind& kind : day_.kinds) {
      Requirement& r = kind.start.requirement;
      if (removed_.contains(r.only_agent)) r.only_agent = {};
      std::erase_if(r.excluded, [&](AgentId id) { return removed_.contains(id); });
    }
    for (RecordedArrival& arrival : day_.arrivals) {
      if (removed_.contains(arrival.preferred)) arrival.preferred = {};
    }
  }

  RecordedDay day_;
  const Changes& changes_;
  std::set<AgentId> removed_;
};

}  // namespace

std::expected<RecordedDay, ChangeProblem> changed(RecordedDay day, const Changes& changes) {
  try {
    return Changer(std::move(day), changes).run();
  } catch (const ScenarioError& error) {
    return std::unexpected(ChangeProblem{error.what(), {error.field, error.reason, error.line}});
  }
}

}  // namespace sb::planner
