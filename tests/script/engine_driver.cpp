#include "tests/script/engine_driver.h"

#include <cstdlib>

#include "engine/recovery.h"
#include "engine/verify.h"
#include "tests/script/speech.h"
#include "tests/storage/still_image.h"

namespace sb::script {

namespace {
constexpr std::chrono::seconds kPatience{30};  // the engine answers within milliseconds

std::filesystem::path new_directory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "sb_script_XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory: " + pattern);
  return pattern;
}
}  // namespace

EngineDriver::EngineDriver() : root_(new_directory()), now_(kStart) {
  open();
}

EngineDriver::~EngineDriver() {
  if (engine_) stop();
  engine_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

void EngineDriver::open() {
  engine::Engine::Options options;
  options.store.directory = store_directory();
  options.store.recycled_wal_files = 0;
  options.store.wal_fill_bytes = 0;
  options.release = [this](std::move_only_function<void()> task) {
    const std::lock_guard lock(mutex_);
    released_.push_back(std::move(task));
    posted_.notify_one();
  };
  const auto now = [this] { return now_.load(); };
  auto opened = engine::Engine::open(std::move(options), engine::Clock(now, now));
  if (!opened) throw std::runtime_error("the engine does not open: " + opened.error().message);
  engine_ = std::move(*opened);
  engine_->add_listener(this);
  engine_->start();
}

void EngineDriver::stop() {
  engine_->stop();
  run_released([this] {
    const std::lock_guard lock(mutex_);
    return released_.empty();
  });
}

void EngineDriver::run_released(const std::function<bool()>& done) {
  while (!done()) {
    std::move_only_function<void()> task;
    {
      std::unique_lock lock(mutex_);
      if (!posted_.wait_for(lock, kPatience, [this] { return !released_.empty(); })) {
        throw ScriptError("the engine does not come to rest");
      }
      task = std::move(released_.front());
      released_.pop_front();
    }
    task();
  }
}

void EngineDriver::after_event(const engine::Commit& commit, const Event& event, const routing::State&) {
  if (std::holds_alternative<command::FireDeadlines>(commit.record.command)) {
    fired_.push_back({commit.record.time_ms, event});
  } else {
    answered_.push_back(event);
  }
}

Answer EngineDriver::submit(const Command& command, Source source, std::string_view key, TimeMs now) {
  now_ = now;
  answered_.clear();
  answer_.reset();
  engine::Submission submission{
      command, source, std::string(key), {}, [this](const engine::Answer& a) { answer_ = a; }};
  if (!engine_->submit(std::move(submission))) throw ScriptError("the engine is busy");
  run_released([this] { return answer_ && at_rest(); });
  return {{answer_->rejection, answer_->result, answer_->repeated}, std::move(answered_)};
}

std::vector<TimedEvent> EngineDriver::advance(TimeMs to) {
  for (;;) {
    const TimeMs due = state().deadlines.next();
    if (due > to) break;
    now_ = std::max(due, now_.load());
    engine_->wake();
    run_released([this] { return at_rest(); });
  }
  now_ = std::max(to, now_.load());
  return std::exchange(fired_, {});
}

EngineDriver::Expected EngineDriver::expected() const {
  const auto figures = engine_->figures();
  auto recovered = engine::recover(engine_->store());
  if (!recovered) throw ScriptError("the journal cannot be replayed: " + recovered.error().message);
  return {figures.last_seq, figures.digest, recovered->core.save()};
}

std::string EngineDriver::compare(const Expected& before) const {
  const Expected after = expected();
  if (after.seq != before.seq) {
    return "there were " + std::to_string(before.seq) + " records, now there are " + std::to_string(after.seq);
  }
  if (after.digest != before.digest) return "the digest is another one";
  if (after.core != before.core) return "the recovered state is another one";
  const auto verified = engine::verify(engine_->store());
  if (!verified) return "record " + std::to_string(verified.error().seq) + ": " + verified.error().what;
  if (verified->redecided != before.seq) return "not every record was decided again";
  if (verified->digest != before.digest) return "deciding again gives another digest";
  return {};
}

std::string EngineDriver::restart() {
  const Expected by_journal = expected();
  stop();
  engine_.reset();
  open();
  if (engine_->figures().replayed != 0) return "the snapshot taken at the stop is not used";
  return compare(by_journal);
}

std::string EngineDriver::crash() {
  const std::filesystem::path found = root_ / std::to_string(life_ + 1);
  storage::copy_still_image(store_directory(), found);
  stop();
  const Expected live = expected();  // from the snapshot the stop took of the live state
  engine_.reset();
  std::filesystem::remove_all(store_directory());
  ++life_;
  open();
  return compare(live);
}

}  // namespace sb::script
