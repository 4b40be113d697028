#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/send_queue.h"
#include "net/server.h"
#include "net/server_connection.h"
#include "net/websocket.h"
#include "net/ws_frame.h"

namespace sb::net {

// A websocket after its handshake. Everything on the io thread except the WebSocket functions.
class WsConnection final : public ServerConnection, public WebSocket, private WsDecoder::Sink {
 public:
  WsConnection(std::shared_ptr<ServerCore> core, std::shared_ptr<IoThread> thread, std::unique_ptr<Transport> transport,
               std::string remote_address, WsAccept accept);

  void start(std::string response_head, std::string first_bytes);
  void begin_stop() override;
  void abort() override;

  bool send(Payload payload, bool binary) override;
  void close(std::uint16_t code, std::string_view reason) override;
  [[nodiscard]] std::size_t buffered_bytes() const override { return buffered_.load(std::memory_order_relaxed); }
  [[nodiscard]] unsigned io_thread() const override { return thread_->index(); }
  [[nodiscard]] const std::string& remote_address() const override { return remote_address_; }
  std::shared_ptr<WsConnection> connection() override;

  // Accounts for a frame that will be handed to apply(). False: closing, or it would overflow.
  [[nodiscard]] bool reserve(std::size_t payload_bytes);
  [[nodiscard]] bool is_current() const { return thread_->is_current(); }
  [[nodiscard]] SendQueue& send_queue() { return thread_->send_queue(); }
  void apply(OutboundFrame& frame);  // io thread
  void flush();                      // io thread
  bool is_dirty = false;             // SendQueue's mark: already on its list

 private:
  struct Frame {
    std::array<std::uint8_t, kWsHeaderBytesMax> header;
    std::uint8_t header_bytes;
    WsOpcode opcode;
    Payload payload;
    [[nodiscard]] std::size_t bytes() const { return header_bytes + payload->size(); }
  };

  void on_ready(std::uint32_t events) override;
  void on_deadline(std::int64_t now_ms) override;
  bool on_message(std::string_view payload, bool binary) override;
  bool on_ping(std::string_view payload) override;
  void on_pong(std::string_view) override {}
  void on_close_frame(std::uint16_t code, std::string_view reason) override;

  void read_some();
  void decode(std::span<char> bytes);
  void enqueue(WsOpcode opcode, Payload payload);
  void enqueue_control(WsOpcode opcode, std::string payload);
  void enqueue_close(std::uint16_t code, std::string_view reason);
  void begin_close(std::uint16_t code, std::string_view reason);
  void fail(std::uint16_t code);
  [[nodiscard]] std::size_t gather(std::span<iovec> pieces) const;
  void consume(std::size_t bytes);
  void after_flush();
  void finish(std::uint16_t code);
  void flush_later();
  void report_drained();

  std::string remote_address_;
  std::shared_ptr<WsHandler> handler_;
  WsDecoder decoder_;
  std::vector<Frame> queue_;  // from queue_at_ on
  std::size_t queue_at_ = 0;
  std::size_t head_sent_bytes_ = 0;  // of the first frame
  std::int64_t last_heard_ms_ = 0;
  std::atomic<std::size_t> buffered_ = 0;
  std::atomic<bool> overflowed_ = false;
  std::atomic<bool> closing_ = false;  // no more sends
  std::uint16_t close_code_ = close_code::kAbnormal;
  std::uint8_t queued_pongs_ = 0;
  bool ping_is_out_ = false;
  bool close_sent_ = false;
  bool ends_after_flush_ = false;  // both close frames are there
  bool discards_input_ = false;    // the peer broke the protocol
};

}  // namespace sb::net
