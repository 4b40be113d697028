#include "console/rest_start.h"

#include <algorithm>

#include "console/json_codec.h"
#include "crm/profile.h"
#include "engine/arrival_labels.h"
#include "routing/flow.h"

namespace sb::console {

namespace {

constexpr std::size_t kLanguageBytesMax = 35;
// What the core takes of one requirement.
constexpr std::size_t kSkillsMax = 32;
constexpr std::size_t kAnyGroupsMax = 8;
constexpr std::size_t kExcludedMax = 32;

// Reads field by field; the first error stops it.
class StartReader {
 public:
  StartReader(const Context& context, const boost::json::object& body) : context_(context), body_(body) {}

  Result<engine::Submission> read() {
    start_.channel = Channel::kMessage;
    for (const auto& field : body_) {
      const std::string_view name = field.key();
      const boost::json::value& value = field.value();
      const bool good = name == "channel"        ? channel(value)
                        : name == "queue"        ? queue(value)
                        : name == "skills"       ? skills(value)
                        : name == "any"          ? any(value)
                        : name == "prefer"       ? prefer(value)
                        : name == "exclude"      ? exclude(value)
                        : name == "priority"     ? priority()
                        : name == "language"     ? language(value)
                        : name == "text"         ? text(value)
                        : name == "customer"     ? customer()
                        : name == "identity"     ? identity(value)
                        : name == "out_of_hours" ? out_of_hours(value)
                        : name == "labels"       ? labels(value)
                                                 : fail(name, "there is no such field");
      if (!good) return std::unexpected(std::move(error_));
    }
    if (!queue_) return std::unexpected(bad_field("queue", "is required"));
    if (start_.customer && start_.identity) {
      return std::unexpected(bad_field("identity", "give either customer or identity"));
    }
    if (known_) start_.customer = known_;
    for (std::string& label : customer_labels_) {
      if (start_.labels.size() < routing::kLabelsMax) start_.labels.push_back(std::move(label));
    }
    if (!language_.empty()) start_.language = std::move(language_);
    start_.requirement =
        own_ == Requirement{} ? queue_->requires_skills : engine::combine(queue_->requires_skills, own_);
    if (const std::string_view list = beyond_bounds(); !list.empty()) {
      return std::unexpected(bad_field(std::string(list), "too many, with what the queue asks for"));
    }
    engine::Submission s;
    s.source = Source::kApi;
    if (!text_.empty()) {
      s.contents.push_back(std::move(text_));
      start_.content = 1;
    }
    if (!identity_.empty()) {
      s.contents.push_back(std::move(identity_));
      start_.identity_content = static_cast<std::uint32_t>(s.contents.size());
    }
    s.command = std::move(start_);
    return s;
  }

 private:
  bool fail(std::string_view field, std::string message) {
    error_ = bad_field(std::string(field), std::move(message));
    return false;
  }

  bool channel(const boost::json::value& value) {
    const auto* text = value.if_string();
    for (std::size_t n = 1; text && n < kChannelCount; ++n) {
      if (*text == kChannelNames[n]) {
        start_.channel = static_cast<Channel>(n);
        return true;
      }
    }
    return fail("channel", "must be one of phone, chat, email, message, form");
  }

  bool queue(const boost::json::value& value) {
    if (const auto* text = value.if_string()) {
      queue_ = context_.center.queue(std::string_view(*text));
    } else if (value.is_int64() && value.as_int64() > 0 && value.as_int64() <= std::int64_t{0xFFFFFFFF}) {
      queue_ = context_.center.queue(QueueId{static_cast<std::uint32_t>(value.as_int64())});
    }
    if (!queue_) {
      error_ = {404, "unknown_queue", "queue: there is no such queue", "queue"};
      return false;
    }
    start_.queue = queue_->id;
    return true;
  }

  bool skills(const boost::json::value& value) { return levels("skills", value, own_.skills); }

  // One of each group's skills is enough.
  bool any(const boost::json::value& value) {
    const auto* groups = value.if_array();
    if (!groups || groups->empty() || groups->size() > kAnyGroupsMax) {
      return fail("any", "must be a list of 1 to 8 objects of skill names and levels, e.g. [{\"zh\": 50, \"en\": 70}]");
    }
    for (std::size_t n = 0; n < groups->size(); ++n) {
      const std::string field = "any[" + std::to_string(n) + ']';
      AnyOf group;
      if (!levels(field, (*groups)[n], group.skills)) return false;
      if (group.skills.empty()) return fail(field, "must name at least one skill");
      std::sort(group.skills.begin(), group.skills.end());
      own_.any.push_back(std::move(group));
    }
    return true;
  }

  bool prefer(const boost::json::value& value) {
    const auto* names = value.if_array();
    if (!names || names->size() > kSkillsMax) return fail("prefer", "must be a list of at most 32 skill names");
    for (std::size_t n = 0; n < names->size(); ++n) {
      const std::string field = "prefer[" + std::to_string(n) + ']';
      const auto* text = (*names)[n].if_string();
      if (!text) return fail(field, "must be the name of a skill");
      const engine::SkillInfo* skill = context_.center.skill(*text);
      if (!skill) return unknown_skill(field);
      own_.preferred.push_back(skill->id);
    }
    return true;
  }

  // Agents by login or number.
  bool exclude(const boost::json::value& value) {
    const auto* agents = value.if_array();
    if (!agents || agents->size() > kExcludedMax) {
      return fail("exclude", "must be a list of at most 32 agents, by login or number");
    }
    for (std::size_t n = 0; n < agents->size(); ++n) {
      const boost::json::value& one = (*agents)[n];
      const engine::AgentInfo* agent = nullptr;
      if (const auto* login = one.if_string()) {
        agent = context_.center.agent_by_login(*login);
      } else if (one.is_int64() && one.get_int64() > 0 && one.get_int64() <= std::int64_t{0xFFFFFFFF}) {
        agent = context_.center.agent(AgentId{static_cast<std::uint32_t>(one.get_int64())});
      }
      if (!agent) {
        const std::string field = "exclude[" + std::to_string(n) + ']';
        error_ = {404, "unknown_agent", field + ": there is no such agent", field};
        return false;
      }
      own_.excluded.push_back(agent->id);
    }
    std::sort(own_.excluded.begin(), own_.excluded.end());
    own_.excluded.erase(std::unique(own_.excluded.begin(), own_.excluded.end()), own_.excluded.end());
    return true;
  }

  bool unknown_skill(const std::string& field) {
    error_ = {404, "unknown_skill", field + ": there is no such skill", field};
    return false;
  }

  bool levels(const std::string& name, const boost::json::value& value, std::vector<SkillLevel>& out) {
    const auto* object = value.if_object();
    if (!object) return fail(name, "must be an object of skill names and levels, e.g. {\"zh\": 50}");
    if (object->size() > kSkillsMax) return fail(name, "must not name more than 32 skills");
    for (const auto& entry : *object) {
      const std::string field = name + '.' + std::string(entry.key());
      const engine::SkillInfo* skill = context_.center.skill(entry.key());
      if (!skill) return unknown_skill(field);
      const auto* level = entry.value().if_int64();
      if (!level || *level < 1 || *level > 100) return fail(field, "must be a level from 1 to 100");
      out.push_back({skill->id, static_cast<std::uint32_t>(*level)});
    }
    return true;
  }

  // The list that is longer than the core takes once the queue's own is added; empty: none.
  [[nodiscard]] std::string_view beyond_bounds() const {
    const Requirement& r = start_.requirement;
    if (r.skills.size() > kSkillsMax) return "skills";
    if (r.any.size() > kAnyGroupsMax) return "any";
    return r.preferred.size() > kSkillsMax ? "prefer" : "";
  }

  bool priority() {
    auto value = integer_field(body_, "priority", -100, 100);
    if (!value) {
      error_ = value.error();
      return false;
    }
    start_.priority = static_cast<std::int32_t>(**value);
    return true;
  }

  bool language(const boost::json::value& value) {
    const auto* text = value.if_string();
    const bool good =
        text && text->size() <= kLanguageBytesMax && (text->empty() || crm::is_language_tag(std::string_view(*text)));
    if (!good) return fail("language", "must be a language tag, e.g. zh-CN");
    language_ = std::string_view(*text);
    return true;
  }

  bool text(const boost::json::value& value) {
    const auto* words = value.if_string();
    if (!words) return fail("text", "must be a string");
    if (words->size() > kTextBytesMax) return fail("text", "at most 10,000 characters");
    if (words->empty()) return true;
    text_.reserve(words->size() + 16);
    text_ = "{\"text\":";
    put_json_string(text_, *words);
    text_ += '}';
    return true;
  }

  bool customer() {
    auto value = integer_field(body_, "customer", 1, kIdMax);
    if (!value) {
      error_ = value.error();
      return false;
    }
    auto details = context_.directory.customer({static_cast<std::uint64_t>(**value)});
    if (!details) {
      error_ = records_unavailable();
      return false;
    }
    if (!*details) {
      error_ = {404, "unknown_customer", "customer: there is no such customer", "customer"};
      return false;
    }
    const ScreenPop& card = (*details)->card;
    start_.customer = card.customer;
    start_.tier = card.tier;
    start_.language = card.language;
    return true;
  }

  bool identity(const boost::json::value& value) {
    const auto* object = value.if_object();
    if (!object) return fail("identity", "must be an object with kind and value");
    crm::IdentityDetails details;
    std::string given;
    for (const auto& entry : *object) {
      const std::string_view name = entry.key();
      const auto* text = entry.value().if_string();
      std::string* target = name == "kind"    ? &details.address.kind
                            : name == "value" ? &given
                            : name == "name"  ? &details.name
                                              : nullptr;
      const std::string field = "identity." + std::string(name);
      if (!target) return fail(field, "there is no such field");
      if (!text || text->size() > crm::kNameBytesMax) return fail(field, "must be a string of at most 200 bytes");
      *target = std::string_view(*text);
    }
    auto address =
        crm::normalize_address(details.address.kind, given, crm::PhoneRules{context_.center.default_country_code});
    if (!address) {
      const bool kind = address.error() == crm::AddressError::kUnknownKind;
      return fail(kind ? "identity.kind" : "identity.value", std::string(crm::message_of(address.error())));
    }
    details.address = std::move(*address);
    start_.identity = context_.hasher.hash(details.address);
    auto match = context_.directory.find_by_identity(start_.identity);
    if (!match) {
      error_ = records_unavailable();
      return false;
    }
    identity_ = crm::to_json(details);
    if (!*match) return true;
    known_ = (*match)->customer;
    start_.tier = (*match)->tier;
    start_.language = (*match)->language;
    start_.ticket = (*match)->open_ticket;
    start_.preferred_agent = (*match)->last_agent;
    engine::add_customer_labels(customer_labels_, **match);
    return true;
  }

  bool out_of_hours(const boost::json::value& value) {
    if (!value.is_bool()) return fail("out_of_hours", "must be true or false");
    start_.out_of_hours = value.as_bool();
    return true;
  }

  bool labels(const boost::json::value& value) {
    const auto* list = value.if_array();
    if (!list) return fail("labels", "must be a list of words");
    for (const auto& label : *list) {
      if (!label.is_string()) return fail("labels", "must be a list of words");
      start_.labels.emplace_back(label.get_string());
    }
    return routing::sound_labels(start_.labels) || fail("labels", "at most 32 labels of 1 to 64 bytes");
  }

  const Context& context_;
  const boost::json::object& body_;
  CustomerId known_;  // who the identity belongs to
  std::vector<std::string> customer_labels_;
  command::StartInteraction start_;
  const engine::QueueInfo* queue_ = nullptr;
  Requirement own_;
  std::string language_;
  std::string text_;
  std::string identity_;
  ApiError error_;
};

}  // namespace

Result<engine::Submission> read_start(const Context& context, const boost::json::value& body) {
  const auto* object = body.if_object();
  if (!object) return std::unexpected(bad_field("", "must be a JSON object"));
  return StartReader(context, *object).read();
}

}  // namespace sb::console
