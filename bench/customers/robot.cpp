#include "bench/customers/robot.h"

#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "bench/customers/chat_script.h"

namespace sb::customers {
namespace {

constexpr Millis kQuietMax{90'000};  // then the robot ends a chat

}  // namespace

void Robot::after(Millis delay, std::function<void()> run) {
  const auto scaled = std::chrono::duration_cast<std::chrono::microseconds>(delay * pace_);
  auto timer = std::make_shared<asio::steady_timer>(io_, scaled);
  timer->async_wait([self = shared_from_this(), timer, run = std::move(run)](boost::system::error_code error) {
    if (error || self->stopped_ || !self->link_) return;
    run();
    self->link_->send();
  });
}

void Robot::begin() {
  sign_in(io_, http_, agent_, [self = shared_from_this()](const std::string& cookie, const std::string& why) {
    if (self->stopped_) return;
    if (cookie.empty()) return self->ledger_.error("robot " + self->agent_.login + ": " + why);
    self->link_ = std::make_shared<ConsoleLink>();
    ConsoleLink::Callbacks events;
    events.frame = [self](const Frame& frame) { self->take(frame); };
    events.closed = [self](const std::string& reason) {
      if (!self->stopped_) self->ledger_.error("console of robot " + self->agent_.login + " " + reason);
    };
    self->link_->open(self->hub_, self->settings_, cookie, std::move(events));
  });
}

void Robot::stop() {
  stopped_ = true;
  if (link_) link_->close();
}

void Robot::take(const Frame& frame) {
  const auto& body = frame.body();
  if (body.has_snapshot()) return take_snapshot(body.snapshot());
  if (body.has_offer_arrived()) return take_offer(body.offer_arrived().offer());
  if (body.has_offer_gone()) {
    offers_.erase(body.offer_gone().offer());
  } else if (body.has_work_changed()) {
    take_work(body.work_changed().work());
  } else if (body.has_work_gone()) {
    work_.erase(body.work_gone().interaction());
  } else if (body.has_message_arrived()) {
    take_message(body.message_arrived().interaction(), body.message_arrived().message());
  } else if (body.has_wrap_up_arrived()) {
    take_wrap_up(body.wrap_up_arrived().wrap_up());
  } else if (body.has_wrap_up_gone()) {
    wrap_ups_.erase(body.wrap_up_gone().interaction());
  } else if (body.has_reply()) {
    take_reply(body.reply());
  } else if (body.has_goodbye()) {
    ledger_.line("robot " + agent_.login + " is sent away: " + body.goodbye().reason());
    stop();
  }
}

void Robot::take_snapshot(const switchboard::console::FrameBody::Snapshot& snapshot) {
  dispositions_.clear();
  for (const auto& disposition : snapshot.dispositions()) dispositions_.push_back(disposition.code());
  offers_.clear();
  work_.clear();
  for (const auto& offer : snapshot.offers()) take_offer(offer);
  for (const auto& work : snapshot.work()) take_work(work);
  for (const auto& wrap_up : snapshot.wrap_ups()) take_wrap_up(wrap_up);
  if (snapshot.agent().presence() != switchboard::PRESENCE_AVAILABLE)
    link_->set_available(ConsoleLink::kPresenceRequest);
  ledger_.line("robot " + agent_.login + " is at work");
}

void Robot::take_offer(const switchboard::console::OfferCard& offer) {
  ledger_.count("offers to robots");
  offers_.insert(offer.offer());
  after(random_.between(Millis(500), Millis(3000)), [this, id = offer.offer()] {
    if (offers_.count(id)) link_->accept(id);
  });
}

void Robot::take_work(const switchboard::console::WorkCard& card) {
  const bool fresh = work_.find(card.interaction()) == work_.end();
  auto& work = work_[card.interaction()];
  ++work.activity;
  if (!fresh) return;
  ledger_.count("interactions taken by robots");
  work.phone = card.channel() == switchboard::CHANNEL_PHONE;
  work.language = card.language();
  if (work.phone) return begin_call(card.interaction());
  answer(card.interaction());
  end_when_quiet(card.interaction());
}

void Robot::begin_call(std::uint64_t interaction) {
  if (random_.chance(0.2)) {
    after(Millis(12'000), [this, interaction] {
      if (work_.count(interaction)) link_->hold(interaction, true);
    });
    after(Millis(17'000), [this, interaction] {
      if (work_.count(interaction)) link_->hold(interaction, false);
    });
  }
  after(Millis(20'000) + random_.exponential(Millis(60'000)), [this, interaction] {
    if (work_.count(interaction)) link_->end(interaction);
  });
}

void Robot::take_message(std::uint64_t interaction, const switchboard::console::ChatMessage& message) {
  const auto found = work_.find(interaction);
  if (found == work_.end()) return;
  ++found->second.activity;
  if (message.author() == switchboard::PARTY_CUSTOMER) answer(interaction);
}

void Robot::answer(std::uint64_t interaction) {
  if (std::exchange(work_[interaction].answering, true)) return;
  after(random_.between(Millis(800), Millis(2500)), [this, interaction] {
    if (work_.count(interaction)) link_->typing(interaction);
    after(random_.between(Millis(1000), Millis(3500)), [this, interaction] {
      const auto found = work_.find(interaction);
      if (found == work_.end()) return;
      auto& work = found->second;
      work.answering = false;
      link_->say(interaction, agent_line(random_, work.language, work.turns++),
                 agent_.login + "-" + std::to_string(now_ns()) + "-" + std::to_string(++keys_));
      ledger_.count("messages written by robots");
    });
  });
}

void Robot::end_when_quiet(std::uint64_t interaction) {
  const auto found = work_.find(interaction);
  if (found == work_.end()) return;
  after(kQuietMax, [this, interaction, activity = found->second.activity] {
    const auto still = work_.find(interaction);
    if (still == work_.end()) return;
    if (still->second.activity == activity) return link_->end(interaction);
    end_when_quiet(interaction);
  });
}

void Robot::take_wrap_up(const switchboard::console::WrapUpCard& card) {
  if (!wrap_ups_.insert(card.interaction()).second) return;
  after(random_.between(Millis(2000), Millis(6000)), [this, interaction = card.interaction()] {
    if (!wrap_ups_.count(interaction)) return;
    const std::string disposition =
        dispositions_.empty() ? "resolved" : dispositions_[random_.below(dispositions_.size())];
    link_->wrap_up(interaction, disposition, {});
    ledger_.count("wrap-ups completed by robots");
  });
}

void Robot::take_reply(const switchboard::console::FrameBody::Reply& reply) {
  if (reply.ok()) return;
  // An offer or a chat may go away while the answer to it travels: that is no fault.
  ledger_.count("requests of robots refused: " + reply.code());
  if (reply.request() == ConsoleLink::kPresenceRequest)
    ledger_.error("robot " + agent_.login + " may not be available: " + reply.message());
}

}  // namespace sb::customers
