#pragma once
// The widget's wire: JSON frames of docs/protocol.md section 2, and the stored form of a message. Pure; any thread.
//
// Parsing is strict about what it knows (types, lengths, UTF-8) and ignores fields it does not know, so that an older
// server bears a newer widget.
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "proto/types.h"

namespace sb::chat {

inline constexpr std::size_t kTextCharactersMax = 4000;
inline constexpr std::size_t kKeyCharactersMax = 64;
inline constexpr std::size_t kNameBytesMax = 200;
inline constexpr std::size_t kEmailBytesMax = 254;
inline constexpr std::size_t kPhoneBytesMax = 40;
inline constexpr std::size_t kPageBytesMax = 1024;
inline constexpr std::size_t kIdentityBytesMax = 4096;

// ---- from the customer
struct Hello {
  std::string visitor;  // token; empty: a new visitor
  std::uint64_t since = 0;
  std::uint64_t chat = 0;  // the one `since` counts in; 0: a page that does not know
  std::string identity;    // signed token; empty: anonymous
  std::string language;    // a language tag or empty
  std::string page;        // cut to kPageBytesMax
  std::string queue;
};
struct Start {
  std::string key;
  std::string text;
  std::string name;
  std::string email;
  std::string queue;
};
struct Message {
  std::string key;
  std::string text;        // empty only with an attachment
  std::string attachment;  // id from the upload
};
struct Typing {};
struct End {};
// Be called back on the phone instead of waiting here.
struct CallMe {
  std::string key;
  std::string phone;  // as typed
};
using ClientFrame = std::variant<Hello, Start, Message, Typing, End, CallMe>;

struct FrameError {
  enum Code : std::uint8_t {
    kMalformed,    // not one JSON object in UTF-8
    kUnknownType,  // no "t", or one this server does not know
    kBadField,     // missing, of a wrong type, or not of the form it must have
    kTooLong,      // a field above its limit
    kEmptyText,    // a message without words
  };
  Code code = kMalformed;
  std::string_view field;
  std::string key;  // of the message this is about, when it could be read

  // Words of a reasonable client that are too many or missing are refused; anything else ends the connection.
  [[nodiscard]] bool closes() const { return key.empty() || (code != kTooLong && code != kEmptyText); }
};

[[nodiscard]] std::expected<ClientFrame, FrameError> parse_client_frame(std::string_view payload);

inline constexpr std::string_view kBadPhone = "This is not a phone number that can be called.";

// ---- to the customer
struct AttachmentInfo {
  std::string name;
  std::string media_type;
  std::uint64_t bytes = 0;
  std::uint32_t index = 0;  // content row beside the message
  bool operator==(const AttachmentInfo&) const = default;
};

struct Welcome {
  std::string_view visitor;
  std::string_view greeting;
  bool open = false;
  bool active = false;
  InteractionId chat;  // whose messages follow; 0: none
  std::uint64_t last = 0;
  std::size_t max_attachment_bytes = 0;
  std::string_view name;
};

// A message as it is stored: content row of the record that posted it.
struct StoredMessage {
  std::string text;
  std::string name;  // of the customer, as given
  std::string key;
  std::string email;  // as typed by the customer, unverified
  std::string page;   // where the chat was started
  std::optional<AttachmentInfo> attachment;
  bool operator==(const StoredMessage&) const = default;
};

[[nodiscard]] std::string write_stored(const StoredMessage& message);
// What was stored once must never stop a conversation: anything unreadable counts as absent.
[[nodiscard]] StoredMessage read_stored(std::string_view json);

struct MessageFrame {
  InteractionId chat;
  std::uint64_t number = 0;  // within the chat
  Party author{};
  std::string_view name;
  TimeMs time_ms = 0;
  Seq seq = 0;  // of the record, for the attachment's id
};

[[nodiscard]] std::string write_welcome(const Welcome& welcome);
// `callback`: the customer may ask to be called back.
[[nodiscard]] std::string write_queued(std::uint64_t position, std::optional<DurationMs> wait_ms, bool callback);
// What was agreed: the number that is called, and from when on; 0: as soon as somebody is free.
[[nodiscard]] std::string write_callback(std::string_view phone, TimeMs at_ms);
[[nodiscard]] std::string write_assigned(std::string_view agent);
[[nodiscard]] std::string write_message(const MessageFrame& frame, const StoredMessage& message);
[[nodiscard]] std::string write_ack(std::string_view key, std::uint64_t number);
[[nodiscard]] std::string write_typing(Party from);
[[nodiscard]] std::string write_ended(Party by);
[[nodiscard]] std::string write_ticket(TicketId ticket);
[[nodiscard]] std::string write_error(std::string_view code, std::string_view message, std::string_view key);

// "<seq>-<index>", the public id of an attachment.
struct AttachmentId {
  Seq seq = 0;
  std::uint16_t index = 0;
};
[[nodiscard]] std::string format_attachment_id(AttachmentId id);
[[nodiscard]] std::optional<AttachmentId> parse_attachment_id(std::string_view text);

}  // namespace sb::chat
