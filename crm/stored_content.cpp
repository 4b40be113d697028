#include "crm/stored_content.h"

#include <boost/json.hpp>

namespace sb::crm {

namespace json = boost::json;

namespace {

constexpr std::size_t kChatNameCharacters = 8;

json::object read_object(std::string_view text) {
  boost::system::error_code code;
  json::value value = json::parse(json::string_view(text.data(), text.size()), code);
  if (code || !value.is_object()) return {};
  return std::move(value.get_object());
}

std::optional<std::string> text_of(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains(json::string_view(field.data(), field.size()));
  const json::string* string = value ? value->if_string() : nullptr;
  if (!string) return std::nullopt;
  return std::string(string->data(), string->size());
}

const json::array* array_of(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains(json::string_view(field.data(), field.size()));
  return value ? value->if_array() : nullptr;
}

std::optional<Contact> contact_of(const json::object& object) {
  auto kind = text_of(object, "kind");
  auto value = text_of(object, "value");
  if (!kind || !value || value->empty()) return std::nullopt;
  const json::value* verified = object.if_contains("verified");
  return Contact{{std::move(*kind), std::move(*value)}, verified && verified->is_bool() && verified->get_bool()};
}

void read_lists(const json::object& object, Profile& profile) {
  if (const json::array* tags = array_of(object, "tags")) {
    profile.tags.emplace();
    for (const json::value& tag : *tags) {
      if (tag.is_string() && profile.tags->size() < kTagsMax) profile.tags->emplace_back(tag.get_string());
    }
  }
  if (const json::value* custom = object.if_contains("custom"); custom && custom->is_object()) {
    for (const auto& entry : custom->get_object()) {
      if (entry.value().is_string()) profile.custom.emplace_back(entry.key(), entry.value().get_string());
    }
  }
  // Positions matter: a contact that cannot be read still takes its place beside the identities.
  if (const json::array* contacts = array_of(object, "contacts")) {
    for (const json::value& entry : *contacts) {
      const json::object* contact = entry.if_object();
      profile.contacts.push_back(contact ? contact_of(*contact).value_or(Contact{}) : Contact{});
    }
  }
  if (const json::array* removed = array_of(object, "remove_contacts")) {
    for (const json::value& entry : *removed) {
      const json::object* contact = entry.if_object();
      if (auto read = contact ? contact_of(*contact) : std::nullopt) profile.remove_contacts.push_back(read->address);
    }
  }
}

}  // namespace

StoredProfile read_stored_profile(std::string_view text) {
  const json::object object = read_object(text);
  StoredProfile out;
  Profile& profile = out.profile;
  profile.name = text_of(object, "name");
  profile.language = text_of(object, "language");
  profile.time_zone = text_of(object, "time_zone");
  profile.company = text_of(object, "company");
  profile.consent = text_of(object, "consent");
  if (const json::value* tier = object.if_contains("tier"); tier && tier->is_number()) {
    boost::system::error_code code;
    const auto number = tier->to_number<std::uint32_t>(code);
    if (!code && number <= kTierMax) profile.tier = number;
  }
  if (auto identity = contact_of(object)) {
    out.identity_only = true;
    profile.contacts.push_back(*std::move(identity));
  } else {
    read_lists(object, profile);
  }
  return out;
}

std::string read_stored_message(std::string_view text) {
  const json::object object = read_object(text);
  if (auto words = text_of(object, "text"); words && !words->empty()) return *std::move(words);
  const json::value* attachment = object.if_contains("attachment");
  if (!attachment || !attachment->is_object()) return {};
  return text_of(attachment->get_object(), "name").value_or("");
}

std::string read_stored_text(std::string_view text, std::string_view field) {
  return text_of(read_object(text), field).value_or("");
}

std::string name_from(const Address& address) {
  if (address.kind != kChat) return address.value;
  return "chat " + first_words(address.value, kChatNameCharacters);
}

std::string first_words(std::string_view text, std::size_t characters_max) {
  std::string out;
  std::size_t characters = 0;
  bool blank = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      blank = !out.empty();
      ++at;
      continue;
    }
    if (characters + (blank ? 1 : 0) >= characters_max) return out + "…";
    if (blank) out.push_back(' ');
    characters += blank ? 2 : 1;
    blank = false;
    do {
      out.push_back(text[at++]);
    } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  }
  return out;
}

}  // namespace sb::crm
