#include "channels/phone/call_flow.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "channels/phone/hold_music.h"
#include "channels/phone/orders.h"
#include "channels/phone/twiml.h"

namespace sb::phone {
namespace {

constexpr const char* kPublic = "https://cc.example.com";

Number english() {
  Number number{"+14155550100", "en-US", "Welcome to Tea & Kitchen.", "/static/hold.wav", {}, {}, {}};
  number.menu.push_back({"1", "For sales, press 1.", {1}, {{{SkillId{1}, 50}}, {}}, {}});
  number.menu.push_back({"2", "中文请按2。", {2}, {}, "zh-CN"});
  return number;
}

// Parses strictly; a document that is not valid XML fails the test.
class Document {
 public:
  explicit Document(const std::string& text) {
    const auto parsed = xml_.load_buffer(text.data(), text.size());
    EXPECT_TRUE(parsed) << parsed.description() << ": " << text;
    EXPECT_STREQ(root().name(), "Response") << text;
  }
  [[nodiscard]] pugi::xml_node root() const { return xml_.document_element(); }
  [[nodiscard]] std::string verbs() const {
    std::string out;
    for (const auto& child : root().children()) out += std::string(out.empty() ? "" : " ") + child.name();
    return out;
  }

 private:
  pugi::xml_document xml_;
};

TEST(Twiml, EscapesWhatTextsHold) {
  Twiml twiml;
  twiml.say("<Hangup/> & \"quotes\" \x01 茶", "en-US").redirect("https://x/?a=1&b=<2>");
  const Document document(twiml.text());
  EXPECT_EQ(document.verbs(), "Say Redirect");
  EXPECT_STREQ(document.root().child("Say").text().get(), "<Hangup/> & \"quotes\"   茶");
  EXPECT_STREQ(document.root().child("Redirect").text().get(), "https://x/?a=1&b=<2>");
}

TEST(Twiml, HoldsOnlyWhatXmlCanHold) {
  const struct {
    std::string_view text;
    std::string_view said;
  } kTable[] = {{"a\xff\xc3z", "a  z"},                // no UTF-8
                {"a\xe8\x8c", "a  "},                  // cut inside a character
                {"\xed\xa0\x80z", "   z"},             // half of a surrogate pair
                {"\xc0\xbc-\x7f", "  -\x7f"},          // '<' written too long
                {"\xef\xbf\xbe\xef\xbf\xbf!", "  !"},  // noncharacters
                {"\xf0\x9f\x8d\xb5\x0b.", "\xf0\x9f\x8d\xb5 ."}};
  for (const auto& row : kTable) {
    Twiml twiml;
    twiml.say(row.text, "en-US");
    twiml.dial(row.text);
    const Document document(twiml.text());
    EXPECT_EQ(document.root().child("Say").text().get(), row.said);
    EXPECT_EQ(document.root().child("Dial").attribute("action").value(), row.said);
  }
}

TEST(Twiml, CutsLongSpeechBetweenCharacters) {
  std::string text;
  for (int n = 0; n < 3000; ++n) text += "茶";
  Twiml twiml;
  twiml.say(text, "zh-CN");
  const std::string said = Document(twiml.text()).root().child("Say").text().get();
  EXPECT_EQ(said.size(), 4095u);  // the last whole character within 4096 bytes
  EXPECT_EQ(said.size() % 3, 0u);
}

TEST(CallFlow, TableOfMenuSteps) {
  const Number number = english();
  struct Row {
    unsigned turn;
    const char* digits;
    MenuStep::Kind kind;
    std::uint32_t queue;
    const char* language;
  };
  const Row rows[] = {{1, "1", MenuStep::kEnqueue, 1, "en-US"},  {1, "2", MenuStep::kEnqueue, 2, "zh-CN"},
                      {1, "9", MenuStep::kRepeatInvalid, 0, ""}, {2, "#", MenuStep::kRepeatInvalid, 0, ""},
                      {3, "9", MenuStep::kEnqueue, 1, "en-US"},  {1, "", MenuStep::kRepeatSilent, 0, ""},
                      {2, "", MenuStep::kRepeatSilent, 0, ""},   {3, "", MenuStep::kEnqueue, 1, "en-US"},
                      {3, "2", MenuStep::kEnqueue, 2, "zh-CN"},  {1, "12", MenuStep::kRepeatInvalid, 0, ""}};
  for (const Row& row : rows) {
    SCOPED_TRACE(std::to_string(row.turn) + " '" + row.digits + "'");
    const MenuStep step = menu_step(number, row.turn, row.digits);
    EXPECT_EQ(step.kind, row.kind);
    EXPECT_EQ(step.queue.value, row.queue);
    EXPECT_EQ(step.language, row.language);
  }
  Number with_default = number;
  with_default.default_queue = {7};
  EXPECT_EQ(menu_step(with_default, 3, "").queue.value, 7u);
  with_default.menu.clear();
  EXPECT_EQ(menu_step(with_default, 1, "").queue.value, 7u) << "without a menu there is nothing to repeat";
}

TEST(CallFlow, MenuGathersOneKeyAndFallsThroughToItself) {
  const CallFlow flow{Addresses(kPublic)};
  const Document first(flow.menu(english(), {12}, 1, std::nullopt));
  EXPECT_EQ(first.verbs(), "Say Gather Redirect");
  EXPECT_STREQ(first.root().child("Say").text().get(), "Welcome to Tea & Kitchen.");
  const auto gather = first.root().child("Gather");
  EXPECT_STREQ(gather.attribute("numDigits").value(), "1");
  EXPECT_STREQ(gather.attribute("action").value(), "https://cc.example.com/twilio/voice/menu?i=12&n=1");
  EXPECT_STREQ(gather.first_child().attribute("language").value(), "en-US");
  EXPECT_STREQ(gather.last_child().attribute("language").value(), "zh-CN");
  EXPECT_STREQ(first.root().child("Redirect").text().get(), gather.attribute("action").value());
  const Document again(flow.menu(english(), {12}, 2, MenuStep::kRepeatInvalid));
  EXPECT_STREQ(again.root().child("Say").text().get(), "Sorry, that key is not in the menu.");
}

TEST(CallFlow, WaitingSaysPlaceAndTime) {
  const CallFlow flow{Addresses(kPublic)};
  const auto said = [&](std::size_t position, std::optional<DurationMs> wait, std::string_view language) {
    const Document document(flow.wait(english(), position, wait, language));
    EXPECT_EQ(document.verbs(), "Say Play");
    EXPECT_STREQ(document.root().child("Play").text().get(), "https://cc.example.com/static/hold.wav");
    return std::string(document.root().child("Say").text().get());
  };
  EXPECT_EQ(said(3, 61'000, "en-US"), "You are number 3 in the queue. The estimated wait is about 2 minutes.");
  EXPECT_EQ(said(1, 30'000, ""), "You are number 1 in the queue. The estimated wait is less than a minute.");
  EXPECT_EQ(said(2, std::nullopt, "en"), "You are number 2 in the queue.");
  EXPECT_EQ(said(2, 300'000, "zh"), "您当前排在第2位。预计等候约5分钟。");
  EXPECT_EQ(said(0, std::nullopt, "zh-CN"), "感谢您的等候，客服人员即将为您接听。");
}

TEST(CallFlow, ConferenceEndsWithTheCallerAndTroubleIsBounded) {
  const CallFlow flow{Addresses(kPublic)};
  const Document connect(flow.connect({12}));
  const auto conference = connect.root().child("Dial").child("Conference");
  EXPECT_STREQ(conference.text().get(), "sb-12");
  EXPECT_STREQ(conference.attribute("startConferenceOnEnter").value(), "true");
  EXPECT_STREQ(conference.attribute("endConferenceOnExit").value(), "true");
  EXPECT_STREQ(conference.attribute("participantLabel").value(), "caller");
  EXPECT_STREQ(conference.attribute("statusCallback").value(), "https://cc.example.com/twilio/voice/conference?i=12");
  EXPECT_EQ(Document(flow.trouble("en-US", 0)).verbs(), "Say Pause Redirect");
  EXPECT_EQ(Document(flow.trouble("zh-CN", kTroubleTurnsMax)).verbs(), "Say Hangup");
  for (const Phrase p : {Phrase::kOutOfHours, Phrase::kQueueFull, Phrase::kQueueClosed}) {
    EXPECT_EQ(Document(flow.announce(p, "en-US")).verbs(), "Say Hangup");
  }
  EXPECT_EQ(Document(flow.leave_queue()).verbs(), "Leave");
  EXPECT_EQ(Document(flow.nothing()).verbs(), "");
}

TEST(HoldMusic, IsALoudEnoughMuLawFileOfItsStatedSize) {
  const std::string wav = make_hold_music();
  ASSERT_LT(wav.size(), 200'000u);
  ASSERT_GT(wav.size(), 80'000u);
  const auto u32 = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (int n = 3; n >= 0; --n) value = value << 8 | static_cast<unsigned char>(wav[at + static_cast<std::size_t>(n)]);
    return value;
  };
  EXPECT_EQ(wav.substr(0, 4), "RIFF");
  EXPECT_EQ(u32(4), wav.size() - 8);
  EXPECT_EQ(wav.substr(8, 8), "WAVEfmt ");
  EXPECT_EQ(u32(20) & 0xffff, 7u);  // mu-law
  EXPECT_EQ(u32(24), 8000u);
  const auto data = wav.find("data");
  ASSERT_NE(data, std::string::npos);
  EXPECT_EQ(u32(data + 4), wav.size() - data - 8);
  // Mu-law codes near 0x80 and 0x00 are loud, near 0xff and 0x7f silent.
  const auto loud = std::ranges::count_if(wav.substr(data + 8), [](char c) { return (~c & 0x7f) > 0x50; });
  EXPECT_GT(loud, 10'000);
  EXPECT_EQ(wav, make_hold_music());
}

TEST(Orders, SurviveTheirEncoding) {
  const Order order{Order::kRing, {12}, {5}, {3}, {9}};
  EXPECT_EQ(decode_order(encode_order(order)), order);
  EXPECT_FALSE(decode_order("{}"));
  EXPECT_FALSE(decode_order("[1]"));
  EXPECT_FALSE(decode_order(R"({"do":"dance","interaction":1})"));
  EXPECT_FALSE(decode_order(R"({"do":"ring"})"));
  EXPECT_EQ(agent_of_label("agent-17").value, 17u);
  EXPECT_FALSE(agent_of_label("agent-17x"));
  EXPECT_FALSE(agent_of_label("caller"));
}

}  // namespace
}  // namespace sb::phone
