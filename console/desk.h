#pragma once
// One agent's console, with or without a connection: the frames of a group gathered into one message, the recent
// messages kept for resuming, and the websocket they go to.
//
// While the websocket is too slow nothing is buffered for it: frames are dropped, and when it has drained the hub sends
// a snapshot.
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "net/websocket.h"
#include "proto/console.h"

namespace sb::console {

enum class Encoding : std::uint8_t { kJson, kProtobuf };

// Several frames as one websocket message.
class FrameBuffer {
 public:
  void add(const Frame& frame, Encoding encoding);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] Seq seq() const { return seq_; }  // the highest of its frames
  [[nodiscard]] net::WebSocket::Payload take(Encoding encoding);

 private:
  std::string bytes_;
  std::size_t count_ = 0;
  Seq seq_ = 0;
};

class Desk {
 public:
  explicit Desk(AgentId agent) : agent_(agent) {}

  [[nodiscard]] AgentId agent() const { return agent_; }
  [[nodiscard]] bool attached() const { return socket_ != nullptr; }
  [[nodiscard]] std::uint64_t session() const { return session_; }
  [[nodiscard]] const std::shared_ptr<net::WebSocket>& socket() const { return socket_; }

  // A connection takes the desk. True if everything after `since` is still here and will be sent by resume().
  [[nodiscard]] bool attach(std::shared_ptr<net::WebSocket> socket, std::uint64_t session, Encoding encoding,
                            Seq since);
  void detach() { socket_ = nullptr; }

  // Frames are gathered until flush(). Before the first attach nothing is kept.
  void add(const Frame& frame);
  void flush(net::SendBatch& batch);
  void resume(Seq since, net::SendBatch& batch);
  // The next frames are a snapshot as of `seq`: what is pending is part of it.
  void restart(Seq seq);

  [[nodiscard]] bool slow() const { return slow_; }
  void set_slow(bool slow) { slow_ = slow; }
  [[nodiscard]] Encoding encoding() const { return encoding_; }

 private:
  struct Kept {
    Seq seq = 0;
    net::WebSocket::Payload payload;
  };
  static constexpr std::size_t kKeptMax = 64;
  static constexpr std::size_t kKeptBytesMax = 64 * 1024;

  void keep(Seq seq, const net::WebSocket::Payload& payload);

  AgentId agent_;
  std::shared_ptr<net::WebSocket> socket_;
  std::uint64_t session_ = 0;
  Encoding encoding_ = Encoding::kJson;
  bool started_ = false;
  bool slow_ = false;
  FrameBuffer pending_;
  std::deque<Kept> kept_;
  std::size_t kept_bytes_ = 0;
  Seq floor_ = 0;  // everything after this is in kept_
};

}  // namespace sb::console
