#include "tests/chat/chat_fixture.h"
#include "tests/chat/jwt.h"

namespace sb::chat::test {
namespace {

using Numbers = std::vector<std::uint64_t>;

static_assert(sizeof(ChatSession) <= 512, "an idle visitor must stay cheap");

TEST_F(ChatTest, AChatFromHelloToEnd) {
  open();
  Tab customer = tab();
  ASSERT_EQ(customer.status(), 101U);
  const auto welcome = customer.hello("", 0, R"(,"language":"zh-CN")");
  EXPECT_EQ(text_of(welcome, "greeting"), "您好！");
  EXPECT_EQ(text_of(welcome, "name"), "茶店");
  EXPECT_TRUE(welcome.at("open").as_bool());
  EXPECT_FALSE(welcome.at("active").as_bool());
  EXPECT_EQ(number_of(welcome, "max_attachment_bytes"), 10'000U);

  customer.start("k1", "你好", R"(,"name":"李雷","email":"li@x.cn")");
  const auto first = customer.expect("message");
  EXPECT_EQ(number_of(first, "n"), 1U);
  EXPECT_EQ(text_of(first, "from"), "customer");
  EXPECT_EQ(text_of(first, "name"), "李雷");
  EXPECT_EQ(text_of(first, "key"), "k1");
  EXPECT_EQ(number_of(customer.expect("ack"), "n"), 1U);
  EXPECT_EQ(number_of(customer.expect("queued"), "position"), 1U);

  sign_in(kAmy);  // speaks no Chinese
  EXPECT_TRUE(on_io([&] { return engine_->view().agents.find(kAmy)->offers.empty(); }));
  sign_in(kChen);
  const InteractionId id = accept(kChen);
  EXPECT_EQ(text_of(customer.expect("assigned"), "agent"), "陈静");
  say(kChen, id, "您好，请讲");
  const auto second = customer.expect("message");
  EXPECT_EQ(number_of(second, "n"), 2U);
  EXPECT_EQ(text_of(second, "from"), "agent");
  EXPECT_EQ(text_of(second, "name"), "陈静");
  EXPECT_FALSE(second.contains("key"));

  std::promise<InteractionId> typed;
  on_io([&] {
    edge_->set_on_typing([&](InteractionId i, Party author, AgentId) {
      EXPECT_EQ(author, Party::kCustomer);
      typed.set_value(i);  // a second call would throw: the rest within a second is dropped
    });
  });
  customer.send(R"({"t":"typing"})");
  customer.send(R"({"t":"typing"})");
  EXPECT_EQ(typed.get_future().get(), id);
  on_io([&] { edge_->agent_typing(id); });
  EXPECT_EQ(text_of(customer.expect("typing"), "from"), "agent");

  customer.message("k2", "订单没到");
  EXPECT_EQ(number_of(customer.expect("ack"), "n"), 3U);
  customer.send(R"({"t":"end"})");
  EXPECT_EQ(text_of(customer.expect("ended"), "by"), "customer");
  EXPECT_EQ(customer.numbers(), (Numbers{1, 2, 3}));
  customer.message("k3", "still there?");
  EXPECT_EQ(text_of(customer.expect("error"), "code"), "no_chat");
  customer.message("k2", "订单没到");  // resent after the end: the same answer
  EXPECT_EQ(number_of(customer.expect("ack"), "n"), 3U);
}

TEST_F(ChatTest, TheSameKeyIsOneMessage) {
  open();
  Tab customer = tab();
  customer.hello();
  // Sent before the chat exists: kept until it does, in order.
  customer.start("k1", "one");
  customer.message("k2", "two");
  customer.message("k2", "two");
  customer.start("k1", "one");
  customer.message("k3", "three");
  // What the store knows already is answered at once, before what is still being decided.
  std::map<std::string, Numbers> acks;
  for (int n = 0; n < 5; ++n) {
    const auto ack = customer.expect("ack");
    acks[text_of(ack, "key")].push_back(number_of(ack, "n"));
  }
  EXPECT_EQ(acks, (std::map<std::string, Numbers>{{"k1", {1, 1}}, {"k2", {2, 2}}, {"k3", {3}}}));
  customer.message("k1", "one");
  EXPECT_EQ(number_of(customer.expect("ack"), "n"), 1U);
  EXPECT_EQ(customer.numbers(), (Numbers{1, 2, 3}));
  EXPECT_EQ(on_io([&] { return engine_->view().interactions.size(); }), 1U);
}

TEST_F(ChatTest, EveryTabGetsEverything) {
  open();
  Tab one = tab();
  one.hello();
  Tab two = tab();
  two.hello(one.token);
  EXPECT_EQ(two.token, one.token);
  one.start("a", "from one");
  two.expect_message(1);
  two.start("b", "from two");  // goes on with the chat
  one.expect_message(2);
  sign_in(kAmy);
  sign_in(kChen);
  const InteractionId id = accept(kAmy);
  one.expect("assigned");
  two.expect("assigned");
  say(kAmy, id, "hello both");
  one.expect_message(3);
  two.expect_message(3);
  {
    Tab three = tab();
    three.hello(one.token, 1);
    three.expect_message(3);
    EXPECT_EQ(three.numbers(), (Numbers{2, 3}));
  }
  // One tab of several closed: the customer is still there.
  one.message("c", "still here");
  one.expect("ack");
  EXPECT_EQ(on_io([&] { return find(id)->customer_grace_until_ms; }), 0U);
  EXPECT_EQ(one.numbers(), (Numbers{1, 2, 3, 4}));
}

TEST_F(ChatTest, OutOfHoursLeavesATicket) {
  open();
  is_open_ = false;
  Tab customer = tab();
  EXPECT_FALSE(customer.hello().at("open").as_bool());
  customer.start("k", "anybody?");
  const auto ticket = number_of(customer.expect("ticket"), "ticket");
  EXPECT_GT(ticket, 0U);
  EXPECT_EQ(number_of(customer.expect("ack"), "n"), 1U);
  EXPECT_EQ(on_io([&] { return engine_->view().interactions.size(); }), 0U);
  EXPECT_EQ(on_io([&] { return engine_->view().tickets.size(); }), 1U);
  customer.start("k", "anybody?");  // resent
  EXPECT_EQ(number_of(customer.expect("ack"), "n"), 1U);
  EXPECT_EQ(number_of(customer.expect("ticket"), "ticket"), ticket);
}

TEST_F(ChatTest, AClosedQueueTakesAMessageAndAFullOneSaysSo) {
  open();
  command::PutQueue queue;
  queue.queue = kSupport;
  queue.name = "support";
  queue.open = false;
  queue.offer_timeout_ms = 60'000;
  EXPECT_EQ(run(queue).rejection, Rejection::kNone);
  Tab first = tab();
  first.hello();
  first.start("k", "anybody?");
  first.expect("ticket");
  queue.open = true;
  queue.max_waiting = 1;
  EXPECT_EQ(run(queue).rejection, Rejection::kNone);
  first.start("k2", "now?");
  first.expect("queued");
  Tab second = tab();
  second.hello();
  second.start("k", "me too");
  EXPECT_EQ(text_of(second.expect("error"), "code"), "queue_full");
  first.send(R"({"t":"end"})");
  first.expect("ended");
  second.start("k", "me too");  // a refused key was not used up
  EXPECT_EQ(number_of(second.expect("ack"), "n"), 1U);
}

TEST_F(ChatTest, PositionsFollowTheQueue) {
  open();
  Tab first = tab();
  first.hello();
  first.start("k", "first");
  EXPECT_EQ(number_of(first.expect("queued"), "position"), 1U);
  Tab second = tab();
  second.hello();
  second.start("k", "second");
  EXPECT_EQ(number_of(second.expect("queued"), "position"), 2U);
  first.send(R"({"t":"end"})");
  EXPECT_EQ(text_of(first.expect("ended"), "by"), "customer");
  EXPECT_EQ(number_of(second.expect("queued"), "position"), 1U);
}

TEST_F(ChatTest, ADeclinedAndReturnedChatIsQueuedAgain) {
  open();
  Tab customer = tab();
  customer.hello();
  customer.start("k", "hi");
  sign_in(kAmy);
  const InteractionId id = accept(kAmy);
  customer.expect("assigned");
  EXPECT_EQ(
      run(command::TransferInteraction{id, kAmy, TransferKind::kBlind, kSupport, {}, {{{kZh, 50}}, {}}, 0}).rejection,
      Rejection::kNone);
  EXPECT_EQ(number_of(customer.expect("queued"), "position"), 1U);
  sign_in(kChen);
  EXPECT_EQ(accept(kChen), id);
  EXPECT_EQ(text_of(customer.expect("assigned"), "agent"), "陈静");
}

TEST_F(ChatTest, WhoIsVouchedForIsKnownByTheirAddress) {
  open();
  const std::string token =
      make_jwt(R"({"alg":"HS256"})", R"({"sub":"u1","email":"Li@x.cn","name":"Li"})", "shared secret");
  Tab phone = tab();
  phone.hello("", 0, R"(,"identity":")" + token + "\"");
  phone.start("k", "hi");
  EXPECT_EQ(text_of(phone.expect("message"), "name"), "Li");
  phone.expect("ack");
  const IdentityHash known = hasher_->hash({"email", "li@x.cn"});
  EXPECT_TRUE(on_io([&] { return static_cast<bool>(engine_->view().customer_of(known)); }));
  Tab laptop = tab();  // another browser, the same person
  EXPECT_TRUE(laptop.hello("", 0, R"(,"identity":")" + token + "\"").at("active").as_bool());
  laptop.expect_message(1);
  Tab signed_out = tab();  // the same browser without the identity must not see the chat
  EXPECT_FALSE(signed_out.hello(phone.token).at("active").as_bool());

  Tab forged = tab();
  forged.hello("", 0,
               R"(,"identity":")" + make_jwt(R"({"alg":"none"})", R"({"sub":"u1","email":"Li@x.cn"})", "") + "\"");
  EXPECT_EQ(text_of(forged.expect("error"), "code"), "identity");
  EXPECT_TRUE(forged.numbers().empty());
}

TEST_F(ChatTest, AForgedTokenIsANewVisitor) {
  open();
  Tab owner = tab();
  owner.hello();
  owner.start("k", "secret");
  owner.expect("ack");
  std::string forged = owner.token;
  forged[30] = forged[30] == 'A' ? 'B' : 'A';
  for (const std::string& token : {forged, std::string("nonsense"), std::string(200, 'A')}) {
    Tab thief = tab();
    const auto welcome = thief.hello(token, 0);
    EXPECT_FALSE(welcome.at("active").as_bool());
    EXPECT_NE(thief.token, owner.token);
    EXPECT_NE(thief.token, token);
    thief.message("k", "x");
    EXPECT_EQ(text_of(thief.expect("error"), "code"), "no_chat");
  }
}

TEST_F(ChatTest, GarbageLeavesNothingInTheJournal) {
  open();
  const auto before = records();
  const auto closed_with = [&](std::string_view payload, bool after_hello) {
    Tab t = tab();
    if (after_hello) t.hello();
    t.send(payload);
    while (!t.next().empty()) {
    }
    return t.close_code;
  };
  EXPECT_EQ(closed_with(R"({"t":"start","key":"k","text":"hi"})", false), 1008);
  EXPECT_EQ(closed_with(R"({"t":"typing"})", false), 1008);
  EXPECT_EQ(closed_with("garbage", false), 1008);
  EXPECT_EQ(closed_with("garbage", true), 1007);
  EXPECT_EQ(closed_with(R"({"t":"accept","offer":1})", true), 1007);
  EXPECT_EQ(closed_with(R"({"t":"start","key":"k","text":7})", true), 1007);
  EXPECT_EQ(closed_with(R"({"t":"start","text":"hi"})", true), 1007);
  EXPECT_EQ(closed_with(R"({"t":"hello"})", true), 1008);
  EXPECT_EQ(closed_with("{\"t\":\"start\",\"key\":\"k\",\"text\":\"\xFF\"}", true), 1007);
  Tab binary = tab();
  binary.hello();
  binary.send_raw(net::test::client_frame(0x82, R"({"t":"typing"})"));
  EXPECT_TRUE(binary.next().empty());
  EXPECT_EQ(binary.close_code, 1007);
  Tab polite = tab();
  polite.hello();
  polite.start("k", std::string(4001, 'a'));
  EXPECT_EQ(text_of(polite.expect("error"), "code"), "too_long");
  polite.start("k", "");
  EXPECT_EQ(text_of(polite.expect("error"), "code"), "empty");
  polite.start("k", "hi", R"(,"queue":"nowhere")");
  EXPECT_EQ(text_of(polite.expect("error"), "code"), "unknown_queue");
  polite.send(R"({"t":"end"})");
  EXPECT_EQ(text_of(polite.expect("error"), "code"), "no_chat");
  EXPECT_EQ(records(), before);
}

TEST_F(ChatTest, SilenceAndStrangersAreShownOut) {
  auto options = quick();
  options.hello_timeout_ms = 1'500;
  options.origins = {"https://shop.example"};
  options.tabs_max = 2;
  open(options);
  Tab silent = tab();
  EXPECT_TRUE(silent.next().empty());
  EXPECT_EQ(silent.close_code, 1008);
  EXPECT_EQ(tab("Origin: https://evil.example\r\n").status(), 403U);
  EXPECT_EQ(tab("Origin: https://shop.example\r\n").status(), 101U);
  EXPECT_EQ(tab("Origin: http://test\r\n").status(), 101U);  // its own host
  Tab one = tab();
  one.hello();
  Tab two = tab();
  two.hello(one.token);
  Tab three = tab();
  three.send(R"({"t":"hello","visitor":")" + one.token + "\"}");
  EXPECT_TRUE(three.next().empty());
  EXPECT_EQ(three.close_code, 1013);
}

TEST_F(ChatTest, TooManyMessagesAreRefused) {
  auto options = quick();
  options.messages_per_10s = 3;
  open(options);
  Tab customer = tab();
  customer.hello();
  customer.start("k0", "hi");
  customer.expect("ack");
  customer.message("k1", "1");
  customer.message("k2", "2");
  customer.message("k3", "3");
  Tab other = tab();  // another tab of the same visitor has no allowance of its own
  const auto refused = customer.expect("error");
  EXPECT_EQ(text_of(refused, "code"), "too_fast");
  EXPECT_EQ(text_of(refused, "key"), "k3");
  other.hello(customer.token, 3);
  other.message("k4", "4");
  EXPECT_EQ(text_of(other.expect("error"), "code"), "too_fast");
  wait_until([&] { return engine_->view().interactions.sorted().front()->messages == 3; });
}

}  // namespace
}  // namespace sb::chat::test
