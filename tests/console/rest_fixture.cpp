#include "rest_fixture.h"

#include <cstdlib>

namespace sb::console {

namespace {

std::filesystem::path make_directory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "sb_console_XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

engine::AgentInfo agent_info(std::uint32_t id, std::string login, std::string name, engine::Role role) {
  engine::AgentInfo info;
  info.id = {id};
  info.login = std::move(login);
  info.name = std::move(name);
  info.role = role;
  return info;
}

}  // namespace

void RestFixture::SetUp() {
  directory_ = make_directory();
  io_.start();
  engine::Engine::Options options;
  options.store.directory = directory_ / "store";
  options.store.recycled_wal_files = 0;
  options.store.wal_fill_bytes = 0;
  options.release = [this](std::move_only_function<void()> task) { io_.post(0, std::move(task)); };
  adjust(options);
  auto opened = engine::Engine::open(std::move(options), engine::Clock::system());
  ASSERT_TRUE(opened) << opened.error().message;
  engine_ = std::move(*opened);

  auto projection = crm::Projection::open(directory_ / "records.db");
  ASSERT_TRUE(projection) << projection.error().message;
  projector_ = std::make_unique<engine::Projector>(
      *engine_, std::move(*projection), [this](Seq seq) { io_.post(0, [this, seq] { rest_->on_projected(seq); }); });
  auto records = crm::Directory::open(directory_ / "records.db");
  ASSERT_TRUE(records) << records.error().message;
  records_.emplace(std::move(*records));
  auto hasher = crm::IdentityHasher::open(directory_ / "identity.key");
  ASSERT_TRUE(hasher);
  hasher_.emplace(*hasher);
  auto sign_in = SignIn::open(directory_ / "session.key", {std::string(kApiKey)});
  ASSERT_TRUE(sign_in) << sign_in.error();
  sign_in_.emplace(std::move(*sign_in));

  center_.default_country_code = "86";
  center_.open_at = [](TimeMs) { return true; };
  center_.day_start = [](TimeMs now) { return now - now % 86'400'000; };
  center_.skills = {{{"zh", "Chinese", "中文"}, {1}}};
  center_.queues = {{{"sales", "Sales", "销售"}, {1}, {{{{1}, 50}}, {}}, 20'000},
                    {{"general", "General", "综合"}, {2}, {}, 20'000}};
  center_.agents = {
      agent_info(1, "lin", "Lin", engine::Role::kAgent), agent_info(2, "zhao", "Zhao", engine::Role::kAgent),
      agent_info(3, "mei", "Mei", engine::Role::kSupervisor), agent_info(4, "root", "Root", engine::Role::kAdmin)};
  center_.agents[0].password_hash = hash_password(std::string(kPassword));
  center_.index_agents();

  outbox_ = std::make_unique<engine::Outbox>(
      *engine_, [this](DurationMs, std::move_only_function<void()> task) { io_.post(0, std::move(task)); },
      engine::Outbox::Options{});
  outbox_->add_deliverer("test", [this](const engine::OutboxItem&, std::uint32_t, engine::Outbox::Done done) {
    done({outbox_dies_ ? engine::Delivery::kDead : engine::Delivery::kDone, "the peer said no"});
  });
  board_ = std::make_unique<Board>(center_);
  conversations_ = std::make_unique<Conversations>(engine_->store(), center_);
  context_.reset(new Context{*engine_,
                             center_,
                             *projector_,
                             *outbox_,
                             attachments_,
                             *records_,
                             *hasher_,
                             io_,
                             *sign_in_,
                             *board_,
                             *conversations_,
                             {}});
  hub_ = std::make_unique<Hub>(*context_, std::vector<std::string>{});
  rest_ = std::make_unique<Rest>(*context_, options_);
  engine_->add_listener(projector_.get());
  engine_->add_listener(hub_.get());
  engine_->add_listener(&context_->callbacks);
  engine_->add_listener(outbox_.get());
  engine_->set_planner([](const Record& record, const routing::State&, std::vector<engine::OutboxItem>& items) {
    if (std::holds_alternative<command::AddCustomerFact>(record.command)) {
      engine::OutboxItem item;
      item.kind = "test";
      item.order = "all";
      items.push_back(std::move(item));
    }
  });
  engine_->start();
  projector_->start();
  server_ = std::make_unique<net::Server>(
      io_, net::Server::Options{},
      [this](net::Request&& r, net::Reply reply) { rest_->on_request(std::move(r), std::move(reply)); },
      [this](const net::Request& r) { return hub_->on_upgrade(r); });
  ASSERT_TRUE(server_->start());
  client_ = std::make_unique<net::HttpClient>(io_, 0, net::HttpClient::Options{});
  configure();
}

void RestFixture::configure() {
  run(command::PutSkill{{1}, "zh"});
  const auto queue = [&](std::uint32_t id, std::string name) {
    command::PutQueue c;
    c.queue = {id};
    c.name = std::move(name);
    c.open = true;
    c.offer_timeout_ms = 60'000;
    c.avoid_ms = 60'000;
    ASSERT_EQ(run(c).rejection, Rejection::kNone);
  };
  queue(1, "sales");
  queue(2, "general");
  const std::vector<std::uint32_t> capacity{0, 1, 3, 3, 3, 3};
  ASSERT_EQ(run(command::PutAgent{{1}, {{{1}, 80}}, {{1}, {2}}, capacity, "lin"}).rejection, Rejection::kNone);
  ASSERT_EQ(run(command::PutAgent{{2}, {{{1}, 40}}, {{1}, {2}}, capacity, "zhao"}).rejection, Rejection::kNone);
  ASSERT_EQ(run(command::PutAgent{{3}, {}, {{2}}, capacity, "mei"}).rejection, Rejection::kNone);
}

void RestFixture::stop() {
  if (!engine_) return;
  client_.reset();
  server_.reset();
  engine_->stop();
  projector_->stop();
  io_.stop();
  rest_.reset();
  hub_.reset();
  context_.reset();
  conversations_.reset();
  outbox_.reset();
  projector_.reset();
  records_.reset();
  engine_.reset();
}

void RestFixture::TearDown() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

HttpAnswer RestFixture::http(std::string method, std::string path, std::string body, Fields fields) {
  net::ClientRequest request;
  request.method = std::move(method);
  request.url = "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  request.body = std::move(body);
  for (auto& [name, value] : fields) request.headers.add(std::move(name), std::move(value));
  std::promise<std::expected<net::ClientResponse, net::Error>> done;
  client_->request(std::move(request), [&](auto response) { done.set_value(std::move(response)); });
  auto response = done.get_future().get();
  if (!response) {
    ADD_FAILURE() << path << ": " << net::to_string(response.error());
    return {};
  }
  return {response->status, std::move(response->headers), std::move(response->body)};
}

HttpAnswer RestFixture::api(std::string method, std::string path, std::string body, Fields fields) {
  fields.emplace_back("Authorization", "Bearer " + std::string(kApiKey));
  return http(std::move(method), std::move(path), std::move(body), std::move(fields));
}

HttpAnswer RestFixture::as(const std::string& login, std::string method, std::string path, std::string body,
                           Fields fields) {
  fields.emplace_back("Cookie", cookie_of(login));
  fields.emplace_back("X-Switchboard", "1");
  return http(std::move(method), std::move(path), std::move(body), std::move(fields));
}

std::string RestFixture::cookie_of(const std::string& login) {
  return on_edge([&] {
    const auto* who = center_.agent_by_login(login);
    return std::string(SignIn::kCookie) + "=" + sign_in_->issue(who->id, engine_->clock().now());
  });
}

engine::Answer RestFixture::run(Command command, std::vector<std::string> contents) {
  std::promise<engine::Answer> done;
  engine::Submission s;
  s.command = std::move(command);
  s.contents = std::move(contents);
  s.done = [&](const engine::Answer& answer) { done.set_value(answer); };
  EXPECT_TRUE(engine_->submit(std::move(s)));
  return done.get_future().get();
}

OfferId RestFixture::offer_of(std::uint32_t agent) {
  return on_edge([&] {
    const routing::Agent* a = engine_->view().agents.find({agent});
    return a && !a->offers.empty() ? a->offers.front() : OfferId{};
  });
}

}  // namespace sb::console
