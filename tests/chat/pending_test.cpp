#include <gtest/gtest.h>

#include "engine/attachments.h"

namespace sb::engine {
namespace {

using namespace std::string_view_literals;

TEST(Attachments, SniffsByTheirFirstBytes) {
  EXPECT_EQ(sniff_media_type("\x89PNG\r\n\x1A\n...."sv), "image/png");
  EXPECT_EQ(sniff_media_type("\xFF\xD8\xFF\xE0"sv), "image/jpeg");
  EXPECT_EQ(sniff_media_type("GIF89a..."sv), "image/gif");
  EXPECT_EQ(sniff_media_type("RIFF\0\0\0\0WEBPVP8 "sv), "image/webp");
  EXPECT_EQ(sniff_media_type("%PDF-1.7"sv), "application/pdf");
  EXPECT_EQ(sniff_media_type("龙井茶\r\n\tplain"sv), "text/plain");
  EXPECT_EQ(sniff_media_type("<script>alert(1)</script>"sv), "text/plain");  // served as text, never as a page
  EXPECT_FALSE(sniff_media_type(""sv));
  EXPECT_FALSE(sniff_media_type("MZ\x90\0"sv));
  EXPECT_FALSE(
      sniff_media_type("\x7F"
                       "ELF\x02"sv));
  EXPECT_FALSE(sniff_media_type("PK\x03\x04"sv));
  EXPECT_FALSE(sniff_media_type("RIFF\0\0\0\0WAVE"sv));
  EXPECT_FALSE(sniff_media_type("caf\xE9"sv));
  EXPECT_FALSE(sniff_media_type("\xC0\xAF"sv));
  EXPECT_FALSE(sniff_media_type("\xED\xA0\x80"sv));
}

TEST(Attachments, NamesAreMadeHarmless) {
  EXPECT_EQ(sanitize_file_name("../../etc/passwd", "text/plain"), "passwd");
  EXPECT_EQ(sanitize_file_name("C:\\Users\\x\\票据.png", "image/png"), "票据.png");
  EXPECT_EQ(sanitize_file_name("a\r\nSet-Cookie: x=\"1\"", "image/png"), "aSet-Cookie x=1");
  EXPECT_EQ(sanitize_file_name("invoice\xE2\x80\xAEgnp.exe", "image/png"), "invoicegnp.exe");  // right-to-left override
  EXPECT_EQ(sanitize_file_name("..", "image/png"), "file.png");
  EXPECT_EQ(sanitize_file_name("", "application/pdf"), "file.pdf");
  EXPECT_EQ(sanitize_file_name("\xFF\xFE", "text/plain"), "file.txt");
  EXPECT_EQ(sanitize_file_name(std::string(500, 'a'), "text/plain").size(), 120U);
  std::string long_name;
  for (int n = 0; n < 100; ++n) long_name += "茶";
  EXPECT_EQ(sanitize_file_name(long_name, "text/plain").size(), 120U);  // 40 whole characters
  EXPECT_EQ(content_disposition("a b.png", "image/png"), "inline; filename=\"a b.png\"");
  EXPECT_EQ(content_disposition("茶.pdf", "application/pdf"),
            "attachment; filename=\"_.pdf\"; filename*=UTF-8''%E8%8C%B6.pdf");
}

TEST(Attachments, AreBoundedAndBelongToTheirOwner) {
  PendingAttachments pending(
      {.bytes_each_max = 100, .bytes_max = 250, .count_max = 4, .per_owner_max = 2, .kept_ms = 1'000});
  EXPECT_EQ(pending.add("a", "x", "", 0).error(), AttachmentError::kEmpty);
  EXPECT_EQ(pending.add("a", "x", std::string(101, 'a'), 0).error(), AttachmentError::kTooLarge);
  EXPECT_EQ(pending.add("a", "x", "\x01\x02", 0).error(), AttachmentError::kUnknownType);
  const auto first = pending.add("a", "x.txt", std::string(100, 'a'), 0);
  const auto second = pending.add("a", "y.txt", "b", 500);
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first, *second);
  EXPECT_EQ(pending.add("a", "z", "c", 500).error(), AttachmentError::kTooMany);
  ASSERT_TRUE(pending.find("a", *first));
  EXPECT_FALSE(pending.find("b", *first));
  EXPECT_FALSE(pending.find("a", "unknown"));
  ASSERT_TRUE(pending.add("b", "x", std::string(100, 'b'), 500));
  EXPECT_EQ(pending.add("c", "x", std::string(60, 'c'), 500).error(), AttachmentError::kBusy);
  pending.expire(1'000);
  EXPECT_FALSE(pending.find("a", *first));
  EXPECT_TRUE(pending.find("a", *second));
  EXPECT_EQ(pending.bytes(), 101U);
  EXPECT_TRUE(pending.add("a", "z", std::string(60, 'c'), 1'000));
  pending.remove(*second);
  pending.remove(*second);
  EXPECT_EQ(pending.count(), 2U);
  pending.expire(5'000);
  EXPECT_EQ(pending.count(), 0U);
  EXPECT_EQ(pending.bytes(), 0U);
}

}  // namespace
}  // namespace sb::engine
