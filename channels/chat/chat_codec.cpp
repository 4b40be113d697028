#include "channels/chat/chat_codec.h"

#include <boost/json.hpp>
#include <charconv>
#include <limits>

#include "crm/profile.h"

namespace sb::chat {

namespace json = boost::json;

namespace {

constexpr std::size_t kDepthMax = 4;
constexpr std::size_t kVisitorBytesMax = 256;
constexpr std::size_t kQueueBytesMax = 64;
constexpr std::size_t kAttachmentBytesMax = 64;
constexpr std::size_t kUnusedBytesMax = 16 * 1024;  // of what is cut or left out

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void clip(std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0) == 0x80) --bytes_max;
  text.resize(bytes_max);
}

// Reads the fields of one frame; the first thing that is wrong is kept.
class Fields {
 public:
  explicit Fields(const json::object& object) : object_(object) {}

  void text(std::string_view field, std::string& out, std::size_t bytes_max) {
    const json::value* value = object_.if_contains(field);
    if (!value || error_) return;
    const json::string* string = value->if_string();
    if (!string) return fail(FrameError::kBadField, field);
    if (string->size() > bytes_max) return fail(FrameError::kTooLong, field);
    if (string->find('\0') != json::string::npos) return fail(FrameError::kBadField, field);
    out.assign(string->data(), string->size());
  }

  void number(std::string_view field, std::uint64_t& out) {
    const json::value* value = object_.if_contains(field);
    if (!value || error_) return;
    boost::system::error_code code;
    out = value->is_number() ? value->to_number<std::uint64_t>(code) : 0;
    if (!value->is_number() || code) fail(FrameError::kBadField, field);
  }

  void key(std::string& out) {
    text("key", out, kKeyCharactersMax * 4);
    if (error_) return;
    if (out.empty()) return fail(FrameError::kBadField, "key");
    if (characters(out) > kKeyCharactersMax) return fail(FrameError::kTooLong, "key");
    key_ = out;
  }

  void words(std::string& out, bool may_be_empty) {
    text("text", out, kTextCharactersMax * 4);
    if (error_) return;
    if (out.empty() && !may_be_empty) return fail(FrameError::kEmptyText, "text");
    if (characters(out) > kTextCharactersMax) return fail(FrameError::kTooLong, "text");
  }

  void fail(FrameError::Code code, std::string_view field) {
    if (!error_) error_ = FrameError{code, field, key_};
  }

  [[nodiscard]] std::expected<ClientFrame, FrameError> finish(ClientFrame frame) {
    if (error_) return std::unexpected(std::move(*error_));
    return frame;
  }

 private:
  const json::object& object_;
  std::string key_;
  std::optional<FrameError> error_;
};

std::expected<ClientFrame, FrameError> read_hello(const json::object& object) {
  Fields fields(object);
  Hello hello;
  fields.text("visitor", hello.visitor, kVisitorBytesMax);
  fields.number("since", hello.since);
  fields.number("chat", hello.chat);
  fields.text("identity", hello.identity, kIdentityBytesMax);
  fields.text("language", hello.language, kUnusedBytesMax);
  fields.text("page", hello.page, kUnusedBytesMax);
  fields.text("queue", hello.queue, kQueueBytesMax);
  // A page's address and the browser's idea of its language are not the customer's fault.
  if (!crm::is_language_tag(hello.language)) hello.language.clear();
  clip(hello.page, kPageBytesMax);
  return fields.finish(std::move(hello));
}

std::expected<ClientFrame, FrameError> read_start(const json::object& object) {
  Fields fields(object);
  Start start;
  fields.key(start.key);
  fields.words(start.text, false);
  fields.text("name", start.name, kNameBytesMax);
  fields.text("email", start.email, kEmailBytesMax);
  fields.text("queue", start.queue, kQueueBytesMax);
  return fields.finish(std::move(start));
}

std::expected<ClientFrame, FrameError> read_message(const json::object& object) {
  Fields fields(object);
  Message message;
  fields.key(message.key);
  fields.text("attachment", message.attachment, kAttachmentBytesMax);
  fields.words(message.text, !message.attachment.empty());
  return fields.finish(std::move(message));
}

std::expected<ClientFrame, FrameError> read_call_me(const json::object& object) {
  Fields fields(object);
  CallMe wish;
  fields.key(wish.key);
  fields.text("phone", wish.phone, kPhoneBytesMax);
  return fields.finish(std::move(wish));
}

// ---- writing

bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; });
}

// Most words need no escape; the rest is the JSON library's business.
void put_string(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out.push_back('"');
    out.append(text);
    out.push_back('"');
    return;
  }
  json::serializer serializer;
  serializer.reset(json::string_view(text.data(), text.size()));
  char buffer[512];
  while (!serializer.done()) {
    const auto piece = serializer.read(buffer);
    out.append(piece.data(), piece.size());
  }
}

void put_text(std::string& out, std::string_view name, std::string_view text) {
  out.append(",\"").append(name).append("\":");
  put_string(out, text);
}
void put_text_unless_empty(std::string& out, std::string_view name, std::string_view text) {
  if (!text.empty()) put_text(out, name, text);
}
void put_number(std::string& out, std::string_view name, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  out.append(",\"").append(name).append("\":").append(digits, end);
}
void put_bool(std::string& out, std::string_view name, bool value) {
  out.append(",\"").append(name).append(value ? "\":true" : "\":false");
}

std::string frame(std::string_view type, std::size_t bytes) {
  std::string out;
  out.reserve(bytes + 64);
  out.append("{\"t\":\"").append(type).append("\"");
  return out;
}

std::string text_of(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains(field);
  const json::string* string = value ? value->if_string() : nullptr;
  return string ? std::string(string->data(), string->size()) : std::string();
}

std::uint64_t number_of(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains(field);
  if (!value || !value->is_number()) return 0;
  boost::system::error_code code;
  const auto number = value->to_number<std::uint64_t>(code);
  return code ? 0 : number;
}

}  // namespace

std::expected<ClientFrame, FrameError> parse_client_frame(std::string_view payload) {
  unsigned char memory[4096];
  json::monotonic_resource resource(memory);
  json::parse_options options;
  options.max_depth = kDepthMax;
  boost::system::error_code code;
  const json::value value = json::parse(json::string_view(payload.data(), payload.size()), code, &resource, options);
  if (code || !value.is_object()) return std::unexpected(FrameError{FrameError::kMalformed, {}, {}});
  const json::object& object = value.get_object();
  const json::value* type = object.if_contains("t");
  const json::string* name = type ? type->if_string() : nullptr;
  if (!name) return std::unexpected(FrameError{FrameError::kUnknownType, "t", {}});
  if (*name == "message") return read_message(object);
  if (*name == "typing") return Typing{};
  if (*name == "hello") return read_hello(object);
  if (*name == "start") return read_start(object);
  if (*name == "end") return End{};
  if (*name == "callback") return read_call_me(object);
  return std::unexpected(FrameError{FrameError::kUnknownType, "t", {}});
}

std::string write_stored(const StoredMessage& message) {
  std::string out;
  out.reserve(message.text.size() + 128);
  out.append("{\"text\":");
  put_string(out, message.text);
  put_text_unless_empty(out, "name", message.name);
  put_text_unless_empty(out, "key", message.key);
  put_text_unless_empty(out, "email", message.email);
  put_text_unless_empty(out, "page", message.page);
  if (message.attachment) {
    out.append(",\"attachment\":{\"name\":");
    put_string(out, message.attachment->name);
    put_text(out, "media_type", message.attachment->media_type);
    put_number(out, "bytes", message.attachment->bytes);
    put_number(out, "index", message.attachment->index);
    out.push_back('}');
  }
  out.push_back('}');
  return out;
}

StoredMessage read_stored(std::string_view text) {
  StoredMessage message;
  boost::system::error_code code;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), code);
  if (code || !value.is_object()) return message;
  const json::object& object = value.get_object();
  message.text = text_of(object, "text");
  message.name = text_of(object, "name");
  message.key = text_of(object, "key");
  message.email = text_of(object, "email");
  message.page = text_of(object, "page");
  const json::value* attachment = object.if_contains("attachment");
  if (attachment && attachment->is_object()) {
    const json::object& about = attachment->get_object();
    message.attachment = AttachmentInfo{text_of(about, "name"), text_of(about, "media_type"), number_of(about, "bytes"),
                                        static_cast<std::uint32_t>(number_of(about, "index"))};
  }
  return message;
}

std::string write_welcome(const Welcome& welcome) {
  std::string out = frame("welcome", 192 + welcome.greeting.size());
  put_text(out, "visitor", welcome.visitor);
  put_text(out, "greeting", welcome.greeting);
  put_bool(out, "open", welcome.open);
  put_bool(out, "active", welcome.active);
  if (welcome.chat) put_number(out, "chat", welcome.chat.value);
  put_number(out, "last", welcome.last);
  put_number(out, "max_attachment_bytes", welcome.max_attachment_bytes);
  put_text(out, "name", welcome.name);
  out.push_back('}');
  return out;
}

std::string write_queued(std::uint64_t position, std::optional<DurationMs> wait_ms, bool callback) {
  std::string out = frame("queued", 0);
  put_number(out, "position", position);
  if (wait_ms) put_number(out, "wait_ms", *wait_ms);
  if (callback) put_bool(out, "callback", true);
  out.push_back('}');
  return out;
}

std::string write_callback(std::string_view phone, TimeMs at_ms) {
  std::string out = frame("callback", phone.size());
  put_text(out, "phone", phone);
  if (at_ms != 0) put_number(out, "at_ms", at_ms);
  out.push_back('}');
  return out;
}

std::string write_assigned(std::string_view agent) {
  std::string out = frame("assigned", agent.size());
  put_text(out, "agent", agent);
  out.push_back('}');
  return out;
}

std::string write_message(const MessageFrame& about, const StoredMessage& message) {
  std::string out = frame("message", message.text.size() + 128);
  put_number(out, "chat", about.chat.value);
  put_number(out, "n", about.number);
  put_text(out, "from", name(about.author));
  put_text_unless_empty(out, "name", about.name);
  put_text(out, "text", message.text);
  put_number(out, "time_ms", about.time_ms);
  if (about.author == Party::kCustomer) put_text_unless_empty(out, "key", message.key);
  if (message.attachment) {
    const AttachmentInfo& attachment = *message.attachment;
    out.append(",\"attachment\":{\"id\":");
    put_string(out, format_attachment_id({about.seq, static_cast<std::uint16_t>(attachment.index)}));
    put_text(out, "name", attachment.name);
    put_text(out, "media_type", attachment.media_type);
    put_number(out, "bytes", attachment.bytes);
    out.push_back('}');
  }
  out.push_back('}');
  return out;
}

std::string write_ack(std::string_view key, std::uint64_t number) {
  std::string out = frame("ack", key.size());
  put_text(out, "key", key);
  put_number(out, "n", number);
  out.push_back('}');
  return out;
}

std::string write_typing(Party from) {
  std::string out = frame("typing", 0);
  put_text(out, "from", name(from));
  out.push_back('}');
  return out;
}

std::string write_ended(Party by) {
  std::string out = frame("ended", 0);
  put_text(out, "by", name(by));
  out.push_back('}');
  return out;
}

std::string write_ticket(TicketId ticket) {
  std::string out = frame("ticket", 0);
  put_number(out, "ticket", ticket.value);
  out.push_back('}');
  return out;
}

std::string write_error(std::string_view code, std::string_view message, std::string_view key) {
  std::string out = frame("error", code.size() + message.size() + key.size());
  put_text(out, "code", code);
  put_text(out, "message", message);
  put_text_unless_empty(out, "key", key);
  out.push_back('}');
  return out;
}

std::string format_attachment_id(AttachmentId id) {
  return std::to_string(id.seq) + "-" + std::to_string(id.index);
}

std::optional<AttachmentId> parse_attachment_id(std::string_view text) {
  AttachmentId id;
  const char* const end = text.end();
  const auto seq = std::from_chars(text.begin(), end, id.seq);
  if (seq.ec != std::errc() || seq.ptr == end || *seq.ptr != '-') return std::nullopt;
  const auto index = std::from_chars(seq.ptr + 1, end, id.index);
  if (index.ec != std::errc() || index.ptr != end || id.seq == 0 || id.index == 0) return std::nullopt;
  return id;
}

}  // namespace sb::chat
