#include "channels/chat/chat_edge.h"

#include "channels/chat/identity_token.h"

namespace sb::chat {

namespace {

constexpr TimeMs kTypingIntervalMs = 1000;
constexpr double kRateWindowS = 10;

bool is_chinese(std::string_view language) {
  return language.substr(0, 2) == "zh" && (language.size() == 2 || language[2] == '-');
}

}  // namespace

ChatEdge::ChatEdge(ChatServices services, ChatOptions options)
    : services_(std::move(services)),
      options_(std::move(options)),
      conversations_(options_.conversations),
      pending_(options_.attachments),
      message_rate_(
          {.per_s = options_.messages_per_10s / kRateWindowS, .burst = static_cast<double>(options_.messages_per_10s)}),
      source_call_rate_(options_.calls_per_source),
      number_call_rate_(options_.calls_per_number) {}

std::expected<void, storage::Error> ChatEdge::load() {
  if (auto loaded = conversations_.load(services_.engine, services_.engine.store()); !loaded) return loaded;
  conversations_.for_each_live([&](const Shared& conversation) {
    announce(conversation);
    sync_presence(conversation);
  });
  timer_ = services_.io.every(0, std::chrono::milliseconds(options_.tick_ms), [this] { tick(); });
  return {};
}

TimeMs ChatEdge::now() const {
  return services_.engine.clock().now();
}

ChatEdge::Figures ChatEdge::figures() const {
  return {connections_, conversations_.live_count(), conversations_.ended_count(), pending_.count()};
}

// ---- connections

std::expected<net::WsAccept, net::Response> ChatEdge::on_upgrade(const net::Request& request) {
  if (!origin_allowed(request)) {
    return std::unexpected(net::Response::error(403, "origin", "This page may not open a chat here."));
  }
  return net::WsAccept{.subprotocol = {}, .max_message_bytes = 0, .handler = std::make_shared<ChatSession>(*this)};
}

void ChatEdge::opened(const std::shared_ptr<ChatSession>& session) {
  ++connections_;
  hello_due_.push_back({now() + options_.hello_timeout_ms, session});
}

void ChatEdge::closed(ChatSession& session) {
  --connections_;
  if (!session.said_hello_) return;
  detach(session.visitor_hash, session);
  if (session.person) detach(session.identity, session);
  const Shared conversation = session.conversation_;
  if (!conversation) return;
  session.leave();
  if (conversation->is_over) {
    conversation->owed = true;  // this tab had not yet been told everything
  } else {
    sync_presence(conversation);
  }
}

void ChatEdge::attach(IdentityHash key, ChatSession& session) {
  sessions_[key].push_back(&session);
}

void ChatEdge::detach(IdentityHash key, ChatSession& session) {
  const auto at = sessions_.find(key);
  if (at == sessions_.end()) return;
  std::erase(at->second, &session);
  if (at->second.empty()) sessions_.erase(at);
}

// ---- frames

void ChatEdge::take(ChatSession& session, ClientFrame frame) {
  const bool is_hello = std::holds_alternative<Hello>(frame);
  if (is_hello == session.said_hello_) {
    return session.close(net::close_code::kPolicy, is_hello ? "hello was said already" : "hello expected");
  }
  if (!within_rate(session, frame)) return;
  dispatch(session, std::move(frame));
}

void ChatEdge::dispatch(ChatSession& session, ClientFrame frame) {
  std::visit([&](auto& f) { on(session, f); }, frame);
}

void ChatEdge::on(ChatSession& session, Hello& hello) {
  const auto known = services_.tokens.verify(hello.visitor);
  session.visitor = known ? *known : VisitorTokens::random_id();
  session.visitor_hash = services_.hasher.hash({std::string(crm::kChat), to_text(session.visitor)});
  const auto tabs = sessions_.find(session.visitor_hash);
  if (tabs != sessions_.end() && tabs->second.size() >= options_.tabs_max) {
    return session.close(net::close_code::kTryAgainLater, "too many tabs");
  }
  session.said_hello_ = true;
  session.identity = session.visitor_hash;
  session.language = std::move(hello.language);
  session.page = std::move(hello.page);
  const engine::QueueInfo* queue = services_.center.queue(hello.queue);
  if (queue) session.queue = queue->id;
  attach(session.visitor_hash, session);
  const bool vouched_for = !hello.identity.empty();
  std::optional<IdentityError> refused;
  if (vouched_for) {
    auto person = verify_identity(hello.identity, options_.identity_secret, now());
    if (person) {
      const crm::PhoneRules rules{services_.center.default_country_code};
      session.person = std::make_unique<ChatSession::Person>(
          ChatSession::Person{address_of(*person, rules), std::move(person->name)});
      session.identity = services_.hasher.hash(session.person->address);
      attach(session.identity, session);
    } else {
      refused = person.error();
    }
  }
  welcome(session, hello.since, {hello.chat});
  if (refused) session.send_error("identity", message_of(*refused), {});
  if (!queue && !hello.queue.empty()) session.send_error("unknown_queue", "There is no such queue.", {});
}

void ChatEdge::welcome(ChatSession& session, std::uint64_t since, InteractionId seen) {
  Shared conversation = conversations_.live_of(session.identity);
  // Somebody who signs in during an anonymous chat goes on with it.
  if (!conversation && session.person) conversation = conversations_.live_of(session.visitor_hash);
  const bool active = conversation != nullptr;
  if (!active && since > 0) {
    // The chat that this page has seen a part of may be over by now: tell the rest of it, and its end if nobody heard.
    conversation = conversations_.ended_of(session.identity);
    const bool same = conversation && (!seen || seen == conversation->interaction);
    if (same && !conversation->owed && since >= conversation->last()) conversation = nullptr;
  }
  const bool chinese = is_chinese(session.language);
  const engine::Center& center = services_.center;
  session.send(write_welcome({.visitor = services_.tokens.token_of(session.visitor),
                              .greeting = chinese ? options_.greeting_zh : options_.greeting_en,
                              .open = !center.open_at || center.open_at(now()),
                              .active = active,
                              .chat = conversation ? conversation->interaction : InteractionId{},
                              .last = conversation ? conversation->last() : 0,
                              .max_attachment_bytes = options_.attachments.bytes_each_max,
                              .name = chinese ? center.name_zh : center.name_en}));
  if (!conversation) return;
  // What the page has seen counts in the chat it names; without a name, more than there is was an earlier one's.
  const bool counts = seen ? seen == conversation->interaction : since <= conversation->last();
  session.join(conversation, counts ? std::min(since, conversation->last()) : 0);
  if (active) sync_presence(conversation);
}

bool ChatEdge::within_rate(ChatSession& session, const ClientFrame& frame) {
  const auto* start = std::get_if<Start>(&frame);
  const auto* message = std::get_if<Message>(&frame);
  const auto* wish = std::get_if<CallMe>(&frame);
  if (!start && !message && !wish) return true;
  const std::string_view visitor(reinterpret_cast<const char*>(session.visitor.data()), session.visitor.size());
  if (message_rate_.take(visitor, static_cast<std::int64_t>(now())) == 0) return true;
  refuse_too_fast(session, start ? start->key : message ? message->key : wish->key);
  return false;
}

void ChatEdge::refuse_too_fast(ChatSession& session, std::string_view key) {
  session.send_error("too_fast", "Please wait a moment.", key);
}

void ChatEdge::on(ChatSession& session, Start& start) {
  if (!start.name.empty()) session.name = start.name;
  if (session.follows_live()) {
    return post(session, {start.text, session.name, start.key, start.email, session.page, {}}, {});
  }
  if (starting_.contains(session.identity)) {
    const std::string key = start.key;
    if (!defer(session, std::move(start))) refuse_too_fast(session, key);
    return;
  }
  const engine::QueueInfo* queue = nullptr;
  if (!start.queue.empty()) {
    queue = services_.center.queue(start.queue);
  } else {
    queue = session.queue ? services_.center.queue(session.queue) : services_.center.queue(options_.queue);
  }
  if (!queue) return session.send_error("unknown_queue", "There is no such queue.", start.key);
  begin(session, start, *queue);
}

void ChatEdge::on(ChatSession& session, Message& message) {
  if (session.follows_live()) {
    const std::string attachment = std::move(message.attachment);
    return post(session, {std::move(message.text), session.name, std::move(message.key), {}, {}, {}}, attachment);
  }
  const std::string key = message.key;
  if (starting_.contains(session.identity)) {
    if (!defer(session, std::move(message))) refuse_too_fast(session, key);
    return;
  }
  if (answer_from_record(session, to_text(session.visitor) + ":" + key, key)) return;
  session.send_error("no_chat", "There is no chat; start one.", key);
}

void ChatEdge::on(ChatSession& session, Typing&) {
  const TimeMs at = now();
  if (!session.follows_live() || at < session.typed_ms_ + kTypingIntervalMs) return;
  session.typed_ms_ = at;
  if (on_typing_) on_typing_(session.conversation_->interaction, Party::kCustomer, {});
}

void ChatEdge::on(ChatSession& session, End&) {
  if (!session.follows_live()) {
    if (starting_.contains(session.identity) && defer(session, End{})) return;
    return session.send_error("no_chat", "There is no chat.", {});
  }
  const command::EndInteraction end{session.conversation_->interaction, Party::kCustomer, {}, EndReason::kHungUp};
  const bool taken =
      services_.engine.submit({.command = end, .source = Source::kChat, .key = {}, .contents = {}, .done = {}});
  if (!taken) session.send_error("busy", "The server is busy; try again.", {});
}

}  // namespace sb::chat
