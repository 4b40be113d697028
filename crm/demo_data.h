#pragma once
// An invented clientele of a bilingual tea and kitchenware shop: the same seed gives the same people on every machine.
// Numbers are from ranges that reach nobody where such ranges exist, mail addresses from example domains. Pure.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "crm/facts.h"
#include "crm/profile.h"
#include "proto/types.h"

namespace sb::crm {

struct DemoOptions {
  std::uint64_t seed = 1;
  std::size_t customers = 3'000;
  TimeMs now_ms = 1'767'225'600'000;  // orders were placed in the two years before (default: 2026-01-01T00:00Z)
};

struct DemoCustomer {
  Profile profile;
  std::vector<Order> orders;  // 0 to 6, oldest first
  std::vector<std::string> notes;
};

// Addresses and order numbers are unique over the whole list.
[[nodiscard]] std::vector<DemoCustomer> make_demo_customers(const DemoOptions& options = {});

}  // namespace sb::crm
