#include "crm/profile.h"

#include <gtest/gtest.h>

#include "crm/facts.h"
#include "crm/stored_content.h"
#include "tests/crm/records.h"

namespace sb::crm {
namespace {

TEST(Profile, ReadsEveryFieldAndNormalizes) {
  const auto profile = parse_profile(
      R"({"name":" 陈静 ","language":"zh-CN","time_zone":" Asia/Shanghai ","tier":2,"tags":["vip"," vip ","gift"],
    "company":"清和茶馆","consent":"granted","custom":{"city":"杭州"},
    "contacts":[{"kind":"phone","value":"138 0013 8000","verified":true},{"kind":"email","value":"Jing@Example.com"}],
    "remove_contacts":[{"kind":"phone","value":"021-5555 0100"}]})",
      kChina);
  ASSERT_TRUE(profile) << profile.error().field << " " << profile.error().message;
  EXPECT_EQ(profile->name, "陈静");
  EXPECT_EQ(profile->language, "zh-CN");
  EXPECT_EQ(profile->time_zone, "Asia/Shanghai");
  EXPECT_EQ(profile->tier, 2u);
  EXPECT_EQ(profile->tags, (std::vector<std::string>{"vip", "gift"}));
  EXPECT_EQ(profile->company, "清和茶馆");
  EXPECT_EQ(profile->consent, "granted");
  ASSERT_EQ(profile->contacts.size(), 2u);
  EXPECT_EQ(profile->contacts[0], (Contact{{"phone", "+8613800138000"}, true}));
  EXPECT_EQ(profile->contacts[1], (Contact{{"email", "jing@example.com"}, false}));
  EXPECT_EQ(profile->remove_contacts, (std::vector<Address>{{"phone", "+862155550100"}}));
  EXPECT_EQ(parse_profile(to_json(*profile), {}), *profile);
  EXPECT_EQ(read_stored_profile(to_json(*profile)).profile, *profile);
}

TEST(Profile, AbsentIsNotEmpty) {
  const auto nothing = parse_profile("{}", kChina);
  ASSERT_TRUE(nothing);
  EXPECT_EQ(*nothing, Profile{});
  const auto cleared = parse_profile(R"({"tags":[],"company":"","language":"","time_zone":"","name":null})", kChina);
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cleared->tags, std::vector<std::string>{});
  EXPECT_EQ(cleared->company, "");
  EXPECT_EQ(cleared->language, "");
  EXPECT_EQ(cleared->time_zone, "");
  EXPECT_FALSE(cleared->name);
}

struct BadProfile {
  std::string json;
  std::string field;
};
class BadProfiles : public testing::TestWithParam<BadProfile> {};

TEST_P(BadProfiles, NameTheField) {
  const auto profile = parse_profile(GetParam().json, kChina);
  ASSERT_FALSE(profile) << GetParam().json;
  EXPECT_EQ(profile.error().field, GetParam().field) << GetParam().json;
  EXPECT_FALSE(profile.error().message.empty());
}

std::string many(std::string_view one, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += (i ? "," : "") + std::string(one);
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadProfiles,
    testing::Values(
        BadProfile{"", ""}, BadProfile{"[]", ""}, BadProfile{R"({"name":"a")", ""},
        BadProfile{std::string(300'000, ' '), ""}, BadProfile{R"({"name":1})", "name"},
        BadProfile{R"({"name":" "})", "name"}, BadProfile{R"({"name":")" + std::string(201, 'a') + "\"}", "name"},
        BadProfile{R"({"name":"a\u0000b"})", "name"}, BadProfile{R"({"tier":10})", "tier"},
        BadProfile{R"({"tier":-1})", "tier"}, BadProfile{R"({"tier":1.5})", "tier"},
        BadProfile{R"({"tier":"1"})", "tier"}, BadProfile{R"({"language":"中文"})", "language"},
        BadProfile{R"({"language":"e"})", "language"}, BadProfile{R"({"time_zone":"UTC+8 h"})", "time_zone"},
        BadProfile{R"({"time_zone":8})", "time_zone"}, BadProfile{R"({"tags":"vip"})", "tags"},
        BadProfile{R"({"tags":[""]})", "tags"}, BadProfile{"{\"tags\":[" + many("\"a\"", 51) + "]}", "tags"},
        BadProfile{R"({"custom":{"":"a"}})", "custom"}, BadProfile{R"({"custom":{"a":1}})", "custom"},
        BadProfile{R"({"consent":"maybe"})", "consent"}, BadProfile{R"({"colour":"red"})", "colour"},
        BadProfile{R"({"contacts":{}})", "contacts"}, BadProfile{R"({"contacts":[1]})", "contacts[0]"},
        BadProfile{R"({"contacts":[{"kind":"phone"}]})", "contacts[0].value"},
        BadProfile{R"({"contacts":[{"kind":"fax","value":"1"}]})", "contacts[0].kind"},
        BadProfile{R"({"contacts":[{"kind":"email","value":"a@b.cn"},{"kind":"phone","value":"12"}]})",
                   "contacts[1].value"},
        BadProfile{R"({"contacts":[{"kind":"email","value":"a@b.cn","note":1}]})", "contacts[0].note"},
        BadProfile{R"({"remove_contacts":[{"kind":"email","value":"nobody"}]})", "remove_contacts[0].value"}));

TEST(Profile, LanguageTags) {
  for (const char* good : {"zh", "en-US", "zh-Hans-CN", "es-419"}) EXPECT_TRUE(is_language_tag(good)) << good;
  for (const char* bad : {"", "e", "en_US", "en-", "-en", "12", "waytoolonglanguage"}) {
    EXPECT_FALSE(is_language_tag(bad)) << bad;
  }
}

TEST(Profile, TimeZonesAreSpeltRightAndKnown) {
  for (const char* good : {"UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+8", "EST5EDT"}) {
    EXPECT_TRUE(is_time_zone(good, {})) << good;
  }
  for (const char* bad : {"", "/", "Asia/", "/Asia", "Asia//Shanghai", "+08:00", "Asia/Shang hai", "../etc", "上海"}) {
    EXPECT_FALSE(is_time_zone(bad, {})) << bad;
  }
  EXPECT_FALSE(is_time_zone(std::string(65, 'a'), {}));
  const KnowsZone only_london = [](const std::string& zone) { return zone == "Europe/London"; };
  EXPECT_TRUE(parse_profile(R"({"time_zone":"Europe/London"})", kChina, only_london));
  EXPECT_TRUE(parse_profile(R"({"time_zone":""})", kChina, only_london)) << "not known any more";
  const auto unknown = parse_profile(R"({"time_zone":"Asia/Shanghi"})", kChina, only_london);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().field, "time_zone");
  EXPECT_EQ(unknown.error().message, "must be an IANA name such as Asia/Shanghai");
}

TEST(Order, ReadsTotalsExactly) {
  const auto order = parse_order(
      R"({"number":"LJ100001","placed_ms":1700000000000,"status":"paid","total":"1288.5","currency":"CNY","items":["龙井","盖碗"]})");
  ASSERT_TRUE(order) << order.error().field;
  EXPECT_EQ(order->total_cents, 128'850);
  EXPECT_EQ(order->items, "龙井, 盖碗");
  EXPECT_EQ(parse_order(to_json(*order)), *order);
  EXPECT_EQ(parse_order(R"({"number":"1","total":0.29})")->total_cents, 29);
  EXPECT_EQ(parse_order(R"({"number":"1","total":-3})")->total_cents, -300);
  EXPECT_EQ(format_money(128'850, "CNY"), "CNY 1288.50");
  EXPECT_EQ(format_money(-5, "USD"), "USD -0.05");
  for (const char* total :
       {R"("1.234")", R"("1,000")", R"("")", R"("-")", "1.001", "1e300", "true", R"("99999999999999")"}) {
    const auto bad = parse_order(std::string(R"({"number":"1","total":)") + total + "}");
    ASSERT_FALSE(bad) << total;
    EXPECT_EQ(bad.error().field, "total");
  }
  EXPECT_EQ(parse_order("{}").error().field, "number");
  EXPECT_EQ(parse_order(R"({"number":"1","currency":"yuan"})").error().field, "currency");
  EXPECT_EQ(parse_order(R"({"number":"1","items":[1]})").error().field, "items");
}

TEST(Note, NeedsText) {
  EXPECT_EQ(parse_note(note_json("请晚上联系\n谢谢")), "请晚上联系\n谢谢");
  EXPECT_EQ(parse_note(R"({"text":" "})").error().field, "text");
  EXPECT_EQ(parse_note(R"({"text":")" + std::string(10'001, 'a') + "\"}").error().field, "text");
  EXPECT_EQ(parse_consent(R"({"consent":"granted"})"), "granted");
  EXPECT_EQ(parse_consent(R"({"consent":"yes"})").error().field, "consent");
}

TEST(StoredContent, NeverFails) {
  for (const char* odd : {"", "{", "[1]", "null", R"({"name":1,"tags":{},"custom":[],"contacts":"x","tier":-1})"}) {
    EXPECT_EQ(read_stored_profile(odd).profile, Profile{}) << odd;
  }
  EXPECT_EQ(read_stored_message(R"({"text":"","attachment":{"name":"photo.jpg"}})"), "photo.jpg");
  const auto caller = read_stored_profile(to_json(IdentityDetails{{"phone", "+8613800138000"}, "", true}));
  EXPECT_TRUE(caller.identity_only);
  EXPECT_EQ(caller.profile.contacts, (std::vector<Contact>{{{"phone", "+8613800138000"}, true}}));
}

TEST(StoredContent, FirstWordsCutAtCharacters) {
  EXPECT_EQ(first_words("  my\n teapot\tleaks ", 80), "my teapot leaks");
  EXPECT_EQ(first_words("我的茶壶漏水", 4), "我的茶壶…");
  EXPECT_EQ(first_words("我的茶壶", 4), "我的茶壶");
  EXPECT_EQ(first_words("ab cd", 2), "ab…");
  EXPECT_EQ(first_words("", 4), "");
}

}  // namespace
}  // namespace sb::crm
