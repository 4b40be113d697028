#include "bench/customers/chat_link.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace sb::customers {
namespace json = boost::json;
namespace {

const std::set<std::string_view> kKnownTypes = {"welcome", "queued", "assigned", "message", "ack",
                                                "typing",  "ended",  "ticket",   "error"};

}  // namespace

std::string text_of(const json::object& frame, std::string_view key) {
  const auto* value = frame.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::uint64_t number_of(const json::object& frame, std::string_view key) {
  const auto* value = frame.if_contains(key);
  if (value == nullptr) return 0;
  if (value->is_uint64()) return value->get_uint64();
  return value->is_int64() && value->get_int64() > 0 ? static_cast<std::uint64_t>(value->get_int64()) : 0;
}

void ChatLink::open(Websocket::Hub& hub, const Settings& settings, const std::optional<asio::ip::address>& source,
                    Callbacks callbacks) {
  callbacks_ = std::make_shared<Callbacks>(std::move(callbacks));
  WebsocketAddress address;
  address.endpoint = settings.server;
  address.host = settings.host;
  address.target = "/ws/chat";
  address.origin = settings.public_url;
  address.source = source;
  Websocket::Callbacks events;
  events.opened = [self = shared_from_this()] {
    if (const auto current = self->callbacks_) current->opened();
  };
  events.message = [self = shared_from_this()](std::string_view payload, bool binary) { self->take(payload, binary); };
  events.closed = [self = shared_from_this()](std::uint16_t code, const std::string& reason) {
    if (const auto last = std::exchange(self->callbacks_, nullptr)) last->closed(code, reason);
  };
  socket_ = Websocket::open(hub, address, std::move(events));
}

void ChatLink::hello(const Hello& hello) {
  last_number_ = highest_number_ = hello.since;
  json::object frame = {{"t", "hello"},
                        {"visitor", hello.visitor},
                        {"since", hello.since},
                        {"language", hello.language},
                        {"page", hello.page}};
  if (!hello.identity.empty()) frame["identity"] = hello.identity;
  if (!hello.queue.empty()) frame["queue"] = hello.queue;
  send(frame);
}

void ChatLink::start(const std::string& text, const std::string& name, const std::string& queue) {
  json::object frame = {{"t", "start"}, {"key", new_key()}, {"text", text}};
  if (!name.empty()) frame["name"] = name;
  if (!queue.empty()) frame["queue"] = queue;
  may_restart_ = true;
  send(frame);
}

void ChatLink::message(const std::string& text) {
  send(json::object{{"t", "message"}, {"key", new_key()}, {"text", text}});
}

void ChatLink::typing() {
  send(json::object{{"t", "typing"}});
}

void ChatLink::end() {
  send(json::object{{"t", "end"}});
}

void ChatLink::close() {
  if (socket_) socket_->close(1000, "done");
}

void ChatLink::drop() {
  callbacks_.reset();
  if (const auto socket = std::exchange(socket_, nullptr)) socket->drop();
}

std::string ChatLink::new_key() {
  std::string key = "m" + std::to_string(++keys_);
  unacknowledged_.insert(key);
  return key;
}

void ChatLink::send(const json::object& frame) {
  if (socket_) socket_->send_text(json::serialize(frame));
}

void ChatLink::problem(const std::string& what) {
  if (const auto callbacks = callbacks_) callbacks->problem(what);
}

void ChatLink::take(std::string_view payload, bool binary) {
  const auto keep = shared_from_this();
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(payload.data(), payload.size()), error);
  if (binary || error || !value.is_object())
    return problem("chat frame is no JSON object: " + std::string(payload.substr(0, 80)));
  const auto& frame = value.get_object();
  const std::string type = text_of(frame, "t");
  check(type, frame);
  if (const auto callbacks = callbacks_) callbacks->frame(type, frame);
}

void ChatLink::check(std::string_view type, const json::object& frame) {
  if (!kKnownTypes.count(type)) return problem("unknown chat frame '" + std::string(type) + "'");
  if (type == "welcome") {
    if (std::exchange(welcomed_, true)) problem("a second welcome");
    if (text_of(frame, "visitor").empty()) problem("a welcome without a visitor token");
  } else if (!welcomed_) {
    problem("'" + std::string(type) + "' before welcome");
  }
  if (type == "message") {
    const auto number = number_of(frame, "n");
    const bool restarted = std::exchange(may_restart_, false) && number == 1;
    if (number <= last_number_ && !restarted) problem("message " + std::to_string(number) + " came twice");
    see(number, restarted);
    last_number_ = number;
  }
  if (type == "ack") see(number_of(frame, "n"), may_restart_ && number_of(frame, "n") == 1);
  if (type == "ack" && unacknowledged_.erase(text_of(frame, "key")) == 0) {
    problem("an ack for '" + text_of(frame, "key") + "', which was not waiting for one");
  }
}

// Numbers come by messages and by acks of own ones; none may be left out.
void ChatLink::see(std::uint64_t number, bool restarted) {
  if (restarted) highest_number_ = last_number_ = 0;
  if (number > highest_number_ + 1) {
    problem("number " + std::to_string(number) + " after " + std::to_string(highest_number_));
  }
  highest_number_ = std::max(highest_number_, number);
}

}  // namespace sb::customers
