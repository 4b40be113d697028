#include <algorithm>
#include <iostream>

#include "bench/customers/chat_link.h"
#include "bench/customers/load_session.h"
#include "bench/customers/process_stats.h"

namespace sb::customers {
namespace {

constexpr unsigned kOpeningAtOnce = 100;
constexpr unsigned kPerSourceAddress = 20'000;  // an address has some 28,000 ports to connect from
constexpr unsigned kOtherFiles = 100;
constexpr double kOpenSecondsMax = 300;

class IdleLoad {
 public:
  explicit IdleLoad(LoadSession& session) : session_(session) {}

  int run() {
    const auto wanted = session_.options.connections;
    const auto files = raise_open_files();
    if (wanted + kOtherFiles > files) {
      std::cerr << wanted << " connections need more open files than the " << files << " allowed here\n";
      return 2;
    }
    const int pid = session_.options.server_pid;
    const auto before = pid == 0 ? 0 : process_resident_bytes(pid).value_or(0);
    session_.start_measuring();
    const auto start = now_ns();
    while (begun_ < std::min(wanted, kOpeningAtOnce)) open_next();
    session_.run_until([&] { return welcomed_ + lost_ >= wanted; }, kOpenSecondsMax);
    const double open_seconds = static_cast<double>(now_ns() - start) / 1e9;
    const auto opened = pid == 0 ? 0 : process_resident_bytes(pid).value_or(0);
    const auto lost_opening = lost_;
    session_.run_until([] { return false; }, session_.options.seconds);
    const auto after = pid == 0 ? 0 : process_resident_bytes(pid).value_or(0);

    Report report("idle chat connections");
    report.figure("connections", static_cast<double>(welcomed_));
    report.figure("refused_or_lost_while_opening", static_cast<double>(lost_opening));
    report.figure("lost_while_idle", static_cast<double>(lost_ - lost_opening));
    report.figure("opened_per_s", static_cast<double>(welcomed_) / std::max(1e-9, open_seconds));
    if (pid != 0) {
      report.figure("server_rss_before_mb", static_cast<double>(before) / 1048576.0);
      report.figure("server_rss_opened_mb", static_cast<double>(opened) / 1048576.0);
      report.figure("server_rss_after_mb", static_cast<double>(after) / 1048576.0);
      const auto grown = static_cast<double>(after) - static_cast<double>(before);
      report.figure("server_bytes_per_connection", grown / std::max(1.0, static_cast<double>(welcomed_)));
    }
    session_.add_costs(report, "connection", welcomed_);
    report.latencies("welcome", welcome_);
    session_.print(report);
    const int code = session_.exit_code(lost_ + (wanted - welcomed_));
    for (const auto& link : links_) link->drop();
    return code;
  }

 private:
  void open_next() {
    const unsigned number = begun_++;
    const auto source = asio::ip::address_v4(0x7f000001U + number / kPerSourceAddress);
    auto link = std::make_shared<ChatLink>();
    links_.push_back(link);
    ChatLink::Callbacks events;
    const std::weak_ptr<ChatLink> weak = link;
    const auto start = now_ns();
    events.opened = [weak] {
      ChatLink::Hello hello;
      hello.language = "en";
      hello.page = "/";
      if (const auto opened = weak.lock()) opened->hello(hello);
    };
    events.frame = [this, start](std::string_view type, const boost::json::object&) {
      if (type != "welcome") return;
      welcome_.record(now_ns() - start);
      ++welcomed_;
      if (begun_ < session_.options.connections) open_next();
    };
    events.problem = [this](const std::string& what) { session_.ledger.error("idle chat: " + what); };
    events.closed = [this](std::uint16_t code, const std::string& reason) {
      ++lost_;
      session_.ledger.count("closed: " + std::to_string(code) + " " + reason);
      if (begun_ < session_.options.connections) open_next();
    };
    link->open(session_.hub, session_.settings, source, std::move(events));
  }

  LoadSession& session_;
  std::vector<std::shared_ptr<ChatLink>> links_;
  unsigned begun_ = 0;
  unsigned welcomed_ = 0;
  unsigned lost_ = 0;
  Histogram welcome_;
};

}  // namespace

int run_idle(const LoadOptions& options) {
  LoadSession session(options);
  if (!session.begin()) return 2;
  return IdleLoad(session).run();
}

}  // namespace sb::customers
