#pragma once
// One command decided: reads the state, emits events and applies each as it goes. One function per command; the bodies
// are in decide_*.cpp by subject. Private to the room: use Core::step().
#include <algorithm>
#include <functional>
#include <vector>

#include "proto/command.h"
#include "proto/event.h"
#include "routing/apply.h"
#include "routing/state.h"

namespace sb::routing {

struct FlowArrival;

struct Decision {
  Rejection rejection = Rejection::kNone;
  std::uint64_t result = 0;  // what was created
};

template <class T, class Less = std::less<>>
[[nodiscard]] bool strictly_sorted(const std::vector<T>& v, Less less = {}) {
  return std::adjacent_find(v.begin(), v.end(), [&](const T& a, const T& b) { return !less(a, b); }) == v.end();
}
inline constexpr auto by_skill = [](const SkillLevel& a, const SkillLevel& b) { return a.skill < b.skill; };

// What an agent's wrap-up needs to know of an interaction that has left them.
struct Contact {
  explicit Contact(const Interaction& i)
      : interaction(i.id),
        ticket(i.ticket),
        customer(i.customer),
        queue(i.home ? i.home->queue : i.queue),
        channel(i.channel),
        soft(i.soft),
        parked(i.parked) {}
  InteractionId interaction;
  TicketId ticket;
  CustomerId customer;
  QueueId queue;
  Channel channel;
  bool soft;
  bool parked;
};

struct Decider {
  State& state;
  TimeMs now;
  std::vector<Event>& out;

  Decision on(const command::PutSkill& c);
  Decision on(const command::RemoveSkill& c);
  Decision on(const command::PutQueue& c);
  Decision on(const command::PutAgent& c);
  Decision on(const command::RemoveAgent& c);
  Decision on(const command::PutCenter& c);
  Decision on(const command::PutFlow& c);

  Decision on(const command::SignInAgent& c);
  Decision on(const command::SignOutAgent& c);
  Decision on(const command::SetPresence& c);
  Decision on(const command::LoseAgentConnection& c);

  Decision on(const command::StartInteraction& c);
  Decision on(const command::EnqueueInteraction& c);
  Decision on(const command::AcceptOffer& c);
  Decision on(const command::DeclineOffer& c);
  Decision on(const command::ConnectInteraction& c);
  Decision on(const command::FailConnection& c);
  Decision on(const command::PostMessage& c);
  Decision on(const command::HoldInteraction& c);
  Decision on(const command::ResumeInteraction& c);
  Decision on(const command::TransferInteraction& c);
  Decision on(const command::CompleteTransfer& c);
  Decision on(const command::CancelTransfer& c);
  Decision on(const command::ConferenceInteraction& c);
  Decision on(const command::LeaveConference& c);
  Decision on(const command::InviteOutside& c);
  Decision on(const command::JoinOutside& c);
  Decision on(const command::DropOutside& c);
  Decision on(const command::EndInteraction& c);
  Decision on(const command::LoseCustomerConnection& c);
  Decision on(const command::RestoreCustomerConnection& c);
  Decision on(const command::CompleteWrapUp& c);
  Decision on(const command::PullInteraction& c);
  Decision on(const command::RequestCallback& c);
  Decision on(const command::ReachCustomer& c);
  Decision on(const command::MissCustomer& c);

  Decision on(const command::AddPastInteraction& c);
  Decision on(const command::UpdateTicket& c);
  Decision on(const command::PutCustomer& c);
  Decision on(const command::MergeCustomers& c);
  Decision on(const command::UnmergeCustomers& c);
  Decision on(const command::AddCustomerFact& c);

  Decision on(const command::FireDeadlines& c);

  // Emits and applies.
  template <class E>
  void emit(E&& event) {
    out.emplace_back(std::forward<E>(event));
    apply(state, out.back(), now);
  }

  [[nodiscard]] Rejection check_matching(const command::PutQueue& c) const;
  [[nodiscard]] Rejection check_levels(const std::vector<SkillLevel>& levels) const;
  // What is wrong with a queue and requirement for new work, or kNone.
  [[nodiscard]] Rejection check_target(Channel channel, QueueId queue, const Requirement& requirement,
                                       std::int32_t priority) const;

  struct Placement {
    QueueId queue;
    Requirement requirement;
    std::int32_t priority = 0;
    QueuedReason reason{};
    AgentId avoid;
    TimeMs avoid_until_ms = 0;
    bool consult = false;
    std::string language;
    AgentId preferred{};  // comes first, for the queue's time
    AgentId avoid_also{};
  };
  // Until when what joins the queue waits for its preferred agent alone; 0: it does not.
  [[nodiscard]] TimeMs claim_until(const Interaction& i, const Queue& queue, const Placement& p) const;
  // The place in the order of an interaction that joins or moves up.
  [[nodiscard]] std::int64_t rank_of(const Interaction& i, const Queue& queue, TimeMs queued_ms,
                                     std::int32_t priority) const;
  // Puts the interaction into the waiting order (keeping its age if it has one), without matching.
  void enqueue(InteractionId id, Placement placement);
  // Back to where it waited before, after an offer or a connection came to nothing.
  void requeue(InteractionId id, QueuedReason reason, AgentId avoid);
  // Where new work goes: to the person it names, or to the queue when that person is not there to wait for.
  [[nodiscard]] Placement arrival(QueueId queue, Requirement requirement, std::int32_t priority, std::string language,
                                  AgentId preferred) const;
  // Changes the arrival as the flow says; the names of the rules that acted.
  [[nodiscard]] std::vector<std::string> through_flow(FlowArrival& arrival) const;
  // What a dialogue was to be queued for becomes a ticket of that queue.
  void close_out_of_hours(InteractionId id, QueueId queue);
  // Whether anybody signed in, but for these two, could take it once free.
  [[nodiscard]] bool others_could(Channel channel, const Placement& placement, AgentId one, AgentId other) const;

  // Asks anybody but one: who has just let go of it looks for the first in order, by seek_work().
  void seek_agent(InteractionId id, AgentId but = {});
  void seek_work(AgentId id);
  struct Found {
    AgentId agent;
    std::uint32_t candidates = 0;
    std::int64_t score = 0;
    std::uint32_t preferred_levels = 0;
    bool agent_freed = false;
    bool pulled = false;
  };
  void offer(InteractionId interaction, const Found& found);
  // After a declined or missed offer: an agent with too many of them in a row rests.
  void rest_if_due(AgentId agent);
  void relax(InteractionId id);
  // Where a step that has passed sends what comes back to its queue; none: it stays.
  [[nodiscard]] QueueId overflow_of(const Interaction& i) const;
  void end_preference(InteractionId id);
  void end_unserved(InteractionId id);

  // Withdraws an open offer; without another the interaction is left neither waiting nor offered.
  void withdraw_offer(OfferId id);
  // All of the interaction's open offers but one; answers whose they were.
  std::vector<AgentId> withdraw_offers(InteractionId id, OfferId but = {});
  // Those offers of a person who is gone; answers what nobody else is asked about now.
  std::vector<InteractionId> withdraw_offers_of(AgentId id);
  void end(InteractionId id, Party by, AgentId agent, EndReason reason);
  void abandon(InteractionId id, EndReason reason);
  void start_wrap_up(AgentId agent, const Contact& left);
  // After a transfer, for who let go of it: only where the queue has one.
  void start_wrap_up_if_any(AgentId agent, const Contact& left);
  // What is parked counts again before its agent goes on with it, if there is room.
  Rejection unpark(InteractionId id);
  // The customer answered something parked: it goes on with its agent or, without room there, waits for one.
  void return_to_agent(InteractionId id);
  void cancel_transfer(InteractionId id, AgentId by);
  void leave_conference(InteractionId id, AgentId by, AgentId participant);
  // All participants leave.
  void empty_conference(InteractionId id, AgentId by);
  // Everything an agent held goes on without them: signed out by grace.
  void strand_nothing(AgentId id);
  void retarget_waiting_for(AgentId id, bool all);
  void sign_out(AgentId id, bool lost);

  // The customer is called, unless it is too late in the day for it.
  void call_customer(InteractionId id);
  // Back to waiting for its time, or over (next_ms 0); the agent is free again.
  void miss_customer(InteractionId id, std::uint32_t attempt, std::string reason, TimeMs next_ms);
  // A callback outside its customer's hours waits for the next ones; false: there is nothing to put off.
  bool put_off(InteractionId id);
  // What is wrong with a contact that is to begin as a call to its customer, or kNone.
  [[nodiscard]] Rejection check_wish(const command::StartInteraction& c) const;
  void callback_due(InteractionId id);

  void fire(const Deadline& deadline);
};

}  // namespace sb::routing
