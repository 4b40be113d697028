#include "crm/customer_rows.h"

#include <boost/json.hpp>

#include "crm/facts.h"

namespace sb::crm {

namespace json = boost::json;

void CustomerRows::create(const event::CustomerCreated& event, std::string_view content, TimeMs now_ms) {
  sql_.run("INSERT OR IGNORE INTO customers(id, root, created_ms, updated_ms) VALUES(?1, ?1, ?2, ?2)", event.customer,
           now_ms);
  if (content.empty() && event.identities.empty()) return;  // nobody known: nothing to write or to search for
  StoredProfile stored = read_stored_profile(content);
  Profile& profile = stored.profile;
  const bool stand_in = stored.identity_only && profile.name.value_or("").empty();
  if (stand_in) profile.name = name_from(profile.contacts[0].address);
  write_profile(event.customer, profile, now_ms);
  if (stand_in) sql_.run("UPDATE customers SET stand_in = 1 WHERE id = ?1", event.customer);
  write_contacts(event.customer, profile, event.identities);
  if (!content.empty() && !stored.identity_only) {
    sql_.run("UPDATE customers SET profiled = 1 WHERE id = ?1", event.customer);
  }
}

void CustomerRows::put(const event::CustomerPut& event, std::string_view content, TimeMs now_ms) {
  sql_.run("INSERT OR IGNORE INTO customers(id, root, created_ms, updated_ms) VALUES(?1, ?1, ?2, ?2)", event.customer,
           now_ms);
  const StoredProfile stored = read_stored_profile(content);
  write_profile(event.customer, stored.profile, now_ms);
  write_contacts(event.customer, stored.profile, event.identities);
  sql_.run("UPDATE customers SET profiled = 1, updated_ms = ?2 WHERE id = ?1", event.customer, now_ms);
}

void CustomerRows::write_profile(CustomerId customer, const Profile& profile, TimeMs now_ms) {
  touched_.insert(customer);
  const auto set = [&]<std::size_t N>(const char(&sql)[N], const auto& value) {
    if (value) sql_.run(sql, customer, *value);
  };
  set("UPDATE customers SET name = ?2, stand_in = 0 WHERE id = ?1", profile.name);
  set("UPDATE customers SET language = ?2 WHERE id = ?1", profile.language);
  set("UPDATE customers SET time_zone = ?2 WHERE id = ?1", profile.time_zone);
  set("UPDATE customers SET tier = ?2 WHERE id = ?1", profile.tier);
  set("UPDATE customers SET company = ?2 WHERE id = ?1", profile.company);
  set("UPDATE customers SET consent = ?2 WHERE id = ?1", profile.consent);
  if (profile.tags) {
    const auto tags = json::serialize(json::array(profile.tags->begin(), profile.tags->end()));
    sql_.run("UPDATE customers SET tags = ?2 WHERE id = ?1", customer, tags);
  }
  if (!profile.custom.empty()) write_custom(customer, profile);
  sql_.run("UPDATE customers SET updated_ms = ?2 WHERE id = ?1", customer, now_ms);
}

void CustomerRows::write_custom(CustomerId customer, const Profile& profile) {
  json::object custom;
  {
    Rows rows = sql_.query("SELECT custom FROM customers WHERE id = ?1", customer);
    if (rows.next()) {
      const auto text = rows.text_view(0);
      custom = json::parse(json::string_view(text.data(), text.size())).get_object();
    }
  }
  for (const auto& [name, value] : profile.custom) {
    if (value.empty()) {
      custom.erase(name);
    } else if (custom.contains(name) || custom.size() < kCustomMax) {
      custom[name] = value;
    }
  }
  sql_.run("UPDATE customers SET custom = ?2 WHERE id = ?1", customer, json::serialize(custom));
}

void CustomerRows::write_contacts(CustomerId customer, const Profile& profile,
                                  const std::vector<IdentityHash>& identities) {
  for (const Address& address : profile.remove_contacts) {
    sql_.run(
        "DELETE FROM identities WHERE kind = ?2 AND value = ?3 AND customer IN "
        "(SELECT id FROM customers WHERE root = (SELECT root FROM customers WHERE id = ?1))",
        customer, address.kind, address.value);
  }
  const std::size_t count = std::max(identities.size(), profile.contacts.size());
  for (std::size_t i = 0; i < count; ++i) {
    const Contact contact = i < profile.contacts.size() ? profile.contacts[i] : Contact{};
    write_identity(customer, i < identities.size() ? identities[i] : IdentityHash{}, contact);
  }
}

void CustomerRows::add_given_mail(CustomerId customer, std::string_view mail) {
  auto address = normalize_email(mail);
  if (!address) return;
  {
    Rows rows = sql_.query("SELECT count(*) FROM identities WHERE customer = ?1", customer);
    if (!rows.next() || rows.uint64(0) >= kContactsMax) return;
  }
  touched_.insert(customer);
  write_identity(customer, {}, {{std::string(kEmail), *std::move(address)}, false});
}

// Whoever is told to have an identity has it from then on. An identity that already belongs to a customer joined with
// this one stays where it is, so that taking the merge back gives it to its own.
void CustomerRows::write_identity(CustomerId customer, IdentityHash identity, const Contact& contact) {
  const auto& [kind, value] = contact.address;
  if (!identity) {
    if (value.empty()) return;
    sql_.run(
        "INSERT INTO identities(customer, kind, value, verified) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS "
        "(SELECT 1 FROM identities WHERE customer = ?1 AND kind = ?2 AND value = ?3)",
        customer, kind, value, contact.verified);
    return;
  }
  CustomerId owner;
  {
    Rows rows = sql_.query("SELECT customer FROM identities WHERE high = ?1 AND low = ?2", identity.high, identity.low);
    if (rows.next()) owner = rows.id<CustomerId>(0);
  }
  if (!owner) {
    sql_.run("INSERT INTO identities(high, low, customer, kind, value, verified) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
             identity.high, identity.low, customer, kind, value, contact.verified);
    return;
  }
  touched_.insert(owner);
  if (owner != customer && root_of(owner) != root_of(customer)) {
    sql_.run("UPDATE identities SET customer = ?3, verified = ?4 WHERE high = ?1 AND low = ?2", identity.high,
             identity.low, customer, contact.verified);
  }
  sql_.run("UPDATE identities SET verified = max(verified, ?3) WHERE high = ?1 AND low = ?2", identity.high,
           identity.low, contact.verified);
  if (!value.empty()) {
    sql_.run("UPDATE identities SET kind = ?3, value = ?4 WHERE high = ?1 AND low = ?2", identity.high, identity.low,
             kind, value);
  }
}

CustomerId CustomerRows::root_of(CustomerId customer) {
  Rows rows = sql_.query("SELECT root FROM customers WHERE id = ?1", customer);
  return rows.next() ? rows.id<CustomerId>(0) : customer;
}

void CustomerRows::set_root_below(CustomerId top, CustomerId root) {
  sql_.run(
      "WITH RECURSIVE below(id) AS (SELECT ?1 UNION SELECT c.id FROM customers c JOIN below ON c.merged_into = "
      "below.id "
      "WHERE c.merged_into <> 0) UPDATE customers SET root = ?2 WHERE id IN (SELECT id FROM below)",
      top, root);
}

void CustomerRows::merge(const event::CustomersMerged& event) {
  const CustomerId root = root_of(event.into);
  const CustomerId top = root_of(event.from);  // whom else `from` was joined with comes along
  if (top == root) return;                     // already one person
  sql_.run("UPDATE customers SET merged_into = ?2 WHERE id = ?1", top, event.into);
  set_root_below(top, root);
}

void CustomerRows::unmerge(const event::CustomersUnmerged& event) {
  {
    Rows rows =
        sql_.query("SELECT 1 FROM customers WHERE id = ?1 AND merged_into <> 0 AND (merged_into = ?2 OR root = ?2)",
                   event.from, event.into);
    if (!rows.next()) return;
  }
  sql_.run("UPDATE customers SET merged_into = 0 WHERE id = ?1", event.from);
  set_root_below(event.from, event.from);
}

void CustomerRows::add_fact(const event::CustomerFactAdded& event, std::string_view content, TimeMs now_ms) {
  if (event.kind == "note") {
    add_note(event.customer, event.ticket, event.agent, now_ms, read_stored_text(content, "text"));
  } else if (event.kind == "order") {
    add_order(event.customer, content);
  } else if (event.kind == "consent") {
    const std::string consent = read_stored_text(content, "consent");
    if (consent == "granted" || consent == "refused") {
      sql_.run("UPDATE customers SET consent = ?2, updated_ms = ?3 WHERE id = ?1", event.customer, consent, now_ms);
    }
  }
}

void CustomerRows::add_note(CustomerId customer, TicketId ticket, AgentId agent, TimeMs now_ms, std::string_view text) {
  if (text.empty()) return;
  sql_.run("INSERT INTO notes(customer, ticket, agent, time_ms, text) VALUES(?1, ?2, ?3, ?4, ?5)", customer, ticket,
           agent, now_ms, text);
}

void CustomerRows::add_order(CustomerId customer, std::string_view content) {
  const auto order = parse_order(content);
  if (!order) return;
  {
    Rows rows = sql_.query("SELECT customer FROM orders WHERE number = ?1", order->number);
    if (rows.next()) touched_.insert(rows.id<CustomerId>(0));
  }
  touched_.insert(customer);
  sql_.run(
      "INSERT INTO orders(number, customer, placed_ms, status, total_cents, currency, items, counts) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(number) DO UPDATE SET customer = excluded.customer, "
      "placed_ms = excluded.placed_ms, status = excluded.status, total_cents = excluded.total_cents, "
      "currency = excluded.currency, items = excluded.items, counts = excluded.counts",
      order->number, customer, order->placed_ms, order->status, order->total_cents, order->currency, order->items,
      counts_toward_value(order->status));
}

void CustomerRows::refresh_search() {
  for (const CustomerId customer : touched_) {
    sql_.run(
        "INSERT OR REPLACE INTO search(rowid, name, company, contacts, orders) "
        "SELECT id, name, company, "
        "(SELECT coalesce(group_concat(value, ' '), '') FROM identities WHERE customer = ?1), "
        "(SELECT coalesce(group_concat(number, ' '), '') FROM orders WHERE customer = ?1) "
        "FROM customers WHERE id = ?1",
        customer);
  }
  touched_.clear();
}

}  // namespace sb::crm
