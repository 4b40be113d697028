#include "console/json_codec.h"
#include "console/rest.h"

// Files: uploaded by staff before a message refers to them, and read back from the journal's contents.
namespace sb::console {

namespace {

ApiError refusal(engine::AttachmentError error) {
  using enum engine::AttachmentError;
  const std::string code(engine::name_of(error));
  switch (error) {
    case kEmpty:
      return {400, code, "the file is empty"};
    case kTooLarge:
      return {413, code, "the file is too large"};
    case kUnknownType:
      return {415, code, "only pictures (PNG, JPEG, GIF, WebP), PDF and plain text can be attached"};
    case kTooMany:
      return {429, code, "too many files are waiting to be sent; send or drop some first"};
    case kBusy:
      return {429, code, "no room for files at the moment; try again in a minute", {}, 60};
  }
  return busy();
}

ApiError unknown_file() {
  return {404, "unknown_attachment", "there is no such file, or it was erased"};
}

std::string owner_of(const RestCall& call) {
  return "agent:" + std::to_string(call.agent().value);
}

net::Response file_response(std::string bytes, std::string_view name, std::string_view media_type) {
  net::Response response;
  response.headers.add("Content-Type",
                       std::string(media_type) + (media_type.starts_with("text/") ? "; charset=utf-8" : ""));
  response.headers.add("Content-Disposition", engine::content_disposition(name, media_type));
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Content-Security-Policy", "default-src 'none'; sandbox");
  response.headers.add("Cache-Control", "private, max-age=3600");
  response.body = std::move(bytes);
  return response;
}

struct StoredFile {
  std::string name;
  std::string media_type;
};

// What the message at content row `index` of a record says about an attachment kept in row `file`.
std::optional<StoredFile> described_by(const storage::Store& store, Seq seq, std::uint32_t index, std::uint64_t file) {
  if (index == 0) return std::nullopt;
  auto row = store.content(seq, static_cast<std::uint16_t>(index));
  boost::system::error_code error;
  const auto json = row ? boost::json::parse(*row, error) : boost::json::value();
  const auto* message = error ? nullptr : json.if_object();
  const auto* value = message ? message->if_contains("attachment") : nullptr;
  const auto* attachment = value ? value->if_object() : nullptr;
  const auto* at = attachment ? attachment->if_contains("index") : nullptr;
  if (!at || !at->is_number() || at->to_number<std::uint64_t>(error) != file || error) return std::nullopt;
  StoredFile found;
  if (const auto* name = attachment->if_contains("name"); name && name->is_string()) {
    found.name = std::string(name->get_string());
  }
  if (const auto* type = attachment->if_contains("media_type"); type && type->is_string()) {
    found.media_type = std::string(type->get_string());
  }
  return found;
}

// Content rows are profiles and notes as well: only a row that a message calls its attachment is a file.
net::Response stored_file(const storage::Store& store, Seq seq, std::uint64_t file) {
  auto bytes = store.read_record(seq);
  Record record;
  if (!bytes || !decode_record(*bytes, record)) return unknown_file().response();
  std::optional<StoredFile> found;
  for (const Event& event : record.events) {
    if (const auto* posted = std::get_if<event::MessagePosted>(&event)) {
      found = described_by(store, seq, posted->content, file);
    } else if (const auto* started = std::get_if<event::InteractionStarted>(&event)) {
      found = described_by(store, seq, started->content, file);
    }
    if (found) break;
  }
  if (!found) return unknown_file().response();
  auto content = store.content(seq, static_cast<std::uint16_t>(file));
  if (!content) return unknown_file().response();
  // The type was found from the bytes when they came; anything else could be made to run as a page.
  const auto type = engine::sniff_media_type(*content);
  const std::string media_type(type.value_or("application/octet-stream"));
  const std::string name = engine::sanitize_file_name(found->name, media_type);
  return file_response(std::move(*content), name, media_type);
}

}  // namespace

void Rest::upload(const CallPtr& call) {
  const std::string name(call->query.find("name").value_or(""));
  const std::string owner = owner_of(*call);
  if (call->request.body.size() > options_.max_attachment_bytes) {
    return call->refuse(refusal(engine::AttachmentError::kTooLarge));
  }
  const TimeMs now = context_.engine.clock().now();
  auto id = context_.attachments.add(owner, name, std::move(call->request.body), now, call->idempotency_key());
  if (!id) return call->refuse(refusal(id.error()));
  const auto file = context_.attachments.find(owner, *id);
  boost::json::object out{{"id", *id}};
  if (file) {
    out["name"] = file->name;
    out["media_type"] = file->media_type;
    out["bytes"] = file->bytes.size();
  }
  call->answer(201, boost::json::serialize(out));
}

void Rest::download(const CallPtr& call) {
  if (const auto file = context_.attachments.find(owner_of(*call), call->id)) {
    return call->answer(file_response(file->bytes, file->name, file->media_type));
  }
  const std::string_view id = call->id;
  const std::size_t dash = id.find('-');
  const auto seq = parse_number(id.substr(0, dash));
  const auto index = dash == id.npos ? std::nullopt : parse_number(id.substr(dash + 1));
  if (!seq || !index || *index == 0 || *index > 0xFFFF) return call->refuse(unknown_file());
  answer_from(questions_, call,
              [this, seq = *seq, index = *index] { return stored_file(context_.engine.store(), seq, index); });
}

}  // namespace sb::console
