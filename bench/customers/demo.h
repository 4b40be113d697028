#pragma once
// The demo's world: customers who arrive at random, at the chat widget and on the phone, the phone company in between,
// and robots at some of the desks. Runs until its time is over or it is interrupted.
#include <cstdint>
#include <string>
#include <vector>

namespace sb::customers {

struct DemoOptions {
  std::string config = "config/demo.toml";
  double rate_per_minute = 6;
  std::vector<std::string> robots;  // logins, or "all"
  double minutes = 60;
  std::uint64_t seed = 1;
  unsigned chinese_percent = 50;
  unsigned calls_percent = 40;
  double agent_no_answer_share = 0;
  double pace = 1.0;
  std::string voice_path = "/twilio/voice/incoming";
  std::string status_path = "/twilio/voice/status";
};

// The process's exit code: 0, 1 when the server broke its own rules, 2 when nothing could be begun.
[[nodiscard]] int run_demo(const DemoOptions& options);

}  // namespace sb::customers
