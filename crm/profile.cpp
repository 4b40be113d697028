#include "crm/profile.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "crm/json_fields.h"

namespace sb::crm {

namespace json = boost::json;

namespace {

constexpr std::size_t kLanguageBytesMax = 35;  // RFC 5646 section 4.4.1
constexpr std::size_t kZoneBytesMax = 64;      // the longest has 32
constexpr std::size_t kRawAddressBytesMax = 300;

json::value json_of(const Address& address) {
  return json::object{{"kind", address.kind}, {"value", address.value}};
}

std::optional<Address> read_address(JsonFields& fields, const PhoneRules& rules) {
  const auto kind = fields.text("kind", kCustomNameBytesMax);
  const auto value = fields.text("value", kRawAddressBytesMax);
  if (!kind) fields.fail("kind", "is required");
  if (!value) fields.fail("value", "is required");
  if (fields.error()) return std::nullopt;
  auto address = normalize_address(*kind, *value, rules);
  if (address) return *std::move(address);
  fields.fail(address.error() == AddressError::kUnknownKind ? "kind" : "value",
              std::string(message_of(address.error())));
  return std::nullopt;
}

void read_contacts(JsonFields& body, Profile& profile, const PhoneRules& rules, std::optional<FieldError>& error) {
  const json::array* list = body.array("contacts", kContactsMax);
  for (std::size_t i = 0; list && i < list->size() && !error; ++i) {
    const json::object* object = (*list)[i].if_object();
    if (!object) {
      error = FieldError{fmt::format("contacts[{}]", i), "must be an object"};
      return;
    }
    JsonFields fields(*object, fmt::format("contacts[{}].", i));
    const auto address = read_address(fields, rules);
    const bool verified = fields.boolean("verified").value_or(false);
    fields.refuse_unknown();
    error = fields.error();
    if (!address || error) continue;
    const auto same = std::find_if(profile.contacts.begin(), profile.contacts.end(),
                                   [&](const Contact& contact) { return contact.address == *address; });
    if (same == profile.contacts.end()) {
      profile.contacts.push_back({*address, verified});
    } else {
      same->verified = same->verified || verified;
    }
  }
}

void read_removals(JsonFields& body, Profile& profile, const PhoneRules& rules, std::optional<FieldError>& error) {
  const json::array* list = body.array("remove_contacts", kContactsMax);
  for (std::size_t i = 0; list && i < list->size() && !error; ++i) {
    const json::object* object = (*list)[i].if_object();
    if (!object) {
      error = FieldError{fmt::format("remove_contacts[{}]", i), "must be an object"};
      return;
    }
    JsonFields fields(*object, fmt::format("remove_contacts[{}].", i));
    const auto address = read_address(fields, rules);
    fields.refuse_unknown();
    error = fields.error();
    if (address && !error) profile.remove_contacts.push_back(*address);
  }
}

void read_tags(JsonFields& body, Profile& profile) {
  const json::array* list = body.array("tags", kTagsMax);
  if (!list) return;
  profile.tags.emplace();
  for (const json::value& value : *list) {
    const json::string* string = value.if_string();
    const std::string_view tag = string ? trim({string->data(), string->size()}) : std::string_view();
    if (tag.empty() || tag.size() > kTagBytesMax || !is_utf8(tag) || has_control_characters(tag, false)) {
      body.fail("tags", fmt::format("each tag must be text of 1 to {} bytes", kTagBytesMax));
      return;
    }
    if (std::find(profile.tags->begin(), profile.tags->end(), tag) == profile.tags->end()) {
      profile.tags->emplace_back(tag);
    }
  }
}

void read_custom(JsonFields& body, Profile& profile) {
  const json::object* object = body.object("custom", kCustomMax);
  if (!object) return;
  for (const auto& entry : *object) {
    const std::string_view key(entry.key().data(), entry.key().size());
    const json::string* string = entry.value().if_string();
    const std::string_view value = string ? trim({string->data(), string->size()}) : std::string_view();
    if (key.empty() || key.size() > kCustomNameBytesMax || !is_utf8(key) || has_control_characters(key, false)) {
      return body.fail("custom", fmt::format("names must be text of 1 to {} bytes", kCustomNameBytesMax));
    }
    if (!string || value.size() > kCustomValueBytesMax || !is_utf8(value) || has_control_characters(value, true)) {
      return body.fail("custom", fmt::format("values must be text of up to {} bytes", kCustomValueBytesMax));
    }
    profile.custom.emplace_back(key, value);
  }
}

}  // namespace

bool is_language_tag(std::string_view text) {
  if (text.size() > kLanguageBytesMax) return false;
  for (bool first = true;; first = false) {
    const auto dash = text.find('-');
    const auto part = text.substr(0, dash);
    if (part.empty() || part.size() > 8 || (first && part.size() < 2)) return false;
    for (const char c : part) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && (first || c < '0' || c > '9')) return false;
    }
    if (dash == std::string_view::npos) return true;
    text.remove_prefix(dash + 1);
  }
}

bool is_time_zone(std::string_view text, const KnowsZone& knows_zone) {
  if (text.size() > kZoneBytesMax) return false;
  char before = '/';
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool inside = letter || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' || c == '/';
    if (before == '/' ? !letter : !inside) return false;
    before = c;
  }
  return before != '/' && (!knows_zone || knows_zone(std::string(text)));
}

std::expected<Profile, FieldError> parse_profile(std::string_view text, const PhoneRules& rules,
                                                 const KnowsZone& knows_zone) {
  const auto object = parse_object(text);
  if (!object) return std::unexpected(object.error());
  Profile profile;
  JsonFields body(*object, "");
  std::optional<FieldError> contact_error;
  profile.name = body.text("name", kNameBytesMax);
  if (profile.name && profile.name->empty()) body.fail("name", "must not be empty");
  profile.language = body.text("language", kLanguageBytesMax);
  if (profile.language && !profile.language->empty() && !is_language_tag(*profile.language)) {
    body.fail("language", "must be a language tag such as zh or en-US");
  }
  profile.time_zone = body.text("time_zone", kZoneBytesMax);
  if (profile.time_zone && !profile.time_zone->empty() && !is_time_zone(*profile.time_zone, knows_zone)) {
    body.fail("time_zone", "must be an IANA name such as Asia/Shanghai");
  }
  if (const auto tier = body.number("tier", kTierMax)) profile.tier = static_cast<std::uint32_t>(*tier);
  read_tags(body, profile);
  profile.company = body.text("company", kCompanyBytesMax);
  profile.consent = body.text("consent", kCustomNameBytesMax);
  if (profile.consent && !profile.consent->empty() && *profile.consent != "granted" && *profile.consent != "refused") {
    body.fail("consent", "must be granted, refused or empty");
  }
  read_custom(body, profile);
  read_contacts(body, profile, rules, contact_error);
  read_removals(body, profile, rules, contact_error);
  body.refuse_unknown();
  if (body.error()) return std::unexpected(*body.error());
  if (contact_error) return std::unexpected(*contact_error);
  return profile;
}

std::string to_json(const Profile& profile) {
  json::object out;
  if (profile.name) out["name"] = *profile.name;
  if (profile.language) out["language"] = *profile.language;
  if (profile.time_zone) out["time_zone"] = *profile.time_zone;
  if (profile.tier) out["tier"] = *profile.tier;
  if (profile.tags) out["tags"] = json::array(profile.tags->begin(), profile.tags->end());
  if (profile.company) out["company"] = *profile.company;
  if (profile.consent) out["consent"] = *profile.consent;
  if (!profile.custom.empty()) {
    json::object& custom = out["custom"].emplace_object();
    for (const auto& [name, value] : profile.custom) custom[name] = value;
  }
  if (!profile.contacts.empty()) {
    json::array& contacts = out["contacts"].emplace_array();
    for (const Contact& contact : profile.contacts) {
      json::value entry = json_of(contact.address);
      if (contact.verified) entry.get_object()["verified"] = true;
      contacts.push_back(std::move(entry));
    }
  }
  if (!profile.remove_contacts.empty()) {
    json::array& removed = out["remove_contacts"].emplace_array();
    for (const Address& address : profile.remove_contacts) removed.push_back(json_of(address));
  }
  return json::serialize(out);
}

std::string to_json(const IdentityDetails& details) {
  json::value out = json_of(details.address);
  if (!details.name.empty()) out.get_object()["name"] = details.name;
  if (details.verified) out.get_object()["verified"] = true;
  return json::serialize(out);
}

std::vector<IdentityHash> identities_of(const Profile& profile, const IdentityHasher& hasher) {
  std::vector<IdentityHash> out;
  out.reserve(profile.contacts.size());
  for (const Contact& contact : profile.contacts) out.push_back(hasher.hash(contact.address));
  return out;
}

}  // namespace sb::crm
