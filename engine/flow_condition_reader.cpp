#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "crm/profile.h"
#include "engine/flow_reading.h"
#include "routing/flow.h"

// One condition of a flow's rule, as people write it.
namespace sb::engine {

namespace {

namespace json = boost::json;
using routing::FlowKind;

std::optional<FlowField> field_of(std::string_view written) {
  for (std::size_t n = 1; n < kFlowFieldNames.size(); ++n) {
    if (written_name(static_cast<FlowField>(n)) == written) return static_cast<FlowField>(n);
  }
  return std::nullopt;
}

std::string known_fields() {
  std::string all;
  for (std::size_t n = 1; n < kFlowFieldNames.size(); ++n) {
    all += (all.empty() ? "" : ", ") + std::string(written_name(static_cast<FlowField>(n)));
  }
  return all;
}

template <class Names>
std::string listed(const Names& names, std::size_t from = 0) {
  std::string all;
  for (std::size_t n = from; n < names.size(); ++n) all += (n == from ? "" : ", ") + std::string(names[n]);
  return all;
}

class FlowConditionReader {
 public:
  explicit FlowConditionReader(FlowReading& reading) : reading_(reading) {}

  FlowCondition condition(const json::value& value, const std::string& path) {
    FlowCondition c;
    const auto* object = value.if_object();
    if (!object || object->empty())
      return reading_.fail(path, "a condition is written like { channel = \"phone\" }"), c;
    std::string_view about;
    for (const auto& [key, part] : *object) {
      if (key == "queue" && object->size() > 1) continue;  // whose state is asked for
      if (!about.empty()) {
        return reading_.fail(path,
                             fmt::format("asks for {} and {}: write two conditions", about, std::string_view(key))),
               c;
      }
      about = key;
    }
    const auto field = field_of(about);
    const std::string at = path + "." + std::string(about);
    if (!field) return reading_.fail(at, "is nothing a condition can ask for; there are " + known_fields()), c;
    c.field = *field;
    const auto shape = routing::shape_of(c.field);
    if (object->size() > 1) {
      if (!shape.of_queue) return reading_.fail(path + ".queue", fmt::format("{} is not asked of a queue", about)), c;
      c.queue = reading_.queue(object->at("queue"), path + ".queue");
    }
    const json::value& asked = object->at(about);
    switch (shape.kind) {
      case FlowKind::kWords:
        by_words(c, asked, at);
        break;
      case FlowKind::kNumber:
        by_number(c, asked, at, shape);
        break;
      case FlowKind::kYesNo:
        c.test = FlowTest::kIs;
        if (!asked.is_bool()) return reading_.fail(at, "must be true or false"), c;
        c.number = asked.get_bool() ? 1 : 0;
    }
    return c;
  }

 private:
  // "word", ["one", "of these"], { not = ... }; for time also { from, to }.
  void by_words(FlowCondition& c, const json::value& value, const std::string& path) {
    c.test = value.is_array() ? FlowTest::kIsAnyOf : FlowTest::kIs;
    const json::value* words = &value;
    std::string at = path;
    if (const auto* object = value.if_object()) {
      if (c.field == FlowField::kMinuteOfDay && object->contains("from")) return from_to(c, *object, path);
      const auto* negated = object->if_contains("not");
      if (!negated || object->size() != 1) {
        return reading_.fail(
            path, c.field == FlowField::kMinuteOfDay
                      ? "takes \"09:00-12:00\", a list of such, { from = \"09:00\", to = \"12:00\" } or { not = ... }"
                      : "takes a word, a list of words or { not = ... }");
      }
      c.test = FlowTest::kIsNot;
      words = negated;
      at += ".not";
    }
    if (const auto* list = words->if_array()) {
      for (std::size_t n = 0; n < list->size(); ++n) word(c, (*list)[n], at + "." + std::to_string(n));
      if (list->empty() || list->size() > routing::kFlowWordsMax) {
        reading_.fail(at, fmt::format("takes 1 to {} words", routing::kFlowWordsMax));
      }
    } else {
      word(c, *words, at);
    }
  }

  void from_to(FlowCondition& c, const json::object& object, const std::string& path) {
    const auto* from = object.at("from").if_string();
    const auto* to = object.contains("to") ? object.at("to").if_string() : nullptr;
    if (!from || !to || object.size() != 2) {
      return reading_.fail(path, "takes { from = \"09:00\", to = \"12:00\" }; over midnight from is the later one");
    }
    word(c, json::value(std::string(*from) + "-" + std::string(*to)), path);
  }

  void word(FlowCondition& c, const json::value& value, const std::string& path) {
    const auto* text = value.if_string();
    if (!text || text->empty()) return reading_.fail(path, "must be a word in quotes");
    const std::string word(*text);
    const auto is = [&](std::string_view known) { return known == word; };
    std::string wrong;
    if (c.field == FlowField::kChannel && std::none_of(kChannelNames.begin() + 1, kChannelNames.end(), is)) {
      wrong = "there are " + listed(kChannelNames, 1);
    } else if (c.field == FlowField::kWeekday &&
               std::none_of(routing::kWeekdayNames.begin(), routing::kWeekdayNames.end(), is)) {
      wrong = "there are " + listed(routing::kWeekdayNames);
    } else if (c.field == FlowField::kQueue && !reading_.center().queue(word)) {
      wrong = "there is no such queue";
    } else if (c.field == FlowField::kMinuteOfDay && !routing::parse_minutes(word)) {
      wrong = "a time is written \"09:00-17:30\", from and to apart, to 24:00 at most";
    } else if (c.field == FlowField::kLanguage && !crm::is_language_tag(word)) {
      wrong = "must be a language tag, e.g. zh or zh-CN";
    } else if (c.field == FlowField::kLabel && word.size() > routing::kLabelBytesMax) {
      wrong = fmt::format("a label has at most {} bytes", routing::kLabelBytesMax);
    }
    if (!wrong.empty()) return reading_.fail(path, fmt::format("\"{}\": {}", word, wrong));
    c.words.push_back(word);
  }

  // 2, { at_least = 2 }, { at_most = 2 }, { not = 2 }
  void by_number(FlowCondition& c, const json::value& value, const std::string& path,
                 const routing::FlowFieldShape& shape) {
    const json::value* number = &value;
    std::string at = path;
    c.test = FlowTest::kIs;
    if (const auto* object = value.if_object()) {
      const std::string_view key = object->size() == 1 ? std::string_view(object->begin()->key()) : std::string_view();
      c.test = key == "at_least"  ? FlowTest::kAtLeast
               : key == "at_most" ? FlowTest::kAtMost
               : key == "not"     ? FlowTest::kIsNot
                                  : FlowTest::kNone;
      if (c.test == FlowTest::kNone) {
        return reading_.fail(path, "takes a number or one of { at_least = }, { at_most = }, { not = }");
      }
      number = &object->begin()->value();
      at += "." + std::string(key);
    }
    c.number = reading_.whole_number(*number, at, shape.min, shape.max);
  }

  FlowReading& reading_;
};

}  // namespace

FlowCondition read_condition(FlowReading& reading, const json::value& value, const std::string& path) {
  return FlowConditionReader(reading).condition(value, path);
}

}  // namespace sb::engine
