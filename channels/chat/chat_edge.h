#pragma once
// The chat channel: the widget's websocket `/ws/chat` and its attachments, between browsers and the engine.
//
//   frame ─▶ ChatSession ─▶ ChatEdge: limits, identity, facts ─▶ Engine::submit
//   journal ─▶ ChatEdge (Listener) ─▶ Conversation ─▶ every tab of the visitor
//
// Threads: everything on one, the release executor (io thread 0, which also runs the server's connections).
// Lifecycle: construct, engine.add_listener(), load(), then start the engine and the server. The server is stopped and
// the io threads are stopped before this is destroyed. What is acknowledged or shown to a customer is durable.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "channels/chat/chat_session.h"
#include "channels/chat/conversations.h"
#include "crm/directory.h"
#include "engine/attachments.h"
#include "engine/center.h"
#include "engine/engine.h"
#include "net/io_threads.h"
#include "net/rate_limit.h"
#include "net/server.h"

namespace sb::chat {

struct ChatOptions {
  std::string greeting_en;
  std::string greeting_zh;
  std::string queue;                  // by name, when the page names none
  std::string identity_secret;        // empty: nobody is vouched for
  std::vector<std::string> origins;   // pages that may embed the widget besides the server's own; "*": any
  std::uint32_t language_level = 30;  // proficiency asked of the agent in the customer's language
  std::uint32_t messages_per_10s = 20;
  std::size_t tabs_max = 16;  // connections of one visitor
  DurationMs hello_timeout_ms = 10'000;
  DurationMs queued_interval_ms = 5'000;  // least time between two position updates
  DurationMs tick_ms = 250;
  bool calls_back = false;                // calls can be made
  DurationMs callback_wait_ms = 120'000;  // who is estimated to wait as long may ask for a call; 0: no matter how long
  // Calls asked for: tokens regained each second and at hand, by the customer's address and by the number to call.
  net::RateLimit::Options calls_per_source{.per_s = 1.0 / 360, .burst = 10, .sources_max = 65'536};
  net::RateLimit::Options calls_per_number{.per_s = 1.0 / 1800, .burst = 2, .sources_max = 65'536};
  Conversations::Options conversations;
  engine::PendingAttachments::Options attachments;
};

struct ChatServices {
  engine::Engine& engine;
  const engine::Center& center;
  net::IoThreads& io;
  const crm::IdentityHasher& hasher;
  const VisitorTokens& tokens;
  // Facts about a known customer, e.g. crm::Directory::find_by_identity; nothing: unknown, or the records are away.
  std::function<std::optional<crm::IdentityMatch>(IdentityHash)> find_customer;
  // False: the customer records lag too far behind for another new identity; e.g. engine::Projector::admits.
  std::function<bool(const Command&)> admits{};
};

class ChatEdge final : public engine::Listener {
 public:
  // The customer is typing; the agent's side of it is agent_typing().
  using TypingHook = std::function<void(InteractionId, Party, AgentId)>;

  ChatEdge(ChatServices services, ChatOptions options);

  // Takes up open chats from the journal and starts the clockwork. Customers of an earlier run count as gone until they
  // are back. Before the engine starts.
  [[nodiscard]] std::expected<void, storage::Error> load();

  // For Server: upgrades of /ws/chat, and requests below /chat/attachments.
  [[nodiscard]] std::expected<net::WsAccept, net::Response> on_upgrade(const net::Request& request);
  void on_request(net::Request&& request, net::Reply reply);

  void set_on_typing(TypingHook hook) { on_typing_ = std::move(hook); }
  void agent_typing(InteractionId interaction);

  struct Figures {
    std::size_t connections = 0;
    std::size_t conversations = 0;  // alive
    std::size_t ended_kept = 0;
    std::size_t attachments_waiting = 0;
  };
  [[nodiscard]] Figures figures() const;

  void after_event(const engine::Commit& commit, const Event& event, const routing::State& after) override;
  void after_group(Seq last) override;

 private:
  friend class ChatSession;
  using Shared = std::shared_ptr<Conversation>;
  using WeakSession = std::weak_ptr<ChatSession>;

  struct Deferred {
    WeakSession session;
    ClientFrame frame;
  };
  struct HelloDue {
    TimeMs at_ms;
    WeakSession session;
  };
  // What an idempotency key was once answered with.
  struct Recorded {
    std::uint64_t number = 0;  // of the message
    TicketId ticket;           // it was taken out of hours
  };

  // ---- from sessions (chat_edge.cpp)
  void opened(const std::shared_ptr<ChatSession>& session);
  void closed(ChatSession& session);
  void take(ChatSession& session, ClientFrame frame);
  void dispatch(ChatSession& session, ClientFrame frame);
  void on(ChatSession& session, Hello& hello);
  void on(ChatSession& session, Start& start);
  void on(ChatSession& session, Message& message);
  void on(ChatSession& session, Typing&);
  void on(ChatSession& session, End&);
  void on(ChatSession& session, CallMe& wish);
  void identify(ChatSession& session, const std::string& token);
  void welcome(ChatSession& session, std::uint64_t since, InteractionId seen);
  [[nodiscard]] bool within_rate(ChatSession& session, const ClientFrame& frame);
  void refuse_too_fast(ChatSession& session, std::string_view key);

  // ---- commands (chat_commands.cpp)
  void begin(ChatSession& session, const Start& start, const engine::QueueInfo& queue);
  [[nodiscard]] command::StartInteraction start_command(const ChatSession& session, const engine::QueueInfo& queue);
  void began(const WeakSession& weak, IdentityHash identity, const std::string& key, const std::string& client_key,
             const engine::Answer& answer);
  void post(ChatSession& session, StoredMessage message, const std::string& attachment);
  void settle_post(const WeakSession& weak, const std::string& key, const std::string& client_key,
                   const std::string& attachment, const engine::Answer& answer);
  [[nodiscard]] bool answer_from_record(ChatSession& session, const std::string& key, const std::string& client_key);
  [[nodiscard]] std::optional<Recorded> find_recorded(const std::string& key) const;
  [[nodiscard]] bool defer(ChatSession& session, ClientFrame frame);
  void sync_presence(const Shared& conversation);

  // ---- being called back instead (chat_callbacks.cpp)
  [[nodiscard]] bool may_call_back(const routing::Interaction& interaction) const;
  [[nodiscard]] bool calls_within_rate(const ChatSession& session, const std::string& phone);
  [[nodiscard]] engine::Submission call_command(const ChatSession& session, const routing::Interaction& interaction,
                                                const std::string& phone) const;
  void agreed(const WeakSession& weak, const Shared& conversation, const std::string& client_key,
              const std::string& phone, const engine::Answer& answer);

  // ---- to sessions (chat_listener.cpp)
  void on_started(const engine::Commit& commit, const event::InteractionStarted& event);
  void on_posted(const engine::Commit& commit, const event::MessagePosted& event);
  void on_over(InteractionId interaction, TimeMs now, std::string last_word);
  void mark_dirty(InteractionId interaction);
  void announce(const Shared& conversation);
  void tick();
  void tick_round();
  [[nodiscard]] net::WebSocket::Payload status_of(const Conversation& conversation) const;
  [[nodiscard]] net::WebSocket::Payload read_message(const Conversation& conversation, std::uint64_t number) const;
  [[nodiscard]] net::WebSocket::Payload encode_message(const Conversation& conversation, std::uint64_t number,
                                                       std::string_view stored) const;

  // ---- HTTP (chat_http.cpp)
  [[nodiscard]] bool origin_allowed(const net::Request& request) const;
  [[nodiscard]] net::Response answer(const net::Request& request);
  [[nodiscard]] net::Response take_upload(const net::Request& request);
  [[nodiscard]] net::Response give_attachment(const net::Request& request, std::string_view id);
  [[nodiscard]] Shared conversation_of(IdentityHash visitor) const;

  void attach(IdentityHash key, ChatSession& session);
  void detach(IdentityHash key, ChatSession& session);
  [[nodiscard]] TimeMs now() const;

  ChatServices services_;
  ChatOptions options_;
  TypingHook on_typing_;
  Conversations conversations_;
  engine::PendingAttachments pending_;
  net::RateLimit message_rate_;
  net::RateLimit source_call_rate_;
  net::RateLimit number_call_rate_;
  std::unordered_map<IdentityHash, std::vector<ChatSession*>, IdentityHashing> sessions_;  // by visitor and by identity
  std::unordered_map<IdentityHash, std::vector<Deferred>, IdentityHashing> starting_;      // first message under way
  std::deque<HelloDue> hello_due_;
  std::vector<Shared> dirty_;
  std::deque<Shared> round_;            // waiting customers, looked at in turn
  std::vector<Shared> presence_retry_;  // the engine was full
  std::size_t connections_ = 0;
  net::Timer timer_;
};

}  // namespace sb::chat
