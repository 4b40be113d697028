#include "console/conversations.h"

#include "engine/timeline.h"
#include "engine/transcript.h"

namespace sb::console {

namespace {
// At most `bytes`, not cutting a UTF-8 character in half.
std::string first_words(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

std::string_view content_of(const engine::Commit& commit, std::uint32_t index) {
  return index >= 1 && index <= commit.contents.size() ? std::string_view(commit.contents[index - 1])
                                                       : std::string_view();
}

// What the last invitation of an outside party says, newest first; empty: the number was erased.
std::string invited_number(const storage::Store& store, const routing::Interaction& interaction) {
  constexpr std::size_t kPage = 256;
  constexpr std::size_t kPagesMax = 64;
  Record record;
  Seq before = ~Seq{0};
  for (std::size_t page = 0; page < kPagesMax; ++page) {
    const auto rows = store.timeline(interaction.customer.value, before, kPage);
    if (!rows || rows->empty()) return {};
    for (const storage::Row& row : *rows) {
      before = row.seq;
      if (engine::decode_timeline(row.value) != interaction.id) continue;
      const auto bytes = store.read_record(row.seq);
      if (!bytes || !decode_record(*bytes, record)) continue;
      for (const Event& event : record.events) {
        const auto* invited = std::get_if<event::OutsideInvited>(&event);
        if (!invited || invited->interaction != interaction.id) continue;
        const auto number = store.content(row.seq, static_cast<std::uint16_t>(invited->content));
        return number ? *number : std::string();
      }
    }
  }
  return {};
}
}  // namespace

void Conversations::on_started(const engine::Commit& commit, const event::InteractionStarted& e) {
  Conversation c;
  c.customer = e.customer;
  c.identity = e.identity;
  c.started_ms = commit.record.time_ms;
  const auto* start = std::get_if<command::StartInteraction>(&commit.record.command);
  c.nobody = start && !start->customer && !start->identity;
  if (e.content != 0) {
    ChatMessage first = engine::first_message(commit.record.seq, commit.record.time_ms, content_of(commit, e.content));
    c.preview = first_words(first.text, kPreviewBytes);
    c.messages.push_back(std::move(first));
  }
  live_.insert_or_assign(e.interaction.value, std::move(c));
}

const ChatMessage& Conversations::on_message(const engine::Commit& commit, const event::MessagePosted& e,
                                             const routing::State& state) {
  Conversation& c = get(*state.interactions.find(e.interaction));
  // A conversation just read back from the journal holds this message already.
  if (!c.messages.empty() && c.messages.back().number >= e.number) return c.messages.back();
  if (c.messages.size() == kMessagesMax) c.messages.erase(c.messages.begin());
  c.messages.push_back(
      engine::to_message(e, commit.record.seq, commit.record.time_ms, content_of(commit, e.content), center_));
  if (c.preview.empty() && e.author == Party::kCustomer) {
    c.preview = first_words(c.messages.back().text, kPreviewBytes);
  }
  return c.messages.back();
}

void Conversations::on_outside(const engine::Commit& commit, const event::OutsideInvited& e,
                               const routing::State& state) {
  if (const auto* i = state.interactions.find(e.interaction)) {
    get(*i).outside_number = content_of(commit, e.content);
  }
}

Conversation& Conversations::get(const routing::Interaction& interaction) {
  const auto at = live_.find(interaction.id.value);
  if (at != live_.end()) return at->second;
  Conversation c;
  c.customer = interaction.customer;
  c.started_ms = interaction.started_ms;
  if (interaction.messages > 0) {
    c.messages = engine::read_transcript(store_, center_, interaction.customer, interaction.id, 0, kMessagesMax);
    for (const ChatMessage& m : c.messages) {
      if (m.author != Party::kCustomer) continue;
      c.preview = first_words(m.text, kPreviewBytes);
      break;
    }
  }
  if (interaction.outside != OutsideState::kNone) c.outside_number = invited_number(store_, interaction);
  return live_.emplace(interaction.id.value, std::move(c)).first->second;
}

}  // namespace sb::console
