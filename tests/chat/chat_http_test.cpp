#include "tests/chat/chat_fixture.h"

namespace sb::chat::test {
namespace {

using namespace std::string_literals;
const std::string kPng = "\x89PNG\r\n\x1A\n and the rest\0of it"s;

std::string id_of(const net::test::HttpAnswer& answer) {
  return std::string(boost::json::parse(answer.body).at("id").as_string());
}

TEST_F(ChatTest, AnAttachmentFromUploadToDownload) {
  open();
  Tab customer = tab();
  customer.hello();
  const std::string upload =
      "/chat/attachments?name=" + std::string("..%2F%E7%A5%A8.png") + "&visitor=" + customer.token;
  EXPECT_EQ(http("POST", upload, kPng).status, 409U);  // no chat yet
  customer.start("k1", "hi");
  customer.expect("ack");
  const auto uploaded = http("POST", upload, kPng, "Content-Type: image/png\r\n");
  ASSERT_EQ(uploaded.status, 201U) << uploaded.body;
  const std::string pending = id_of(uploaded);

  Tab other = tab();
  other.hello();
  other.start("k1", "hi");
  other.expect("ack");
  other.send(R"({"t":"message","key":"k2","text":"","attachment":")" + pending + "\"}");
  EXPECT_EQ(other.expect("error").at("code").as_string(), "unknown_attachment");  // somebody else's

  customer.send(R"({"t":"message","key":"k2","text":"","attachment":")" + pending + "\"}");
  const auto message = customer.expect("message");
  const auto& attachment = message.at("attachment").as_object();
  EXPECT_EQ(attachment.at("name").as_string(), "票.png");
  EXPECT_EQ(attachment.at("media_type").as_string(), "image/png");
  EXPECT_EQ(attachment.at("bytes").to_number<std::size_t>(), kPng.size());
  customer.expect("ack");
  EXPECT_EQ(on_io([&] { return edge_->figures().attachments_waiting; }), 0U);
  customer.send(R"({"t":"message","key":"k2","text":"","attachment":")" + pending + "\"}");  // resent
  EXPECT_EQ(customer.expect("ack").at("n").to_number<int>(), 2);

  const std::string file = "/chat/attachments/" + std::string(attachment.at("id").as_string());
  const auto got = http("GET", file + "?visitor=" + customer.token);
  EXPECT_EQ(got.status, 200U);
  EXPECT_EQ(got.body, kPng);
  for (const std::string_view header :
       {"Content-Type: image/png", "X-Content-Type-Options: nosniff",
        "Content-Security-Policy: default-src 'none'; sandbox",
        "Content-Disposition: inline; filename=\"_.png\"; filename*=UTF-8''%E7%A5%A8.png"}) {
    EXPECT_NE(got.head.find(header), std::string::npos) << header << "\n" << got.head;
  }
  EXPECT_EQ(http("GET", file + "?visitor=" + other.token).status, 404U);
  EXPECT_EQ(http("GET", file).status, 401U);
  EXPECT_EQ(http("GET", file + "?visitor=forged").status, 401U);
  const std::string seq = file.substr(0, file.rfind('-'));
  EXPECT_EQ(http("GET", seq + "-1?visitor=" + customer.token).status, 404U);  // the message's own row
  EXPECT_EQ(http("GET", seq + "-3?visitor=" + customer.token).status, 404U);
  EXPECT_EQ(http("GET", "/chat/attachments/1-2?visitor=" + customer.token).status, 404U);
  EXPECT_EQ(http("GET", "/chat/attachments/x?visitor=" + customer.token).status, 404U);

  customer.send(R"({"t":"end"})");
  customer.expect("ended");
  EXPECT_EQ(http("GET", file + "?visitor=" + customer.token).status, 200U);  // the page is still open
}

TEST_F(ChatTest, UploadsAreLimited) {
  auto options = quick();
  options.attachments.per_owner_max = 2;
  options.origins = {"https://shop.example"};
  open(options);
  Tab customer = tab();
  customer.hello();
  customer.start("k1", "hi");
  customer.expect("ack");
  const auto before = records();
  const std::string upload = "/chat/attachments?name=a&visitor=" + customer.token;
  EXPECT_EQ(http("POST", upload, std::string(10'001, 'a')).status, 413U);
  EXPECT_EQ(http("POST", upload, "").status, 400U);
  EXPECT_EQ(http("POST", upload, std::string("MZ\x90\0", 4), "Content-Type: image/png\r\n").status, 415U);
  EXPECT_EQ(http("POST", "/chat/attachments?name=a", "text").status, 401U);
  EXPECT_EQ(http("PUT", upload, "text").status, 405U);
  EXPECT_EQ(http("POST", upload, "text", "Origin: https://evil.example\r\n").status, 403U);
  const auto cross = http("POST", upload, "text", "Origin: https://shop.example\r\n");
  EXPECT_EQ(cross.status, 201U);
  EXPECT_NE(cross.head.find("Access-Control-Allow-Origin: https://shop.example"), std::string::npos);
  EXPECT_EQ(http("OPTIONS", upload, "", "Origin: https://shop.example\r\n").status, 204U);
  EXPECT_EQ(http("POST", upload, "text").status, 201U);
  const auto many = http("POST", upload, "text");
  EXPECT_EQ(many.status, 429U);
  EXPECT_NE(many.head.find("Retry-After: 1\r\n"), std::string::npos) << many.head;
  EXPECT_EQ(records(), before);
}

}  // namespace
}  // namespace sb::chat::test
