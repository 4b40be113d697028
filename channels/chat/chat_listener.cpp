// What the journal says, told to the customers it is about.
#include "channels/chat/chat_edge.h"

namespace sb::chat {

namespace {
constexpr std::size_t kRoundPerTick = 256;  // positions looked at in one tick
}

void ChatEdge::after_event(const engine::Commit& commit, const Event& event, const routing::State&) {
  const TimeMs at = commit.record.time_ms;
  if (const auto* posted = std::get_if<event::MessagePosted>(&event)) {
    on_posted(commit, *posted);
  } else if (const auto* started = std::get_if<event::InteractionStarted>(&event)) {
    on_started(commit, *started);
  } else if (const auto* queued = std::get_if<event::InteractionQueued>(&event)) {
    mark_dirty(queued->interaction);
  } else if (const auto* accepted = std::get_if<event::OfferAccepted>(&event)) {
    if (const auto conversation = conversations_.find(accepted->interaction)) announce(conversation);
  } else if (const auto* transferred = std::get_if<event::TransferCompleted>(&event)) {
    if (const auto conversation = conversations_.find(transferred->interaction)) announce(conversation);
  } else if (const auto* handed = std::get_if<event::InteractionHandedOver>(&event)) {
    if (const auto conversation = conversations_.find(handed->interaction)) announce(conversation);
  } else if (const auto* lost = std::get_if<event::CustomerConnectionLost>(&event)) {
    mark_dirty(lost->interaction);
  } else if (const auto* abandoned = std::get_if<event::InteractionAbandoned>(&event)) {
    on_over(abandoned->interaction, at, write_ended(Party::kCustomer));
  } else if (const auto* ended = std::get_if<event::InteractionEnded>(&event)) {
    const auto conversation = conversations_.find(ended->interaction);
    const bool left_message = conversation && ended->reason == EndReason::kOutOfHours;
    on_over(ended->interaction, at, left_message ? write_ticket(conversation->ticket) : write_ended(ended->by));
  }
}

void ChatEdge::on_started(const engine::Commit& commit, const event::InteractionStarted& e) {
  const Shared conversation = conversations_.start(commit.record, e);
  if (!conversation) return;
  mark_dirty(e.interaction);
  const auto at = sessions_.find(e.identity);
  if (at == sessions_.end()) return;
  const std::vector<ChatSession*> tabs = at->second;
  for (ChatSession* session : tabs) {
    if (!session->follows_live()) session->join(conversation, 0);
  }
}

void ChatEdge::on_posted(const engine::Commit& commit, const event::MessagePosted& e) {
  const Shared conversation = conversations_.find(e.interaction);
  if (!conversation || conversation->is_over) return;
  conversations_.add_message(*conversation, commit.record, e);
  if (conversation->sessions.empty()) return;
  const bool stored = e.content != 0 && e.content <= commit.contents.size();
  const auto payload =
      encode_message(*conversation, e.number, stored ? std::string_view(commit.contents[e.content - 1]) : "{}");
  for (ChatSession* session : conversation->sessions) session->deliver(e.number, payload);
}

void ChatEdge::on_over(InteractionId interaction, TimeMs at, std::string last_word) {
  const Shared conversation = conversations_.find(interaction);
  if (!conversation || conversation->is_over) return;
  conversation->last_word =
      conversation->agreed ? conversation->agreed : std::make_shared<const std::string>(std::move(last_word));
  conversation->owed = conversation->sessions.empty();
  conversations_.end(conversation, at);
  const std::vector<ChatSession*> tabs = conversation->sessions;
  for (ChatSession* session : tabs) session->catch_up();
}

net::WebSocket::Payload ChatEdge::read_message(const Conversation& conversation, std::uint64_t number) const {
  const MessageRef& message = conversation.at(number);
  // Words that were erased leave their number behind, so that the rest stays in order.
  const auto stored = services_.engine.store().content(message.seq, message.content);
  return encode_message(conversation, number, stored ? std::string_view(*stored) : "{}");
}

net::WebSocket::Payload ChatEdge::encode_message(const Conversation& conversation, std::uint64_t number,
                                                 std::string_view stored) const {
  const MessageRef& message = conversation.at(number);
  const StoredMessage words = read_stored(stored);
  const engine::AgentInfo* agent = message.author == Party::kAgent ? services_.center.agent(message.agent) : nullptr;
  const std::string_view author = agent ? std::string_view(agent->name) : std::string_view(words.name);
  return std::make_shared<const std::string>(
      write_message({conversation.interaction, number, message.author, author, message.time_ms, message.seq}, words));
}

// ---- waiting and being served

void ChatEdge::mark_dirty(InteractionId interaction) {
  Shared conversation = conversations_.find(interaction);
  if (!conversation || conversation->is_dirty) return;
  conversation->is_dirty = true;
  dirty_.push_back(std::move(conversation));
}

void ChatEdge::after_group(Seq) {
  if (dirty_.empty()) return;
  const std::vector<Shared> changed = std::exchange(dirty_, {});
  for (const Shared& conversation : changed) {
    conversation->is_dirty = false;
    announce(conversation);
    sync_presence(conversation);
  }
}

void ChatEdge::announce(const Shared& conversation) {
  Conversation& c = *conversation;
  const routing::State& state = services_.engine.view();
  const auto* interaction = c.is_over ? nullptr : state.interactions.find(c.interaction);
  if (!interaction) return;
  if (interaction->agent) {
    if (c.told == Conversation::Told::kAssigned && c.agent == interaction->agent) return;
    c.told = Conversation::Told::kAssigned;
    c.agent = interaction->agent;
  } else {
    if (!c.in_round) {
      c.in_round = true;
      round_.push_back(conversation);
    }
    const TimeMs at = now();
    // Whoever is being offered to an agent is next.
    const std::uint64_t position = std::max<std::uint64_t>(1, state.position(*interaction));
    const auto wait_ms = state.estimated_wait(*interaction, at);
    const bool may_be_called = may_call_back(*interaction);
    if (c.told == Conversation::Told::kQueued) {
      const bool same =
          c.position == position && c.wait_ms.has_value() == wait_ms.has_value() && c.may_call_back == may_be_called;
      if (same || at < c.told_ms + options_.queued_interval_ms) return;
    }
    c.told = Conversation::Told::kQueued;
    c.agent = {};
    c.position = position;
    c.wait_ms = wait_ms;
    c.may_call_back = may_be_called;
    c.told_ms = at;
  }
  const auto payload = status_of(c);
  for (ChatSession* session : c.sessions) session->send_status(payload);
}

net::WebSocket::Payload ChatEdge::status_of(const Conversation& c) const {
  switch (c.told) {
    case Conversation::Told::kNothing:
      break;
    case Conversation::Told::kQueued:
      return std::make_shared<const std::string>(write_queued(c.position, c.wait_ms, c.may_call_back));
    case Conversation::Told::kAssigned: {
      const engine::AgentInfo* agent = services_.center.agent(c.agent);
      return std::make_shared<const std::string>(write_assigned(agent ? std::string_view(agent->name) : ""));
    }
  }
  return nullptr;
}

void ChatEdge::agent_typing(InteractionId interaction) {
  const Shared conversation = conversations_.find(interaction);
  if (!conversation || conversation->sessions.empty()) return;
  const auto payload = std::make_shared<const std::string>(write_typing(Party::kAgent));
  for (ChatSession* session : conversation->sessions) session->send_typing(payload);
}

// ---- the clockwork

void ChatEdge::tick() {
  const TimeMs at = now();
  while (!hello_due_.empty() && hello_due_.front().at_ms <= at) {
    const auto session = hello_due_.front().session.lock();
    hello_due_.pop_front();
    if (session && !session->said_hello_) session->close(net::close_code::kPolicy, "hello expected");
  }
  tick_round();
  const std::vector<Shared> retry = std::exchange(presence_retry_, {});
  for (const Shared& conversation : retry) {
    conversation->presence_in_flight = false;
    sync_presence(conversation);
  }
  conversations_.expire(at);
  pending_.expire(at);
}

// Others leaving the queue moves those behind them: everybody who waits is looked at in turn, a bounded number a tick.
void ChatEdge::tick_round() {
  for (std::size_t n = std::min(round_.size(), kRoundPerTick); n > 0; --n) {
    const Shared conversation = std::move(round_.front());
    round_.pop_front();
    conversation->in_round = false;
    announce(conversation);
  }
}

}  // namespace sb::chat
