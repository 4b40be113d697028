#pragma once
// Keeps the SQLite records following the journal, on a thread of its own at low priority: routing never waits for
// reports.
//
// The records may lag behind under load; only new identities must not run further ahead of them than the core remembers
// (routing::kIdentityWindow), so admits() holds back arrivals that bring identities while too many are unprojected.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "crm/projection.h"
#include "engine/engine.h"

namespace sb::engine {

class Projector : public Listener {
 public:
  // `projected` is called on the projector's thread after each committed batch with the new position.
  Projector(Engine& engine, crm::Projection projection, std::function<void(Seq)> projected);
  ~Projector() override;

  void start();
  void stop();
  [[nodiscard]] Seq position() const { return position_; }
  // Waits until the records have reached `seq`; false if they have not within the time. Not on the release executor.
  bool wait_for(Seq seq, std::chrono::milliseconds time_max);
  [[nodiscard]] bool admits(const Command& command) const;

  void after_event(const Commit& commit, const Event& event, const routing::State&) override;
  void after_group(Seq last) override;

 private:
  static constexpr std::size_t kBatchRecords = 2'000;

  void run();
  // One batch; false when there was nothing to do.
  std::expected<bool, crm::Error> advance();

  Engine& engine_;
  crm::Projection projection_;
  std::function<void(Seq)> projected_;
  std::thread thread_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable advanced_;
  bool stopping_ = false;
  bool gathering_ = false;  // waiting for more records to share a transaction
  Seq target_ = 0;
  std::deque<Seq> identity_records_;  // records with new identities, not yet projected
  std::atomic<std::size_t> identities_ahead_ = 0;
  std::atomic<Seq> position_ = 0;
};

}  // namespace sb::engine
