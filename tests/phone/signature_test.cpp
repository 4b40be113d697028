#include "channels/phone/twilio_signature.h"

#include <gtest/gtest.h>

namespace sb::phone {
namespace {

const std::string kToken = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const std::string kIncoming = "https://cc.example.com/twilio/voice/incoming?tenant=acme&line=2";
const std::string kIncomingBody =
    "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&CallSid=CA00000000000000000000000000000abc&"
    "CallStatus=ringing&Called=%2B14155550100&Caller=%2B14155550123&Direction=inbound&From=%2B14155550123&To=%"
    "2B14155550100&CallerName=Jos%C3%A9+O%27Neil+%26+Co&CallToken=";
const std::string kIncomingSignature = "TZMnCA5fMDnyUUuLUYdkNQ7S9so=";

struct Vector {
  const char* name;
  std::string token;
  std::string url;
  std::string body;
  std::string signature;
};

std::vector<Vector> vectors() {
  return {{"form", kToken, kIncoming, kIncomingBody, kIncomingSignature},
          {"classic", "12345", "https://mycompany.com/myapp.php?foo=1&bar=2",
           "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212",
           "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
          {"repeated", kToken, "https://cc.example.com/t", "Body=hi&MediaUrl=b&MediaUrl=a&MediaUrl=b",
           "KtXyXR/Ggd3jwqamB4WjLhd4os0="},
          {"get", kToken,
           "https://cc.example.com/twilio/wait?QueueSid=QU1&CallSid=CA00000000000000000000000000000abc&QueuePosition=2",
           "", "UDarfU58z5lJPRfgkwtN1RqPZ4w="},
          {"message", kToken, "https://cc.example.com/twilio/messaging",
           "ToCountry=US&SmsMessageSid=SM00000000000000000000000000000001&NumMedia=1&SmsSid="
           "SM00000000000000000000000000000001&SmsStatus=received&Body=Where+is+order+1042%3F+%E5%9C%A8%E5%93%AA%E9%87%"
           "8C&To=whatsapp%3A%2B14155550100&MessageSid=SM00000000000000000000000000000001&AccountSid="
           "AC00000000000000000000000000000001&From=whatsapp%3A%2B8613800138000&ApiVersion=2010-04-01&NumSegments=1&"
           "ProfileName=Li+Lei&WaId=8613800138000&MediaContentType0=image%2Fjpeg&MediaUrl0=https%3A%2F%2Fapi.twilio."
           "com%2F2010-04-01%2FAccounts%2FAC00000000000000000000000000000001%2FMessages%"
           "2FSM00000000000000000000000000000001%2FMedia%2FME00000000000000000000000000000001",
           "+FKXnm2nKYQ1Nqoj8n5QFWlE3ts="}};
}

SignatureCheck check(const std::vector<std::string>& tokens, const std::string& url, const std::string& body,
                     const std::string& signature) {
  const auto form = net::parse_form(body);
  EXPECT_TRUE(form);
  return check_signature(tokens, url, *form, signature);
}

TEST(TwilioSignature, AcceptsEveryVectorAndRejectsTamperedCopies) {
  for (const Vector& v : vectors()) {
    SCOPED_TRACE(v.name);
    EXPECT_EQ(check({v.token}, v.url, v.body, v.signature), SignatureCheck::kGood);
    EXPECT_EQ(sign(v.token, v.url, *net::parse_form(v.body)), v.signature);
    EXPECT_EQ(check({v.token}, v.url + "x", v.body, v.signature), SignatureCheck::kMismatch);
    EXPECT_EQ(check({v.token + "0"}, v.url, v.body, v.signature), SignatureCheck::kMismatch);
    EXPECT_EQ(check({v.token}, v.url, v.body + "&Extra=", v.signature), SignatureCheck::kMismatch);
    for (std::size_t at = 0; at < v.signature.size(); ++at) {
      std::string forged = v.signature;
      forged[at] = forged[at] == 'A' ? 'B' : 'A';
      EXPECT_EQ(check({v.token}, v.url, v.body, forged), SignatureCheck::kMismatch);
    }
    EXPECT_EQ(check({v.token}, v.url, v.body, v.signature.substr(0, 10)), SignatureCheck::kMismatch);
    EXPECT_EQ(check({v.token}, v.url, v.body, v.signature + "="), SignatureCheck::kMismatch);
    EXPECT_EQ(check({v.token}, v.url, v.body, ""), SignatureCheck::kMissing);
  }
}

TEST(TwilioSignature, AnyOfSeveralTokensMaySign) {
  EXPECT_EQ(check({"old", kToken}, kIncoming, kIncomingBody, kIncomingSignature), SignatureCheck::kGood);
  EXPECT_EQ(check({"old", ""}, kIncoming, kIncomingBody, kIncomingSignature), SignatureCheck::kMismatch);
  EXPECT_EQ(check({}, kIncoming, kIncomingBody, kIncomingSignature), SignatureCheck::kNoSecrets);
}

TEST(TwilioSignature, TakesTheStandardPortEitherWay) {
  const auto form = *net::parse_form("A=1");
  const auto good = [&](const std::string& configured, const std::string& signed_url) {
    return check_signature(std::vector{kToken}, configured, form, sign(kToken, signed_url, form)) ==
           SignatureCheck::kGood;
  };
  EXPECT_TRUE(good("https://a.example/x?y=1", "https://a.example:443/x?y=1"));
  EXPECT_TRUE(good("https://a.example:443/x", "https://a.example/x"));
  EXPECT_TRUE(good("http://a.example?y=1", "http://a.example:80?y=1"));
  EXPECT_TRUE(good("https://[::1]/x", "https://[::1]:443/x"));
  EXPECT_TRUE(good("https://u:p@a.example/x", "https://u:p@a.example:443/x"));
  EXPECT_FALSE(good("https://a.example:8443/x", "https://a.example/x"));
  EXPECT_FALSE(good("https://a.example/x", "https://a.example:8443/x"));
  EXPECT_TRUE(check({kToken}, "https://cc.example.com:443" + kIncoming.substr(22), kIncomingBody, kIncomingSignature) ==
              SignatureCheck::kGood);
}

TEST(TwilioSignature, ChecksAJsonBodyThroughTheUrl) {
  const std::string body = R"({"specversion":"1.0","id":"EZ1","type":"com.twilio.test","data":{"text":"héllo"}})";
  const std::string url =
      "https://cc.example.com/twilio/json?tenant=acme&bodySHA256="
      "b41b5e80a7129e6b99eaadb5f98126a4c611ee14ad4249d307d2f9e796a6fd93";
  const std::string signature = "xL2Bdt7KfTvqJurS3IseVnjkCyc=";
  const std::vector tokens{kToken};
  EXPECT_EQ(check_body_signature(tokens, url, body, signature), SignatureCheck::kGood);
  EXPECT_EQ(check_body_signature(tokens, url, body + " ", signature), SignatureCheck::kBadBody);
  EXPECT_EQ(check_body_signature(tokens, url + "0", body, signature), SignatureCheck::kMismatch);
  EXPECT_EQ(check_body_signature(tokens, url, body, ""), SignatureCheck::kMissing);
  const std::string bare = "https://cc.example.com/x";
  EXPECT_EQ(check_body_signature(tokens, bare, body, sign(kToken, bare, {})), SignatureCheck::kBadBody);
}

}  // namespace
}  // namespace sb::phone
