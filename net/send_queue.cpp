#include "net/send_queue.h"

#include "net/io_thread.h"
#include "net/websocket.h"
#include "net/ws_connection.h"

namespace sb::net {
namespace {

constexpr std::size_t kKeepCapacity = 16'384;  // after a burst the memory is given back

}  // namespace

void SendQueue::push(OutboundFrame frame) {
  bool first = false;
  {
    const std::scoped_lock lock(lock_);
    first = incoming_.empty();
    incoming_.push_back(std::move(frame));
  }
  if (first) thread_.post([this] { drain(); });
}

void SendQueue::push_all(std::vector<OutboundFrame>& frames) {
  if (frames.empty()) return;
  bool first = false;
  {
    const std::scoped_lock lock(lock_);
    first = incoming_.empty();
    if (first) {
      incoming_.swap(frames);
    } else {
      incoming_.insert(incoming_.end(), std::make_move_iterator(frames.begin()), std::make_move_iterator(frames.end()));
    }
  }
  frames.clear();
  if (first) thread_.post([this] { drain(); });
}

void SendQueue::drain() {
  {
    const std::scoped_lock lock(lock_);
    current_.swap(incoming_);
  }
  for (OutboundFrame& frame : current_) frame.target->apply(frame);
  current_.clear();
  if (current_.capacity() > kKeepCapacity) std::vector<OutboundFrame>().swap(current_);
  flush();
}

void SendQueue::flush_later(std::shared_ptr<WsConnection> connection) {
  connection->is_dirty = true;
  dirty_.push_back(std::move(connection));
  if (std::exchange(flush_is_coming_, true)) return;
  thread_.post([this] { flush(); });
}

void SendQueue::flush() {
  flush_is_coming_ = false;
  const auto connections = std::exchange(dirty_, {});
  for (const auto& connection : connections) {
    connection->is_dirty = false;
    connection->flush();
  }
}

void SendQueue::drop() {
  std::vector<OutboundFrame> dropped;
  {
    const std::scoped_lock lock(lock_);
    dropped.swap(incoming_);
  }
  dirty_.clear();
}

SendBatch::SendBatch() = default;
SendBatch::~SendBatch() {
  flush();
}
SendBatch::SendBatch(SendBatch&&) noexcept = default;
SendBatch& SendBatch::operator=(SendBatch&& other) noexcept {
  if (this != &other) {
    flush();
    by_thread_ = std::move(other.by_thread_);
  }
  return *this;
}

bool SendBatch::add(const std::shared_ptr<WebSocket>& socket, WebSocket::Payload payload, bool binary) {
  if (!socket || !payload) return false;
  auto connection = socket->connection();
  if (!connection->reserve(payload->size())) return false;
  const unsigned thread = connection->io_thread();
  if (by_thread_.size() <= thread) by_thread_.resize(thread + 1);
  by_thread_[thread].push_back({.target = std::move(connection),
                                .payload = std::move(payload),
                                .opcode = binary ? WsOpcode::binary : WsOpcode::text});
  return true;
}

void SendBatch::flush() {
  for (auto& frames : by_thread_) {
    if (frames.empty()) continue;
    WsConnection& first = *frames.front().target;
    if (first.is_current()) {
      // In place, so that a send() that follows on this thread stays behind.
      for (OutboundFrame& frame : frames) frame.target->apply(frame);
      frames.clear();
    } else {
      first.send_queue().push_all(frames);
    }
  }
}

}  // namespace sb::net
