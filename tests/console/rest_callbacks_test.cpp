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

  std::string zone_;
  std::vector<std::string> hours_;
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
