#include "engine/transcript.h"

#include <boost/json.hpp>

#include "engine/timeline.h"

namespace sb::engine {

namespace {

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::uint64_t number_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  boost::system::error_code error;
  const auto number = value ? value->to_number<std::uint64_t>(error) : 0;
  return error ? 0 : number;
}

void fill(ChatMessage& message, Seq seq, std::string_view content) {
  boost::system::error_code error;
  const auto json = boost::json::parse(content, error);
  const auto* object = error ? nullptr : json.if_object();
  if (!object) return;
  message.text = text_of(*object, "text");
  message.name = text_of(*object, "name");
  message.key = text_of(*object, "key");
  const auto* attachment = object->if_contains("attachment");
  if (!attachment || !attachment->is_object()) return;
  const auto& a = attachment->as_object();
  message.attachment = {std::to_string(seq) + "-" + std::to_string(number_of(a, "index")), text_of(a, "name"),
                        text_of(a, "media_type"), number_of(a, "bytes")};
}

}  // namespace

ChatMessage to_message(const event::MessagePosted& posted, Seq seq, TimeMs time_ms, std::string_view content,
                       const Center& center) {
  ChatMessage message;
  message.number = posted.number;
  message.author = posted.author;
  message.agent = posted.agent;
  message.time_ms = time_ms;
  fill(message, seq, content);
  if (const AgentInfo* agent = center.agent(posted.agent)) message.name = agent->name;
  return message;
}

ChatMessage first_message(Seq seq, TimeMs time_ms, std::string_view content) {
  ChatMessage message;
  message.number = 1;
  message.author = Party::kCustomer;
  message.time_ms = time_ms;
  fill(message, seq, content);
  return message;
}

std::vector<ChatMessage> read_transcript(const storage::Store& store, const Center& center, CustomerId customer,
                                         InteractionId interaction, std::uint64_t since, std::size_t limit) {
  // Newest first until the interaction's beginning: a live one is near the end of its customer's history.
  constexpr std::size_t kPage = 256;
  std::vector<ChatMessage> found;
  Record record;
  Seq before = ~Seq{0};
  for (bool begun = false; !begun && found.size() < limit;) {
    auto rows = store.timeline(customer.value, before, kPage);
    if (!rows || rows->empty()) break;
    for (const auto& row : *rows) {
      before = row.seq;
      if (decode_timeline(row.value) != interaction) continue;
      auto bytes = store.read_record(row.seq);
      if (!bytes || !decode_record(*bytes, record)) continue;
      const auto content = [&](std::uint32_t index) {
        auto text = store.content(row.seq, static_cast<std::uint16_t>(index));
        return text ? std::move(*text) : std::string();
      };
      for (const Event& event : record.events) {
        if (const auto* posted = std::get_if<event::MessagePosted>(&event)) {
          if (posted->interaction == interaction && posted->number > since) {
            found.push_back(to_message(*posted, row.seq, record.time_ms, content(posted->content), center));
          }
        } else if (const auto* started = std::get_if<event::InteractionStarted>(&event)) {
          if (started->interaction != interaction) continue;
          begun = true;
          if (started->content != 0 && since < 1) {
            found.push_back(first_message(row.seq, record.time_ms, content(started->content)));
          }
        } else if (const auto* past = std::get_if<event::PastInteractionAdded>(&event)) {
          if (past->interaction != interaction) continue;
          begun = true;
          if (past->content != 0 && since < 1) {
            found.push_back(first_message(row.seq, past->started_ms, content(past->content)));
          }
        }
      }
      if (begun) break;
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  if (found.size() > limit) found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(limit));
  return found;
}

}  // namespace sb::engine
