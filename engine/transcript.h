#pragma once
// The words of an interaction, read back from the journal and its contents.
#include <string>
#include <vector>

#include "engine/center.h"
#include "proto/console.h"
#include "proto/event.h"
#include "storage/store.h"

namespace sb::engine {

// A message's content row as it was stored: {"text","name","key","attachment":{"name","media_type","bytes","index"}}.
// `seq` is its record; an attachment's public id is "<seq>-<index>". Missing (erased) content gives an empty text.
[[nodiscard]] ChatMessage to_message(const event::MessagePosted& posted, Seq seq, TimeMs time_ms,
                                     std::string_view content, const Center& center);
// The customer's words that came with the interaction itself.
[[nodiscard]] ChatMessage first_message(Seq seq, TimeMs time_ms, std::string_view content);

// Messages after number `since`, oldest first, at most `limit`.
[[nodiscard]] std::vector<ChatMessage> read_transcript(const storage::Store& store, const Center& center,
                                                       CustomerId customer, InteractionId interaction,
                                                       std::uint64_t since, std::size_t limit);

}  // namespace sb::engine
