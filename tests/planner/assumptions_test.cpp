#include <gtest/gtest.h>

#include <algorithm>

#include "planner/what_if.h"

// What a what-if rests on, in words: one thing and several, both languages, and queues by what people call them.
namespace sb::planner {
namespace {

constexpr QueueId kBilling{1};

// A recording of which everything happened `count` times.
Recording recording(std::uint64_t count) {
  Recording r;
  r.offered = r.handled = count;
  r.simplified = {.returned = count,
                  .consults = count,
                  .declined = count,
                  .missed = 0,
                  .callbacks = count,
                  .by_flow = count,
                  .under_way = count,
                  .waiting = count,
                  .never_ended = count,
                  .borrowed = count};
  RecordedQueue queue;
  queue.id = kBilling;
  queue.name = "billing";
  r.day.queues.push_back(queue);
  std::vector<Waited> waits(count, Waited{80, true});
  Behaviour behaviour{kBilling, Channel::kPhone, {}, {}, Patience(waits)};
  r.day.behaviours = std::make_shared<const std::vector<Behaviour>>(1, behaviour);
  return r;
}

// The recorded day with titles, and one arrival for each contact of which a changed flow is asked.
RecordedDay asked(const Recording& r) {
  RecordedDay day = r.day;
  day.queues[0].title_en = "Bills and money";
  day.queues[0].title_zh = "账单";
  day.kinds.emplace_back().asks_flow = true;
  day.arrivals.resize(r.offered);
  return day;
}

bool says(const std::vector<Assumption>& all, std::string_view text) {
  return std::any_of(all.begin(), all.end(), [&](const Assumption& a) {
    return a.text_en.find(text) != std::string::npos || a.text_zh.find(text) != std::string::npos;
  });
}

TEST(Assumptions, OneIsNotSeveral) {
  const Recording one = recording(1);
  const auto said = assumptions(one, asked(one));
  for (const char* text :
       {"1 arrival comes when it came, in every replication", "1 arrival was changed by the flow; as it was, it keeps",
        "about 1 arrival, with what it said when it came", "Once a contact came back to a queue",
        "together from the one contact recorded", "1 queue and channel where nobody was answered uses",
        "1 contact had not ended when the reading stopped; its handle time is unknown", "Once a second agent was asked",
        "1 offer was really declined", "1 contact was under way", "1 customer was waiting",
        "1 customer asked to be called back: ", "all time waited, as only one left"}) {
    EXPECT_TRUE(says(said, text)) << text;
  }
  for (const char* plural : {"1 arrivals", "1 contacts", "1 offers", "1 customers", "1 queues", "1 times", "the 1 "}) {
    EXPECT_FALSE(says(said, plural)) << plural;
  }
}

TEST(Assumptions, SeveralAreNotOne) {
  const Recording three = recording(3);
  const auto said = assumptions(three, asked(three));
  for (const char* text :
       {"3 arrivals come when they came, in every replication", "3 arrivals were changed by the flow",
        "about 3 arrivals, with what they said when they came", "3 times a contact came back to a queue",
        "together from the 3 contacts recorded", "3 queues and channels where nobody was answered use",
        "3 contacts had not ended", "3 times a second agent was asked", "3 offers were really declined",
        "3 contacts were under way", "3 customers were waiting", "3 customers asked to be called back: those",
        "divided by the 3 who left", "3 次到达在每次重复中", "总等待时间除以 3 位离开者"}) {
    EXPECT_TRUE(says(said, text)) << text;
  }
}

TEST(Assumptions, WhatDidNotHappenIsNotSaid) {
  Recording r = recording(3);
  r.simplified = {};
  const auto said = assumptions(r, r.day);
  for (const char* text : {"changed by the flow", "changed flow", "came back", "nobody was answered", "second agent",
                           "really declined", "under way", "waiting at the beginning", "called back"}) {
    EXPECT_FALSE(says(said, text)) << text;
  }
}

TEST(Assumptions, QueuesAreCalledWhatPeopleCallThem) {
  const Recording r = recording(3);
  const auto said = assumptions(r, asked(r));
  EXPECT_TRUE(says(said, "Patience in Bills and money (phone): exponential with a mean of 80 s: "));
  EXPECT_TRUE(says(said, "账单（电话）的耐心：离开者较少，取均值 80 秒的指数分布"));
  EXPECT_FALSE(says(said, "billing"));
  const auto untitled = assumptions(r, r.day);
  EXPECT_TRUE(says(untitled, "Patience in billing (phone): "));
  EXPECT_TRUE(says(untitled, "billing（电话）的耐心："));
}

TEST(Assumptions, PatienceIsToldAsItWasLearnt) {
  const Recording nobody = recording(0);
  EXPECT_TRUE(says(assumptions(nobody, asked(nobody)), "Bills and money (phone): nobody left while waiting"));
  const Recording many = recording(Patience::kLeftForCurve);
  EXPECT_TRUE(says(assumptions(many, asked(many)), "drawn from the Kaplan-Meier curve of 50 customers who left"));
}

}  // namespace
}  // namespace sb::planner
