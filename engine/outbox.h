#pragma once
// Delivers outbox items: at least once, in order within an order key, with backoff; what cannot be delivered becomes a
// dead letter that a person can see and retry.
//
// Owner thread: the release executor. Rows are deleted without sync after delivery: after a crash an item may be
// delivered again, so every deliverer must be able to bear that (by the item's seq and index as idempotency key).
// It may go, on its own thread, while deliveries and pauses are under way: what they report afterwards is not heard.
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace sb::engine {

struct Delivery {
  enum Result : std::uint8_t { kDone, kRetry, kDead } result = kDone;
  std::string reason;             // for people; no secrets
  DurationMs retry_after_ms = 0;  // 0: the usual backoff
};

struct DeadLetter {
  OutboxItem item;
  std::uint32_t attempts = 0;
  std::string reason;
};

class Outbox : public Listener {
 public:
  using Done = std::move_only_function<void(Delivery)>;
  using Deliverer = std::function<void(const OutboxItem&, std::uint32_t attempt, Done)>;
  // Runs a task on the release executor after a delay.
  using After = std::function<void(DurationMs, std::move_only_function<void()>)>;

  struct Options {
    std::uint32_t attempts_max = 8;
    DurationMs backoff_first_ms = 500;  // doubled each time
    DurationMs backoff_max_ms = 60'000;
  };

  Outbox(Engine& engine, After after, Options options);

  void add_deliverer(std::string kind, Deliverer deliverer);
  // Takes up what an earlier run left behind. After the deliverers are added, before the engine starts.
  [[nodiscard]] std::expected<void, storage::Error> load();

  void on_outbox(const OutboxItem& item) override;

  [[nodiscard]] std::expected<std::vector<DeadLetter>, storage::Error> dead_letters(Seq from, std::size_t limit) const;
  // Puts a dead letter back into the outbox and tries it at once.
  [[nodiscard]] std::expected<void, storage::Error> retry(Seq seq, std::uint16_t index);

  [[nodiscard]] std::size_t pending() const { return pending_; }
  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  [[nodiscard]] std::uint64_t died() const { return died_; }

 private:
  struct Pending {
    OutboxItem item;
    std::uint32_t attempts = 0;
  };
  void enqueue(OutboxItem item, std::uint32_t attempts);
  void attempt(const std::string& order);
  void settle(const std::string& order, Delivery delivery);
  void write(const storage::Batch& batch);
  // f, or nothing once the outbox is gone.
  template <class F>
  [[nodiscard]] auto while_alive(F f) {
    return [alive = std::weak_ptr(alive_), f = std::move(f)](auto&&... given) mutable {
      if (!alive.expired()) f(std::forward<decltype(given)>(given)...);
    };
  }

  Engine& engine_;
  After after_;
  Options options_;
  std::map<std::string, Deliverer, std::less<>> deliverers_;
  std::map<std::string, std::deque<Pending>> lanes_;  // by kind and order key
  std::size_t pending_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t died_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace sb::engine
