#include "tests/script/speech.h"

#include "tests/script/verbs.h"

namespace sb::script {

Words::Words(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      plain_.push_back(word);
    } else {
      options_[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
}

std::string Words::next(std::string_view what) {
  if (at_ == plain_.size()) throw ScriptError("the line lacks " + std::string(what));
  return plain_[at_++];
}

std::optional<std::string> Words::option(const std::string& key) {
  const auto node = options_.extract(key);
  if (node.empty()) return std::nullopt;
  return node.mapped();
}

void Words::finish() const {
  if (at_ < plain_.size()) throw ScriptError("'" + plain_[at_] + "' is one word too many");
  if (!options_.empty()) throw ScriptError("'" + options_.begin()->first + "=' means nothing here");
}

std::int64_t Speech::number(const std::string& word) {
  const auto n = parse_number(word);
  if (!n) throw ScriptError("'" + word + "' is not a number");
  return *n;
}

DurationMs Speech::duration(const std::string& word) {
  const auto ms = parse_duration(word);
  if (!ms) throw ScriptError("'" + word + "' is not a duration like 20s or 1m30s");
  return *ms;
}

bool Speech::yes(const std::string& word) {
  if (word == "yes") return true;
  if (word == "no") return false;
  throw ScriptError("'" + word + "' is neither yes nor no");
}

std::vector<SkillLevel> Speech::levels(const std::string& word) const {
  std::vector<SkillLevel> all;
  for (const std::string& part : split(word, ',')) {
    if (part == "none") continue;
    const auto pair = split(part, ':');
    all.push_back({id<SkillId>(pair.at(0)), pair.size() > 1 ? static_cast<std::uint32_t>(number(pair[1])) : 1});
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<std::uint32_t> Speech::by_channel(const std::string& word, std::uint32_t otherwise) {
  std::vector<std::uint32_t> all(kChannelCount, otherwise);
  for (const std::string& part : split(word, ',')) {
    if (part == "none") continue;
    const auto pair = split(part, ':');
    all[index_of(choice<Channel>(pair.at(0)))] = static_cast<std::uint32_t>(number(pair.at(1)));
  }
  return all;
}

Requirement Speech::requirement(Words& words) const {
  Requirement r;
  if (const auto needs = words.option("needs")) r.skills = levels(*needs);
  if (const auto only = words.option("only")) r.only_agent = id<AgentId>(*only);
  for (const std::string& group : split(words.option("any").value_or(""), ';')) r.any.push_back({levels(group)});
  for (const std::string& skill : split(words.option("prefers").value_or(""), ',')) {
    r.preferred.push_back(id<SkillId>(skill));
  }
  for (const std::string& who : split(words.option("without").value_or(""), ',')) {
    r.excluded.push_back(id<AgentId>(who));
  }
  std::sort(r.preferred.begin(), r.preferred.end());
  std::sort(r.excluded.begin(), r.excluded.end());
  return r;
}

OfferId Speech::offer_of(InteractionId interaction, AgentId agent) const {
  const auto at = offers_.find({interaction, agent});
  if (at != offers_.end()) return at->second;
  return agent ? offer_of(interaction, {}) : OfferId{};
}

void Speech::learn(const Event& event) {
  if (const auto* made = std::get_if<event::OfferMade>(&event)) {
    offers_[{made->interaction, made->agent}] = made->offer;
    offers_[{made->interaction, {}}] = made->offer;
  } else if (const auto* queued = std::get_if<event::InteractionQueued>(&event)) {  // the next round of offers
    std::erase_if(offers_,
                  [&](const auto& entry) { return entry.first.first == queued->interaction && entry.first.second; });
  }
}

std::uint32_t content(Words& w, std::uint32_t otherwise) {
  const auto v = w.option("content");
  return v ? static_cast<std::uint32_t>(Speech::number(*v)) : otherwise;
}

namespace {

const Verb* find_verb(const std::string& word) {
  for (const Verbs* verbs : {&setup_verbs(), &agent_verbs(), &interaction_verbs(), &customer_verbs()}) {
    if (const auto at = verbs->find(word); at != verbs->end()) return &at->second;
  }
  return nullptr;
}

}  // namespace

bool Speech::knows(const std::string& verb) {
  return find_verb(verb) != nullptr;
}

Spoken Speech::parse(const std::vector<std::string>& words) {
  const Verb* verb = find_verb(words.at(0));
  if (!verb) throw ScriptError("'" + words[0] + "' is not a verb");
  Words rest(std::vector<std::string>(words.begin() + 1, words.end()));
  const std::string key = rest.option("key").value_or("");
  Spoken spoken = (*verb)(*this, rest);
  rest.finish();
  spoken.key = key;
  return spoken;
}

}  // namespace sb::script
