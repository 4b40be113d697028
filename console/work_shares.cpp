#include "console/work_shares.h"

#include <algorithm>
#include <cmath>

namespace sb::console {

namespace {

constexpr double kHourMs = 3'600'000;

class Jain {
 public:
  void add(std::uint32_t accepted, DurationMs there_ms) {
    if (there_ms < WorkShares::kCountedMs) return;
    const double rate = accepted / (static_cast<double>(there_ms) / kHourMs);
    ++agents_;
    sum_ += rate;
    squares_ += rate * rate;
  }
  [[nodiscard]] std::uint32_t thousandths() const {
    if (agents_ < 2 || sum_ == 0) return 0;
    const double index = sum_ * sum_ / (agents_ * squares_);
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::lround(index * 1000)));
  }

 private:
  std::uint32_t agents_ = 0;
  double sum_ = 0;
  double squares_ = 0;
};

}  // namespace

void WorkShares::signed_in(AgentId agent, TimeMs at) {
  Share& share = shares_[agent.value];
  if (share.since_ms == 0) share.since_ms = at;
}

void WorkShares::signed_out(AgentId agent, TimeMs at, TimeMs day_start) {
  Share& share = shares_[agent.value];
  if (share.since_ms == 0) share.since_ms = day_start;
  share.signed_in_ms = share.there_ms(at);
  share.since_ms = 0;
}

void WorkShares::accepted(AgentId agent, QueueId queue) {
  Share& share = shares_[agent.value];
  ++share.accepted;
  if (queue) ++share.by_queue[queue.value];
}

void WorkShares::begin_day(TimeMs start) {
  std::erase_if(shares_, [](const auto& entry) { return entry.second.since_ms == 0; });
  for (auto& [agent, share] : shares_) {
    share = Share{};
    share.since_ms = start;
  }
}

void WorkShares::close(TimeMs at) {
  for (auto& [agent, share] : shares_) {
    share.signed_in_ms = share.there_ms(at);
    share.since_ms = 0;
  }
}

void WorkShares::add(const WorkShares& other) {
  for (const auto& [agent, more] : other.shares_) {
    Share& share = shares_[agent];
    share.signed_in_ms += more.signed_in_ms;
    share.accepted += more.accepted;
    for (const auto& [queue, count] : more.by_queue) share.by_queue[queue] += count;
  }
}

std::uint32_t WorkShares::fairness(TimeMs now) const {
  Jain jain;
  for (const auto& [agent, share] : shares_) jain.add(share.accepted, share.there_ms(now));
  return jain.thousandths();
}

std::uint32_t WorkShares::fairness(QueueId queue, std::span<const AgentId> serving, TimeMs now) const {
  Jain jain;
  for (const AgentId agent : serving) {
    const auto at = shares_.find(agent.value);
    if (at == shares_.end()) continue;
    const auto own = at->second.by_queue.find(queue.value);
    jain.add(own == at->second.by_queue.end() ? 0 : own->second, at->second.there_ms(now));
  }
  return jain.thousandths();
}

}  // namespace sb::console
