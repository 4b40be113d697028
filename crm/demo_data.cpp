#include "crm/demo_data.h"

#include <fmt/format.h>

#include <span>

#include "crm/demo_words.h"

namespace sb::crm {

namespace {

constexpr TimeMs kDayMs = 86'400'000;
constexpr std::uint64_t kOrderDays = 730;
constexpr std::uint64_t kContactDays = 270;
constexpr std::uint64_t kOpenDays = 30;
constexpr std::uint32_t kChinesePercent = 55;
constexpr std::size_t kFictitiousPerArea = 100;  // +1 AREA 555 01NN
constexpr std::int64_t kYuanPerDollar = 7;

// SplitMix64 (Vigna): the same numbers everywhere, which standard distributions do not promise.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  bool percent(std::uint32_t p) { return below(100) < p; }
  template <class T>
  const T& pick(std::span<const T> words) {
    return words[below(words.size())];
  }
  std::string word(std::span<const demo::Word> words) { return std::string(pick(words)); }

 private:
  std::uint64_t state_;
};

// 154 is a mobile prefix China never assigned; multiplying by an odd number spreads serials without repeating one.
std::string chinese_phone(std::size_t serial) {
  return fmt::format("+86154{:08}", serial * 7'368'787 % 100'000'000);
}

// 555-01NN is set aside for fiction in every North American area code.
std::string american_phone(std::size_t serial) {
  const std::size_t area = 201 + serial / kFictitiousPerArea * 7 % 780;
  return fmt::format("+1{}55501{:02}", area, serial % kFictitiousPerArea);
}

struct Person {
  bool chinese = false;
  std::string name;
  std::string mail_name;
};

Person make_person(Dice& dice) {
  Person person;
  person.chinese = dice.percent(kChinesePercent);
  if (person.chinese) {
    const std::size_t family = dice.below(demo::kChineseFamily.size());
    const std::size_t given = dice.below(demo::kChineseGiven.size());
    person.name = fmt::format("{}{}", demo::kChineseFamily[family], demo::kChineseGiven[given]);
    person.mail_name = fmt::format("{}.{}", demo::kPinyinGiven[given], demo::kPinyinFamily[family]);
  } else {
    const std::string given = dice.word(demo::kEnglishGiven);
    const std::string family = dice.word(demo::kEnglishFamily);
    person.name = given + " " + family;
    person.mail_name = given + "." + family;
    for (char& c : person.mail_name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return person;
}

// Most are standard; 12 in 100 silver (1), 5 gold (2), 1 platinum (3).
std::uint32_t make_tier(Dice& dice) {
  const std::size_t roll = dice.below(100);
  return roll < 1 ? 3 : roll < 6 ? 2 : roll < 18 ? 1 : 0;
}

Profile make_profile(Dice& dice, const Person& person, std::size_t serial) {
  Profile profile;
  profile.name = person.name;
  profile.language = person.chinese ? "zh" : "en";
  profile.tier = make_tier(dice);
  profile.tags.emplace();
  if (*profile.tier >= 2) profile.tags->emplace_back("vip");
  if (dice.percent(6)) {
    profile.company = dice.word(person.chinese ? std::span<const demo::Word>(demo::kChineseCompanies)
                                               : std::span<const demo::Word>(demo::kEnglishCompanies));
    profile.tags->emplace_back("wholesale");
  }
  for (const demo::Word tag : demo::kTags) {
    if (dice.percent(14)) profile.tags->emplace_back(tag);
  }
  static_assert(demo::kEnglishZones.size() == demo::kEnglishCities.size());
  const std::size_t city = dice.below(person.chinese ? demo::kChineseCities.size() : demo::kEnglishCities.size());
  profile.custom.emplace_back("city", person.chinese ? demo::kChineseCities[city] : demo::kEnglishCities[city]);
  profile.time_zone = std::string(person.chinese ? demo::kChineseZone : demo::kEnglishZones[city]);
  if (dice.percent(70)) profile.consent = dice.percent(85) ? "granted" : "refused";
  const std::string phone = person.chinese ? chinese_phone(serial) : american_phone(serial);
  const std::string mail = fmt::format("{}{}@example.{}", person.mail_name, serial + 1, person.chinese ? "org" : "com");
  const bool has_mail = dice.percent(80);
  if (!has_mail || dice.percent(92)) profile.contacts.push_back({{std::string(kPhone), phone}, dice.percent(60)});
  if (has_mail) profile.contacts.push_back({{std::string(kEmail), mail}, dice.percent(40)});
  return profile;
}

// Younger than ten days: still on its way. Otherwise delivered, with few exceptions.
std::string make_status(Dice& dice, std::uint64_t days_ago) {
  if (days_ago <= 3) return "paid";
  if (days_ago <= 10) return "shipped";
  const std::size_t roll = dice.below(100);
  return roll < 4 ? "cancelled" : roll < 8 ? "refunded" : "delivered";
}

Order make_order(Dice& dice, bool chinese, std::uint64_t days_ago, TimeMs now_ms) {
  Order order;
  order.placed_ms = now_ms - days_ago * kDayMs - dice.below(kDayMs);
  order.status = make_status(dice, days_ago);
  order.currency = chinese ? "CNY" : "USD";
  const std::size_t lines = 1 + dice.below(3);
  for (std::size_t i = 0; i < lines; ++i) {
    const demo::Product& product = dice.pick(std::span<const demo::Product>(demo::kProducts));
    const auto quantity = static_cast<std::int64_t>(1 + dice.below(3));
    order.total_cents += quantity * (chinese ? product.cents : product.cents / kYuanPerDollar);
    if (!order.items.empty()) order.items += chinese ? "，" : ", ";
    order.items += fmt::format("{} × {}", chinese ? product.chinese : product.english, quantity);
  }
  return order;
}

std::vector<Order> make_orders(Dice& dice, bool chinese, TimeMs now_ms) {
  std::vector<std::uint64_t> days(dice.below(7));
  for (auto& day : days) day = dice.below(kOrderDays);
  std::sort(days.rbegin(), days.rend());
  std::vector<Order> orders;
  orders.reserve(days.size());
  for (const std::uint64_t day : days) orders.push_back(make_order(dice, chinese, day, now_ms));
  std::sort(orders.begin(), orders.end(), [](const Order& a, const Order& b) { return a.placed_ms < b.placed_ms; });
  return orders;
}

std::string make_disposition(Dice& dice, std::string_view queue) {
  const std::size_t roll = dice.below(100);
  if (roll < 12) return {};
  if (roll < 26) return "follow_up";
  if (queue == "sales" && roll < 60) return "order_placed";
  return "resolved";
}

// In the shop's waking hours: 9 to 21 o'clock in China, for those in the west up to midnight UTC.
PastContact make_contact(Dice& dice, const Person& person, bool can_call, std::uint64_t days_ago, TimeMs now_ms) {
  constexpr DurationMs kSecondMs = 1'000;
  constexpr TimeMs kHourMs = 3'600'000;
  PastContact contact;
  contact.channel = can_call && dice.percent(45) ? Channel::kPhone : Channel::kChat;
  const bool call = contact.channel == Channel::kPhone;
  const TimeMs midnight = now_ms - now_ms % kDayMs;
  contact.started_ms = midnight - days_ago * kDayMs + (person.chinese ? 1 : 11) * kHourMs + dice.below(12 * kHourMs);
  contact.answered = dice.percent(88);
  const demo::Matter& matter = dice.pick(std::span<const demo::Matter>(demo::kMatters));
  contact.queue = matter.queue;
  if (!call) contact.words = person.chinese ? matter.chinese : matter.english;
  contact.waited_ms = (contact.answered ? 3 + dice.below(call ? 60 : 100) : 25 + dice.below(220)) * kSecondMs;
  if (!contact.answered) return contact;
  contact.handled_ms = (call ? 50 + dice.below(550) : 90 + dice.below(1'300)) * kSecondMs;
  contact.disposition = make_disposition(dice, matter.queue);
  contact.open = contact.disposition == "follow_up" && days_ago <= kOpenDays;
  contact.turn = dice.below(1'000);
  return contact;
}

// Rather lately than long ago; a third of the people have never been in touch.
std::vector<PastContact> make_contacts(Dice& dice, const Person& person, const Profile& profile, TimeMs now_ms) {
  std::vector<PastContact> contacts(dice.percent(34) ? 0 : 1 + dice.below(5));
  const bool can_call = std::any_of(profile.contacts.begin(), profile.contacts.end(),
                                    [](const Contact& c) { return c.address.kind == kPhone; });
  for (PastContact& contact : contacts) {
    const std::uint64_t days_ago = 1 + dice.below(kContactDays) * dice.below(kContactDays) / kContactDays;
    contact = make_contact(dice, person, can_call, days_ago, now_ms);
  }
  std::sort(contacts.begin(), contacts.end(), [](const auto& a, const auto& b) { return a.started_ms < b.started_ms; });
  return contacts;
}

}  // namespace

std::vector<DemoCustomer> make_demo_customers(const DemoOptions& options) {
  std::vector<DemoCustomer> out;
  out.reserve(options.customers);
  std::size_t order_serial = 100'000;
  for (std::size_t serial = 0; serial < options.customers; ++serial) {
    // Each person has dice of their own, so that asking for more people does not change the first ones.
    Dice dice(options.seed * 1'000'003 + serial);
    const Person person = make_person(dice);
    DemoCustomer customer;
    customer.profile = make_profile(dice, person, serial);
    customer.orders = make_orders(dice, person.chinese, options.now_ms);
    for (Order& order : customer.orders) order.number = fmt::format("LJ{}", ++order_serial);
    for (std::size_t notes = dice.percent(30) ? 1 + dice.below(2) : 0; notes > 0; --notes) {
      const demo::Phrase& phrase = dice.pick(std::span<const demo::Phrase>(demo::kNotes));
      customer.notes.emplace_back(person.chinese ? phrase.chinese : phrase.english);
    }
    customer.contacts = make_contacts(dice, person, customer.profile, options.now_ms);
    out.push_back(std::move(customer));
  }
  return out;
}

}  // namespace sb::crm
