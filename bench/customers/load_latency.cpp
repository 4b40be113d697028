#include <algorithm>
#include <boost/asio/steady_timer.hpp>

#include "bench/customers/load_session.h"

namespace sb::customers {
namespace {

constexpr double kLatencyDrainSeconds = 5;

class LatencyLoad {
 public:
  explicit LatencyLoad(LoadSession& session)
      : session_(session),
        fleet_(session.io, session.hub, session.settings, session.options.fleet, session.ledger),
        timer_(session.io) {}

  int run() {
    if (!fleet_.gather()) return 2;
    fleet_.set_on_frame([this](ConsoleLink& link, const Frame& frame) { take(link, frame); });
    const auto& options = session_.options;
    interval_ns_ = 1e9 / std::max(1.0, options.rate);
    start_ns_ = now_ns() + 100'000'000;
    warm_ns_ = start_ns_ + static_cast<std::uint64_t>(options.warmup_seconds * 1e9);
    total_ = static_cast<std::uint64_t>((options.warmup_seconds + options.seconds) * options.rate);
    session_.start_measuring();
    send_due();
    session_.run_until([&] { return sent_ == total_ && offered_ + refused_ >= total_; },
                       options.warmup_seconds + options.seconds + kLatencyDrainSeconds);
    return report();
  }

 private:
  [[nodiscard]] std::uint64_t intended(std::uint64_t number) const {
    return start_ns_ + static_cast<std::uint64_t>(interval_ns_ * static_cast<double>(number));
  }

  void send_due() {
    const auto now = now_ns();
    for (; sent_ < total_ && intended(sent_) <= now; ++sent_) {
      const auto due = intended(sent_);
      if (due >= warm_ns_) lag_.record(now - due);
      body_.clear();
      session_.append_arrival(body_, sent_, due);
      session_.http->send("POST", "/api/interactions", session_.api_headers(), body_,
                          [this](const HttpReply& reply) { take_reply(reply); });
    }
    if (sent_ == total_) return;
    const auto next = intended(sent_);
    timer_.expires_after(std::chrono::nanoseconds(next > now ? next - now : 0));
    timer_.async_wait([this](boost::system::error_code error) {
      if (!error) send_due();
    });
  }

  void take_reply(const HttpReply& reply) {
    if (reply.status == 201) {
      ++accepted_;
      return;
    }
    ++refused_;
    session_.ledger.count("arrivals refused with HTTP " + std::to_string(reply.status));
    if (refused_ == 1)
      session_.ledger.line("first refusal: " + std::to_string(reply.status) + " " + reply.body.substr(0, 200));
  }

  void take(ConsoleLink& link, const Frame& frame) {
    if (frame.body().has_offer_arrived()) {
      const auto now = now_ns();
      const auto& offer = frame.body().offer_arrived().offer();
      link.accept(offer.offer());
      link.end(offer.interaction());
      ++offered_;
      const auto due = intended_of(offer.preview());
      if (due == 0) {
        ++unmarked_;
      } else if (due >= warm_ns_) {
        offer_.record(now - std::min(now, due));
      }
    } else if (frame.body().has_work_gone()) {
      ++finished_;
    } else if (frame.body().has_wrap_up_arrived()) {
      link.wrap_up(frame.body().wrap_up_arrived().wrap_up().interaction(), "resolved", {});
    }
  }

  int report() {
    const std::uint64_t lost = total_ - std::min(total_, offered_ + refused_);
    Report report("offer latency");
    report.figure("agents", static_cast<double>(fleet_.size()));
    report.figure("sign_in_s", fleet_.gather_seconds());
    report.figure("rate_per_s", session_.options.rate);
    report.figure("sent", static_cast<double>(sent_));
    report.figure("accepted", static_cast<double>(accepted_));
    report.figure("offered", static_cast<double>(offered_));
    report.figure("finished", static_cast<double>(finished_));
    report.figure("refused", static_cast<double>(refused_));
    report.figure("lost", static_cast<double>(lost));
    report.figure("offers_without_a_mark", static_cast<double>(unmarked_));
    session_.add_costs(report, "offer", offered_);
    report.latencies("offer", offer_);
    report.latencies("generator_lag", lag_);
    session_.print(report);
    return session_.exit_code(lost + refused_ + unmarked_);
  }

  LoadSession& session_;
  Fleet fleet_;
  asio::steady_timer timer_;
  std::string body_;
  double interval_ns_ = 0;
  std::uint64_t start_ns_ = 0;
  std::uint64_t warm_ns_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t accepted_ = 0;
  std::uint64_t offered_ = 0;
  std::uint64_t finished_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t unmarked_ = 0;
  Histogram offer_;
  Histogram lag_;
};

}  // namespace

int run_latency(const LoadOptions& options) {
  LoadSession session(options);
  if (!session.begin()) return 2;
  return LatencyLoad(session).run();
}

}  // namespace sb::customers
