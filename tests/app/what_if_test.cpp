// `switchboard whatif` on a store: what it prints, and what it refuses.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <functional>

#include "app/configure.h"
#include "app/planning.h"
#include "proto/record.h"
#include "routing/core.h"
#include "storage/store.h"

namespace sb::app {
namespace {

class WhatIfCommandLine : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "sb_app_XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    config_ = file("center.toml", R"([center]
time_zone = "Europe/Berlin"
[[queues]]
name = "sales"
auto_accept = true
[[agents]]
login = "amy"
password_hash = "x"
queues = ["sales"]
capacity = { chat = 1 }
[storage]
directory = ")" + (directory_ / "data").string() +
                                      "\"\n");
    write_journal();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, const std::string& text) const {
    const auto path = (directory_ / name).string();
    std::ofstream(path) << text;
    return path;
  }

  // 2023-11-15, 09:00 in Berlin: forty chats, one every 30 s, of 60 s each, for one agent.
  void write_journal() {
    constexpr TimeMs kNine = 1'700'035'200'000;
    auto config = read_config(config_);
    ASSERT_TRUE(config) << config.error();
    storage::Options options;
    options.directory = directory_ / "data" / "store";
    options.wal_fill_bytes = 0;
    std::filesystem::create_directories(directory_ / "data");
    auto store = storage::Store::open(std::move(options));
    ASSERT_TRUE(store) << store.error().message;
    routing::Core core;
    storage::Batch batch;
    Seq seq = 0;
    std::uint64_t digest = 0;
    const auto step = [&](const Command& command, TimeMs at) {
      Record record;
      std::vector<Event> events;
      record.result = core.step(command, Source::kConfig, {}, at, events).result;
      if (events.empty()) return;
      record.seq = ++seq;
      record.time_ms = at;
      record.source = Source::kConfig;
      record.command = command;
      record.events = std::move(events);
      std::string bytes;
      encode_record(bytes, record, digest);
      digest = record.digest;
      batch.append_record(seq, bytes);
    };
    auto commands = resolve(*config, core.state());
    ASSERT_TRUE(commands) << commands.error();
    for (const Command& command : *commands) step(command, kNine - 60'000);
    const AgentId amy = config->center.agent_by_login("amy")->id;
    step(command::SignInAgent{amy, 1, Presence::kAvailable}, kNine - 60'000);
    for (std::uint64_t n = 1; n <= 80; ++n) {
      const TimeMs at = kNine + n * 30'000;
      const auto& work = core.state().agents.find(amy)->work;
      if (n % 2 == 0 && !work.empty()) {
        step(command::EndInteraction{work.front(), Party::kAgent, amy, EndReason::kCompleted}, at);
      }
      command::StartInteraction start;
      start.channel = Channel::kChat;
      start.queue = config->center.queue("sales")->id;
      if (n <= 40) step(start, at);
    }
    ASSERT_TRUE((*store)->commit(batch));
  }

  struct Output {
    int code = 0;
    std::string out;
    std::string err;
  };
  Output run(const std::string& changes, const std::function<void(WhatIfCommand&)>& adjust = {}) {
    WhatIfCommand options;
    options.config_file = config_;
    options.from = "2023-11-15 09:00";
    options.to = "2023-11-15 10:00";
    options.changes_file = file("changes.toml", changes);
    options.replications = 4;
    if (adjust) adjust(options);
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Output output;
    output.code = what_if(options);
    output.out = ::testing::internal::GetCapturedStdout();
    output.err = ::testing::internal::GetCapturedStderr();
    return output;
  }

  std::filesystem::path directory_;
  std::string config_;
};

TEST_F(WhatIfCommandLine, ComparesTheHourWithOneAgentMore) {
  const std::string more = "[[add_agents]]\ncount = 1\nlike = \"amy\"\n";
  const auto json = run(more, [](WhatIfCommand& o) { o.json = true; });
  ASSERT_EQ(json.code, 0) << json.err;
  const auto answer = boost::json::parse(json.out);
  EXPECT_EQ(answer.at("happened").at("all").at("offered").to_number<double>(), 40);
  const auto mean = [&](const char* side) {
    return answer.at(side).at("queues").at("sales").at("wait_mean_s").at("mean").to_number<double>();
  };
  EXPECT_GT(mean("today"), 200) << "one agent falls behind";
  EXPECT_LT(mean("alternative"), mean("today") / 5);
  EXPECT_NEAR(mean("difference"), mean("alternative") - mean("today"), 1e-6);

  const auto table = run(more);
  ASSERT_EQ(table.code, 0) << table.err;
  EXPECT_NE(table.out.find("2023-11-15 09:00:00 to 2023-11-15 10:00:00, 4 replications"), std::string::npos)
      << table.out;
  EXPECT_NE(table.out.find("\nassumed\n- 40 arrivals come when they came"), std::string::npos) << table.out;
  EXPECT_EQ(table.out, run(more).out) << "the same seed says the same";
}

// By the center's clock: 19 of the 40 came from 09:00 to before 09:10 in Berlin.
TEST_F(WhatIfCommandLine, AChangedFlowTellsTheTimeOfTheCenter) {
  const auto json =
      run("[[flow]]\nname = \"not yet\"\nall = [{ time = \"09:00-09:10\" }]\nthen = { out_of_hours = true }\n",
          [](WhatIfCommand& o) { o.json = true; });
  ASSERT_EQ(json.code, 0) << json.err;
  const auto answer = boost::json::parse(json.out);
  const auto offered = [&](const char* side) {
    return answer.at(side).at("all").at("offered").at("mean").to_number<double>();
  };
  EXPECT_EQ(offered("today"), 40);
  EXPECT_EQ(offered("alternative"), 21);
}

TEST_F(WhatIfCommandLine, RefusesWhatIsWrong) {
  const auto refusal = [&](const std::string& changes, const std::function<void(WhatIfCommand&)>& adjust = {}) {
    const auto found = run(changes, adjust);
    EXPECT_EQ(found.code, 2) << found.out;
    const auto at = found.err.find("changes.toml");
    return found.err.substr(at == std::string::npos ? 0 : at);
  };
  const std::string good = "arrivals_factor = 2\n";
  EXPECT_EQ(refusal("arrival_factor = 2\n"), "changes.toml:1: arrival_factor: is not a known setting here\n");
  EXPECT_EQ(refusal("\n[[queue]]\nname = \"billing\"\nlevel = 1\n"),
            "changes.toml:3: queue.name: there is no queue \"billing\" in the recorded interval\n");
  EXPECT_EQ(refusal("[[flow]]\nname = \"gold\"\nall = [{ tier = { at_least = 2 } }]\nthen = { queue = \"vip\" }\n"),
            "changes.toml:4: flow \"gold\", then, queue: there is no queue \"vip\"\n");
  EXPECT_EQ(refusal("[[flow]]\nname = \"gold\"\nall = [{ signed_in_agents = 0 }]\nthen = {}\n"),
            "changes.toml:1: flow.0: asks for signed_in_agents, which is not known of the past: ask for free_agents "
            "instead\n");
  EXPECT_EQ(refusal(good, [](auto& o) { o.to = o.from; }), "--to: must be later than from\n");
  EXPECT_EQ(refusal(good, [](auto& o) { o.to = "2999-01-01 00:00"; }).substr(0, 5), "--to:");
  EXPECT_EQ(refusal(good, [](auto& o) { o.from = "nine"; }).substr(0, 7), "--from:");
  EXPECT_EQ(refusal(good,
                    [](auto& o) {
                      o.from = "2023-11-15 11:00";
                      o.to = "2023-11-15 12:00";
                    }),
            "no customer came to a queue in this interval\n");
}

}  // namespace
}  // namespace sb::app
