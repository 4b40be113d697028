#include "app/configure.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace sb::app {

namespace {

using Levels = std::vector<std::pair<std::string, std::uint32_t>>;

// Ids by name: those the core knows, then new ones counted on from the highest.
template <class IdType>
class Names {
 public:
  void known(const std::string& name, IdType id) {
    ids_[name] = id;
    there_.insert(name);
    last_ = std::max(last_, id.value);
  }
  [[nodiscard]] bool was_there(const std::string& name) const { return there_.contains(name); }
  IdType get(const std::string& name) {
    auto& id = ids_[name];
    if (!id) id = IdType{++last_};
    return id;
  }

 private:
  std::map<std::string, IdType> ids_;
  std::set<std::string> there_;
  typename IdType::rep last_ = 0;
};

class Resolver {
 public:
  Resolver(Config& config, const routing::State& state)
      : config_(config), center_(config.center), present_flow_(state.flow) {
    for (const auto* s : state.skills.sorted()) skills_.known(s->name, s->id);
    for (const auto* q : state.queues.sorted()) queues_.known(q->config.name, q->id);
    for (const auto* a : state.agents.sorted()) agents_.known(a->login, a->id);
    for (const auto* a : state.agents.sorted()) present_agents_.push_back(a->id);
  }

  std::expected<std::vector<Command>, std::string> run() {
    commands_.emplace_back(config_.put_center);
    for (auto skill : config_.skills) {
      if (center_.skill(skill.name)) return std::unexpected("skill \"" + skill.name + "\" is defined twice");
      skill.id = skills_.get(skill.name);
      commands_.emplace_back(command::PutSkill{skill.id, skill.name});
      center_.skills.push_back(std::move(skill));
    }
    for (auto& queue : config_.queues) add_queue(queue);
    add_relaxations();
    for (auto& agent : config_.agents) add_agent(agent);
    center_.index_agents();
    add_flow();
    retire_agents();
    for (auto& number : config_.numbers) add_number(number);
    if (!center_.queue(config_.chat.queue)) problem("chat.queue: there is no queue \"" + config_.chat.queue + "\"");
    if (!problem_.empty()) return std::unexpected(problem_);
    return std::move(commands_);
  }

 private:
  void problem(std::string what) {
    if (problem_.empty()) problem_ = std::move(what);
  }

  std::vector<SkillLevel> levels(const Levels& named, const std::string& where) {
    std::vector<SkillLevel> all;
    for (const auto& [name, level] : named) {
      const auto* skill = center_.skill(name);
      if (!skill) {
        problem(fmt::format("{}: there is no skill \"{}\"", where, name));
      } else if (level > 0) {
        all.push_back({skill->id, level});
      }
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  void add_queue(QueueConfig& queue) {
    const std::string where = "queue " + queue.info.name;
    if (center_.queue(queue.info.name)) return problem(where + " is defined twice");
    queue.info.id = queue.put.queue = queues_.get(queue.info.name);
    queue.info.requires_skills.skills = levels(queue.requires_skills, where);
    for (const auto& group : queue.requires_any) queue.info.requires_skills.any.push_back({levels(group, where)});
    for (const auto& name : queue.prefers_skills) {
      if (const auto* skill = center_.skill(name)) {
        queue.info.requires_skills.preferred.push_back(skill->id);
      } else {
        problem(fmt::format("{}: there is no skill \"{}\"", where, name));
      }
    }
    auto& preferred = queue.info.requires_skills.preferred;
    std::sort(preferred.begin(), preferred.end());
    preferred.erase(std::unique(preferred.begin(), preferred.end()), preferred.end());
    for (const auto& name : queue.groups) {
      if (const auto* skill = center_.skill(name)) {
        queue.put.matching.groups.push_back(skill->id);
      } else {
        problem(fmt::format("{}.groups: there is no skill \"{}\"", where, name));
      }
    }
    if (!queues_.was_there(queue.info.name)) commands_.emplace_back(queue.put);
    center_.queues.push_back(queue.info);
  }

  // Steps may lead to any queue: new queues are put bare first, then every queue as it is to be.
  void add_relaxations() {
    for (auto& queue : config_.queues) {
      const std::string where = "queue " + queue.info.name + ".relaxation";
      for (RelaxConfig& config : queue.relaxation) {
        for (const auto& [named, id] :
             {std::pair{&config.skill, &config.step.skill}, std::pair{&config.other, &config.step.other}}) {
          if (named->empty()) continue;
          const auto* skill = center_.skill(*named);
          if (!skill) return problem(where + ": there is no skill \"" + *named + "\"");
          *id = skill->id;
        }
        if (!config.queue.empty()) {
          const auto* to = center_.queue(config.queue);
          if (!to) return problem(where + ": there is no queue \"" + config.queue + "\"");
          if (to->id == queue.put.queue) return problem(where + ": a queue cannot overflow into itself");
          config.step.queue = to->id;
        }
        queue.put.matching.relaxation.push_back(config.step);
      }
      commands_.emplace_back(queue.put);
    }
  }

  void add_agent(AgentConfig& agent) {
    const std::string where = "agent " + agent.info.login;
    for (const auto& other : center_.agents) {
      if (other.login == agent.info.login && config_.agents.size() < 100) problem(where + " is defined twice");
    }
    agent.info.id = agents_.get(agent.info.login);
    command::PutAgent put{agent.info.id, levels(agent.skills, where), {}, agent.capacity, agent.info.login,
                          agent.units};
    for (const auto& name : agent.queues) {
      const auto* queue = center_.queue(name);
      if (queue) {
        put.queues.push_back(queue->id);
      } else {
        problem(fmt::format("{}: there is no queue \"{}\"", where, name));
      }
    }
    std::sort(put.queues.begin(), put.queues.end());
    put.queues.erase(std::unique(put.queues.begin(), put.queues.end()), put.queues.end());
    commands_.emplace_back(std::move(put));
    center_.agents.push_back(agent.info);
  }

  // The file's rules; without any the present ones stay, with the zone's offsets as they are now.
  void add_flow() {
    Flow next{present_flow_.version + 1, present_flow_.rules, {}};
    if (config_.flow.given) {
      auto rules = engine::read_flow(config_.flow.rules.value, center_);
      if (!rules) return problem(config_.flow.message(rules.error()));
      next.rules = std::move(*rules);
    }
    if (!next.rules.empty()) next.offsets = center_.utc_offsets;
    if (next.rules == present_flow_.rules && next.offsets == present_flow_.offsets) return;
    commands_.emplace_back(command::PutFlow{std::move(next)});
  }

  // Whoever is no longer configured cannot sign in any more; while they hold work the core keeps them.
  void retire_agents() {
    for (const AgentId id : present_agents_) {
      const bool stays = std::any_of(center_.agents.begin(), center_.agents.end(),
                                     [&](const engine::AgentInfo& a) { return a.id == id; });
      if (!stays) commands_.emplace_back(command::RemoveAgent{id});
    }
  }

  void add_number(NumberConfig& number) {
    const std::string where = "phone number " + number.number.number;
    phone::Number resolved = number.number;
    for (const auto& item : number.menu) {
      const auto* queue = center_.queue(item.queue);
      if (!queue) return problem(where + ": there is no queue \"" + item.queue + "\"");
      Requirement own{levels(item.skills, where), {}};
      resolved.menu.push_back(
          {item.key, item.say, queue->id, engine::combine(queue->requires_skills, own), item.language});
    }
    resolved.default_queue = resolved.menu.front().queue;
    resolved.default_requirement = resolved.menu.front().requirement;
    config_.phone.numbers.push_back(std::move(resolved));
  }

  Config& config_;
  engine::Center& center_;
  const Flow& present_flow_;
  Names<SkillId> skills_;
  Names<QueueId> queues_;
  Names<AgentId> agents_;
  std::vector<AgentId> present_agents_;
  std::vector<Command> commands_;
  std::string problem_;
};

}  // namespace

std::expected<std::vector<Command>, std::string> resolve(Config& config, const routing::State& state) {
  return Resolver(config, state).run();
}

}  // namespace sb::app
