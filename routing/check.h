#pragma once
// A broken invariant of the core: says where and aborts, in release builds too. Never used for bad input.
#include <cstdio>
#include <cstdlib>

#define SB_CHECK(condition)                                                                                \
  do {                                                                                                     \
    if (!(condition)) [[unlikely]] {                                                                       \
      std::fprintf(stderr, "switchboard: invariant broken: %s (%s:%d)\n", #condition, __FILE__, __LINE__); \
      std::abort();                                                                                        \
    }                                                                                                      \
  } while (false)
