#include "tests/chat/chat_fixture.h"

// A call on the phone instead of waiting in the chat.
namespace sb::chat::test {
namespace {

class ChatCallback : public ChatTest {
 protected:
  static ChatOptions calling() {
    ChatOptions options = quick();
    options.calls_back = true;
    return options;
  }
  void offer_always() { center_.queues[0].callback.always_offered = true; }
  static std::string wish(std::string_view key, std::string_view phone) {
    return R"({"t":"callback","key":")" + std::string(key) + R"(","phone":")" + std::string(phone) + "\"}";
  }
  // The call that was asked for; nothing: none.
  std::optional<routing::Interaction> call() {
    return on_io([&]() -> std::optional<routing::Interaction> {
      for (std::uint32_t slot = 0; slot < engine_->view().interactions.slots(); ++slot) {
        const auto& i = engine_->view().interactions.at(slot);
        if (i.id && i.channel == Channel::kPhone) return i;
      }
      return std::nullopt;
    });
  }
  std::size_t alive() {
    return on_io([&] { return engine_->view().interactions.size(); });
  }
};

TEST_F(ChatCallback, TheCallTakesTheChatsPlace) {
  offer_always();
  open(calling());
  Tab customer = tab();
  customer.hello("", 0, R"(,"language":"zh-CN")");
  customer.start("k1", "订单没到");
  EXPECT_TRUE(customer.expect("queued").at("callback").as_bool());
  const InteractionId chat = on_io([&] { return engine_->view().interactions.sorted().front()->id; });
  const routing::Interaction before = on_io([&] { return *find(chat); });
  customer.send(wish("w1", "138 0013 8000"));
  const auto agreed = customer.expect("callback");
  EXPECT_EQ(text_of(agreed, "phone"), "+8613800138000");
  EXPECT_FALSE(agreed.contains("at_ms")) << "as soon as somebody is free";
  const auto made = call();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->callback->order, CallbackOrder::kAgentFirst);
  EXPECT_EQ(made->customer, before.customer);
  EXPECT_EQ(made->ticket, before.ticket) << "the matter is the same";
  EXPECT_EQ(made->queue, kSupport);
  EXPECT_EQ(made->requirement->skills, before.requirement->skills);
  EXPECT_EQ(made->language.view(), "zh-CN");
  EXPECT_EQ(alive(), 1u) << "the chat is over";
  // Asked once more, because the answer may have been lost.
  customer.send(wish("w1", "138 0013 8000"));
  EXPECT_EQ(text_of(customer.expect("callback"), "phone"), "+8613800138000");
  EXPECT_EQ(alive(), 1u);
}

TEST_F(ChatCallback, KeepsToTheHoursOfTheCustomersOwnClock) {
  offer_always();
  std::string asked = "nothing";
  find_customer_ = [](IdentityHash) {
    crm::IdentityMatch match;
    match.time_zone = "America/New_York";
    return std::optional(match);
  };
  center_.callback_windows = [&](const std::string& zone, const std::vector<std::string>&,
                                 TimeMs from) -> engine::Center::CallbackWindows {
    asked = zone;
    return std::vector<TimeSpan>{{from - 1000, from + 3'600'000}};
  };
  open(calling());
  Tab customer = tab();
  customer.hello();
  customer.start("k1", "hello");
  customer.expect("queued");
  customer.send(wish("w1", "+14155550123"));
  customer.expect("callback");
  const auto made = call();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->callback->windows.size(), 1u);
  EXPECT_EQ(asked, "America/New_York");
}

TEST_F(ChatCallback, ANumberThatCannotBeCalledChangesNothing) {
  offer_always();
  open(calling());
  Tab customer = tab();
  customer.hello();
  customer.send(wish("w0", "+8613800138000"));
  EXPECT_EQ(text_of(customer.expect("error"), "code"), "no_chat");
  customer.start("k1", "hello");
  customer.expect("queued");
  for (const std::string_view bad :
       {"", "12", "call me", "+999999999999999999999", "+86138001380001380013800013800138000138"}) {
    customer.send(wish("w1", bad));
    const auto error = customer.expect("error");
    EXPECT_EQ(text_of(error, "code"), "bad_phone") << bad;
    EXPECT_EQ(text_of(error, "key"), "w1");
  }
  customer.send(wish("w1", std::string(41, '1')));
  EXPECT_EQ(text_of(customer.expect("error"), "code"), "bad_phone");
  EXPECT_FALSE(call());
  EXPECT_EQ(alive(), 1u);
}

TEST_F(ChatCallback, OnlyWhenTheWaitIsLong) {
  open(calling());
  Tab customer = tab();
  customer.hello();
  customer.start("k1", "hello");
  EXPECT_FALSE(customer.expect("queued").contains("callback"));
  customer.send(wish("w1", "+8613800138000"));
  EXPECT_EQ(text_of(customer.expect("error"), "code"), "no_callback");
  // A step of relaxation says so.
  command::PutQueue queue;
  queue.queue = kSupport;
  queue.name = "support";
  queue.open = true;
  queue.offer_timeout_ms = 60'000;
  RelaxStep step;
  step.after_ms = 1000;
  step.kind = RelaxKind::kOfferCallback;
  queue.matching.relaxation = {step};
  ASSERT_EQ(run(queue).rejection, Rejection::kNone);
  while (!customer.expect("queued").contains("callback")) ASSERT_EQ(customer.close_code, 0);
  customer.send(wish("w1", "+8613800138000"));
  EXPECT_EQ(text_of(customer.expect("callback"), "phone"), "+8613800138000");
}

TEST_F(ChatCallback, WhoIsEstimatedToWaitAsLongMayAsk) {
  constexpr DurationMs kLongMs = 120'000;
  held_ms_ = 1'700'000'000'000;
  ChatOptions options = calling();
  options.callback_wait_ms = kLongMs;
  options.queued_interval_ms = 1;
  open(options);
  sign_in(kAmy);
  command::StartInteraction start;
  start.channel = Channel::kChat;
  start.queue = kSupport;
  for (int n = 0; n < 4; ++n) {  // four answered at one moment: whoever is next waits a quarter of the time since
    ASSERT_EQ(run(start).rejection, Rejection::kNone);
    accept(kAmy);
  }
  ASSERT_EQ(run(command::SetPresence{kAmy, Presence::kAway, {}}).rejection, Rejection::kNone);
  held_ms_ += 4 * kLongMs - 1;
  Tab customer = tab();
  customer.hello();
  customer.start("k1", "hello");
  const auto before = customer.expect("queued");
  EXPECT_EQ(number_of(before, "wait_ms"), kLongMs - 1);
  EXPECT_FALSE(before.contains("callback"));
  customer.send(wish("w1", "+8613800138000"));
  EXPECT_EQ(text_of(customer.expect("error"), "code"), "no_callback");
  held_ms_ += 1;
  const auto after = customer.expect("queued");
  EXPECT_EQ(number_of(after, "wait_ms"), kLongMs);
  EXPECT_TRUE(after.contains("callback"));
  customer.send(wish("w2", "+8613800138000"));
  EXPECT_EQ(text_of(customer.expect("callback"), "phone"), "+8613800138000");
}

TEST_F(ChatCallback, NobodyIsCalledWithoutAPhone) {
  offer_always();
  open();
  Tab customer = tab();
  customer.hello();
  customer.start("k1", "hello");
  EXPECT_FALSE(customer.expect("queued").contains("callback"));
  customer.send(wish("w1", "+8613800138000"));
  EXPECT_EQ(text_of(customer.expect("error"), "code"), "no_callback");
}

TEST_F(ChatCallback, APhoneDoesNotRingAtWill) {
  offer_always();
  ChatOptions options = calling();
  options.calls_per_number = {.per_s = 1e-6, .burst = 1, .sources_max = 16};
  open(options);
  for (const bool first : {true, false}) {
    Tab customer = tab();  // another visitor each time
    customer.hello();
    customer.start("k1", "hello");
    customer.expect("queued");
    customer.send(wish("w1", "+8613800138000"));
    if (first) {
      customer.expect("callback");
    } else {
      EXPECT_EQ(text_of(customer.expect("error"), "code"), "too_fast");
    }
  }
  EXPECT_EQ(alive(), 2u) << "one call, and the chat of who was refused";
}

TEST_F(ChatCallback, AskedAgainAfterARestartItEndsTheChat) {
  offer_always();
  open(calling());
  std::string token;
  InteractionId chat;
  {
    Tab customer = tab();
    customer.hello();
    token = customer.token;
    customer.start("k1", "hello");
    customer.expect("queued");
    chat = on_io([&] { return engine_->view().interactions.sorted().front()->id; });
    // The call is on record, and the server stops before the chat's end is.
    command::StartInteraction start;
    start.channel = Channel::kPhone;
    start.queue = kSupport;
    start.callback = {CallbackOrder::kAgentFirst, 0, 3, 60'000, {}};
    const auto visitor = tokens_->verify(token);
    ASSERT_TRUE(visitor);
    std::promise<void> written;
    ASSERT_TRUE(engine_->submit({.command = start,
                                 .source = Source::kChat,
                                 .key = to_text(*visitor) + ":w1",
                                 .contents = {},
                                 .done = [&](const engine::Answer&) { written.set_value(); }}));
    written.get_future().wait();
  }
  restart();
  EXPECT_EQ(alive(), 2u);
  Tab customer = tab();
  customer.hello(token, 1);
  customer.send(wish("w1", "+8613800138000"));
  EXPECT_EQ(text_of(customer.expect("callback"), "phone"), "+8613800138000");
  EXPECT_EQ(alive(), 1u);
  EXPECT_TRUE(call());
}

}  // namespace
}  // namespace sb::chat::test
