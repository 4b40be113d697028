#include "rest_fixture.h"

// The flow over REST: read, tried, changed; versions, roles, what is refused.
namespace sb::console {
namespace {

class RestFlow : public RestFixture {
 protected:
  HttpAnswer put(int version, const std::string& rules, const std::string& login = "mei") {
    return as(login, "PUT", "/api/flow", R"({"version":)" + std::to_string(version) + R"(,"rules":)" + rules + "}");
  }
};

const std::string kGold = R"([{"name":"gold","all":[{"tier":{"at_least":2}}],"then":{"queue":"sales","priority":20}}])";

TEST_F(RestFlow, IsReadAndReplacedByVersion) {
  const auto none = as("mei", "GET", "/api/flow");
  ASSERT_EQ(none.status, 200u) << none.body;
  EXPECT_EQ(none.json().at("version"), 0);
  EXPECT_TRUE(none.json().at("rules").as_array().empty());

  const auto first = put(0, kGold);
  ASSERT_EQ(first.status, 200u) << first.body;
  EXPECT_EQ(first.json().at("version"), 1);
  const auto read = api("GET", "/api/flow");
  EXPECT_EQ(read.json().at("version"), 1);
  EXPECT_EQ(boost::json::serialize(read.json().at("rules")), kGold);

  const auto late = put(0, "[]");
  EXPECT_EQ(late.status, 409u);
  EXPECT_EQ(late.code(), "version_conflict");
  EXPECT_EQ(put(1, "[]").status, 200u);
  EXPECT_EQ(as("root", "GET", "/api/flow").json().at("version"), 2);
}

TEST_F(RestFlow, ChangesWhatArrivesFromThenOn) {
  ASSERT_EQ(
      put(0, R"([{"name":"orders","all":[{"label":"order_open"}],"then":{"queue":"sales","priority":7}}])").status,
      200u);
  ASSERT_EQ(api("POST", "/api/interactions", R"({"queue":"general","labels":["order_open"]})").status, 201u);
  ASSERT_EQ(api("POST", "/api/interactions", R"({"queue":"general","labels":["other"]})").status, 201u);
  const auto queue_of = [&](std::uint64_t id) {
    return on_edge([&] { return engine_->view().interactions.find({id})->queue; });
  };
  EXPECT_EQ(queue_of(1), QueueId{1});
  EXPECT_EQ(queue_of(2), QueueId{2});
  const auto story = api("GET", "/api/interactions/1/explain").body;
  EXPECT_NE(story.find("Arrived for General; the flow (version 1) applied: \\\"orders\\\""), std::string::npos)
      << story;
  EXPECT_NE(story.find("路由流程（第 1 版）生效规则"), std::string::npos);
  const auto labels = api("POST", "/api/interactions", R"({"queue":"general","labels":[""]})");
  EXPECT_EQ(labels.status, 400u);
  EXPECT_EQ(labels.field(), "labels");
}

TEST_F(RestFlow, WrongOnesAreRefusedWithRuleAndReason) {
  const auto wrong = put(0, R"([{"name":"gold","any":[{"channel":"pigeon"}],"then":{}}])");
  EXPECT_EQ(wrong.status, 400u);
  EXPECT_EQ(wrong.code(), "invalid_flow");
  EXPECT_EQ(wrong.field(), "rules.0.any.0.channel");
  EXPECT_EQ(wrong.json().at("error").at("message"),
            "flow \"gold\", any, condition 1, channel: \"pigeon\": there are phone, chat, email, message, form");
  EXPECT_EQ(as("mei", "PUT", "/api/flow", R"({"rules":[]})").field(), "version");
  EXPECT_EQ(as("mei", "PUT", "/api/flow", R"({"version":0})").field(), "rules");
  EXPECT_EQ(as("mei", "PUT", "/api/flow", R"({"version":0,"rules":[],"x":1})").field(), "x");
  EXPECT_EQ(as("mei", "GET", "/api/flow").json().at("version"), 0);
}

TEST_F(RestFlow, IsForSupervisors) {
  EXPECT_EQ(as("lin", "GET", "/api/flow").status, 403u);
  EXPECT_EQ(put(0, kGold, "lin").status, 403u);
  EXPECT_EQ(as("lin", "POST", "/api/flow/test", R"({"recorded":"last:1"})").status, 403u);
  EXPECT_EQ(http("GET", "/api/flow").status, 401u);
  EXPECT_EQ(put(0, kGold, "root").status, 200u);
}

TEST_F(RestFlow, IsTriedWithoutEffect) {
  ASSERT_EQ(api("POST", "/api/interactions", R"({"queue":"general"})").status, 201u);
  const auto given = as("mei", "POST", "/api/flow/test",
                        R"({"rules":)" + kGold + R"(,"interactions":[{"channel":"chat","queue":"general","tier":3}]})");
  ASSERT_EQ(given.status, 200u) << given.body;
  const auto run = given.json().at("interactions").at(0);
  EXPECT_EQ(run.at("rules").at(0).at("acted"), true);
  EXPECT_EQ(run.at("result").at("queue"), "sales");
  EXPECT_EQ(run.at("result").at("text_en"), "goes to Sales; needs zh >= 50; priority 20");
  const auto recorded =
      as("mei", "POST", "/api/flow/test", R"({"rules":[{"name":"all","then":{"queue":"sales"}}],"recorded":"last:5"})");
  ASSERT_EQ(recorded.status, 200u) << recorded.body;
  ASSERT_EQ(recorded.json().at("interactions").as_array().size(), 1u);
  EXPECT_EQ(recorded.json().at("interactions").at(0).at("recorded_queue"), "general");
  EXPECT_EQ(recorded.json().at("interactions").at(0).at("result").at("queue"), "sales");
  EXPECT_EQ(as("mei", "GET", "/api/flow").json().at("version"), 0);

  EXPECT_EQ(as("mei", "POST", "/api/flow/test", R"({"recorded":"77"})").status, 404u);
  EXPECT_EQ(as("mei", "POST", "/api/flow/test", R"({"recorded":"soon"})").field(), "recorded");
  EXPECT_EQ(as("mei", "POST", "/api/flow/test", "{}").field(), "interactions");
  EXPECT_EQ(as("mei", "POST", "/api/flow/test", R"({"interactions":[{"channel":"chat"}]})").field(), "interactions.0");
}

}  // namespace
}  // namespace sb::console
