#include <gtest/gtest.h>

#include "crm/csv_import.h"
#include "crm/csv_reader.h"

namespace sb::crm {
namespace {

using Fields = std::vector<std::string>;

struct CsvCase {
  std::string_view text;
  std::vector<Fields> rows;
  std::vector<std::uint32_t> error_lines;
};
class CsvRows : public testing::TestWithParam<CsvCase> {};

TEST_P(CsvRows, Read) {
  CsvReader reader(GetParam().text, {.field_bytes = 20, .row_bytes = 30, .fields = 4});
  std::vector<Fields> rows;
  std::vector<std::uint32_t> error_lines;
  while (true) {
    auto row = reader.next();
    if (!row) {
      error_lines.push_back(row.error().line);
      EXPECT_FALSE(row.error().reason.empty());
    } else if (*row) {
      rows.push_back((*row)->fields);
    } else {
      break;
    }
  }
  EXPECT_EQ(rows, GetParam().rows);
  EXPECT_EQ(error_lines, GetParam().error_lines);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CsvRows,
    testing::Values(CsvCase{"", {}, {}}, CsvCase{"a,b\n1,2", {{"a", "b"}, {"1", "2"}}, {}},
                    CsvCase{"\xEF\xBB\xBF姓名,电话\r\n陈静,1\r\n", {{"姓名", "电话"}, {"陈静", "1"}}, {}},
                    CsvCase{"a\rb\r", {{"a"}, {"b"}}, {}}, CsvCase{"\n\r\n\na\n\n", {{"a"}}, {}},
                    CsvCase{",\n\"\"\n", {{"", ""}, {""}}, {}}, CsvCase{"a,\n", {{"a", ""}}, {}},
                    CsvCase{"\"a,\"\"b\"\"\nc\",d\n", {{"a,\"b\"\nc", "d"}}, {}},
                    CsvCase{"\"a\r\nb\"\nx\"y\n", {{"a\r\nb"}}, {3}}, CsvCase{"\"a\"b,c\nd\n", {{"d"}}, {1}},
                    CsvCase{"a\n\"open\nb\n", {{"a"}, {"b"}}, {2}}, CsvCase{"\"", {}, {1}},
                    CsvCase{"1,2,3,4,5\n1,2,3,4\n", {{"1", "2", "3", "4"}}, {1}},
                    CsvCase{"aaaaaaaaaaaaaaaaaaaaa\nb\n", {{"b"}}, {1}},
                    CsvCase{"\"aaaaaaaaaaaaaaaaaaaaa\"\nb\n", {{"b"}}, {1}},
                    CsvCase{"aaaaaaaaaaaaaaaaaaaa,bbbbbbbbbbb\nb\n", {{"b"}}, {1}},
                    CsvCase{"\xB3\xC2\xBE\xB2,1\nb\n", {{"b"}}, {1}}, CsvCase{" a , b ", {{" a ", " b "}}, {}}));

TEST(CsvImport, MapsColumnsInEitherLanguage) {
  const auto result = read_import(
      "\xEF\xBB\xBFName,手机,E-Mail,language,Tier,tags,company,custom.City,shoe size\r\n"
      "陈静,138 0013 8000;+1 415 555 0100,Jing@Example.com,zh-CN,2,vip; gift；vip,\"清和,茶馆\",杭州,38\r\n",
      {"86"});
  ASSERT_TRUE(result) << result.error().reason;
  EXPECT_TRUE(result->skipped.empty());
  EXPECT_EQ(result->ignored_columns, Fields{"shoe size"});
  ASSERT_EQ(result->rows.size(), 1u);
  EXPECT_EQ(result->rows[0].line, 2u);
  const Profile& profile = result->rows[0].profile;
  EXPECT_EQ(profile.name, "陈静");
  EXPECT_EQ(profile.language, "zh-CN");
  EXPECT_EQ(profile.tier, 2u);
  EXPECT_EQ(profile.tags, (Fields{"vip", "gift"}));
  EXPECT_EQ(profile.company, "清和,茶馆");
  EXPECT_EQ(profile.custom, (std::vector<std::pair<std::string, std::string>>{{"City", "杭州"}}));
  EXPECT_EQ(profile.contacts, (std::vector<Contact>{{{"phone", "+8613800138000"}, false},
                                                    {{"phone", "+14155550100"}, false},
                                                    {{"email", "jing@example.com"}, false}}));
}

TEST(CsvImport, SaysWhatIsWrongWithWhichLine) {
  const auto result = read_import(
      "name,phone,email,tier,language\n"
      "Amy,13800138000,,,\n"
      "No address,,,,\n"
      "Bad phone,12,,,\n"
      "Bad mail,,nobody,,\n"
      "Bad tier,13800138001,,11,\n"
      "Bad language,13800138002,,,中文\n"
      "\"two\nlines\",13800138003,,,\n"
      "Many,13800138004,,,,,\n"
      "Anonymous,+266696687,,,\n"
      "Short,13800138005\n",
      {"86"});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->rows.size(), 2u);
  EXPECT_EQ(result->rows[1].profile.name, "Short");
  std::vector<std::uint32_t> lines;
  for (const auto& skipped : result->skipped) lines.push_back(skipped.line);
  EXPECT_EQ(lines, (std::vector<std::uint32_t>{3, 4, 5, 6, 7, 8, 10, 11}));
  EXPECT_EQ(result->skipped[0].reason, "has no phone and no e-mail");
  EXPECT_EQ(result->skipped[1].reason, "phone is not a complete phone number");
  EXPECT_EQ(result->skipped[7].reason, "phone is withheld");
}

TEST(CsvImport, TakesTheTimeZonesThatAreKnown) {
  const KnowsZone knows = [](const std::string& zone) { return zone == "Europe/London" || zone == "UTC"; };
  const auto result = read_import(
      "name,phone,时区\n"
      "Amy,13800138000, Europe/London \n"
      "Ben,13800138001,\n"
      "Cy,13800138002,Europe/Londn\n"
      "Dee,13800138003,+01:00\n"
      "Amy again,13800138000,UTC\n",
      {"86"}, knows);
  ASSERT_TRUE(result) << result.error().reason;
  EXPECT_TRUE(result->ignored_columns.empty());
  ASSERT_EQ(result->rows.size(), 2u);
  EXPECT_EQ(result->rows[0].profile.time_zone, "UTC") << "the later row wins";
  EXPECT_FALSE(result->rows[1].profile.time_zone) << "an empty cell says nothing";
  ASSERT_EQ(result->skipped.size(), 2u);
  EXPECT_EQ(result->skipped[0].line, 4u);
  EXPECT_EQ(result->skipped[0].reason, "time_zone is not an IANA name such as Asia/Shanghai");
  EXPECT_EQ(result->skipped[1].line, 5u);
  for (const char* header : {"time_zone", "TimeZone", "Time zone"}) {
    const auto one = read_import("phone," + std::string(header) + "\n13800138000,UTC\n", {"86"}, knows);
    ASSERT_TRUE(one && one->rows.size() == 1) << header;
    EXPECT_EQ(one->rows[0].profile.time_zone, "UTC") << header;
  }
}

TEST(CsvImport, JoinsRowsThatShareAnAddress) {
  const auto result = read_import(
      "name,phone,email,tags,custom.city\n"
      "陈静,13800138000,,vip,杭州\n"
      "Other,13900139000,,,\n"
      "J. Chen,,jing@example.com,gift,\n"
      "陈静女士,+86 138 0013 8000,JING@example.com,,上海\n",
      {"86"});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->rows.size(), 2u);
  const Profile& joined = result->rows[0].profile;
  EXPECT_EQ(result->rows[0].line, 2u);
  EXPECT_EQ(joined.name, "陈静女士");
  EXPECT_EQ(joined.tags, Fields{"gift"});
  EXPECT_EQ(joined.custom, (std::vector<std::pair<std::string, std::string>>{{"city", "上海"}}));
  EXPECT_EQ(joined.contacts.size(), 2u);
  EXPECT_EQ(result->rows[1].profile.name, "Other");
}

TEST(CsvImport, RefusesFilesWithoutUsableHeader) {
  EXPECT_EQ(read_import("", {}).error().reason, "the file is empty");
  EXPECT_EQ(read_import("name,city\nAmy,Leeds\n", {}).error().line, 1u);
  EXPECT_FALSE(read_import("\"name\n", {}));
}

}  // namespace
}  // namespace sb::crm
