// A customer who waits in the chat asks to be called on the phone instead: a call to make takes the chat's place.
#include <spdlog/spdlog.h>

#include "channels/chat/chat_edge.h"
#include "crm/profile.h"
#include "engine/callback_offer.h"

namespace sb::chat {

// Once its queue says so, or when the wait is known to be long. Who asks again after an answer was lost may.
bool ChatEdge::may_call_back(const routing::Interaction& interaction) const {
  if (!options_.calls_back || interaction.state != routing::InteractionState::kQueued) return false;
  const routing::State& state = services_.engine.view();
  if (engine::offers_callback(interaction, services_.center, state)) return true;
  const auto wait_ms = state.estimated_wait(interaction, now());
  return !interaction.consult && wait_ms && *wait_ms >= options_.callback_wait_ms;
}

// A page that anybody can open must not make phones ring at will.
bool ChatEdge::calls_within_rate(const ChatSession& session, const std::string& phone) {
  const auto at = static_cast<std::int64_t>(now());
  return number_call_rate_.take(phone, at) == 0 && source_call_rate_.take(session.remote_address(), at) == 0;
}

void ChatEdge::on(ChatSession& session, CallMe& wish) {
  if (!session.follows_live()) {
    // Asked for once more because the answer was lost.
    const Shared over = conversations_.ended_of(session.identity);
    if (!over || !over->agreed) return session.send_error("no_chat", "There is no chat.", wish.key);
    session.send(over->last_word);
    over->owed = false;
    return;
  }
  const auto phone = crm::normalize_phone(wish.phone, {services_.center.default_country_code});
  if (!phone) return session.send_error("bad_phone", kBadPhone, wish.key);
  const Shared conversation = session.conversation_;
  const auto* interaction = services_.engine.view().interactions.find(conversation->interaction);
  const std::string key = to_text(session.visitor) + ":" + wish.key;
  const bool again = find_recorded(key).has_value();
  if (!interaction || (!again && !may_call_back(*interaction))) {
    return session.send_error("no_callback", "A call is not possible at the moment.", wish.key);
  }
  if (!again && !calls_within_rate(session, *phone)) return refuse_too_fast(session, wish.key);
  engine::Submission submission = call_command(session, *interaction, *phone);
  submission.key = key;
  submission.done = [this, weak = session.weak_from_this(), conversation, client_key = wish.key, phone = *phone](
                        const engine::Answer& answer) { agreed(weak, conversation, client_key, phone, answer); };
  const bool admitted = !services_.admits || services_.admits(submission.command);
  if (!admitted || !services_.engine.submit(std::move(submission))) {
    session.send_error("busy", "The server is busy; try again.", wish.key);
  }
}

// The same customer and matter, in the queue where the chat waits; the chat's first words are its note.
engine::Submission ChatEdge::call_command(const ChatSession& session, const routing::Interaction& chat,
                                          const std::string& phone) const {
  const crm::Address address{std::string(crm::kPhone), phone};
  command::StartInteraction start;
  start.channel = Channel::kPhone;
  start.identity = services_.hasher.hash(address);
  start.identity_content = 1;
  start.customer = chat.customer;
  start.ticket = chat.ticket;
  start.tier = chat.tier;
  start.language = chat.language;
  start.queue = chat.queue;
  start.requirement = chat.requirement;
  start.requirement.only_agent = {};
  start.priority = chat.priority;
  start.preferred_agent = chat.preferred_agent;
  start.content = 2;
  const auto* info = services_.center.queue(chat.queue);
  const engine::CallbackTerms terms = info ? info->callback : engine::CallbackTerms{};
  start.callback = {terms.order, 0, terms.attempts_max, terms.retry_ms, {}};
  if (services_.center.callback_windows) {
    std::optional<crm::IdentityMatch> match;
    if (services_.find_customer) match = services_.find_customer(session.identity);
    const std::string zone = services_.center.callback_zone(match ? match->time_zone : std::string());
    auto windows = services_.center.callback_windows(zone, {}, now());
    if (windows) start.callback.windows = std::move(*windows);
  }
  const Conversation& c = *session.conversation();
  StoredMessage note;
  note.name = session.name;
  if (!c.messages.empty()) {
    const MessageRef& first = c.messages.front();
    const auto stored = services_.engine.store().content(first.seq, first.content);
    if (stored) note.text = read_stored(*stored).text;
  }
  engine::Submission submission;
  submission.command = std::move(start);
  submission.source = Source::kChat;
  submission.contents = {crm::to_json(crm::IdentityDetails{address, session.name, false}), write_stored(note)};
  return submission;
}

// The call is on record: the chat has nothing left to wait for. Should the server stop before the chat's end is on
// record too, the page asks again with the same key and comes here again.
void ChatEdge::agreed(const WeakSession& weak, const Shared& conversation, const std::string& client_key,
                      const std::string& phone, const engine::Answer& answer) {
  const auto session = weak.lock();
  const bool listens = session && session->socket_;
  if (answer.rejection != Rejection::kNone) {
    spdlog::info("chat: a callback was refused: {}", name(answer.rejection));
    if (listens) session->send_error("no_callback", "A call is not possible at the moment.", client_key);
    return;
  }
  if (conversation->is_over) return;
  const auto* call = services_.engine.view().interactions.find({answer.result});
  conversation->agreed = std::make_shared<const std::string>(write_callback(phone, call ? call->callback->at_ms : 0));
  engine::Submission end;
  end.command = command::EndInteraction{conversation->interaction, Party::kCustomer, {}, EndReason::kCompleted};
  end.source = Source::kChat;
  if (services_.engine.submit(std::move(end))) return;
  if (listens) session->send_error("busy", "The server is busy; try again.", client_key);
}

}  // namespace sb::chat
