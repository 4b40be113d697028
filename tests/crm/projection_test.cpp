// Interactions and tickets in the records, and how the records follow the journal.
#include "crm/facts.h"
#include "storage/sqlite.h"
#include "tests/crm/dump.h"
#include "tests/crm/records_fixture.h"

namespace sb::crm {
namespace {

TEST_F(Records, LifeOfAnInteraction) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  journal_.add(5'000, {event::OfferAccepted{{1}, {10}, kAmy, false, 4'000}});
  journal_.add(5'100, {event::InteractionConnected{{10}, kAmy}});
  journal_.add(6'000, {event::MessagePosted{{10}, 1, Party::kAgent, kAmy, 1}}, {R"({"text":"您好"})"});
  journal_.add(65'100, {event::InteractionEnded{{10}, kFirst, Party::kCustomer, kAmy, EndReason::kHungUp, 60'000}});
  follow();
  auto open = directory_->interaction({10});
  ASSERT_TRUE(open && *open);
  EXPECT_EQ((*open)->card.outcome, "hung_up");
  journal_.add(70'000,
               {event::WrapUpCompleted{kAmy, {10}, "resolved", false, 1, kFirst},
                event::TicketUpdated{{10}, kFirst, TicketStatus::kSolved, kAmy, kSupport, 5, 0}},
               {R"({"text":"壶盖已补发"})"});
  follow();
  const auto i = directory_->interaction({10});
  ASSERT_TRUE(i && *i);
  EXPECT_EQ((*i)->customer, kFirst);
  EXPECT_EQ((*i)->customer_name, "+8613800138000");
  EXPECT_EQ((*i)->card.outcome, "resolved");
  EXPECT_EQ((*i)->card.preview, "我的 茶壶 漏水了");
  EXPECT_EQ((*i)->card.queue, kSupport);
  EXPECT_EQ((*i)->card.agent, kAmy);
  EXPECT_EQ((*i)->card.started_ms, 1'000u);
  EXPECT_EQ((*i)->queued_ms, 1'000u);
  EXPECT_EQ((*i)->accepted_ms, 5'000u);
  EXPECT_EQ((*i)->connected_ms, 5'000u);  // a chat is connected by being accepted
  EXPECT_EQ((*i)->card.ended_ms, 65'100u);
  EXPECT_EQ((*i)->wait_ms, 4'000u);
  EXPECT_EQ((*i)->handle_ms, 60'000u);
  EXPECT_EQ((*i)->messages, 1u);
  EXPECT_EQ((*i)->first_seq, 1u);
  EXPECT_EQ((*i)->last_seq, 6u);
  EXPECT_FALSE((*i)->abandoned);
  const auto ticket = directory_->ticket({10});
  ASSERT_TRUE(ticket && *ticket);
  EXPECT_EQ((*ticket)->card.subject, "我的 茶壶 漏水了");
  EXPECT_EQ((*ticket)->card.status, TicketStatus::kSolved);
  EXPECT_EQ((*ticket)->card.agent, kAmy);
  EXPECT_EQ((*ticket)->priority, 5);
  EXPECT_EQ((*ticket)->opened_ms, 1'000u);
  EXPECT_EQ((*ticket)->solved_ms, 70'000u);
  const auto pop = directory_->screen_pop(kFirst);
  ASSERT_TRUE(pop);
  EXPECT_TRUE(pop->tickets.empty());
  EXPECT_EQ(pop->notes, (std::vector<NoteCard>{{"壶盖已补发", kAmy, 70'000}}));
}

TEST_F(Records, AbandonedReopenedAndTransferred) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  journal_.add(9'000, {event::InteractionAbandoned{{10}, kFirst, 8'000, EndReason::kCustomerLost},
                       event::TicketUpdated{{10}, kFirst, TicketStatus::kClosed, {}, kSupport, 0, 0}});
  journal_.add(20'000, {event::TicketOpened{{10}, kFirst, {}, true},
                        event::InteractionStarted{{11}, Channel::kPhone, kFirst, {10}, 0, "", {}, 0, kPhoneHash, {}},
                        event::InteractionQueued{{11}, kSales, {}, 0, 20'000, 0, {}, {}, 0, false, ""},
                        event::OfferAccepted{{1}, {11}, kAmy, false, 500}});
  journal_.add(21'000,
               {event::TransferStarted{{11}, kAmy, TransferKind::kWarm, kSupport, {}, 1},
                event::InteractionQueued{{11}, kSupport, {}, 0, 20'000, 0, {}, {}, 0, true, ""}},
               {R"({"text":"needs a refund"})"});
  journal_.add(22'000, {event::OfferAccepted{{2}, {11}, kBen, true, 700}});
  journal_.add(23'000, {event::TransferCompleted{{11}, kAmy, kBen}});
  follow();
  const auto abandoned = directory_->interaction({10});
  ASSERT_TRUE(abandoned && *abandoned);
  EXPECT_TRUE((*abandoned)->abandoned);
  EXPECT_EQ((*abandoned)->card.outcome, "abandoned");
  EXPECT_EQ((*abandoned)->wait_ms, 8'000u);
  const auto transferred = directory_->interaction({11});
  ASSERT_TRUE(transferred && *transferred);
  EXPECT_EQ((*transferred)->card.agent, kBen);
  EXPECT_EQ((*transferred)->card.queue, kSales);
  EXPECT_EQ((*transferred)->wait_ms, 500u);
  EXPECT_EQ((*transferred)->card.outcome, "");
  const auto ticket = directory_->ticket({10});
  ASSERT_TRUE(ticket && *ticket);
  EXPECT_EQ((*ticket)->card.status, TicketStatus::kOpen);
  EXPECT_EQ((*ticket)->solved_ms, 0u);
  EXPECT_EQ((*ticket)->opened_ms, 1'000u);
  EXPECT_EQ(directory_->screen_pop(kFirst)->notes, (std::vector<NoteCard>{{"needs a refund", kAmy, 21'000}}));
}

TEST_F(Records, WhatIsPastHasItsOwnTimes) {
  constexpr TimeMs kNow = 9'000'000'000;
  constexpr TimeMs kJune = 5'000'000'000;
  journal_.add(kNow, {event::CustomerCreated{kFirst, {}, 1}}, {R"({"name":"陈静"})"});
  event::PastInteractionAdded call{{10},
                                   kFirst,
                                   {10},
                                   Channel::kPhone,
                                   "zh",
                                   kSupport,
                                   kAmy,
                                   kJune,
                                   20'000,
                                   300'000,
                                   EndReason::kHungUp,
                                   "resolved",
                                   TicketStatus::kSolved,
                                   0};
  journal_.add(kNow, {call});
  event::PastInteractionAdded lost{{11},
                                   kFirst,
                                   {11},
                                   Channel::kChat,
                                   "zh",
                                   kSales,
                                   {},
                                   kJune + 86'400'000,
                                   90'000,
                                   0,
                                   EndReason::kCustomerLost,
                                   "",
                                   TicketStatus::kClosed,
                                   1};
  journal_.add(kNow, {lost}, {R"({"text":"有中秋礼盒吗？"})"});
  event::PastInteractionAdded open = lost;
  open.interaction = {12};
  open.ticket = {12};
  open.agent = kBen;
  open.started_ms = kJune - 86'400'000;
  open.handled_ms = 60'000;
  open.reason = EndReason::kCompleted;
  open.ticket_status = TicketStatus::kPending;
  journal_.add(kNow, {open}, {R"({"text":"退款"})"});
  follow();
  const auto pop = directory_->screen_pop(kFirst);
  ASSERT_TRUE(pop);
  ASSERT_EQ(pop->interactions.size(), 3u);
  EXPECT_EQ(pop->interactions[0], (InteractionCard{{11},
                                                   Channel::kChat,
                                                   kJune + 86'400'000,
                                                   kJune + 86'490'000,
                                                   "abandoned",
                                                   kSales,
                                                   {},
                                                   "有中秋礼盒吗？",
                                                   {11}}));
  EXPECT_EQ(pop->interactions[1],
            (InteractionCard{{10}, Channel::kPhone, kJune, kJune + 320'000, "resolved", kSupport, kAmy, "", {10}}));
  EXPECT_EQ(pop->interactions[2].outcome, "completed");
  ASSERT_EQ(pop->tickets.size(), 1u);
  EXPECT_EQ(pop->tickets[0],
            (TicketCard{{12}, TicketStatus::kPending, "退款", open.started_ms + 150'000, kSales, kBen}));
  const auto ticket = directory_->ticket({10});
  ASSERT_TRUE(ticket && *ticket);
  EXPECT_EQ((*ticket)->opened_ms, kJune);
  EXPECT_EQ((*ticket)->solved_ms, kJune + 320'000);
  const auto abandoned = directory_->interaction({11});
  ASSERT_TRUE(abandoned && *abandoned);
  EXPECT_TRUE((*abandoned)->abandoned);
  EXPECT_EQ((*abandoned)->wait_ms, 90'000u);
  EXPECT_EQ((*abandoned)->accepted_ms, 0u);
}

TEST_F(Records, ScreenPopIsBoundedAndNewestFirst) {
  unknown_caller(1'000, kFirst, 1, kPhoneHash, "+8613800138000");
  for (std::uint64_t n = 2; n <= 14; ++n) {
    journal_.add(n * 1'000, {event::TicketOpened{{n}, kFirst, kSales, false},
                             event::InteractionStarted{{n}, Channel::kPhone, kFirst, {n}, 0, "", {}, 0, {}, {}}});
    journal_.add(n * 1'000 + 1, {event::CustomerFactAdded{kFirst, "note", kAmy, {}, 1}},
                 {note_json("note " + std::to_string(n))});
    journal_.add(n * 1'000 + 2, {event::CustomerFactAdded{kFirst, "order", {}, {}, 1}},
                 {to_json(Order{"LJ" + std::to_string(n), n, n == 14 ? "cancelled" : "paid", 1'050,
                                n == 2 ? "USD" : "CNY", "tea"})});
  }
  follow();
  const auto pop = directory_->screen_pop(kFirst);
  ASSERT_TRUE(pop);
  ASSERT_EQ(pop->tickets.size(), 10u);
  EXPECT_EQ(pop->tickets.front().ticket, TicketId{14});
  EXPECT_EQ(pop->tickets.back().ticket, TicketId{5});
  ASSERT_EQ(pop->interactions.size(), 10u);
  EXPECT_EQ(pop->interactions.front().interaction, InteractionId{14});
  ASSERT_EQ(pop->orders.size(), 5u);
  EXPECT_EQ(pop->orders.front(), (OrderCard{"LJ14", 14, "cancelled", "CNY 10.50", "tea"}));
  ASSERT_EQ(pop->notes.size(), 5u);
  EXPECT_EQ(pop->notes.front(), (NoteCard{"note 14", kAmy, 14'001}));
  EXPECT_EQ(pop->lifetime_value, "CNY 115.50 + USD 10.50");
  const auto older = directory_->timeline(kFirst, 5'000, 2);
  ASSERT_TRUE(older);
  ASSERT_EQ(older->size(), 2u);
  EXPECT_EQ(older->front().interaction, InteractionId{4});
  const auto unknown = directory_->screen_pop({99});
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->customer, CustomerId{});
  EXPECT_EQ(unknown->match, "new");
}

TEST_F(Records, TicketsByFilter) {
  unknown_caller(1'000, kFirst, 1, kPhoneHash, "+8613800138000");
  unknown_caller(2'000, kSecond, 2, kMailHash, "+8613900139000");
  journal_.add(3'000, {event::TicketOpened{{3}, kFirst, kSales, false}});
  journal_.add(4'000, {event::TicketUpdated{{3}, kFirst, TicketStatus::kOpen, kBen, kSales, 0, 0}});
  follow();
  const auto ids = [&](const TicketFilter& filter) {
    std::vector<std::uint64_t> out;
    const auto tickets = directory_->tickets(filter);
    EXPECT_TRUE(tickets);
    for (const auto& ticket : tickets.value_or(std::vector<TicketDetails>{})) {
      out.push_back(ticket.card.ticket.value);
    }
    return out;
  };
  using Ids = std::vector<std::uint64_t>;
  EXPECT_EQ(ids({}), (Ids{3, 2, 1}));
  EXPECT_EQ(ids({.status = TicketStatus::kNew}), (Ids{2, 1}));
  EXPECT_EQ(ids({.status = TicketStatus::kNew, .limit = 1}), (Ids{2}));
  EXPECT_EQ(ids({.queue = kSales}), (Ids{3}));
  EXPECT_EQ(ids({.agent = kBen}), (Ids{3}));
  EXPECT_EQ(ids({.customer = kFirst}), (Ids{3, 1}));
  EXPECT_EQ(ids({.status = TicketStatus::kNew, .customer = kFirst}), (Ids{1}));
  EXPECT_EQ(ids({.before_ms = 2'000}), (Ids{1}));
}

TEST_F(Records, RebuildEqualsIncremental) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  follow();
  unknown_caller(2'000, kSecond, 11, kMailHash, "+8613900139000");
  journal_.add(3'000, {event::CustomerPut{kFirst, {}, 1}}, {R"({"name":"陈静"})"});
  follow();
  journal_.add(4'000, {event::CustomersMerged{kSecond, kFirst, kAmy}});
  journal_.add(5'000, {event::OfferAccepted{{1}, {10}, kAmy, false, 1'000}});
  follow();
  follow();  // everything is at or before the position: nothing happens twice
  EXPECT_EQ(projection_->position(), 5u);
  auto rebuilt = Projection::open(home_ / "rebuilt.db");
  ASSERT_TRUE(rebuilt);
  for (const Record& record : journal_.records()) ASSERT_TRUE(rebuilt->apply(record, journal_.reader()));
  EXPECT_EQ(rebuilt->position(), 5u);
  EXPECT_EQ(dump_records(home_ / "rebuilt.db"), dump_records(path()));
}

TEST_F(Records, PositionSurvivesAndAnUncommittedBatchDoesNot) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  unknown_caller(2'000, kSecond, 11, kMailHash, "+8613900139000");
  {
    auto first = Projection::open(path());
    ASSERT_TRUE(first);
    ASSERT_TRUE(first->apply(journal_.records()[0], journal_.reader()));
    ASSERT_TRUE(first->begin_batch());
    EXPECT_FALSE(first->begin_batch());
    ASSERT_TRUE(first->apply(journal_.records()[1], journal_.reader()));
    EXPECT_EQ(first->position(), 2u);
  }
  auto second = Projection::open(path());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->position(), 1u);
  EXPECT_FALSE(second->commit_batch());
  ASSERT_TRUE(second->apply(journal_.records()[1], journal_.reader()));
  auto directory = Directory::open(path());
  ASSERT_TRUE(directory);
  EXPECT_TRUE(*directory->find_by_identity(kMailHash));
}

TEST_F(Records, ErasedContentLeavesTheFacts) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  journal_.erase(1, 1);
  journal_.erase(1, 2);
  follow();
  const auto details = directory_->interaction({10});
  ASSERT_TRUE(details && *details);
  EXPECT_EQ((*details)->card.preview, "");
  EXPECT_EQ((*directory_->find_by_identity(kPhoneHash))->customer, kFirst);
  EXPECT_EQ(directory_->screen_pop(kFirst)->name, "");
}

TEST_F(Records, OlderLayoutsAreRebuiltNewerOnesRefused) {
  unknown_caller(1'000, kFirst, 10, kPhoneHash, "+8613800138000");
  follow();
  directory_.reset();
  projection_.reset();
  const auto set_version = [&](const std::string& version) {
    auto database = storage::sqlite::Database::open(path(), storage::sqlite::Mode::read_write);
    ASSERT_TRUE(database && database->execute("PRAGMA user_version=" + version));
  };
  set_version("999");
  const auto newer = Projection::open(path());
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, Error::newer);
  set_version("-1");
  follow();
  EXPECT_EQ(projection_->position(), 1u);
  EXPECT_TRUE(*directory_->find_by_identity(kPhoneHash));
}

TEST(Directory, NeedsADatabase) {
  const TemporaryDirectory home;
  EXPECT_FALSE(Directory::open(home / "absent.db"));
  EXPECT_FALSE(Projection::open(home / "absent" / "records.db"));
}

}  // namespace
}  // namespace sb::crm
