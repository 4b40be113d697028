#include "crm/outside_number.h"

#include <gtest/gtest.h>

#include "tests/crm/records.h"

namespace sb::crm {
namespace {

TEST(OutsideNumber, IsCalledOnlyWhereTheConfigurationSays) {
  const std::vector<std::string> prefixes{"+86", "+1415"};
  EXPECT_EQ(outside_number("138 0013 8000", kChina, prefixes), "+8613800138000");
  EXPECT_EQ(outside_number("+1 (415) 555-0123", kChina, prefixes), "+14155550123");
  for (const char* dear : {"+1 900 555 0100", "+1 876 555 0100", "+44 20 7946 0000", "00 44 20 7946 0000"}) {
    const auto refused = outside_number(dear, kChina, prefixes);
    ASSERT_FALSE(refused) << dear;
    EXPECT_EQ(refused.error().code, "number_not_allowed") << dear;
    EXPECT_EQ(refused.error().message.find("555"), std::string::npos) << "the number itself stays out of it";
  }
  EXPECT_EQ(outside_number("138 0013 8000", kChina, {}).error().code, "number_not_allowed") << "none unless named";
}

TEST(OutsideNumber, IsAWholeNumber) {
  for (const char* text :
       {"", "110", "911", "anonymous", "client:boss", "sip:boss@example.com", "+86", "+86138x0138000"}) {
    const auto refused = outside_number(text, kChina, {"+86", "+"});
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, "bad_number") << text;
  }
}

TEST(OutsideNumber, PrefixesAreBeginningsOfNumbers) {
  for (const char* good : {"+1", "+86", "+1415", "+861380013800"}) EXPECT_TRUE(is_number_prefix(good)) << good;
  for (const char* bad : {"", "+", "86", "+0", "00", "+86 ", "+86x", "+8613800138000123456"}) {
    EXPECT_FALSE(is_number_prefix(bad)) << bad;
  }
}

}  // namespace
}  // namespace sb::crm
