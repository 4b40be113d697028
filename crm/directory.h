#pragma once
// Questions about customers, tickets and interactions, answered from the projection's database.
//
// Threads: any, at once. A Directory holds a few read-only connections, each behind its own mutex; one is kept for
// find_by_identity, so that a slow search never delays an arrival. Every answer is one consistent moment of the
// database, as of the projection's last commit. Open it after the Projection (which creates the database).
// Merged customers: every question about a merged customer is answered for the survivor, with all that was merged in.
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crm/error.h"
#include "proto/console.h"
#include "proto/types.h"

namespace sb::crm {

// The facts an arrival needs (StartInteraction).
struct IdentityMatch {
  CustomerId customer;  // the survivor of merges
  std::uint32_t tier = 0;
  std::string language;
  bool verified = false;  // this identity was verified
  TicketId open_ticket;   // most recently updated new, open or pending one; 0 none
  AgentId last_agent;     // who last took an interaction of this customer; 0 none
  std::vector<std::string> tags;
  std::string time_zone;  // IANA name; empty: not known
};

struct CustomerSummary {
  CustomerId customer;
  std::string name;
  bool unnamed = false;  // the name only stands in
  std::string company;
  std::uint32_t tier = 0;
  std::string language;
  std::vector<std::string> tags;
  std::vector<ContactPoint> contacts;
};

struct CustomerDetails {
  ScreenPop card;  // without tickets, interactions, orders and notes
  TimeMs created_ms = 0;
  TimeMs updated_ms = 0;
  std::vector<CustomerId> merged;  // customers joined into this one, at any depth
};

struct TicketDetails {
  TicketCard card;
  CustomerId customer;
  std::string customer_name;
  std::int32_t priority = 0;
  TimeMs opened_ms = 0;
  TimeMs solved_ms = 0;  // 0 while not solved
};

struct TicketFilter {
  std::optional<TicketStatus> status{};
  QueueId queue{};        // 0 any
  AgentId agent{};        // 0 any
  CustomerId customer{};  // 0 any
  TimeMs before_ms = 0;   // only those updated earlier; 0 no bound
  std::uint32_t limit = 50;
};

struct InteractionDetails {
  InteractionCard card;
  CustomerId customer;
  std::string customer_name;
  std::string language;
  TimeMs queued_ms = 0;
  TimeMs accepted_ms = 0;
  TimeMs connected_ms = 0;
  std::string disposition;
  bool abandoned = false;
  DurationMs wait_ms = 0;
  DurationMs handle_ms = 0;
  std::uint64_t messages = 0;
  Seq first_seq = 0;  // its records lie between these positions
  Seq last_seq = 0;
};

// What came to one queue in a stretch of time and what became of it. Contacts outside the opening hours do not count.
struct MeasuredDemand {
  std::vector<std::uint64_t> arrivals;  // by interval
  std::uint64_t answered = 0;
  std::uint64_t abandoned = 0;
  DurationMs handle_mean_ms = 0;  // of the answered
};

class Directory {
 public:
  static constexpr std::uint32_t kLimitMax = 200;  // larger limits are lowered to it

  // Error: sql, io (the database does not exist yet).
  [[nodiscard]] static std::expected<Directory, Error> open(const std::filesystem::path& path);
  Directory(Directory&&) noexcept;
  Directory& operator=(Directory&&) noexcept;
  ~Directory();

  // Nothing: nobody is known under this identity.
  [[nodiscard]] std::expected<std::optional<IdentityMatch>, Error> find_by_identity(IdentityHash identity) const;

  // Unknown customer: a pop with customer 0 and match "new". With `identity` (how the customer got in touch this time)
  // match is "verified" only if that one is verified; without it, if any is.
  [[nodiscard]] std::expected<ScreenPop, Error> screen_pop(CustomerId customer, IdentityHash identity = {}) const;

  // By words of name, company, phone number, mail address or order number; all words must match. Best match first.
  [[nodiscard]] std::expected<std::vector<CustomerSummary>, Error> search(std::string_view text,
                                                                          std::uint32_t limit) const;

  [[nodiscard]] std::expected<std::optional<CustomerDetails>, Error> customer(CustomerId customer) const;

  // Interactions over all channels, newest first; those started before `before_ms` (0: from the newest).
  [[nodiscard]] std::expected<std::vector<InteractionCard>, Error> timeline(CustomerId customer, TimeMs before_ms,
                                                                            std::uint32_t limit) const;

  // Most recently updated first.
  [[nodiscard]] std::expected<std::vector<TicketDetails>, Error> tickets(const TicketFilter& filter) const;
  [[nodiscard]] std::expected<std::optional<TicketDetails>, Error> ticket(TicketId ticket) const;
  [[nodiscard]] std::expected<std::optional<InteractionDetails>, Error> interaction(InteractionId interaction) const;
  // `interval_ms` above 0.
  [[nodiscard]] std::expected<MeasuredDemand, Error> demand(QueueId queue, TimeSpan span, DurationMs interval_ms) const;

 private:
  struct State;
  explicit Directory(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sb::crm
