#pragma once
// One replication: customers and agents of a scenario played to a production core of its own, event by event. A thread
// of its caller's owns it; it is run once.
//
// The core is told whole milliseconds, as it always is; the driver itself counts microseconds, so measured waits are
// not rounded. Only what the core itself times (wrap-up) ends up to one millisecond early.
#include <algorithm>
#include <expected>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "planner/event_heap.h"
#include "planner/figures.h"
#include "planner/recorded_day.h"
#include "planner/scenario.h"
#include "routing/core.h"

namespace sb::planner {

// Counted customers by when they came, for scenarios with report_interval_s.
struct IntervalCounts {
  std::uint64_t offered = 0;
  std::uint64_t answered = 0;
  std::uint64_t in_time = 0;
  std::uint64_t abandoned = 0;
  std::uint64_t blocked = 0;
};

struct ReplicationResult {
  Figures all;
  std::vector<Figures> queues;
  std::vector<IntervalCounts> intervals;
  std::uint64_t interactions = 0;  // arrivals in all, counted or not
  std::uint64_t events = 0;        // of the core
};

class Replication {
 public:
  static constexpr SimTime kTicksPerMs = 1000;
  // More open at once than this: the queue grows without bound, and with it the memory.
  static constexpr std::size_t kOpenMax = 2'000'000;

  // `scenario` must outlive it.
  Replication(const Scenario& scenario, std::uint32_t number);
  // Fails when the core refuses the scenario, too much waits at once, or it is asked to stop.
  [[nodiscard]] std::expected<ReplicationResult, std::string> run(const std::stop_token& stop = {});

 private:
  // The invented customers of one queue.
  struct Stream {
    Stream(const Scenario& scenario, std::size_t index, std::uint32_t replication);
    ArrivalClock arrivals;
    Sampler handle_time;
    Sampler patience;
    Command start;
  };
  // A recorded customer who comes in this replication, perhaps as a copy of another.
  struct Coming {
    SimTime at = 0;
    std::uint32_t arrival = 0;  // index of the day's
    std::uint32_t copy = 0;
    [[nodiscard]] auto operator<=>(const Coming&) const = default;
  };
  struct Customer {
    std::uint64_t id = 0;  // of the interaction; 0: this place is free
    std::uint32_t queue = 0;
    bool counted = false;
    bool answered = false;
    bool calls = false;
    SimTime arrived = 0;
    SimTime handle_time = 0;
    SimTime answer_delay = kNoTime;  // none: the agent's
    SimTime wrap_up = kNoTime;       // none: as long as the core lets it
    SimTime answer_at = 0;
    OfferId offer;
    AgentId agent;
  };
  struct Agent {
    std::uint32_t group = 0;
    std::uint32_t places = 0;
    std::uint32_t load = 0;
    bool on_shift = true;
    [[nodiscard]] std::int64_t busy_places() const { return std::min(load, places); }
  };
  // A number over time, averaged over the counted part of the replication.
  struct TimeAverage {
    double area = 0;  // number x microseconds
    SimTime since = 0;
    std::int64_t value = 0;
  };

  [[nodiscard]] bool set_up();
  void add_agents();
  void add_shift(std::uint64_t agent, const Shift& shift);
  void happen(EventHeap::Entry entry);
  void arrive(std::size_t queue);
  void admit(Customer c, SimTime patience, const Command& start);
  void answer_by_hand(std::uint64_t id);
  void hand_over(std::uint64_t id, AgentId agent);
  void leave(std::uint64_t id);
  void end(std::uint64_t id, Party by, AgentId agent);
  void change_shift(std::uint64_t subject);
  [[nodiscard]] routing::Outcome step(const Command& command);
  void follow(const Event& event);
  void offered(const event::OfferMade& made);
  void gone(std::uint64_t id);
  void settle(Customer& c, bool answered);
  void change_load(AgentId agent, int change);
  void change(TimeAverage& average, std::int64_t by);
  [[nodiscard]] double mean_of(TimeAverage& average);

  // ---- replication_day.cpp: what only recorded days have
  void expand_day();
  void begin_day();
  void arrive_recorded(std::size_t coming);
  [[nodiscard]] std::optional<std::uint32_t> ask_flow(const ArrivalKind& kind, command::StartInteraction& start) const;
  void change_configuration(std::size_t planned);
  void start_wrap_up(const event::WrapUpStarted& started);
  void wrap_up(std::uint64_t id);

  [[nodiscard]] Customer& customer(std::uint64_t id) { return customers_[id & (customers_.size() - 1)]; }
  [[nodiscard]] TimeMs now_ms() const { return epoch_ms_ + static_cast<TimeMs>(now_ / kTicksPerMs); }
  void remember(Customer c);
  void forget(std::uint64_t id);
  [[nodiscard]] IntervalCounts* interval_of(const Customer& c);
  [[nodiscard]] ReplicationResult result();

  const Scenario& scenario_;
  const RecordedDay* const day_;  // null: customers and agents are invented
  const std::uint32_t number_;
  const TimeMs epoch_ms_;
  const SimTime warm_from_;
  const SimTime counted_until_;
  const SimTime stop_at_;
  bool by_hand_ = false;
  routing::Core core_;
  EventHeap heap_;
  SimTime now_ = 0;
  std::vector<Event> events_;
  std::vector<std::uint64_t> to_connect_;  // calls accepted in the present step
  std::vector<Tally> tallies_;             // by queue, as what follows
  std::vector<double> in_time_s_;          // answered within counts as in time
  std::vector<Stream> streams_;            // of invented customers
  std::vector<Coming> coming_;             // of recorded ones, in order
  std::vector<Sampler> answer_delays_;     // by group of agents
  std::vector<Agent> agents_;              // by id - 1
  std::vector<Customer> customers_;        // by id, modulo its size, a power of two
  std::size_t open_ = 0;                   // customers_ in use
  std::uint64_t undecided_ = 0;            // counted customers neither answered nor gone
  std::vector<TimeAverage> queue_lengths_;
  TimeAverage busy_;     // places taken
  TimeAverage staffed_;  // places of agents at work
  std::vector<IntervalCounts> intervals_;
  std::unordered_map<std::uint64_t, AgentId> wrapping_;  // recorded days: who wraps up an interaction
  SimTime last_wrap_up_ = kNoTime;                       // of the contact that ended last
  std::uint64_t interactions_ = 0;
  std::uint64_t core_events_ = 0;
  Command end_ = command::EndInteraction{};
  Command accept_ = command::AcceptOffer{};
  Command connect_ = command::ConnectInteraction{};
  Command start_ = command::StartInteraction{};  // of a recorded customer
  std::string failure_;
};

}  // namespace sb::planner
