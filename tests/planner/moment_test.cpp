#include "planner/moment.h"

#include <gtest/gtest.h>

#include <array>

namespace sb::planner {
namespace {

// Berlin around the end of summer time, 2026-10-25 01:00 UTC.
constexpr TimeMs kAutumn = 1'792'890'000'000;
constexpr std::array<UtcOffset, 2> kBerlin{{{0, 120}, {kAutumn, 60}}};

TEST(Moment, WrittenAsOnTheWallOrWithAnOffset) {
  constexpr std::array<UtcOffset, 1> shanghai{{{0, 480}}};
  const auto wall = read_moment("2026-11-22 09:00", shanghai);
  ASSERT_TRUE(wall);
  EXPECT_EQ(moment_text(*wall, {}), "2026-11-22 01:00:00");
  EXPECT_EQ(moment_text(*wall, shanghai), "2026-11-22 09:00:00");
  for (const char* same :
       {"2026-11-22T09:00", "2026-11-22T09:00:00+08:00", "2026-11-22T01:00:00Z", "2026-11-21 20:30-04:30"}) {
    EXPECT_EQ(read_moment(same, shanghai), wall) << same;
  }
  EXPECT_EQ(*read_moment("2026-11-21 24:00", shanghai), *wall - 9 * 3'600'000);
}

TEST(Moment, TheClocksChange) {
  EXPECT_EQ(*read_moment("2026-10-25 01:59", kBerlin), kAutumn - 61 * 60'000);
  EXPECT_EQ(*read_moment("2026-10-25 03:00", kBerlin), kAutumn + 3'600'000);
  EXPECT_EQ(moment_text(kAutumn - 1000, kBerlin), "2026-10-25 02:59:59");
  EXPECT_EQ(moment_text(kAutumn, kBerlin), "2026-10-25 02:00:00");
}

TEST(Moment, WhatIsNoneIsRefused) {
  for (const char* bad :
       {"", "today", "2026-11-22", "2026-13-01 00:00", "2026-02-30 00:00", "2026-11-22 25:00", "2026-11-22 09:60",
        "2026-11-22 09:00x", "2026-11-22 09:00+8", "1899-01-01 00:00", "2026-11-22 -1:00", "2026-11-22 24:01"}) {
    const auto read = read_moment(bad, {});
    ASSERT_FALSE(read) << bad;
    EXPECT_NE(read.error().find("2026-11-22 09:00"), std::string::npos);
  }
}

}  // namespace
}  // namespace sb::planner
