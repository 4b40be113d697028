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

// A call or a chat that is long over.
struct PastContact {
  Channel channel{};
  TimeMs started_ms = 0;
  DurationMs waited_ms = 0;
  DurationMs handled_ms = 0;
  bool answered = false;
  std::string queue;        // its name
  std::string words;        // the first message of a chat
  std::string disposition;  // its code; empty: the agent gave none
  bool open = false;        // the matter is not settled yet
  std::size_t turn = 0;     // whose turn it was among those who could answer
  bool operator==(const PastContact&) const = default;
};

struct DemoCustomer {
  Profile profile;
  std::vector<Order> orders;  // 0 to 6, oldest first
  std::vector<std::string> notes;
  std::vector<PastContact> contacts;  // of the last months, 0 to 5, oldest first
};

// Addresses and order numbers are unique over the whole list.
[[nodiscard]] std::vector<DemoCustomer> make_demo_customers(const DemoOptions& options = {});

}  // namespace sb::crm
