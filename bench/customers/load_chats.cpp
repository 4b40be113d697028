#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "bench/customers/chat_link.h"
#include "bench/customers/load_session.h"

namespace sb::customers {
namespace {

constexpr double kChatDrainSeconds = 10;

// The phases of one chat, each timed by the customer.
struct Phases {
  Histogram welcome;   // from when the customer should have come, connecting included
  Histogram assigned;  // from the first message
  Histogram ack;       // of the second message
  Histogram answer;    // from the second message to the agent's next
  Histogram ended;     // from the customer's end
  Histogram whole;
};

struct Tally {
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::unordered_set<std::shared_ptr<ChatLink>> open;
};

class LoadCustomer : public std::enable_shared_from_this<LoadCustomer> {
 public:
  LoadCustomer(LoadSession& session, Phases& phases, Tally& tally, std::uint64_t number, std::uint64_t intended_ns)
      : session_(session), phases_(phases), tally_(tally), number_(number), intended_ns_(intended_ns) {}

  void begin() {
    link_ = std::make_shared<ChatLink>();
    ChatLink::Callbacks events;
    const auto self = shared_from_this();
    events.opened = [self] {
      ChatLink::Hello hello;
      hello.language = "en";
      hello.page = "/";
      hello.queue = self->session_.queue_of(self->number_);
      self->link_->hello(hello);
    };
    events.frame = [self](std::string_view type, const boost::json::object& frame) { self->take(type, frame); };
    events.problem = [self](const std::string& what) { self->session_.ledger.error("chat: " + what); };
    events.closed = [self](std::uint16_t code, const std::string& reason) { self->closed(code, reason); };
    tally_.open.insert(link_);
    link_->open(session_.hub, session_.settings, std::nullopt, std::move(events));
  }

 private:
  void take(std::string_view type, const boost::json::object& frame) {
    const auto now = now_ns();
    if (type == "welcome") {
      phases_.welcome.record(now - std::min(now, intended_ns_));
      mark_ns_ = now;
      link_->start("Where is my order?", {}, session_.queue_of(number_));
    } else if (type == "assigned") {
      phases_.assigned.record(now - mark_ns_);
    } else if (type == "message" && text_of(frame, "from") == "agent") {
      take_answer(now);
    } else if (type == "ack" && turns_ == 1 && std::exchange(awaits_ack_, false)) {
      phases_.ack.record(now - mark_ns_);
    } else if (type == "ended") {
      finish(now);
    } else if (type == "error" || type == "ticket") {
      session_.ledger.count("chats refused: " + std::string(type) + " " + text_of(frame, "code"));
      failed();
    }
  }

  void take_answer(std::uint64_t now) {
    if (++turns_ == 1) {
      mark_ns_ = now;
      awaits_ack_ = true;
      return link_->message("LJ-10482, it was due on Monday.");
    }
    if (turns_ > 2) return;
    phases_.answer.record(now - mark_ns_);
    mark_ns_ = now;
    link_->end();
  }

  void finish(std::uint64_t now) {
    if (std::exchange(over_, true)) return;
    phases_.ended.record(now - mark_ns_);
    phases_.whole.record(now - std::min(now, intended_ns_));
    ++tally_.completed;
    link_->close();
  }

  void closed(std::uint16_t code, const std::string& reason) {
    tally_.open.erase(link_);
    if (over_) return;
    session_.ledger.count("chats closed early: " + std::to_string(code) + " " + reason);
    failed();
  }

  void failed() {
    if (std::exchange(over_, true)) return;
    ++tally_.failed;
    link_->close();
  }

  LoadSession& session_;
  Phases& phases_;
  Tally& tally_;
  std::uint64_t number_;
  std::uint64_t intended_ns_;
  std::shared_ptr<ChatLink> link_;
  std::uint64_t mark_ns_ = 0;
  unsigned turns_ = 0;
  bool awaits_ack_ = false;
  bool over_ = false;
};

class ChatsLoad {
 public:
  explicit ChatsLoad(LoadSession& session)
      : session_(session),
        fleet_(session.io, session.hub, session.settings, session.options.fleet, session.ledger),
        timer_(session.io) {}

  int run() {
    if (!fleet_.gather()) return 2;
    fleet_.set_on_frame([this](ConsoleLink& link, const Frame& frame) { take(link, frame); });
    const auto& options = session_.options;
    interval_ns_ = 1e9 / std::max(1.0, options.rate);
    total_ = static_cast<std::uint64_t>(options.seconds * options.rate);
    start_ns_ = now_ns() + 100'000'000;
    session_.start_measuring();
    begin_due();
    session_.run_until([&] { return tally_.completed + tally_.failed >= total_; }, options.seconds + kChatDrainSeconds);
    return report();
  }

 private:
  void begin_due() {
    const auto now = now_ns();
    const auto intended = [&] {
      return start_ns_ + static_cast<std::uint64_t>(interval_ns_ * static_cast<double>(begun_));
    };
    for (; begun_ < total_ && intended() <= now; ++begun_) {
      std::make_shared<LoadCustomer>(session_, phases_, tally_, begun_, intended())->begin();
    }
    if (begun_ == total_) return;
    const auto next = intended();
    timer_.expires_after(std::chrono::nanoseconds(next > now ? next - now : 0));
    timer_.async_wait([this](boost::system::error_code error) {
      if (!error) begin_due();
    });
  }

  // The agent greets when the chat is theirs, and answers the customer's next message once.
  void take(ConsoleLink& link, const Frame& frame) {
    const auto& body = frame.body();
    if (body.has_offer_arrived()) {
      link.accept(body.offer_arrived().offer().offer());
    } else if (body.has_work_changed()) {
      const auto interaction = body.work_changed().work().interaction();
      if (answers_.emplace(interaction, 1).second)
        link.say(interaction, "Hello, one moment please.", key_of(interaction, 1));
    } else if (body.has_message_arrived() && body.message_arrived().message().author() == switchboard::PARTY_CUSTOMER) {
      const auto interaction = body.message_arrived().interaction();
      const auto found = answers_.find(interaction);
      if (found == answers_.end() || found->second != 1) return;
      found->second = 2;
      link.say(interaction, "It left our warehouse yesterday.", key_of(interaction, 2));
    } else if (body.has_work_gone()) {
      answers_.erase(body.work_gone().interaction());
    } else if (body.has_wrap_up_arrived()) {
      link.wrap_up(body.wrap_up_arrived().wrap_up().interaction(), "resolved", {});
    }
  }

  [[nodiscard]] static std::string key_of(std::uint64_t interaction, int turn) {
    return std::to_string(interaction) + "-" + std::to_string(turn);
  }

  int report() {
    const auto unfinished = total_ - std::min(total_, tally_.completed + tally_.failed);
    Report report("whole chats");
    report.figure("agents", static_cast<double>(fleet_.size()));
    report.figure("sign_in_s", fleet_.gather_seconds());
    report.figure("rate_per_s", session_.options.rate);
    report.figure("begun", static_cast<double>(begun_));
    report.figure("completed", static_cast<double>(tally_.completed));
    report.figure("failed", static_cast<double>(tally_.failed));
    report.figure("unfinished", static_cast<double>(unfinished));
    report.figure("completed_per_s", static_cast<double>(tally_.completed) * 1e9 /
                                         static_cast<double>(std::max<std::uint64_t>(1, now_ns() - start_ns_)));
    session_.add_costs(report, "chat", tally_.completed);
    report.latencies("welcome", phases_.welcome);
    report.latencies("assigned", phases_.assigned);
    report.latencies("ack", phases_.ack);
    report.latencies("answer", phases_.answer);
    report.latencies("ended", phases_.ended);
    report.latencies("whole", phases_.whole);
    session_.print(report);
    for (const auto& link : tally_.open) link->drop();
    return session_.exit_code(unfinished + tally_.failed);
  }

  LoadSession& session_;
  Fleet fleet_;
  asio::steady_timer timer_;
  Phases phases_;
  Tally tally_;
  std::unordered_map<std::uint64_t, int> answers_;
  double interval_ns_ = 0;
  std::uint64_t start_ns_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t begun_ = 0;
};

}  // namespace

int run_chats(const LoadOptions& options) {
  LoadSession session(options);
  if (!session.begin()) return 2;
  return ChatsLoad(session).run();
}

}  // namespace sb::customers
