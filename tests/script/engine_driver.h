#pragma once
// The whole engine: a store on disk, its sequencer and committer threads, a clock that only the script moves.
//
// The script's thread is also the engine's release executor: what was committed is heard, and the state looked at, only
// while the driver waits for the engine to come to rest. Time stands still then, so every deadline fires at its own
// millisecond and no wait is a guess.
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>

#include "engine/engine.h"
#include "tests/script/driver.h"

namespace sb::script {

class EngineDriver : public Driver, private engine::Listener {
 public:
  // In a new directory under the system's temporary one, removed at the end. Throws std::runtime_error.
  EngineDriver();
  ~EngineDriver() override;

  Answer submit(const Command& command, Source source, std::string_view key, TimeMs now) override;
  std::vector<TimedEvent> advance(TimeMs to) override;
  // Stops, which snapshots the live state, and opens again: nothing to replay, and the snapshot is what the journal
  // leads to.
  std::string restart() override;
  // Opens the files as they are on disk at this moment, without the snapshot a stop would take.
  std::string crash() override;
  [[nodiscard]] const routing::State& state() const override { return engine_->view(); }
  // Over all records so far; the same as the bare core's after the same script.
  [[nodiscard]] std::uint64_t digest() const { return engine_->figures().digest; }

 private:
  // What must be found again by whoever opens the store next.
  struct Expected {
    Seq seq = 0;
    std::uint64_t digest = 0;
    std::string core;  // Core::save()
  };

  [[nodiscard]] std::filesystem::path store_directory() const { return root_ / std::to_string(life_); }
  void open();
  void stop();
  [[nodiscard]] Expected expected() const;
  [[nodiscard]] std::string compare(const Expected& before) const;
  // Runs what the engine releases until `done`; throws ScriptError when nothing comes for far too long.
  void run_released(const std::function<bool()>& done);
  [[nodiscard]] bool at_rest() const { return engine_->view().deadlines.next() > now_; }
  void after_event(const engine::Commit& commit, const Event& event, const routing::State& after) override;

  std::filesystem::path root_;
  unsigned life_ = 0;  // one store directory for each crash survived
  std::atomic<TimeMs> now_;

  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<std::move_only_function<void()>> released_;

  std::optional<engine::Answer> answer_;  // to the command in hand, and the events it caused
  std::vector<Event> answered_;
  std::vector<TimedEvent> fired_;  // by deadlines, not yet told to the script
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace sb::script
