#pragma once
// How scripts write values: names for ids, 20s for durations, zh:50 for levels; both directions by each struct's
// fields().
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

#include "proto/event.h"
#include "proto/record.h"

namespace sb::script {

inline constexpr TimeMs kStart = 1'700'000'000'000;  // "0s"; later than zero, which means "never" in many fields

std::vector<std::string> split(std::string_view text, char separator);
std::optional<std::int64_t> parse_number(std::string_view text);
// 250ms, 20s, 1m30s, 2h
std::optional<DurationMs> parse_duration(std::string_view text);
std::string show_duration(std::int64_t ms);

// Names of skills, queues, agents, interactions, tickets, customers and offers, one to one within a kind.
class Names {
 public:
  template <class Id>
  void bind(const std::string& name, Id id) {
    ids_[std::type_index(typeid(Id))][name] = id.value;
    names_[std::type_index(typeid(Id))][id.value] = name;
  }
  template <class Id>
  [[nodiscard]] std::optional<Id> find(const std::string& name) const {
    const auto kind = ids_.find(std::type_index(typeid(Id)));
    if (kind == ids_.end()) return std::nullopt;
    const auto at = kind->second.find(name);
    if (at == kind->second.end()) return std::nullopt;
    return Id{static_cast<typename Id::rep>(at->second)};
  }
  template <class Id>
  [[nodiscard]] bool has_name(Id id) const {
    const auto kind = names_.find(std::type_index(typeid(Id)));
    return kind != names_.end() && kind->second.contains(id.value);
  }
  template <class Id>
  [[nodiscard]] std::string show(Id id) const {
    if (!id) return "none";
    if (has_name(id)) return names_.at(std::type_index(typeid(Id))).at(id.value);
    return "#" + std::to_string(id.value);
  }

 private:
  std::map<std::type_index, std::map<std::string, std::uint64_t>> ids_;
  std::map<std::type_index, std::map<std::uint64_t, std::string>> names_;
};

inline bool is_moment(std::string_view field) {
  return field == "until_ms" || field == "expires_ms" || field == "grace_until_ms" || field == "avoid_until_ms" ||
         field == "queued_ms" || field == "rank_ms" || field == "joined_ms" || field == "preferred_until_ms" ||
         field == "at_ms" || field == "next_ms";
}
// Scripts leave out the unit that the value carries.
inline std::string_view without_unit(std::string_view field) {
  return field.ends_with("_ms") ? field.substr(0, field.size() - 3) : field;
}

std::string show_levels(const Names& names, const std::vector<SkillLevel>& levels);
std::string show_capacity(const std::vector<std::uint32_t>& capacity);
std::string show_flow(const Flow& flow);  // the names of its rules: gold,silver
std::string show_requirement(const Names& names, const Requirement& requirement);

template <class T>
std::string show(const Names& names, std::string_view field, const T& v) {
  if constexpr (wire::StrongId<T>) {
    return names.show(v);
  } else if constexpr (std::is_same_v<T, bool>) {
    return v ? "yes" : "no";
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(name(v));
  } else if constexpr (std::is_integral_v<T>) {
    if (!field.ends_with("_ms")) return std::to_string(v);
    if (is_moment(field) && v == 0) return "never";
    return show_duration(static_cast<std::int64_t>(v) - (is_moment(field) ? static_cast<std::int64_t>(kStart) : 0));
  } else if constexpr (std::is_same_v<T, std::string>) {
    return v;
  } else if constexpr (std::is_same_v<T, Requirement>) {
    return show_requirement(names, v);
  } else if constexpr (std::is_same_v<T, std::vector<SkillLevel>>) {
    return show_levels(names, v);
  } else if constexpr (std::is_same_v<T, std::vector<std::uint32_t>>) {
    return show_capacity(v);
  } else if constexpr (std::is_same_v<T, QueueMatching>) {
    return v == QueueMatching{} ? "usual" : std::string(name(v.order));
  } else if constexpr (std::is_same_v<T, Flow>) {
    return show_flow(v);
  } else if constexpr (std::is_same_v<T, TimeSpan>) {
    return show(names, "until_ms", v.from_ms) + "-" + show(names, "until_ms", v.until_ms);
  } else if constexpr (std::is_same_v<T, IdentityHash>) {
    return v ? "set" : "none";
  } else {
    static_assert(wire::IsVector<T>::value);
    std::string all;
    for (const auto& e : v) all += (all.empty() ? "" : ",") + show(names, field, e);
    return all.empty() ? "none" : all;
  }
}

// "OfferMade interaction=i1 agent=amy ...": every field that is not at its default.
std::string show_event(const Names& names, const Event& event);

}  // namespace sb::script
