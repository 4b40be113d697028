#include "tests/customers/fake_switchboard.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/json.hpp>
#include <optional>
#include <utility>

namespace sb::customers {
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
using Tcp = boost::asio::ip::tcp;

class FakeSession : public std::enable_shared_from_this<FakeSession> {
 public:
  FakeSession(FakeSwitchboard& server, Tcp::socket socket) : server_(server), socket_(std::move(socket)) {}

  void read_request() {
    request_ = {};
    http::async_read(socket_, buffer_, request_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return;
      if (beast::websocket::is_upgrade(self->request_)) return self->upgrade();
      self->answer();
    });
  }

  void send(std::string bytes) {
    out_.push_back(std::move(bytes));
    if (out_.size() == 1) write();
  }
  void send(const json::object& frame) { send(json::serialize(frame)); }
  void send(const Frame& frame) {
    std::string bytes;
    append_delimited(bytes, frame);
    send(std::move(bytes));
  }

  std::uint64_t interaction = 0;  // of a customer

 private:
  void answer() {
    response_ = {};
    response_.keep_alive(request_.keep_alive());
    const std::string body = request_.body();
    if (request_.target() == "/api/session") {
      const auto value = json::parse(body).as_object();
      response_.result(value.at("password").as_string() == "bench" ? 204 : 401);
      response_.set(http::field::set_cookie, "sb_session=" + std::string(value.at("login").as_string()) + "; HttpOnly");
    } else if (request_.target() == "/api/interactions" && request_["Authorization"] == "Bearer bench-api-key") {
      response_.result(201);
      const auto value = json::parse(body);
      const auto one = [&](const json::value& v) {
        return json::object{
            {"interaction", server_.arrive(std::string(v.as_object().at("text").as_string()), nullptr)}};
      };
      json::array results;
      if (value.is_array()) {
        for (const auto& v : value.as_array()) results.push_back(one(v));
        response_.body() = json::serialize(results);
      } else {
        response_.body() = json::serialize(one(value));
      }
    } else {
      response_.result(404);
    }
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) self->read_request();
    });
  }

  void upgrade() {
    console_ = request_.target() == "/ws/console";
    ws_.emplace(std::move(socket_));
    if (console_) {
      ws_->set_option(beast::websocket::stream_base::decorator([](beast::websocket::response_type& response) {
        response.set(http::field::sec_websocket_protocol, "switchboard.console.v1.protobuf");
      }));
    }
    ws_->binary(console_);
    ws_->async_accept(request_, [self = shared_from_this()](beast::error_code error) {
      if (error) return;
      if (self->console_) self->greet();
      self->read_frame();
    });
  }

  void greet() {
    Frame hello;
    hello.mutable_body()->mutable_hello()->set_protocol(1);
    Frame snapshot;
    snapshot.mutable_body()->mutable_snapshot();
    std::string bytes;
    append_delimited(bytes, hello);
    append_delimited(bytes, snapshot);
    send(std::move(bytes));
  }

  void read_frame() {
    buffer_.clear();
    ws_->async_read(buffer_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return;
      const std::string bytes = beast::buffers_to_string(self->buffer_.data());
      if (self->console_) {
        self->read_requests(bytes);
      } else {
        self->server_.take_chat(self, bytes);
      }
      self->read_frame();
    });
  }

  void read_requests(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bytes.front()));
      require_short(length);
      Request request;
      request.ParseFromArray(bytes.data() + 1, static_cast<int>(length));
      server_.take_request(shared_from_this(), request);
      bytes.remove_prefix(1 + length);
    }
  }

  // The customers' requests fit one length byte.
  static void require_short(std::size_t length) {
    if (length > 127) std::abort();
  }

  void write() {
    ws_->async_write(boost::asio::buffer(out_.front()),
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (error) return;
                       self->out_.pop_front();
                       if (!self->out_.empty()) self->write();
                     });
  }

  FakeSwitchboard& server_;
  Tcp::socket socket_;
  std::optional<beast::websocket::stream<Tcp::socket>> ws_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  std::deque<std::string> out_;
  bool console_ = false;
};

FakeSwitchboard::FakeSwitchboard(bool faults)
    : acceptor_(io_, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)), faults_(faults) {
  port_ = acceptor_.local_endpoint().port();
  accept();
  thread_ = std::thread([this] { io_.run(); });
}

FakeSwitchboard::~FakeSwitchboard() {
  io_.stop();
  thread_.join();
}

void FakeSwitchboard::accept() {
  acceptor_.async_accept([this](beast::error_code error, Tcp::socket socket) {
    if (error) return;
    socket.set_option(Tcp::no_delay(true));
    std::make_shared<FakeSession>(*this, std::move(socket))->read_request();
    accept();
  });
}

std::uint64_t FakeSwitchboard::arrive(const std::string& text, const std::shared_ptr<FakeSession>& customer) {
  const std::uint64_t id = ++made_;
  auto& interaction = interactions_[id];
  interaction.id = id;
  interaction.text = text;
  interaction.customer = customer;
  waiting_.push_back(id);
  match();
  return id;
}

void FakeSwitchboard::match() {
  while (!waiting_.empty() && !free_.empty()) {
    const auto agent = free_.front().lock();
    free_.pop_front();
    if (!agent) continue;
    auto& interaction = interactions_[waiting_.front()];
    waiting_.pop_front();
    if (interaction.over) {
      free_.push_front(agent);
      continue;
    }
    interaction.agent = agent;
    Frame frame;
    auto* offer = frame.mutable_body()->mutable_offer_arrived()->mutable_offer();
    offer->set_offer(interaction.id + 1'000'000);
    offer->set_interaction(interaction.id);
    offer->set_channel(switchboard::CHANNEL_CHAT);
    offer->set_preview(interaction.text);
    agent->send(frame);
  }
}

void FakeSwitchboard::take_request(const std::shared_ptr<FakeSession>& agent, const Request& request) {
  const auto& body = request.body();
  if (body.has_set_presence()) {
    Frame frame;
    frame.mutable_body()->mutable_reply()->set_request(request.id());
    frame.mutable_body()->mutable_reply()->set_ok(true);
    agent->send(frame);
    free_.push_back(agent);
    match();
  } else if (body.has_accept()) {
    const auto found = interactions_.find(body.accept().offer() - 1'000'000);
    if (found == interactions_.end()) return;
    Frame frame;
    auto* work = frame.mutable_body()->mutable_work_changed()->mutable_work();
    work->set_interaction(found->first);
    work->set_channel(switchboard::CHANNEL_CHAT);
    work->set_state("connected");
    work->set_language("en");
    agent->send(frame);
    if (const auto customer = found->second.customer.lock())
      customer->send(json::object{{"t", "assigned"}, {"agent", "Amy"}});
  } else if (body.has_send_message()) {
    const auto found = interactions_.find(body.send_message().interaction());
    if (found != interactions_.end()) post(found->second, true, body.send_message().text(), {});
  } else if (body.has_end()) {
    const auto found = interactions_.find(body.end().interaction());
    if (found != interactions_.end()) end(found->second, "agent");
  }
}

void FakeSwitchboard::take_chat(const std::shared_ptr<FakeSession>& customer, const std::string& text) {
  const auto frame = json::parse(text).as_object();
  const std::string type(frame.at("t").as_string());
  if (type == "hello") {
    customer->send(json::object{{"t", "welcome"}, {"visitor", "v1"}, {"active", false}, {"open", true}, {"last", 0}});
  } else if (type == "start") {
    customer->interaction = arrive(std::string(frame.at("text").as_string()), customer);
    post(interactions_[customer->interaction], false, std::string(frame.at("text").as_string()),
         std::string(frame.at("key").as_string()));
  } else if (customer->interaction == 0) {
    return;
  } else if (type == "message") {
    post(interactions_[customer->interaction], false, std::string(frame.at("text").as_string()),
         std::string(frame.at("key").as_string()));
  } else if (type == "end") {
    end(interactions_[customer->interaction], "customer");
  }
}

void FakeSwitchboard::post(Interaction& interaction, bool by_agent, const std::string& text, const std::string& key) {
  const auto number = interaction.messages += faults_ && by_agent ? 2 : 1;
  if (const auto customer = interaction.customer.lock()) {
    customer->send(
        json::object{{"t", "message"}, {"n", number}, {"from", by_agent ? "agent" : "customer"}, {"text", text}});
    if (!key.empty()) customer->send(json::object{{"t", "ack"}, {"key", key}, {"n", number}});
  }
  const auto agent = interaction.agent.lock();
  if (!agent) return;
  Frame frame;
  auto* arrived = frame.mutable_body()->mutable_message_arrived();
  arrived->set_interaction(interaction.id);
  arrived->mutable_message()->set_number(number);
  arrived->mutable_message()->set_author(by_agent ? switchboard::PARTY_AGENT : switchboard::PARTY_CUSTOMER);
  agent->send(frame);
}

void FakeSwitchboard::end(Interaction& interaction, const std::string& by) {
  if (std::exchange(interaction.over, true)) return;
  if (const auto customer = interaction.customer.lock()) customer->send(json::object{{"t", "ended"}, {"by", by}});
  const auto agent = interaction.agent.lock();
  if (!agent) return;
  Frame frame;
  frame.mutable_body()->mutable_work_gone()->set_interaction(interaction.id);
  frame.mutable_body()->mutable_work_gone()->set_reason("ended");
  agent->send(frame);
  free_.push_back(agent);
  match();
}

}  // namespace sb::customers
