#include "app/server.h"

#include <spdlog/spdlog.h>

#include <future>
#include <thread>

#include "app/configure.h"
#include "app/demo_import.h"
#include "app/static_files.h"
#include "app/submit_all.h"
#include "channels/chat/chat_edge.h"
#include "channels/phone/orders.h"
#include "channels/phone/phone_edge.h"
#include "console/hub.h"
#include "console/rest.h"
#include "crm/directory.h"
#include "crm/projection.h"
#include "engine/outbox.h"
#include "engine/projector.h"
#include "net/client.h"
#include "net/io_threads.h"
#include "net/server.h"

namespace sb::app {

namespace {
// Edges, release and connections share one io thread: what it touches needs no lock, and on the machines this runs
// on the next limit is the kernel's network path, not this thread.
constexpr unsigned kHome = 0;
constexpr auto kRecordsWait = std::chrono::seconds(1);
constexpr auto kImportWait = std::chrono::seconds(10);  // once, after the demo's clientele
constexpr auto kStopDeadline = std::chrono::seconds(5);

std::chrono::milliseconds ms(DurationMs duration) {
  return std::chrono::milliseconds(duration);
}

std::string said(const auto& error) {
  return error.message;
}
}  // namespace

struct SwitchboardServer::Parts {
  explicit Parts(Config c) : config(std::move(c)), files(config.web_directory) {}

  std::expected<void, std::string> open();
  void configure();
  std::expected<void, std::string> build_edges();
  std::expected<void, std::string> serve();
  [[nodiscard]] std::vector<Command> lost_connections() const;
  void count_today();
  void after(DurationMs delay, std::move_only_function<void()> task);
  void on_request(net::Request&& request, net::Reply reply);
  std::expected<net::WsAccept, net::Response> on_upgrade(const net::Request& request);

  Config config;
  StaticFiles files;
  net::IoThreads io{1};
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<engine::Projector> projector;
  std::unique_ptr<engine::Outbox> outbox;
  std::unique_ptr<crm::Directory> directory;
  std::unique_ptr<crm::IdentityHasher> hasher;
  std::unique_ptr<chat::VisitorTokens> tokens;
  std::unique_ptr<console::SignIn> sign_in;
  std::unique_ptr<console::Board> board;
  std::unique_ptr<console::Conversations> conversations;
  std::unique_ptr<engine::PendingAttachments> attachments;
  std::unique_ptr<console::Context> context;
  std::unique_ptr<console::Hub> hub;
  std::unique_ptr<console::Rest> rest;
  std::unique_ptr<chat::ChatEdge> chat;
  std::unique_ptr<net::HttpClient> http;
  std::unique_ptr<phone::TwilioClient> twilio;
  std::unique_ptr<phone::PhoneEdge> phone;
  std::unique_ptr<net::Server> server;
  std::vector<Command> commands;
  std::thread counter;
};

std::expected<void, std::string> SwitchboardServer::Parts::open() {
  std::error_code error;
  std::filesystem::create_directories(config.data_directory, error);
  if (error) return std::unexpected(config.data_directory.string() + ": " + error.message());
  engine::Engine::Options options;
  options.store.directory = config.data_directory / "store";
  options.release = [this](std::move_only_function<void()> task) { io.post(kHome, std::move(task)); };
  auto opened = engine::Engine::open(std::move(options), engine::Clock::system());
  if (!opened) return std::unexpected(opened.error().message);
  engine = std::move(*opened);
  auto projection = crm::Projection::open(config.data_directory / "records.db");
  if (!projection) return std::unexpected(said(projection.error()));
  projector = std::make_unique<engine::Projector>(*engine, std::move(*projection), [this](Seq seq) {
    io.post(kHome, [this, seq] {
      if (hub) hub->on_projected(seq);
      if (rest) rest->on_projected(seq);
    });
  });
  auto records = crm::Directory::open(config.data_directory / "records.db");
  if (!records) return std::unexpected(said(records.error()));
  directory = std::make_unique<crm::Directory>(std::move(*records));
  auto key = crm::IdentityHasher::open(config.data_directory / "identity.key");
  if (!key) return std::unexpected(said(key.error()));
  hasher = std::make_unique<crm::IdentityHasher>(std::move(*key));
  auto visitor_key = chat::VisitorTokens::open(config.data_directory / "visitor.key");
  if (!visitor_key) return std::unexpected(said(visitor_key.error()));
  tokens = std::make_unique<chat::VisitorTokens>(std::move(*visitor_key));
  auto sessions = console::SignIn::open(config.data_directory / "session.key", config.api_keys);
  if (!sessions) return std::unexpected(sessions.error());
  sign_in = std::make_unique<console::SignIn>(std::move(*sessions));
  return {};
}

void SwitchboardServer::Parts::configure() {
  submit_all(*engine, commands, Source::kConfig, [](const Command& command, const engine::Answer& answer) {
    if (answer.rejection == Rejection::kNone) return;
    const std::string_view what = std::visit([]<class C>(const C&) { return C::kName; }, command);
    const bool retires = std::holds_alternative<command::RemoveAgent>(command);  // refused while they hold work
    spdlog::log(retires ? spdlog::level::info : spdlog::level::err, "configuration: {} refused: {}", what,
                name(answer.rejection));
  });
  commands.clear();
}

void SwitchboardServer::Parts::after(DurationMs delay, std::move_only_function<void()> task) {
  // Handles are kept until they have run; dropping one would cancel it.
  auto holder = std::make_shared<net::Timer>();
  *holder = io.after(kHome, ms(delay), [holder, task = std::move(task)]() mutable {
    task();
    auto release = std::move(holder);
  });
}

std::expected<void, std::string> SwitchboardServer::Parts::build_edges() {
  board = std::make_unique<console::Board>(config.center);
  conversations = std::make_unique<console::Conversations>(engine->store(), config.center);
  attachments = std::make_unique<engine::PendingAttachments>(config.chat.attachments);
  outbox = std::make_unique<engine::Outbox>(
      *engine, [this](DurationMs d, std::move_only_function<void()> t) { after(d, std::move(t)); },
      engine::Outbox::Options{});
  context = std::make_unique<console::Context>(console::Context{*engine,
                                                                config.center,
                                                                *projector,
                                                                *outbox,
                                                                *attachments,
                                                                *directory,
                                                                *hasher,
                                                                io,
                                                                *sign_in,
                                                                *board,
                                                                *conversations,
                                                                {}});
  hub = std::make_unique<console::Hub>(*context, config.http.origins);
  console::RestOptions api;
  api.secure_cookies = config.http.public_url.starts_with("https:");
  api.max_attachment_bytes = config.chat.attachments.bytes_each_max;
  api.per_source = {
      .per_s = config.sign_in_attempts_per_s, .burst = config.sign_in_attempts_per_s * 80, .sources_max = 65'536};
  api.consoles = [this] { return hub->figures().consoles; };
  rest = std::make_unique<console::Rest>(*context, std::move(api));
  chat = std::make_unique<chat::ChatEdge>(
      chat::ChatServices{*engine, config.center, io, *hasher, *tokens,
                         [this](IdentityHash identity) -> std::optional<crm::IdentityMatch> {
                           auto match = directory->find_by_identity(identity);
                           return match ? *match : std::nullopt;
                         },
                         [this](const Command& command) { return projector->admits(command); }},
      config.chat);
  chat->set_on_typing([this](InteractionId id, Party, AgentId) { hub->customer_typing(id); });
  context->agent_typing = [this](InteractionId id) { chat->agent_typing(id); };
  http = std::make_unique<net::HttpClient>(io, kHome, net::HttpClient::Options{});
  const std::string token = config.phone.auth_tokens.empty() ? "" : config.phone.auth_tokens.front();
  twilio = std::make_unique<phone::TwilioClient>(
      *http, phone::TwilioClient::Account{config.phone.account_sid, token, config.phone.api_base});
  phone = std::make_unique<phone::PhoneEdge>(
      phone::PhoneEdge::Parts{*engine, config.center, config.phone, *hasher,
                              [this](IdentityHash identity) { return directory->find_by_identity(identity); },
                              [this](const Command& command) { return projector->admits(command); }, *twilio,
                              [this](DurationMs d, std::move_only_function<void()> t) { after(d, std::move(t)); }});
  outbox->add_deliverer(std::string(phone::kOutboxKind),
                        [this](const engine::OutboxItem& item, std::uint32_t attempt, engine::Outbox::Done done) {
                          phone->deliver(item, attempt, std::move(done));
                        });
  engine->set_planner(phone::plan);
  engine->add_listener(projector.get());
  engine->add_listener(hub.get());
  engine->add_listener(&context->callbacks);
  context->callbacks.load(engine->view());
  engine->add_listener(chat.get());
  engine->add_listener(phone.get());
  engine->add_listener(outbox.get());
  if (auto loaded = chat->load(); !loaded) return std::unexpected(loaded.error().message);
  if (auto loaded = outbox->load(); !loaded) return std::unexpected(loaded.error().message);
  return {};
}

// Nobody is connected yet: agents of an earlier run have their grace period to come back. Before the engine starts.
std::vector<Command> SwitchboardServer::Parts::lost_connections() const {
  std::vector<Command> lost;
  for (const auto* agent : engine->view().agents.sorted()) {
    if (agent->signed_in && agent->connected) lost.push_back(command::LoseAgentConnection{agent->id, agent->session});
  }
  return lost;
}

// The board's figures since midnight, counted beside the start: nobody waits for them.
void SwitchboardServer::Parts::count_today() {
  const TimeMs now = engine->clock().now();
  board->begin(engine->view(), now);
  std::vector<AgentId> signed_in;
  for (const auto* agent : engine->view().agents.sorted()) {
    if (agent->signed_in) signed_in.push_back(agent->id);
  }
  counter = std::thread([this, until = engine->figures().last_seq, now, signed_in = std::move(signed_in)] {
    auto day = console::Board::count_day(engine->store(), config.center, now, until, signed_in);
    io.post(kHome, [this, day = std::move(day)] { board->add(day); });
  });
}

void SwitchboardServer::Parts::on_request(net::Request&& request, net::Reply reply) {
  if (phone::PhoneEdge::serves(request.path)) return phone->handle(std::move(request), std::move(reply));
  if (console::Rest::serves(request.path)) return rest->on_request(std::move(request), std::move(reply));
  if (request.path.starts_with("/chat/")) return chat->on_request(std::move(request), std::move(reply));
  const net::Response* file = files.find(request.path);
  if (!file) return reply(net::Response::error(404, "not_found", "there is nothing at this address"));
  if (request.method != "GET" && request.method != "HEAD") {
    return reply(net::Response::error(405, "method_not_allowed", "only GET is possible here"));
  }
  reply(*file);
}

std::expected<net::WsAccept, net::Response> SwitchboardServer::Parts::on_upgrade(const net::Request& request) {
  if (request.path == "/ws/console") return hub->on_upgrade(request);
  if (request.path == "/ws/chat") return chat->on_upgrade(request);
  return std::unexpected(net::Response::error(404, "not_found", "websockets are at /ws/console and /ws/chat"));
}

std::expected<void, std::string> SwitchboardServer::Parts::serve() {
  net::Server::Options options;
  options.address = config.http.address;
  options.port = config.http.port;
  options.certificate_file = config.http.certificate_file;
  options.key_file = config.http.key_file;
  options.max_connections = config.http.max_connections;
  options.trusted_proxies = config.http.trusted_proxies;
  options.rate_limit_per_s = config.http.requests_per_s;
  options.max_body_bytes_for = [attachment = config.chat.attachments.bytes_each_max](std::string_view path) {
    if (path.starts_with("/chat/attachments")) return attachment;
    return console::Rest::max_body_bytes(path, attachment);
  };
  server = std::make_unique<net::Server>(
      io, std::move(options), [this](net::Request&& q, net::Reply r) { on_request(std::move(q), std::move(r)); },
      [this](const net::Request& q) { return on_upgrade(q); });
  if (auto started = server->start(); !started) {
    return std::unexpected("cannot listen on " + config.http.address + ":" + std::to_string(config.http.port) + ": " +
                           std::string(net::to_string(started.error())));
  }
  return {};
}

SwitchboardServer::SwitchboardServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

SwitchboardServer::~SwitchboardServer() {
  if (parts_) stop();
}

std::expected<std::unique_ptr<SwitchboardServer>, std::string> SwitchboardServer::start(Config config) {
  auto parts = std::make_unique<Parts>(std::move(config));
  Parts& p = *parts;
  if (auto opened = p.open(); !opened) return std::unexpected(opened.error());
  auto commands = resolve(p.config, p.engine->view());
  if (!commands) return std::unexpected(commands.error());
  p.commands = std::move(*commands);
  const bool empty = p.engine->figures().last_seq == 0;
  const auto figures = p.engine->figures();
  p.io.start();
  std::unique_ptr<SwitchboardServer> running(new SwitchboardServer(std::move(parts)));
  if (auto built = p.build_edges(); !built) return std::unexpected(built.error());
  p.count_today();
  const std::vector<Command> lost = p.lost_connections();
  p.engine->start();
  p.projector->start();
  submit_all(*p.engine, lost, Source::kEngine);
  p.configure();
  if (empty && p.config.demo_customers > 0) {
    if (auto imported = import_demo(*p.engine, *p.hasher, p.config); !imported) {
      return std::unexpected(imported.error());
    }
  }
  // The first caller should already be recognized; rebuilding the records of a long journal goes on beside the work.
  if (!p.projector->wait_for(p.engine->figures().last_seq, empty ? kImportWait : kRecordsWait)) {
    spdlog::warn("the customer records are still following the journal; screen pops may be incomplete for a while");
  }
  p.io.post(kHome, [&p] { p.phone->resume(); });
  if (auto served = p.serve(); !served) return std::unexpected(served.error());
  spdlog::info("recovered to record {} ({} replayed), {} web files, listening on {}:{}", figures.last_seq,
               figures.replayed, p.files.size(), p.config.http.address, p.server->port());
  return running;
}

std::uint16_t SwitchboardServer::port() const {
  return parts_->server->port();
}

void SwitchboardServer::stop() {
  Parts& p = *parts_;
  if (!p.io.running()) return;
  if (p.hub) {
    std::promise<void> said_it;
    p.io.post(kHome, [&] {
      p.hub->say_goodbye();
      said_it.set_value();
    });
    said_it.get_future().wait();
  }
  if (p.server) p.server->stop(kStopDeadline);
  if (p.counter.joinable()) p.counter.join();
  p.engine->stop();
  p.projector->stop();
  // The last released tasks run before the thread ends.
  std::promise<void> drained;
  p.io.post(kHome, [&] { drained.set_value(); });
  drained.get_future().wait();
  p.http.reset();
  p.io.stop();
}

}  // namespace sb::app
