#include <algorithm>

#include "console/json_codec.h"
#include "console/rest.h"
#include "crm/facts.h"
#include "engine/explain.h"

// Customers: find, read, write, join.
namespace sb::console {

namespace {

constexpr std::uint32_t kSearchLimit = 20;
constexpr std::uint32_t kTimelineLimit = 20;
constexpr std::size_t kMergedRowsMax = 500;  // of a merged customer's history, looked at for its name

ApiError unknown_customer() {
  return {404, "unknown_customer", "there is no such customer"};
}

struct MergedCustomer {
  CustomerId customer;
  std::string name;
  TimeMs time_ms = 0;
};

std::string text_of(std::string_view json, std::string_view field) {
  boost::system::error_code error;
  const auto value = boost::json::parse(json, error);
  const auto* object = error ? nullptr : value.if_object();
  const auto* text = object ? object->if_contains(field) : nullptr;
  return text && text->is_string() ? std::string(text->as_string()) : std::string();
}

// When it was joined and what it was called, from its own history: the records only know the survivor.
MergedCustomer read_merged(const storage::Store& store, CustomerId customer) {
  MergedCustomer merged{customer, {}, 0};
  auto rows = store.timeline(customer.value, ~Seq{0}, kMergedRowsMax);
  if (!rows) return merged;
  Record record;
  for (const auto& row : *rows) {
    auto bytes = store.read_record(row.seq);
    if (!bytes || !decode_record(*bytes, record)) continue;
    for (const Event& event : record.events) {
      if (const auto* joined = std::get_if<event::CustomersMerged>(&event)) {
        if (joined->from == customer && merged.time_ms == 0) merged.time_ms = record.time_ms;
        continue;
      }
      std::uint32_t content = 0;
      if (const auto* put = std::get_if<event::CustomerPut>(&event); put && put->customer == customer) {
        content = put->content;
      } else if (const auto* created = std::get_if<event::CustomerCreated>(&event);
                 created && created->customer == customer) {
        content = created->content;
      }
      if (content == 0 || !merged.name.empty()) continue;
      auto profile = store.content(row.seq, static_cast<std::uint16_t>(content));
      if (!profile) continue;
      merged.name = text_of(*profile, "name");
      if (merged.name.empty()) merged.name = text_of(*profile, "value");
    }
    if (merged.time_ms != 0 && !merged.name.empty()) break;
  }
  return merged;
}

std::string customers_json(const std::vector<crm::CustomerSummary>& found) {
  std::vector<ScreenPop> pops;
  for (const auto& c : found) {
    ScreenPop pop;
    pop.customer = c.customer;
    pop.name = c.name;
    pop.unnamed = c.unnamed;
    pop.tier = c.tier;
    pop.language = c.language;
    pop.tags = c.tags;
    pop.contacts = c.contacts;
    pop.company = c.company;
    pops.push_back(std::move(pop));
  }
  std::string out = "{\"customers\":";
  put_json(out, pops);
  out += '}';
  return out;
}

// The pages send whole lists: "custom" as [{"name","value"}]. A field that is not in it any more goes away.
void custom_as_object(boost::json::object& body, const std::vector<CustomField>& present) {
  const auto* list = body.if_contains("custom");
  if (!list || !list->is_array()) return;
  boost::json::object custom;
  for (const CustomField& field : present) custom[field.name] = "";
  for (const auto& entry : list->get_array()) {
    const auto* field = entry.if_object();
    const auto* name = field ? field->if_contains("name") : nullptr;
    const auto* value = field ? field->if_contains("value") : nullptr;
    if (!name || !name->is_string()) continue;
    custom[name->get_string()] = value ? *value : boost::json::value("");
  }
  body["custom"] = std::move(custom);
}

// "contacts" of a change is the whole list too: what is not in it is taken off.
void remove_other_contacts(crm::Profile& profile, const std::vector<ContactPoint>& present) {
  for (const ContactPoint& contact : present) {
    const crm::Address address{contact.kind, contact.value};
    const bool kept = std::any_of(profile.contacts.begin(), profile.contacts.end(),
                                  [&](const crm::Contact& c) { return c.address == address; });
    const bool named = std::find(profile.remove_contacts.begin(), profile.remove_contacts.end(), address) !=
                       profile.remove_contacts.end();
    if (!kept && !named) profile.remove_contacts.push_back(address);
  }
}

// What is on the list already is not said again: an address the customer only typed in must not become one they are
// recognised by because somebody corrected their name.
bool is_unchanged(const crm::Contact& contact, const std::vector<ContactPoint>& present) {
  const ContactPoint same{contact.address.kind, contact.address.value, contact.verified};
  return std::find(present.begin(), present.end(), same) != present.end();
}

}  // namespace

net::Response Rest::customer_response(CustomerId customer) const {
  auto details = context_.directory.customer(customer);
  if (!details) return records_unavailable().response();
  if (!*details) return unknown_customer().response();
  auto pop = context_.directory.screen_pop(customer);
  if (!pop) return records_unavailable().response();
  std::string out = "{";
  put_json_members(out, *pop, true);
  for (const CustomerId merged : (*details)->merged) {
    const MergedCustomer m = read_merged(context_.engine.store(), merged);
    out += merged == (*details)->merged.front() ? ",\"merged\":[" : ",";
    boost::json::object one{{"customer", m.customer.value}, {"name", m.name}, {"time_ms", m.time_ms}};
    out += boost::json::serialize(one);
  }
  if (!(*details)->merged.empty()) out += ']';
  out += ",\"created_ms\":" + std::to_string((*details)->created_ms) +
         ",\"updated_ms\":" + std::to_string((*details)->updated_ms) + '}';
  return net::Response::json(200, std::move(out));
}

void Rest::answer_customer(const CallPtr& call, CustomerId customer) {
  answer_from(questions_, call, [this, customer] { return customer_response(customer); });
}

void Rest::search(const CallPtr& call) {
  auto limit = query_number(call->query, "limit", kSearchLimit);
  if (!limit) return call->refuse(limit.error());
  std::string text(call->query.find("q").value_or(""));
  if (text.size() > 200) return call->refuse(bad_field("q", "at most 200 bytes"));
  answer_from(questions_, call, [this, text = std::move(text), limit = *limit] {
    auto found = context_.directory.search(
        text, static_cast<std::uint32_t>(std::min<std::uint64_t>(limit, crm::Directory::kLimitMax)));
    if (!found) return records_unavailable().response();
    return net::Response::json(200, customers_json(*found));
  });
}

void Rest::get_customer(const CallPtr& call) {
  answer_customer(call, {call->number});
}

void Rest::timeline(const CallPtr& call) {
  auto limit = query_number(call->query, "limit", kTimelineLimit);
  if (!limit) return call->refuse(limit.error());
  auto before = query_number(call->query, "before", 0);
  if (!before) return call->refuse(before.error());
  const auto count = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(*limit, 1, crm::Directory::kLimitMax - 1));
  answer_from(questions_, call, [this, customer = CustomerId{call->number}, before = *before, count] {
    auto items = context_.directory.timeline(customer, before, count + 1);
    if (!items) return records_unavailable().response();
    const bool more = items->size() > count;
    if (more) items->resize(count);
    std::string out = "{\"items\":";
    put_json(out, *items);
    if (more) out += ",\"next\":" + std::to_string(items->back().started_ms);
    out += '}';
    return net::Response::json(200, std::move(out));
  });
}

void Rest::history(const CallPtr& call) {
  auto before = query_number(call->query, "before", 0);
  if (!before) return call->refuse(before.error());
  answer_from(questions_, call, [this, customer = CustomerId{call->number}, before = *before] {
    constexpr std::size_t kRecords = 200;
    auto events = engine::history(context_.engine.store(), context_.center, customer, before, kRecords);
    if (!events) return ApiError{503, "journal_unreadable", events.error().message}.response();
    boost::json::object out{{"customer", customer.value}, {"events", std::move(*events)}};
    return net::Response::json(200, boost::json::serialize(out));
  });
}

Result<CustomerId> Rest::owner_of_contacts(const crm::Profile& profile, CustomerId own,
                                           const std::vector<ContactPoint>& present) const {
  CustomerId owner = own;
  for (std::size_t n = 0; n < profile.contacts.size(); ++n) {
    if (is_unchanged(profile.contacts[n], present)) continue;
    auto match = context_.directory.find_by_identity(context_.hasher.hash(profile.contacts[n].address));
    if (!match) return std::unexpected(records_unavailable());
    if (!*match || (*match)->customer == owner) continue;
    const CustomerId other = (*match)->customer;
    auto details = context_.directory.customer(other);
    if (!details) return std::unexpected(records_unavailable());
    if (!owner && *details && (*details)->card.match == "new") {
      owner = other;
      continue;
    }
    const std::string field = "contacts[" + std::to_string(n) + "].value";
    return std::unexpected(ApiError{
        409, "contact_in_use",
        field + ": this address belongs to customer " + std::to_string(other.value) + "; merge the two instead",
        field});
  }
  return owner;
}

void Rest::put_customer(const CallPtr& call, CustomerId customer, const crm::Profile& profile) {
  command::PutCustomer c{customer, crm::identities_of(profile, context_.hasher), 1};
  submit(call, std::move(c), {crm::to_json(profile)}, [this, call](const engine::Answer& answer) {
    when_projected(answer.seq, [this, call, id = CustomerId{answer.result}] {
      if (call->request.method == "PATCH") return answer_customer(call, id);
      call->answer(201, "{\"customer\":" + std::to_string(id.value) + "}");
    });
  });
}

void Rest::create_customer(const CallPtr& call) {
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  auto interaction = integer_field(*body, "interaction", 1, kIdMax);
  if (!interaction) return call->refuse(interaction.error());
  body->erase("interaction");
  custom_as_object(*body, {});
  auto profile = crm::parse_profile(boost::json::serialize(*body), phone_rules(), context_.center.knows_time_zone);
  if (!profile) return call->refuse(bad_field(profile.error()));
  if (!profile->name && profile->contacts.empty()) {
    return call->refuse(bad_field("name", "a customer needs a name or a contact"));
  }
  const InteractionId id{static_cast<std::uint64_t>(interaction->value_or(0))};
  const routing::Interaction* i = context_.engine.view().interactions.find(id);
  struct Found {
    CustomerId customer;
    crm::Profile profile;
  };
  prepare<Found>(
      questions_, call,
      [this, id, live = i ? i->customer : CustomerId{}, profile = std::move(*profile)]() mutable -> Result<Found> {
        CustomerId own;
        if (id) {
          auto customer = customer_of(id, live);
          if (!customer) return std::unexpected(customer.error());
          auto details = context_.directory.customer(*customer);
          if (!details) return std::unexpected(records_unavailable());
          if (*details && (*details)->card.match != "new") {
            return std::unexpected(ApiError{409, "known_customer",
                                            "interaction: this contact already belongs to customer " +
                                                std::to_string((*details)->card.customer.value),
                                            "interaction"});
          }
          own = *details ? (*details)->card.customer : *customer;
        }
        auto owner = owner_of_contacts(profile, own, {});
        if (!owner) return std::unexpected(owner.error());
        return Found{*owner, std::move(profile)};
      },
      [this, call](const Found& found) { put_customer(call, found.customer, found.profile); });
}

void Rest::change_customer(const CallPtr& call) {
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  struct Found {
    CustomerId customer;
    crm::Profile profile;
  };
  prepare<Found>(
      questions_, call,
      [this, id = CustomerId{call->number}, body = std::move(*body)]() mutable -> Result<Found> {
        auto details = context_.directory.customer(id);
        if (!details) return std::unexpected(records_unavailable());
        if (!*details) return std::unexpected(unknown_customer());
        const ScreenPop& card = (*details)->card;
        custom_as_object(body, card.custom);
        auto profile = crm::parse_profile(boost::json::serialize(body), phone_rules(), context_.center.knows_time_zone);
        if (!profile) return std::unexpected(bad_field(profile.error()));
        auto owner = owner_of_contacts(*profile, card.customer, card.contacts);
        if (!owner) return std::unexpected(owner.error());
        if (body.contains("contacts")) remove_other_contacts(*profile, card.contacts);
        std::erase_if(profile->contacts, [&](const crm::Contact& c) { return is_unchanged(c, card.contacts); });
        return Found{card.customer, std::move(*profile)};
      },
      [this, call](const Found& found) { put_customer(call, found.customer, found.profile); });
}

void Rest::add_fact(const CallPtr& call, std::string kind, std::string content) {
  command::AddCustomerFact c{{call->number}, std::move(kind), call->agent(), {}, 1};
  submit(call, std::move(c), {std::move(content)}, [this, call](const engine::Answer& answer) {
    when_projected(answer.seq, [call] { call->answer(201, "{}"); });
  });
}

void Rest::add_note(const CallPtr& call) {
  auto text = crm::parse_note(call->request.body);
  if (!text) return call->refuse(bad_field(text.error()));
  add_fact(call, "note", crm::note_json(*text));
}

void Rest::add_order(const CallPtr& call) {
  auto order = crm::parse_order(call->request.body);
  if (!order) return call->refuse(bad_field(order.error()));
  add_fact(call, "order", crm::to_json(*order));
}

void Rest::merge(const CallPtr& call) {
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  auto from = required_id(*body, "from");
  if (!from) return call->refuse(from.error());
  using Pair = std::pair<CustomerId, CustomerId>;
  prepare<Pair>(
      questions_, call,
      [this, into = CustomerId{call->number}, from = CustomerId{*from}]() -> Result<Pair> {
        auto survivor = context_.directory.customer(into);
        auto other = context_.directory.customer(from);
        if (!survivor || !other) return std::unexpected(records_unavailable());
        if (!*survivor) return std::unexpected(unknown_customer());
        if (!*other) return std::unexpected(ApiError{404, "unknown_customer", "from: no such customer", "from"});
        if ((*survivor)->card.customer == (*other)->card.customer) {
          return std::unexpected(ApiError{409, "same_customer", "from: the two are one customer already", "from"});
        }
        return Pair{(*other)->card.customer, (*survivor)->card.customer};
      },
      [this, call](Pair pair) {
        submit(call, command::MergeCustomers{pair.first, pair.second, call->agent()}, {},
               [this, call, into = pair.second](const engine::Answer& answer) {
                 when_projected(answer.seq, [this, call, into] { answer_customer(call, into); });
               });
      });
}

void Rest::unmerge(const CallPtr& call) {
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  auto from = required_id(*body, "from");
  if (!from) return call->refuse(from.error());
  using Pair = std::pair<CustomerId, CustomerId>;
  prepare<Pair>(
      questions_, call,
      [this, into = CustomerId{call->number}, from = CustomerId{*from}]() -> Result<Pair> {
        auto survivor = context_.directory.customer(into);
        if (!survivor) return std::unexpected(records_unavailable());
        if (!*survivor) return std::unexpected(unknown_customer());
        const auto& merged = (*survivor)->merged;
        if (std::find(merged.begin(), merged.end(), from) == merged.end()) {
          return std::unexpected(ApiError{409, "not_merged", "from: was not merged into this customer", "from"});
        }
        return Pair{from, (*survivor)->card.customer};
      },
      [this, call](Pair pair) {
        submit(call, command::UnmergeCustomers{pair.first, pair.second, call->agent()}, {},
               [this, call, into = pair.second](const engine::Answer& answer) {
                 when_projected(answer.seq, [this, call, into] { answer_customer(call, into); });
               });
      });
}

}  // namespace sb::console
