#include "channels/chat/conversations.h"

#include "engine/timeline.h"

namespace sb::chat {

namespace {
constexpr std::size_t kRowsAtOnce = 256;
}

std::expected<void, storage::Error> Conversations::load(const engine::Engine& engine, const storage::Store& store) {
  for (const routing::Interaction* interaction : engine.view().interactions.sorted()) {
    if (interaction->channel != Channel::kChat) continue;
    if (auto loaded = load_one(store, *interaction); !loaded) return loaded;
  }
  return {};
}

// Newest record first until the one that started it; an open chat lies at the end of its customer's history.
std::expected<void, storage::Error> Conversations::load_one(const storage::Store& store,
                                                            const routing::Interaction& interaction) {
  std::vector<Record> records;
  bool complete = false;
  for (Seq before = ~Seq{0}; !complete;) {
    const auto rows = store.timeline(interaction.customer.value, before, kRowsAtOnce);
    if (!rows) return std::unexpected(rows.error());
    if (rows->empty()) break;
    before = rows->back().seq;
    for (const storage::Row& row : *rows) {
      if (engine::decode_timeline(row.value) != interaction.id) continue;
      const auto payload = store.read_record(row.seq);
      if (!payload) return std::unexpected(payload.error());
      Record record;
      if (!decode_record(*payload, record)) {
        return std::unexpected(storage::Error{storage::Error::damaged, row.seq, "a record cannot be decoded"});
      }
      complete = std::any_of(record.events.begin(), record.events.end(), [&](const Event& event) {
        const auto* started = std::get_if<event::InteractionStarted>(&event);
        return started && started->interaction == interaction.id;
      });
      records.push_back(std::move(record));
      if (complete) break;
    }
  }
  Shared conversation;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    for (const Event& event : record->events) {
      const auto* started = std::get_if<event::InteractionStarted>(&event);
      const auto* posted = std::get_if<event::MessagePosted>(&event);
      if (started && started->interaction == interaction.id) conversation = start(*record, *started);
      if (posted && posted->interaction == interaction.id && conversation) add_message(*conversation, *record, *posted);
    }
  }
  return {};
}

Conversations::Shared Conversations::start(const Record& record, const event::InteractionStarted& e) {
  if (e.channel != Channel::kChat || record.source != Source::kChat || !e.identity) return nullptr;
  auto conversation = std::make_shared<Conversation>();
  conversation->interaction = e.interaction;
  conversation->identity = e.identity;
  conversation->ticket = e.ticket;
  if (e.provider) conversation->admit(e.provider);
  if (e.content != 0) {
    append(*conversation, {record.seq, record.time_ms, {}, static_cast<std::uint16_t>(e.content), Party::kCustomer});
  }
  by_interaction_[e.interaction.value] = conversation;
  live_[e.identity] = conversation;
  return conversation;
}

void Conversations::add_message(Conversation& conversation, const Record& record, const event::MessagePosted& e) {
  append(conversation, {record.seq, record.time_ms, e.agent, static_cast<std::uint16_t>(e.content), e.author});
}

// Drops the older half at twice the bound, so that dropping costs little per message.
void Conversations::append(Conversation& conversation, MessageRef message) {
  auto& messages = conversation.messages;
  messages.push_back(message);
  if (messages.size() <= options_.history_max * 2) return;
  const std::size_t dropped = messages.size() - options_.history_max;
  messages.erase(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(dropped));
  conversation.first += dropped;
}

void Conversations::end(const Shared& conversation, TimeMs now) {
  conversation->is_over = true;
  if (const auto at = live_.find(conversation->identity); at != live_.end() && at->second == conversation) {
    live_.erase(at);
  }
  ended_by_[conversation->identity] = conversation;
  ended_.push_back({now + options_.ended_kept_ms, conversation});
}

void Conversations::expire(TimeMs now) {
  while (!ended_.empty() && (ended_.front().until_ms <= now || ended_.size() > options_.ended_kept_max)) {
    const Shared& gone = ended_.front().conversation;
    by_interaction_.erase(gone->interaction.value);
    const auto at = ended_by_.find(gone->identity);
    if (at != ended_by_.end() && at->second == gone) ended_by_.erase(at);
    ended_.pop_front();
  }
}

Conversations::Shared Conversations::find(InteractionId interaction) const {
  const auto at = by_interaction_.find(interaction.value);
  return at == by_interaction_.end() ? nullptr : at->second;
}

Conversations::Shared Conversations::live_of(IdentityHash identity) const {
  const auto at = live_.find(identity);
  return at == live_.end() ? nullptr : at->second;
}

Conversations::Shared Conversations::ended_of(IdentityHash identity) const {
  const auto at = ended_by_.find(identity);
  return at == ended_by_.end() ? nullptr : at->second;
}

}  // namespace sb::chat
