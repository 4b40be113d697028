#include "engine/attachments.h"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace sb::engine {

namespace {

constexpr std::size_t kNameBytesMax = 120;

bool starts_with(std::string_view bytes, std::string_view magic) {
  return bytes.substr(0, magic.size()) == magic;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The code point at `at` and how many bytes it takes; nothing for what is not UTF-8.
struct CodePoint {
  std::uint32_t value;
  std::size_t bytes;
};
std::optional<CodePoint> read_code_point(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return CodePoint{lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + bytes > text.size()) return std::nullopt;
  std::uint32_t value = lead & (0xFFu >> (bytes + 1));
  for (std::size_t n = 1; n < bytes; ++n) {
    if (!is_continuation(text[at + n])) return std::nullopt;
    value = (value << 6) | (static_cast<unsigned char>(text[at + n]) & 0x3F);
  }
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[bytes] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  return CodePoint{value, bytes};
}

bool is_text(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto point = read_code_point(bytes, at);
    if (!point) return false;
    const std::uint32_t c = point->value;
    const bool control = (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || (c >= 0x7F && c < 0xA0);
    if (control) return false;
    at += point->bytes;
  }
  return true;
}

std::string_view extension_of(std::string_view media_type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kExtensions{{{"image/png", ".png"},
                                                                                      {"image/jpeg", ".jpg"},
                                                                                      {"image/gif", ".gif"},
                                                                                      {"image/webp", ".webp"},
                                                                                      {"application/pdf", ".pdf"},
                                                                                      {"text/plain", ".txt"}}};
  for (const auto& [type, extension] : kExtensions) {
    if (type == media_type) return extension;
  }
  return {};
}

bool is_unwelcome_in_name(std::uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
  const bool direction = (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  constexpr std::string_view kReserved = "\"*:<>?|";
  return control || direction || (c < 0x80 && kReserved.find(static_cast<char>(c)) != std::string_view::npos);
}

}  // namespace

std::string_view name_of(AttachmentError error) {
  constexpr std::array<std::string_view, 5> kNames{"empty", "too_large", "unknown_type", "too_many", "busy"};
  return kNames[static_cast<std::size_t>(error)];
}

std::optional<std::string_view> sniff_media_type(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.empty()) return std::nullopt;
  if (starts_with(bytes, "\x89PNG\r\n\x1A\n"sv)) return "image/png";
  if (starts_with(bytes, "\xFF\xD8\xFF"sv)) return "image/jpeg";
  if (starts_with(bytes, "GIF87a"sv) || starts_with(bytes, "GIF89a"sv)) return "image/gif";
  if (starts_with(bytes, "RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv) return "image/webp";
  if (starts_with(bytes, "%PDF-"sv)) return "application/pdf";
  if (is_text(bytes)) return "text/plain";
  return std::nullopt;
}

std::string sanitize_file_name(std::string_view name, std::string_view media_type) {
  if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const auto point = read_code_point(name, at);
    if (!point) {
      ++at;
      continue;
    }
    if (!is_unwelcome_in_name(point->value)) {
      if (out.size() + point->bytes > kNameBytesMax) break;
      out.append(name.substr(at, point->bytes));
    }
    at += point->bytes;
  }
  // Leading dots hide files, trailing ones and blanks are lost on some systems.
  const auto first = out.find_first_not_of(". ");
  if (first == std::string::npos) return "file" + std::string(extension_of(media_type));
  return out.substr(first, out.find_last_not_of(". ") - first + 1);
}

std::string content_disposition(std::string_view name, std::string_view media_type) {
  const bool shown = starts_with(media_type, "image/");
  std::string ascii;
  std::string encoded;
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
    if (!is_continuation(c)) ascii.push_back(plain ? c : '_');
    const bool kept =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (kept) {
      encoded.push_back(c);
    } else {
      encoded.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  std::string out = std::string(shown ? "inline" : "attachment") + "; filename=\"" + ascii + "\"";
  if (ascii != name) out += "; filename*=UTF-8''" + encoded;
  return out;
}

std::expected<std::string, AttachmentError> PendingAttachments::add(std::string_view owner, std::string_view name,
                                                                    std::string bytes, TimeMs now,
                                                                    std::string_view key) {
  expire(now);
  if (const std::string* id = find_key(owner, key)) return *id;
  if (bytes.empty()) return std::unexpected(AttachmentError::kEmpty);
  if (bytes.size() > options_.bytes_each_max) return std::unexpected(AttachmentError::kTooLarge);
  const auto media_type = sniff_media_type(bytes);
  if (!media_type) return std::unexpected(AttachmentError::kUnknownType);
  std::size_t& owned = by_owner_[std::string(owner)];
  if (owned >= options_.per_owner_max) return std::unexpected(AttachmentError::kTooMany);
  if (by_id_.size() >= options_.count_max || bytes_ + bytes.size() > options_.bytes_max) {
    if (owned == 0) by_owner_.erase(std::string(owner));
    return std::unexpected(AttachmentError::kBusy);
  }
  std::array<unsigned char, 16> random{};
  randombytes_buf(random.data(), random.size());
  std::string id(sodium_base64_encoded_len(random.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(id.data(), id.size(), random.data(), random.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  id.pop_back();  // the terminating zero
  ++owned;
  bytes_ += bytes.size();
  auto attachment = std::make_shared<const PendingAttachment>(
      PendingAttachment{std::string(owner), sanitize_file_name(name, *media_type), std::string(*media_type),
                        std::move(bytes), std::string(key)});
  by_id_.emplace(id, Entry{std::move(attachment), due_.insert(due_.end(), {now + options_.kept_ms, id})});
  return id;
}

// At most count_max to look at.
const std::string* PendingAttachments::find_key(std::string_view owner, std::string_view key) const {
  if (key.empty() || !by_owner_.contains(std::string(owner))) return nullptr;
  const auto at = std::find_if(by_id_.begin(), by_id_.end(), [&](const auto& entry) {
    return entry.second.attachment->owner == owner && entry.second.attachment->key == key;
  });
  return at == by_id_.end() ? nullptr : &at->first;
}

std::shared_ptr<const PendingAttachment> PendingAttachments::find(std::string_view owner, const std::string& id) const {
  const auto at = by_id_.find(id);
  if (at == by_id_.end() || at->second.attachment->owner != owner) return nullptr;
  return at->second.attachment;
}

void PendingAttachments::remove(const std::string& id) {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return;
  const auto owner = by_owner_.find(at->second.attachment->owner);
  if (owner != by_owner_.end() && --owner->second == 0) by_owner_.erase(owner);
  bytes_ -= at->second.attachment->bytes.size();
  due_.erase(at->second.due);
  by_id_.erase(at);
}

void PendingAttachments::expire(TimeMs now) {
  while (!due_.empty() && due_.front().at_ms <= now) {
    const std::string id = due_.front().id;  // its entry goes with it
    remove(id);
  }
}

}  // namespace sb::engine
