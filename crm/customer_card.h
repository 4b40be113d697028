#pragma once
// Reads one customer, joined from all that were merged, into the shapes of proto/console.h. Internal to crm; call
// inside one read transaction. CROSS JOIN in the queries keeps SQLite from starting at the joined table, which
// its planner prefers without statistics and which reads every row.
#include <vector>

#include "crm/sql.h"
#include "proto/console.h"
#include "proto/types.h"

// Columns in the order interaction_card() and ticket_card() read them.
#define SB_INTERACTION_CARD                                                                                          \
  "i.id, i.channel, i.started_ms, i.ended_ms, CASE WHEN i.disposition <> '' THEN i.disposition ELSE i.outcome END, " \
  "i.queue, i.agent, i.preview, i.ticket"
#define SB_TICKET_CARD "t.id, t.status, t.subject, t.updated_ms, t.queue, t.agent"

namespace sb::crm {

[[nodiscard]] InteractionCard interaction_card(const Rows& row);
[[nodiscard]] TicketCard ticket_card(const Rows& row);

// Who the customer counts as; 0 when there is no such customer.
[[nodiscard]] CustomerId root_of(Sql& sql, CustomerId customer);

// Of the column customers.tags.
[[nodiscard]] std::vector<std::string> tags_of(std::string_view text);

// Profile, contacts and value. What the survivor has not is taken from the merged, oldest first; match is not set.
[[nodiscard]] ScreenPop customer_card(Sql& sql, CustomerId root);

// How sure we are that it is this customer: by the identity used, or by any when none is named.
[[nodiscard]] std::string match_of(Sql& sql, CustomerId root, IdentityHash identity);

// Newest first; before_ms 0: from the newest.
[[nodiscard]] std::vector<InteractionCard> interactions_of(Sql& sql, CustomerId root, TimeMs before_ms,
                                                           std::uint32_t limit);

// Open tickets, last interactions, orders and notes.
void add_history(Sql& sql, CustomerId root, ScreenPop& pop);

}  // namespace sb::crm
