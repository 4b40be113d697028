#include "rest_fixture.h"

// Plans over REST: what is asked is checked by field, computed one at a time, and can be stopped.
namespace sb::console {
namespace {

class RestPlanner : public RestFixture {
 protected:
  HttpAnswer plan(const std::string& what, std::string body) {
    return as("mei", "POST", "/api/planner/" + what, std::move(body));
  }
  bool running() { return as("mei", "GET", "/api/planner").json().at("running").as_bool(); }
};

constexpr const char* kDay = R"({"intervals":[{"label":"09:00","arrivals_per_hour":60},
  {"label":"09:30","arrivals_per_hour":120},{"label":"10:00","arrivals_per_hour":30}],
  "interval_s":1800,"handle_s":240,"patience_s":180,"service_level":0.8,"within_s":20})";

std::string scenario(std::string_view replications, std::string_view rate = "60") {
  return R"({"seed":7,"duration_s":7200,"warmup_s":600,"service_level_s":20,"replications":)" +
         std::string(replications) + R"(,"queue":[{"name":"sales","arrivals":{"process":"poisson","rate_per_hour":)" +
         std::string(rate) + R"(},"handle_time":{"distribution":"exponential","mean_s":240},
         "patience":{"distribution":"exponential","mean_s":180}}],"agents":[{"count":6}]})";
}

TEST_F(RestPlanner, StaffingSaysHowManyAgentsEachIntervalNeeds) {
  const auto answer = plan("staff", kDay);
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto intervals = answer.json().at("intervals").as_array();
  ASSERT_EQ(intervals.size(), 3u);
  EXPECT_EQ(intervals[1].at("label"), "09:30");
  for (const auto& interval : intervals) {
    EXPECT_GE(interval.at("service_level").at("mean").to_number<double>(), 0.8);
    EXPECT_GT(interval.at("service_level").at("half_width").to_number<double>(), 0);
  }
  EXPECT_GT(intervals[1].at("agents").to_number<int>(), intervals[2].at("agents").to_number<int>());
}

TEST_F(RestPlanner, ASimulationAnswersAsTheCommandLineDoes) {
  const auto answer = plan("simulate", scenario("5"));
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto report = answer.json();
  EXPECT_EQ(report.at("replications"), 5);
  EXPECT_GT(report.at("all").at("occupancy").at("mean").to_number<double>(), 0.5);
  EXPECT_GT(report.at("queues").at("sales").at("offered").at("mean").to_number<double>(), 50);
}

TEST_F(RestPlanner, WhatIsWrongIsNamed) {
  const auto field = [&](const std::string& what, std::string body) {
    const auto answer = plan(what, std::move(body));
    EXPECT_EQ(answer.status, 400u) << answer.body;
    return answer.field();
  };
  EXPECT_EQ(field("staff", R"({"handle_s":240})"), "intervals");
  EXPECT_EQ(field("staff", R"({"intervals":[{"label":"a","arrivals_per_hour":60}]})"), "handle_s");
  EXPECT_EQ(field("staff", R"({"intervals":[{"label":"a","arrivals_per_hour":60}],"handle_s":null})"), "handle_s");
  EXPECT_EQ(field("staff", R"({"intervals":[{"label":"a","arrivals_per_hour":6},{"label":"b"}],"handle_s":9})"),
            "intervals[1].arrivals_per_hour");
  EXPECT_EQ(field("staff", R"({"intervals":[{"label":"a","arrivals_per_hour":6}],"handle_s":9,"servicelevel":1})"),
            "servicelevel");
  EXPECT_EQ(field("staff", R"({"intervals":[{"label":"a","arrivals_per_hour":0},{"label":"b","arrivals_per_hour":0}],
                             "handle_s":9})"),
            "intervals");
  EXPECT_EQ(field("staff", R"({"intervals":[{"label":"a","arrivals_per_hour":900000}],"handle_s":9})"), "intervals");
  EXPECT_EQ(field("simulate", scenario("0")), "replications");
  EXPECT_EQ(field("simulate", scenario("5", "-1")), "queue[0].arrivals.rate_per_hour");
  EXPECT_EQ(field("simulate", scenario("5000", "6000")), "replications") << "too much for a request";
  EXPECT_EQ(field("simulate", R"({"duration_s":60})"), "queue");
  EXPECT_EQ(field("simulate", R"({"duration_s":3600,"queue":[{"name":"q","arrivals":{"process":"trace",
                                "file":"/etc/passwd"},"handle_time":{"distribution":"exponential","mean_s":9}}],
                                "agents":[{"count":1}]})"),
            "queue[0].arrivals.file");
  EXPECT_EQ(plan("staff", "[]").status, 400u);
  EXPECT_FALSE(running());
}

TEST_F(RestPlanner, OnePlanAtATimeAndItCanBeStopped) {
  // A day of so much that it would take many seconds.
  auto first = std::async(std::launch::async, [&] { return plan("simulate", scenario("200", "7000")); });
  while (!running()) std::this_thread::yield();
  const auto second = plan("staff", kDay);
  EXPECT_EQ(second.status, 429u) << second.body;
  EXPECT_EQ(second.code(), "planner_busy");
  const int retry_after_s = std::stoi(std::string(second.headers.find("Retry-After").value_or("0")));
  EXPECT_TRUE(retry_after_s >= 1 && retry_after_s <= 31) << retry_after_s;
  EXPECT_EQ(as("mei", "DELETE", "/api/planner").status, 204u);
  const auto stopped = first.get();
  EXPECT_EQ(stopped.status, 409u) << stopped.body;
  EXPECT_EQ(stopped.code(), "plan_stopped");
  EXPECT_FALSE(running());
  EXPECT_EQ(plan("staff", kDay).status, 200u);
}

TEST_F(RestPlanner, PlansAreForSupervisors) {
  EXPECT_EQ(as("lin", "POST", "/api/planner/staff", kDay).status, 403u);
  EXPECT_EQ(as("lin", "GET", "/api/planner").status, 403u);
  EXPECT_EQ(as("lin", "GET", "/api/planner/demand?queue=1").status, 403u);
  EXPECT_EQ(http("POST", "/api/planner/simulate", scenario("2")).status, 401u);
}

TEST_F(RestPlanner, TheLastWholeDayIsMeasured) {
  const TimeMs today = on_edge([&] { return center_.day_start(engine_->clock().now()); });
  constexpr TimeMs kHourMs = 3'600'000;
  const auto past = [&](TimeMs at, DurationMs handled) {
    command::AddPastInteraction c;
    c.customer = {1};
    c.channel = Channel::kChat;
    c.queue = {1};
    c.started_ms = at;
    c.handled_ms = handled;
    c.agent = {1};
    c.reason = EndReason::kCompleted;
    c.ticket_status = TicketStatus::kSolved;
    EXPECT_EQ(run(c).rejection, Rejection::kNone);
  };
  ASSERT_EQ(api("POST", "/api/customers", R"({"name":"Wang"})").status, 201u);
  past(today - 24 * kHourMs + 9 * kHourMs, 120'000);
  past(today - 24 * kHourMs + 9 * kHourMs + 60'000, 240'000);
  past(today - 24 * kHourMs + 15 * kHourMs, 60'000);
  past(today - 25 * kHourMs, 60'000);
  past(today + 1, 60'000);
  const Seq last = engine_->figures().last_seq;
  while (projector_->position() < last) std::this_thread::yield();
  const auto answer = as("mei", "GET", "/api/planner/demand?queue=1&interval_s=3600");
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto arrivals = answer.json().at("arrivals").as_array();
  ASSERT_EQ(arrivals.size(), 24u);
  EXPECT_EQ(arrivals[9], 2);
  EXPECT_EQ(arrivals[15], 1);
  EXPECT_EQ(arrivals[23], 0);
  EXPECT_EQ(answer.json().at("handle_mean_ms"), 140'000);
  EXPECT_EQ(as("mei", "GET", "/api/planner/demand?queue=9").code(), "unknown_queue");
  EXPECT_EQ(as("mei", "GET", "/api/planner/demand?queue=1&interval_s=10").field(), "interval_s");
}

class RestWhatIf : public RestPlanner {
 protected:
  // Three chats, answered and ended; returns a moment after them, as the API takes it.
  std::string after_three_chats() {
    sign_in_agent(1);
    for (int n = 0; n < 3; ++n) {
      command::StartInteraction start;
      start.channel = Channel::kChat;
      start.queue = {2};
      const InteractionId id{run(start).result};
      const OfferId offer = offer_of(1);
      EXPECT_TRUE(offer);
      EXPECT_EQ(run(command::AcceptOffer{{1}, offer}).rejection, Rejection::kNone);
      EXPECT_EQ(run(command::EndInteraction{id, Party::kAgent, {1}, EndReason::kCompleted}).rejection,
                Rejection::kNone);
    }
    const auto now = [&] { return on_edge([&] { return engine_->clock().now(); }); };
    const TimeMs end = (now() / 1000 + 1) * 1000;
    while (now() <= end) std::this_thread::yield();
    return moment(end);
  }
  static std::string moment(TimeMs at) {
    const auto seconds = static_cast<std::time_t>(at / 1000);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[40];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
  }
  static std::string question(const std::string& to, std::string_view changes, std::string_view more = {}) {
    return R"({"from":"2020-01-01 00:00","to":")" + to + R"(","changes":)" + std::string(changes) + std::string(more) +
           "}";
  }
};

constexpr const char* kTwoMore = R"({"add_agents":[{"count":2,"queues":["general"]}]})";

TEST_F(RestWhatIf, TheRecordedDayIsPlayedAgain) {
  const std::string to = after_three_chats();
  const std::string day_before = moment(engine_->clock().now() - 86'400'000);
  const auto answer = plan("whatif", R"({"from":")" + day_before + R"(","to":")" + to +
                                         R"(","replications":3,"seed":4,"changes":)" + kTwoMore + "}");
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto json = answer.json();
  EXPECT_EQ(json.at("queues").as_array(), (boost::json::array{"general"}));
  EXPECT_EQ(json.at("happened").at("all").at("offered").to_number<double>(), 3);
  EXPECT_EQ(json.at("today").at("queues").at("general").at("answered").at("mean").to_number<double>(), 3);
  EXPECT_EQ(json.at("alternative").at("all").at("answered").at("mean").to_number<double>(), 3);
  EXPECT_EQ(json.at("difference").at("all").at("offered").at("mean").to_number<double>(), 0);
  for (const auto& assumed : json.at("assumptions").as_array()) {
    EXPECT_FALSE(assumed.at("text_en").as_string().empty());
    EXPECT_FALSE(assumed.at("text_zh").as_string().empty());
  }
  const auto patience = [&](const char* language) {
    for (const auto& assumed : json.at("assumptions").as_array()) {
      const std::string said(assumed.at(language).as_string());
      if (said.find(language == std::string_view("text_en") ? "Patience" : "的耐心") != std::string::npos) return said;
    }
    return std::string();
  };
  EXPECT_TRUE(patience("text_en").starts_with("Patience in General (chat): ")) << patience("text_en");
  EXPECT_TRUE(patience("text_zh").starts_with("综合（在线聊天）的耐心：")) << patience("text_zh");
  EXPECT_FALSE(running());
  // As text for the command line, asked with a key.
  const auto table = api("POST", "/api/planner/whatif",
                         R"({"from":")" + day_before + R"(","to":")" + to +
                             R"(","replications":2,"table":true,"changes":)" + kTwoMore + "}");
  ASSERT_EQ(table.status, 200u) << table.body;
  EXPECT_NE(std::string(table.json().at("table").as_string()).find("alternative"), std::string::npos);
}

TEST_F(RestWhatIf, AChangedFlowPlacesTheRecordedChats) {
  const std::string to = after_three_chats();
  const std::string from = moment(engine_->clock().now() - 3'600'000);
  const auto asked = [&](std::string_view flow) {
    return plan("whatif", R"({"from":")" + from + R"(","to":")" + to + R"(","replications":2,"changes":{"flow":)" +
                              std::string(flow) + "}}");
  };
  const auto answer = asked(R"([{"name":"to sales","all":[{"queue":"general"}],"then":{"queue":"sales"}}])");
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto offered = [&](const char* side, const char* queue) {
    return answer.json().at(side).at("queues").at(queue).at("offered").at("mean").to_number<double>();
  };
  EXPECT_EQ(offered("today", "general"), 3);
  EXPECT_EQ(offered("alternative", "general"), 0);
  EXPECT_EQ(offered("alternative", "sales"), 3);
  const auto wrong = asked(R"([{"name":"a","then":{"queue":"nowhere"}}])");
  EXPECT_EQ(wrong.status, 400u) << wrong.body;
  EXPECT_EQ(wrong.field(), "changes.flow.0.then.queue");
  EXPECT_EQ(asked("7").field(), "changes.flow");
  EXPECT_FALSE(wrong.json().at("error").as_object().contains("line")) << "JSON has none";
  // As the text of a change file: its lines are told.
  const auto text = [&](std::string_view rules) { return asked(boost::json::serialize(boost::json::value(rules))); };
  const auto as_text =
      text("[[flow]]\nname = \"to sales\"\nall = [ { queue = \"general\" } ]\nthen = { queue = \"sales\" }");
  ASSERT_EQ(as_text.status, 200u) << as_text.body;
  const auto sides = [](const HttpAnswer& found) { return found.json().at("alternative"); };
  EXPECT_EQ(sides(as_text), sides(answer)) << "the same rules";
  const auto nowhere = text("[[flow]]\nname = \"a\"\nthen = { queue = \"nowhere\" }");
  EXPECT_EQ(nowhere.status, 400u) << nowhere.body;
  EXPECT_EQ(nowhere.field(), "changes.flow.0.then.queue");
  EXPECT_EQ(nowhere.json().at("error").at("line"), 3);
  const auto unknowable = text("\n[[flow]]\nname = \"a\"\nall = [ { signed_in_agents = 0 } ]\nthen = {}");
  EXPECT_EQ(unknowable.field(), "changes.flow.0") << unknowable.body;
  EXPECT_EQ(unknowable.json().at("error").at("line"), 2) << "found when the day is there, told like the others";
  const auto no_toml = text("[[flow]]\nname = ");
  EXPECT_EQ(no_toml.field(), "changes.flow");
  EXPECT_EQ(no_toml.json().at("error").at("line"), 2);
}

TEST_F(RestWhatIf, WhatIsWrongIsNamed) {
  const std::string now = moment(engine_->clock().now());
  const std::string before = moment(engine_->clock().now() - 3'600'000);
  const auto field = [&](const std::string& body) {
    const auto answer = plan("whatif", body);
    EXPECT_EQ(answer.status, 400u) << answer.body;
    return answer.field();
  };
  const auto with = [&](std::string_view changes, std::string_view more = {}) {
    return R"({"from":")" + before + R"(","to":")" + now + R"(","changes":)" + std::string(changes) +
           std::string(more) + "}";
  };
  EXPECT_EQ(field("{}"), "from");
  EXPECT_EQ(field(R"({"from":"yesterday","to":"today","changes":{}})"), "from");
  EXPECT_EQ(field(R"({"from":")" + now + R"(","to":")" + before + R"(","changes":{}})"), "to");
  EXPECT_EQ(field(R"({"from":"2026-01-01 00:00","to":"2999-01-01 00:00","changes":{}})"), "to");
  EXPECT_EQ(field(question(now, kTwoMore)), "to") << "more than a year";
  EXPECT_EQ(field(with("{}")), "changes");
  EXPECT_EQ(field(with("[]")), "changes");
  EXPECT_EQ(field(with(R"({"add_agents":[{}]})")), "changes.add_agents[0].count");
  EXPECT_EQ(field(with(R"({"queues":[]})")), "changes.queues");
  EXPECT_EQ(field(with(kTwoMore, R"(,"replications":1)")), "replications");
  EXPECT_EQ(field(with(kTwoMore, R"(,"replications":1e9)")), "replications");
  EXPECT_EQ(field(with(kTwoMore, R"(,"threads":2)")), "threads");
  const auto nothing = plan("whatif", with(kTwoMore));
  EXPECT_EQ(nothing.status, 422u);
  EXPECT_EQ(nothing.code(), "nothing_to_play");
  EXPECT_EQ(as("lin", "POST", "/api/planner/whatif", with(kTwoMore)).status, 403u);
}

}  // namespace
}  // namespace sb::console
