// The emulated provider against a stand-in for the server: both speak HTTP over loopback sockets on one io_context.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>
#include <sstream>

#include "bench/customers/call.h"
#include "bench/customers/conference.h"
#include "bench/customers/exchange.h"
#include "bench/customers/rest_api.h"
#include "bench/customers/signature.h"

namespace sb::customers {
namespace {

const std::string kAccount = "AC00000000000000000000000000000001";
const std::string kAuthToken = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const Endpoint kAnyPort(asio::ip::address_v4::loopback(), 0);

struct Hook {
  std::string path;
  Form form;
};

class Phone : public testing::Test {
 protected:
  Phone()
      : server(io, [this](const HttpRequest& r) { return webhook(r); }),
        provider(io, [this](const HttpRequest& r) { return api->handle(r); }) {
    std::string why;
    EXPECT_TRUE(server.listen(kAnyPort, why)) << why;
    EXPECT_TRUE(provider.listen(kAnyPort, why)) << why;
    const std::string host = "127.0.0.1:" + std::to_string(server.port());
    public_url = "http://" + host;
    to_server = std::make_unique<HttpClient>(io, Endpoint(kAnyPort.address(), server.port()), host, 2);
    to_provider = std::make_unique<HttpClient>(io, Endpoint(kAnyPort.address(), provider.port()), "provider", 1);
    webhooks = std::make_unique<Webhooks>(*to_server, public_url, kAuthToken);
    ExchangeOptions options;
    options.account_sid = kAccount;
    options.pace = 0.01;  // a second of a caller's time is 10 ms
    options.fault_share = 0;
    exchange = std::make_unique<Exchange>(io, options, *webhooks, random, ledger);
    api = std::make_unique<RestApi>(*exchange, kAccount, kAuthToken);
  }

  ~Phone() override {
    exchange->hang_up_all();
    server.stop();
    provider.stop();
    to_server->close();
    to_provider->close();
    io.restart();
    io.run_for(std::chrono::milliseconds(20));
  }

  HttpAnswer webhook(const HttpRequest& request) {
    const auto form = decode_form(request.body);
    EXPECT_TRUE(form);
    EXPECT_EQ(request.header("X-Twilio-Signature"), twilio_signature(kAuthToken, public_url + request.target, *form));
    const std::string path = request.target.substr(0, request.target.find('?'));
    hooks.push_back({path, *form});
    const auto found = documents.find(path);
    if (found == documents.end()) return {204, {}, {}};
    return {200, "<Response>" + found->second + "</Response>", "text/xml"};
  }

  std::shared_ptr<Call> dial_in(const CallerPlan& plan) {
    return exchange->call_in("+8613800138000", "+862155550100", public_url + "/voice", public_url + "/status", plan);
  }

  // Runs until the condition holds; fails after ten seconds.
  void until(const std::function<bool()>& condition) {
    io.restart();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << out.str();
      io.run_one_for(std::chrono::milliseconds(50));
    }
  }

  boost::json::object rest(const std::string& method, const std::string& path, const Form& form, int expected,
                           const std::string& token = kAuthToken) {
    HttpReply reply;
    bool done = false;
    to_provider->send(method, "/2010-04-01/Accounts/" + kAccount + "/" + path,
                      {{"Authorization", "Basic " + base64(kAccount + ":" + token)}}, encode_form(form),
                      [&](const HttpReply& r) {
                        reply = r;
                        done = true;
                      });
    until([&] { return done; });
    EXPECT_EQ(reply.status, expected) << method << " " << path << ": " << reply.body;
    return reply.body.empty() ? boost::json::object{} : boost::json::parse(reply.body).as_object();
  }

  [[nodiscard]] std::vector<std::string> events(const std::string& path, const std::string& name) const {
    std::vector<std::string> found;
    for (const auto& hook : hooks) {
      if (hook.path == path) found.push_back(field(hook.form, name));
    }
    return found;
  }
  [[nodiscard]] bool seen(const std::string& path, const std::string& name, const std::string& value) const {
    const auto all = events(path, name);
    return std::find(all.begin(), all.end(), value) != all.end();
  }

  asio::io_context io;
  std::ostringstream out;
  Ledger ledger{out};
  Random random{42};
  std::string public_url;
  std::map<std::string, std::string> documents;
  std::vector<Hook> hooks;
  std::unique_ptr<HttpClient> to_server;
  std::unique_ptr<HttpClient> to_provider;
  std::unique_ptr<Webhooks> webhooks;
  std::unique_ptr<Exchange> exchange;
  std::unique_ptr<RestApi> api;
  HttpServer server;
  HttpServer provider;
};

TEST_F(Phone, PressesAKeyWaitsAndAsksForTheWaitingDocumentAgain) {
  documents["/voice"] =
      "<Gather numDigits=\"1\" action=\"/menu?lang=zh\"><Say>Press 2.</Say></Gather><Redirect>/voice</Redirect>";
  documents["/menu"] = "<Enqueue waitUrl=\"/wait\" action=\"/left\">support</Enqueue>";
  documents["/wait"] = "<Say>You are number one.</Say><Pause length=\"2\"/>";
  CallerPlan plan;
  plan.key = "2";
  plan.patience = Millis(60'000);
  const auto call = dial_in(plan);
  until([&] { return events("/wait", "QueuePosition").size() >= 3; });
  EXPECT_EQ(events("/voice", "CallStatus"), (std::vector<std::string>{"ringing"}));
  EXPECT_EQ(events("/menu", "Digits"), (std::vector<std::string>{"2"}));
  EXPECT_EQ(events("/wait", "QueuePosition").front(), "1");
  EXPECT_GE(std::stoi(events("/wait", "QueueTime")[2]), 2);
  call->hang_up(CallStatus::kCompleted);
  until([&] { return !events("/status", "CallStatus").empty() && !events("/left", "QueueResult").empty(); });
  EXPECT_EQ(events("/left", "QueueResult").front(), "hangup");
  EXPECT_EQ(events("/status", "CallStatus").front(), "completed");
  EXPECT_EQ(ledger.errors(), 0U) << out.str();
}

TEST_F(Phone, WithoutAKeyTheMenuIsRepeatedAndThenTheCallEnds) {
  documents["/voice"] = "<Gather timeout=\"1\"><Say>Hi</Say></Gather><Redirect>/again</Redirect>";
  documents["/again"] = "<Say>Goodbye.</Say>";
  const auto call = dial_in(CallerPlan{});
  until([&] { return call->finished(); });
  EXPECT_EQ(call->status(), CallStatus::kCompleted);
  EXPECT_EQ(events("/again", "CallSid").size(), 1U);
}

TEST_F(Phone, LosesPatience) {
  documents["/voice"] = "<Enqueue waitUrl=\"/wait\">sales</Enqueue>";
  documents["/wait"] = "<Pause length=\"3\"/>";
  CallerPlan plan;
  plan.patience = Millis(5000);
  const auto call = dial_in(plan);
  until([&] { return call->finished(); });
  EXPECT_EQ(ledger.counted("callers who lost patience"), 1U);
}

TEST_F(Phone, LeavesTheQueueWhenToldTo) {
  documents["/voice"] = "<Enqueue waitUrl=\"/wait\" action=\"/left\">sales</Enqueue>";
  documents["/wait"] = "<Leave/>";
  documents["/left"] = "<Hangup/>";
  const auto call = dial_in(CallerPlan{});
  until([&] { return call->finished(); });
  EXPECT_EQ(events("/left", "QueueResult"), (std::vector<std::string>{"leave"}));
}

TEST_F(Phone, RejectsWithoutAnswering) {
  documents["/voice"] = "<Reject reason=\"busy\"/>";
  const auto call = dial_in(CallerPlan{});
  until([&] { return call->finished(); });
  EXPECT_EQ(call->status(), CallStatus::kBusy);
}

TEST_F(Phone, AConferenceFromRedirectToHangUp) {
  documents["/voice"] = "<Enqueue waitUrl=\"/wait\">support</Enqueue>";
  documents["/wait"] = "<Pause length=\"100\"/>";
  documents["/join"] =
      "<Dial action=\"/after\"><Conference statusCallback=\"/conf\" statusCallbackEvent=\"start end join leave hold\" "
      "endConferenceOnExit=\"true\">room</Conference></Dial>";
  CallerPlan plan;
  plan.talk = Millis(20'000);
  const auto call = dial_in(plan);
  until([&] { return !events("/wait", "CallSid").empty(); });

  const auto redirected = rest("POST", "Calls/" + call->sid() + ".json", {{"Url", public_url + "/join"}}, 200);
  EXPECT_EQ(redirected.at("status").as_string(), "in-progress");
  until([&] { return seen("/conf", "StatusCallbackEvent", "participant-join"); });

  const auto participant = rest("POST", "Conferences/room/Participants.json",
                                {{"From", "+862155550100"},
                                 {"To", "client:amy"},
                                 {"Label", "agent-1"},
                                 {"EndConferenceOnExit", "false"},
                                 {"StatusCallback", public_url + "/leg"},
                                 {"StatusCallbackEvent", "initiated"},
                                 {"StatusCallbackEvent", "ringing answered completed"}},
                                201);
  EXPECT_EQ(participant.at("status").as_string(), "queued");
  until([&] { return seen("/conf", "StatusCallbackEvent", "conference-start"); });
  until([&] { return events("/leg", "CallStatus").size() == 3; });
  EXPECT_EQ(events("/leg", "CallStatus"), (std::vector<std::string>{"initiated", "ringing", "in-progress"}));
  EXPECT_EQ(events("/leg", "SequenceNumber"), (std::vector<std::string>{"0", "1", "2"}));

  rest("POST", "Conferences/room/Participants/" + call->sid() + ".json", {{"Hold", "true"}}, 200);
  until([&] { return seen("/conf", "StatusCallbackEvent", "participant-hold"); });
  rest("POST", "Conferences/room/Participants/agent-1.json", {{"Hold", "false"}, {"Muted", "true"}}, 200);

  until([&] { return call->finished() && seen("/conf", "StatusCallbackEvent", "conference-end"); });
  EXPECT_TRUE(seen("/conf", "ReasonConferenceEnded", "participant-with-end-conference-on-exit-left"));
  until([&] { return events("/leg", "CallStatus").size() == 4; });
  EXPECT_EQ(events("/leg", "CallStatus").back(), "completed");
  EXPECT_EQ(exchange->live_calls(), 0U);

  EXPECT_EQ(rest("POST", "Calls/" + call->sid() + ".json", {{"Status", "completed"}}, 400).at("code").as_int64(),
            21220);
  rest("POST", "Conferences/room/Participants.json", {}, 400);
  EXPECT_EQ(ledger.errors(), 1U) << out.str();  // the last request is the server's mistake, the one before a race
}

TEST_F(Phone, TheServerEndsAConferenceAndTheCallGoesOn) {
  documents["/voice"] =
      "<Dial action=\"/after\"><Conference statusCallback=\"/conf\" statusCallbackEvent=\"join "
      "end\">r</Conference></Dial>";
  documents["/after"] = "<Say>Thank you.</Say><Hangup/>";
  const auto call = dial_in(CallerPlan{});
  until([&] { return !events("/conf", "ConferenceSid").empty(); });
  rest("POST", "Conferences/" + events("/conf", "ConferenceSid").front() + ".json", {{"Status", "completed"}}, 200);
  until([&] { return call->finished(); });
  EXPECT_TRUE(seen("/conf", "ReasonConferenceEnded", "conference-ended-via-api"));
  EXPECT_EQ(events("/after", "DialCallStatus"), (std::vector<std::string>{"completed"}));
}

TEST_F(Phone, AKickedAgentLegEnds) {
  documents["/voice"] = "<Dial><Conference>r</Conference></Dial>";
  const auto call = dial_in(CallerPlan{});
  until([&] { return exchange->find_conference("r") != nullptr; });
  const auto leg = rest("POST", "Conferences/r/Participants.json", {{"From", "+1"}, {"To", "client:ben"}}, 201);
  const std::string sid(leg.at("call_sid").as_string());
  until([&] { return exchange->find_conference("r")->size() == 2; });
  rest("DELETE", "Conferences/r/Participants/" + sid + ".json", {}, 204);
  until([&] { return exchange->find_call(sid)->finished(); });
  EXPECT_FALSE(call->finished());
  EXPECT_EQ(exchange->find_conference("r")->size(), 1U);
}

TEST_F(Phone, ARingingLegCanBeFoundAndCalledOff) {
  EXPECT_TRUE(rest("GET", "Conferences.json?PageSize=20&FriendlyName=r", {}, 200).at("conferences").as_array().empty());
  const auto leg = rest("POST", "Conferences/r/Participants.json",
                        {{"From", "+1"}, {"To", "client:ben"}, {"Label", "agent-2"}}, 201);
  EXPECT_EQ(rest("GET", "Conferences/r/Participants/agent-2.json", {}, 200).at("call_sid"), leg.at("call_sid"));
  EXPECT_EQ(rest("GET", "Conferences.json?FriendlyName=r", {}, 200).at("conferences").as_array().size(), 1U);
  rest("DELETE", "Conferences/r/Participants/agent-2.json", {}, 204);
  const auto call = exchange->find_call(std::string(leg.at("call_sid").as_string()));
  EXPECT_EQ(call->status(), CallStatus::kCanceled);
  EXPECT_EQ(exchange->find_conference("r"), nullptr);
}

TEST_F(Phone, DialRingsAndReportsItsEnd) {
  documents["/voice"] =
      "<Dial action=\"/after\" timeout=\"20\"><Client statusCallback=\"/leg\" "
      "statusCallbackEvent=\"answered\">amy</Client>"
      "<Number>+14155550199</Number></Dial>";
  documents["/after"] = "<Hangup/>";
  CallerPlan plan;
  plan.hangs_up = false;
  const auto call = dial_in(plan);
  until([&] { return call->talked(); });
  EXPECT_EQ(exchange->live_calls(), 2U);  // the caller and whoever answered first
  exchange->hang_up_all();
  EXPECT_EQ(exchange->live_calls(), 0U);
}

TEST_F(Phone, NobodyAnswersADial) {
  documents["/voice"] = "<Dial action=\"/after\" timeout=\"1\"><Sip>sip:amy@example.com</Sip></Dial>";
  documents["/after"] = "<Reject/>";
  const auto call = dial_in(CallerPlan{});
  until([&] { return call->finished(); });
  EXPECT_EQ(events("/after", "DialCallStatus"), (std::vector<std::string>{"no-answer"}));
}

TEST_F(Phone, CallsPlacedByTheServerRunTheirTwiml) {
  documents["/hello"] = "<Say>Hello</Say>";
  const auto made =
      rest("POST", "Calls.json", {{"To", "client:amy"}, {"From", "+1"}, {"Url", public_url + "/hello"}}, 201);
  const std::string sid(made.at("sid").as_string());
  until([&] { return exchange->find_call(sid)->finished(); });
  EXPECT_EQ(events("/hello", "CallStatus"), (std::vector<std::string>{"in-progress"}));
  rest("POST", "Calls.json", {{"To", "client:amy"}, {"From", "+1"}}, 400);
}

TEST_F(Phone, AsksToBeCalledBackWithTheKeyForIt) {
  documents["/voice"] = "<Enqueue waitUrl=\"/wait\" action=\"/left\">sales</Enqueue>";
  documents["/wait"] = "<Gather numDigits=\"1\" action=\"/callback\" timeout=\"1\"><Say>Press 1.</Say></Gather>";
  documents["/callback"] = "<Say>Goodbye.</Say><Hangup/>";
  CallerPlan plan;
  plan.waiting_key = "1";
  plan.press_delay = Millis(500);
  const auto call = dial_in(plan);
  until([&] { return call->finished() && !events("/left", "QueueResult").empty(); });
  EXPECT_EQ(events("/callback", "Digits"), (std::vector<std::string>{"1"}));
  EXPECT_EQ(events("/left", "QueueResult").front(), "hangup");
  EXPECT_EQ(ledger.errors(), 0U) << out.str();
}

TEST_F(Phone, ACustomerWhoIsCalledBackMayBeBusy) {
  ExchangeOptions options = exchange->options();
  options.customer_busy_share = 1;
  exchange = std::make_unique<Exchange>(io, options, *webhooks, random, ledger);
  api = std::make_unique<RestApi>(*exchange, kAccount, kAuthToken);
  documents["/hello"] = "<Say>Hello.</Say>";
  const auto order = [&](const std::string& to) {
    return rest("POST", "Calls.json",
                {{"From", "+862155550100"},
                 {"To", to},
                 {"Url", public_url + "/hello"},
                 {"StatusCallback", public_url + "/leg"},
                 {"StatusCallbackEvent", "ringing answered completed"}},
                201);
  };
  order("+8613800138000");
  until([&] { return seen("/leg", "CallStatus", "busy"); });
  EXPECT_FALSE(seen("/leg", "CallStatus", "ringing"));
  EXPECT_TRUE(events("/hello", "CallSid").empty());
  order("client:amy");
  until([&] { return seen("/leg", "CallStatus", "completed"); });
  const auto list = rest("GET", "Calls.json?From=%2B862155550100&To=%2B8613800138000", {}, 200);
  ASSERT_EQ(list.at("calls").as_array().size(), 1U);
  EXPECT_EQ(list.at("calls").at(0).at("status"), "busy");
  EXPECT_FALSE(list.at("calls").at(0).at("date_created").as_string().empty());
}

TEST_F(Phone, RefusesWrongCredentialsAndUnknownThings) {
  EXPECT_EQ(rest("POST", "Calls.json", {}, 401, "wrong").at("code").as_int64(), 20003);
  EXPECT_EQ(rest("POST", "Calls/CAnone.json", {{"Status", "completed"}}, 404).at("code").as_int64(), 20404);
  EXPECT_EQ(rest("DELETE", "Conferences/none/Participants/x.json", {}, 404).at("code").as_int64(), 20404);
}

TEST_F(Phone, ReportsWhatTheServerDoesWrong) {
  documents["/voice"] = "<Sing>la</Sing><Redirect>http://198.51.100.7/x</Redirect>";
  const auto call = dial_in(CallerPlan{});
  until([&] { return call->finished(); });
  EXPECT_EQ(call->status(), CallStatus::kFailed);
  EXPECT_NE(out.str().find("unknown verb <Sing>"), std::string::npos);
  EXPECT_NE(out.str().find("foreign or broken address"), std::string::npos);
  EXPECT_EQ(ledger.errors(), 2U);
}

}  // namespace
}  // namespace sb::customers
