#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "certificate.h"
#include "net/server.h"
#include "wire.h"

namespace sb::net {
namespace {

using std::chrono::milliseconds;
using test::client_frame;
using test::close_frame;
using test::Frame;
using test::text_frame;
using test::Wire;

// What one handler has been told, to be waited for by the test's thread.
struct Seen {
  std::mutex lock;
  std::condition_variable changed;
  std::shared_ptr<WebSocket> socket;
  std::optional<std::uint16_t> closed;
  int drained = 0;
  bool wrong_thread = false;

  template <typename Condition>
  bool wait(Condition condition) {
    std::unique_lock guard(lock);
    return changed.wait_for(guard, std::chrono::seconds(10), condition);
  }
  std::shared_ptr<WebSocket> wait_for_socket() {
    wait([this] { return socket != nullptr; });
    return socket;
  }
  bool wait_for_close(std::uint16_t code) {
    return wait([this] { return closed.has_value(); }) && closed == code;
  }
};

class EchoHandler : public WsHandler {
 public:
  EchoHandler(IoThreads& io, std::shared_ptr<Seen> seen) : io_(io), seen_(std::move(seen)) {}

  void on_open(std::shared_ptr<WebSocket> socket) override {
    socket_ = socket;
    note([&] { seen_->socket = std::move(socket); });
  }
  void on_message(std::string_view payload, bool binary) override {
    if (payload == "throw") throw std::runtime_error("handler failed");
    note([] {});
    socket_->send(std::make_shared<const std::string>(payload), binary);
  }
  void on_close(std::uint16_t code) override {
    note([&] { seen_->closed = code; });
    socket_.reset();
  }
  void on_drained() override {
    note([&] { ++seen_->drained; });
  }

 private:
  template <typename Change>
  void note(Change change) {
    const std::scoped_lock guard(seen_->lock);
    if (!io_.on_thread(socket_->io_thread())) seen_->wrong_thread = true;
    change();
    seen_->changed.notify_all();
  }

  IoThreads& io_;
  std::shared_ptr<Seen> seen_;
  std::shared_ptr<WebSocket> socket_;
};

class WebSocketServer : public ::testing::Test {
 protected:
  void start() {
    io_.start();
    server_ = std::make_unique<Server>(
        io_, options_, [](Request&& request, Reply reply) { reply(Response::text(404, request.path)); },
        [this](const Request& request) -> std::expected<WsAccept, Response> {
          if (request.path == "/forbidden") return std::unexpected(Response::error(403, "forbidden", "no"));
          WsAccept accept;
          if (request.headers.find("Sec-WebSocket-Protocol")) accept.subprotocol = "chat.v1";
          if (request.path == "/small") accept.max_message_bytes = 100;
          const std::scoped_lock guard(seen_lock_);
          accept.handler = std::make_shared<EchoHandler>(io_, seen_.emplace_back(std::make_shared<Seen>()));
          return accept;
        });
    ASSERT_TRUE(server_->start());
  }

  void TearDown() override {
    server_.reset();
    io_.stop();
    for (const auto& seen : seen_) EXPECT_FALSE(seen->wrong_thread);
  }

  std::shared_ptr<Seen> last_seen() {
    const std::scoped_lock guard(seen_lock_);
    return seen_.back();
  }

  // Sends `bytes` on a fresh websocket and returns the code of the close frame that answers.
  std::uint16_t close_code_after(std::string_view bytes, std::string_view path = "/ws") {
    Wire wire(server_->port());
    EXPECT_EQ(wire.upgrade(path), 101u);
    EXPECT_TRUE(wire.send(bytes));
    const auto frame = wire.read_frame();
    if (!frame || frame->opcode != 8) return 0;
    wire.send(close_frame(frame->close_code()));
    EXPECT_TRUE(wire.read_end());
    wire.finish_writing();
    EXPECT_TRUE(last_seen()->wait_for_close(frame->close_code()));
    return frame->close_code();
  }

  IoThreads io_{2};
  Server::Options options_;
  std::unique_ptr<Server> server_;
  std::mutex seen_lock_;
  std::vector<std::shared_ptr<Seen>> seen_;
};

TEST_F(WebSocketServer, ShakesHandsAsTheRfcShows) {
  start();
  Wire wire(server_->port());
  wire.send(test::get("/ws",
                      "Upgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Protocol: chat.v1, other\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  const auto answer = wire.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 101u);
  EXPECT_NE(answer->head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
  EXPECT_NE(answer->head.find("Sec-WebSocket-Protocol: chat.v1\r\n"), std::string::npos);
}

TEST_F(WebSocketServer, RefusesBadHandshakes) {
  start();
  Wire forbidden(server_->port());
  EXPECT_EQ(forbidden.upgrade("/forbidden"), 403u);
  Wire old(server_->port());
  old.send(test::get("/ws",
                     "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  EXPECT_EQ(old.read_answer()->status, 426u);
  Wire no_key(server_->port());
  no_key.send(test::get("/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"));
  EXPECT_EQ(no_key.read_answer()->status, 400u);
}

TEST_F(WebSocketServer, EchoesTextBinaryAndFragments) {
  options_.ws_max_message_bytes = 300'000;
  start();
  Wire wire(server_->port());
  ASSERT_EQ(wire.upgrade("/ws"), 101u);
  for (const std::size_t size : {0u, 1u, 125u, 126u, 65'535u, 65'536u, 300'000u}) {
    const std::string payload(size, 'a');
    ASSERT_TRUE(wire.send(client_frame(0x82, payload)));
    const auto frame = wire.read_frame();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, 2);
    EXPECT_TRUE(frame->payload == payload) << size;
  }
  // One message in three fragments with a ping between, byte by byte.
  const std::string bytes = client_frame(0x01, "gr\xc3") + client_frame(0x89, "are you there") +
                            client_frame(0x00, "\xbc") + client_frame(0x80, "n");
  for (const char byte : bytes) ASSERT_TRUE(wire.send({&byte, 1}));
  const auto pong = wire.read_frame();
  ASSERT_TRUE(pong);
  EXPECT_EQ(pong->opcode, 10);
  EXPECT_EQ(pong->payload, "are you there");
  const auto message = wire.read_frame();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->opcode, 1);
  EXPECT_EQ(message->payload, "gr\xc3\xbcn");
}

TEST_F(WebSocketServer, DecodesFramesThatCameWithTheHandshake) {
  start();
  Wire wire(server_->port());
  wire.send(test::get("/ws",
                      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n") +
            text_frame("early") + text_frame("bird"));
  EXPECT_EQ(wire.read_answer()->status, 101u);
  EXPECT_EQ(wire.read_frame()->payload, "early");
  EXPECT_EQ(wire.read_frame()->payload, "bird");
}

TEST_F(WebSocketServer, WorksOverTls) {
  const test::Certificate certificate("127.0.0.1");
  options_.certificate_file = certificate.certificate_file();
  options_.key_file = certificate.key_file();
  options_.ws_max_message_bytes = 300'000;
  options_.ws_send_buffer_max = 64 * 1024 * 1024;
  start();
  Wire wire(server_->port(), 4096, Wire::Tls::yes);
  // The handshake and two frames in one TLS record.
  wire.send(test::get("/ws",
                      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n") +
            text_frame("early") + text_frame("bird"));
  EXPECT_EQ(wire.read_answer()->status, 101u);
  EXPECT_EQ(wire.read_frame()->payload, "early");
  EXPECT_EQ(wire.read_frame()->payload, "bird");
  const std::string large(300'000, 'x');
  ASSERT_TRUE(wire.send(client_frame(0x82, large)));
  EXPECT_TRUE(wire.read_frame()->payload == large);
  // More than the kernel takes at once: writes that block and go on.
  const auto socket = last_seen()->wait_for_socket();
  const auto payload = std::make_shared<const std::string>(100'000, 'y');
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(socket->send(std::make_shared<const std::string>(std::to_string(i)), false));
    ASSERT_TRUE(socket->send(payload, true));
  }
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(wire.read_frame()->payload, std::to_string(i));
    ASSERT_TRUE(wire.read_frame()->payload == *payload);
  }
  ASSERT_TRUE(wire.send(close_frame(1000)));
  EXPECT_EQ(wire.read_frame()->close_code(), 1000);
  EXPECT_TRUE(wire.read_end());
}

TEST_F(WebSocketServer, ClosesOnProtocolErrors) {
  start();
  EXPECT_EQ(close_code_after(std::string("\x81\x01x", 3)), 1002);                        // not masked
  EXPECT_EQ(close_code_after(client_frame(0xc1, "x")), 1002);                            // reserved bit
  EXPECT_EQ(close_code_after(client_frame(0x83, "x")), 1002);                            // unknown opcode
  EXPECT_EQ(close_code_after(client_frame(0x80, "x")), 1002);                            // nothing to continue
  EXPECT_EQ(close_code_after(client_frame(0x01, "x") + client_frame(0x81, "y")), 1002);  // not continued
  EXPECT_EQ(close_code_after(client_frame(0x09, "x")), 1002);                            // fragmented ping
  EXPECT_EQ(close_code_after(client_frame(0x89, std::string(126, 'x'))), 1002);          // long ping
  EXPECT_EQ(close_code_after(client_frame(0x88, "x")), 1002);                            // half a close code
  EXPECT_EQ(close_code_after(close_frame(1005)), 1002);                                  // code not for the wire
  EXPECT_EQ(close_code_after(std::string("\x81\xfe\x00\x05mask", 8)), 1002);             // length not minimal
}

TEST_F(WebSocketServer, ClosesOnInvalidUtf8AndOversize) {
  start();
  EXPECT_EQ(close_code_after(text_frame("\xc3\x28")), 1007);
  EXPECT_EQ(close_code_after(client_frame(0x01, "\xc3") + client_frame(0x80, "x")), 1007);
  EXPECT_EQ(close_code_after(client_frame(0x88, "\x03\xe8\xff")), 1007);
  EXPECT_EQ(close_code_after(text_frame(std::string(101, 'x')), "/small"), 1009);
  EXPECT_EQ(
      close_code_after(client_frame(0x01, std::string(60, 'x')) + client_frame(0x80, std::string(60, 'x')), "/small"),
      1009);
  EXPECT_EQ(close_code_after(text_frame("throw")), 1011);
}

TEST_F(WebSocketServer, AnswersThePeersClose) {
  start();
  EXPECT_EQ(close_code_after(close_frame(1000)), 1000);
  EXPECT_EQ(close_code_after(close_frame(4001)), 4001);
  Wire wire(server_->port());
  ASSERT_EQ(wire.upgrade("/ws"), 101u);
  ASSERT_TRUE(wire.send(client_frame(0x88, "")));
  const auto frame = wire.read_frame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, 8);
  EXPECT_TRUE(frame->payload.empty());
  EXPECT_TRUE(last_seen()->wait_for_close(close_code::kNoStatus));
}

TEST_F(WebSocketServer, ReportsACutConnection) {
  start();
  {
    Wire wire(server_->port());
    ASSERT_EQ(wire.upgrade("/ws"), 101u);
  }
  EXPECT_TRUE(last_seen()->wait_for_close(close_code::kAbnormal));
  EXPECT_FALSE(last_seen()->socket->send(std::make_shared<const std::string>("late"), false));
}

TEST_F(WebSocketServer, ServerSideCloseSendsWhatWasQueuedFirst) {
  start();
  Wire wire(server_->port());
  ASSERT_EQ(wire.upgrade("/ws"), 101u);
  const auto seen = last_seen();
  const auto socket = seen->wait_for_socket();
  EXPECT_EQ(socket->remote_address(), "127.0.0.1");
  EXPECT_TRUE(socket->send(std::make_shared<const std::string>("last words"), false));
  socket->close(4002, "bye");
  EXPECT_FALSE(socket->send(std::make_shared<const std::string>("more"), false));
  EXPECT_EQ(wire.read_frame()->payload, "last words");
  const auto frame = wire.read_frame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->close_code(), 4002);
  EXPECT_EQ(frame->payload.substr(2), "bye");
  wire.send(close_frame(4002));
  EXPECT_TRUE(seen->wait_for_close(4002));
}

TEST_F(WebSocketServer, PingsAndGivesUpOnSilence) {
  options_.ws_ping_interval = milliseconds(60);
  options_.ws_pong_timeout = milliseconds(200);
  start();
  Wire wire(server_->port());
  ASSERT_EQ(wire.upgrade("/ws"), 101u);
  for (int i = 0; i < 3; ++i) {
    const auto ping = wire.read_frame();
    ASSERT_TRUE(ping);
    EXPECT_EQ(ping->opcode, 9);
    ASSERT_TRUE(wire.send(client_frame(0x8a, ping->payload)));
  }
  EXPECT_EQ(wire.read_frame()->opcode, 9);
  EXPECT_TRUE(wire.read_end());
  EXPECT_TRUE(last_seen()->wait_for_close(close_code::kAbnormal));
}

TEST_F(WebSocketServer, SlowReaderOverflowsWithoutBuffering) {
  options_.ws_send_buffer_max = 256 * 1024;
  start();
  Wire wire(server_->port(), 4096);
  ASSERT_EQ(wire.upgrade("/ws"), 101u);
  const auto seen = last_seen();
  const auto socket = seen->wait_for_socket();
  const auto payload = std::make_shared<const std::string>(16 * 1024, 'x');
  std::size_t accepted = 0;
  // The kernel takes some megabytes at most; after that our own limit must hold.
  while (accepted < 10'000 && socket->send(payload, true)) {
    ++accepted;
    EXPECT_LE(socket->buffered_bytes(), options_.ws_send_buffer_max);
    std::this_thread::yield();
  }
  ASSERT_LT(accepted, 10'000u);
  // Refused once does not mean stuck: what the kernel can still take leaves, then everything stands still.
  while (socket->send(payload, true)) ++accepted;
  EXPECT_LE(payload.use_count(), 3 + static_cast<long>(options_.ws_send_buffer_max / payload->size()));
  for (std::size_t i = 0; i < accepted; ++i) {
    const auto frame = wire.read_frame();
    ASSERT_TRUE(frame) << i << " of " << accepted;
    ASSERT_EQ(frame->payload.size(), payload->size());
  }
  EXPECT_TRUE(seen->wait([&] { return seen->drained >= 1; }));
  EXPECT_EQ(socket->buffered_bytes(), 0u);
  EXPECT_TRUE(socket->send(payload, true));
  EXPECT_EQ(wire.read_frame()->payload.size(), payload->size());
}

TEST_F(WebSocketServer, PingFloodWithoutReadingStaysBounded) {
  options_.ws_send_buffer_max = 64 * 1024;
  start();
  Wire wire(server_->port(), 4096);
  ASSERT_EQ(wire.upgrade("/ws"), 101u);
  const auto socket = last_seen()->wait_for_socket();
  std::string pings;
  for (int i = 0; i < 1000; ++i) pings += client_frame(0x89, std::string(125, 'p'));
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(wire.send(pings));
    ASSERT_LT(socket->buffered_bytes(), options_.ws_send_buffer_max);
  }
}

TEST_F(WebSocketServer, BatchesFromOtherThreadsKeepTheirOrder) {
  constexpr int kSockets = 8;
  constexpr int kMessages = 2000;
  options_.ws_send_buffer_max = 64 * 1024 * 1024;
  start();
  std::vector<std::unique_ptr<Wire>> wires;
  std::vector<std::shared_ptr<WebSocket>> sockets;
  for (int i = 0; i < kSockets; ++i) {
    wires.push_back(std::make_unique<Wire>(server_->port()));
    ASSERT_EQ(wires.back()->upgrade("/ws"), 101u);
    sockets.push_back(last_seen()->wait_for_socket());
  }
  EXPECT_NE(sockets[0]->io_thread(), sockets[1]->io_thread());
  const auto produce = [&](char name) {
    SendBatch batch;
    for (int i = 0; i < kMessages; ++i) {
      const auto payload = std::make_shared<const std::string>(name + std::to_string(i));
      for (const auto& socket : sockets) ASSERT_TRUE(batch.add(socket, payload, false));
      if (i % 7 == 0) batch.flush();
      if (i % 100 == 7) {
        batch.flush();
        ++i;
        const auto single = std::make_shared<const std::string>(name + std::to_string(i));
        for (const auto& socket : sockets) ASSERT_TRUE(socket->send(single, false));
      }
    }
  };
  std::jthread a(produce, 'a');
  std::jthread b(produce, 'b');
  for (auto& wire : wires) {
    int next[2] = {0, 0};
    for (int i = 0; i < 2 * kMessages; ++i) {
      const auto frame = wire->read_frame();
      ASSERT_TRUE(frame);
      int& expected = next[frame->payload[0] - 'a'];
      ASSERT_EQ(frame->payload.substr(1), std::to_string(expected));
      ++expected;
    }
  }
}

TEST_F(WebSocketServer, StopClosesWith1012) {
  start();
  Wire polite(server_->port());
  ASSERT_EQ(polite.upgrade("/ws"), 101u);
  const auto seen = last_seen();
  seen->wait_for_socket();
  std::jthread stopping([this] { server_->stop(milliseconds(10'000)); });
  const auto frame = polite.read_frame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->close_code(), 1012);
  polite.send(close_frame(1012));
  stopping.join();
  EXPECT_TRUE(seen->wait_for_close(1012));
  EXPECT_EQ(server_->open_connections(), 0u);
}

TEST_F(WebSocketServer, StopCutsASocketThatDoesNotAnswer) {
  start();
  Wire silent(server_->port());
  ASSERT_EQ(silent.upgrade("/ws"), 101u);
  const auto seen = last_seen();
  seen->wait_for_socket();
  server_->stop(milliseconds(50));
  EXPECT_EQ(server_->open_connections(), 0u);
  EXPECT_TRUE(seen->wait_for_close(1012));
}

}  // namespace
}  // namespace sb::net
