#pragma once
// The [[queues]] of a configuration file. Throws ConfigError, which names file, line, key and what is allowed.
#include "app/config.h"
#include "app/toml_reader.h"

namespace sb::app {

inline constexpr std::int64_t kDayS = 86'400;

// name (or another `code`), title_en, title_zh
[[nodiscard]] engine::Titled titled(TableReader& t, std::string_view code);

[[nodiscard]] QueueConfig read_queue(TableReader& t, const engine::CallbackTerms& callbacks);
// How customers are called back: what a table says, else `usual`.
[[nodiscard]] engine::CallbackTerms callback_terms(TableReader& t, const engine::CallbackTerms& usual);

}  // namespace sb::app
