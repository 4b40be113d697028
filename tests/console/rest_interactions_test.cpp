#include "engine/verify.h"
#include "rest_fixture.h"

// Arrivals by REST, what is told of them, and the proof of their decisions.
namespace sb::console {
namespace {

auto open_store(const std::filesystem::path& directory) {
  storage::Options options;
  options.directory = directory;
  return storage::Store::open(std::move(options));
}

class RestInteractions : public RestFixture {
 protected:
  std::uint64_t start(std::string body) {
    const auto answer = api("POST", "/api/interactions", std::move(body));
    EXPECT_EQ(answer.status, 201u) << answer.body;
    return answer.status == 201 ? answer.json().at("interaction").to_number<std::uint64_t>() : 0;
  }
};

TEST_F(RestInteractions, OneIsAnsweredWhenDurableAndCanBeRead) {
  const auto id = start(R"({"queue":"sales","text":"你好 \"there\"","language":"zh-CN","priority":5})");
  const auto facts = as("lin", "GET", "/api/interactions/" + std::to_string(id));
  ASSERT_EQ(facts.status, 200u) << facts.body;
  EXPECT_EQ(facts.json().at("channel"), "message") << "the default";
  EXPECT_EQ(facts.json().at("queue"), 1);
  EXPECT_EQ(facts.json().at("state"), "waiting");
  EXPECT_EQ(facts.json().at("position"), 1);
  EXPECT_EQ(facts.json().at("language"), "zh-CN");
  const auto words = as("lin", "GET", "/api/interactions/" + std::to_string(id) + "/transcript");
  ASSERT_EQ(words.json().at("messages").as_array().size(), 1u);
  EXPECT_EQ(words.json().at("messages").at(0).at("text"), "你好 \"there\"");
  EXPECT_EQ(as("lin", "GET", "/api/interactions/999").status, 404u);
  EXPECT_EQ(as("lin", "GET", "/api/interactions/999/transcript").status, 404u);
}

TEST_F(RestInteractions, AnArrayIsAnsweredInOrderWithErrorsInPlace) {
  const auto answer = api("POST", "/api/interactions",
                          R"([{"queue":"general"},{"queue":"nowhere"},{"queue":2,"channel":"chat"},{"text":"x"}])");
  ASSERT_EQ(answer.status, 201u);
  const auto results = answer.json();
  ASSERT_EQ(results.as_array().size(), 4u);
  EXPECT_EQ(results.at(0).at("interaction"), 1);
  EXPECT_EQ(results.at(1).at("error").at("code"), "unknown_queue");
  EXPECT_EQ(results.at(2).at("interaction"), 2);
  EXPECT_EQ(results.at(3).at("error").at("field"), "queue");
}

TEST_F(RestInteractions, BadFieldsAreNamed) {
  const auto refused = [&](std::string body) {
    const auto answer = api("POST", "/api/interactions", std::move(body));
    EXPECT_GE(answer.status, 400u);
    EXPECT_LT(answer.status, 500u);
    return answer.field();
  };
  EXPECT_EQ(refused(R"({"queue":"general","channel":"fax"})"), "channel");
  EXPECT_EQ(refused(R"({"queue":"general","skills":{"zh":0}})"), "skills.zh");
  EXPECT_EQ(refused(R"({"queue":"general","skills":{"welding":50}})"), "skills.welding");
  EXPECT_EQ(refused(R"({"queue":"general","priority":101})"), "priority");
  EXPECT_EQ(refused(R"({"queue":"general","priority":1.5})"), "priority");
  EXPECT_EQ(refused(R"({"queue":"general","customer":99})"), "customer");
  EXPECT_EQ(refused(R"({"queue":"general","identity":{"kind":"pigeon","value":"x"}})"), "identity.kind");
  EXPECT_EQ(refused(R"({"queue":"general","identity":{"kind":"phone","value":"12"}})"), "identity.value");
  EXPECT_EQ(refused(R"({"queue":"general","langauge":"zh"})"), "langauge");
  EXPECT_EQ(refused(R"({"queue":"general","any":{}})"), "any");
  EXPECT_EQ(refused(R"({"queue":"general","any":[]})"), "any");
  EXPECT_EQ(refused(R"({"queue":"general","any":[{"zh":50},{}]})"), "any[1]");
  EXPECT_EQ(refused(R"({"queue":"general","any":[{"zh":500}]})"), "any[0].zh");
  EXPECT_EQ(refused(R"({"queue":"general","any":[{"tea":50}]})"), "any[0].tea");
  EXPECT_EQ(refused(R"({"queue":"general","any":[{},{},{},{},{},{},{},{},{}]})"), "any");
  EXPECT_EQ(refused(R"({"queue":"general","prefer":"zh"})"), "prefer");
  EXPECT_EQ(refused(R"({"queue":"general","prefer":["zh",7]})"), "prefer[1]");
  EXPECT_EQ(refused(R"({"queue":"general","prefer":["tea"]})"), "prefer[0]");
  EXPECT_EQ(refused(R"({"queue":"general","exclude":["lin","nobody"]})"), "exclude[1]");
  EXPECT_EQ(refused(R"({"queue":"general","exclude":[99]})"), "exclude[0]");
  EXPECT_EQ(refused(R"({"queue":"general","exclude":1})"), "exclude");
  EXPECT_EQ(api("POST", "/api/interactions", "{").status, 400u);
  EXPECT_EQ(api("POST", "/api/interactions", "3").status, 400u);
  std::string many = "[{}";
  for (int n = 0; n < 1'000; ++n) many += ",{}";
  EXPECT_EQ(api("POST", "/api/interactions", many + "]").status, 400u);
}

TEST_F(RestInteractions, ARequirementMayNameAlternativesPreferencesAndWhoMustNotGetIt) {
  run(command::PutSkill{{2}, "tea"});
  on_edge([&] {
    center_.skills.push_back({{"tea", "Tea", "茶"}, {2}});
    return true;
  });
  const auto id =
      start(R"({"queue":"sales","any":[{"tea":60,"zh":70}],"prefer":["tea","zh","tea"],"exclude":["zhao",2,"mei"]})");
  const Requirement r = on_edge([&] { return engine_->view().interactions.find({id})->requirement; });
  EXPECT_EQ(r.skills, (std::vector<SkillLevel>{{{1}, 50}})) << "the queue's own";
  ASSERT_EQ(r.any.size(), 1u);
  EXPECT_EQ(r.any[0].skills, (std::vector<SkillLevel>{{{1}, 70}, {{2}, 60}}));
  EXPECT_EQ(r.preferred, (std::vector<SkillId>{{1}, {2}}));
  EXPECT_EQ(r.excluded, (std::vector<AgentId>{{2}, {3}}));
  run(command::PutAgent{{2}, {{{1}, 90}}, {{1}, {2}}, {0, 1, 3, 3, 3, 3}, "zhao"});
  sign_in_agent(2);
  EXPECT_FALSE(offer_of(2)) << "excluded";
  sign_in_agent(1);
  EXPECT_TRUE(offer_of(1)) << "zh 80 is one of the two";
}

TEST_F(RestInteractions, ARepeatedKeyStartsNothingTwice) {
  const std::string body = R"([{"queue":"general"},{"queue":"general"}])";
  const auto first = api("POST", "/api/interactions", body, {{"Idempotency-Key", "order-77"}});
  const auto second = api("POST", "/api/interactions", body, {{"Idempotency-Key", "order-77"}});
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(on_edge([&] { return engine_->view().interactions.size(); }), 2u);
  const auto other = api("POST", "/api/interactions", body, {{"Idempotency-Key", "order-78"}});
  EXPECT_NE(other.body, first.body);
}

TEST_F(RestInteractions, AnIdentityBringsItsCustomerAlong) {
  const auto created = api("POST", "/api/customers",
                           R"({"name":"Wang","tier":3,"contacts":[{"kind":"phone","value":"138 0013 8000"}]})");
  ASSERT_EQ(created.status, 201u) << created.body;
  const auto customer = created.json().at("customer");
  const auto id = start(R"({"queue":"general","identity":{"kind":"phone","value":"+8613800138000"}})");
  EXPECT_EQ(as("lin", "GET", "/api/interactions/" + std::to_string(id)).json().at("customer"), customer);
}

TEST_F(RestInteractions, ExplainTellsWhoWasPassedOverAndWhy) {
  sign_in_agent(1);
  sign_in_agent(2);
  run(command::SetPresence{{2}, Presence::kAvailable, {}});
  const auto id = start(R"({"queue":"sales","text":"hello"})");
  const OfferId offer = offer_of(1);
  ASSERT_TRUE(offer) << "only lin speaks enough Chinese";
  ASSERT_EQ(run(command::DeclineOffer{{1}, offer, "lunch"}).rejection, Rejection::kNone);
  ASSERT_FALSE(offer_of(1)) << "avoided after declining";
  run(command::PutAgent{{2}, {{{1}, 90}}, {{1}, {2}}, {0, 1, 3, 3, 3, 3}, "zhao"});
  ASSERT_TRUE(offer_of(2)) << "zhao has learned Chinese";

  const auto answer = as("lin", "GET", "/api/interactions/" + std::to_string(id) + "/explain");
  ASSERT_EQ(answer.status, 200u) << answer.body;
  const auto parsed = answer.json();
  std::vector<std::string> names;
  std::vector<boost::json::value> offers;
  for (const auto& event : parsed.at("events").as_array()) {
    names.emplace_back(event.at("event").as_string());
    EXPECT_FALSE(event.at("text_en").as_string().empty());
    EXPECT_FALSE(event.at("text_zh").as_string().empty());
    if (names.back() == "OfferMade") offers.push_back(event);
  }
  const std::vector<std::string> expected{"CustomerCreated", "TicketOpened",  "InteractionStarted", "InteractionQueued",
                                          "OfferMade",       "OfferDeclined", "InteractionQueued",  "OfferMade"};
  EXPECT_EQ(names, expected);
  ASSERT_EQ(offers.size(), 2u);

  const auto agent = [](const boost::json::value& told, int which) {
    for (const auto& a : told.at("details").at("agents").as_array()) {
      if (a.at("agent") == which) return a;
    }
    return boost::json::value();
  };
  EXPECT_EQ(agent(offers[0], 1).at("chosen"), true);
  EXPECT_EQ(agent(offers[0], 2).at("reasons_en").at(0), "lacks zh >= 50 (has 40)");
  EXPECT_EQ(agent(offers[0], 2).at("reasons_zh").at(0), "技能 zh 不足：需要 50，现有 40");
  EXPECT_EQ(agent(offers[0], 3).at("eligible"), false);
  EXPECT_EQ(agent(offers[1], 2).at("chosen"), true);
  const std::string avoided(agent(offers[1], 1).at("reasons_en").at(0).as_string());
  EXPECT_TRUE(avoided.starts_with("avoided for another ")) << avoided;
  EXPECT_NE(std::string(offers[0].at("text_en").as_string()).find("passed over: Zhao (lacks zh >= 50 (has 40))"),
            std::string::npos)
      << offers[0].at("text_en");
  EXPECT_EQ(as("lin", "GET", "/api/interactions/77/explain").status, 404u);

  const auto& details = offers[0].at("details").as_object();
  EXPECT_EQ(details.at("place"), 1);
  EXPECT_EQ(details.at("waiting"), 1);
  EXPECT_EQ(details.at("order"), "aging");
  EXPECT_TRUE(offers[0].at("text_en").as_string().starts_with(offers[0].at("short_en").as_string()));
  ASSERT_EQ(parsed.at("queues").as_array().size(), 1u);
  EXPECT_EQ(parsed.at("queues").at(0).at("title_zh"), "销售");
}

TEST_F(RestInteractions, AgentsSeeTheReasonsOfTheirOwnWorkOnly) {
  sign_in_agent(1);
  const std::string path = "/api/interactions/" + std::to_string(start(R"({"queue":"sales"})")) + "/explain";
  ASSERT_TRUE(offer_of(1));
  EXPECT_EQ(as("lin", "GET", path).status, 200u);
  const auto other = as("zhao", "GET", path);
  EXPECT_EQ(other.status, 403u);
  EXPECT_EQ(other.code(), "not_your_work");
  EXPECT_EQ(as("mei", "GET", path).status, 200u);
  EXPECT_EQ(api("GET", path).status, 200u);
}

TEST_F(RestInteractions, SupervisorsSeeWhatWaitsAndWhatAgentsDo) {
  ASSERT_EQ(
      api("POST", "/api/customers", R"({"name":"Wang","contacts":[{"kind":"phone","value":"13800138000"}]})").status,
      201u);
  const auto first =
      start(R"({"queue":"sales","channel":"phone","text":"Hello","identity":{"kind":"phone","value":"13800138000"}})");
  start(R"({"queue":"sales"})");
  const auto waiting = as("mei", "GET", "/api/queues/1/waiting");
  ASSERT_EQ(waiting.status, 200u) << waiting.body;
  EXPECT_EQ(waiting.json().at("total"), 2);
  const auto cards = waiting.json().at("waiting").as_array();
  ASSERT_EQ(cards.size(), 2u);
  EXPECT_EQ(cards[0].at("interaction"), first);
  EXPECT_EQ(cards[0].at("customer_name"), "Wang");
  EXPECT_EQ(cards[0].at("preview"), "Hello");
  EXPECT_EQ(cards[1].at("position"), 2);
  sign_in_agent(1);
  run(command::AcceptOffer{{1}, offer_of(1)});
  const auto work = as("mei", "GET", "/api/agents/1/work");
  ASSERT_EQ(work.status, 200u) << work.body;
  ASSERT_EQ(work.json().at("work").as_array().size(), 1u) << "a call is exclusive";
  EXPECT_EQ(work.json().at("work").at(0).at("state"), "connecting");
  EXPECT_EQ(work.json().at("work").at(0).at("customer_name"), "Wang");
  EXPECT_EQ(as("mei", "GET", "/api/queues/9/waiting").code(), "unknown_queue");
  EXPECT_EQ(as("mei", "GET", "/api/agents/9/work").code(), "unknown_agent");
  EXPECT_EQ(as("lin", "GET", "/api/queues/1/waiting").status, 403u);
  EXPECT_EQ(as("lin", "GET", "/api/agents/1/work").status, 403u);
}

TEST_F(RestInteractions, ExplainNamesFullAgents) {
  run(command::PutAgent{{1}, {{{1}, 80}}, {{1}, {2}}, {0, 0, 1, 0, 1, 0}, "lin"});
  run(command::PutAgent{{2}, {{{1}, 60}}, {{1}, {2}}, {0, 0, 1, 0, 1, 0}, "zhao"});
  sign_in_agent(1);
  start(R"({"queue":"sales","channel":"chat"})");
  sign_in_agent(2);
  const auto id = start(R"({"queue":"sales","channel":"chat"})");
  const auto told = as("mei", "GET", "/api/interactions/" + std::to_string(id) + "/explain").body;
  EXPECT_NE(told.find("no capacity (chat 1/1)"), std::string::npos) << told;
  EXPECT_NE(told.find("已满（聊天 1/1）"), std::string::npos);
}

TEST_F(RestInteractions, VerifyDecidesEverythingAgainAndFindsAForgedRecord) {
  sign_in_agent(1);
  for (int n = 0; n < 5; ++n) start(R"({"queue":"sales","text":"hello"})");
  run(command::AcceptOffer{{1}, offer_of(1)});
  run(command::EndInteraction{{1}, Party::kAgent, {1}, EndReason::kCompleted});
  stop();

  auto store = open_store(directory_ / "store");
  ASSERT_TRUE(store) << store.error().message;
  const auto good = engine::verify(**store);
  ASSERT_TRUE(good) << good.error().seq << ": " << good.error().what;
  EXPECT_EQ(good->records, (*store)->last_seq());
  EXPECT_EQ(good->redecided, good->records);
  EXPECT_EQ(good->snapshots, 1u) << "the one taken at the stop";

  // The same journal with one decision changed, and every checksum and digest made to fit.
  storage::Batch batch;
  std::uint64_t digest = 0;
  Seq forged = 0;
  auto copied = (*store)->for_each_record(1, ~Seq{0}, [&](std::uint64_t seq, std::string_view payload) {
    Record record;
    EXPECT_TRUE(decode_record(payload, record));
    for (Event& event : record.events) {
      auto* offer = std::get_if<event::OfferMade>(&event);
      if (!offer || forged != 0) continue;
      offer->waited_ms += 1;
      forged = seq;
    }
    std::string bytes;
    encode_record(bytes, record, digest);
    digest = record.digest;
    batch.append_record(seq, bytes);
    return true;
  });
  ASSERT_TRUE(copied);
  ASSERT_NE(forged, 0u);
  auto other = open_store(directory_ / "forged");
  ASSERT_TRUE(other);
  ASSERT_TRUE((*other)->commit(batch));
  const auto bad = engine::verify(**other);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().seq, forged);
  EXPECT_NE(bad.error().what.find("OfferMade"), std::string::npos) << bad.error().what;
}

}  // namespace
}  // namespace sb::console
