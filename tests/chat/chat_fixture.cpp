#include "tests/chat/chat_fixture.h"

namespace sb::chat::test {

ChatTest::ChatTest() {
  std::string name = (std::filesystem::temp_directory_path() / "sb_chat_XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp failed");
  root_ = name;
  hasher_ = *crm::IdentityHasher::open(root_ / "identity.key");
  tokens_ = *VisitorTokens::open(root_ / "visitor.key");
  center_.name_en = "Tea Shop";
  center_.name_zh = "茶店";
  center_.default_country_code = "86";
  center_.skills = {{{"en", "English", "英语"}, kEn}, {{"zh", "Chinese", "中文"}, kZh}};
  center_.queues = {{{"support", "Support", "售后"}, kSupport, {}, 20'000}};
  engine::AgentInfo amy;
  amy.id = kAmy;
  amy.login = "amy";
  amy.name = "Amy Chen";
  engine::AgentInfo chen;
  chen.id = kChen;
  chen.login = "chen";
  chen.name = "陈静";
  center_.agents = {amy, chen};
  center_.index_agents();
  center_.open_at = [this](TimeMs) { return is_open_.load(); };
}

ChatTest::~ChatTest() {
  if (engine_) close();
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

ChatOptions ChatTest::quick() {
  ChatOptions options;
  options.greeting_en = "Hello!";
  options.greeting_zh = "您好！";
  options.queue = "support";
  options.identity_secret = "shared secret";
  options.messages_per_10s = 1'000;
  options.queued_interval_ms = 50;
  options.tick_ms = 10;
  options.attachments.bytes_each_max = 10'000;
  return options;
}

void ChatTest::open(ChatOptions options) {
  options_ = options;
  io_ = std::make_unique<net::IoThreads>(1);
  engine::Engine::Options engine_options;
  engine_options.store.directory = root_ / "data";
  engine_options.store.wal_fill_bytes = 256u << 10;
  engine_options.release = [this](std::move_only_function<void()> task) { io_->post(0, std::move(task)); };
  const auto held = [this] { return held_ms_.load(); };
  const engine::Clock clock = held_ms_ != 0 ? engine::Clock(held, held) : engine::Clock::system();
  auto engine = engine::Engine::open(std::move(engine_options), clock);
  ASSERT_TRUE(engine) << engine.error().message;
  engine_ = std::move(*engine);
  edge_ =
      std::make_unique<ChatEdge>(ChatServices{*engine_, center_, *io_, *hasher_, *tokens_, find_customer_}, options);
  engine_->add_listener(edge_.get());
  ASSERT_TRUE(edge_->load());
  io_->start();
  engine_->start();
  net::Server::Options server_options;
  server_options.ws_send_buffer_max = send_buffer_max_;
  server_ = std::make_unique<net::Server>(
      *io_, server_options,
      [this](net::Request&& request, net::Reply reply) { edge_->on_request(std::move(request), std::move(reply)); },
      [this](const net::Request& request) { return edge_->on_upgrade(request); });
  ASSERT_TRUE(server_->start());
  if (engine_->figures().last_seq == 0) configure();
}

void ChatTest::close() {
  server_->stop(std::chrono::milliseconds(500));
  server_.reset();
  engine_->stop();
  io_->stop();
  edge_.reset();
  engine_.reset();
  io_.reset();
}

engine::Answer ChatTest::run(Command command, std::vector<std::string> contents) {
  std::promise<engine::Answer> promise;
  EXPECT_TRUE(engine_->submit({.command = std::move(command),
                               .source = Source::kConsole,
                               .key = {},
                               .contents = std::move(contents),
                               .done = [&](const engine::Answer& answer) { promise.set_value(answer); }}));
  return promise.get_future().get();
}

void ChatTest::configure() {
  run(command::PutSkill{kEn, "en"});
  run(command::PutSkill{kZh, "zh"});
  command::PutQueue queue;
  queue.queue = kSupport;
  queue.name = "support";
  queue.open = true;
  queue.offer_timeout_ms = 60'000;
  run(queue);
  command::PutAgent amy{kAmy, {{kEn, 90}}, {kSupport}, {0, 0, 5, 0, 0, 0}, "amy"};
  run(amy);
  command::PutAgent chen{kChen, {{kZh, 90}}, {kSupport}, {0, 0, 5, 0, 0, 0}, "chen"};
  EXPECT_EQ(run(chen).rejection, Rejection::kNone);
}

void ChatTest::sign_in(AgentId agent) {
  EXPECT_EQ(run(command::SignInAgent{agent, 7, Presence::kAvailable}).rejection, Rejection::kNone);
}

void ChatTest::wait_until(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!on_io(condition)) {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "the condition was never met";
      return;
    }
    std::this_thread::yield();
  }
}

InteractionId ChatTest::accept(AgentId agent) {
  OfferId offer;
  wait_until([&] {
    const auto* a = engine_->view().agents.find(agent);
    if (a && !a->offers.empty()) offer = a->offers.front();
    return static_cast<bool>(offer);
  });
  const auto answer = run(command::AcceptOffer{agent, offer});
  EXPECT_EQ(answer.rejection, Rejection::kNone);
  return {answer.result};
}

void ChatTest::say(AgentId agent, InteractionId interaction, std::string text) {
  StoredMessage message;
  message.text = std::move(text);
  EXPECT_EQ(run(command::PostMessage{interaction, Party::kAgent, agent, 1}, {write_stored(message)}).rejection,
            Rejection::kNone);
}

net::test::HttpAnswer ChatTest::http(std::string_view method, std::string_view target, std::string_view body,
                                     std::string_view headers) {
  net::test::Wire wire(server_->port());
  wire.send(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: test\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n" + std::string(headers) + "\r\n" + std::string(body));
  const auto answer = wire.read_answer();
  return answer ? *answer : net::test::HttpAnswer{};
}

}  // namespace sb::chat::test
