#include "bench/customers/fleet.h"

#include <utility>

namespace sb::customers {
namespace {

// Signing in hashes a password on purpose slowly: more at once than this only wait for each other.
constexpr unsigned kSignInsAtOnce = 16;
constexpr std::size_t kSignInConnections = 4;
constexpr std::uint64_t kGatherNsMax = 600'000'000'000;

}  // namespace

struct Fleet::Member {
  AgentLogin agent;
  std::shared_ptr<ConsoleLink> link = std::make_shared<ConsoleLink>();
  bool ready = false;
};

Fleet::Fleet(asio::io_context& io, Websocket::Hub& hub, const Settings& settings, FleetOptions options, Ledger& ledger)
    : io_(io),
      hub_(hub),
      settings_(settings),
      options_(std::move(options)),
      ledger_(ledger),
      http_(io, settings.server, settings.host, kSignInConnections) {}

Fleet::~Fleet() {
  disband();
}

bool Fleet::gather() {
  const auto start = now_ns();
  while (begun_ < options_.agents && begun_ < kSignInsAtOnce) begin_next();
  auto last_said = start;
  while (!failed_ && ready_ < options_.agents) {
    io_.run_one_for(std::chrono::milliseconds(200));
    if (io_.stopped()) io_.restart();
    const auto now = now_ns();
    if (now - start > kGatherNsMax) fail("signing in " + std::to_string(options_.agents) + " agents took too long");
    if (now - last_said > 5'000'000'000) {
      last_said = now;
      ledger_.line(std::to_string(ready_) + " of " + std::to_string(options_.agents) + " agents are at work");
    }
  }
  gather_seconds_ = static_cast<double>(now_ns() - start) / 1e9;
  return !failed_;
}

void Fleet::begin_next() {
  auto member = std::make_shared<Member>();
  member->agent.login = bench_login(options_.login_pattern, begun_++);
  member->agent.password = options_.password;
  members_.push_back(member);
  sign_in(io_, http_, member->agent, [this, member](const std::string& cookie, const std::string& why) {
    if (disbanded_) return;
    if (cookie.empty()) return fail(member->agent.login + ": " + why);
    open(member, cookie);
  });
}

void Fleet::open(const std::shared_ptr<Member>& member, const std::string& cookie) {
  ConsoleLink::Callbacks events;
  events.frame = [this, member](const Frame& frame) { take(member, frame); };
  events.closed = [this, member](const std::string& why) {
    if (!disbanded_) fail("console of " + member->agent.login + " " + why);
  };
  member->link->open(hub_, settings_, cookie, std::move(events));
}

void Fleet::take(const std::shared_ptr<Member>& member, const Frame& frame) {
  const auto& body = frame.body();
  if (body.has_snapshot()) {
    clear_leftovers(*member, body.snapshot());
    member->link->set_available(ConsoleLink::kPresenceRequest);
    return;
  }
  if (body.has_reply() && body.reply().request() == ConsoleLink::kPresenceRequest && !member->ready) {
    if (!body.reply().ok()) return fail(member->agent.login + " may not be available: " + body.reply().message());
    member->ready = true;
    ++ready_;
    if (begun_ < options_.agents) begin_next();
    return;
  }
  if (body.has_goodbye()) return fail(member->agent.login + " is sent away: " + body.goodbye().reason());
  if (body.has_reply() && !body.reply().ok()) ledger_.count("requests refused: " + body.reply().code());
  if (on_frame_) on_frame_(*member->link, frame);
}

void Fleet::clear_leftovers(Member& member, const switchboard::console::FrameBody::Snapshot& snapshot) {
  for (const auto& offer : snapshot.offers()) {
    member.link->accept(offer.offer());
    member.link->end(offer.interaction());
    ledger_.count("leftovers of an earlier run");
  }
  for (const auto& work : snapshot.work()) {
    member.link->end(work.interaction());
    ledger_.count("leftovers of an earlier run");
  }
  for (const auto& wrap_up : snapshot.wrap_ups()) member.link->wrap_up(wrap_up.interaction(), "resolved", {});
}

void Fleet::fail(const std::string& why) {
  failed_ = true;
  ledger_.error(why);
}

void Fleet::disband() {
  if (std::exchange(disbanded_, true)) return;
  for (const auto& member : members_) member->link->close();
}

}  // namespace sb::customers
