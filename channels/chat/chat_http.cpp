// Attachments over HTTP: uploads that wait for their message, and files of a visitor's own conversation.
#include "channels/chat/chat_edge.h"
#include "net/form.h"

namespace sb::chat {

namespace {

constexpr std::string_view kAttachments = "/chat/attachments";

// "https://shop.example" -> "shop.example"
std::string_view host_of(std::string_view origin) {
  const auto at = origin.find("://");
  return at == std::string_view::npos ? std::string_view() : origin.substr(at + 3);
}

struct Refused {
  unsigned status;
  std::string_view message;
};
Refused refusal_of(engine::AttachmentError error) {
  switch (error) {
    case engine::AttachmentError::kEmpty:
      return {400, "The file is empty."};
    case engine::AttachmentError::kTooLarge:
      return {413, "The file is too large."};
    case engine::AttachmentError::kUnknownType:
      return {415, "Only PNG, JPEG, GIF, WebP, PDF and plain text can be sent."};
    case engine::AttachmentError::kTooMany:
      return {429, "Send the files you have chosen first."};
    case engine::AttachmentError::kBusy:
      break;
  }
  return {503, "Too many files are on their way; try again later."};
}

}  // namespace

bool ChatEdge::origin_allowed(const net::Request& request) const {
  const auto origin = request.headers.find("Origin");
  if (!origin) return true;  // not a browser
  if (const auto host = request.headers.find("Host"); host && net::equal_ignoring_case(host_of(*origin), *host)) {
    return true;
  }
  return std::any_of(options_.origins.begin(), options_.origins.end(), [&](const std::string& allowed) {
    return allowed == "*" || net::equal_ignoring_case(allowed, *origin);
  });
}

void ChatEdge::on_request(net::Request&& request, net::Reply reply) {
  const bool allowed = origin_allowed(request);
  net::Response response =
      allowed ? answer(request) : net::Response::error(403, "origin", "This page may not use the chat here.");
  if (const auto origin = request.headers.find("Origin"); allowed && origin) {
    response.headers.add("Access-Control-Allow-Origin", std::string(*origin));
    response.headers.add("Vary", "Origin");
  }
  reply(std::move(response));
}

net::Response ChatEdge::answer(const net::Request& request) {
  const std::string_view path = request.path;
  const bool is_collection = path == kAttachments;
  const bool is_one =
      path.size() > kAttachments.size() + 1 && path.starts_with(kAttachments) && path[kAttachments.size()] == '/';
  if (is_collection && request.method == "OPTIONS") {
    net::Response response = net::Response::empty(204);
    response.headers.add("Access-Control-Allow-Methods", "POST");
    response.headers.add("Access-Control-Allow-Headers", "Content-Type");
    response.headers.add("Access-Control-Max-Age", "600");
    return response;
  }
  if (is_collection && request.method == "POST") return take_upload(request);
  if (is_one && request.method == "GET") return give_attachment(request, path.substr(kAttachments.size() + 1));
  if (is_collection || is_one) return net::Response::error(405, "method", "POST a file, or GET one by its id.");
  return net::Response::error(404, "not_found", "There is nothing here.");
}

ChatEdge::Shared ChatEdge::conversation_of(IdentityHash visitor) const {
  if (auto own = conversations_.live_of(visitor)) return own;
  const auto at = sessions_.find(visitor);
  if (at == sessions_.end()) return nullptr;
  for (const ChatSession* session : at->second) {
    if (session->follows_live()) return session->conversation();
  }
  return nullptr;
}

net::Response ChatEdge::take_upload(const net::Request& request) {
  const auto query = net::parse_form(request.query);
  if (!query) return net::Response::error(400, "query", net::to_string(query.error()));
  const auto visitor = services_.tokens.verify(query->find("visitor").value_or(""));
  if (!visitor) return net::Response::error(401, "visitor", "The visitor's token is missing or wrong.");
  const std::string owner = to_text(*visitor);
  if (!conversation_of(services_.hasher.hash({std::string(crm::kChat), owner}))) {
    return net::Response::error(409, "no_chat", "Start a chat first.");
  }
  const auto id = pending_.add(owner, query->find("name").value_or(""), request.body, now());
  if (!id) {
    const auto [status, message] = refusal_of(id.error());
    auto response = net::Response::error(status, engine::name_of(id.error()), message);
    if (status == 429 || status == 503) response.headers.add("Retry-After", status == 429 ? "1" : "60");
    return response;
  }
  return net::Response::json(201, "{\"id\":\"" + *id + "\"}");  // base64url needs no escape
}

net::Response ChatEdge::give_attachment(const net::Request& request, std::string_view id_text) {
  const auto not_found = [] { return net::Response::error(404, "not_found", "There is no such file."); };
  const auto query = net::parse_form(request.query);
  const auto id = parse_attachment_id(id_text);
  const auto visitor = query ? services_.tokens.verify(query->find("visitor").value_or("")) : std::nullopt;
  if (!visitor) return net::Response::error(401, "visitor", "The visitor's token is missing or wrong.");
  const storage::Store& store = services_.engine.store();
  if (!id || id->seq > store.last_seq()) return not_found();
  const auto payload = store.read_record(id->seq);
  Record record;
  if (!payload || !decode_record(*payload, record)) return not_found();
  const IdentityHash hash = services_.hasher.hash({std::string(crm::kChat), to_text(*visitor)});
  for (const Event& event : record.events) {
    const auto* posted = std::get_if<event::MessagePosted>(&event);
    if (!posted) continue;
    const Shared conversation = conversations_.find(posted->interaction);
    if (!conversation || !conversation->knows(hash)) continue;
    const auto stored = store.content(id->seq, static_cast<std::uint16_t>(posted->content));
    const auto message = stored ? read_stored(*stored) : StoredMessage{};
    if (!message.attachment || message.attachment->index != id->index) continue;
    auto bytes = store.content(id->seq, id->index);
    if (!bytes) continue;
    net::Response response{.status = 200, .headers = {}, .body = std::move(*bytes)};
    const bool is_text = message.attachment->media_type == "text/plain";
    response.headers.add("Content-Type", is_text ? "text/plain; charset=utf-8" : message.attachment->media_type);
    response.headers.add("Content-Disposition",
                         engine::content_disposition(message.attachment->name, message.attachment->media_type));
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.headers.add("Content-Security-Policy", "default-src 'none'; sandbox");
    response.headers.add("Cross-Origin-Resource-Policy", "cross-origin");
    response.headers.add("Referrer-Policy", "no-referrer");
    response.headers.add("Cache-Control", "private, max-age=86400, immutable");
    return response;
  }
  return not_found();
}

}  // namespace sb::chat
