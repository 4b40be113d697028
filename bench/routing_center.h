#pragma once
// A contact center inside the core alone, for the benchmarks: agents with random skills, classes of work, no disk.
#include <algorithm>
#include <deque>
#include <random>
#include <vector>

#include "routing/core.h"

namespace sb::routing {

inline constexpr TimeMs kT0 = 1'700'000'000'000;
inline constexpr std::uint32_t kQueues = 10;

struct Size {
  std::uint32_t agents;
  std::uint32_t skills;
  std::uint32_t skills_per_agent;
  std::uint32_t classes;  // distinct combinations of queue and required skills
  std::uint32_t backlog;  // waiting throughout
};
inline constexpr Size kSizes[] = {
    {100, 50, 10, 100, 500}, {1'000, 50, 10, 200, 10'000}, {10'000, 1'000, 20, 2'000, 100'000}};

class Center {
 public:
  Center(const Size& size, Policy policy) : agents_(size.agents), backlog_(size.backlog), random_(42) {
    for (std::uint32_t s = 1; s <= size.skills; ++s) run(command::PutSkill{{s}, "skill"});
    for (std::uint32_t q = 1; q <= kQueues; ++q) {
      command::PutQueue c{.queue = {q}, .name = "queue", .open = true, .policy = policy, .offer_timeout_ms = 20'000};
      c.avoid_ms = 30'000;
      run(c);
    }
    std::vector<QueueId> all_queues;
    for (std::uint32_t q = 1; q <= kQueues; ++q) all_queues.push_back({q});
    for (std::uint32_t a = 1; a <= size.agents; ++a) {
      run(command::PutAgent{{a}, levels(size.skills, size.skills_per_agent, 50), all_queues, {0, 0, 1}, {}});
      run(command::SignInAgent{{a}, 1, Presence::kAvailable});
    }
    for (std::uint32_t c = 0; c < size.classes; ++c) {
      command::StartInteraction start;
      start.channel = Channel::kChat;
      start.queue = {1 + c % kQueues};
      start.requirement.skills = levels(size.skills, 1, 40);
      start.identity = {c + 1, c + 1};
      classes_.emplace_back(start);
    }
  }

  // Arrives; whoever is free and fits is offered it and accepts.
  InteractionId arrive() {
    const Outcome o = run(classes_[random_() % classes_.size()]);
    accept_all();
    return {o.result};
  }
  void end(InteractionId id) {
    run(command::EndInteraction{id, Party::kCustomer, {}, EndReason::kHungUp});
    accept_all();
  }
  // One contact arrives, the oldest conversation ends.
  void cycle() {
    arrive();
    end(take_active());
  }
  // Every class is known afterwards: what a new one costs is a worst case of its own.
  void make_half_busy() {
    for (const Command& one : classes_) {
      const InteractionId id{run(one).result};
      accept_all();
      end(id);
    }
    active_.clear();
    for (std::uint32_t tries = 0; active() < agents_ / 2 && tries < agents_; ++tries) arrive();
  }
  void make_backlog() {
    while (waiting() < backlog_) arrive();
  }
  [[nodiscard]] InteractionId take_active() {
    const InteractionId id = active_.front();
    active_.pop_front();
    return id;
  }
  [[nodiscard]] std::size_t active() const { return active_.size(); }
  [[nodiscard]] std::size_t waiting() const { return core_.state().interactions.size() - active_.size(); }

  std::vector<SkillLevel> levels(std::uint32_t skills, std::uint32_t count, std::uint32_t least) {
    std::vector<SkillLevel> all;
    while (all.size() < count) {
      const SkillId skill{1 + static_cast<std::uint32_t>(random_() % skills)};
      if (std::none_of(all.begin(), all.end(), [&](const SkillLevel& s) { return s.skill == skill; })) {
        all.push_back({skill, least + static_cast<std::uint32_t>(random_() % 10)});
      }
    }
    std::sort(all.begin(), all.end());
    return all;
  }
  Outcome run(const Command& c) { return core_.step(c, Source::kApi, {}, ++now_, events_); }
  [[nodiscard]] const State& state() const { return core_.state(); }
  [[nodiscard]] TimeMs now() const { return now_; }
  void accept_all() {
    std::vector<command::AcceptOffer> offers;
    for (const Event& e : events_) {
      if (const auto* made = std::get_if<event::OfferMade>(&e)) {
        offers.push_back({made->agent, made->offer});
        active_.push_back(made->interaction);
      }
    }
    for (const auto& offer : offers) run(offer);
  }

 private:
  std::uint32_t agents_;
  std::uint32_t backlog_;
  Core core_;
  std::mt19937_64 random_;
  TimeMs now_ = kT0;
  std::vector<Event> events_;
  std::vector<Command> classes_;
  std::deque<InteractionId> active_;  // oldest first
};

}  // namespace sb::routing
