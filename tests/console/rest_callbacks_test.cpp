#include <ctime>

#include "rest_fixture.h"

// Callbacks by REST: asked for, kept, called off.
namespace sb::console {
namespace {

using routing::InteractionState;

class RestCallbacks : public RestFixture {
 protected:
  void SetUp() override {
    RestFixture::SetUp();
    center_.callback_windows = [this](const std::string& zone, const std::vector<std::string>& hours,
                                      TimeMs from) -> engine::Center::CallbackWindows {
      zone_ = zone;
      hours_ = hours;
      if (zone == "Mars/Base") return std::unexpected("time_zone must be an IANA name");
      if (!hours.empty() && hours[0] == "early") return std::unexpected("must look like \"09:00-17:30\"");
      if (never_) return std::vector<TimeSpan>{{1, 2}};
      return std::vector<TimeSpan>{{from - 1000, from + 3'600'000}};
    };
  }

  std::uint64_t request(const std::string& more, Fields fields = {}) {
    const auto answer =
        api("POST", "/api/callbacks", R"({"phone":"+8613800138000","queue":"general")" + more + "}", std::move(fields));
    EXPECT_EQ(answer.status, 201u) << answer.body;
    return answer.status == 201 ? answer.json().at("interaction").to_number<std::uint64_t>() : 0;
  }
  std::optional<routing::Interaction> interaction(std::uint64_t id) {
    return on_edge([&]() -> std::optional<routing::Interaction> {
      const auto* i = engine_->view().interactions.find({id});
      return i ? std::optional(*i) : std::nullopt;
    });
  }
  static std::string at(TimeMs ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
  }
  TimeMs now() { return engine_->clock().now(); }

  // Somebody who calls and waits.
  std::uint64_t caller(const std::string& number) {
    const auto answer =
        api("POST", "/api/interactions",
            R"({"channel":"phone","queue":"general","identity":{"kind":"phone","value":")" + number + "\"}}");
    EXPECT_EQ(answer.status, 201u) << answer.body;
    return answer.status == 201 ? answer.json().at("interaction").to_number<std::uint64_t>() : 0;
  }
  // Somebody who calls and is in the menu.
  std::uint64_t caller_in_menu() {
    const crm::Address address{"phone", "+8613800138000"};
    command::StartInteraction start;
    start.channel = Channel::kPhone;
    start.identity = hasher_->hash(address);
    start.identity_content = 1;
    return run(start, {crm::to_json(crm::IdentityDetails{address, {}, false})}).result;
  }
  static std::string callback_of(std::uint64_t id) { return "/api/interactions/" + std::to_string(id) + "/callback"; }
  std::size_t place_of(std::uint64_t id) {
    return on_edge([&] { return engine_->view().position(*engine_->view().interactions.find({id})); });
  }

  std::string zone_;
  std::vector<std::string> hours_;
  bool never_ = false;
};

TEST_F(RestCallbacks, NowMeansInTheQueue) {
  const auto id = request(R"(,"name":"Lu","note":"Which kettle fits?","order":"customer_first","priority":7)");
  const auto i = interaction(id);
  ASSERT_TRUE(i);
  EXPECT_EQ(i->channel, Channel::kPhone);
  EXPECT_EQ(i->state, InteractionState::kQueued);
  EXPECT_EQ(i->priority, 7);
  EXPECT_EQ(i->callback->order, CallbackOrder::kCustomerFirst);
  EXPECT_EQ(i->callback->attempts_max, 3u);
  EXPECT_EQ(i->callback->windows.size(), 1u);
  const auto words = as("lin", "GET", "/api/interactions/" + std::to_string(id) + "/transcript");
  EXPECT_EQ(words.json().at("messages").at(0).at("text"), "Which kettle fits?");
}

TEST_F(RestCallbacks, AtATimeItIsScheduledUntilCalledOff) {
  const TimeMs when = (now() / 1000 + 3'600) * 1000;
  const auto id =
      request(R"(,"at":")" + at(when) + R"(","zone":"Asia/Shanghai","hours":["Mon 09:00-20:00","10:00-12:00"])");
  ASSERT_TRUE(interaction(id));
  EXPECT_EQ(interaction(id)->state, InteractionState::kScheduled);
  EXPECT_EQ(interaction(id)->callback->at_ms, when);
  EXPECT_EQ(zone_, "Asia/Shanghai");
  EXPECT_EQ(hours_.size(), 2u);
  const std::string path = "/api/interactions/" + std::to_string(id);
  EXPECT_EQ(as("lin", "GET", path).json().at("state"), "scheduled");
  const std::string callback = "/api/callbacks/" + std::to_string(id);
  EXPECT_EQ(as("lin", "DELETE", callback).status, 204u);
  EXPECT_FALSE(interaction(id));
  EXPECT_EQ(as("lin", "DELETE", callback).code(), "unknown_callback");
}

TEST_F(RestCallbacks, WhatIsNoCallbackCannotBeCalledOff) {
  const auto answer = api("POST", "/api/interactions", R"({"queue":"general"})");
  EXPECT_EQ(api("DELETE", "/api/callbacks/1").code(), "unknown_callback");
  EXPECT_EQ(answer.status, 201u);
  EXPECT_TRUE(interaction(1));
}

TEST_F(RestCallbacks, ARepeatedKeyAsksOnce) {
  const auto first = request("", {{"Idempotency-Key", "form-1"}});
  EXPECT_EQ(request("", {{"Idempotency-Key", "form-1"}}), first);
  EXPECT_EQ(on_edge([&] { return engine_->view().interactions.size(); }), 1u);
  EXPECT_NE(request("", {{"Idempotency-Key", "form-2"}}), first);
}

TEST_F(RestCallbacks, OneRecordHoldsAllOfIt) {
  const Seq before = engine_->figures().last_seq;
  const auto id = request(R"(,"note":"Which kettle fits?")", {{"Idempotency-Key", "form-1"}});
  EXPECT_EQ(engine_->figures().last_seq, before + 1) << "nothing can come between its start and its terms";
  Record record;
  const auto bytes = engine_->store().read_record(before + 1);
  ASSERT_TRUE(bytes && decode_record(*bytes, record));
  const auto holds = [&]<class E>(std::type_identity<E>) {
    return std::any_of(record.events.begin(), record.events.end(),
                       [&](const Event& e) { return std::holds_alternative<E>(e); });
  };
  EXPECT_TRUE(holds(std::type_identity<event::InteractionStarted>{}));
  EXPECT_TRUE(holds(std::type_identity<event::CallbackRequested>{}));
  EXPECT_EQ(record.result, id);
}

TEST_F(RestCallbacks, WhatIsOpenIsListedTheNextFirst) {
  const TimeMs hour = now() + 3'600'000;
  const auto later = request(R"(,"at":")" + at(hour - 60'000) + R"(","attempts":2,"name":"Lu","note":"Kettle")");
  const auto soon = request("");
  const auto list = as("lin", "GET", "/api/callbacks").json();
  EXPECT_EQ(list.at("total").to_number<int>(), 2);
  const auto& first = list.at("callbacks").at(0).as_object();
  EXPECT_EQ(first.at("interaction").to_number<std::uint64_t>(), soon);
  EXPECT_EQ(first.at("state"), "waiting");
  EXPECT_FALSE(first.contains("due_ms"));
  const auto& second = list.at("callbacks").at(1).as_object();
  EXPECT_EQ(second.at("interaction").to_number<std::uint64_t>(), later);
  EXPECT_EQ(second.at("state"), "scheduled");
  EXPECT_EQ(second.at("order"), "agent_first");
  EXPECT_EQ(second.at("attempts_max").to_number<int>(), 2);
  EXPECT_EQ(second.at("due_ms").to_number<TimeMs>(), interaction(later)->callback->at_ms);
  EXPECT_EQ(second.at("preview"), "Kettle");
  const auto customer = std::to_string(interaction(soon)->customer.value);
  EXPECT_EQ(as("lin", "GET", "/api/callbacks?customer=" + customer).json().at("total").to_number<int>(), 2)
      << "both are to the same number";
  EXPECT_EQ(as("lin", "GET", "/api/callbacks?customer=999").json().at("total").to_number<int>(), 0);
  EXPECT_EQ(as("lin", "DELETE", "/api/callbacks/" + std::to_string(soon)).status, 204u);
  EXPECT_EQ(as("lin", "GET", "/api/callbacks").json().at("total").to_number<int>(), 1);
  EXPECT_EQ(http("GET", "/api/callbacks").status, 401u);
}

TEST_F(RestCallbacks, TheAnswerSaysWhen) {
  const TimeMs when = (now() / 1000 + 1'800) * 1000;
  const std::string body = R"({"phone":"+8613800138000","queue":"general","at":")" + at(when) + "\"}";
  EXPECT_EQ(api("POST", "/api/callbacks", body).json().at("at_ms").to_number<TimeMs>(), when);
}

TEST_F(RestCallbacks, ItMayBeOfACustomerWhoIsKnownOtherwise) {
  const auto made = as("lin", "POST", "/api/customers", R"({"name":"Emma","language":"en"})");
  ASSERT_EQ(made.status, 201u) << made.body;
  const auto customer = made.json().at("customer").to_number<std::uint64_t>();
  const auto id = request(",\"customer\":" + std::to_string(customer));
  EXPECT_EQ(interaction(id)->customer.value, customer);
  EXPECT_EQ(interaction(id)->language.view(), "en");
  EXPECT_EQ(api("POST", "/api/callbacks", R"({"phone":"+8613800138000","queue":"general","customer":999})").code(),
            "unknown_customer");
}

TEST_F(RestCallbacks, TheCustomersOwnZoneCountsUnlessAnotherIsNamed) {
  const auto create = [&](const std::string& body) {
    const auto made = as("lin", "POST", "/api/customers", body);
    EXPECT_EQ(made.status, 201u) << made.body;
    return made.status == 201 ? made.json().at("customer").to_number<std::uint64_t>() : 0;
  };
  create(R"({"name":"Emma","time_zone":"Europe/London","contacts":[{"kind":"phone","value":"+8613800138000"}]})");
  request("");
  EXPECT_EQ(zone_, "Europe/London") << "of whom the number belongs to";
  request(R"(,"zone":"Asia/Tokyo")");
  EXPECT_EQ(zone_, "Asia/Tokyo");
  const auto diego = create(R"({"name":"Diego","time_zone":"America/New_York"})");
  request(",\"customer\":" + std::to_string(diego));
  EXPECT_EQ(zone_, "America/New_York") << "of whose call it is";
  EXPECT_EQ(api("POST", "/api/callbacks", R"({"phone":"+8613900139000","queue":"general"})").status, 201u);
  EXPECT_EQ(zone_, "") << "the center's, for a number nobody knows";
  center_.knows_time_zone = [](const std::string& zone) { return zone == "Asia/Tokyo"; };
  zone_ = "nothing";
  request("");
  EXPECT_EQ(zone_, "") << "the center's, for a zone that is known no more";
}

TEST_F(RestCallbacks, ACallerWhoWaitsKeepsTheirPlace) {
  const auto first = caller("+8613800138000");
  const auto second = caller("+8613800138001");
  const TimeMs queued = interaction(first)->queued_ms;
  const Fields once{{"Idempotency-Key", "row-1"}};
  const std::string terms = R"({"order":"customer_first","attempts":2})";
  const auto answer = as("mei", "POST", callback_of(first), terms, once);
  ASSERT_EQ(answer.status, 200u) << answer.body;
  EXPECT_EQ(answer.json().at("interaction").to_number<std::uint64_t>(), first);
  EXPECT_FALSE(answer.json().as_object().contains("at_ms"));
  EXPECT_EQ(as("mei", "POST", callback_of(first), terms, once).body, answer.body) << "asked again";
  const auto i = interaction(first);
  ASSERT_TRUE(i);
  EXPECT_EQ(i->state, InteractionState::kQueued);
  EXPECT_EQ(i->queued_ms, queued);
  EXPECT_EQ(place_of(first), 1u);
  EXPECT_EQ(place_of(second), 2u);
  EXPECT_EQ(i->callback->order, CallbackOrder::kCustomerFirst);
  EXPECT_EQ(i->callback->attempts_max, 2u);
  EXPECT_FALSE(i->customer_on_line());
  const auto waiting = as("mei", "GET", "/api/queues/2/waiting").json().at("waiting").as_array();
  ASSERT_EQ(waiting.size(), 2u);
  EXPECT_TRUE(waiting[0].at("callback").as_bool());
  EXPECT_FALSE(waiting[1].as_object().contains("callback")) << "on the line";
  EXPECT_EQ(as("lin", "GET", "/api/callbacks").json().at("total").to_number<int>(), 1);
  const auto again = as("lin", "POST", callback_of(first), "{}");
  EXPECT_EQ(again.status, 409u);
  EXPECT_EQ(again.code(), "wrong_state");
}

TEST_F(RestCallbacks, ACallerWhoWaitsMayBeCalledAtATimeFromAnotherQueue) {
  const auto id = caller("+8613800138000");
  const TimeMs when = (now() / 1000 + 1'800) * 1000;
  const auto answer = as("lin", "POST", callback_of(id), R"({"queue":1,"zone":"Asia/Tokyo","at":")" + at(when) + "\"}");
  ASSERT_EQ(answer.status, 200u) << answer.body;
  EXPECT_EQ(answer.json().at("at_ms").to_number<TimeMs>(), when);
  EXPECT_EQ(zone_, "Asia/Tokyo");
  EXPECT_EQ(interaction(id)->state, InteractionState::kScheduled);
  EXPECT_EQ(interaction(id)->queue, QueueId{1});
  EXPECT_EQ(interaction(id)->requirement->skills, (std::vector<SkillLevel>{{{1}, 50}}));
}

TEST_F(RestCallbacks, ACallerWhoWaitsIsCalledByTheirOwnClock) {
  const std::string known =
      R"({"name":"Emma","time_zone":"Europe/London","contacts":[{"kind":"phone","value":"+8613800138000"}]})";
  ASSERT_EQ(as("lin", "POST", "/api/customers", known).status, 201u);
  EXPECT_EQ(as("lin", "POST", callback_of(caller("+8613800138000")), "{}").status, 200u);
  EXPECT_EQ(zone_, "Europe/London");
}

TEST_F(RestCallbacks, ACallerInTheMenuNeedsAQueue) {
  const auto id = caller_in_menu();
  const auto refused = api("POST", callback_of(id), "{}");
  EXPECT_EQ(refused.status, 400u);
  EXPECT_EQ(refused.field(), "queue");
  const auto answer = api("POST", callback_of(id), R"({"queue":"sales"})");
  ASSERT_EQ(answer.status, 200u) << answer.body;
  EXPECT_EQ(interaction(id)->state, InteractionState::kQueued);
  EXPECT_EQ(interaction(id)->queue, QueueId{1});
  EXPECT_EQ(interaction(id)->requirement->skills, (std::vector<SkillLevel>{{{1}, 50}}));
}

TEST_F(RestCallbacks, WhoCannotBeCalledBackIsRefusedWithWhatToDo) {
  const auto refused = [&](std::uint64_t id, unsigned status, const std::string& code) {
    const auto answer = as("lin", "POST", callback_of(id), "{}");
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.code(), code);
    EXPECT_NE(answer.body.find("POST /api/callbacks"), std::string::npos) << answer.body;
  };
  const auto arrive = [&](const std::string& body) {
    return api("POST", "/api/interactions", body).json().at("interaction").to_number<std::uint64_t>();
  };
  refused(999, 404, "unknown_interaction");
  sign_in_agent(2);
  const auto talking = caller("+8613800138000");
  ASSERT_EQ(run(command::AcceptOffer{{2}, offer_of(2)}).rejection, Rejection::kNone);
  refused(talking, 409, "wrong_state");
  refused(arrive(R"({"channel":"chat","queue":"general"})"), 409, "wrong_state");
  const auto withheld = arrive(R"({"channel":"phone","queue":"general"})");
  refused(withheld, 409, "no_number");
  EXPECT_TRUE(interaction(withheld)->customer_on_line());
  EXPECT_EQ(http("POST", callback_of(talking), "{}").status, 401u);
}

TEST_F(RestCallbacks, BadTermsOfACallerWhoWaitsAreNamed) {
  const auto id = caller("+8613800138000");
  const auto refused = [&](const std::string& body) {
    const auto answer = api("POST", callback_of(id), body);
    EXPECT_GE(answer.status, 400u) << body;
    EXPECT_LT(answer.status, 500u) << body;
    return answer.field();
  };
  EXPECT_EQ(refused(R"({"phone":"+8613800138000"})"), "phone") << "who is on the line has one";
  EXPECT_EQ(refused(R"({"queue":"nowhere"})"), "queue");
  EXPECT_EQ(refused(R"({"queue":-1})"), "queue");
  EXPECT_EQ(refused(R"({"at":"tomorrow"})"), "at");
  EXPECT_EQ(refused(R"({"order":"none"})"), "order");
  EXPECT_EQ(refused(R"({"zone":"Mars/Base"})"), "zone");
  EXPECT_EQ(refused(R"({"hours":"early"})"), "hours");
  EXPECT_EQ(refused(R"({"attempts":11})"), "attempts");
  never_ = true;
  EXPECT_EQ(refused("{}"), "hours") << "none of them is left";
  EXPECT_TRUE(interaction(id)->customer_on_line());
}

TEST_F(RestCallbacks, BadFieldsAreNamedAndLeaveNothing) {
  const auto refused = [&](const std::string& body) {
    const auto answer = api("POST", "/api/callbacks", body);
    EXPECT_GE(answer.status, 400u) << body;
    EXPECT_LT(answer.status, 500u) << body;
    return answer.field();
  };
  const std::string good = R"("phone":"+8613800138000","queue":"general")";
  EXPECT_EQ(refused(R"({"queue":"general"})"), "phone");
  EXPECT_EQ(refused(R"({"phone":"12","queue":"general"})"), "phone");
  EXPECT_EQ(refused(R"({"phone":12,"queue":"general"})"), "phone");
  EXPECT_EQ(refused(R"({"phone":"+8613800138000"})"), "queue");
  EXPECT_EQ(refused(R"({"phone":"+8613800138000","queue":"nowhere"})"), "queue");
  EXPECT_EQ(refused("{" + good + R"(,"at":"tomorrow"})"), "at");
  EXPECT_EQ(refused("{" + good + R"(,"at":"2026-02-31T10:00:00Z"})"), "at");
  EXPECT_EQ(refused("{" + good + R"(,"at":"2999-01-01T10:00:00Z"})"), "at");
  EXPECT_EQ(refused("{" + good + R"(,"at":"2020-01-01T10:00:00+08:00"})"), "at");
  EXPECT_EQ(refused("{" + good + R"(,"at":"2026-01-01T10:00:00"})"), "at") << "of which zone?";
  EXPECT_EQ(refused("{" + good + R"(,"order":"none"})"), "order");
  EXPECT_EQ(refused("{" + good + R"(,"zone":"Mars/Base"})"), "zone");
  EXPECT_EQ(refused("{" + good + R"(,"hours":"early"})"), "hours");
  EXPECT_EQ(refused("{" + good + R"(,"hours":5})"), "hours");
  EXPECT_EQ(refused("{" + good + R"(,"hours":[5]})"), "hours");
  EXPECT_EQ(refused("{" + good + R"(,"note":5})"), "note");
  EXPECT_EQ(refused("{" + good + R"(,"when":"now"})"), "when");
  EXPECT_EQ(refused("{" + good + R"(,"attempts":11})"), "attempts");
  EXPECT_EQ(refused("{" + good + R"(,"attempts":0})"), "attempts");
  EXPECT_EQ(refused("{" + good + R"(,"customer":"me"})"), "customer");
  EXPECT_EQ(on_edge([&] { return engine_->view().interactions.size(); }), 0u);
  EXPECT_EQ(http("POST", "/api/callbacks", "{" + good + "}").status, 401u);
}

TEST_F(RestCallbacks, ARefusedOneIsNotLeftInTheMenu) {
  command::PutQueue put{{2}, "general", false, {}, 20'000, 0, 60'000, 0, 0, false};
  run(put);
  EXPECT_EQ(api("POST", "/api/callbacks", R"({"phone":"+8613800138000","queue":"general"})").code(), "queue_closed");
  run(put);  // whatever was asked for in the answer has been decided before this
  EXPECT_EQ(on_edge([&] { return engine_->view().interactions.size(); }), 0u);
}

}  // namespace
}  // namespace sb::console
