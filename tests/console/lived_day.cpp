#include "lived_day.h"

#include <cmath>
#include <stdexcept>

namespace sb::console {

using planner::Purpose;

LivedDay::LivedDay(const std::filesystem::path& directory, LivedCenter center)
    : center_(center),
      arrivals_(center.seed, 0, 0, Purpose::kArrivals),
      handling_(center.seed, 0, 0, Purpose::kHandling),
      patience_(center.seed, 0, 0, Purpose::kPatience),
      answering_(center.seed, 0, 0, Purpose::kAnswering) {
  storage::Options options;
  options.directory = directory;
  options.wal_fill_bytes = 0;
  auto opened = storage::Store::open(std::move(options));
  if (!opened) throw std::runtime_error(opened.error().message);
  store_ = std::move(*opened);
}

void LivedDay::at(double after_s, std::function<void()> what) {
  ahead_.emplace(now_ms_ + static_cast<TimeMs>(std::llround(after_s * 1000)), std::move(what));
}

routing::Outcome LivedDay::step(const Command& command) {
  std::vector<Event> events;
  const auto outcome = core_.step(command, Source::kChat, {}, now_ms_, events);
  if (events.empty()) return outcome;
  Record record;
  record.seq = ++seq_;
  record.time_ms = now_ms_;
  record.source = Source::kChat;
  record.command = command;
  record.events = std::move(events);
  record.result = outcome.result;
  std::string bytes;
  encode_record(bytes, record, digest_);
  digest_ = record.digest;
  batch_.append_record(seq_, bytes);
  if (batch_.size() >= 5'000) flush();
  for (const Event& event : record.events) follow(event);
  return outcome;
}

void LivedDay::flush() {
  if (batch_.empty()) return;
  if (auto done = store_->commit(batch_); !done) throw std::runtime_error(done.error().message);
  batch_.clear();
}

void LivedDay::set_up() {
  step(command::PutSkill{{1}, "billing"});
  step(command::PutSkill{{2}, "french"});
  command::PutQueue queue;
  queue.queue = {1};
  queue.name = "billing";
  queue.open = true;
  queue.offer_timeout_ms = 60'000;
  queue.wrap_up_ms = 60'000;
  queue.matching.order = Order::kFifo;
  queue.matching.target_ms = 20'000;
  step(queue);
  for (std::uint32_t n = 1; n <= center_.agents; ++n) {
    step(command::PutAgent{{n}, {{{1}, 50}}, {{1}}, {0, 1, 1}, "agent" + std::to_string(n), 0});
    step(command::SignInAgent{{n}, n, Presence::kAvailable});
  }
}

void LivedDay::live() {
  set_up();
  const double day_s = static_cast<double>(center_.customers) / center_.arrivals_per_s;
  for (std::uint32_t n = 1; n <= center_.breaks; ++n) {
    at(600 + day_s / 4, [this, n] { step(command::SetPresence{{n}, Presence::kAway, "lunch"}); });
    at(600 + day_s / 2, [this, n] { step(command::SetPresence{{n}, Presence::kAvailable, {}}); });
  }
  at(600, [this] { arrive(); });
  for (;;) {
    const TimeMs due = core_.next_deadline();
    const TimeMs next = ahead_.empty() ? routing::kNever : ahead_.begin()->first;
    if (due == routing::kNever && next == routing::kNever) break;
    if (due <= next) {
      now_ms_ = std::max(now_ms_, due);
      step(command::FireDeadlines{});
      continue;
    }
    now_ms_ = next;
    const auto what = std::move(ahead_.begin()->second);
    ahead_.erase(ahead_.begin());
    what();
  }
  flush();
}

void LivedDay::arrive() {
  if (++came_ < center_.customers) at(arrivals_.exponential() / center_.arrivals_per_s, [this] { arrive(); });
  last_arrival_ms_ = now_ms_;
  command::StartInteraction start;
  start.channel = Channel::kChat;
  start.queue = {1};
  start.requirement.skills = {{{1}, 1}};
  const std::uint64_t id = core_.state().counters.interaction + 1;
  waiting_[id] = now_ms_;
  const double patience_s = center_.patience_s * patience_.exponential();
  step(start);
  if (center_.patience_s == 0) return;
  at(patience_s, [this, id] {
    const auto since = waiting_.find(id);
    if (since == waiting_.end()) return;
    wait_sum_s += static_cast<double>(now_ms_ - since->second) / 1000;
    ++abandoned;
    waiting_.erase(since);
    step(command::EndInteraction{{id}, Party::kCustomer, {}, EndReason::kHungUp});
  });
}

void LivedDay::follow(const Event& event) {
  if (const auto* made = std::get_if<event::OfferMade>(&event)) {
    const AgentId agent = made->agent;
    const OfferId offer = made->offer;
    at(2 * center_.answer_s * answering_.uniform(), [this, agent, offer] { step(command::AcceptOffer{agent, offer}); });
  } else if (const auto* accepted = std::get_if<event::OfferAccepted>(&event)) {
    const auto since = waiting_.find(accepted->interaction.value);
    wait_sum_s += static_cast<double>(now_ms_ - since->second) / 1000;
    ++answered;
    waiting_.erase(since);
    const AgentId agent = accepted->agent;
    const InteractionId id = accepted->interaction;
    at(center_.handle_s * handling_.exponential(),
       [this, agent, id] { step(command::EndInteraction{id, Party::kAgent, agent, EndReason::kCompleted}); });
  } else if (const auto* wrapping = std::get_if<event::WrapUpStarted>(&event)) {
    const AgentId agent = wrapping->agent;
    const InteractionId id = wrapping->interaction;
    // Whoever takes longer than the queue lets them is refused, and needs not have asked.
    at(center_.wrap_up_s * handling_.exponential(),
       [this, agent, id] { step(command::CompleteWrapUp{agent, id, "done", TicketStatus::kSolved, 0}); });
  }
}

}  // namespace sb::console
