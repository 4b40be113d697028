#include "bench/customers/websocket.h"

#include <boost/asio/post.hpp>
#include <random>
#include <utility>
#include <websocketpp/client.hpp>
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/core_client.hpp>
#include <websocketpp/logger/stub.hpp>

namespace sb::customers {
namespace {

// Frame masks need not be secret between two programs on one machine, but must differ.
class MaskSource {
 public:
  std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::minstd_rand engine_{std::random_device{}()};
};

struct ClientConfig : websocketpp::config::core_client {
  using type = ClientConfig;
  using concurrency_type = websocketpp::concurrency::none;
  using elog_type = websocketpp::log::stub;
  using alog_type = websocketpp::log::stub;
  using rng_type = MaskSource;
  static bool const enable_multithreading = false;
  struct transport_config : core_client::transport_config {
    using concurrency_type = ClientConfig::concurrency_type;
    using elog_type = ClientConfig::elog_type;
    using alog_type = ClientConfig::alog_type;
    static bool const enable_multithreading = false;
  };
  using transport_type = websocketpp::transport::iostream::endpoint<transport_config>;
  static const websocketpp::log::level elog_level = 0;
  static const websocketpp::log::level alog_level = 0;
  static const size_t connection_read_buffer_size = 4096;
  static const size_t max_message_size = 16U << 20U;
};

constexpr std::uint16_t kAbnormal = 1006;

using Client = websocketpp::client<ClientConfig>;

class Connection final : public Websocket, public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::io_context& io, Callbacks callbacks)
      : io_(io), wire_(std::make_shared<Wire>(io)), callbacks_(std::move(callbacks)) {}

  void start(Client& client, const WebsocketAddress& address) {
    websocketpp::lib::error_code error;
    codec_ = client.get_connection("ws://" + address.host + address.target, error);
    if (!error && !address.subprotocol.empty()) codec_->add_subprotocol(address.subprotocol, error);
    if (error) return finish(kAbnormal, error.message());
    if (!address.origin.empty()) codec_->append_header("Origin", address.origin);
    if (!address.cookie.empty()) codec_->append_header("Cookie", address.cookie);
    set_codec_handlers();
    Wire::Callbacks events;
    events.connected = [self = shared_from_this(), &client] { client.connect(self->codec_); };
    events.bytes = [self = shared_from_this()](std::string_view bytes) {
      self->codec_->read_all(bytes.data(), bytes.size());
    };
    events.closed = [self = shared_from_this()](const std::string& why) {
      self->wire_reason_ = why;
      self->codec_->eof();
      self->finish(kAbnormal, why);
    };
    wire_->connect(address.endpoint, address.source, std::move(events));
  }

  void send_text(std::string_view payload) override { send(payload, websocketpp::frame::opcode::text); }
  void send_binary(std::string_view payload) override { send(payload, websocketpp::frame::opcode::binary); }

  void close(std::uint16_t code, const std::string& reason) override {
    if (!open_) return drop_and_report();
    websocketpp::lib::error_code ignored;
    codec_->close(code, reason, ignored);
  }

  void drop() override {
    open_ = false;
    forget_callbacks();
    wire_->close();
  }

  [[nodiscard]] bool is_open() const override { return open_; }

 private:
  void set_codec_handlers() {
    const std::weak_ptr<Connection> weak = shared_from_this();
    codec_->set_write_handler([weak](websocketpp::connection_hdl, char const* bytes, size_t length) {
      if (const auto self = weak.lock()) self->wire_->write({bytes, length});
      return websocketpp::lib::error_code();
    });
    codec_->set_shutdown_handler([weak](websocketpp::connection_hdl) {
      if (const auto self = weak.lock()) self->wire_->close();
      return websocketpp::lib::error_code();
    });
    codec_->set_open_handler([weak](websocketpp::connection_hdl) {
      const auto self = weak.lock();
      if (!self) return;
      self->open_ = true;
      if (self->callbacks_.opened) self->callbacks_.opened();
    });
    codec_->set_fail_handler([weak](websocketpp::connection_hdl) {
      const auto self = weak.lock();
      if (!self) return;
      const int status = static_cast<int>(self->codec_->get_response_code());
      self->finish(kAbnormal,
                   status >= 300 ? "refused with HTTP " + std::to_string(status) : self->codec_->get_ec().message());
    });
    codec_->set_close_handler([weak](websocketpp::connection_hdl) {
      const auto self = weak.lock();
      if (!self) return;
      self->finish(self->codec_->get_remote_close_code(), self->codec_->get_remote_close_reason());
    });
    codec_->set_message_handler([weak](websocketpp::connection_hdl, Client::message_ptr message) {
      const auto self = weak.lock();
      if (!self || !self->callbacks_.message) return;
      self->callbacks_.message(message->get_payload(), message->get_opcode() == websocketpp::frame::opcode::binary);
    });
  }

  void send(std::string_view payload, websocketpp::frame::opcode::value opcode) {
    if (open_) codec_->send(payload.data(), payload.size(), opcode);
  }

  void drop_and_report() {
    wire_->close();
    finish(kAbnormal, "given up");
  }

  void finish(std::uint16_t code, const std::string& reason) {
    open_ = false;
    const auto closed = std::move(callbacks_.closed);
    forget_callbacks();
    wire_->close();
    if (closed) closed(code, code == kAbnormal && !wire_reason_.empty() ? wire_reason_ : reason);
  }

  // Not at once: one of them may be running.
  void forget_callbacks() {
    asio::post(io_, [kept = std::move(callbacks_)] {});
    callbacks_ = {};
  }

  asio::io_context& io_;
  std::shared_ptr<Wire> wire_;
  Callbacks callbacks_;
  Client::connection_ptr codec_;
  std::string wire_reason_;
  bool open_ = false;
};

}  // namespace

struct Websocket::Hub::Impl {
  explicit Impl(asio::io_context& context) : io(context) {}
  asio::io_context& io;
  Client client;
};

Websocket::Hub::Hub(asio::io_context& io) : impl_(std::make_unique<Impl>(io)) {}
Websocket::Hub::~Hub() = default;

std::shared_ptr<Websocket> Websocket::open(Hub& hub, const WebsocketAddress& address, Callbacks callbacks) {
  auto connection = std::make_shared<Connection>(hub.impl_->io, std::move(callbacks));
  connection->start(hub.impl_->client, address);
  return connection;
}

}  // namespace sb::customers
