#include "channels/phone/phrases.h"

#include <fmt/format.h>

#include <array>

namespace sb::phone {
namespace {

struct Words {
  std::string_view en;
  std::string_view zh;
};

constexpr std::array<Words, 9> kWords{{
    {"Sorry, that key is not in the menu.", "抱歉，没有这个选项。"},
    {"Sorry, we did not hear a key.", "抱歉，我们没有收到您的按键。"},
    {"Thank you for calling. We are closed at the moment. Your call has been noted and we will call you back. Goodbye.",
     "感谢您的来电。现在是非工作时间，我们已记录您的来电，会尽快与您联系。再见。"},
    {"We are sorry, all lines are busy and the queue is full. Please call again a little later. Goodbye.",
     "非常抱歉，目前线路全忙，排队已满，请稍后再拨。再见。"},
    {"We are sorry, this service is closed at the moment. Please call again later. Goodbye.",
     "非常抱歉，该服务目前已关闭，请稍后再拨。再见。"},
    {"We are sorry, we have a technical problem. Please stay on the line.", "非常抱歉，系统遇到技术问题，请不要挂机。"},
    {"We are sorry, we cannot take your call because of a technical problem. Please call again later. Goodbye.",
     "非常抱歉，由于技术问题，我们暂时无法接听您的来电，请稍后再拨。再见。"},
    {"Thank you for waiting. An agent is about to take your call.", "感谢您的等候，客服人员即将为您接听。"},
    {"Thank you. We will call you back at this number. You can hang up now. Goodbye.",
     "谢谢。我们会回拨您的这个号码，您现在可以挂机。再见。"},
}};

bool is_chinese(std::string_view language) {
  return language.substr(0, 2) == "zh" && (language.size() == 2 || language[2] == '-');
}

constexpr DurationMs kMinuteMs = 60'000;

}  // namespace

std::string_view phrase(Phrase which, std::string_view language) {
  const Words& words = kWords[static_cast<std::size_t>(which)];
  return is_chinese(language) ? words.zh : words.en;
}

std::string position_phrase(std::size_t position, std::optional<DurationMs> wait_ms, std::string_view language) {
  if (position == 0) return std::string(phrase(Phrase::kConnecting, language));
  const bool chinese = is_chinese(language);
  std::string text =
      chinese ? fmt::format("您当前排在第{}位。", position) : fmt::format("You are number {} in the queue.", position);
  if (!wait_ms) return text;
  const DurationMs minutes = (*wait_ms + kMinuteMs - 1) / kMinuteMs;
  if (minutes <= 1) {
    text += chinese ? "预计等候不到一分钟。" : " The estimated wait is less than a minute.";
  } else {
    text += chinese ? fmt::format("预计等候约{}分钟。", minutes)
                    : fmt::format(" The estimated wait is about {} minutes.", minutes);
  }
  return text;
}

std::string callback_phrase(std::string_view key, std::string_view language) {
  const bool chinese = is_chinese(language);
  const std::string_view named = key == "*"   ? (chinese ? "星号" : "star")
                                 : key == "#" ? (chinese ? "井号" : "pound")
                                              : key;
  return chinese ? fmt::format("如需我们回拨您的这个号码，请按{}键，您的排队位置将会保留。", named)
                 : fmt::format("Press {} to be called back at this number. You keep your place.", named);
}

std::string spoken_language(std::string_view language) {
  if (language == "zh") return "zh-CN";
  if (language.empty() || language == "en") return "en-US";
  return std::string(language);
}

}  // namespace sb::phone
