#pragma once
// Turns a line of a script ("Start i1 chat queue=sales needs=zh:50") into a command, and remembers what was named.
#include <functional>
#include <map>
#include <set>
#include <stdexcept>

#include "proto/command.h"
#include "tests/script/vocabulary.h"

namespace sb::script {

// What is wrong with a script or with what it saw. Ends the run.
struct ScriptError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The words of a line: those with '=' by key, the others in order. Every one must be taken.
class Words {
 public:
  explicit Words(const std::vector<std::string>& words);
  std::string next(std::string_view what);
  [[nodiscard]] bool more() const { return at_ < plain_.size(); }
  std::optional<std::string> option(const std::string& key);
  void finish() const;

 private:
  std::vector<std::string> plain_;
  std::size_t at_ = 0;
  std::map<std::string, std::string> options_;
};

struct Spoken {
  Command command;
  std::string key;                                      // idempotency key
  std::function<void(std::uint64_t result)> bind = {};  // names what was created
};

class Speech {
 public:
  Names names;

  // Throws ScriptError.
  Spoken parse(const std::vector<std::string>& words);
  [[nodiscard]] static bool knows(const std::string& verb);
  // Follows offers, so that scripts can say "Accept amy i1".
  void learn(const Event& event);

  template <class Id>
  Id id(const std::string& word) const {
    if (word.starts_with('#')) return Id{static_cast<typename Id::rep>(number(word.substr(1)))};
    if (word == "none") return {};
    if (const auto found = names.find<Id>(word)) return *found;
    throw ScriptError("nothing here is called '" + word + "'");
  }
  // flow gold all=channel:phone;tier>=2 any=label:vip then=queue:sales;priority:20
  [[nodiscard]] Spoken flow_line(Words& words);
  // A name from this line on; numbers are handed out in order.
  template <class Id>
  Id declare(const std::string& word) {
    if (const auto found = names.find<Id>(word)) return *found;
    if (word.starts_with('#')) return id<Id>(word);
    const Id fresh{static_cast<typename Id::rep>(++declared_[std::type_index(typeid(Id))])};
    names.bind(word, fresh);
    return fresh;
  }
  template <class Enum>
  static Enum choice(const std::string& word) {
    for (std::size_t n = 0; n < EnumLimit<Enum>::value; ++n) {
      if (name(static_cast<Enum>(n)) == word) return static_cast<Enum>(n);
    }
    throw ScriptError("'" + word + "' is not one of the words for this");
  }
  static std::int64_t number(const std::string& word);
  static DurationMs duration(const std::string& word);
  static bool yes(const std::string& word);
  // phone:1,chat:3
  [[nodiscard]] static std::vector<std::uint32_t> by_channel(const std::string& word, std::uint32_t otherwise);
  [[nodiscard]] std::vector<SkillLevel> levels(const std::string& word) const;
  [[nodiscard]] Requirement requirement(Words& words) const;
  // What the agent was offered last of it; without one, the last offer of it to anybody.
  [[nodiscard]] OfferId offer_of(InteractionId interaction, AgentId agent) const;

  std::map<QueueId, command::PutQueue> queues;  // as last said: a change repeats only what changes
  std::map<AgentId, command::PutAgent> agents;
  std::map<AgentId, std::uint64_t> sessions;
  Flow flow;

 private:
  std::map<std::type_index, std::uint64_t> declared_;
  std::map<std::pair<InteractionId, AgentId>, OfferId> offers_;  // the last one of each; of nobody: of all
};

}  // namespace sb::script
