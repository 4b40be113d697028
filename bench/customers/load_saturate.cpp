#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "bench/customers/load_session.h"

namespace sb::customers {
namespace {

constexpr std::uint64_t kStallNs = 10'000'000'000;
constexpr double kSecondsMax = 600;

class SaturateLoad {
 public:
  explicit SaturateLoad(LoadSession& session)
      : session_(session), fleet_(session.io, session.hub, session.settings, session.options.fleet, session.ledger) {}

  int run() {
    if (!fleet_.gather()) return 2;
    fleet_.set_on_frame([this](ConsoleLink& link, const Frame& frame) { take(link, frame); });
    session_.start_measuring();
    first_ns_ = last_ns_ = now_ns();
    refill();
    session_.run_until([&] { return done() >= session_.options.jobs || now_ns() - last_ns_ > kStallNs; }, kSecondsMax);
    return report();
  }

 private:
  [[nodiscard]] std::uint64_t done() const { return finished_ + refused_; }

  void refill() {
    const auto& options = session_.options;
    while (sent_ < options.jobs) {
      const auto count = std::min<std::uint64_t>(std::clamp(options.batch, 1U, 1000U), options.jobs - sent_);
      if (sent_ > done() && sent_ - done() + count > options.outstanding) return;
      const auto now = now_ns();
      body_ = "[";
      for (std::uint64_t i = 0; i < count; ++i) {
        if (i != 0) body_ += ',';
        session_.append_arrival(body_, sent_ + i, now);
      }
      body_ += ']';
      sent_ += count;
      session_.http->send("POST", "/api/interactions", session_.api_headers(), body_,
                          [this, count](const HttpReply& reply) { take_reply(reply, count); });
    }
  }

  void take_reply(const HttpReply& reply, std::uint64_t count) {
    std::uint64_t good = 0;
    if (reply.status >= 200 && reply.status < 300) {
      boost::system::error_code error;
      const auto value = boost::json::parse(reply.body, error);
      if (!error && value.is_array()) {
        for (const auto& result : value.get_array()) {
          good += result.is_object() && result.get_object().contains("interaction") ? 1 : 0;
        }
      }
    }
    const auto bad = count - std::min(good, count);
    if (bad == 0) return;
    if (refused_ == 0)
      session_.ledger.line("first refusal: " + std::to_string(reply.status) + " " + reply.body.substr(0, 200));
    refused_ += bad;
    session_.ledger.count("arrivals refused", bad);
    refill();
  }

  void take(ConsoleLink& link, const Frame& frame) {
    ++frames_;
    const auto& body = frame.body();
    if (body.has_offer_arrived()) {
      const auto& offer = body.offer_arrived().offer();
      link.accept(offer.offer());
      link.end(offer.interaction());
      const auto now = now_ns();
      const auto sent = intended_of(offer.preview());
      if (sent != 0) offer_.record(now - std::min(now, sent));
    } else if (body.has_work_gone()) {
      ++finished_;
      last_ns_ = now_ns();
      refill();
    } else if (body.has_wrap_up_arrived()) {
      link.wrap_up(body.wrap_up_arrived().wrap_up().interaction(), "resolved", {});
    }
  }

  int report() {
    const double seconds = static_cast<double>(last_ns_ - first_ns_) / 1e9;
    const auto lost = sent_ - std::min(sent_, done());
    Report report("saturated assignment");
    report.figure("agents", static_cast<double>(fleet_.size()));
    report.figure("sign_in_s", fleet_.gather_seconds());
    report.figure("jobs", static_cast<double>(sent_));
    report.figure("finished", static_cast<double>(finished_));
    report.figure("refused", static_cast<double>(refused_));
    report.figure("lost", static_cast<double>(lost));
    report.figure("assignments_per_s", seconds > 0 ? static_cast<double>(finished_) / seconds : 0);
    report.figure("frames_per_assignment",
                  finished_ == 0 ? 0 : static_cast<double>(frames_) / static_cast<double>(finished_));
    session_.add_costs(report, "assignment", finished_);
    report.latencies("offer", offer_);
    session_.print(report);
    return session_.exit_code(lost + refused_);
  }

  LoadSession& session_;
  Fleet fleet_;
  std::string body_;
  std::uint64_t sent_ = 0;
  std::uint64_t finished_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t first_ns_ = 0;
  std::uint64_t last_ns_ = 0;
  Histogram offer_;
};

}  // namespace

int run_saturate(const LoadOptions& options) {
  LoadSession session(options);
  if (!session.begin()) return 2;
  return SaturateLoad(session).run();
}

}  // namespace sb::customers
