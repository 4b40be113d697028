#include "net/form.h"

#include <gtest/gtest.h>

namespace sb::net {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(Form, ParsesIntoOrderedPairs) {
  const struct {
    std::string_view text;
    Pairs pairs;
  } kTable[] = {
      {"", {}},
      {"&&", {}},
      {"a=1", {{"a", "1"}}},
      {"a=1&b=2&a=3", {{"a", "1"}, {"b", "2"}, {"a", "3"}}},
      {"flag", {{"flag", ""}}},
      {"=x", {{"", "x"}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"a+b=c+d", {{"a b", "c d"}}},
      {"%61=%E4%BD%A0%e5%a5%bd", {{"a", "\xE4\xBD\xA0\xE5\xA5\xBD"}}},
      {"a=%26%3D%2b", {{"a", "&=+"}}},
  };
  for (const auto& row : kTable) {
    const auto form = parse_form(row.text);
    ASSERT_TRUE(form) << row.text;
    EXPECT_EQ(Pairs(form->begin(), form->end()), row.pairs) << row.text;
  }
}

TEST(Form, RefusesBadInput) {
  for (const std::string_view text : {"a=%", "a=%4", "a=%4g", "%zz=1", "a=%u0041"}) {
    const auto form = parse_form(text);
    ASSERT_FALSE(form) << text;
    EXPECT_EQ(form.error(), FormError::bad_escape);
  }
  EXPECT_EQ(parse_form("a=%00").error(), FormError::nul);
  EXPECT_EQ(parse_form(std::string_view("a=\0", 3)).error(), FormError::nul);
  EXPECT_EQ(parse_form("a=1&b=2&c=3", 2).error(), FormError::too_many_fields);
  EXPECT_TRUE(parse_form("a=1&b=2&", 2));
}

TEST(Form, EncodesSoThatItDecodes) {
  EXPECT_EQ(percent_encode("a b&c=d/\xC3\xA9~"), "a%20b%26c%3Dd%2F%C3%A9~");
  std::string all;
  for (int c = 1; c < 256; ++c) all.push_back(static_cast<char>(c));
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  const auto form = parse_form(to_form({{"k k", all}, {"", "x"}}));
  ASSERT_TRUE(form);
  EXPECT_EQ(form->find("k k"), all);
  EXPECT_EQ(form->find("missing"), std::nullopt);
}

TEST(Form, ParsesCookies) {
  const auto cookies = parse_cookies("sid=abc; theme=\"dark\";  spaced = v ;broken; bad=\x01; =noname; sid=second");
  EXPECT_EQ(Pairs(cookies.begin(), cookies.end()),
            (Pairs{{"sid", "abc"}, {"theme", "dark"}, {"spaced", "v"}, {"sid", "second"}}));
  EXPECT_EQ(cookies.find("sid"), "abc");
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "n=v;";
  EXPECT_EQ(parse_cookies(many).size(), kFormFieldsMax);
}

}  // namespace
}  // namespace sb::net
