#pragma once
// Strong identifiers. Zero means "none" everywhere; ids are handed out by the core, never reused, and survive restarts.
#include <compare>
#include <cstdint>

namespace sb {

template <class Tag, class Rep>
struct Id {
  using rep = Rep;
  Rep value{};
  constexpr auto operator<=>(const Id&) const = default;
  [[nodiscard]] constexpr explicit operator bool() const { return value != 0; }
};

using SkillId = Id<struct SkillTag, std::uint32_t>;
using QueueId = Id<struct QueueTag, std::uint32_t>;
using AgentId = Id<struct AgentTag, std::uint32_t>;
using InteractionId = Id<struct InteractionTag, std::uint64_t>;
using OfferId = Id<struct OfferTag, std::uint64_t>;
using TicketId = Id<struct TicketTag, std::uint64_t>;
using CustomerId = Id<struct CustomerTag, std::uint64_t>;

using TimeMs = std::uint64_t;      // milliseconds since the Unix epoch
using DurationMs = std::uint64_t;  // milliseconds
using Seq = std::uint64_t;         // position in the journal, first record is 1

}  // namespace sb
