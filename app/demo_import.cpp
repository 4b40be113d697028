#include "app/demo_import.h"

#include <spdlog/spdlog.h>

#include <future>
#include <thread>

#include "console/json_codec.h"
#include "crm/demo_data.h"

namespace sb::app {

namespace {

void submit(engine::Engine& engine, Command command, std::vector<std::string> contents, std::string key = {}) {
  for (;;) {
    engine::Submission s{command, Source::kImport, key, contents, {}};
    if (engine.submit(std::move(s))) return;
    std::this_thread::yield();
  }
}

// A short exchange the shop had with a customer before: a matter taken out of hours and answered, so it is on the
// timeline and its ticket is settled.
void past_interaction(engine::Engine& engine, const crm::DemoCustomer& customer, CustomerId id, IdentityHash identity,
                      const Config& config, std::size_t number) {
  const bool chinese = customer.profile.language.value_or("en").starts_with("zh");
  constexpr std::string_view kEnglish[] = {"When will my order arrive?", "Can I change the delivery address?",
                                           "Which pot suits green tea?", "The lid arrived cracked."};
  constexpr std::string_view kChinese[] = {"我的订单什么时候到？", "可以修改收货地址吗？", "绿茶用哪种壶好？",
                                           "盖子收到时裂了。"};
  std::string message = "{\"text\":";
  console::put_json_string(message, chinese ? kChinese[number % 4] : kEnglish[number % 4]);
  message += '}';
  command::StartInteraction start;
  start.channel = number % 3 == 0 ? Channel::kEmail : Channel::kChat;
  start.customer = id;
  start.identity = identity;
  start.language = chinese ? "zh" : "en";
  start.queue = config.center.queues[number % config.center.queues.size()].id;
  start.out_of_hours = true;
  start.content = 1;
  submit(engine, start, {std::move(message)});
}

}  // namespace

std::expected<void, std::string> import_demo(engine::Engine& engine, const crm::IdentityHasher& hasher,
                                             const Config& config) {
  crm::DemoOptions options;
  options.customers = config.demo_customers;
  options.now_ms = engine.clock().now();
  const auto customers = crm::make_demo_customers(options);
  // Customers are numbered in the order of their records, and the store was empty.
  std::uint64_t id = 0;
  for (std::size_t n = 0; n < customers.size(); ++n) {
    const auto& c = customers[n];
    ++id;
    const auto identities = crm::identities_of(c.profile, hasher);
    submit(engine, command::PutCustomer{{}, identities, 1}, {crm::to_json(c.profile)});
    for (const auto& order : c.orders) {
      submit(engine, command::AddCustomerFact{{id}, "order", {}, {}, 1}, {crm::to_json(order)});
    }
    for (const auto& note : c.notes) {
      submit(engine, command::AddCustomerFact{{id}, "note", {}, {}, 1}, {crm::note_json(note)});
    }
    if (n % 2 == 0 && !identities.empty()) past_interaction(engine, c, {id}, identities.front(), config, n / 2);
  }
  std::promise<void> durable;
  engine::Submission last{
      config.put_center, Source::kConfig, {}, {}, [&](const engine::Answer&) { durable.set_value(); }};
  while (!engine.submit(std::move(last))) std::this_thread::yield();
  durable.get_future().wait();
  spdlog::info("demo: {} customers with their orders and past interactions", customers.size());
  return {};
}

}  // namespace sb::app
