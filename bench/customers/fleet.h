#pragma once
// Many agents at once for the load commands: signs them in (a bounded number at a time), opens their consoles, makes
// them available, clears what an earlier run left them, and then hands every frame to the load. One thread.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/customers/clock.h"
#include "bench/customers/console_link.h"
#include "bench/customers/ledger.h"

namespace sb::customers {

struct FleetOptions {
  unsigned agents = 1000;
  std::string login_pattern = "agent%05d";
  std::string password = "bench";
};

class Fleet {
 public:
  using OnFrame = std::function<void(ConsoleLink&, const Frame&)>;

  Fleet(asio::io_context& io, Websocket::Hub& hub, const Settings& settings, FleetOptions options, Ledger& ledger);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  // Runs the io_context until every agent is available; false (with an error in the ledger) when one could not be.
  [[nodiscard]] bool gather();
  void set_on_frame(OnFrame on_frame) { on_frame_ = std::move(on_frame); }
  void disband();

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] double gather_seconds() const { return gather_seconds_; }

 private:
  struct Member;
  void begin_next();
  void open(const std::shared_ptr<Member>& member, const std::string& cookie);
  void take(const std::shared_ptr<Member>& member, const Frame& frame);
  void clear_leftovers(Member& member, const switchboard::console::FrameBody::Snapshot& snapshot);
  void fail(const std::string& why);

  asio::io_context& io_;
  Websocket::Hub& hub_;
  const Settings& settings_;
  FleetOptions options_;
  Ledger& ledger_;
  HttpClient http_;
  OnFrame on_frame_;
  std::vector<std::shared_ptr<Member>> members_;
  unsigned begun_ = 0;
  unsigned ready_ = 0;
  double gather_seconds_ = 0;
  bool failed_ = false;
  bool disbanded_ = false;
};

}  // namespace sb::customers
