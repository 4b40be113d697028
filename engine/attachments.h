#pragma once
// Files that were uploaded and not yet sent: they wait in memory until a message refers to them, then become a content
// row of that message's record. Used by the chat widget and by the console.
//
// Owner thread: one (the release executor). Bounded by count, bytes and time; what is dropped was never promised.
#include <cstddef>
#include <cstdint>
#include <expected>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "proto/ids.h"

namespace sb::engine {

enum class AttachmentError : std::uint8_t {
  kEmpty,
  kTooLarge,     // above Options::bytes_each_max
  kUnknownType,  // not one of the media types below
  kTooMany,      // this owner has too many waiting
  kBusy,         // no room for anybody right now
};
[[nodiscard]] std::string_view name_of(AttachmentError error);  // e.g. "too_large"

// What the bytes are by their first ones: image/png, image/jpeg, image/gif, image/webp, application/pdf, text/plain
// (UTF-8 without control characters). Nothing: not allowed.
[[nodiscard]] std::optional<std::string_view> sniff_media_type(std::string_view bytes);

// The last path component without control characters, quotes and separators, at most 120 bytes cut at a character;
// "file" with the type's extension when nothing is left.
[[nodiscard]] std::string sanitize_file_name(std::string_view name, std::string_view media_type);

// For a Content-Disposition header: the name in ASCII and, when that loses something, as RFC 5987 says.
[[nodiscard]] std::string content_disposition(std::string_view name, std::string_view media_type);

struct PendingAttachment {
  std::string owner;
  std::string name;  // sanitized
  std::string media_type;
  std::string bytes;
  std::string key;  // the uploader's own, may be empty
};

class PendingAttachments {
 public:
  struct Options {
    std::size_t bytes_each_max = 5'000'000;
    std::size_t bytes_max = 64u << 20;
    std::size_t count_max = 1'000;
    std::size_t per_owner_max = 10;
    DurationMs kept_ms = 10 * 60 * 1000;
  };

  explicit PendingAttachments(Options options) : options_(options) {}

  // `owner` is whoever may refer to it, e.g. a visitor or an agent. Returns its id: 128 random bits, base64url. A key
  // that the owner gave to a file still waiting returns that file's id and adds nothing.
  [[nodiscard]] std::expected<std::string, AttachmentError> add(std::string_view owner, std::string_view name,
                                                                std::string bytes, TimeMs now,
                                                                std::string_view key = {});
  // Null: unknown, expired, or somebody else's.
  [[nodiscard]] std::shared_ptr<const PendingAttachment> find(std::string_view owner, const std::string& id) const;
  // Once a message with it is durable. Unknown ids are ignored.
  void remove(const std::string& id);
  void expire(TimeMs now);

  [[nodiscard]] std::size_t count() const { return by_id_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Due {
    TimeMs at_ms;
    std::string id;
  };

  [[nodiscard]] const std::string* find_key(std::string_view owner, std::string_view key) const;

  struct Entry {
    std::shared_ptr<const PendingAttachment> attachment;
    std::list<Due>::iterator due;
  };

  Options options_;
  std::unordered_map<std::string, Entry> by_id_;
  std::unordered_map<std::string, std::size_t> by_owner_;
  std::list<Due> due_;  // oldest first
  std::size_t bytes_ = 0;
};

}  // namespace sb::engine
