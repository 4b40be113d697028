#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "channels/chat/chat_codec.h"

namespace sb::chat {
namespace {

std::string repeat(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t n = 0; n < times; ++n) out += piece;
  return out;
}

struct Bad {
  std::string payload;
  FrameError::Code code;
  std::string_view field;
  bool closes;
};

TEST(ChatCodec, RefusesHostileFrames) {
  using Code = FrameError::Code;
  const std::vector<Bad> table{
      {"", Code::kMalformed, "", true},
      {"x", Code::kMalformed, "", true},
      {"[]", Code::kMalformed, "", true},
      {"\"hello\"", Code::kMalformed, "", true},
      {R"({"t":"typing"} x)", Code::kMalformed, "", true},
      {R"({"t":"typing",})", Code::kMalformed, "", true},
      {repeat("[", 100'000), Code::kMalformed, "", true},
      {R"({"t":"typing","x":[[[[[[1]]]]]]})", Code::kMalformed, "", true},
      {"{\"t\":\"message\",\"key\":\"k\",\"text\":\"\xC3\x28\"}", Code::kMalformed, "", true},
      {"{\"t\":\"message\",\"key\":\"k\",\"text\":\"\xED\xA0\x80\"}", Code::kMalformed, "", true},
      {R"({"t":"message","key":"k","text":"\ud800"})", Code::kMalformed, "", true},
      {R"({})", Code::kUnknownType, "t", true},
      {R"({"t":7})", Code::kUnknownType, "t", true},
      {R"({"t":"accept"})", Code::kUnknownType, "t", true},
      {R"({"t":"message","text":"hi"})", Code::kBadField, "key", true},
      {R"({"t":"message","key":"","text":"hi"})", Code::kBadField, "key", true},
      {R"({"t":"message","key":5,"text":"hi"})", Code::kBadField, "key", true},
      {R"({"t":"message","key":")" + repeat("k", 65) + R"(","text":"hi"})", Code::kTooLong, "key", true},
      {R"({"t":"message","key":"k","text":5})", Code::kBadField, "text", true},
      {R"({"t":"message","key":"k","text":"a\u0000b"})", Code::kBadField, "text", true},
      {R"({"t":"message","key":"k"})", Code::kEmptyText, "text", false},
      {R"({"t":"start","key":"k","text":""})", Code::kEmptyText, "text", false},
      {R"({"t":"message","key":"k","text":")" + repeat("a", 4001) + R"("})", Code::kTooLong, "text", false},
      {R"({"t":"message","key":"k","text":")" + repeat("茶", 4001) + R"("})", Code::kTooLong, "text", false},
      {R"({"t":"callback","phone":"+861"})", Code::kBadField, "key", true},
      {R"({"t":"callback","key":"k","phone":5})", Code::kBadField, "phone", true},
      {R"({"t":"callback","key":"k","phone":")" + repeat("1", 41) + R"("})", Code::kTooLong, "phone", false},
      {R"({"t":"hello","since":-1})", Code::kBadField, "since", true},
      {R"({"t":"hello","since":1.5})", Code::kBadField, "since", true},
      {R"({"t":"hello","since":"1"})", Code::kBadField, "since", true},
      {R"({"t":"hello","chat":"1"})", Code::kBadField, "chat", true},
      {R"({"t":"hello","page":")" + repeat("p", 17'000) + R"("})", Code::kTooLong, "page", true},
  };
  for (const Bad& bad : table) {
    const auto frame = parse_client_frame(bad.payload);
    ASSERT_FALSE(frame) << bad.payload.substr(0, 80);
    EXPECT_EQ(frame.error().code, bad.code) << bad.payload.substr(0, 80);
    EXPECT_EQ(frame.error().field, bad.field) << bad.payload.substr(0, 80);
    EXPECT_EQ(frame.error().closes(), bad.closes) << bad.payload.substr(0, 80);
  }
}

TEST(ChatCodec, ReadsEveryFrame) {
  const auto hello = parse_client_frame(
      R"({"t":"hello","visitor":"v","since":12,"chat":5,"identity":"i","language":"zh-CN","page":"/tea","queue":"sales","new":1})");
  ASSERT_TRUE(hello);
  const auto& h = std::get<Hello>(*hello);
  EXPECT_EQ(h.visitor, "v");
  EXPECT_EQ(h.since, 12U);
  EXPECT_EQ(h.chat, 5U);
  EXPECT_EQ(h.identity, "i");
  EXPECT_EQ(h.language, "zh-CN");
  EXPECT_EQ(h.page, "/tea");
  EXPECT_EQ(h.queue, "sales");
  const auto odd = parse_client_frame(R"({"t":"hello","language":"<en_US>","page":")" + repeat("茶", 500) + "\"}");
  ASSERT_TRUE(odd);  // cut and left out, not refused
  EXPECT_EQ(std::get<Hello>(*odd).language, "");
  EXPECT_EQ(std::get<Hello>(*odd).page, repeat("茶", 341));
  const auto start =
      parse_client_frame(R"({"t":"start","key":"k","text":"hi","name":"Li","email":"l@x.cn","queue":"q"})");
  ASSERT_TRUE(start);
  EXPECT_EQ(std::get<Start>(*start).email, "l@x.cn");
  const auto message =
      parse_client_frame(R"({"t":"message","key":")" + repeat("茶", 64) + R"(","text":")" + repeat("茶", 4000) + "\"}");
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<Message>(*message).text.size(), 12'000U);
  const auto file = parse_client_frame(R"({"t":"message","key":"k","text":"","attachment":"abc"})");
  ASSERT_TRUE(file);
  EXPECT_EQ(std::get<Message>(*file).attachment, "abc");
  EXPECT_TRUE(std::holds_alternative<Typing>(*parse_client_frame(R"({"t":"typing"})")));
  EXPECT_TRUE(std::holds_alternative<End>(*parse_client_frame(R"({"t":"end"})")));
}

TEST(ChatCodec, WritesFramesThatAnyJsonReaderReads) {
  const std::string awkward = "\"quoted\" \\ back\nline \x01 茶 </script>";
  StoredMessage stored{awkward, "陈 \"C\"", "key\"1", "a@b.c", "https://x/?a=\"b\"", {}};
  stored.attachment = AttachmentInfo{"票据.png", "image/png", 123, 2};
  EXPECT_EQ(read_stored(write_stored(stored)), stored);
  const auto value =
      boost::json::parse(write_message({{3}, 7, Party::kCustomer, stored.name, 1'700'000'000'000, 42}, stored))
          .as_object();
  EXPECT_EQ(value.at("t").as_string(), "message");
  EXPECT_EQ(value.at("chat").to_number<int>(), 3);
  EXPECT_EQ(value.at("n").to_number<int>(), 7);
  EXPECT_EQ(value.at("from").as_string(), "customer");
  EXPECT_EQ(value.at("text").as_string(), awkward);
  EXPECT_EQ(value.at("key").as_string(), "key\"1");
  EXPECT_EQ(value.at("attachment").at("id").as_string(), "42-2");
  const auto by_agent = boost::json::parse(write_message({{3}, 8, Party::kAgent, "Amy", 1, 43}, stored)).as_object();
  EXPECT_FALSE(by_agent.contains("key"));
  EXPECT_EQ(write_ack("k", 3), R"({"t":"ack","key":"k","n":3})");
  EXPECT_EQ(write_queued(2, std::nullopt, false), R"({"t":"queued","position":2})");
  EXPECT_EQ(write_queued(2, 1500, true), R"({"t":"queued","position":2,"wait_ms":1500,"callback":true})");
  EXPECT_EQ(write_callback("+8613800138000", 0), R"({"t":"callback","phone":"+8613800138000"})");
  EXPECT_EQ(write_callback("+1202", 99), R"({"t":"callback","phone":"+1202","at_ms":99})");
  EXPECT_EQ(write_ended(Party::kSystem), R"({"t":"ended","by":"system"})");
}

TEST(ChatCodec, UnreadableStoredMessagesCountAsEmpty) {
  for (const std::string_view text : {"", "x", "[]", "{\"text\":5}", "{\"attachment\":[]}"}) {
    EXPECT_EQ(read_stored(text), StoredMessage{}) << text;
  }
}

TEST(ChatCodec, AttachmentIds) {
  const auto id = parse_attachment_id(format_attachment_id({81, 2}));
  ASSERT_TRUE(id);
  EXPECT_EQ(id->seq, 81U);
  EXPECT_EQ(id->index, 2U);
  for (const std::string_view bad :
       {"", "1", "-", "1-", "-1", "0-1", "1-0", "1-2x", "1-2-3", "x-1", "1-99999", "99999999999999999999999-1"}) {
    EXPECT_FALSE(parse_attachment_id(bad)) << bad;
  }
}

}  // namespace
}  // namespace sb::chat
