#pragma once
// A whole center in one process: engine on a directory of its own, the phone edge behind a real server, and a stand-in
// for the provider's REST interface that records what it is told.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <map>
#include <thread>

#include <boost/json/serialize.hpp>
#include <pugixml.hpp>

#include "channels/phone/phone_edge.h"
#include "channels/phone/twilio_signature.h"
#include "net/client.h"
#include "net/io_threads.h"
#include "net/server.h"

namespace sb::phone {

inline const std::string kRingPath = "Conferences/sb-1/Participants.json";

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct RestCall {
  std::string method;
  std::string path;  // below the account
  net::Form form;
  [[nodiscard]] std::string field(std::string_view name) const { return std::string(form.find(name).value_or("")); }
};

class CallCenter : public ::testing::Test {
 protected:
  static constexpr const char* kToken = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  static constexpr const char* kPublic = "https://cc.example.com";
  static constexpr const char* kNumber = "+14155550100";
  static constexpr const char* kCaller = "+14155550123";
  static inline const std::string kCall = "CA00000000000000000000000000000abc";
  static constexpr QueueId kSales{1};
  static constexpr AgentId kAmy{1};
  static constexpr AgentId kBen{2};

  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "sb_phone_XXXXXX").string();
    ASSERT_TRUE(mkdtemp(name.data()));
    directory_ = name;
    io_.start();
    provider_ = std::make_unique<net::Server>(
        io_, net::Server::Options{}, [this](net::Request&& r, net::Reply reply) { provide(std::move(r), reply); });
    ASSERT_TRUE(provider_->start());
    web_ = std::make_unique<net::Server>(io_, net::Server::Options{}, [this](net::Request&& r, net::Reply reply) {
      edge_->handle(std::move(r), std::move(reply));
    });
    ASSERT_TRUE(web_->start());
    client_ = std::make_unique<net::HttpClient>(io_, 0, net::HttpClient::Options{});
    open();
    configure();
  }

  void TearDown() override {
    close();
    client_.reset();
    web_.reset();
    provider_.reset();
    io_.stop();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  void open() {
    engine::Engine::Options options;
    options.store.directory = directory_ / "data";
    options.store.write_buffer_bytes = 4u << 20;
    options.store.wal_fill_bytes = 256u << 10;
    options.release = [this](std::move_only_function<void()> task) { io_.post(0, std::move(task)); };
    auto opened = engine::Engine::open(std::move(options), engine::Clock::system());
    ASSERT_TRUE(opened) << opened.error().message;
    engine_ = std::move(*opened);
    describe();
    auto hasher = crm::IdentityHasher::open(directory_ / "identity.key");
    ASSERT_TRUE(hasher);
    hasher_ = *hasher;
    const auto after = [this](DurationMs ms, std::move_only_function<void()> task) { later(ms, std::move(task)); };
    closing_ = false;
    rest_client_ = std::make_unique<net::HttpClient>(io_, 0, net::HttpClient::Options{});
    rest_ = std::make_unique<TwilioClient>(
        *rest_client_, TwilioClient::Account{"AC1", kToken, "http://127.0.0.1:" + std::to_string(provider_->port())});
    edge_ = std::make_unique<PhoneEdge>(
        PhoneEdge::Parts{*engine_,
                         center_,
                         settings_,
                         *hasher,
                         [this](IdentityHash identity) -> std::expected<std::optional<crm::IdentityMatch>, crm::Error> {
                           return identity == known_identity_ ? std::optional(known_customer_) : std::nullopt;
                         },
                         {},
                         *rest_,
                         after});
    outbox_ = std::make_unique<engine::Outbox>(*engine_, after,
                                               engine::Outbox::Options{.attempts_max = 4, .backoff_first_ms = 1});
    outbox_->add_deliverer(std::string(kOutboxKind), [this](const auto& item, auto attempt, auto done) {
      if (!closing_) edge_->deliver(item, attempt, std::move(done));
    });
    engine_->add_listener(edge_.get());
    engine_->add_listener(outbox_.get());
    engine_->set_planner(plan);
    ASSERT_TRUE(outbox_->load());
    engine_->start();
    on_io([this] { edge_->resume(); });
  }

  void close() {
    if (!engine_) return;
    engine_->stop();
    on_io([this] {
      closing_ = true;
      rest_client_.reset();  // what is under way ends now, while those who asked are still there
      timers_.clear();
      outbox_.reset();
      edge_.reset();
      rest_.reset();
    });
    engine_.reset();
  }

  void restart() {
    close();
    open();
  }

  void describe() {
    center_ = {};
    center_.public_url = kPublic;
    engine::QueueInfo sales;
    sales.name = "sales";
    sales.id = kSales;
    sales.callback = callback_terms_;
    center_.queues.push_back(sales);
    for (const auto& [id, login] : {std::pair{kAmy, "amy"}, std::pair{kBen, "ben"}}) {
      engine::AgentInfo agent;
      agent.id = id;
      agent.login = login;
      agent.phone = std::string("client:") + login;
      center_.agents.push_back(agent);
    }
    center_.index_agents();
    center_.open_at = [this](TimeMs) { return open_; };
    settings_ = {};
    settings_.auth_tokens = {kToken, "rotated"};
    settings_.public_url = kPublic;
    settings_.default_country_code = "1";
    settings_.settle_ms = 20;
    settings_.ring_timeout_s = ring_timeout_s_;
    settings_.callback_grace_ms = callback_grace_ms_;
    settings_.customer_ring_timeout_s = ring_timeout_s_;
    Number number{kNumber, "en-US", "Welcome.", "/static/hold.wav", {}, {}, {}};
    number.menu.push_back({"1", "For sales, press 1.", kSales, {}, {}});
    settings_.numbers.push_back(number);
  }

  void configure() {
    put_queue(true, 0);
    for (const AgentId agent : {kAmy, kBen}) {
      std::vector<std::uint32_t> capacity(kChannelCount);
      capacity[index_of(Channel::kPhone)] = 1;
      ask(command::PutAgent{agent, {}, {kSales}, capacity, agent == kAmy ? "amy" : "ben"});
    }
  }
  void put_queue(bool open, std::uint32_t max_waiting) {
    ask(command::PutQueue{kSales, "sales", open, Policy::kLongestIdle, 20'000, 60'000, 60'000, 30'000, max_waiting,
                          false});
  }
  void sign_in(AgentId agent) { ask(command::SignInAgent{agent, agent.value, Presence::kAvailable}); }

  // A command of a console, answered; refused ones fail the test.
  engine::Answer ask(Command command, Rejection expected = Rejection::kNone) {
    std::promise<engine::Answer> answered;
    auto future = answered.get_future();
    EXPECT_TRUE(engine_->submit({std::move(command), Source::kConsole, {}, {}, [&](const engine::Answer& answer) {
                                   answered.set_value(answer);
                                 }}));
    const auto answer = future.get();
    EXPECT_EQ(answer.rejection, expected) << name(answer.rejection);
    return answer;
  }

  void on_io(std::move_only_function<void()> task) {
    std::promise<void> done;
    io_.post(0, [&] {
      task();
      done.set_value();
    });
    done.get_future().get();
  }

  // Looks at the condition on the io thread until it holds.
  void until(const char* what, const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (bool holds = false; !holds; std::this_thread::yield()) {
      on_io([&] { holds = condition(); });
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "never: " << what;
    }
  }
  void until_quiet() {
    until("everything delivered", [this] { return outbox_->pending() == 0; });
  }

  void later(DurationMs ms, std::move_only_function<void()> task) {
    if (ms == 0) return io_.post(0, std::move(task));
    timers_.push_back(io_.after(0, std::chrono::milliseconds(ms), std::move(task)));
  }

  // ---- the provider's side
  net::ClientResponse send(net::ClientRequest request) {
    std::promise<net::ClientResponse> promise;
    auto future = promise.get_future();
    client_->request(std::move(request),
                     [&](auto answer) { promise.set_value(answer ? std::move(*answer) : net::ClientResponse{}); });
    return future.get();
  }
  net::ClientResponse hook(const std::string& target, const Pairs& fields, const std::string& token = kToken) {
    net::Form form;
    for (const auto& [name, value] : fields) form.add(name, value);
    net::ClientRequest request;
    request.method = "POST";
    request.url = "http://127.0.0.1:" + std::to_string(web_->port()) + target;
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    if (!token.empty()) request.headers.add("X-Twilio-Signature", sign(token, kPublic + target, form));
    request.body = net::to_form(fields);
    return send(std::move(request));
  }
  // A document for a call; the root element stays valid until the next one.
  pugi::xml_node twiml(const std::string& target, Pairs fields = {}, const std::string& call = kCall) {
    fields.insert(fields.end(), {{"CallSid", call}, {"From", kCaller}, {"To", kNumber}});
    const auto answer = hook(target, fields);
    EXPECT_EQ(answer.status, 200u) << target << ": " << answer.body;
    EXPECT_EQ(answer.headers.find("Content-Type"), "text/xml; charset=utf-8");
    document_ = std::make_unique<pugi::xml_document>();
    EXPECT_TRUE(document_->load_buffer(answer.body.data(), answer.body.size())) << answer.body;
    return document_->document_element();
  }
  static std::string target_of(const std::string& url) {
    EXPECT_TRUE(url.starts_with(kPublic)) << url;
    return url.substr(std::string(kPublic).size());
  }
  void news(const std::string& target, const Pairs& fields) {
    const auto answer = hook(target, fields);
    EXPECT_EQ(answer.status, 204u) << target << ": " << answer.body;
  }
  void caller_status(const std::string& status, int sequence) {
    news("/twilio/voice/status",
         {{"CallSid", kCall}, {"CallStatus", status}, {"SequenceNumber", std::to_string(sequence)}});
  }

  void provide(net::Request&& request, net::Reply& reply) {
    const std::string root = "/2010-04-01/Accounts/AC1/";
    EXPECT_TRUE(request.path.starts_with(root)) << request.path;
    EXPECT_EQ(request.headers.find("Authorization"), "Basic QUMxOjBmMWUyZDNjNGI1YTY5Nzg4Nzk2YTViNGMzZDJlMWYw");
    RestCall call{request.method, request.path.substr(root.size()), *net::parse_form(request.body)};
    calls_.push_back(call);
    if (!faults_.empty()) {
      const auto [status, code] = faults_.front();
      faults_.erase(faults_.begin());
      return reply(net::Response::json(status, "{\"code\":" + std::to_string(code) + ",\"message\":\"no\"}"));
    }
    if (call.path == "Conferences.json") {
      const std::string list = conference_known_ ? R"([{"sid":"CF1","status":"in-progress"}])" : "[]";
      return reply(net::Response::json(200, "{\"conferences\":" + list + "}"));
    }
    if (call.path == "Calls.json") {
      if (call.method == "GET") return reply(net::Response::json(200, "{\"calls\":[" + made_calls_ + "]}"));
      return reply(net::Response::json(201, "{\"sid\":\"" + customer_sid(++placed_) + "\",\"status\":\"queued\"}"));
    }
    if (call.method == "GET" && !leg_known_) return reply(net::Response::json(404, R"({"code":20404})"));
    reply(net::Response::json(call.method == "POST" ? 201 : 200,
                              boost::json::serialize(boost::json::object{{"call_sid", leg_sid(call.field("Label"))},
                                                                         {"conference_sid", "CF1"}})));
  }
  static std::string customer_sid(int n) { return "CAcustomer-" + std::to_string(n); }
  static std::string leg_sid(const std::string& label) { return "CAleg-" + label; }

  // The REST calls whose method and path (and maybe a field) fit.
  std::vector<RestCall> seen(const std::string& method, const std::string& path, const std::string& field = {},
                             const std::string& value = {}) {
    std::vector<RestCall> found;
    on_io([&] {
      for (const RestCall& call : calls_) {
        if (call.method == method && call.path == path && (field.empty() || call.field(field) == value)) {
          found.push_back(call);
        }
      }
    });
    return found;
  }
  void until_seen(const std::string& method, const std::string& path, const std::string& field = {},
                  const std::string& value = {}, std::size_t count = 1) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (seen(method, path, field, value).size() < count) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "never: " << method << " " << path << " " << value;
      std::this_thread::yield();
    }
  }

  // ---- the state, read on the io thread
  std::optional<routing::Interaction> interaction(InteractionId id = {1}) {
    std::optional<routing::Interaction> found;
    on_io([&] {
      if (const auto* i = engine_->view().interactions.find(id)) found = *i;
    });
    return found;
  }
  OfferId offer_of(InteractionId id = {1}) {
    OfferId offer;
    until("an offer", [&] {
      const auto* i = engine_->view().interactions.find(id);
      if (i) offer = i->offer;
      return static_cast<bool>(offer);
    });
    return offer;
  }
  Seq last_seq() { return engine_->figures().last_seq; }
  // Who ended the last interaction that ended, as the journal has it.
  Party ended_by() {
    Party by{};
    Record record;
    const auto read = [&](std::uint64_t, std::string_view payload) {
      if (!decode_record(payload, record)) return false;
      for (const Event& event : record.events) {
        if (const auto* ended = std::get_if<event::InteractionEnded>(&event)) by = ended->by;
      }
      return true;
    };
    EXPECT_TRUE(engine_->store().for_each_record(1, last_seq(), read));
    return by;
  }

  // ---- steps of a call
  void call_in() {
    twiml("/twilio/voice/incoming");
    twiml("/twilio/voice/menu?i=1&n=1", {{"Digits", "1"}});
  }
  // The agent takes the offer and their phone is rung; returns the leg's status callback.
  std::string accept(AgentId agent, InteractionId id = {1}) {
    ask(command::AcceptOffer{agent, offer_of(id)});
    const std::string path = "Conferences/sb-" + std::to_string(id.value) + "/Participants.json";
    until_seen("POST", path, "Label", agent_label(agent));
    until_quiet();
    const auto rung = seen("POST", path, "Label", agent_label(agent));
    return rung.empty() ? std::string() : target_of(rung.back().field("StatusCallback"));
  }
  void leg_status(const std::string& callback, AgentId agent, const std::string& status) {
    news(callback, {{"CallSid", leg_sid(agent_label(agent))}, {"CallStatus", status}, {"SequenceNumber", "2"}});
  }
  // From the first ring to the conversation.
  std::string talk(AgentId agent) {
    const std::string callback = accept(agent);
    leg_status(callback, agent, "in-progress");
    until_seen("POST", "Calls/" + kCall + ".json", "Url", std::string(kPublic) + "/twilio/voice/connect?i=1");
    until_quiet();
    news("/twilio/voice/conference?i=1", {{"StatusCallbackEvent", "participant-join"},
                                          {"ConferenceSid", "CF1"},
                                          {"CallSid", kCall},
                                          {"ParticipantLabel", "caller"}});
    return callback;
  }

  std::filesystem::path directory_;
  net::IoThreads io_{1};
  std::unique_ptr<net::Server> provider_;
  std::unique_ptr<net::Server> web_;
  std::unique_ptr<net::HttpClient> client_;
  std::unique_ptr<net::HttpClient> rest_client_;
  bool closing_ = false;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<TwilioClient> rest_;
  std::unique_ptr<PhoneEdge> edge_;
  std::unique_ptr<engine::Outbox> outbox_;
  std::optional<crm::IdentityHasher> hasher_;
  engine::Center center_;
  Settings settings_;
  std::vector<net::Timer> timers_;
  std::unique_ptr<pugi::xml_document> document_;
  bool open_ = true;
  std::uint32_t ring_timeout_s_ = 20;
  DurationMs callback_grace_ms_ = 15'000;
  engine::CallbackTerms callback_terms_;
  IdentityHash known_identity_;
  crm::IdentityMatch known_customer_;

  // The stand-in's; on the io thread.
  std::vector<RestCall> calls_;
  std::vector<std::pair<unsigned, int>> faults_;  // status and code of the next answers
  bool conference_known_ = true;
  bool leg_known_ = false;
  std::string made_calls_;  // what the provider's list of calls holds
  int placed_ = 0;          // calls to customers
};

}  // namespace sb::phone
