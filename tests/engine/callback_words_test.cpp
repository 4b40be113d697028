// What is said of callbacks, in both languages.
#include <gtest/gtest.h>

#include "engine/explain_words.h"

namespace sb::engine {
namespace {

TEST(CallbackWords, SayWhatHappenedAndWhatComesNext) {
  Center center;
  AgentInfo amy;
  amy.id = {1};
  amy.name = "Amy";
  center.agents.push_back(amy);
  center.index_agents();
  const Words words(center);
  Record record;
  record.time_ms = 1'000'000;
  const auto said = [&](const Event& event) {
    const Sentence s = words.say(event, record);
    return s.en + " / " + s.zh;
  };
  event::CallbackRequested requested;
  requested.order = CallbackOrder::kAgentFirst;
  requested.attempts_max = 3;
  EXPECT_EQ(said(requested),
            "Will be called back, keeping the place in the queue; the agent is called first; 3 attempts at most / "
            "等待回拨，保留排队位置；先呼叫客服；最多 3 次");
  requested.order = CallbackOrder::kCustomerFirst;
  requested.at_ms = record.time_ms + 7'200'000;
  EXPECT_EQ(said(requested),
            "Will be called back in 2 h 0 min; the customer is called first; 3 attempts at most / "
            "等待回拨（2 小时 0 分后）；先呼叫客户；最多 3 次");
  EXPECT_EQ(said(event::CallbackStarted{{1}, {1}, 2}),
            "The customer is called for Amy, attempt 2 / 为 Amy 呼叫客户，第 2 次");
  EXPECT_EQ(said(event::CustomerReached{{1}, {1}}), "The customer answered / 客户已接听");
  EXPECT_EQ(said(event::CustomerMissed{{1}, {1}, 1, "busy", record.time_ms + 60'000}),
            "The customer's phone was busy; tried again in 1 min 0 s / 客户电话占线；1 分 0 秒后再试");
  EXPECT_EQ(said(event::CustomerMissed{{1}, {1}, 3, "no_answer", 0}),
            "The customer did not answer; not tried again / 客户无人接听；不再尝试");
  EXPECT_EQ(said(event::CustomerMissed{{1}, {}, 0, "outside_hours", 0}),
            "The customer's hours for being called are over; not tried again / 已过可回拨时段；不再尝试");
}

}  // namespace
}  // namespace sb::engine
