#pragma once
// What a caller hears that is not in the configuration, in English and Chinese. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/ids.h"

namespace sb::phone {

enum class Phrase : std::uint8_t {
  kInvalidKey,
  kNoInput,
  kOutOfHours,
  kQueueFull,
  kQueueClosed,
  kTrouble,      // something is wrong inside, it goes on in a moment
  kTroubleOver,  // it cannot be helped
  kConnecting,   // an agent has taken the call
  kBooked,       // the customer will be called back and can hang up
};

// `language` is a BCP 47 tag; everything but Chinese is spoken to in English.
[[nodiscard]] std::string_view phrase(Phrase which, std::string_view language);

// "You are number 3 in the queue. The estimated wait is about 2 minutes."
[[nodiscard]] std::string position_phrase(std::size_t position, std::optional<DurationMs> wait_ms,
                                          std::string_view language);

// "Press 1 to be called back at this number. You keep your place."
[[nodiscard]] std::string callback_phrase(std::string_view key, std::string_view language);

// The locale a text is spoken in: "zh" -> "zh-CN", "en" -> "en-US", "zh-HK" stays.
[[nodiscard]] std::string spoken_language(std::string_view language);

}  // namespace sb::phone
