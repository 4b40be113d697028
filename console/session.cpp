#include "console/session.h"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include "crm/facts.h"
#include "crm/outside_number.h"

namespace sb::console {

namespace {

constexpr std::size_t kRequestsPerMessage = 64;

// Random, and small enough that a JSON number holds it exactly.
std::uint64_t random_id() {
  std::uint64_t id = 0;
  while (id == 0) {
    randombytes_buf(&id, sizeof id);
    id &= (std::uint64_t{1} << 53) - 1;
  }
  return id;
}

std::vector<std::string> note(const std::string& text) {
  if (text.empty()) return {};
  return {crm::note_json(text)};
}

}  // namespace

std::string_view explain(Rejection rejection) {
  switch (rejection) {
    case Rejection::kNone:
      return "";
    case Rejection::kInvalidArgument:
      return "a field has a value that is not allowed here";
    case Rejection::kUnknownAgent:
      return "there is no such agent";
    case Rejection::kUnknownQueue:
      return "there is no such queue";
    case Rejection::kUnknownSkill:
      return "there is no such skill";
    case Rejection::kUnknownInteraction:
      return "this interaction is over or never existed";
    case Rejection::kUnknownOffer:
      return "this offer is gone: it was withdrawn, timed out or taken";
    case Rejection::kUnknownTicket:
      return "this ticket is not open";
    case Rejection::kUnknownCustomer:
      return "there is no such customer";
    case Rejection::kNotSignedIn:
      return "the agent is not signed in";
    case Rejection::kStaleSession:
      return "another console of this agent has taken over";
    case Rejection::kWrongState:
      return "that is not possible at this moment of the interaction";
    case Rejection::kNotOwner:
      return "this belongs to somebody else";
    case Rejection::kQueueClosed:
      return "the queue is closed";
    case Rejection::kQueueFull:
      return "the queue is full";
    case Rejection::kAgentBusy:
      return "the agent is busy";
    case Rejection::kInUse:
      return "there is still work that depends on it";
    case Rejection::kTransferPending:
      return "a transfer is already under way";
    case Rejection::kNotEligible:
      return "the agent lacks what this work asks for";
    case Rejection::kNotAllowed:
      return "agents may not pick work from this queue";
    case Rejection::kConferenceFull:
      return "no more than five colleagues may join one conversation";
  }
  return "";
}

ConsoleSession::ConsoleSession(Hub& hub, const engine::AgentInfo& who, Encoding encoding, bool observer, Seq since)
    : hub_(hub), who_(who), encoding_(encoding), observer_(observer), since_(since), id_(random_id()) {}

void ConsoleSession::on_open(std::shared_ptr<net::WebSocket> socket) {
  socket_ = std::move(socket);
  hub_.open(shared_from_this());
}

void ConsoleSession::on_close(std::uint16_t) {
  hub_.closed(*this);
}

void ConsoleSession::on_drained() {
  hub_.drained(*this);
}

void ConsoleSession::send(Seq seq, FrameBody body) {
  FrameBuffer one;
  one.add({seq, std::move(body)}, encoding_);
  (void)socket_->send(one.take(encoding_), encoding_ == Encoding::kProtobuf);
}

void ConsoleSession::on_message(std::string_view payload, bool binary) {
  if (binary != (encoding_ == Encoding::kProtobuf)) {
    close(net::close_code::kInvalidUtf8, "wrong frame type for this subprotocol");
    return;
  }
  std::size_t count = 0;
  if (binary) {
    wire::Reader reader(payload);
    while (!reader.at_end()) {
      std::string_view bytes;
      std::string_view body;
      Request request;
      std::uint64_t tag = 0;
      bool good = ++count <= kRequestsPerMessage && reader.delimited(bytes);
      wire::Reader fields(bytes);
      bool has_body = false;
      while (good && !fields.at_end()) {
        good = fields.varint(tag);
        if (!good) break;
        if (tag == ((1u << 3) | 0)) {
          good = fields.varint(request.id);
        } else if (tag == ((2u << 3) | 2)) {
          good = has_body = fields.delimited(body) && wire::decode_oneof(body, request.body);
        } else {
          good = fields.skip(static_cast<std::uint32_t>(tag & 7));
        }
      }
      if (!good || !has_body) {
        close(net::close_code::kInvalidUtf8, "malformed request");
        return;
      }
      on_request(request);
    }
    return;
  }
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = 8;
  const boost::json::value json = boost::json::parse(payload, error, {}, options);
  if (error) {
    close(net::close_code::kInvalidUtf8, "malformed JSON");
    return;
  }
  const auto one = [&](const boost::json::value& value) {
    auto request = parse_json_request(value);
    if (!request) {
      refuse(request.error().id, "invalid_argument", request.error().message);
    } else {
      on_request(*request);
    }
  };
  if (const auto* array = json.if_array()) {
    if (array->size() > kRequestsPerMessage) {
      close(net::close_code::kPolicy, "too many requests in one message");
      return;
    }
    for (const auto& value : *array) one(value);
  } else {
    one(json);
  }
}

void ConsoleSession::refuse(std::uint64_t id, std::string_view code, std::string_view message) {
  send(0, frame::Reply{id, false, std::string(code), std::string(message), 0});
}

void ConsoleSession::submit(std::uint64_t id, Command command, std::string key, std::vector<std::string> contents) {
  engine::Submission s;
  s.command = std::move(command);
  s.source = Source::kConsole;
  s.key = std::move(key);
  s.contents = std::move(contents);
  s.done = [id, weak = weak_from_this()](const engine::Answer& answer) {
    const auto self = weak.lock();
    if (!self || !self->socket_) return;
    if (answer.rejection != Rejection::kNone) {
      self->refuse(id, name(answer.rejection), explain(answer.rejection));
    } else if (id != 0) {
      self->send(0, frame::Reply{id, true, {}, {}, answer.result});
    }
  };
  if (!hub_.context_.submit(std::move(s))) refuse(id, "busy", "the server is overloaded; try again in a moment");
}

void ConsoleSession::send_message(std::uint64_t id, const request::SendMessage& r) {
  if (r.text.size() > kTextBytesMax) return refuse(id, "too_long", "text: at most 10,000 characters");
  if (r.text.empty() && r.attachment.empty()) return refuse(id, "invalid_argument", "text: must not be empty");
  if (r.key.size() > 64) return refuse(id, "invalid_argument", "key: at most 64 bytes");
  std::string json = "{\"text\":";
  put_json_string(json, r.text);
  json += ",\"name\":";
  put_json_string(json, who_.name);
  if (!r.key.empty()) {
    json += ",\"key\":";
    put_json_string(json, r.key);
  }
  std::vector<std::string> contents(1);
  if (!r.attachment.empty()) {
    const auto file = hub_.context_.attachments.find("agent:" + std::to_string(who_.id.value), r.attachment);
    if (!file) return refuse(id, "invalid_argument", "attachment: not found or expired; upload it again");
    json += ",\"attachment\":{\"name\":";
    put_json_string(json, file->name);
    json += ",\"media_type\":";
    put_json_string(json, file->media_type);
    json += ",\"bytes\":" + std::to_string(file->bytes.size()) + ",\"index\":2}";
    contents.push_back(file->bytes);
  }
  json += '}';
  contents[0] = std::move(json);
  std::string key;
  if (!r.key.empty()) {
    key = std::to_string(who_.id.value) + ':' + std::to_string(r.interaction.value) + ':' + r.key;
  }
  submit(id, command::PostMessage{r.interaction, Party::kAgent, who_.id, 1}, std::move(key), std::move(contents));
}

void ConsoleSession::transfer(std::uint64_t id, const request::Transfer& r) {
  command::TransferInteraction c{r.interaction, who_.id, r.kind, r.queue, r.target, {}, 0};
  if (const auto* i = hub_.context_.engine.view().interactions.find(r.interaction); i && r.queue) {
    // What the customer needs goes along; what the old queue itself demanded does not.
    const auto* from = hub_.context_.center.queue(i->queue);
    const auto* to = hub_.context_.center.queue(r.queue);
    Requirement own = i->requirement;
    own.only_agent = {};
    if (from) {
      const auto take_off = [](auto& all, const auto& theirs) {
        std::erase_if(all,
                      [&](const auto& one) { return std::find(theirs.begin(), theirs.end(), one) != theirs.end(); });
      };
      take_off(own.skills, from->requires_skills.skills);
      take_off(own.any, from->requires_skills.any);
      take_off(own.preferred, from->requires_skills.preferred);
    }
    c.requirement = to ? engine::combine(to->requires_skills, own) : own;
  }
  auto contents = note(r.note);
  c.content = contents.empty() ? 0 : 1;
  submit(id, std::move(c), {}, std::move(contents));
}

void ConsoleSession::invite_outside(std::uint64_t id, const request::InviteOutside& r) {
  const auto& center = hub_.context_.center;
  auto number = crm::outside_number(r.number, {center.default_country_code}, center.outside_prefixes);
  if (!number) return refuse(id, number.error().code, number.error().message);
  submit(id, command::InviteOutside{r.interaction, who_.id, 1}, {}, {std::move(*number)});
}

void ConsoleSession::on_request(const Request& request) {
  const std::uint64_t id = request.id;
  const AgentId me = who_.id;
  struct Visitor {
    ConsoleSession& s;
    std::uint64_t id;
    AgentId me;
    void operator()(const request::SetPresence& r) { s.submit(id, command::SetPresence{me, r.presence, r.reason}); }
    void operator()(const request::Accept& r) { s.submit(id, command::AcceptOffer{me, r.offer}); }
    void operator()(const request::Decline& r) { s.submit(id, command::DeclineOffer{me, r.offer, r.reason}); }
    void operator()(const request::SendMessage& r) { s.send_message(id, r); }
    void operator()(const request::SendTyping& r) {
      const auto* i = s.hub_.context_.engine.view().interactions.find(r.interaction);
      if (i && i->involves(me) && s.hub_.context_.agent_typing) s.hub_.context_.agent_typing(r.interaction);
    }
    void operator()(const request::Hold& r) { s.submit(id, command::HoldInteraction{r.interaction, me}); }
    void operator()(const request::Resume& r) { s.submit(id, command::ResumeInteraction{r.interaction, me}); }
    void operator()(const request::Transfer& r) { s.transfer(id, r); }
    void operator()(const request::CompleteTransfer& r) { s.submit(id, command::CompleteTransfer{r.interaction, me}); }
    void operator()(const request::CancelTransfer& r) { s.submit(id, command::CancelTransfer{r.interaction, me}); }
    void operator()(const request::Conference& r) { s.submit(id, command::ConferenceInteraction{r.interaction, me}); }
    void operator()(const request::LeaveConference& r) {
      s.submit(id, command::LeaveConference{r.interaction, me, r.participant ? r.participant : me});
    }
    void operator()(const request::InviteOutside& r) { s.invite_outside(id, r); }
    void operator()(const request::DropOutside& r) { s.submit(id, command::DropOutside{r.interaction, me, "removed"}); }
    void operator()(const request::End& r) {
      s.submit(id, command::EndInteraction{r.interaction, Party::kAgent, me, EndReason::kCompleted});
    }
    void operator()(const request::CompleteWrapUp& r) {
      auto contents = note(r.note);
      const std::uint32_t content = contents.empty() ? 0 : 1;
      s.submit(id, command::CompleteWrapUp{me, r.interaction, r.disposition, r.ticket_status, content}, {},
               std::move(contents));
    }
    void operator()(const request::Watch& r) { s.hub_.watch(s.shared_from_this(), r.board); }
    void operator()(const request::Pull& r) { s.submit(id, command::PullInteraction{me, r.interaction}); }
    void operator()(const request::WatchWaiting& r) {
      if (r.on) {
        s.hub_.waiting_list_.watch(me);
      } else {
        s.hub_.waiting_list_.unwatch(me);
      }
      if (id != 0) s.send(0, frame::Reply{id, true, {}, {}, 0});
    }
    void operator()(const request::SignOut&) { s.submit(id, command::SignOutAgent{me, s.id_}); }
  };
  const bool only_watching = std::holds_alternative<request::Watch>(request.body);
  if (observer_ && !only_watching) return refuse(id, "forbidden", "an observing console cannot do that");
  std::visit(Visitor{*this, id, me}, request.body);
  if (only_watching && id != 0) send(0, frame::Reply{id, true, {}, {}, 0});
}

}  // namespace sb::console
