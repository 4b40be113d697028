#pragma once
// Records that follow a hand-made journal, and what a directory reads from them.
#include <gtest/gtest.h>

#include "crm/directory.h"
#include "crm/profile.h"
#include "crm/projection.h"
#include "tests/crm/records.h"
#include "tests/crm/temporary_directory.h"

namespace sb::crm {

class Records : public testing::Test {
 protected:
  static constexpr IdentityHash kPhoneHash{1, 0xFFFFFFFFFFFFFFFF}, kMailHash{2, 2}, kChatHash{0x8000000000000000, 3};
  static constexpr CustomerId kFirst{1}, kSecond{2}, kThird{3};
  static constexpr AgentId kAmy{7}, kBen{8};
  static constexpr QueueId kSales{1}, kSupport{2};

  void follow() {
    if (!projection_) {
      auto opened = Projection::open(path());
      ASSERT_TRUE(opened) << opened.error().message;
      projection_.emplace(std::move(*opened));
    }
    const auto applied = projection_->apply(journal_.records(), journal_.reader());
    ASSERT_TRUE(applied) << applied.error().message;
    if (directory_) return;
    auto directory = Directory::open(path());
    ASSERT_TRUE(directory) << directory.error().message;
    directory_.emplace(std::move(*directory));
  }
  [[nodiscard]] std::filesystem::path path() const { return home_ / "records.db"; }

  // An unknown caller: customer, ticket and interaction in one record.
  void unknown_caller(TimeMs now, CustomerId customer, std::uint64_t id, IdentityHash hash, std::string_view number) {
    journal_.add(
        now,
        {event::CustomerCreated{customer, {hash}, 1}, event::TicketOpened{{id}, customer, kSupport, false},
         event::InteractionStarted{{id}, Channel::kChat, customer, {id}, 0, "zh", {}, 2, hash, {}},
         event::InteractionQueued{{id}, kSupport, {}, 0, now, 0, {}, {}, 0, false, "zh"}},
        {to_json(IdentityDetails{{"phone", std::string(number)}, "", false}), R"({"text":"我的  茶壶\n漏水了"})"});
  }

  TemporaryDirectory home_;
  Journal journal_;
  std::optional<Projection> projection_;
  std::optional<Directory> directory_;
};

}  // namespace sb::crm
