#include "app/demo_import.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/submit_all.h"
#include "console/json_codec.h"
#include "crm/demo_data.h"

namespace sb::app {

namespace {

// Who could have answered it then: the people of its queue who take the channel, in the customer's language if
// possible.
AgentId answered_by(const crm::PastContact& contact, std::string_view language, const Config& config) {
  std::vector<AgentId> all;
  std::vector<AgentId> speaking;
  for (const AgentConfig& agent : config.agents) {
    const auto info = std::find_if(config.center.agents.begin(), config.center.agents.end(),
                                   [&](const engine::AgentInfo& a) { return a.login == agent.info.login; });
    const bool serves = std::find(agent.queues.begin(), agent.queues.end(), contact.queue) != agent.queues.end();
    const std::size_t channel = index_of(contact.channel);
    if (info == config.center.agents.end() || !serves || channel >= agent.capacity.size() ||
        agent.capacity[channel] == 0)
      continue;
    all.push_back(info->id);
    const bool speaks = std::any_of(agent.skills.begin(), agent.skills.end(),
                                    [&](const auto& skill) { return skill.first == language; });
    if (speaks) speaking.push_back(info->id);
  }
  const std::vector<AgentId>& candidates = speaking.empty() ? all : speaking;
  return candidates.empty() ? AgentId{} : candidates[contact.turn % candidates.size()];
}

void past_contact(engine::Engine& engine, const crm::PastContact& contact, CustomerId id, std::string_view language,
                  const Config& config) {
  command::AddPastInteraction past;
  past.channel = contact.channel;
  past.customer = id;
  past.language = language;
  const engine::QueueInfo* queue = config.center.queue(contact.queue);
  past.queue = queue ? queue->id : config.center.queues.front().id;
  if (contact.answered) past.agent = answered_by(contact, language, config);
  past.started_ms = contact.started_ms;
  past.waited_ms = contact.waited_ms;
  const bool call = contact.channel == Channel::kPhone;
  past.reason = call ? EndReason::kHungUp : past.agent ? EndReason::kCompleted : EndReason::kCustomerLost;
  past.ticket_status = TicketStatus::kClosed;
  if (past.agent) {
    past.handled_ms = contact.handled_ms;
    past.disposition = contact.disposition;
    past.ticket_status = contact.open ? TicketStatus::kPending : TicketStatus::kSolved;
  }
  std::vector<std::string> contents;
  if (!contact.words.empty()) {
    past.content = 1;
    contents.emplace_back("{\"text\":");
    console::put_json_string(contents.back(), contact.words);
    contents.back() += '}';
  }
  submit_one(engine, past, Source::kImport, contents);
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
  for (const auto& c : customers) {
    ++id;
    const auto identities = crm::identities_of(c.profile, hasher);
    submit_one(engine, command::PutCustomer{{}, identities, 1}, Source::kImport, {crm::to_json(c.profile)});
    for (const auto& order : c.orders) {
      submit_one(engine, command::AddCustomerFact{{id}, "order", {}, {}, 1}, Source::kImport, {crm::to_json(order)});
    }
    for (const auto& note : c.notes) {
      submit_one(engine, command::AddCustomerFact{{id}, "note", {}, {}, 1}, Source::kImport, {crm::note_json(note)});
    }
    for (const auto& contact : c.contacts) {
      past_contact(engine, contact, {id}, c.profile.language.value_or("en"), config);
    }
  }
  submit_all(engine, {config.put_center}, Source::kConfig);  // answered after all before it
  spdlog::info("demo: {} customers with their orders and past interactions", customers.size());
  return {};
}

}  // namespace sb::app
