#include "bench/customers/console_link.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

namespace sb::customers {
namespace {

constexpr int kSignInTriesMax = 120;

void try_sign_in(asio::io_context& io, HttpClient& http, const std::string& body, int tries,
                 std::function<void(const std::string&, const std::string&)> done) {
  http.send("POST", "/api/session", {{"Content-Type", "application/json"}, {"X-Switchboard", "1"}}, body,
            [&io, &http, body, tries, done = std::move(done)](const HttpReply& reply) {
              if (reply.status == 429 && tries < kSignInTriesMax) {
                auto timer = std::make_shared<asio::steady_timer>(io, std::chrono::seconds(1));
                timer->async_wait([&io, &http, body, tries, done, timer](boost::system::error_code error) {
                  if (!error) try_sign_in(io, http, body, tries + 1, done);
                });
                return;
              }
              const std::string cookie = reply.header("Set-Cookie");
              const std::string pair = cookie.substr(0, cookie.find(';'));
              if (reply.status == 204 && pair.rfind("sb_session=", 0) == 0) return done(pair, {});
              done({}, "sign-in was answered " + std::to_string(reply.status) + " " + reply.body.substr(0, 200));
            });
}

thread_local Frame reused_frame;

}  // namespace

void sign_in(asio::io_context& io, HttpClient& http, const AgentLogin& agent,
             std::function<void(const std::string&, const std::string&)> done) {
  const boost::json::object body = {{"login", agent.login}, {"password", agent.password}};
  try_sign_in(io, http, boost::json::serialize(body), 0, std::move(done));
}

void ConsoleLink::open(Websocket::Hub& hub, const Settings& settings, const std::string& cookie, Callbacks callbacks) {
  callbacks_ = std::make_shared<Callbacks>(std::move(callbacks));
  WebsocketAddress address;
  address.endpoint = settings.server;
  address.host = settings.host;
  address.target = "/ws/console";
  address.origin = settings.public_url;
  address.cookie = cookie;
  address.subprotocol = "switchboard.console.v1.protobuf";
  Websocket::Callbacks events;
  events.message = [self = shared_from_this()](std::string_view payload, bool binary) { self->take(payload, binary); };
  events.closed = [self = shared_from_this()](std::uint16_t code, const std::string& reason) {
    if (const auto last = std::exchange(self->callbacks_, nullptr)) {
      last->closed("closed with " + std::to_string(code) + " " + reason);
    }
  };
  socket_ = Websocket::open(hub, address, std::move(events));
}

void ConsoleLink::take(std::string_view payload, bool binary) {
  const auto callbacks = callbacks_;  // close() may be called from within one
  const bool good = binary && read_frames(payload, reused_frame, [&](const Frame& frame) {
                      if (callbacks_) callbacks->frame(frame);
                    });
  if (good) return send();
  close();
  if (callbacks) callbacks->closed("sent bytes that are no frames");
}

Request& ConsoleLink::next() {
  request_.Clear();
  return request_;
}

void ConsoleLink::add() {
  append_delimited(collected_, request_);
}

void ConsoleLink::send() {
  if (collected_.empty() || !socket_) return;
  socket_->send_binary(collected_);
  collected_.clear();
}

void ConsoleLink::accept(std::uint64_t offer) {
  next().mutable_body()->mutable_accept()->set_offer(offer);
  add();
}

void ConsoleLink::end(std::uint64_t interaction) {
  next().mutable_body()->mutable_end()->set_interaction(interaction);
  add();
}

void ConsoleLink::say(std::uint64_t interaction, const std::string& text, const std::string& key) {
  auto* message = next().mutable_body()->mutable_send_message();
  message->set_interaction(interaction);
  message->set_text(text);
  message->set_key(key);
  add();
}

void ConsoleLink::typing(std::uint64_t interaction) {
  next().mutable_body()->mutable_send_typing()->set_interaction(interaction);
  add();
}

void ConsoleLink::hold(std::uint64_t interaction, bool on) {
  auto* body = next().mutable_body();
  if (on) {
    body->mutable_hold()->set_interaction(interaction);
  } else {
    body->mutable_resume()->set_interaction(interaction);
  }
  add();
}

void ConsoleLink::wrap_up(std::uint64_t interaction, const std::string& disposition, const std::string& note) {
  auto* wrap_up = next().mutable_body()->mutable_complete_wrap_up();
  wrap_up->set_interaction(interaction);
  wrap_up->set_disposition(disposition);
  wrap_up->set_note(note);
  add();
}

void ConsoleLink::set_available(std::uint64_t id) {
  auto& request = next();
  request.set_id(id);
  request.mutable_body()->mutable_set_presence()->set_presence(switchboard::PRESENCE_AVAILABLE);
  add();
}

void ConsoleLink::close() {
  callbacks_.reset();
  if (const auto socket = std::exchange(socket_, nullptr)) socket->drop();
}

}  // namespace sb::customers
