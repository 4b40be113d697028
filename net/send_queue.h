#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/ws_frame.h"

namespace sb::net {

class IoThread;
class WsConnection;

// One thing for a websocket to do, on its way to its io thread.
struct OutboundFrame {
  enum class Kind : std::uint8_t { message, close, check_drained };
  std::shared_ptr<WsConnection> target{};
  std::shared_ptr<const std::string> payload{};  // of a close: the reason
  Kind kind = Kind::message;
  WsOpcode opcode = WsOpcode::text;
  std::uint16_t close_code = 0;
};

// What other threads want sent by the connections of one io thread, and which of these have something to write.
// Frames that arrive together leave together: every connection is flushed once per drain.
class SendQueue {
 public:
  explicit SendQueue(IoThread& thread) : thread_(thread) {}

  void push(OutboundFrame frame);                              // any thread
  void push_all(std::vector<OutboundFrame>& frames);           // any thread; leaves `frames` empty
  void flush_later(std::shared_ptr<WsConnection> connection);  // io thread; at the end of the current turn
  void drop();                                                 // after the thread ended

 private:
  void drain();
  void flush();

  IoThread& thread_;
  std::mutex lock_;
  std::vector<OutboundFrame> incoming_;  // guarded by lock_
  std::vector<OutboundFrame> current_;
  std::vector<std::shared_ptr<WsConnection>> dirty_;
  bool flush_is_coming_ = false;
};

}  // namespace sb::net
