#include "bench/customers/twiml.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <pugixml.hpp>
#include <set>

namespace sb::customers {
namespace {

constexpr std::size_t kDocumentBytesMax = 64 * 1024;
constexpr std::size_t kSayBytesMax = 4096;

using Names = std::set<std::string_view>;

const Names kCallbackAttributes = {"statusCallback", "statusCallbackEvent", "statusCallbackMethod"};

const std::map<std::string_view, Names>& known_verbs() {
  static const std::map<std::string_view, Names> verbs = {
      {"Say", {"voice", "language", "loop"}},
      {"Play", {"loop", "digits"}},
      {"Pause", {"length"}},
      {"Gather",
       {"input", "action", "method", "timeout", "speechTimeout", "numDigits", "finishOnKey", "actionOnEmptyResult",
        "hints", "language", "speechModel", "bargeIn"}},
      {"Enqueue", {"action", "method", "waitUrl", "waitUrlMethod", "maxQueueSize"}},
      {"Leave", {}},
      {"Dial",
       {"action", "method", "timeout", "timeLimit", "callerId", "answerOnBridge", "hangupOnStar", "ringTone", "record",
        "recordingStatusCallback", "trim", "sequential"}},
      {"Redirect", {"method"}},
      {"Reject", {"reason"}},
      {"Hangup", {}},
  };
  return verbs;
}

const std::map<std::string_view, Names>& known_nouns() {
  static const std::map<std::string_view, Names> nouns = {
      {"Number", {"url", "method", "sendDigits"}},
      {"Client", {"url", "method"}},
      {"Sip", {"url", "method", "username", "password"}},
      {"Conference",
       {"muted", "beep", "startConferenceOnEnter", "endConferenceOnExit", "waitUrl", "waitMethod", "maxParticipants",
        "record", "trim", "coach", "participantLabel", "region", "jitterBufferSize"}},
  };
  return nouns;
}

Verb read_element(const pugi::xml_node& node) {
  Verb verb;
  verb.name = node.name();
  for (const auto& attribute : node.attributes()) verb.attributes.emplace_back(attribute.name(), attribute.value());
  for (const auto& child : node.children()) {
    if (child.type() == pugi::node_element) verb.children.push_back(read_element(child));
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) verb.text += child.value();
  }
  return verb;
}

class Check {
 public:
  Check(bool waiting, std::vector<std::string>& problems) : waiting_(waiting), problems_(problems) {}

  void verb(const Verb& verb, bool first) {
    const auto known = known_verbs().find(verb.name);
    if (known == known_verbs().end()) return say("unknown verb <" + verb.name + ">");
    attributes(verb, known->second, false);
    if (waiting_ && !kAllowedWaiting.count(verb.name)) say("<" + verb.name + "> is not allowed while waiting");
    if (!waiting_ && verb.name == "Leave") say("<Leave> outside a queue");
    if (verb.name == "Reject" && !first) say("<Reject> must come first");
    if (verb.name == "Say" && verb.text.size() > kSayBytesMax) say("<Say> is too long");
    if (verb.name == "Redirect" && verb.text.empty()) say("<Redirect> without an address");
    if (verb.name == "Enqueue" && (verb.text.empty() || verb.text.size() > 64))
      say("<Enqueue> needs a name of 1 to 64 bytes");
    children(verb);
  }

 private:
  inline static const Names kAllowedWaiting = {"Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Leave"};
  inline static const Names kAllowedInGather = {"Say", "Play", "Pause"};

  void children(const Verb& verb) {
    if (verb.name == "Gather") {
      for (const auto& child : verb.children) {
        if (!kAllowedInGather.count(child.name)) say("<" + child.name + "> inside <Gather>");
      }
    } else if (verb.name == "Dial") {
      if (verb.children.empty() && verb.text.empty()) say("<Dial> without anyone to call");
      for (const auto& noun : verb.children) {
        const auto known = known_nouns().find(noun.name);
        if (known == known_nouns().end()) {
          say("unknown noun <" + noun.name + ">");
        } else {
          attributes(noun, known->second, true);
        }
        if (noun.text.empty() && noun.children.empty()) say("<" + noun.name + "> is empty");
      }
    } else if (!verb.children.empty() && verb.name != "Say") {  // <Say> may hold SSML
      say("<" + verb.children.front().name + "> inside <" + verb.name + ">");
    }
  }

  void attributes(const Verb& verb, const Names& known, bool callbacks) {
    for (const auto& [name, value] : verb.attributes) {
      if (known.count(name) || (callbacks && kCallbackAttributes.count(name))) continue;
      say("unknown attribute " + name + " of <" + verb.name + ">");
    }
  }

  void say(const std::string& problem) { problems_.push_back(problem); }

  bool waiting_;
  std::vector<std::string>& problems_;
};

}  // namespace

std::string Verb::attribute(std::string_view key, std::string_view otherwise) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const auto& a) { return a.first == key; });
  return found == attributes.end() ? std::string(otherwise) : found->second;
}

bool Verb::flag(std::string_view key, bool otherwise) const {
  const std::string value = attribute(key);
  return value.empty() ? otherwise : value == "true";
}

std::optional<TwimlDocument> parse_twiml(std::string_view bytes, bool waiting, std::string& why) {
  if (bytes.size() > kDocumentBytesMax) {
    why = "longer than 64 KiB";
    return std::nullopt;
  }
  pugi::xml_document xml;
  const auto parsed = xml.load_buffer(bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_trim_pcdata);
  if (!parsed) {
    why = std::string("not XML: ") + parsed.description();
    return std::nullopt;
  }
  const auto root = xml.document_element();
  if (std::string_view(root.name()) != "Response") {
    why = "the root is not <Response>";
    return std::nullopt;
  }
  TwimlDocument document;
  Check check(waiting, document.problems);
  for (const auto& child : root.children()) {
    if (child.type() != pugi::node_element) continue;
    document.verbs.push_back(read_element(child));
    check.verb(document.verbs.back(), document.verbs.size() == 1);
  }
  return document;
}

}  // namespace sb::customers
