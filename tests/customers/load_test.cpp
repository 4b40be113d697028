// The loads and the demo against the stand-in server, over real sockets.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "bench/customers/chat_customer.h"
#include "bench/customers/console_codec.h"
#include "bench/customers/load.h"
#include "bench/customers/robot.h"
#include "tests/customers/fake_switchboard.h"

namespace sb::customers {
namespace {

class Load : public testing::Test {
 protected:
  Load() {
    BenchShape shape;
    shape.agents = 20;
    shape.port = server.port();
    path = std::filesystem::temp_directory_path() / ("switchboard-load-" + std::to_string(getpid()) + ".toml");
    std::ofstream(path) << bench_config(shape);
    options.config = path.string();
    options.fleet.agents = 20;
    options.json = true;
    options.server_pid = getpid();
  }
  ~Load() override { std::filesystem::remove(path); }

  boost::json::object printed(const std::function<int(const LoadOptions&)>& run, int expected) {
    testing::internal::CaptureStdout();
    const int code = run(options);
    const std::string out = testing::internal::GetCapturedStdout();
    EXPECT_EQ(code, expected) << out;
    boost::json::object none;
    return out.empty() ? none : boost::json::parse(out).as_object();
  }

  FakeSwitchboard server;
  std::filesystem::path path;
  LoadOptions options;
};

TEST_F(Load, LatencyCountsEveryOffer) {
  options.rate = 500;
  options.seconds = 0.6;
  options.warmup_seconds = 0.2;
  const auto report = printed(run_latency, 0);
  EXPECT_EQ(report.at("sent").as_int64(), 400);
  EXPECT_EQ(report.at("offered").as_int64(), 400);
  EXPECT_EQ(report.at("lost").as_int64(), 0);
  const auto& offer = report.at("offer_ms").as_object();
  EXPECT_EQ(offer.at("n").as_int64(), 300);  // the warm-up is left out
  EXPECT_GT(offer.at("p50").to_number<double>(), 0);
  EXPECT_LE(offer.at("p50").to_number<double>(), offer.at("max").to_number<double>());
}

TEST_F(Load, SaturateFinishesEveryJob) {
  options.jobs = 3000;
  options.outstanding = 100;
  options.batch = 7;
  const auto report = printed(run_saturate, 0);
  EXPECT_EQ(report.at("finished").as_int64(), 3000);
  EXPECT_EQ(server.interactions(), 3000U);
  EXPECT_GT(report.at("assignments_per_s").to_number<double>(), 0);
  EXPECT_GT(report.at("generator_cpu_us_per_assignment").to_number<double>(), 0);
}

TEST_F(Load, ChatsAreWhole) {
  options.rate = 100;
  options.seconds = 0.5;
  const auto report = printed(run_chats, 0);
  EXPECT_EQ(report.at("completed").as_int64(), 50);
  for (const char* phase : {"welcome_ms", "assigned_ms", "ack_ms", "answer_ms", "ended_ms", "whole_ms"}) {
    EXPECT_EQ(report.at(phase).as_object().at("n").as_int64(), 50) << phase;
  }
}

TEST_F(Load, IdleConnectionsStay) {
  options.connections = 150;
  options.seconds = 0.2;
  const auto report = printed(run_idle, 0);
  EXPECT_EQ(report.at("connections").as_int64(), 150);
  EXPECT_EQ(report.at("lost_while_idle").as_int64(), 0);
}

TEST_F(Load, WrongPasswordAndNoServerAreSaid) {
  options.fleet.password = "wrong";
  EXPECT_EQ(run_latency(options), 2);
  options.config = "/nonexistent/bench.toml";
  EXPECT_EQ(run_latency(options), 2);
}

class World : public testing::Test {
 protected:
  explicit World(bool faults = false) : server(faults), hub(io) {
    BenchShape shape;
    shape.agents = 2;
    shape.port = server.port();
    std::string why;
    settings = *parse_settings(bench_config(shape), why);
    http = std::make_unique<HttpClient>(io, settings.server, settings.host, 2);
  }

  // A robot and a customer meet; true when the customer has left.
  bool meet() {
    auto robot = std::make_shared<Robot>(io, hub, *http, settings, settings.agents.front(), random, ledger, 0.005);
    robot->begin();
    ChatCustomerPlan plan;
    plan.person = pick_person(random, "zh");
    plan.script = pick_script(random, "zh");
    plan.pace = 0.005;
    bool left = false;
    auto customer = std::make_shared<ChatCustomer>(io, hub, settings, random, ledger, plan);
    customer->arrive([&](const std::string& visitor) { left = visitor == "v1"; });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!left && std::chrono::steady_clock::now() < deadline) io.run_one_for(std::chrono::milliseconds(50));
    robot->stop();
    http->close();
    io.restart();
    io.run_for(std::chrono::milliseconds(100));
    lines = plan.script.lines.size();
    return left;
  }

  FakeSwitchboard server;
  asio::io_context io;
  Websocket::Hub hub;
  Settings settings;
  std::unique_ptr<HttpClient> http;
  std::ostringstream out;
  Ledger ledger{out};
  Random random{3};
  std::size_t lines = 0;
};

class BrokenWorld : public World {
 protected:
  BrokenWorld() : World(true) {}
};

TEST_F(World, ARobotAndACustomerHaveAWholeConversation) {
  ASSERT_TRUE(meet()) << out.str();
  EXPECT_EQ(ledger.errors(), 0U) << out.str();
  EXPECT_EQ(ledger.counted("chat messages sent") + 1, lines);
  EXPECT_GE(ledger.counted("messages written by robots"), lines);
  EXPECT_EQ(ledger.counted("chats ended by the customer"), 1U);
}

TEST_F(BrokenWorld, AGapInTheNumbersIsAnError) {
  ASSERT_TRUE(meet()) << out.str();
  EXPECT_GT(ledger.errors(), 0U);
  EXPECT_NE(out.str().find("number 3 after 1"), std::string::npos) << out.str();
}

TEST(ConsoleCodec, ReadsSequencesAndRefusesTornOnes) {
  std::string bytes;
  Frame frame;
  frame.set_seq(300);
  frame.mutable_body()->mutable_goodbye()->set_reason(std::string(200, 'x'));
  append_delimited(bytes, frame);
  frame.set_seq(301);
  append_delimited(bytes, frame);
  std::vector<std::uint64_t> seen;
  Frame reused;
  EXPECT_TRUE(read_frames(bytes, reused, [&](const Frame& f) { seen.push_back(f.seq()); }));
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{300, 301}));
  bytes.pop_back();
  seen.clear();
  EXPECT_FALSE(read_frames(bytes, reused, [&](const Frame& f) { seen.push_back(f.seq()); }));
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{300}));
  EXPECT_TRUE(read_frames({}, reused, [&](const Frame&) { FAIL(); }));
}

}  // namespace
}  // namespace sb::customers
