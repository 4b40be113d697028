// What is said of conferences and outside parties, in both languages.
#include <gtest/gtest.h>

#include "engine/explain_words.h"

namespace sb::engine {
namespace {

TEST(ConferenceWords, SayWhoCameAndWhoWent) {
  Center center;
  for (const auto& [id, name] : {std::pair{1u, "Amy"}, std::pair{2u, "Ben"}}) {
    AgentInfo agent;
    agent.id = {id};
    agent.name = name;
    center.agents.push_back(agent);
  }
  center.index_agents();
  const Words words(center);
  const auto said = [&](const Event& event) {
    const Sentence s = words.say(event, {});
    return s.en + " / " + s.zh;
  };
  EXPECT_EQ(said(event::ParticipantJoined{{1}, {1}, {2}}),
            "Amy brought Ben into the conversation / Amy 邀请 Ben 加入会话");
  EXPECT_EQ(said(event::ParticipantLeft{{1}, {2}, {2}}), "Ben left the conversation / Ben 离开会话");
  EXPECT_EQ(said(event::ParticipantLeft{{1}, {1}, {2}}), "Amy took Ben out of the conversation / Amy 将 Ben 移出会话");
  EXPECT_EQ(said(event::InteractionHandedOver{{1}, {1}, {2}}),
            "Amy left the conversation; Ben, who joined first, goes on with it / Amy 离开会话，由最先加入的 Ben 继续");
  EXPECT_EQ(said(event::OutsideInvited{{1}, {1}, 1}),
            "Amy calls an outside number into the conversation / Amy 呼叫外部号码加入会话");
  EXPECT_EQ(said(event::OutsideJoined{{1}, {1}}), "The outside party is in the conversation / 外部人员已加入会话");
  EXPECT_EQ(said(event::OutsideLeft{{1}, {1}, "removed"}),
            "Amy took the outside party out of the conversation / Amy 将外部人员移出会话");
  EXPECT_EQ(said(event::OutsideLeft{{1}, {}, "no_answer"}), "The outside number did not answer / 外部号码无人接听");
  EXPECT_EQ(said(event::OutsideLeft{{1}, {}, "not_allowed"}),
            "The outside number may not be called / 不允许呼叫该外部号码");
  EXPECT_EQ(said(event::InteractionEnded{{1}, {}, Party::kAgent, {1}, EndReason::kTransferredOut, 20'000}),
            "Ended by Amy (passed on to an outside number) after 20 s / 由Amy结束（已转接至外部号码），时长 20 秒");
}

}  // namespace
}  // namespace sb::engine
