#include "crm/customer_card.h"

#include <boost/json.hpp>
#include <limits>

#include "crm/facts.h"
#include "crm/stored_content.h"

namespace sb::crm {

namespace json = boost::json;

namespace {

constexpr std::uint32_t kPopTickets = 10, kPopInteractions = 10, kPopOrders = 5, kPopNotes = 5;

void fill(std::string& text, std::string_view from) {
  if (text.empty()) text = from;
}

void fill_tags(ScreenPop& pop, std::string_view text) {
  if (pop.tags.empty()) pop.tags = tags_of(text);
}

void fill_custom(ScreenPop& pop, std::string_view text) {
  const json::value custom = json::parse(json::string_view(text.data(), text.size()));
  for (const auto& entry : custom.as_object()) {
    const bool present = std::any_of(pop.custom.begin(), pop.custom.end(),
                                     [&](const CustomField& field) { return entry.key() == field.name; });
    if (!present) pop.custom.push_back({std::string(entry.key()), std::string(entry.value().as_string())});
  }
}

void add_contacts(Sql& sql, CustomerId root, ScreenPop& pop) {
  Rows rows = sql.query(
      "SELECT i.kind, i.value, i.verified FROM customers m CROSS JOIN identities i ON i.customer = m.id "
      "WHERE m.root = ?1 AND i.value <> '' ORDER BY m.id <> ?1, i.id",
      root);
  while (rows.next()) {
    ContactPoint contact{rows.text(0), rows.text(1), rows.boolean(2)};
    const auto same = std::find_if(pop.contacts.begin(), pop.contacts.end(), [&](const ContactPoint& have) {
      return have.kind == contact.kind && have.value == contact.value;
    });
    if (same == pop.contacts.end()) {
      pop.contacts.push_back(std::move(contact));
    } else {
      same->verified = same->verified || contact.verified;
    }
  }
}

void add_value(Sql& sql, CustomerId root, ScreenPop& pop) {
  Rows rows = sql.query(
      "SELECT o.currency, sum(o.total_cents) FROM customers m CROSS JOIN orders o ON o.customer = m.id WHERE m.root = "
      "?1 "
      "AND o.counts GROUP BY o.currency ORDER BY o.currency",
      root);
  while (rows.next()) {
    if (!pop.lifetime_value.empty()) pop.lifetime_value += " + ";
    pop.lifetime_value += format_money(rows.int64(1), rows.text_view(0));
  }
}

}  // namespace

std::vector<std::string> tags_of(std::string_view text) {
  std::vector<std::string> tags;
  const json::value read = json::parse(json::string_view(text.data(), text.size()));
  for (const json::value& tag : read.as_array()) tags.emplace_back(tag.as_string());
  return tags;
}

InteractionCard interaction_card(const Rows& row) {
  return {.interaction = row.id<InteractionId>(0),
          .channel = static_cast<Channel>(row.int64(1)),
          .started_ms = row.uint64(2),
          .ended_ms = row.uint64(3),
          .outcome = row.text(4),
          .queue = row.id<QueueId>(5),
          .agent = row.id<AgentId>(6),
          .preview = row.text(7),
          .ticket = row.id<TicketId>(8)};
}

TicketCard ticket_card(const Rows& row) {
  return {.ticket = row.id<TicketId>(0),
          .status = static_cast<TicketStatus>(row.int64(1)),
          .subject = row.text(2),
          .updated_ms = row.uint64(3),
          .queue = row.id<QueueId>(4),
          .agent = row.id<AgentId>(5)};
}

CustomerId root_of(Sql& sql, CustomerId customer) {
  Rows row = sql.query("SELECT root FROM customers WHERE id = ?1", customer);
  return row.next() ? row.id<CustomerId>(0) : CustomerId{};
}

std::vector<InteractionCard> interactions_of(Sql& sql, CustomerId root, TimeMs before_ms, std::uint32_t limit) {
  std::vector<InteractionCard> out;
  Rows rows = sql.query(
      "SELECT " SB_INTERACTION_CARD
      " FROM customers m CROSS JOIN interactions i ON i.customer = m.id WHERE m.root = ?1 "
      "AND i.started_ms < ?2 ORDER BY i.started_ms DESC, i.id DESC LIMIT ?3",
      root, before_ms == 0 ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(before_ms), limit);
  while (rows.next()) out.push_back(interaction_card(rows));
  return out;
}

void add_history(Sql& sql, CustomerId root, ScreenPop& pop) {
  {
    Rows rows = sql.query("SELECT " SB_TICKET_CARD
                          " FROM customers m CROSS JOIN tickets t ON t.customer = m.id WHERE m.root = ?1 AND "
                          "t.status IN (1, 2, 3) ORDER BY t.updated_ms DESC, t.id DESC LIMIT ?2",
                          root, kPopTickets);
    while (rows.next()) pop.tickets.push_back(ticket_card(rows));
  }
  pop.interactions = interactions_of(sql, root, 0, kPopInteractions);
  {
    Rows rows = sql.query(
        "SELECT o.number, o.placed_ms, o.status, o.total_cents, o.currency, o.items FROM customers m "
        "CROSS JOIN orders o ON o.customer = m.id WHERE m.root = ?1 ORDER BY o.placed_ms DESC, o.number DESC LIMIT ?2",
        root, kPopOrders);
    while (rows.next()) {
      pop.orders.push_back(
          {rows.text(0), rows.uint64(1), rows.text(2), format_money(rows.int64(3), rows.text_view(4)), rows.text(5)});
    }
  }
  Rows rows = sql.query(
      "SELECT n.text, n.agent, n.time_ms FROM customers m CROSS JOIN notes n ON n.customer = m.id WHERE m.root = ?1 "
      "ORDER BY n.time_ms DESC, n.id DESC LIMIT ?2",
      root, kPopNotes);
  while (rows.next()) pop.notes.push_back({rows.text(0), rows.id<AgentId>(1), rows.uint64(2)});
}

std::string match_of(Sql& sql, CustomerId root, IdentityHash identity) {
  bool verified = false;
  if (identity) {
    Rows row = sql.query("SELECT verified FROM identities WHERE high = ?1 AND low = ?2", identity.high, identity.low);
    verified = row.next() && row.boolean(0);
  } else {
    Rows row = sql.query(
        "SELECT 1 FROM customers m CROSS JOIN identities i ON i.customer = m.id WHERE m.root = ?1 AND i.verified LIMIT "
        "1",
        root);
    verified = row.next();
  }
  if (verified) return "verified";
  Rows row = sql.query("SELECT 1 FROM customers WHERE root = ?1 AND profiled LIMIT 1", root);
  return row.next() ? "known" : "new";
}

ScreenPop customer_card(Sql& sql, CustomerId root) {
  ScreenPop pop;
  pop.customer = root;
  std::string given_name;  // by the customer, while nobody has written a profile
  std::string stand_in;
  {
    Rows rows = sql.query(
        "SELECT name, profiled, tier, language, tags, company, custom, consent, stand_in, time_zone FROM customers "
        "WHERE root = ?1 ORDER BY id <> ?1, id",
        root);
    while (rows.next()) {
      fill(rows.boolean(8) ? stand_in : rows.boolean(1) ? pop.name : given_name, rows.text_view(0));
      if (pop.tier == 0) pop.tier = static_cast<std::uint32_t>(rows.int64(2));
      fill(pop.language, rows.text_view(3));
      fill_tags(pop, rows.text_view(4));
      fill(pop.company, rows.text_view(5));
      fill_custom(pop, rows.text_view(6));
      fill(pop.consent, rows.text_view(7));
      fill(pop.time_zone, rows.text_view(9));
    }
  }
  fill(pop.name, given_name);
  pop.unnamed = pop.name.empty();
  fill(pop.name, stand_in);
  add_contacts(sql, root, pop);
  if (pop.name.empty() && !pop.contacts.empty()) pop.name = name_from({pop.contacts[0].kind, pop.contacts[0].value});
  add_value(sql, root, pop);
  return pop;
}

}  // namespace sb::crm
