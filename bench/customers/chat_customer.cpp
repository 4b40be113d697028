#include "bench/customers/chat_customer.h"

#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace sb::customers {
namespace {

constexpr Millis kSilenceMax{180'000};  // after this without an answer a customer ends the chat
constexpr Millis kCloseWait{5'000};

}  // namespace

void ChatCustomer::after(Millis delay, std::function<void()> run) {
  const auto scaled = std::chrono::duration_cast<std::chrono::microseconds>(delay * plan_.pace);
  auto timer = std::make_shared<asio::steady_timer>(io_, scaled);
  timer->async_wait([self = shared_from_this(), timer, run = std::move(run)](boost::system::error_code error) {
    if (!error && !self->gone_) run();
  });
}

void ChatCustomer::arrive(OnLeft left) {
  left_ = std::move(left);
  link_ = std::make_shared<ChatLink>();
  ChatLink::Callbacks events;
  const auto self = shared_from_this();
  events.opened = [self] {
    ChatLink::Hello hello;
    hello.visitor = self->plan_.visitor;
    hello.identity = self->plan_.identity;
    hello.language = self->plan_.script.language;
    hello.page = "/products/longjing";
    hello.queue = self->plan_.script.queue;
    self->link_->hello(hello);
  };
  events.frame = [self](std::string_view type, const boost::json::object& frame) { self->take(type, frame); };
  events.problem = [self](const std::string& what) {
    self->ledger_.error("chat of " + self->plan_.person.name + ": " + what);
  };
  events.closed = [self](std::uint16_t code, const std::string& reason) {
    if (!self->ending_) {
      self->ledger_.error("chat of " + self->plan_.person.name + " was closed with " + std::to_string(code) + " " +
                          reason);
    }
    self->go("closed");
  };
  ledger_.count("chats opened");
  link_->open(hub_, settings_, std::nullopt, std::move(events));
}

void ChatCustomer::take(std::string_view type, const boost::json::object& frame) {
  if (type == "welcome") {
    plan_.visitor = text_of(frame, "visitor");
    const auto* active = frame.if_contains("active");
    if (active != nullptr && active->is_bool() && active->get_bool()) return go("an earlier chat still runs");
    after(random_.between(Millis(1000), Millis(4000)), [this] {
      link_->start(plan_.script.lines.front(), plan_.person.name, plan_.script.queue);
      said_ = 1;
      give_up_later();
    });
  } else if (type == "queued") {
    ledger_.count("chat queue positions told");
  } else if (type == "assigned") {
    if (!std::exchange(assigned_, true)) ledger_.count("chats answered by an agent");
    ledger_.line(plan_.person.name + " chats with " + text_of(frame, "agent"));
  } else if (type == "message") {
    ledger_.count("chat messages received");
    if (text_of(frame, "from") == "agent") answer_agent();
  } else if (type == "ended") {
    ending_ = true;
    ledger_.count("chats ended by the " + text_of(frame, "by"));
    if (link_->unacknowledged() > 0 && said_ > 0) ledger_.error("a chat ended with messages not acknowledged");
    link_->close();
    after(kCloseWait, [this] { go("ended"); });
  } else if (type == "ticket") {
    ledger_.count("chats that became a ticket");
    ending_ = true;
    link_->close();
    after(kCloseWait, [this] { go("ticket"); });
  } else if (type == "error") {
    ledger_.error("chat of " + plan_.person.name + " was refused: " + text_of(frame, "code") + " " +
                  text_of(frame, "message"));
  }
}

void ChatCustomer::give_up_later() {
  after(plan_.patience, [this] {
    if (assigned_ || ending_) return;
    ending_ = true;
    ledger_.count("chat customers who lost patience");
    ledger_.line(plan_.person.name + " leaves the chat: waited too long");
    link_->end();
    after(kCloseWait, [this] { go("patience"); });
  });
}

void ChatCustomer::answer_agent() {
  if (ending_ || std::exchange(answering_, true)) return;
  if (said_ >= plan_.script.lines.size()) {
    after(random_.between(Millis(2000), Millis(5000)), [this] {
      if (std::exchange(ending_, true)) return;
      link_->end();
      after(kCloseWait, [this] { go("said everything"); });
    });
    return;
  }
  after(random_.between(Millis(600), Millis(2000)), [this] {
    if (ending_) return;
    link_->typing();
    const auto length = static_cast<std::int64_t>(plan_.script.lines[said_].size());
    after(random_.between(Millis(800), Millis(1500)) + Millis(40) * length, [this] { say_next(); });
  });
}

void ChatCustomer::say_next() {
  answering_ = false;
  if (ending_) return;
  link_->message(plan_.script.lines[said_++]);
  ledger_.count("chat messages sent");
  const std::size_t said = said_;
  after(kSilenceMax, [this, said] {
    if (ending_ || said_ != said || answering_) return;
    ending_ = true;
    link_->end();
    after(kCloseWait, [this] { go("silence"); });
  });
}

void ChatCustomer::leave() {
  if (gone_ || std::exchange(ending_, true)) return;
  if (said_ > 0) link_->end();
  after(Millis(500), [this] { go("demo over"); });
}

void ChatCustomer::go(const std::string& how) {
  if (std::exchange(gone_, true)) return;
  ledger_.count("chat customers gone: " + how);
  link_->drop();
  if (left_) std::exchange(left_, nullptr)(plan_.visitor);
}

}  // namespace sb::customers
