#pragma once
// Reads a recorded day from the events of a journal: arrivals, handle times, patience, shifts and settings, and what
// really happened to everyone who came.
//
// A *stay* is one wait for an agent and the contact it led to. A contact that returns to a queue (transferred, its
// agent lost, its customer answered late) is a stay of its own from then on; one that is declined or missed goes on
// waiting. Memory follows the arrivals; events must come in the journal's order. A thread of its caller's owns it.
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "planner/figures.h"
#include "planner/recorded_day.h"
#include "routing/flow.h"

namespace sb::planner {

// From the first moment to before the second. What happens for as long again is read to see how it ended.
struct Interval {
  TimeMs from_ms = 0;
  TimeMs until_ms = 0;
  [[nodiscard]] TimeMs end_ms() const { return until_ms + (until_ms - from_ms); }
};

// What the model leaves out or simplifies, counted.
struct Simplified {
  std::uint64_t returned = 0;  // stays that began by a transfer or a return
  std::uint64_t consults = 0;
  std::uint64_t declined = 0;
  std::uint64_t missed = 0;
  std::uint64_t callbacks = 0;
  std::uint64_t by_flow = 0;      // arrivals that rules of the flow changed
  std::uint64_t under_way = 0;    // contacts when the interval began
  std::uint64_t waiting = 0;      // the same, with nobody yet
  std::uint64_t never_ended = 0;  // contacts that outlasted what was read
  std::uint64_t borrowed = 0;     // queue and channel where nobody was answered: handle times of others
};

struct Recording {
  RecordedDay day;
  Figures happened;                      // all
  std::vector<Figures> happened_queues;  // in the day's order
  std::uint64_t offered = 0;
  std::uint64_t handled = 0;  // contacts whose time is known
  Simplified simplified;
};

class Recorder {
 public:
  static constexpr std::size_t kArrivalsMax = 2'000'000;

  // With a flow what arrivals said before one was asked is kept for it, as far as its rules look at it.
  explicit Recorder(Interval interval, const Flow* flow = nullptr);

  // The state as the interval begins. Once, first.
  void begin(const routing::State& state);
  // Every command from then until interval.end_ms(), before its events.
  void hear(const Command& command, const routing::State& before);
  // Every event from then until interval.end_ms(), with the state after it. False: more came than can be held.
  [[nodiscard]] bool follow(const Event& event, TimeMs at, const routing::State& after);
  // Once, last; the journal was read up to that moment. The error says why there is nothing to play.
  [[nodiscard]] std::expected<Recording, std::string> finish(TimeMs read_until_ms);

 private:
  struct Stay {
    std::uint32_t arrival = 0;  // index
    std::uint32_t queue = 0;    // indexes
    std::uint32_t behaviour = 0;
    TimeMs arrived_ms = 0;
    TimeMs offered_ms = 0;
    TimeMs accepted_ms = 0;
    TimeMs parked_ms = 0;  // since; 0: it counts
    DurationMs parked_for_ms = 0;
    bool counted = false;
    bool carried = false;  // was there when the interval began
    bool answered = false;
    bool stays_anyhow = false;  // asked to be called back: says nothing about patience any more
    AgentId agent;
    std::vector<AgentId> also;  // consultants
  };
  struct Level {  // a number over time
    double area = 0;
    TimeMs since_ms = 0;
    std::int64_t value = 0;
  };
  struct AgentTrack {
    RecordedAgent agent;
    bool takes_work = false;
    bool busy = false;
    TimeMs since_ms = 0;
  };
  struct WrapUp {
    std::uint32_t behaviour = 0;
    std::size_t handled = 0;  // index
    TimeMs began_ms = 0;
  };
  using KindKey = std::tuple<QueueId, Channel, std::int32_t, std::uint32_t, Requirement>;
  using AskedKey = std::tuple<KindKey, std::uint32_t, std::string, std::vector<std::string>, bool>;

  void carry_over(const routing::Interaction& i);
  void queued(const event::InteractionQueued& e, TimeMs at, const routing::State& after);
  void keep_asked(InteractionId id, const routing::FlowArrival& said);
  void put_asked(const Stay& stay, AgentId only_agent);
  void accepted(const event::OfferAccepted& e, TimeMs at);
  void over(InteractionId id, TimeMs at, bool customer_left, const routing::State& after);
  void wrap_up_started(const event::WrapUpStarted& e, TimeMs at, const routing::State& after);
  void wrap_up_completed(const event::WrapUpCompleted& e, TimeMs at);
  void configuration(const Event& event, TimeMs at);
  void agents_of(const Event& event, TimeMs at, const routing::State& after);

  Stay& arrive(InteractionId id, ArrivalKind kind, RecordedArrival arrival, TimeMs at);
  void settle(const Stay& stay, TimeMs at, bool answered, bool says_patience, bool left);
  void close(InteractionId id, Stay& stay, TimeMs at, const routing::State& after);
  void look_at(AgentId id, TimeMs at, const routing::State& after);
  void change(Level& level, std::int64_t by, TimeMs at) const;
  [[nodiscard]] double mean(Level& level) const;
  [[nodiscard]] std::uint32_t kind_of(ArrivalKind kind);
  [[nodiscard]] std::uint32_t queue_of(QueueId id);
  [[nodiscard]] std::uint32_t behaviour_of(QueueId queue, Channel channel);
  [[nodiscard]] SimTime sim_time(TimeMs at) const;
  void put_agent(command::PutAgent put, TimeMs at);
  void put_queue(command::PutQueue put, TimeMs at);
  void finish_stays(TimeMs read_until_ms);
  [[nodiscard]] bool lend_handle_times();
  void measure(Recording& recording);

  const Interval interval_;
  bool for_flow_ = false;
  std::set<std::string, std::less<>> asked_labels_;
  std::optional<std::pair<InteractionId, ArrivalKind>> asked_;  // of the present command
  std::map<AskedKey, std::uint32_t> asked_index_;
  RecordedDay day_;
  Simplified simplified_;
  std::map<QueueId, command::PutQueue> queue_settings_;  // as they are by now
  std::map<AgentId, AgentTrack> agents_;
  std::map<AgentId, command::PutAgent> agent_settings_;  // as they are by now
  std::map<KindKey, std::uint32_t> kind_index_;
  std::map<std::pair<QueueId, Channel>, std::uint32_t> behaviour_index_;
  std::vector<Behaviour> behaviours_;
  std::vector<std::vector<Waited>> waits_;  // by behaviour
  std::vector<Tally> tallies_;              // by queue
  std::vector<Level> waiting_;
  Level busy_;
  Level staffed_;
  std::unordered_map<std::uint64_t, Stay> stays_;  // by interaction
  std::unordered_map<std::uint64_t, WrapUp> wrap_ups_;
  InteractionId closed_;  // the interaction whose contact ended last, and where its time is
  WrapUp closed_at_;
  std::vector<bool> dropped_;  // arrivals that went another way
};

}  // namespace sb::planner
