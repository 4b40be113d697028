#include "channels/phone/call_flow.h"

#include <algorithm>

#include "channels/phone/twiml.h"

namespace sb::phone {
namespace {

constexpr unsigned kGatherTimeoutS = 5;
constexpr unsigned kCallbackTimeoutS = 1;  // after the music, during which a key counts as well
constexpr unsigned kTroublePauseS = 2;
constexpr std::string_view kConferenceEvents = "start end join leave hold";

MenuStep step_to(const MenuItem& item, const Number& number) {
  return {MenuStep::kEnqueue, item.queue, item.requirement, item.language.empty() ? number.language : item.language};
}

}  // namespace

MenuStep default_step(const Number& number) {
  if (!number.default_queue && !number.menu.empty()) return step_to(number.menu.front(), number);
  return {MenuStep::kEnqueue, number.default_queue, number.default_requirement, number.language};
}

MenuStep menu_step(const Number& number, unsigned turn, std::string_view digits) {
  const auto chosen = std::ranges::find(number.menu, digits, &MenuItem::key);
  if (!digits.empty() && chosen != number.menu.end()) return step_to(*chosen, number);
  if (turn >= kMenuTurnsMax || number.menu.empty()) return default_step(number);
  return {digits.empty() ? MenuStep::kRepeatSilent : MenuStep::kRepeatInvalid, {}, {}, {}};
}

std::string CallFlow::music(const Number& number) const {
  if (number.music.empty()) return addresses_.of(kHoldMusicPath);
  return number.music.starts_with('/') ? addresses_.of(number.music) : number.music;
}

std::string CallFlow::menu(const Number& number, InteractionId i, unsigned turn,
                           std::optional<MenuStep::Kind> last) const {
  const std::string next = addresses_.menu(i, turn);
  const std::string language = spoken_language(number.language);
  Twiml twiml;
  if (last == MenuStep::kRepeatInvalid) twiml.say(phrase(Phrase::kInvalidKey, language), language);
  if (last == MenuStep::kRepeatSilent) twiml.say(phrase(Phrase::kNoInput, language), language);
  if (!last && !number.greeting.empty()) twiml.say(number.greeting, language);
  if (!number.menu.empty()) {
    auto gather = twiml.gather(next, kGatherTimeoutS);
    for (const MenuItem& item : number.menu) {
      gather.say(item.say, item.language.empty() ? language : spoken_language(item.language));
    }
  }
  twiml.redirect(next);  // reached when nothing was pressed
  return twiml.text();
}

std::string CallFlow::enqueue(InteractionId i, std::string_view queue_name, unsigned turn) const {
  Twiml twiml;
  twiml.enqueue("sb-" + std::string(queue_name), addresses_.wait(i), addresses_.queue_result(i, turn));
  return twiml.text();
}

std::string CallFlow::wait(const Number& number, std::size_t position, std::optional<DurationMs> wait_ms,
                           std::string_view language) const {
  const std::string spoken = spoken_language(language.empty() ? number.language : language);
  Twiml twiml;
  twiml.say(position_phrase(position, wait_ms, spoken), spoken).play(music(number));
  return twiml.text();
}

std::string CallFlow::wait_or_callback(const Number& number, InteractionId i, std::size_t position,
                                       std::optional<DurationMs> wait_ms, std::string_view language,
                                       std::string_view key) const {
  const std::string spoken = spoken_language(language.empty() ? number.language : language);
  Twiml twiml;
  auto gather = twiml.gather(addresses_.callback(i), kCallbackTimeoutS);
  gather.say(position_phrase(position, wait_ms, spoken), spoken);
  gather.say(callback_phrase(key, spoken), spoken).play(music(number));
  return twiml.text();
}

std::string CallFlow::connect(InteractionId i) const {
  Twiml twiml;
  twiml.dial(addresses_.connect_result(i))
      .noun("Conference", conference_name(i),
            {{"participantLabel", kCallerLabel},
             {"beep", "false"},
             {"startConferenceOnEnter", "true"},
             {"endConferenceOnExit", "true"},
             {"waitUrl", addresses_.hold(i)},
             {"waitMethod", "POST"},
             {"statusCallback", addresses_.conference(i)},
             {"statusCallbackMethod", "POST"},
             {"statusCallbackEvent", kConferenceEvents}});
  return twiml.text();
}

std::string CallFlow::hold(const Number& number) const {
  Twiml twiml;
  twiml.play(music(number));
  return twiml.text();
}

std::string CallFlow::announce(Phrase what, std::string_view language) const {
  const std::string spoken = spoken_language(language);
  Twiml twiml;
  twiml.say(phrase(what, spoken), spoken).hang_up();
  return twiml.text();
}

std::string CallFlow::trouble(std::string_view language, unsigned turn) const {
  if (turn >= kTroubleTurnsMax) return announce(Phrase::kTroubleOver, language);
  const std::string spoken = spoken_language(language);
  Twiml twiml;
  twiml.say(phrase(Phrase::kTrouble, spoken), spoken).pause(kTroublePauseS).redirect(addresses_.incoming(turn + 1));
  return twiml.text();
}

std::string CallFlow::leave_queue() const {
  Twiml twiml;
  twiml.leave();
  return twiml.text();
}

std::string CallFlow::hang_up() const {
  Twiml twiml;
  twiml.hang_up();
  return twiml.text();
}

std::string CallFlow::nothing() const {
  return Twiml().text();
}

}  // namespace sb::phone
