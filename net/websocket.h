#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sb::net {

class WsConnection;
struct OutboundFrame;

// One accepted websocket. Every function may be called from any thread; what one thread sends arrives in that order.
class WebSocket {
 public:
  using Payload = std::shared_ptr<const std::string>;

  virtual ~WebSocket() = default;
  // False if the socket is closing or the payload would exceed the send buffer; then nothing was queued, and after an
  // overflow the handler hears on_drained() once everything queued has left. A payload larger than the whole
  // buffer is taken only while the buffer is empty.
  virtual bool send(Payload payload, bool binary) = 0;
  // Sends a close frame after what is queued and waits a bounded time for the peer's.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  [[nodiscard]] virtual std::size_t buffered_bytes() const = 0;  // queued and not yet accepted by the kernel
  [[nodiscard]] virtual unsigned io_thread() const = 0;
  [[nodiscard]] virtual const std::string& remote_address() const = 0;

 private:
  friend class SendBatch;
  virtual std::shared_ptr<WsConnection> connection() = 0;
};

// What the owner of a websocket implements. All calls come on the connection's io thread, one at a time and in order:
// on_open, then any of on_message / on_drained, then on_close exactly once. The handler is released after on_close.
class WsHandler {
 public:
  virtual ~WsHandler() = default;
  virtual void on_open(std::shared_ptr<WebSocket> socket) = 0;
  virtual void on_message(std::string_view payload, bool binary) = 0;  // the bytes are valid during the call only
  virtual void on_close(std::uint16_t code) = 0;  // the peer's code, or ours if we began; 1006 if it was cut off
  virtual void on_drained() {}
};

// Close codes of RFC 6455 section 7.4.1 and the IANA registry.
namespace close_code {
inline constexpr std::uint16_t kNormal = 1000, kGoingAway = 1001, kProtocolError = 1002, kNoStatus = 1005,
                               kAbnormal = 1006, kInvalidUtf8 = 1007, kPolicy = 1008, kTooBig = 1009,
                               kInternalError = 1011, kServiceRestart = 1012, kTryAgainLater = 1013;
}

// Messages for many sockets, handed over with one wake-up per io thread. Used by one thread at a time; order per socket
// is the order of add() and, for a caller that also uses send(), the order of flush() and send().
class SendBatch {
 public:
  SendBatch();
  ~SendBatch();  // flushes
  SendBatch(SendBatch&&) noexcept;
  SendBatch& operator=(SendBatch&&) noexcept;

  bool add(const std::shared_ptr<WebSocket>& socket, WebSocket::Payload payload, bool binary);  // as WebSocket::send
  void flush();

 private:
  std::vector<std::vector<OutboundFrame>> by_thread_;
};

}  // namespace sb::net
