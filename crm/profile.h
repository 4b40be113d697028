#pragma once
// What staff, imports and signed-in visitors say about a customer: the content of CustomerCreated and CustomerPut.
//
// JSON: {"name","language","time_zone","tier","tags":[...],"company","consent","custom":{k:v},
//        "contacts":[{"kind","value","verified"}],"remove_contacts":[{"kind","value"}]}
// and, for the caller of a new interaction, {"kind","value","name","verified"}. A field left out stays as it is;
// "tags" replaces the list; a custom field set to "" goes away. Pure; any thread.
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crm/identity.h"
#include "proto/types.h"

namespace sb::crm {

inline constexpr std::size_t kNameBytesMax = 200;
inline constexpr std::size_t kCompanyBytesMax = 200;
inline constexpr std::size_t kTagsMax = 50;
inline constexpr std::size_t kTagBytesMax = 64;
inline constexpr std::size_t kCustomMax = 50;
inline constexpr std::size_t kCustomNameBytesMax = 64;
inline constexpr std::size_t kCustomValueBytesMax = 1'000;
inline constexpr std::size_t kContactsMax = 20;
inline constexpr std::uint32_t kTierMax = 9;

struct Contact {
  Address address;
  bool verified = false;
  bool operator==(const Contact&) const = default;
};

struct Profile {
  std::optional<std::string> name;
  std::optional<std::string> language;   // BCP 47 tag, e.g. zh-CN; "" clears
  std::optional<std::string> time_zone;  // IANA name, e.g. Asia/Shanghai; "" clears: not known
  std::optional<std::uint32_t> tier;     // 0 standard to 9
  std::optional<std::vector<std::string>> tags;
  std::optional<std::string> company;
  std::optional<std::string> consent;  // granted, refused or ""
  std::vector<std::pair<std::string, std::string>> custom;
  std::vector<Contact> contacts;
  std::vector<Address> remove_contacts;
  bool operator==(const Profile&) const = default;
};

// What is wrong with a request's JSON, for the `field` and `message` of an API error.
struct FieldError {
  std::string field;  // e.g. "contacts[1].value"; empty: the whole body
  std::string message;
};

// Whether the time-zone rules at hand know an IANA name. This room has none of its own: its callers bring them.
using KnowsZone = std::function<bool(const std::string& zone)>;

// Reads what a client sent: unknown fields, wrong types, over-long values, bad addresses and unknown time zones are
// errors; addresses are normalized, tags deduplicated. Without `knows_zone` only the shape of a zone's name is checked.
[[nodiscard]] std::expected<Profile, FieldError> parse_profile(std::string_view json, const PhoneRules& rules,
                                                               const KnowsZone& knows_zone = {});

// Canonical JSON of a profile: what is attached to PutCustomer.
[[nodiscard]] std::string to_json(const Profile& profile);

// The identities of PutCustomer / CustomerPut, in the order of the profile's contacts: the projection pairs them up by
// position, so both must come from the same Profile.
[[nodiscard]] std::vector<IdentityHash> identities_of(const Profile& profile, const IdentityHasher& hasher);

// The identity details attached to StartInteraction.identity_content.
struct IdentityDetails {
  Address address;
  std::string name;  // as the channel knows it; may be empty
  bool verified = false;
};
[[nodiscard]] std::string to_json(const IdentityDetails& details);

// A language tag as BCP 47 spells it, loosely: letters, digits and hyphens, e.g. "zh", "en-US".
[[nodiscard]] bool is_language_tag(std::string_view text);

// Spelled like an IANA time zone (letters, digits, '_', '+' and '-' between slashes, e.g. "America/New_York", "UTC"),
// and known where there is somebody to ask.
[[nodiscard]] bool is_time_zone(std::string_view text, const KnowsZone& knows_zone);

}  // namespace sb::crm
