#include "crm/demo_data.h"

#include <gtest/gtest.h>

#include <set>

namespace sb::crm {
namespace {

TEST(DemoData, IsTheSameEveryTimeAndGrowsAtTheEnd) {
  const auto first = make_demo_customers({.seed = 7, .customers = 50});
  const auto longer = make_demo_customers({.seed = 7, .customers = 60});
  const auto other = make_demo_customers({.seed = 8, .customers = 50});
  ASSERT_EQ(first.size(), 50u);
  std::size_t different = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].profile, longer[i].profile);
    EXPECT_EQ(first[i].orders, longer[i].orders);
    EXPECT_EQ(first[i].notes, longer[i].notes);
    EXPECT_EQ(first[i].contacts, longer[i].contacts);
    if (first[i].profile != other[i].profile) ++different;
  }
  EXPECT_GT(different, 40u);
}

TEST(DemoData, IsPlausible) {
  const DemoOptions options;
  const auto customers = make_demo_customers(options);
  ASSERT_EQ(customers.size(), 3'000u);
  std::set<Address> addresses;
  std::set<std::string> orders, zones;
  std::size_t chinese = 0, contacts = 0, order_count = 0, vip = 0;
  std::size_t calls = 0, chats = 0, abandoned = 0, open = 0, last_month = 0;
  for (const DemoCustomer& customer : customers) {
    const auto parsed = parse_profile(to_json(customer.profile), {});
    ASSERT_TRUE(parsed) << parsed.error().field << ": " << to_json(customer.profile);
    EXPECT_EQ(*parsed, customer.profile);
    EXPECT_FALSE(customer.profile.contacts.empty());
    ASSERT_TRUE(customer.profile.time_zone);
    EXPECT_EQ(customer.profile.time_zone == "Asia/Shanghai", customer.profile.language == "zh");
    zones.insert(*customer.profile.time_zone);
    for (const Contact& contact : customer.profile.contacts) addresses.insert(contact.address);
    contacts += customer.profile.contacts.size();
    EXPECT_LE(customer.orders.size(), 6u);
    for (const Order& order : customer.orders) {
      orders.insert(order.number);
      EXPECT_EQ(parse_order(to_json(order)), order);
      EXPECT_LE(order.placed_ms, options.now_ms);
      EXPECT_GT(order.total_cents, 0);
    }
    TimeMs before = options.now_ms - 280ull * 86'400'000;
    for (const PastContact& contact : customer.contacts) {
      EXPECT_GE(contact.started_ms, before);
      before = contact.started_ms;
      EXPECT_LT(contact.started_ms + contact.waited_ms + contact.handled_ms, options.now_ms);
      EXPECT_EQ(contact.answered, contact.handled_ms > 0);
      ++(contact.channel == Channel::kPhone ? calls : chats);
      EXPECT_EQ(contact.words.empty(), contact.channel == Channel::kPhone);
      abandoned += contact.answered ? 0 : 1;
      open += contact.open ? 1 : 0;
      last_month += options.now_ms - contact.started_ms < 30ull * 86'400'000 ? 1 : 0;
    }
    order_count += customer.orders.size();
    if (customer.profile.language == "zh") ++chinese;
    if (customer.profile.tier >= 2u) ++vip;
  }
  EXPECT_EQ(addresses.size(), contacts);
  EXPECT_EQ(orders.size(), order_count);
  EXPECT_EQ(zones.size(), 6u) << "China, Britain and four of America";
  EXPECT_NEAR(static_cast<double>(chinese), 1'650, 120);
  EXPECT_NEAR(static_cast<double>(order_count), 9'000, 500);
  EXPECT_NEAR(static_cast<double>(vip), 180, 60);
  const std::size_t all = calls + chats;
  EXPECT_NEAR(static_cast<double>(all), 5'900, 400);
  EXPECT_GT(calls, all / 4);
  EXPECT_GT(chats, all / 4);
  EXPECT_NEAR(static_cast<double>(abandoned), 0.12 * static_cast<double>(all), 150);
  EXPECT_GT(last_month, all / 5);
  EXPECT_LT(last_month, all / 2);
  EXPECT_GT(open, 50u);
  EXPECT_LT(open, all / 10);
}

}  // namespace
}  // namespace sb::crm
