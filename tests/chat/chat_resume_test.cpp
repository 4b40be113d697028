#include "tests/chat/chat_fixture.h"

namespace sb::chat::test {
namespace {

using Numbers = std::vector<std::uint64_t>;

Numbers from_to(std::uint64_t first, std::uint64_t last) {
  Numbers out;
  for (std::uint64_t n = first; n <= last; ++n) out.push_back(n);
  return out;
}

TEST_F(ChatTest, ReconnectingLosesNothingAndRepeatsNothing) {
  open();
  sign_in(kAmy);
  std::string token;
  InteractionId id;
  {
    Tab customer = tab();
    customer.hello();
    token = customer.token;
    customer.start("k1", "one");
    customer.expect("ack");
    id = accept(kAmy);
    say(kAmy, id, "two");
    customer.expect_message(2);
  }
  wait_until([&] { return find(id)->customer_grace_until_ms != 0; });
  for (int n = 3; n <= 40; ++n) say(kAmy, id, "while away " + std::to_string(n));
  Tab back = tab();
  const auto welcome = back.hello(token, 2);
  EXPECT_TRUE(welcome.at("active").as_bool());
  EXPECT_EQ(number_of(welcome, "last"), 40U);
  say(kAmy, id, "live again");
  back.expect_message(41);
  EXPECT_EQ(back.numbers(), from_to(3, 41));
  back.message("k1", "one");
  EXPECT_EQ(number_of(back.expect("ack"), "n"), 1U);
  EXPECT_EQ(back.numbers(), from_to(3, 41));
  wait_until([&] { return find(id)->customer_grace_until_ms == 0; });
  Tab reloaded = tab();  // a page that remembers nothing gets the whole chat
  reloaded.hello(token, 0);
  reloaded.expect_message(41);
  reloaded.expect("assigned");
  EXPECT_EQ(reloaded.numbers(), from_to(1, 41));
}

TEST_F(ChatTest, WhatWasSaidAndEndedWhileAwayIsToldOnce) {
  open();
  sign_in(kAmy);
  std::string token;
  InteractionId id;
  {
    Tab customer = tab();
    customer.hello();
    token = customer.token;
    customer.start("k1", "one");
    customer.expect("ack");
    id = accept(kAmy);
    customer.expect("assigned");
  }
  wait_until([&] { return find(id)->customer_grace_until_ms != 0; });
  say(kAmy, id, "goodbye");
  EXPECT_EQ(run(command::EndInteraction{id, Party::kAgent, kAmy, EndReason::kCompleted}).rejection, Rejection::kNone);
  Tab back = tab();
  const auto welcome = back.hello(token, 1);
  EXPECT_FALSE(welcome.at("active").as_bool());
  EXPECT_EQ(back.expect("ended").at("by").as_string(), "agent");
  EXPECT_EQ(back.numbers(), (Numbers{2}));
  Tab again = tab();
  EXPECT_EQ(number_of(again.hello(token, 2), "last"), 0U);
  again.start("n1", "a new matter");  // numbers begin anew
  again.expect("ack");
  EXPECT_EQ(again.numbers(), (Numbers{1}));
}

// The page went away during one chat and comes back during the next one, in which more has been said than it knows of.
TEST_F(ChatTest, ANewerChatIsToldFromItsBeginning) {
  open();
  sign_in(kAmy);
  Tab other = tab();
  other.hello();
  std::uint64_t first = 0;
  {
    Tab page = tab();
    page.hello(other.token);
    page.start("k1", "the first matter");
    page.expect_message(1);
    first = number_of(page.seen.back(), "chat");
    const InteractionId id = accept(kAmy);
    EXPECT_EQ(first, id.value);
    say(kAmy, id, "two");
    page.expect_message(2);
    other.expect_message(2);
  }
  const auto end = [&](std::uint64_t chat) {
    const command::EndInteraction over{{chat}, Party::kAgent, kAmy, EndReason::kCompleted};
    EXPECT_EQ(run(over).rejection, Rejection::kNone);
    other.expect("ended");
  };
  end(first);
  other.start("k2", "the second matter");
  other.expect("ack");
  const InteractionId second = accept(kAmy);
  for (int n = 2; n <= 5; ++n) say(kAmy, second, std::to_string(n));
  other.expect_message(5);

  const std::string in_the_first = ",\"chat\":" + std::to_string(first);
  Tab back = tab();
  auto welcome = back.hello(other.token, 2, in_the_first);
  EXPECT_EQ(number_of(welcome, "chat"), second.value);
  back.expect_message(5);
  EXPECT_EQ(back.numbers(), from_to(1, 5));
  Tab same = tab();
  welcome = same.hello(other.token, 2, ",\"chat\":" + std::to_string(second.value));
  same.expect_message(5);
  EXPECT_EQ(same.numbers(), from_to(3, 5));

  // Also when the newer one is over by then, whoever else heard its end.
  end(second.value);
  Tab late = tab();
  welcome = late.hello(other.token, 2, in_the_first);
  EXPECT_FALSE(welcome.at("active").as_bool());
  EXPECT_EQ(number_of(welcome, "chat"), second.value);
  late.expect("ended");
  EXPECT_EQ(late.numbers(), from_to(1, 5));
}

TEST_F(ChatTest, ARestartKeepsTheChat) {
  open();
  sign_in(kAmy);
  Tab customer = tab();
  customer.hello();
  const std::string token = customer.token;
  customer.start("k1", "before");
  customer.expect("ack");
  const InteractionId id = accept(kAmy);
  customer.message("k2", "also before");
  customer.expect("ack");
  restart();
  // Nobody is connected yet, so the customer counts as gone, and has the grace period to come back.
  wait_until([&] { return find(id)->customer_grace_until_ms != 0; });
  say(kAmy, id, "after");
  Tab back = tab();
  EXPECT_TRUE(back.hello(token, 1).at("active").as_bool());
  back.expect("assigned");
  back.message("k2", "also before");
  EXPECT_EQ(number_of(back.expect("ack"), "n"), 2U);
  back.start("k1", "before");
  EXPECT_EQ(number_of(back.expect("ack"), "n"), 1U);
  back.message("k3", "go on");
  EXPECT_EQ(number_of(back.expect("ack"), "n"), 4U);
  EXPECT_EQ(back.numbers(), (Numbers{2, 3, 4}));
  wait_until([&] { return find(id)->customer_grace_until_ms == 0; });
  EXPECT_EQ(on_io([&] { return engine_->view().interactions.size(); }), 1U);
}

TEST_F(ChatTest, ASlowReaderGoesOnFromTheJournal) {
  send_buffer_max_ = 16 * 1024;
  open();
  sign_in(kAmy);
  Tab slow = tab({}, 4 * 1024);
  slow.hello();
  slow.start("k1", "one");
  slow.expect("ack");
  const InteractionId id = accept(kAmy);
  slow.expect("assigned");
  // Far more than the buffers of both ends together hold, while nothing is read.
  const std::string text(4'000, 'x');
  std::atomic<int> taken = 0;
  constexpr int kMessages = 2'000;
  for (int n = 0; n < kMessages; ++n) {
    StoredMessage message;
    message.text = text;
    ASSERT_TRUE(engine_->submit({.command = command::PostMessage{id, Party::kAgent, kAmy, 1},
                                 .source = Source::kConsole,
                                 .key = {},
                                 .contents = {write_stored(message)},
                                 .done = [&](const engine::Answer&) { ++taken; }}));
  }
  wait_until([&] { return taken == kMessages; });
  slow.expect_message(kMessages + 1);
  EXPECT_EQ(slow.numbers(), from_to(1, kMessages + 1));
}

TEST_F(ChatTest, ASlowReaderHearsTheEndAfterTheLastMessage) {
  send_buffer_max_ = 16 * 1024;
  open();
  sign_in(kAmy);
  Tab slow = tab({}, 4 * 1024);
  slow.hello();
  slow.start("k1", "one");
  slow.expect("ack");
  const InteractionId id = accept(kAmy);
  constexpr int kMessages = 2'000;
  std::atomic<int> taken = 0;
  StoredMessage message;
  message.text = std::string(4'000, 'x');
  for (int n = 0; n < kMessages; ++n) {
    ASSERT_TRUE(engine_->submit({.command = command::PostMessage{id, Party::kAgent, kAmy, 1},
                                 .source = Source::kConsole,
                                 .key = {},
                                 .contents = {write_stored(message)},
                                 .done = [&](const engine::Answer&) { ++taken; }}));
  }
  EXPECT_EQ(run(command::EndInteraction{id, Party::kAgent, kAmy, EndReason::kCompleted}).rejection, Rejection::kNone);
  EXPECT_EQ(slow.expect("ended").at("by").as_string(), "agent");
  EXPECT_EQ(slow.numbers(), from_to(1, kMessages + 1));
}

TEST_F(ChatTest, ALongChatIsSentFromWhereItIsStillKept) {
  auto options = quick();
  options.conversations.history_max = 10;
  open(options);
  sign_in(kAmy);
  Tab customer = tab();
  customer.hello();
  customer.start("k1", "one");
  customer.expect("ack");
  const InteractionId id = accept(kAmy);
  for (int n = 2; n <= 50; ++n) say(kAmy, id, std::to_string(n));
  customer.expect_message(50);
  EXPECT_EQ(customer.numbers(), from_to(1, 50));
  Tab reloaded = tab();
  reloaded.hello(customer.token, 0);
  reloaded.expect_message(50);
  const Numbers got = reloaded.numbers();
  ASSERT_GE(got.size(), 10U);
  ASSERT_LE(got.size(), 20U);
  EXPECT_EQ(got, from_to(51 - got.size(), 50));
}

}  // namespace
}  // namespace sb::chat::test
