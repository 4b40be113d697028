#pragma once
// The bare core with a journal in memory.
#include "tests/script/driver.h"

namespace sb::script {

class CoreDriver : public Driver {
 public:
  Answer submit(const Command& command, Source source, std::string_view key, TimeMs now) override;
  std::vector<TimedEvent> advance(TimeMs to) override;
  std::string restart() override;
  // Also decides every recorded command again and compares the events.
  std::string crash() override;
  [[nodiscard]] const routing::State& state() const override { return core_.state(); }
  [[nodiscard]] const routing::Core& core() const { return core_; }
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  routing::Core core_;
  std::vector<std::string> journal_;  // encoded records
  std::uint64_t digest_ = 0;
};

}  // namespace sb::script
