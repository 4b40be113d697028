// [[flow]] in a configuration file: read, refused with its line, put once; and `switchboard flow`.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <future>

#include "app/configure.h"
#include "app/flow_commands.h"
#include "engine/engine.h"
#include "routing/core.h"
#include "routing/flow.h"

namespace sb::app {
namespace {

const std::string kShop = R"([center]
time_zone = "Europe/Berlin"
[[skills]]
name = "zh"
[[queues]]
name = "sales"
[[queues]]
name = "vip"
requires = { zh = 50 }
[[agents]]
login = "amy"
password_hash = "x"
queues = ["sales"]
)";  // 13 lines

const std::string kGold = R"([[flow]]
name = "gold"
all = [
  { channel = "chat" },
  { tier = { at_least = 2 } },
]
then = { queue = "vip", exclude = ["amy"] }
)";

class FlowFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "sb_app_XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, const std::string& text) {
    const auto path = (directory_ / name).string();
    std::ofstream(path) << text;
    return path;
  }
  std::string config(const std::string& flow) {
    return file("center.toml", kShop + flow + "\n[storage]\ndirectory = \"" + (directory_ / "data").string() + "\"\n");
  }
  std::expected<std::vector<Command>, std::string> commands(const std::string& flow, const routing::State& state) {
    auto read = read_config(config(flow));
    if (!read) return std::unexpected(read.error());
    return resolve(*read, state);
  }
  // What is said of a wrong one, after the file's name.
  std::string refused(const std::string& flow) {
    auto answer = commands(flow, routing::State{});
    EXPECT_FALSE(answer) << flow;
    const std::string prefix = (directory_ / "center.toml").string();
    return answer || !answer.error().starts_with(prefix) ? "" : answer.error().substr(prefix.size());
  }
  static void apply(routing::Core& core, const std::vector<Command>& all) {
    std::vector<Event> events;
    for (const Command& c : all) {
      const auto outcome = core.step(c, Source::kConfig, {}, 1'700'000'000'000, events);
      EXPECT_EQ(outcome.rejection, Rejection::kNone) << std::visit([](const auto& one) { return one.kName; }, c);
    }
  }
  static bool has_flow(const std::vector<Command>& all) {
    return std::any_of(all.begin(), all.end(),
                       [](const Command& c) { return std::holds_alternative<command::PutFlow>(c); });
  }
  struct Output {
    int code = 0;
    std::string out;
    std::string err;
  };
  template <class F>
  static Output captured(F&& run) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Output output;
    output.code = run();
    output.out = ::testing::internal::GetCapturedStdout();
    output.err = ::testing::internal::GetCapturedStderr();
    return output;
  }

  std::filesystem::path directory_;
};

TEST_F(FlowFile, IsPutWhenItDiffersOneVersionUp) {
  routing::Core core;
  auto first = commands(kGold, core.state());
  ASSERT_TRUE(first) << first.error();
  apply(core, *first);
  const Flow& flow = core.state().flow;
  EXPECT_EQ(flow.version, 1u);
  ASSERT_EQ(flow.rules.size(), 1u);
  EXPECT_EQ(flow.rules[0].then.require.size(), 1u) << "what vip asks for";
  EXPECT_GE(flow.offsets.size(), 20u) << "summer and winter of eleven years";
  // 1 July and 1 December 2026, noon in Greenwich.
  EXPECT_EQ(routing::local_time(flow, 1'782'907'200'000).minute_of_day, 14u * 60);
  EXPECT_EQ(routing::local_time(flow, 1'796'126'400'000).minute_of_day, 13u * 60);

  auto again = commands(kGold, core.state());
  ASSERT_TRUE(again);
  EXPECT_FALSE(has_flow(*again)) << "nothing has changed";
  auto without = commands("", core.state());
  ASSERT_TRUE(without);
  EXPECT_FALSE(has_flow(*without)) << "a file that says nothing of it leaves it alone";
  auto changed = commands(kGold + "\n[[flow]]\nname = \"rest\"\nthen = { priority = 1 }\n", core.state());
  ASSERT_TRUE(changed);
  apply(core, *changed);
  EXPECT_EQ(flow.version, 2u);
  EXPECT_EQ(flow.rules.size(), 2u);
  auto emptied = file("empty.toml", "flow = []\n" + kShop);
  auto read = read_config(emptied);
  ASSERT_TRUE(read) << read.error();
  auto last = resolve(*read, core.state());
  ASSERT_TRUE(last);
  apply(core, *last);
  EXPECT_EQ(flow.version, 3u);
  EXPECT_TRUE(flow.rules.empty());
}

TEST_F(FlowFile, WhatIsWrongIsSaidWithItsLine) {
  EXPECT_EQ(refused("[[flow]]\nname = \"gold\"\nall = [\n  { channel = \"chat\" },\n  { tier = { at_least = \"two\" } "
                    "} ]\nthen = {}\n"),
            ":18: flow \"gold\", all, condition 2, tier, at_least: must be a whole number from 0 to 10000000");
  EXPECT_EQ(refused("[[flow]]\nname = \"gold\"\nthen = { queue = \"none\" }\n"),
            ":16: flow \"gold\", then, queue: there is no queue \"none\"");
  EXPECT_EQ(refused("[[flow]]\nthen = {}\n"), ":14: flow \"rule 1\", name: is required, 1 to 200 bytes");
  EXPECT_EQ(refused("[[flow]]\nname = \"a\"\nthen = {}\n[[flow]]\nname = \"a\"\nthen = {}\n"),
            ":18: flow \"a\", name: another rule has this name already");
  EXPECT_EQ(refused("[[flow]]\nname = \"a\"\nall = [ { time = 09:00:00 } ]\nthen = {}\n"),
            ":16: flow \"a\", all, condition 1, time: must be a word in quotes");
  EXPECT_EQ(refused("[[flow]]\nname = \"a\"\nwhen = []\nthen = {}\n"),
            ":16: flow \"a\", when: a rule has name, all, any and then");
}

TEST_F(FlowFile, CheckSaysGoodOrWhatIsWrong) {
  const auto good = captured([&] { return flow_check(config(kGold)); });
  EXPECT_EQ(good.code, 0);
  EXPECT_NE(good.out.find("the flow is good, 1 rules"), std::string::npos) << good.out;
  const auto wrong = captured([&] { return flow_check(config("[[flow]]\nname = \"a\"\n")); });
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.err.find(":14: flow \"a\", then: is required"), std::string::npos) << wrong.err;
}

TEST_F(FlowFile, TestsGivenInteractionsWithoutAStore) {
  const std::string given = file("given.json", R"([{"channel": "chat", "queue": "sales", "tier": 2},
                                                   {"channel": "phone", "queue": "sales", "tier": 2}])");
  FlowTestOptions options{
      .config_file = config(kGold), .data_directory = {}, .interaction_file = given, .recorded = {}, .json = false};
  const auto plain = captured([&] { return flow_test(options); });
  ASSERT_EQ(plain.code, 0) << plain.err;
  EXPECT_NE(plain.out.find("gold: acts"), std::string::npos) << plain.out;
  EXPECT_NE(plain.out.find("gold: does not hold"), std::string::npos);
  EXPECT_NE(plain.out.find("all  the channel is chat: does not hold, it is phone"), std::string::npos);
  EXPECT_NE(plain.out.find("=> goes to vip; needs zh >= 50; not amy"), std::string::npos);
  options.json = true;
  const auto as_json = captured([&] { return flow_test(options); });
  const auto parsed = boost::json::parse(as_json.out);
  EXPECT_EQ(parsed.at("interactions").at(0).at("result").at("queue"), "vip");
  EXPECT_EQ(parsed.at("interactions").at(1).at("result").at("queue"), "sales");

  options.interaction_file = file("wrong.json", R"({"channel": "chat"})");
  EXPECT_NE(captured([&] { return flow_test(options); }).err.find("wrong.json: queue: is required"), std::string::npos);
  options.interaction_file.clear();
  EXPECT_NE(captured([&] { return flow_test(options); }).err.find("give either"), std::string::npos);
  options.recorded = "last:10";
  EXPECT_NE(captured([&] { return flow_test(options); }).err.find("nothing is recorded in"), std::string::npos);
  options.recorded = "last:0";
  EXPECT_NE(captured([&] { return flow_test(options); }).err.find("--recorded: must be"), std::string::npos);
}

TEST_F(FlowFile, TestsRecordedInteractions) {
  const std::string path = config("");
  auto read = read_config(path);
  ASSERT_TRUE(read) << read.error();
  {
    engine::Engine::Options options;
    options.store.directory = directory_ / "data" / "store";
    options.store.wal_fill_bytes = 0;
    options.release = [](std::move_only_function<void()> task) { task(); };
    std::filesystem::create_directories(directory_ / "data");
    auto engine = engine::Engine::open(std::move(options), engine::Clock::system());
    ASSERT_TRUE(engine) << engine.error().message;
    (*engine)->start();
    auto all = resolve(*read, (*engine)->view());
    ASSERT_TRUE(all) << all.error();
    command::StartInteraction gold;
    gold.channel = Channel::kChat;
    gold.queue = read->center.queue("sales")->id;
    gold.tier = 3;
    all->emplace_back(gold);
    for (Command& command : *all) {
      std::promise<Rejection> answered;
      engine::Submission s;
      s.command = std::move(command);
      s.done = [&](const engine::Answer& a) { answered.set_value(a.rejection); };
      ASSERT_TRUE((*engine)->submit(std::move(s)));
      EXPECT_EQ(answered.get_future().get(), Rejection::kNone);
    }
    (*engine)->stop();
  }
  FlowTestOptions options{.config_file = config(kGold),
                          .data_directory = {},
                          .interaction_file = {},
                          .recorded = "last:100",
                          .json = false};
  const auto plain = captured([&] { return flow_test(options); });
  ASSERT_EQ(plain.code, 0) << plain.err;
  EXPECT_NE(plain.out.find("interaction 1, "), std::string::npos) << plain.out;
  EXPECT_NE(plain.out.find("chat for sales (it became: sales)"), std::string::npos) << plain.out;
  EXPECT_NE(plain.out.find("=> goes to vip"), std::string::npos);
  options.recorded = "1";
  options.config_file = file("elsewhere.toml", kShop + kGold);
  options.data_directory = (directory_ / "data").string();
  EXPECT_EQ(captured([&] { return flow_test(options); }).code, 0);
  options.recorded = "2";
  EXPECT_NE(captured([&] { return flow_test(options); }).err.find("no such arrival"), std::string::npos);
}

}  // namespace
}  // namespace sb::app
