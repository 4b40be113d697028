#pragma once
// The whole state of the contact center: what is alive, and the indexes over it. Changed only by apply().
//
// Owner thread: one (the sequencer's). Nothing here reads a clock, a file or a random number.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "proto/event.h"
#include "routing/agent_index.h"
#include "routing/deadlines.h"
#include "routing/entities.h"
#include "routing/relaxing.h"
#include "routing/slab.h"
#include "routing/waiting.h"

namespace sb::routing {

// Identities that became customers lately, so that two first messages at once make one customer. Bounded: the edge asks
// its own records for older ones, and the engine keeps those records from falling further behind than this.
struct KnownIdentity {
  IdentityHash identity;
  CustomerId customer;
  bool operator==(const KnownIdentity&) const = default;
  using Self = KnownIdentity;
  static constexpr auto fields() { return std::tuple{SB_FIELD(1, identity), SB_FIELD(2, customer)}; }
};
inline constexpr std::size_t kIdentityWindow = 65536;

struct Counters {
  std::uint64_t interaction = 0;  // last ones handed out
  std::uint64_t offer = 0;
  std::uint64_t ticket = 0;
  std::uint64_t customer = 0;
  std::uint64_t idle_order = 0;
  TimeMs time_ms = 0;           // of the last applied record
  std::int64_t fair_clock = 0;  // fair_share: virtual time, the rank of what was served last
  bool operator==(const Counters&) const = default;
  using Self = Counters;
  static constexpr auto fields() {
    return std::tuple{SB_FIELD(1, interaction), SB_FIELD(2, offer),   SB_FIELD(3, ticket),    SB_FIELD(4, customer),
                      SB_FIELD(5, idle_order),  SB_FIELD(6, time_ms), SB_FIELD(7, fair_clock)};
  }
};

// What the matcher compares of an agent without going to the agent, besides the idle order.
struct Gauge {
  std::uint64_t last_offer = 0;
  std::array<std::uint32_t, kChannelCount> occupied{};  // share of the channel's capacity in use, in thousandths
  std::uint32_t room = 0;  // a bit for each channel in free_agents, above them one for each in free_for_soft
};

class State {
 public:
  Slab<Skill> skills;
  Slab<Queue> queues;
  Slab<Agent> agents;
  Slab<Interaction> interactions;
  Slab<Offer> offers;
  Slab<Ticket> tickets;
  event::CenterPut center{.agent_grace_ms = 30'000, .customer_grace_ms = 120'000};
  Flow flow;  // what arrivals become; version 0: there is none
  Counters counters;
  std::deque<KnownIdentity> identities;  // oldest first

  // Derived.
  Waiting waiting;
  Deadlines deadlines;
  AgentIndex agent_index;
  std::array<Bitmap, kChannelCount> free_agents;    // agent slots that can take one more of the channel now
  std::array<Bitmap, kChannelCount> free_for_soft;  // ... if it is work that gives way; a part of those
  std::vector<std::uint64_t> idle_orders;           // by agent slot
  std::vector<Gauge> gauges;                        // by agent slot
  Relaxing relaxing;

  // Customer of an identity in the recent window, or none.
  [[nodiscard]] CustomerId customer_of(IdentityHash identity) const;
  void remember_identity(IdentityHash identity, CustomerId customer);

  // Whether the agent could ever serve the class (skills, queue, capacity), busy or not.
  [[nodiscard]] static bool eligible(const Agent& agent, QueueId queue, Channel channel,
                                     const Requirement& requirement);
  [[nodiscard]] static bool eligible(const Agent& agent, const RequirementClass& c) {
    return eligible(agent, c.queue, c.channel, c.requirement);
  }
  // The agent's proficiency; 0 without the skill.
  [[nodiscard]] static std::uint32_t level_of(const Agent& agent, SkillId skill);
  // Room in the capacity ledger: a call is exclusive, everything else counts per channel and, for an agent with units,
  // by its channel's weight. Soft work gives way: it takes no room from other work, and needs room beside everything.
  [[nodiscard]] bool has_room(const Agent& agent, Channel channel, bool soft) const {
    return ((room_of(agent, soft) >> index_of(channel)) & 1) != 0;
  }
  // Those who are free for the class, eligible or not.
  [[nodiscard]] const Bitmap& free_for(QueueId queue, Channel channel) const;
  // Whether an agent who is free now could take such an arrival. A scan of those who are free: asked only where an
  // arrival that must wait is refused.
  [[nodiscard]] bool anybody_free(QueueId queue, Channel channel, const Requirement& requirement) const;

  // Whether what joins the queue now must not wait there: it has no room left, or never has.
  [[nodiscard]] bool is_full(const Queue& queue) const;
  // Whether the queue takes an arrival now: there, open, and with room for it where it would wait.
  [[nodiscard]] Rejection room_for(QueueId queue, Channel channel, const Requirement& requirement) const;

  // Share of the channel's capacity in use, in thousandths.
  [[nodiscard]] static std::uint32_t occupied_of(const Agent& agent, Channel channel);
  void add_load(Agent& agent, Channel channel, bool soft, int change);
  // Recomputes the agent's bits in free_agents; after any change of load, presence or connection.
  void refresh_free(const Agent& agent);
  // Calls f with the slot of every agent who is eligible for the class.
  template <class F>
  void for_each_eligible(const RequirementClass& c, F&& f) const {
    const auto check = [&](std::uint32_t slot) {
      if (eligible(agents.at(slot), c)) f(slot);
    };
    if (!c.requirement->only_agent) return agent_index.for_each_candidate(c.queue, c.requirement, check);
    const std::uint32_t slot = agents.slot_of(c.requirement->only_agent);
    if (slot != Slab<Agent>::kNoSlot) check(slot);
  }
  // Recomputes the agent's eligibility over all classes; after any change of skills, queues or capacity.
  void refresh_eligible(const Agent& agent);
  void touch_idle(Agent& agent, TimeMs now);

  // Puts the interaction into (or takes it out of) the waiting order by its queue, requirement and rank.
  void enter_waiting(Interaction& interaction);
  void leave_waiting(Interaction& interaction);

  // Each sets or clears (until_ms 0) what it says, with its deadline.
  void set_avoid(Interaction& interaction, AgentId agent, TimeMs until_ms, AgentId also = {});
  void set_preferred(Interaction& interaction, TimeMs until_ms);
  void set_reply(Interaction& interaction, TimeMs until_ms);
  void set_rest(Agent& agent, TimeMs until_ms);
  void set_callback_due(Interaction& interaction, TimeMs due_ms);
  // The steps of its queue's relaxation count from now on, by its queue, ring and joined_ms; or no longer. Stop before
  // changing any of those.
  void start_relaxation(Interaction& interaction);
  void stop_relaxation(Interaction& interaction);
  // After a change of the queue's steps.
  void reschedule_relaxation(const Queue& queue);
  // When its next step is due; 0: none is.
  [[nodiscard]] TimeMs relax_at(const Interaction& interaction) const;

  // 1-based place in the queue; 0 when it does not wait.
  [[nodiscard]] std::size_t position(const Interaction& interaction) const;
  // Estimated wait from measured departures: place x mean time between the queue's last departures (up to 16, within
  // the last 30 minutes). None while fewer than four were seen.
  [[nodiscard]] std::optional<DurationMs> estimated_wait(const Interaction& interaction, TimeMs now) const;
  // When the longest waiting interaction of the queue joined it, among the first `searched` in order; 0: none waits.
  [[nodiscard]] TimeMs oldest_queued_ms(QueueId queue, std::size_t searched) const;

 private:
  // A bit for each channel that has room.
  [[nodiscard]] std::uint32_t room_of(const Agent& agent, bool soft) const;
  void watch_relaxation(const Queue& queue, std::uint32_t ring);

  FlatMap<std::uint64_t> customer_by_identity_;  // by identity.low, checked against the window's entry
  std::uint64_t identity_base_ = 0;              // serial number of identities.front()
};

}  // namespace sb::routing
