#pragma once
// Sentences about events, in the two languages of the screens. Pure; any thread.
#include <boost/json.hpp>
#include <string>

#include "engine/center.h"
#include "proto/record.h"

namespace sb::engine {

struct Sentence {
  std::string en;
  std::string zh;

  Sentence& operator+=(const Sentence& more) {
    en += more.en;
    zh += more.zh;
    return *this;
  }
};

class Words {
 public:
  explicit Words(const Center& center) : center_(center) {}

  [[nodiscard]] Sentence say(const Event& event, const Record& record) const;

  [[nodiscard]] std::string agent(AgentId id) const;
  [[nodiscard]] Sentence queue(QueueId id) const;
  [[nodiscard]] std::string skill(SkillId id) const;
  // "zh >= 50, returns >= 20"; empty when nothing is required.
  [[nodiscard]] std::string skills(const std::vector<SkillLevel>& required) const;

 private:
  const Center& center_;
};

// "; needs zh >= 50; not amy"; empty when nothing is required.
[[nodiscard]] Sentence requirement_words(const Requirement& requirement, const Words& words);
[[nodiscard]] Sentence channel_word(Channel channel);
[[nodiscard]] Sentence policy_word(Policy policy);
[[nodiscard]] Sentence duration_words(DurationMs duration);  // "2 min 5 s"

// The event's fields by name; hashes of identities are left out.
[[nodiscard]] boost::json::object fields_of(const Event& event);

}  // namespace sb::engine
