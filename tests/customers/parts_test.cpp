// The pure parts: signatures against published vectors, forms, the histogram, TwiML, configuration.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "bench/customers/form.h"
#include "bench/customers/histogram.h"
#include "bench/customers/process_stats.h"
#include "bench/customers/settings.h"
#include "bench/customers/signature.h"
#include "bench/customers/twiml.h"

namespace sb::customers {
namespace {

const std::string kToken = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

TEST(Signature, FormWithUmlautsAndAnEmptyValue) {
  const auto form = decode_form(
      "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&CallSid=CA00000000000000000000000000000abc&"
      "CallStatus=ringing&Called=%2B14155550100&Caller=%2B14155550123&Direction=inbound&From=%2B14155550123&To=%"
      "2B14155550100&CallerName=Jos%C3%A9+O%27Neil+%26+Co&CallToken=");
  ASSERT_TRUE(form);
  EXPECT_EQ(field(*form, "CallerName"), "José O'Neil & Co");
  EXPECT_EQ(twilio_signature(kToken, "https://cc.example.com/twilio/voice/incoming?tenant=acme&line=2", *form),
            "TZMnCA5fMDnyUUuLUYdkNQ7S9so=");
}

TEST(Signature, ClassicExample) {
  const Form form = {{"CallSid", "CA1234567890ABCDE"},
                     {"Caller", "+14158675309"},
                     {"Digits", "1234"},
                     {"From", "+14158675309"},
                     {"To", "+18005551212"}};
  EXPECT_EQ(twilio_signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form),
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
}

TEST(Signature, RepeatedNamesAndGet) {
  const Form form = {{"Body", "hi"}, {"MediaUrl", "b"}, {"MediaUrl", "a"}, {"MediaUrl", "b"}};
  EXPECT_EQ(twilio_signature(kToken, "https://cc.example.com/t", form), "KtXyXR/Ggd3jwqamB4WjLhd4os0=");
  EXPECT_EQ(twilio_signature(kToken,
                             "https://cc.example.com/twilio/wait?QueueSid=QU1&CallSid="
                             "CA00000000000000000000000000000abc&QueuePosition=2",
                             {}),
            "UDarfU58z5lJPRfgkwtN1RqPZ4w=");
}

TEST(Signature, IdentityTokenIsAJwt) {
  // The published example of the JWT site, with its own order of header members.
  EXPECT_EQ(identity_token("your-256-bit-secret", R"({"sub":"1234567890","name":"John Doe","iat":1516239022})"),
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5M"
            "DIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c");
}

TEST(Form, RoundTripsAnything) {
  const Form form = {{"Body", "Where is order 1042? 在哪里 & more=1+1 100%"}, {"Empty", ""}, {"a b", "~-._*"}};
  EXPECT_EQ(decode_form(encode_form(form)), form);
  EXPECT_FALSE(decode_form("a=%4"));
  EXPECT_FALSE(decode_form("a=%zz"));
}

TEST(Histogram, SmallValuesAreExact) {
  Histogram h;
  for (std::uint64_t v = 1; v <= 200; ++v) h.record(v);
  EXPECT_EQ(h.count(), 200U);
  EXPECT_EQ(h.percentile(0.5), 100U);
  EXPECT_EQ(h.percentile(0.99), 198U);
  EXPECT_EQ(h.percentile(1.0), 200U);
  EXPECT_EQ(h.max(), 200U);
  EXPECT_DOUBLE_EQ(h.mean(), 100.5);
}

TEST(Histogram, StaysWithinOnePercentOfASortedList) {
  std::mt19937_64 engine(7);
  std::lognormal_distribution<double> draw(13.0, 2.5);
  Histogram a;
  Histogram b;
  std::vector<std::uint64_t> sorted;
  for (int i = 0; i < 50'000; ++i) {
    const auto value = static_cast<std::uint64_t>(draw(engine));
    sorted.push_back(value);
    (i % 2 == 0 ? a : b).record(value);
  }
  a.merge(b);
  std::sort(sorted.begin(), sorted.end());
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto exact = sorted[static_cast<std::size_t>(std::ceil(share * 50'000)) - 1];
    const auto got = a.percentile(share);
    EXPECT_GE(got, exact) << share;
    EXPECT_LE(static_cast<double>(got), static_cast<double>(exact) * (1 + 1.0 / 128) + 1) << share;
  }
}

TEST(Histogram, TakesTheLargestValueAndNone) {
  Histogram h;
  EXPECT_EQ(h.percentile(0.5), 0U);
  h.record(UINT64_MAX);
  h.record(0);
  EXPECT_EQ(h.percentile(0.5), 0U);
  EXPECT_EQ(h.percentile(1.0), UINT64_MAX);
}

TEST(Twiml, ReadsAMenu) {
  std::string why;
  const auto document = parse_twiml(R"(<?xml version="1.0" encoding="UTF-8"?>
    <Response>
      <Gather input="dtmf" numDigits="1" timeout="5" action="/menu?a=1&amp;b=2" method="POST">
        <Say language="zh-CN">售前咨询请按1。</Say>
      </Gather>
      <Redirect method="POST">/again</Redirect>
    </Response>)",
                                    false, why);
  ASSERT_TRUE(document) << why;
  EXPECT_TRUE(document->problems.empty()) << document->problems.front();
  ASSERT_EQ(document->verbs.size(), 2U);
  EXPECT_EQ(document->verbs[0].attribute("action"), "/menu?a=1&b=2");
  EXPECT_EQ(document->verbs[0].children.at(0).text, "售前咨询请按1。");
  EXPECT_EQ(document->verbs[1].text, "/again");
}

TEST(Twiml, ReadsAConference) {
  std::string why;
  const auto document = parse_twiml(
      R"(<Response><Dial action="/done"><Conference startConferenceOnEnter="true" endConferenceOnExit="true"
         statusCallback="/conf" statusCallbackEvent="start end join leave hold">sb-42</Conference></Dial></Response>)",
      false, why);
  ASSERT_TRUE(document) << why;
  EXPECT_TRUE(document->problems.empty()) << document->problems.front();
  const Verb& noun = document->verbs.at(0).children.at(0);
  EXPECT_TRUE(noun.flag("endConferenceOnExit", false));
  EXPECT_EQ(noun.text, "sb-42");
}

struct Bad {
  const char* twiml;
  bool waiting;
  const char* problem;
};

class TwimlProblems : public testing::TestWithParam<Bad> {};

TEST_P(TwimlProblems, AreNamed) {
  std::string why;
  const auto document = parse_twiml(GetParam().twiml, GetParam().waiting, why);
  ASSERT_TRUE(document) << why;
  ASSERT_FALSE(document->problems.empty());
  EXPECT_EQ(document->problems.front(), GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(
    All, TwimlProblems,
    testing::Values(Bad{"<Response><Sing>la</Sing></Response>", false, "unknown verb <Sing>"},
                    Bad{"<Response><Say mood=\"glad\">hi</Say></Response>", false, "unknown attribute mood of <Say>"},
                    Bad{"<Response><Dial><Conference>x</Conference></Dial></Response>", true,
                        "<Dial> is not allowed while waiting"},
                    Bad{"<Response><Leave/></Response>", false, "<Leave> outside a queue"},
                    Bad{"<Response><Say>hi</Say><Reject/></Response>", false, "<Reject> must come first"},
                    Bad{"<Response><Gather><Dial>+1</Dial></Gather></Response>", false, "<Dial> inside <Gather>"},
                    Bad{"<Response><Dial/></Response>", false, "<Dial> without anyone to call"},
                    Bad{"<Response><Dial><Pigeon>p</Pigeon></Dial></Response>", false, "unknown noun <Pigeon>"},
                    Bad{"<Response><Redirect/></Response>", false, "<Redirect> without an address"}));

TEST(Twiml, RefusesWhatIsNone) {
  std::string why;
  EXPECT_FALSE(parse_twiml("<html></html>", false, why));
  EXPECT_EQ(why, "the root is not <Response>");
  EXPECT_FALSE(parse_twiml("<Response><Say>", false, why));
  EXPECT_FALSE(parse_twiml("<Response>" + std::string(65 * 1024, ' ') + "</Response>", false, why));
  EXPECT_EQ(why, "longer than 64 KiB");
}

TEST(Settings, ReadsTheDemo) {
  std::string why;
  const auto settings = read_settings(SB_SOURCE_DIR "/config/demo.toml", why);
  ASSERT_TRUE(settings) << why;
  EXPECT_EQ(settings->server.port(), 8080);
  EXPECT_EQ(settings->api_key, "demo-api-key");
  ASSERT_TRUE(settings->twilio);
  EXPECT_EQ(settings->twilio->api.port(), 8090);
  EXPECT_EQ(settings->numbers.at(0).menu.at(2).queue, "billing");
  EXPECT_EQ(settings->agents.at(0).login, "amy");
}

TEST(Settings, ReadsItsOwnBenchConfig) {
  BenchShape shape;
  shape.agents = 25;
  std::string why;
  const auto settings = parse_settings(bench_config(shape), why);
  ASSERT_TRUE(settings) << why;
  EXPECT_EQ(settings->agents.size(), 25U);
  EXPECT_EQ(settings->agents.at(24).login, bench_login("agent%05d", 24));
  EXPECT_EQ(settings->agents.at(24).login, "agent00024");
  EXPECT_EQ(settings->queues.size(), 10U);
}

TEST(Settings, RefusesOtherMachinesAndBrokenFiles) {
  std::string why;
  EXPECT_FALSE(parse_settings("[http]\naddress = \"192.0.2.7\"\n", why));
  EXPECT_EQ(why, "192.0.2.7 is not this machine: customers only talk to a server on the loopback");
  EXPECT_FALSE(parse_settings("[phone.twilio]\napi_base = \"https://api.twilio.com\"\n", why));
  EXPECT_FALSE(parse_settings("[http\n", why));
  EXPECT_EQ(why.rfind("line 1", 0), 0U) << why;
}

TEST(ProcessStats, KnowThisProcess) {
  ASSERT_TRUE(process_cpu_ns(getpid()));
  EXPECT_GT(process_resident_bytes(getpid()).value_or(0), 1U << 20U);
  EXPECT_FALSE(process_cpu_ns(0x7ffffffe));
  EXPECT_FALSE(process_resident_bytes(0x7ffffffe));
}

}  // namespace
}  // namespace sb::customers
