#include "tests/script/vocabulary.h"

namespace sb::script {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    if (end > at) parts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::optional<DurationMs> parse_duration(std::string_view text) {
  if (text == "0") return 0;
  DurationMs total = 0;
  while (!text.empty()) {
    DurationMs n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    static constexpr std::pair<std::string_view, DurationMs> kUnits[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
    const auto* unit =
        std::find_if(std::begin(kUnits), std::end(kUnits), [&](auto u) { return text.starts_with(u.first); });
    if (unit == std::end(kUnits)) return std::nullopt;
    total += n * unit->second;
    text.remove_prefix(unit->first.size());
  }
  return total;
}

std::string show_duration(std::int64_t ms) {
  if (ms < 0) return "-" + show_duration(-ms);
  if (ms % 1000 != 0) return std::to_string(ms) + "ms";
  return std::to_string(ms / 1000) + "s";
}

std::string show_levels(const Names& names, const std::vector<SkillLevel>& levels) {
  std::string all;
  for (const auto& l : levels) {
    all += (all.empty() ? "" : ",") + names.show(l.skill) + ":" + std::to_string(l.level);
  }
  return all.empty() ? "none" : all;
}

std::string show_capacity(const std::vector<std::uint32_t>& capacity) {
  std::string all;
  for (std::size_t c = 1; c < capacity.size(); ++c) {
    if (capacity[c] == 0) continue;
    all += (all.empty() ? "" : ",") + std::string(kChannelNames[c]) + ":" + std::to_string(capacity[c]);
  }
  return all.empty() ? "none" : all;
}

std::string show_flow(const Flow& flow) {
  std::string all;
  for (const FlowRule& rule : flow.rules) all += (all.empty() ? "" : ",") + rule.name;
  return all.empty() ? "none" : all;
}

std::string show_requirement(const Names& names, const Requirement& requirement) {
  std::string all = requirement.skills.empty() ? "" : show_levels(names, requirement.skills);
  const auto add = [&](const std::string& more) { all += (all.empty() ? "" : ",") + more; };
  if (requirement.only_agent) add("only:" + names.show(requirement.only_agent));
  for (const AnyOf& group : requirement.any) {
    std::string levels = show_levels(names, group.skills);
    std::replace(levels.begin(), levels.end(), ',', '|');
    add("any:" + levels);
  }
  for (const SkillId skill : requirement.preferred) add("prefers:" + names.show(skill));
  for (const AgentId agent : requirement.excluded) add("without:" + names.show(agent));
  return all.empty() ? "none" : all;
}

std::string show_event(const Names& names, const Event& event) {
  return std::visit(
      [&]<class T>(const T& e) {
        std::string text(T::kName);
        wire::for_each_field<T>([&](auto field) {
          const auto& v = e.*(decltype(field)::kMember);
          if (v == std::decay_t<decltype(v)>{}) return;
          text += " " + std::string(without_unit(field.name)) + "=" + show(names, field.name, v);
        });
        return text;
      },
      event);
}

}  // namespace sb::script
