// The small structures under the state: hash map, bitmap, slab, waiting order, deadlines.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "routing/bitmap.h"
#include "routing/deadlines.h"
#include "routing/flat_map.h"
#include "routing/ordered_keys.h"
#include "routing/slab.h"
#include "routing/waiting.h"

namespace sb::routing {
namespace {

TEST(FlatMap, AgreesWithAnOrderedMapThroughGrowthAndDeletion) {
  std::mt19937_64 random(1);
  for (const std::uint64_t keys : {20ull, 300ull, 5000ull}) {
    FlatMap<std::uint64_t> map;
    std::map<std::uint64_t, std::uint64_t> truth;
    for (int n = 0; n < 30'000; ++n) {
      const std::uint64_t key = 1 + random() % keys;
      if (random() % 2 == 0) {
        map.put(key, static_cast<std::uint64_t>(n));
        truth[key] = static_cast<std::uint64_t>(n);
      } else {
        EXPECT_EQ(map.erase(key), truth.erase(key) == 1);
      }
      ASSERT_EQ(map.size(), truth.size());
    }
    for (std::uint64_t key = 1; key <= keys; ++key) {
      const auto* found = map.find(key);
      ASSERT_EQ(found != nullptr, truth.contains(key)) << key;
      if (found) {
        EXPECT_EQ(*found, truth.at(key));
      }
    }
  }
}

TEST(FlatMap, ErasingInACrowdedTableKeepsEveryOtherKeyReachable) {
  // About 14 keys in 32 places of each part, where chance puts them: chains form, and some wrap around the end. Erase
  // each in turn from a full table.
  std::mt19937_64 random(9);
  std::vector<std::uint64_t> keys(900);
  for (std::uint64_t& key : keys) key = random() | 1;
  for (const std::uint64_t victim : keys) {
    FlatMap<std::uint64_t> map;
    for (const std::uint64_t key : keys) map.put(key, key + 10);
    ASSERT_TRUE(map.erase(victim));
    EXPECT_FALSE(map.erase(victim));
    for (const std::uint64_t key : keys) {
      if (key == victim) {
        EXPECT_EQ(map.find(key), nullptr);
      } else {
        ASSERT_NE(map.find(key), nullptr) << victim << " took " << key << " along";
        EXPECT_EQ(*map.find(key), key + 10);
      }
    }
  }
}

TEST(FlatMap, EmptyHasNothing) {
  FlatMap<int> map;
  EXPECT_EQ(map.find(5), nullptr);
  EXPECT_FALSE(map.erase(5));
  EXPECT_EQ(map.size(), 0u);
}

TEST(Bitmap, AgreesWithASet) {
  std::mt19937_64 random(2);
  Bitmap a;
  Bitmap b;
  std::set<std::uint32_t> in_a;
  std::set<std::uint32_t> in_b;
  for (int n = 0; n < 5000; ++n) {
    const auto i = static_cast<std::uint32_t>(random() % 700);
    const bool on = random() % 3 != 0;
    (n % 2 == 0 ? a : b).set(i, on);
    auto& truth = n % 2 == 0 ? in_a : in_b;
    on ? (void)truth.insert(i) : (void)truth.erase(i);
  }
  std::vector<std::uint32_t> seen;
  a.for_each([&](std::uint32_t i) { seen.push_back(i); });
  EXPECT_TRUE(std::equal(seen.begin(), seen.end(), in_a.begin(), in_a.end()));
  std::vector<std::uint32_t> both;
  std::set_intersection(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(), std::back_inserter(both));
  std::vector<std::uint32_t> common;
  for_each_common(a, b, [&](std::uint32_t i) { common.push_back(i); });
  EXPECT_EQ(common, both);
  EXPECT_EQ(count_common(a, b), both.size());
  EXPECT_EQ(a.count(), in_a.size());
  EXPECT_EQ(b.count(), in_b.size());
  Bitmap few;  // so small beside the other that its empty words are passed over
  few.set(*in_a.rbegin());
  EXPECT_EQ(count_common(a, few), 1u);
  EXPECT_EQ(count_common(few, a), 1u);
  few.set(*in_a.rbegin(), false);
  EXPECT_TRUE(few.empty());
  EXPECT_EQ(count_common(a, few), 0u);
  EXPECT_FALSE(a.test(100'000));
  a.set(100'000, false);  // clearing what never was does not grow
  EXPECT_FALSE(a.test(100'000));
}

TEST(Slab, ReusesSlotsAndWalksInOrderOfIds) {
  Slab<Skill> slab;
  for (std::uint32_t id : {5u, 3u, 9u}) slab.insert({{id}, "s"});
  const std::uint32_t slot = slab.slot_of({3});
  slab.erase({3});
  slab.erase({3});
  EXPECT_EQ(slab.find({3}), nullptr);
  EXPECT_EQ(slab.slot_of({3}), Slab<Skill>::kNoSlot);
  slab.insert({{7}, "seven"});
  EXPECT_EQ(slab.slot_of({7}), slot);
  EXPECT_EQ(slab.slots(), 3u);
  std::vector<std::uint32_t> ids;
  for (const Skill* s : slab.sorted()) ids.push_back(s->id.value);
  EXPECT_EQ(ids, (std::vector<std::uint32_t>{5, 7, 9}));
}

TEST(Slab, FindsLargeNumbersOfConfiguredThingsToo) {
  Slab<Skill> slab;
  const std::vector<std::uint32_t> numbers{1, 65'535, 65'536, 4'000'000'000};
  for (const std::uint32_t id : numbers) slab.insert({{id}, std::to_string(id)});
  EXPECT_EQ(slab.size(), numbers.size());
  for (const std::uint32_t id : numbers) {
    ASSERT_NE(slab.find({id}), nullptr) << id;
    EXPECT_EQ(slab.find({id})->name, std::to_string(id));
  }
  EXPECT_EQ(slab.find({2}), nullptr);
  EXPECT_EQ(slab.find({70'000}), nullptr);
  for (const std::uint32_t id : numbers) slab.erase({id});
  EXPECT_EQ(slab.size(), 0u);
  for (const std::uint32_t id : numbers) EXPECT_EQ(slab.find({id}), nullptr) << id;
}

TEST(Slab, TellsApartIdsWhoseLowHalvesAreTheSame) {
  constexpr std::uint64_t kFar = std::uint64_t{1} << 32;
  Slab<Interaction> slab;
  for (const std::uint64_t id : {std::uint64_t{7}, 7 + kFar, 7 + 2 * kFar, kFar}) {
    Interaction i;
    i.id = {id};
    i.priority = static_cast<std::int32_t>(id / kFar);
    slab.insert(std::move(i));
  }
  EXPECT_EQ(slab.size(), 4u);
  EXPECT_EQ(slab.find({7 + kFar})->priority, 1);
  slab.erase({7 + kFar});
  EXPECT_EQ(slab.find({7 + kFar}), nullptr);
  EXPECT_EQ(slab.find({7 + 2 * kFar})->priority, 2);
  EXPECT_EQ(slab.find({7})->priority, 0);
  EXPECT_EQ(slab.find({kFar})->id.value, kFar);
  EXPECT_EQ(slab.find({2 * kFar}), nullptr);
}

// As interactions live: numbered in turn, most gone after a while, a few for long.
TEST(Slab, FindsWhatCameLatelyAndWhatStayedBehind) {
  constexpr std::uint64_t kIds = 20'000;
  constexpr std::uint64_t kWindow = 1'000;
  const auto stays = [](std::uint64_t id) { return id % 97 == 0; };
  Slab<Interaction> slab;
  for (std::uint64_t id = 1; id <= kIds; ++id) {
    Interaction i;
    i.id = {id};
    i.rank_ms = static_cast<std::int64_t>(id * 3);
    slab.insert(std::move(i));
    if (id > kWindow && !stays(id - kWindow)) slab.erase({id - kWindow});
  }
  for (std::uint64_t id = 1; id <= kIds; ++id) {
    const Interaction* found = slab.find({id});
    ASSERT_EQ(found != nullptr, id > kIds - kWindow || stays(id)) << id;
    if (found) {
      EXPECT_EQ(found->rank_ms, static_cast<std::int64_t>(id * 3));
    }
  }
  EXPECT_EQ(slab.size(), kWindow + (kIds - kWindow) / 97);
}

TEST(LanguageTag, IsItsTextWhateverTheLength) {
  for (const std::string text : {"", "z", "zh-CN", "zh-Hant", "zh-Hans-CN", "de-CH-1996-x-a-very-private-tag"}) {
    LanguageTag tag(text);
    EXPECT_EQ(tag.view(), text);
    EXPECT_EQ(tag.empty(), text.empty());
    const LanguageTag copy = tag;
    LanguageTag moved = std::move(tag);
    EXPECT_EQ(copy, moved);
    moved = LanguageTag(std::string_view("en"));
    EXPECT_EQ(moved.view(), "en");
    EXPECT_EQ(copy.view(), text);
    std::string bytes;
    encode(bytes, copy);
    EXPECT_EQ(bytes, text);
    LanguageTag read;
    ASSERT_TRUE(decode(bytes, read));
    EXPECT_EQ(read, copy);
  }
}

TEST(OrderedKeys, AgreesWithASetWhereverKeysComeAndGo) {
  std::mt19937_64 random(3);
  for (const std::uint64_t keys : {10ull, 400ull, 20'000ull}) {
    OrderedKeys<std::uint64_t> ordered;
    std::set<std::uint64_t> truth;
    for (int n = 0; n < 40'000; ++n) {
      std::uint64_t key = 1 + random() % keys;
      if (n % 4 == 1 && !truth.empty()) key = *truth.begin();         // as work is taken
      if (n % 4 == 2) key = truth.empty() ? 1 : *truth.rbegin() + 1;  // as work arrives
      if (n % 4 == 2 || random() % 2 == 0) {
        ASSERT_EQ(ordered.insert(key), truth.insert(key).second);
      } else {
        ASSERT_EQ(ordered.erase(key), truth.erase(key) == 1);
      }
      ASSERT_EQ(ordered.size(), truth.size());
      if (!truth.empty()) {
        ASSERT_EQ(ordered.front(), *truth.begin());
      }
      if (n % 500 == 0) {
        std::vector<std::uint64_t> all;
        for (const std::uint64_t k : ordered) all.push_back(k);
        ASSERT_EQ(all, std::vector<std::uint64_t>(truth.begin(), truth.end()));
        const auto before = static_cast<std::size_t>(std::distance(truth.begin(), truth.lower_bound(key)));
        ASSERT_EQ(ordered.position(key), before);
        ASSERT_EQ(ordered.contains(key), truth.contains(key));
      }
    }
  }
}

TEST(Deadlines, ComeInOrderOfTimeThenKindThenSubject) {
  Deadlines all;
  EXPECT_EQ(all.next(), kNever);
  const Deadline late{20, DeadlineKind::kOffer, 1, 0};
  const Deadline soon{10, DeadlineKind::kAvoidance, 1, 0};
  const Deadline first{10, DeadlineKind::kOffer, 2, 0};
  for (const auto& d : {late, soon, first}) all.set(d);
  std::vector<Deadline> fired;
  while (all.size() > 0) {
    fired.push_back(all.first());
    all.clear(fired.back());
  }
  EXPECT_EQ(fired, (std::vector<Deadline>{first, soon, late}));
}

// ---- Waiting ----
// The first so many agent slots are eligible.
auto first(std::uint32_t slots) {
  return [slots](const RequirementClass&, auto&& f) {
    for (std::uint32_t slot = 0; slot < slots; ++slot) f(slot);
  };
}

Requirement needs(std::uint32_t skill, std::uint32_t level) {
  return {{{{skill}, level}}, {}};
}

TEST(Waiting, InternsOneClassPerCombination) {
  Waiting waiting;
  const auto a = waiting.intern({1}, Channel::kChat, needs(1, 50), first(3));
  EXPECT_EQ(waiting.intern({1}, Channel::kChat, needs(1, 50), first(3)), a);
  std::set<std::uint32_t> classes{a};
  classes.insert(waiting.intern({2}, Channel::kChat, needs(1, 50), first(3)));
  classes.insert(waiting.intern({1}, Channel::kEmail, needs(1, 50), first(3)));
  classes.insert(waiting.intern({1}, Channel::kChat, needs(1, 51), first(3)));
  classes.insert(waiting.intern({1}, Channel::kChat, needs(2, 50), first(3)));
  classes.insert(waiting.intern({1}, Channel::kChat, Requirement{{{{1}, 50}}, {7}}, first(3)));
  EXPECT_EQ(classes.size(), 6u);
  EXPECT_EQ(waiting.class_count(), 6u);
}

TEST(Waiting, KeepsEligibilityBothWays) {
  Waiting waiting;
  const auto odd = [](const RequirementClass&, auto&& f) {
    f(1);
    f(3);
  };
  const auto index = waiting.intern({1}, Channel::kChat, {}, odd);
  waiting.insert(index, {5, {1}});
  const auto workable = [&](std::uint32_t slot, Channel channel) {
    std::vector<std::uint32_t> all;
    waiting.for_each_workable(slot, channel, [&](std::uint32_t c, const WaitingKey&) { all.push_back(c); });
    return all;
  };
  EXPECT_EQ(workable(1, Channel::kChat), std::vector{index});
  EXPECT_TRUE(workable(0, Channel::kChat).empty());
  EXPECT_TRUE(workable(1, Channel::kPhone).empty());
  EXPECT_TRUE(workable(77, Channel::kChat).empty());
  waiting.refresh_agent(0, [](std::uint32_t, const RequirementClass&) { return true; });
  EXPECT_EQ(workable(0, Channel::kChat), std::vector{index});
  EXPECT_TRUE(waiting.at(index).eligible.test(0));
  waiting.erase(index, {5, {1}});
  EXPECT_TRUE(workable(1, Channel::kChat).empty());
}

TEST(Waiting, PositionsRunOverAllClassesOfAQueue) {
  Waiting waiting;
  const auto plain = waiting.intern({1}, Channel::kChat, {}, first(0));
  const auto skilled = waiting.intern({1}, Channel::kPhone, needs(1, 1), first(0));
  const auto other = waiting.intern({2}, Channel::kChat, {}, first(0));
  waiting.insert(plain, {10, {1}});
  waiting.insert(skilled, {5, {2}});
  waiting.insert(plain, {10, {3}});
  waiting.insert(other, {1, {4}});
  EXPECT_EQ(waiting.waiting_in({1}), 3u);
  EXPECT_EQ(waiting.position({1}, {5, {2}}), 1u);
  EXPECT_EQ(waiting.position({1}, {10, {1}}), 2u);
  EXPECT_EQ(waiting.position({1}, {10, {3}}), 3u);
  EXPECT_EQ(waiting.position({2}, {1, {4}}), 1u);
  EXPECT_EQ(waiting.waiting_in({9}), 0u);
  waiting.erase(skilled, {5, {2}});
  EXPECT_EQ(waiting.position({1}, {10, {3}}), 2u);
}

TEST(Waiting, FindsWhatWaitsForOnePersonInOrder) {
  Waiting waiting;
  const auto late = waiting.intern({1}, Channel::kChat, Requirement{{}, {7}}, first(0));
  const auto soon = waiting.intern({2}, Channel::kEmail, Requirement{{}, {7}}, first(0));
  waiting.insert(late, {20, {1}});
  waiting.insert(soon, {10, {2}});
  EXPECT_EQ(waiting.waiting_for({7}), (std::vector<InteractionId>{{2}, {1}}));
  EXPECT_TRUE(waiting.waiting_for({8}).empty());
}

TEST(Waiting, RecyclesEmptyClassesAndKeepsBusyOnes) {
  Waiting waiting;
  const auto busy = waiting.intern({1}, Channel::kChat, needs(1, 1), first(2));
  waiting.insert(busy, {1, {1}});
  std::uint32_t highest = 0;
  for (std::uint32_t skill = 2; skill < 40'000; ++skill) {
    highest = std::max(highest, waiting.intern({1}, Channel::kChat, needs(skill, 1), first(2)));
  }
  EXPECT_LT(highest, 17'000u);
  EXPECT_LT(waiting.class_count(), 17'000u);
  EXPECT_EQ(waiting.intern({1}, Channel::kChat, needs(1, 1), first(2)), busy);
  EXPECT_EQ(waiting.at(busy).entries.size(), 1u);
  // A recycled combination comes back as a class of its own.
  const auto again = waiting.intern({1}, Channel::kChat, needs(2, 1), first(2));
  EXPECT_EQ(*waiting.at(again).requirement, needs(2, 1));
  EXPECT_TRUE(waiting.at(again).entries.empty());
}

}  // namespace
}  // namespace sb::routing
