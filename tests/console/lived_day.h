#pragma once
// A day of a center lived by the production core and written to a real store: invented customers who come, wait, leave
// or are answered, agents who take their time to answer, work, wrap up and go on a break. Known numbers, one seed.
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "planner/random.h"
#include "proto/record.h"
#include "routing/core.h"
#include "storage/store.h"

namespace sb::console {

struct LivedCenter {
  std::uint64_t customers = 1'000;
  double arrivals_per_s = 0.1;
  double handle_s = 90;     // exponential
  double patience_s = 120;  // exponential; 0: nobody leaves
  double answer_s = 4;      // from offer to acceptance, uniform up to twice that
  double wrap_up_s = 20;    // exponential, at most the queue's 60 s
  std::uint32_t agents = 12;
  std::uint32_t breaks = 3;  // so many agents are away for the second quarter of the day
  std::uint64_t seed = 11;
};

class LivedDay {
 public:
  static constexpr TimeMs kMorning = 1'700'000'000'000;
  static constexpr TimeMs kOpening = kMorning + 600'000;  // the first customer

  LivedDay(const std::filesystem::path& directory, LivedCenter center);
  // Customers come from kOpening on; returns when everybody has gone.
  void live();

  [[nodiscard]] storage::Store& store() { return *store_; }
  [[nodiscard]] TimeMs last_arrival_ms() const { return last_arrival_ms_; }

  // What the customers really lived through.
  std::uint64_t answered = 0;
  std::uint64_t abandoned = 0;
  double wait_sum_s = 0;

 private:
  void set_up();
  routing::Outcome step(const Command& command);
  void follow(const Event& event);
  void at(double after_s, std::function<void()> what);
  void arrive();
  void flush();

  LivedCenter center_;
  std::unique_ptr<storage::Store> store_;
  storage::Batch batch_;
  routing::Core core_;
  TimeMs now_ms_ = kMorning;
  TimeMs last_arrival_ms_ = 0;
  Seq seq_ = 0;
  std::uint64_t digest_ = 0;
  std::uint64_t came_ = 0;
  std::multimap<TimeMs, std::function<void()>> ahead_;
  std::map<std::uint64_t, TimeMs> waiting_;  // by interaction: since
  planner::Random arrivals_;
  planner::Random handling_;
  planner::Random patience_;
  planner::Random answering_;
};

}  // namespace sb::console
