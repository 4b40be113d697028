#include "rest_fixture.h"

// Who may ask: passwords, cookies, keys, roles, the header, limits.
namespace sb::console {
namespace {

std::string credentials(std::string_view login, std::string_view password) {
  return boost::json::serialize(boost::json::object{{"login", login}, {"password", password}});
}

class RestAccess : public RestFixture {
 protected:
  RestAccess() {
    options_.per_login = {.per_s = 0.001, .burst = 3, .sources_max = 100};
    options_.per_source = {.per_s = 0.001, .burst = 6, .sources_max = 100};
  }
};

TEST_F(RestAccess, SigningInGivesASessionUntilSigningOut) {
  const auto in = http("POST", "/api/session", credentials("lin", kPassword));
  ASSERT_EQ(in.status, 204u) << in.body;
  const std::string set(in.headers.find("Set-Cookie").value_or(""));
  EXPECT_NE(set.find("HttpOnly"), std::string::npos);
  EXPECT_NE(set.find("SameSite=Strict"), std::string::npos);
  const std::string cookie = set.substr(0, set.find(';'));

  const auto me = http("GET", "/api/me", {}, {{"Cookie", cookie}});
  ASSERT_EQ(me.status, 200u);
  EXPECT_EQ(me.json().at("login"), "lin");
  EXPECT_EQ(me.json().at("role"), "agent");
  EXPECT_EQ(me.json().at("agent"), 1);

  EXPECT_EQ(http("DELETE", "/api/session", {}, {{"Cookie", cookie}}).status, 403u) << "without the header";
  EXPECT_EQ(http("DELETE", "/api/session", {}, {{"Cookie", cookie}, {"X-Switchboard", "1"}}).status, 204u);
  const auto after = http("GET", "/api/me", {}, {{"Cookie", cookie}});
  EXPECT_EQ(after.status, 401u);
  EXPECT_EQ(after.code(), "not_signed_in");
}

TEST_F(RestAccess, WrongPasswordsAndUnknownLoginsLookTheSame) {
  const auto wrong = http("POST", "/api/session", credentials("lin", "wrong"));
  const auto unknown = http("POST", "/api/session", credentials("nobody", std::string(kPassword)));
  const auto without = http("POST", "/api/session", credentials("zhao", "nobody"));
  EXPECT_EQ(wrong.status, 401u);
  EXPECT_EQ(wrong.code(), "wrong_credentials");
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.body, without.body) << "an agent without a password cannot sign in";
}

TEST_F(RestAccess, AttemptsAreLimitedByLoginAndBySource) {
  for (int n = 0; n < 3; ++n) EXPECT_EQ(http("POST", "/api/session", credentials("lin", "wrong")).status, 401u);
  const auto fourth = http("POST", "/api/session", credentials("lin", std::string(kPassword)));
  EXPECT_EQ(fourth.status, 429u) << "the right password does not help any more";
  EXPECT_NE(fourth.headers.find("Retry-After").value_or("0"), "0");
  EXPECT_EQ(http("POST", "/api/session", credentials("zhao", "wrong")).status, 401u) << "another login is not limited";
  EXPECT_EQ(http("POST", "/api/session", credentials("mei", "wrong")).status, 401u);
  EXPECT_EQ(http("POST", "/api/session", credentials("root", "wrong")).status, 429u) << "but the source is, in the end";
}

TEST_F(RestAccess, AForeignPageCannotChangeAnything) {
  const std::string cookie = cookie_of("lin");
  const auto without = http("POST", "/api/customers", R"({"name":"A"})", {{"Cookie", cookie}});
  EXPECT_EQ(without.status, 403u);
  EXPECT_EQ(without.code(), "header_missing");
  const auto login = http("POST", "/api/session", credentials("lin", kPassword), {{"Origin", "https://evil.example"}});
  EXPECT_EQ(login.status, 403u);
}

TEST_F(RestAccess, RolesAndKeys) {
  EXPECT_EQ(http("GET", "/api/customers?q=x").status, 401u);
  EXPECT_EQ(http("GET", "/api/customers?q=x", {}, {{"Authorization", "Bearer wrong"}}).code(), "wrong_key");
  EXPECT_EQ(as("lin", "GET", "/api/board").status, 403u);
  EXPECT_EQ(as("mei", "GET", "/api/board").status, 200u);
  EXPECT_EQ(as("mei", "POST", "/api/customers/import", "name,phone\n").status, 403u);
  EXPECT_EQ(as("root", "POST", "/api/interactions", "[]").status, 403u) << "only programs start interactions";
  EXPECT_EQ(api("POST", "/api/interactions", "[]").status, 201u);
  EXPECT_EQ(api("GET", "/api/me").status, 403u) << "a program is nobody";
  EXPECT_EQ(api("GET", "/api/customers?q=x").status, 200u);
}

TEST_F(RestAccess, UnknownPathsAndMethods) {
  EXPECT_EQ(api("GET", "/api/nothing").status, 404u);
  EXPECT_EQ(api("GET", "/api/customers/abc").status, 404u);
  const auto method = api("PATCH", "/api/board");
  EXPECT_EQ(method.status, 405u);
  EXPECT_EQ(method.headers.find("Allow"), "GET");
  EXPECT_TRUE(Rest::serves("/api/board"));
  EXPECT_TRUE(Rest::serves("/healthz"));
  EXPECT_FALSE(Rest::serves("/agent"));
}

TEST_F(RestAccess, HealthAndMetricsAreOpenOnLoopback) {
  EXPECT_EQ(http("GET", "/healthz").json().at("status"), "ok");
  api("POST", "/api/interactions", R"({"queue":"general"})");
  const auto metrics = http("GET", "/metrics");
  EXPECT_EQ(metrics.status, 200u);
  EXPECT_NE(metrics.body.find("switchboard_queue_waiting{queue=\"general\"} 1\n"), std::string::npos) << metrics.body;
  EXPECT_NE(metrics.body.find("# TYPE switchboard_records_total counter"), std::string::npos);
  EXPECT_NE(metrics.body.find("switchboard_records_lag "), std::string::npos);
}

}  // namespace
}  // namespace sb::console
