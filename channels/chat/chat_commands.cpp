// What customers ask of the engine, and what they are answered once it is durable.
#include "channels/chat/chat_edge.h"
#include "crm/profile.h"
#include "engine/arrival_labels.h"

namespace sb::chat {

namespace {

constexpr std::size_t kDeferredMax = 16;  // frames that wait for a chat's first record
constexpr std::uint16_t kAttachmentRow = 2;

std::string_view primary_language(std::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

// "https://shop.example/cart?x=1" is the page /cart.
std::string_view path_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != url.npos) {
    url.remove_prefix(std::min(url.find('/', scheme + 3), url.size()));
  }
  return url.substr(0, url.find_first_of("?#"));
}

struct Refusal {
  std::string_view code;
  std::string_view message;
};
Refusal refusal_of(Rejection rejection) {
  switch (rejection) {
    case Rejection::kUnknownInteraction:
    case Rejection::kWrongState:
      return {"no_chat", "The chat is over."};
    case Rejection::kQueueFull:
      return {"queue_full", "Too many people are waiting; try again later."};
    case Rejection::kQueueClosed:
      return {"queue_closed", "Nobody is there to answer now."};
    default:
      return {name(rejection), "The server cannot take this."};
  }
}

}  // namespace

bool ChatEdge::defer(ChatSession& session, ClientFrame frame) {
  auto& waiting = starting_[session.identity];
  if (waiting.size() >= kDeferredMax) return false;
  waiting.push_back({session.weak_from_this(), std::move(frame)});
  return true;
}

command::StartInteraction ChatEdge::start_command(const ChatSession& session, const engine::QueueInfo& queue) {
  std::optional<crm::IdentityMatch> match;
  if (services_.find_customer) match = services_.find_customer(session.identity);
  command::StartInteraction start;
  start.channel = Channel::kChat;
  engine::add_label(start.labels, "page", path_of(session.page));
  start.identity = session.identity;
  start.provider = session.visitor_hash;
  start.language = session.language;
  start.queue = queue.id;
  if (match) {
    start.customer = match->customer;
    start.tier = match->tier;
    start.ticket = match->open_ticket;
    start.preferred_agent = match->last_agent;
    engine::add_customer_labels(start.labels, *match);
    if (start.language.empty()) start.language = match->language;
  }
  Requirement own;
  if (const auto* skill = services_.center.skill(primary_language(start.language)); skill && !start.language.empty()) {
    own.skills.push_back({skill->id, options_.language_level});
  }
  start.requirement = engine::combine(queue.requires_skills, own);
  const routing::Queue* state = services_.engine.view().queues.find(queue.id);
  const bool open = !services_.center.open_at || services_.center.open_at(now());
  start.out_of_hours = !open || (state && !state->config.open);
  start.identity_content = 1;
  start.content = 2;
  return start;
}

void ChatEdge::begin(ChatSession& session, const Start& start, const engine::QueueInfo& queue) {
  const std::string key = to_text(session.visitor) + ":" + start.key;
  crm::IdentityDetails details;
  details.address =
      session.person ? session.person->address : crm::Address{std::string(crm::kChat), to_text(session.visitor)};
  details.verified = session.person != nullptr;
  if (session.name.empty() && session.person) session.name = session.person->name;
  details.name = session.name;
  StoredMessage message{start.text, session.name, start.key, start.email, session.page, {}};
  const IdentityHash identity = session.identity;
  engine::Submission submission{.command = start_command(session, queue),
                                .source = Source::kChat,
                                .key = key,
                                .contents = {crm::to_json(details), write_stored(message)},
                                .done = {}};
  submission.done = [this, weak = session.weak_from_this(), identity, key, client_key = start.key](
                        const engine::Answer& answer) { began(weak, identity, key, client_key, answer); };
  const bool admitted = !services_.admits || services_.admits(submission.command);
  if (!admitted || !services_.engine.submit(std::move(submission))) {
    return session.send_error("busy", "The server is busy; try again.", start.key);
  }
  starting_[identity];
}

void ChatEdge::began(const WeakSession& weak, IdentityHash identity, const std::string& key,
                     const std::string& client_key, const engine::Answer& answer) {
  if (const auto session = weak.lock(); session && session->socket_) {
    if (answer.rejection != Rejection::kNone) {
      const auto [code, message] = refusal_of(answer.rejection);
      session->send_error(code, message, client_key);
    } else if (!answer.repeated || !answer_from_record(*session, key, client_key)) {
      session->send(write_ack(client_key, 1));
    }
  }
  auto waiting = starting_.extract(identity);
  if (waiting.empty()) return;
  for (Deferred& deferred : waiting.mapped()) {
    const auto session = deferred.session.lock();
    if (session && session->socket_) dispatch(*session, std::move(deferred.frame));
  }
}

void ChatEdge::post(ChatSession& session, StoredMessage message, const std::string& attachment) {
  const std::string key = to_text(session.visitor) + ":" + message.key;
  std::vector<std::string> contents(1);
  if (!attachment.empty()) {
    const auto file = pending_.find(to_text(session.visitor), attachment);
    if (!file) {
      if (answer_from_record(session, key, message.key)) return;
      return session.send_error("unknown_attachment", "Upload the file again.", message.key);
    }
    message.attachment = AttachmentInfo{file->name, file->media_type, file->bytes.size(), kAttachmentRow};
    contents.push_back(file->bytes);
  }
  contents[0] = write_stored(message);
  const command::PostMessage command{session.conversation_->interaction, Party::kCustomer, {}, 1};
  engine::Submission submission{
      .command = command, .source = Source::kChat, .key = key, .contents = std::move(contents), .done = {}};
  submission.done = [this, weak = session.weak_from_this(), key, client_key = message.key, attachment](
                        const engine::Answer& answer) { settle_post(weak, key, client_key, attachment, answer); };
  if (!services_.engine.submit(std::move(submission))) {
    session.send_error("busy", "The server is busy; try again.", message.key);
  }
}

void ChatEdge::settle_post(const WeakSession& weak, const std::string& key, const std::string& client_key,
                           const std::string& attachment, const engine::Answer& answer) {
  if (answer.rejection == Rejection::kNone && !attachment.empty()) pending_.remove(attachment);
  const auto session = weak.lock();
  if (!session || !session->socket_) return;
  if (answer.rejection != Rejection::kNone) {
    const auto [code, message] = refusal_of(answer.rejection);
    session->send_error(code, message, client_key);
  } else if (!answer.repeated || !answer_from_record(*session, key, client_key)) {
    session->send(write_ack(client_key, answer.result));
  }
}

// The same answer as the first time, for a key that may belong to a chat long over.
bool ChatEdge::answer_from_record(ChatSession& session, const std::string& key, const std::string& client_key) {
  const auto recorded = find_recorded(key);
  if (!recorded) return false;
  session.send(write_ack(client_key, recorded->number));
  if (recorded->ticket) {
    session.send(write_ticket(recorded->ticket));
  } else if (!session.follows_live()) {
    const Shared over = conversations_.ended_of(session.identity);
    session.send(over ? over->last_word : std::make_shared<const std::string>(write_ended(Party::kSystem)));
    if (over) over->owed = false;
  }
  return true;
}

std::optional<ChatEdge::Recorded> ChatEdge::find_recorded(const std::string& key) const {
  const storage::Store& store = services_.engine.store();
  const auto row = store.find_dedupe(static_cast<std::uint16_t>(Source::kChat), key);
  if (!row || !*row) return std::nullopt;
  const auto payload = store.read_record((*row)->seq);
  Record record;
  if (!payload || !decode_record(*payload, record)) return std::nullopt;
  Recorded recorded;
  for (const Event& event : record.events) {
    if (const auto* posted = std::get_if<event::MessagePosted>(&event)) recorded.number = posted->number;
    if (const auto* started = std::get_if<event::InteractionStarted>(&event)) {
      recorded.number = 1;
      recorded.ticket = started->ticket;
    }
  }
  const bool out_of_hours = std::any_of(record.events.begin(), record.events.end(), [](const Event& event) {
    const auto* ended = std::get_if<event::InteractionEnded>(&event);
    return ended && ended->reason == EndReason::kOutOfHours;
  });
  if (!out_of_hours) recorded.ticket = {};
  return recorded;
}

// Tells the engine whether anybody looks at the conversation, if it believes otherwise. One such command at a time; its
// answer looks again.
void ChatEdge::sync_presence(const Shared& conversation) {
  if (conversation->is_over || conversation->presence_in_flight) return;
  const auto* interaction = services_.engine.view().interactions.find(conversation->interaction);
  if (!interaction) return;
  const bool here = !conversation->sessions.empty();
  const bool counted_gone = interaction->customer_grace_until_ms != 0;
  if (here != counted_gone) return;
  Command command = command::LoseCustomerConnection{conversation->interaction};
  if (here) command = command::RestoreCustomerConnection{conversation->interaction};
  conversation->presence_in_flight = true;
  const bool taken = services_.engine.submit({.command = std::move(command),
                                              .source = Source::kChat,
                                              .key = {},
                                              .contents = {},
                                              .done = [this, conversation](const engine::Answer& answer) {
                                                conversation->presence_in_flight = false;
                                                if (answer.rejection == Rejection::kNone) sync_presence(conversation);
                                              }});
  if (!taken) presence_retry_.push_back(conversation);  // it counts as under way until then
}

}  // namespace sb::chat
