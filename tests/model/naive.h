#pragma once
// The contact center once more, written to be obviously right and nothing else: plain vectors, every question answered
// by looking at everything. It knows who waits, who is asked, who holds what; not tickets, customers or words.
#include <array>
#include <map>
#include <string>
#include <vector>

#include "proto/command.h"

namespace sb::model {

struct WrapUp {
  InteractionId interaction;
  Channel channel{};
  TimeMs until = 0;
  bool soft = false;
};

// An open offer.
struct Ask {
  AgentId agent;
  TimeMs expires = 0;
  std::uint64_t offer = 0;
  bool soft = false;
};

struct Agent {
  AgentId id;
  command::PutAgent config;
  bool signed_in = false;
  bool connected = false;
  bool shrunk = false;  // its capacity was lowered below what is in use
  std::uint64_t session = 0;
  Presence presence{};
  std::string reason;
  TimeMs grace_until = 0;
  std::uint64_t idle_order = 0;
  std::uint64_t last_offer = 0;
  std::uint32_t misses = 0;  // in a row
  TimeMs rest_until = 0;
  std::vector<WrapUp> wrap_ups;
};

// An agent in the conversation beside its owner.
struct Participant {
  AgentId agent;
  bool soft = false;
  std::uint64_t order = 0;  // when taken up
};

enum class Stage { kDialogue, kQueued, kConnecting, kActive, kScheduled };

struct Work {
  InteractionId id;
  Channel channel{};
  Stage stage{};
  QueueId queue;
  Requirement requirement;
  std::int32_t priority = 0;
  std::uint32_t tier = 0;
  std::string language;
  AgentId preferred;           // who serves this customer best
  TimeMs preferred_until = 0;  // while that one alone is waited for
  bool named = false;          // somebody asked for one person
  TimeMs queued = 0;
  TimeMs joined = 0;  // the queue; later by what time it was with an agent
  std::size_t ring = 0;
  std::int64_t rank = 0;
  QueueId fair_queue;  // where it has its fair share's place
  std::int64_t fair_start = 0;
  bool waiting = false;
  bool consult = false;
  std::vector<Ask> asks;
  std::vector<AgentId> missed_by;  // in this round, while others are still asked
  AgentId avoid;
  AgentId avoid_also;
  TimeMs avoid_until = 0;
  AgentId let_go;  // who transferred it away, until somebody has it
  AgentId agent;
  bool soft = false;  // counts only beside other work of its agent
  TimeMs taken = 0;
  AgentId consultant;
  bool consultant_soft = false;
  bool parked = false;
  TimeMs reply_until = 0;
  std::uint64_t agent_order = 0;  // when each took it up
  std::uint64_t consultant_order = 0;
  bool warm = false;
  std::vector<Participant> participants;  // who joined first is first
  OutsideState outside{};
  bool held = false;
  QueueId queue_before;
  Requirement requirement_before;
  std::uint64_t messages = 0;
  TimeMs grace_until = 0;
  // A callback, if it has an order.
  CallbackOrder order{};
  TimeMs at = 0;
  TimeMs hours_end = 0;  // while it waits within the customer's hours
  std::uint32_t attempt = 0;
  std::uint32_t attempts_max = 0;
  DurationMs retry = 0;
  std::vector<TimeSpan> hours;
  bool calling = false;
  bool reached = false;
};

class Naive {
 public:
  // Times never decrease; call advance() first.
  Rejection submit(const Command& command, TimeMs now);
  void advance(TimeMs to);

  // Whether the work asks this agent now.
  [[nodiscard]] static bool asks(const Work& w, AgentId agent);

  // Whether the agent has a part in it.
  [[nodiscard]] static bool involved(const Work& w, AgentId agent);

  // Everything waiting in a queue, in order.
  [[nodiscard]] std::vector<InteractionId> waiting_in(QueueId queue) const;
  [[nodiscard]] std::array<std::uint32_t, kChannelCount> load(const Agent& a, bool firm_alone = false) const;
  // Somebody who could take what waits, or nothing: "" when the invariant holds.
  [[nodiscard]] std::string idle_while_waiting() const;
  [[nodiscard]] std::string over_capacity();
  // Who waits for one person does so by somebody's word, or for a bounded time.
  [[nodiscard]] std::string endless_claim() const;
  // Nobody has two parts in one conversation, and only what goes on has several people in it.
  [[nodiscard]] std::string odd_company() const;
  // What was found wrong while something was done.
  [[nodiscard]] std::string broken() const { return broken_; }
  // When the next step of relaxation is due; 0: none.
  [[nodiscard]] TimeMs relax_at(const Work& w) const;

  [[nodiscard]] const std::vector<Agent>& agents() const { return agents_; }
  [[nodiscard]] const std::vector<Work>& work() const { return work_; }
  [[nodiscard]] std::uint64_t started() const { return started_; }
  [[nodiscard]] std::uint64_t over() const { return over_; }

 private:
  template <class C>
  Rejection on(const C&) {
    return Rejection::kNone;  // tickets and customers
  }
  Rejection on(const command::PutSkill& c);
  Rejection on(const command::PutQueue& c);
  Rejection on(const command::PutCenter& c);
  Rejection on(const command::PutAgent& c);
  Rejection on(const command::PutFlow& c);
  Rejection on(const command::SignInAgent& c);
  Rejection on(const command::SignOutAgent& c);
  Rejection on(const command::SetPresence& c);
  Rejection on(const command::LoseAgentConnection& c);
  Rejection on(const command::StartInteraction& c);
  Rejection on(const command::EnqueueInteraction& c);
  Rejection on(const command::PullInteraction& c);
  Rejection on(const command::AcceptOffer& c);
  Rejection on(const command::DeclineOffer& c);
  Rejection on(const command::ConnectInteraction& c);
  Rejection on(const command::FailConnection& c);
  Rejection on(const command::PostMessage& c);
  Rejection on(const command::HoldInteraction& c);
  Rejection on(const command::ResumeInteraction& c);
  Rejection on(const command::TransferInteraction& c);
  Rejection on(const command::CompleteTransfer& c);
  Rejection on(const command::CancelTransfer& c);
  Rejection on(const command::ConferenceInteraction& c);
  Rejection on(const command::LeaveConference& c);
  Rejection on(const command::InviteOutside& c);
  Rejection on(const command::JoinOutside& c);
  Rejection on(const command::DropOutside& c);
  Rejection on(const command::EndInteraction& c);
  Rejection on(const command::LoseCustomerConnection& c);
  Rejection on(const command::RestoreCustomerConnection& c);
  Rejection on(const command::CompleteWrapUp& c);
  Rejection on(const command::RequestCallback& c);
  Rejection start_callback(const command::StartInteraction& c);
  Rejection on(const command::ReachCustomer& c);
  Rejection on(const command::MissCustomer& c);

  // What an arrival asks for, and what the flow makes of it.
  struct Arrival {
    Channel channel{};
    std::uint32_t tier = 0;
    bool known = false;
    std::vector<std::string> labels;
    QueueId queue;
    Requirement requirement;
    std::int32_t priority = 0;
    std::string language;
    bool out_of_hours = false;
  };
  void apply_flow(Arrival& a) const;
  [[nodiscard]] bool holds(const FlowCondition& c, const Arrival& a) const;
  [[nodiscard]] std::int64_t minutes_east() const;

  Agent* agent(AgentId id);
  Work* find(InteractionId id);
  Work* by_offer(OfferId id, AgentId* whose);
  const command::PutQueue* queue(QueueId id) const;
  [[nodiscard]] Rejection check(Channel channel, QueueId queue, const Requirement& r, std::int32_t priority);

  [[nodiscard]] bool could_ever(const Agent& a, const Work& w) const;
  [[nodiscard]] std::uint64_t units_of(const std::array<std::uint32_t, kChannelCount>& load) const;
  [[nodiscard]] bool soft_in(QueueId queue, Channel channel) const;
  [[nodiscard]] bool has_room(const Agent& a, Channel channel, bool soft) const;
  [[nodiscard]] bool free_for(const Agent& a, Channel channel, QueueId queue) const;
  [[nodiscard]] DurationMs wrap_up_of(QueueId queue, Channel channel) const;
  [[nodiscard]] bool may_be_asked(const Agent& a, const Work& w) const;

  [[nodiscard]] bool no_room(const command::PutQueue& q) const;
  [[nodiscard]] bool full(const command::PutQueue& q, Channel channel, const Requirement& r) const;
  [[nodiscard]] std::int64_t policy_score(const Agent& a, const Work& w) const;
  [[nodiscard]] std::int64_t place(const Work& w, const command::PutQueue& q) const;
  [[nodiscard]] AgentId claim_of(const Work& w, const command::PutQueue& q, const Requirement& r,
                                 AgentId preferred) const;
  [[nodiscard]] const RelaxStep* next_step(const Work& w) const;

  void touch_idle(AgentId id);
  struct Placement {
    QueueId queue;
    Requirement requirement;
    AgentId avoid{};
    AgentId avoid_also{};
    TimeMs avoid_until = 0;
    bool consult = false;
    bool transferred = false;
    AgentId preferred{};
  };
  void enqueue(Work& w, Placement p);
  [[nodiscard]] Requirement unless_absent(Requirement r);
  void take_place(Work& w);
  void requeue(Work& w, AgentId avoid);
  void seek_agent(InteractionId id, AgentId but = {});
  void seek_work(AgentId id);
  void ask(Work& w, AgentId id, bool pulled);
  // Nobody is asked any more, but one; answers who was.
  std::vector<AgentId> ask_no_more(Work& w, AgentId but = {});
  std::vector<InteractionId> unasked_by(AgentId id);
  void missed(Work& w, AgentId id);
  [[nodiscard]] Rejection unpark(Work& w);
  void relax(Work& w);
  void end_preference(Work& w);
  void accept(Work& w, AgentId who);
  void cancel_transfer(Work& w);
  void complete_transfer(Work& w);
  // Conferences: naive_conference.cpp
  void consultation_over(Work& w);
  void leave(Work& w, AgentId who);
  void hand_over(Work& w);
  void end(Work& w, Party by);
  void wrap_up(AgentId id, const Work& w);
  void finish_wrap_up(Agent& a, InteractionId id);
  void sign_out(Agent& a);
  void send_on(AgentId id, bool all);
  void erase(InteractionId id);

  // Callbacks: naive_callbacks.cpp
  [[nodiscard]] static bool on_line(const Work& w) { return w.order == CallbackOrder::kNone || w.reached; }
  [[nodiscard]] static bool within_hours(const Work& w, TimeMs at);
  [[nodiscard]] static TimeMs next_hours(const Work& w, TimeMs from);
  void wait_within_hours(Work& w);
  void call(Work& w);
  void miss_customer(Work& w, std::uint32_t attempts, TimeMs next);
  bool put_off(Work& w);
  void callback_due(Work& w);

  TimeMs now_ = 0;
  std::vector<SkillId> skills_;
  std::vector<command::PutQueue> queues_;
  Flow flow_;
  std::vector<Agent> agents_;
  std::vector<Work> work_;
  TimeMs agent_grace_ = 30'000;
  TimeMs customer_grace_ = 120'000;
  std::vector<std::uint32_t> weights_;
  std::uint32_t misses_max_ = 0;
  DurationMs rest_ms_ = 0;
  std::map<QueueId, std::int64_t> fair_finish_;
  std::int64_t fair_clock_ = 0;
  std::string broken_;
  std::uint64_t started_ = 0;
  std::uint64_t over_ = 0;
  std::uint64_t offers_ = 0;
  std::uint64_t idle_ = 0;
  std::uint64_t taken_ = 0;
};

}  // namespace sb::model
