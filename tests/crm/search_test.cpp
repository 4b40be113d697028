#include "crm/directory_search.h"

#include <gtest/gtest.h>

#include <thread>

#include "crm/facts.h"
#include "crm/projection.h"
#include "tests/crm/records.h"
#include "tests/crm/temporary_directory.h"

namespace sb::crm {
namespace {

class Search : public testing::Test {
 protected:
  void SetUp() override {
    put(1, R"({"name":"陈静","company":"清和茶馆","contacts":[{"kind":"phone","value":"+8613800138000"}]})");
    put(2, R"({"name":"陈静怡","contacts":[{"kind":"email","value":"jingyi.chen@example.org"}]})");
    put(3, R"({"name":"Dana Kowalski","contacts":[{"kind":"phone","value":"+442079460958"}]})");
    put(4, R"({"name":"Dan O'Neil \"100%_\"","company":"Harbour Tea"})");
    put(5, R"({"name":"Bo"})");
    journal_.add(50, {event::CustomerFactAdded{{3}, "order", {}, {}, 1}},
                 {to_json(Order{"LJ-100234", 1, "paid", 1, "GBP", ""})});
    auto projection = Projection::open(home_ / "records.db");
    ASSERT_TRUE(projection);
    ASSERT_TRUE(projection->apply(journal_.records(), journal_.reader()));
    projection_.emplace(std::move(*projection));
    auto directory = Directory::open(home_ / "records.db");
    ASSERT_TRUE(directory);
    directory_.emplace(std::move(*directory));
  }
  void put(std::uint64_t id, std::string profile) {
    journal_.add(id, {event::CustomerCreated{{id}, {}, 1}}, {std::move(profile)});
  }
  std::vector<std::uint64_t> find(std::string_view text, std::uint32_t limit = 10) {
    const auto found = directory_->search(text, limit);
    EXPECT_TRUE(found) << text << ": " << (found ? "" : found.error().message);
    std::vector<std::uint64_t> ids;
    if (found) {
      for (const auto& summary : *found) ids.push_back(summary.customer.value);
    }
    return ids;
  }
  using Ids = std::vector<std::uint64_t>;

  TemporaryDirectory home_;
  Journal journal_;
  std::optional<Projection> projection_;
  std::optional<Directory> directory_;
};

TEST_F(Search, ChineseOfAnyLength) {
  EXPECT_EQ(find("陈"), (Ids{1, 2}));
  EXPECT_EQ(find("陈静"), (Ids{1, 2}));
  EXPECT_EQ(find("静怡"), (Ids{2}));
  EXPECT_EQ(find("陈静怡"), (Ids{2}));
  EXPECT_EQ(find("清和茶馆"), (Ids{1}));
  EXPECT_EQ(find("陈 清和茶"), (Ids{1}));
  EXPECT_EQ(find("陈　清和"), (Ids{1}));
  EXPECT_EQ(find("王"), (Ids{}));
}

TEST_F(Search, EnglishInAnyCaseAndOrder) {
  EXPECT_EQ(find("dana"), (Ids{3}));
  EXPECT_EQ(find("KOWAL"), (Ids{3}));
  EXPECT_EQ(find("kowalski dana"), (Ids{3}));
  EXPECT_EQ(find("dan"), (Ids{3, 4}));
  EXPECT_EQ(find("bo"), (Ids{5, 4}));  // the exact name first, then Harbour
  EXPECT_EQ(find("dana nobody"), (Ids{}));
  EXPECT_EQ(find("dan", 1), (Ids{3}));
}

TEST_F(Search, NumbersInAnySpelling) {
  for (const char* text : {"13800138000", "138 0013 8000", "+86 138-0013-8000", "0086 13800138000", "8000"}) {
    EXPECT_EQ(find(text), (Ids{1})) << text;
  }
  EXPECT_EQ(find("020 7946 0958"), (Ids{3}));
  EXPECT_EQ(find("jingyi.chen@"), (Ids{2}));
  EXPECT_EQ(find("LJ-100234"), (Ids{3}));
  EXPECT_EQ(find("lj-1002"), (Ids{3}));
}

TEST_F(Search, PunctuationIsText) {
  EXPECT_EQ(find("O'Neil"), (Ids{4}));
  EXPECT_EQ(find("\"100%_\""), (Ids{4}));
  EXPECT_EQ(find("%_"), (Ids{4}));
  EXPECT_EQ(find("%"), (Ids{4}));
  EXPECT_EQ(find("NEAR("), (Ids{}));
  EXPECT_EQ(find("name:dana"), (Ids{}));
  EXPECT_EQ(find("\""), (Ids{4}));
  EXPECT_EQ(find("\\"), (Ids{}));
  EXPECT_EQ(find(""), (Ids{}));
  EXPECT_EQ(find(" \n "), (Ids{}));
  EXPECT_EQ(find("\xFF\xFF\xFF"), (Ids{}));
  EXPECT_EQ(find(std::string(201, 'a')), (Ids{}));
}

TEST_F(Search, FollowsChangesAndMerges) {
  journal_.add(60, {event::CustomerPut{{5}, {}, 1}}, {R"({"name":"Beatrix"})"});
  journal_.add(61, {event::CustomersMerged{{2}, {1}, {}}});
  ASSERT_TRUE(projection_->apply(journal_.records(), journal_.reader()));
  EXPECT_EQ(find("bo"), (Ids{4}));
  EXPECT_EQ(find("beatrix"), (Ids{5}));
  EXPECT_EQ(find("陈静怡"), (Ids{1}));
  EXPECT_EQ(find("陈"), (Ids{1}));
}

TEST_F(Search, AnswersManyThreadsWhileTheProjectionWrites) {
  std::atomic<bool> good = true;
  std::vector<std::jthread> readers;
  for (int t = 0; t < 6; ++t) {
    readers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const auto found = directory_->search("陈静", 10);
        const auto pop = directory_->screen_pop({1});
        const auto match = directory_->find_by_identity({1, 1});
        if (!found || found->size() != 2 || !pop || pop->name != "陈静" || !match || *match) good = false;
      }
    });
  }
  for (std::uint64_t i = 0; i < 100; ++i) put(100 + i, R"({"name":"Nobody"})");
  for (const Record& record : journal_.records()) ASSERT_TRUE(projection_->apply(record, journal_.reader()));
  readers.clear();
  EXPECT_TRUE(good);
}

}  // namespace
}  // namespace sb::crm
