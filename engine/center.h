#pragma once
// What the configuration says about the center beyond what decisions need: names, titles, roles, opening hours. Read
// once by app/ and shared by the edges; ids are the core's.
#include <array>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/flow.h"

namespace sb::engine {

struct Titled {
  std::string name;  // the code used in configuration, REST and events
  std::string title_en;
  std::string title_zh;
};

struct SkillInfo : Titled {
  SkillId id;
};

// How customers are called back.
struct CallbackTerms {
  CallbackOrder order = CallbackOrder::kAgentFirst;
  std::uint32_t attempts_max = 3;
  DurationMs retry_ms = 900'000;  // between attempts
  bool always_offered = false;    // to every caller who waits, not only after a step of relaxation
};

struct QueueInfo : Titled {
  QueueId id;
  Requirement requires_skills;           // every interaction of the queue needs this
  DurationMs service_level_ms = 20'000;  // answered within counts as in time
  CallbackTerms callback{};
};

enum class Role : std::uint8_t { kAgent = 0, kSupervisor = 1, kAdmin = 2 };
inline constexpr std::array<std::string_view, 3> kRoleNames{"agent", "supervisor", "admin"};

struct AgentInfo {
  AgentId id;
  std::string login;
  std::string name;           // as customers and colleagues see it
  std::string password_hash;  // Argon2id, libsodium's string form
  Role role = Role::kAgent;
  std::string language;
  std::string phone;  // where calls reach the agent: client:NAME, sip:..., or +E164
};

struct Center {
  std::string name_en;
  std::string name_zh;
  std::string public_url;  // what providers call and sign, without a trailing slash
  std::string default_country_code;
  std::string time_zone = "UTC";  // IANA name
  std::vector<SkillInfo> skills;
  std::vector<QueueInfo> queues;
  std::vector<AgentInfo> agents;
  std::vector<Titled> dispositions;
  std::vector<Titled> away_reasons;
  std::vector<std::string> outside_prefixes;  // of the numbers agents may have called into a call; none: no number
  std::function<bool(TimeMs)> open_at;        // opening hours in the center's time zone
  std::function<TimeMs(TimeMs)> day_start;    // local midnight before
  // When a customer may be called, from a moment on: in a zone (IANA name; empty: the center's) at hours such as
  // "09:00-20:00" or "Mon-Fri 09:00-20:00" (none: the center's callback hours). No spans: always. The error says what
  // is wrong with zone or hours.
  using CallbackWindows = std::expected<std::vector<TimeSpan>, std::string>;
  std::function<CallbackWindows(const std::string& zone, const std::vector<std::string>& hours, TimeMs from)>
      callback_windows;
  // Whether callback_windows knows a zone by this IANA name. Any thread.
  std::function<bool(const std::string& zone)> knows_time_zone;
  std::vector<UtcOffset> utc_offsets;  // of its time zone, this year and the coming ones: flows tell time by them

  // A customer's zone as callback_windows takes it: empty, the center's, when there is none or it is known no more.
  [[nodiscard]] std::string callback_zone(const std::string& of_customer) const {
    return knows_time_zone && !knows_time_zone(of_customer) ? std::string() : of_customer;
  }
  [[nodiscard]] const QueueInfo* queue(QueueId id) const {
    for (const auto& q : queues) {
      if (q.id == id) return &q;
    }
    return nullptr;
  }
  [[nodiscard]] const QueueInfo* queue(std::string_view name) const {
    for (const auto& q : queues) {
      if (q.name == name) return &q;
    }
    return nullptr;
  }
  [[nodiscard]] const SkillInfo* skill(std::string_view name) const {
    for (const auto& s : skills) {
      if (s.name == name) return &s;
    }
    return nullptr;
  }
  // Agents number in the thousands and are looked up on every frame.
  [[nodiscard]] const AgentInfo* agent(AgentId id) const {
    const auto at = agent_by_id.find(id.value);
    return at == agent_by_id.end() ? nullptr : &agents[at->second];
  }
  [[nodiscard]] const AgentInfo* agent_by_login(std::string_view login) const {
    const auto at = agent_index.find(std::string(login));
    return at == agent_index.end() ? nullptr : &agents[at->second];
  }
  void index_agents() {
    for (std::size_t n = 0; n < agents.size(); ++n) {
      agent_by_id[agents[n].id.value] = n;
      agent_index[agents[n].login] = n;
    }
  }

  std::unordered_map<std::uint32_t, std::size_t> agent_by_id;
  std::unordered_map<std::string, std::size_t> agent_index;
};

// Joins what the queue demands with what the interaction demands (the higher level of each skill), sorted.
[[nodiscard]] Requirement combine(const Requirement& queue, const Requirement& own);

}  // namespace sb::engine
