// The hours customers may be called in, and what the configuration says about callbacks.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "app/config.h"
#include "app/hours.h"

namespace sb::app {
namespace {

constexpr TimeMs kHourMs = 3'600'000;
constexpr TimeMs kThursday = 1'768'435'200'000;  // 2026-01-15 00:00 UTC

std::string hours_of(const std::vector<TimeSpan>& spans) {
  std::string text;
  for (const TimeSpan& s : spans) {
    const auto hour = [](TimeMs at) {
      return std::to_string((static_cast<std::int64_t>(at) - static_cast<std::int64_t>(kThursday)) /
                            static_cast<std::int64_t>(kHourMs));
    };
    text += (text.empty() ? "" : " ") + hour(s.from_ms) + "-" + hour(s.until_ms);
  }
  return text;
}

TEST(CallbackHours, AreSpansOfLocalTime) {
  const auto daily = Hours::parse("Asia/Shanghai", {"09:00-20:00"});
  ASSERT_TRUE(daily) << daily.error();
  EXPECT_EQ(hours_of(daily->spans(kThursday, 3, 10)), "1-12 25-36 49-60") << "eight hours east";
  EXPECT_EQ(hours_of(daily->spans(kThursday + 5 * kHourMs, 2, 10)), "1-12 25-36") << "the present one first";
  EXPECT_EQ(hours_of(daily->spans(kThursday + 12 * kHourMs, 1, 10)), "25-36") << "until is not within";
  EXPECT_EQ(daily->spans(kThursday, 64, 2).size(), 2u);

  const auto office = Hours::parse("UTC", {"Mon-Fri 13:00-17:00", "Mon-Fri 09:00-12:00", "Mon-Fri 11:00-12:30"});
  ASSERT_TRUE(office);
  EXPECT_EQ(hours_of(office->spans(kThursday, 6, 10)), "9-12 13-17 33-36 37-41 105-108 109-113")
      << "sorted, joined, nothing on Saturday and Sunday";

  const auto always = Hours::parse("UTC", {"00:00-24:00"});
  ASSERT_TRUE(always);
  EXPECT_EQ(hours_of(always->spans(kThursday, 64, 70)), "0-1680") << "one span, midnight is no gap";
}

TEST(CallbackHours, FollowTheClockChange) {
  const auto berlin = Hours::parse("Europe/Berlin", {"09:00-10:00"});
  ASSERT_TRUE(berlin);
  const TimeMs saturday = 1'774'656'000'000;  // 2026-03-28 00:00 UTC, the clocks change that night
  const auto spans = berlin->spans(saturday, 2, 5);
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].from_ms - saturday, 8 * kHourMs);
  EXPECT_EQ(spans[1].from_ms - saturday, (24 + 7) * kHourMs);
}

class CallbackConfig : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "sb_config_XXXXXX").string();
    ASSERT_TRUE(mkdtemp(name.data()));
    directory_ = name;
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  std::expected<Config, std::string> read(const std::string& callbacks, const std::string& queue = "") {
    const auto file = directory_ / "center.toml";
    std::ofstream(file) << "[center]\ntime_zone = \"Asia/Shanghai\"\n"
                        << callbacks << "\n[[queues]]\nname = \"sales\"\n"
                        << queue << "\n[[queues]]\nname = \"support\"\n";
    return read_config(file);
  }
  std::string refused(const std::string& callbacks, const std::string& queue = "") {
    const auto config = read(callbacks, queue);
    EXPECT_FALSE(config) << callbacks << queue;
    return config ? std::string() : config.error();
  }
  std::filesystem::path directory_;
};

TEST_F(CallbackConfig, HasItsUsualValues) {
  const auto config = read("");
  ASSERT_TRUE(config) << config.error();
  const engine::CallbackTerms& terms = config->queues[0].info.callback;
  EXPECT_EQ(terms.order, CallbackOrder::kAgentFirst);
  EXPECT_EQ(terms.attempts_max, 3u);
  EXPECT_EQ(terms.retry_ms, 900'000u);
  EXPECT_FALSE(terms.always_offered);
  EXPECT_EQ(config->phone.callback_key, "1");
  EXPECT_EQ(config->phone.customer_ring_timeout_s, 30u);
  EXPECT_EQ(config->chat.callback_wait_ms, 120'000u);
  const auto windows = config->center.callback_windows({}, {}, kThursday);
  ASSERT_TRUE(windows);
  EXPECT_EQ(hours_of({windows->front()}), "1-12") << "09:00-20:00 in the center's zone";
}

TEST_F(CallbackConfig, IsReadForAllAndForOneQueue) {
  const auto config = read(
      "[callbacks]\norder = \"customer_first\"\nattempts_max = 5\nretry_s = 60\nhours = [\"Sat 10:00-12:00\"]\n"
      "key = \"*\"\nring_timeout_s = 45\nalways_offered = true\n",
      "callbacks = { attempts_max = 1, always_offered = false }\n"
      "[[queues.relaxation]]\nafter_s = 20\naction = \"offer_callback\"\n");
  ASSERT_TRUE(config) << config.error();
  const engine::CallbackTerms& sales = config->queues[0].info.callback;
  const engine::CallbackTerms& support = config->queues[1].info.callback;
  EXPECT_EQ(sales.order, CallbackOrder::kCustomerFirst);
  EXPECT_EQ(sales.attempts_max, 1u);
  EXPECT_FALSE(sales.always_offered);
  EXPECT_EQ(support.attempts_max, 5u);
  EXPECT_EQ(support.retry_ms, 60'000u);
  EXPECT_TRUE(support.always_offered);
  EXPECT_EQ(config->phone.callback_key, "*");
  EXPECT_EQ(config->phone.customer_ring_timeout_s, 45u);
  ASSERT_EQ(config->queues[0].relaxation.size(), 1u);
  EXPECT_EQ(config->queues[0].relaxation[0].step.kind, RelaxKind::kOfferCallback);
  const auto of_customer = config->center.callback_windows("UTC", {"08:00-09:00"}, kThursday);
  ASSERT_TRUE(of_customer);
  EXPECT_EQ(hours_of({of_customer->front()}), "8-9") << "the customer's own";
  EXPECT_FALSE(config->center.callback_windows("Mars/Base", {}, kThursday));
  EXPECT_TRUE(config->center.knows_time_zone("America/New_York"));
  EXPECT_FALSE(config->center.knows_time_zone("Mars/Base"));
  EXPECT_FALSE(config->center.knows_time_zone(""));
  EXPECT_EQ(config->center.callback_zone("America/New_York"), "America/New_York");
  EXPECT_EQ(config->center.callback_zone("Mars/Base"), "") << "the center's";
  EXPECT_FALSE(config->center.callback_windows({}, {"early"}, kThursday));
}

TEST_F(CallbackConfig, VisitorsOfTheChatWaitAsLongAsItSays) {
  const auto config = read("[chat]\ncallback_wait_s = 45\n");
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->chat.callback_wait_ms, 45'000u);
  EXPECT_NE(refused("[chat]\ncallback_wait_s = 86401\n").find("callback_wait_s"), std::string::npos);
}

TEST_F(CallbackConfig, RefusesWhatMakesNoSense) {
  const auto names = [](const std::string& error, const std::string& key) {
    return error.find(key) != std::string::npos ? key : error;
  };
  EXPECT_EQ(names(refused("[callbacks]\norder = \"both\"\n"), "order"), "order");
  EXPECT_EQ(names(refused("[callbacks]\norder = \"none\"\n"), "order"), "order");
  EXPECT_EQ(names(refused("[callbacks]\nattempts_max = 11\n"), "attempts_max"), "attempts_max");
  EXPECT_EQ(names(refused("[callbacks]\nattempts_max = 0\n"), "attempts_max"), "attempts_max");
  EXPECT_EQ(names(refused("[callbacks]\nretry_s = 5\n"), "retry_s"), "retry_s");
  EXPECT_EQ(names(refused("[callbacks]\nhours = [\"9-20\"]\n"), "hours"), "hours");
  EXPECT_EQ(names(refused("[callbacks]\nkey = \"12\"\n"), "key"), "key");
  EXPECT_EQ(names(refused("[callbacks]\nkey = \"a\"\n"), "key"), "key");
  EXPECT_EQ(names(refused("[callbacks]\nring_timeout_s = 1\n"), "ring_timeout_s"), "ring_timeout_s");
  EXPECT_EQ(names(refused("[callbacks]\nretries = 3\n"), "retries"), "retries");
  EXPECT_EQ(names(refused("", "callbacks = { hours = [\"09:00-20:00\"] }\n"), "hours"), "hours");
}

}  // namespace
}  // namespace sb::app
