// Who a customer is in the records: names, profiles, identities, merged and told apart again.
#include "crm/facts.h"
#include "tests/crm/dump.h"
#include "tests/crm/records_fixture.h"

namespace sb::crm {
namespace {

TEST_F(Records, WhoNobodyHasNamedIsMarked) {
  const auto chat = [&](TimeMs now, CustomerId customer, IdentityHash hash, std::string name, std::string message) {
    journal_.add(now,
                 {event::CustomerCreated{customer, {hash}, 1},
                  event::InteractionStarted{{now}, Channel::kChat, customer, {now}, 0, "", {}, 2, hash, {}}},
                 {to_json(IdentityDetails{{"chat", "H_abcdefghijkl"}, std::move(name), false}), std::move(message)});
  };
  chat(10, kFirst, kChatHash, "", R"({"text":"hi","email":" Emma.W@Example.com "})");
  chat(20, kSecond, kMailHash, "chat H_ab…", R"({"text":"hi","email":"not an address"})");
  unknown_caller(30, kThird, 30, kPhoneHash, "+8613800138000");
  follow();
  const auto visitor = directory_->screen_pop(kFirst);
  EXPECT_TRUE(visitor->unnamed);
  EXPECT_EQ(visitor->name, "chat H_abcdef…");
  EXPECT_FALSE(directory_->screen_pop(kSecond)->unnamed) << "whatever somebody calls themselves";
  EXPECT_TRUE(directory_->screen_pop(kThird)->unnamed);
  EXPECT_TRUE(directory_->screen_pop({99})->unnamed);
  // The address they typed is shown and found, and recognises nobody.
  ASSERT_EQ(visitor->contacts.size(), 2u);
  EXPECT_EQ(visitor->contacts[1], (ContactPoint{"email", "emma.w@example.com", false}));
  EXPECT_EQ(directory_->screen_pop(kSecond)->contacts.size(), 1u);
  const auto found = directory_->search("emma.w@example", 10);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().customer, kFirst);
  EXPECT_TRUE(found->front().unnamed);
  // Bounded, whoever keeps typing new ones.
  for (std::uint64_t n = 1; n <= 40; ++n) {
    journal_.add(100 + n, {event::MessagePosted{{10}, n + 1, Party::kCustomer, {}, 1}},
                 {R"({"text":"x","email":"e)" + std::to_string(n) + R"(@example.com"})"});
  }
  journal_.add(200, {event::CustomerPut{kThird, {}, 1}}, {R"({"company":"清和茶馆"})"});
  journal_.add(201, {event::CustomerPut{kFirst, {}, 1}}, {R"({"name":"Emma"})"});
  follow();
  EXPECT_EQ(directory_->screen_pop(kFirst)->contacts.size(), kContactsMax);
  EXPECT_FALSE(directory_->screen_pop(kFirst)->unnamed);
  EXPECT_EQ(directory_->screen_pop(kFirst)->name, "Emma");
  EXPECT_TRUE(directory_->screen_pop(kThird)->unnamed) << "a profile, but still no name";
}

TEST_F(Records, ProfilesMergeOverWhatIsThere) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  follow();
  EXPECT_EQ(directory_->screen_pop(kFirst)->match, "new");
  journal_.add(
      2'000, {event::CustomerPut{kFirst, {kPhoneHash, kMailHash}, 1}},
      {R"({"name":"陈静","time_zone":"UTC","tier":2,"tags":["vip"],"custom":{"city":"杭州","size":"L"},"consent":"granted",
                   "contacts":[{"kind":"phone","value":"+8613800138000"},
                               {"kind":"email","value":"jing@example.com","verified":true}]})"});
  journal_.add(3'000, {event::CustomerPut{kFirst, {}, 1}},
               {R"({"company":"清和茶馆","time_zone":"Asia/Shanghai","custom":{"size":"","cup":"gaiwan"},
                   "remove_contacts":[{"kind":"phone","value":"+8613800138000"}]})"});
  journal_.add(4'000, {event::CustomerFactAdded{kFirst, "consent", kAmy, {}, 1}}, {R"({"consent":"refused"})"});
  follow();
  const auto details = directory_->customer(kFirst);
  ASSERT_TRUE(details && *details);
  const ScreenPop& card = (*details)->card;
  EXPECT_EQ(card.name, "陈静");
  EXPECT_EQ(card.tier, 2u);
  EXPECT_EQ(card.tags, std::vector<std::string>{"vip"});
  EXPECT_EQ(card.company, "清和茶馆");
  EXPECT_EQ(card.time_zone, "Asia/Shanghai");
  EXPECT_EQ(card.consent, "refused");
  EXPECT_EQ(card.custom, (std::vector<CustomField>{{"city", "杭州"}, {"cup", "gaiwan"}}));
  EXPECT_EQ(card.contacts, (std::vector<ContactPoint>{{"email", "jing@example.com", true}}));
  EXPECT_EQ((*details)->created_ms, 1'000u);
  EXPECT_EQ((*details)->updated_ms, 4'000u);
  EXPECT_FALSE(*directory_->find_by_identity(kPhoneHash));
  const auto match = directory_->find_by_identity(kMailHash);
  ASSERT_TRUE(match && *match);
  EXPECT_EQ((*match)->customer, kFirst);
  EXPECT_EQ((*match)->tier, 2u);
  EXPECT_TRUE((*match)->verified);
  EXPECT_EQ(directory_->screen_pop(kFirst, kMailHash)->match, "verified");
  EXPECT_EQ(directory_->screen_pop(kFirst, kChatHash)->match, "known");
}

TEST_F(Records, FindsWhatAnArrivalNeeds) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  journal_.add(2'000, {event::OfferAccepted{{1}, {10}, kAmy, false, 1'000}});
  journal_.add(3'000, {event::CustomerPut{kFirst, {}, 1}},
               {R"({"language":"zh-CN","time_zone":"Asia/Shanghai","tier":3})"});
  journal_.add(4'000, {event::TicketOpened{{12}, kFirst, kSales, false}});
  journal_.add(5'000, {event::TicketUpdated{{10}, kFirst, TicketStatus::kPending, kAmy, kSupport, 0, 0}});
  follow();
  auto match = directory_->find_by_identity(kPhoneHash);
  ASSERT_TRUE(match && *match);
  EXPECT_EQ((*match)->open_ticket, TicketId{10});
  EXPECT_EQ((*match)->last_agent, kAmy);
  EXPECT_EQ((*match)->language, "zh-CN");
  EXPECT_EQ((*match)->time_zone, "Asia/Shanghai");
  EXPECT_EQ((*match)->tier, 3u);
  EXPECT_FALSE((*match)->verified);
  journal_.add(6'000, {event::TicketUpdated{{10}, kFirst, TicketStatus::kSolved, kAmy, kSupport, 0, 0}});
  follow();
  EXPECT_EQ((*directory_->find_by_identity(kPhoneHash))->open_ticket, TicketId{12});
  EXPECT_FALSE(*directory_->find_by_identity(kMailHash));
}

TEST_F(Records, UnmergeRestoresExactly) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  unknown_caller(2'000, kSecond, 11, kMailHash, "+8613900139000");
  unknown_caller(3'000, kThird, 12, kChatHash, "+8613700137000");
  journal_.add(4'000, {event::CustomerPut{kFirst, {}, 1}}, {R"({"name":"陈静","tier":1})"});
  journal_.add(4'100, {event::CustomerPut{kSecond, {}, 1}},
               {R"({"name":"小陈","tags":["vip"],"language":"zh","time_zone":"Europe/London"})"});
  journal_.add(4'200, {event::CustomerFactAdded{kSecond, "note", kAmy, {}, 1}}, {note_json("likes longjing")});
  journal_.add(4'300, {event::CustomerFactAdded{kSecond, "order", {}, {}, 1}},
               {to_json(Order{"LJ1", 3'500, "paid", 12'345, "CNY", "龙井"})});
  follow();
  const std::string before = dump_records(path());
  journal_.add(5'000, {event::CustomersMerged{kThird, kSecond, kAmy}});
  journal_.add(5'100, {event::CustomersMerged{kSecond, kFirst, kAmy}});
  follow();

  for (const IdentityHash hash : {kPhoneHash, kMailHash, kChatHash}) {
    EXPECT_EQ((*directory_->find_by_identity(hash))->customer, kFirst);
  }
  EXPECT_EQ((*directory_->find_by_identity(kPhoneHash))->open_ticket, TicketId{12});
  const auto pop = directory_->screen_pop(kThird);
  ASSERT_TRUE(pop);
  EXPECT_EQ(pop->customer, kFirst);
  EXPECT_EQ(pop->name, "陈静");
  EXPECT_EQ(pop->tags, std::vector<std::string>{"vip"});
  EXPECT_EQ(pop->time_zone, "Europe/London") << "the survivor has none of their own";
  EXPECT_EQ((*directory_->find_by_identity(kPhoneHash))->time_zone, "Europe/London");
  EXPECT_EQ(pop->contacts.size(), 3u);
  EXPECT_EQ(pop->tickets.size(), 3u);
  EXPECT_EQ(pop->notes.size(), 1u);
  EXPECT_EQ(pop->lifetime_value, "CNY 123.45");
  EXPECT_EQ(directory_->timeline(kFirst, 0, 10)->size(), 3u);
  EXPECT_EQ((*directory_->customer(kFirst))->merged, (std::vector<CustomerId>{kSecond, kThird}));
  EXPECT_EQ((*directory_->interaction({12}))->customer_name, "陈静");

  journal_.add(5'200, {event::CustomersUnmerged{kSecond, kFirst, kAmy}});
  follow();
  EXPECT_EQ((*directory_->find_by_identity(kChatHash))->customer, kSecond);
  EXPECT_EQ((*directory_->find_by_identity(kChatHash))->time_zone, "Europe/London");
  EXPECT_EQ((*directory_->find_by_identity(kPhoneHash))->time_zone, "");
  EXPECT_EQ((*directory_->find_by_identity(kPhoneHash))->customer, kFirst);
  journal_.add(5'300, {event::CustomersUnmerged{kThird, kSecond, kAmy}});
  follow();
  EXPECT_EQ(dump_records(path()), before);
}

TEST_F(Records, SavingTheSurvivorLeavesIdentitiesWithTheirOwn) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  unknown_caller(2'000, kSecond, 11, kMailHash, "+8613900139000");
  journal_.add(3'000, {event::CustomersMerged{kSecond, kFirst, kAmy}});
  journal_.add(
      4'000, {event::CustomerPut{kFirst, {kPhoneHash, kMailHash}, 1}},
      {R"({"contacts":[{"kind":"phone","value":"+8613800138000"},{"kind":"phone","value":"+8613900139000"}]})"});
  journal_.add(5'000, {event::CustomersUnmerged{kSecond, kFirst, kAmy}});
  follow();
  EXPECT_EQ((*directory_->find_by_identity(kMailHash))->customer, kSecond);
  EXPECT_EQ((*directory_->customer(kFirst))->card.contacts.size(), 1u);
}

TEST_F(Records, CirclesOfMergesAreIgnored) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  unknown_caller(2'000, kSecond, 11, kMailHash, "+8613900139000");
  journal_.add(3'000, {event::CustomersMerged{kSecond, kFirst, kAmy}});
  journal_.add(4'000, {event::CustomersMerged{kFirst, kSecond, kAmy}});
  follow();
  EXPECT_EQ((*directory_->find_by_identity(kMailHash))->customer, kFirst);
  EXPECT_EQ((*directory_->find_by_identity(kPhoneHash))->customer, kFirst);
}

TEST_F(Records, AnIdentityGoesToWhoeverIsGivenIt) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  unknown_caller(2'000, kSecond, 11, kMailHash, "+8613900139000");
  journal_.add(3'000, {event::CustomerPut{kSecond, {kPhoneHash}, 1}},
               {R"({"contacts":[{"kind":"phone","value":"+8613800138000"}]})"});
  follow();
  EXPECT_EQ((*directory_->find_by_identity(kPhoneHash))->customer, kSecond);
  EXPECT_TRUE((*directory_->customer(kFirst))->card.contacts.empty());
  journal_.add(4'000, {event::CustomerPut{kFirst, {}, 1}}, {R"({"name":"陈静"})"});
  follow();
  const auto found = directory_->search("13800138000", 10);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().customer, kSecond);
}

}  // namespace
}  // namespace sb::crm
