#pragma once
// Writes customers, their identities, orders and notes. Part of Projection; same thread. Internal to crm.
#include <set>
#include <string_view>
#include <vector>

#include "crm/sql.h"
#include "crm/stored_content.h"
#include "proto/event.h"
#include "proto/types.h"

namespace sb::crm {

class CustomerRows {
 public:
  explicit CustomerRows(Sql& sql) : sql_(sql) {}

  // `content` is what the event's content row held; empty when there is none (any more).
  void create(const event::CustomerCreated& event, std::string_view content, TimeMs now_ms);
  void put(const event::CustomerPut& event, std::string_view content, TimeMs now_ms);
  void merge(const event::CustomersMerged& event);
  void unmerge(const event::CustomersUnmerged& event);
  void add_fact(const event::CustomerFactAdded& event, std::string_view content, TimeMs now_ms);
  void add_note(CustomerId customer, TicketId ticket, AgentId agent, TimeMs now_ms, std::string_view text);
  // An address the customer typed in: shown and found, but without a hash, so it recognises nobody.
  void add_given_mail(CustomerId customer, std::string_view mail);

  // Brings the search index up to date with the customers touched; before every commit.
  void refresh_search();
  // After a rollback.
  void forget_touched() { touched_.clear(); }

 private:
  [[nodiscard]] CustomerId root_of(CustomerId customer);
  void write_profile(CustomerId customer, const Profile& profile, TimeMs now_ms);
  void write_contacts(CustomerId customer, const Profile& profile, const std::vector<IdentityHash>& identities);
  void write_identity(CustomerId customer, IdentityHash identity, const Contact& contact);
  void write_custom(CustomerId customer, const Profile& profile);
  void add_order(CustomerId customer, std::string_view content);
  void set_root_below(CustomerId top, CustomerId root);

  Sql& sql_;
  std::set<CustomerId> touched_;
};

}  // namespace sb::crm
