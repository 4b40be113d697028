#include "net/ws_connection.h"

#include <exception>

#include <spdlog/spdlog.h>
#include <boost/endian/conversion.hpp>

#include "net/server_core.h"

namespace sb::net {
namespace {

using Status = Transport::Status;

constexpr std::size_t kPiecesMax = 64;        // iovec entries of one write: 32 frames
constexpr std::uint8_t kQueuedPongsMax = 16;  // a peer that pings and does not read gets no more answers
constexpr std::size_t kKeepFramesCapacity = 8;
constexpr std::size_t kCloseReasonBytesMax = kWsControlBytesMax - 2;

}  // namespace

WsConnection::WsConnection(std::shared_ptr<ServerCore> core, std::shared_ptr<IoThread> thread,
                           std::unique_ptr<Transport> transport, std::string remote_address, WsAccept accept)
    : ServerConnection(std::move(core), std::move(thread), std::move(transport)),
      remote_address_(std::move(remote_address)),
      handler_(std::move(accept.handler)),
      decoder_(accept.max_message_bytes != 0 ? accept.max_message_bytes : core_->options.ws_max_message_bytes) {}

std::shared_ptr<WsConnection> WsConnection::connection() {
  return std::static_pointer_cast<WsConnection>(shared_from_this());
}

void WsConnection::start(std::string response_head, std::string first_bytes) {
  if (!open(Origin::taken_over)) return;
  last_heard_ms_ = IoThread::now_ms();
  due_in(core_->options.ws_ping_interval);
  buffered_ += response_head.size();
  queue_.push_back({.header = {},
                    .header_bytes = 0,
                    .opcode = WsOpcode::text,
                    .payload = std::make_shared<const std::string>(std::move(response_head))});
  flush_later();
  try {
    handler_->on_open(connection());
  } catch (const std::exception& error) {
    spdlog::error("net: a websocket handler failed to open: {}", error.what());
    return begin_close(close_code::kInternalError, "");
  }
  if (core_->stopping) begin_stop();
  if (!first_bytes.empty()) decode(first_bytes);
  if (is_open() && transport_->has_unread()) read_some();
}

void WsConnection::begin_stop() {
  begin_close(close_code::kServiceRestart, "restart");
}

void WsConnection::abort() {
  finish(close_code_);
}

bool WsConnection::reserve(std::size_t payload_bytes) {
  if (closing_.load(std::memory_order_relaxed)) return false;
  const std::size_t bytes = payload_bytes + kWsHeaderBytesMax;
  std::size_t buffered = buffered_.load(std::memory_order_relaxed);
  do {
    if (buffered != 0 && buffered + bytes > core_->options.ws_send_buffer_max) {
      if (!overflowed_.exchange(true)) {
        // The buffer may have emptied in between: let the io thread look once more.
        send_queue().push({.target = connection(), .payload = nullptr, .kind = OutboundFrame::Kind::check_drained});
      }
      return false;
    }
  } while (!buffered_.compare_exchange_weak(buffered, buffered + bytes, std::memory_order_relaxed));
  return true;
}

bool WsConnection::send(Payload payload, bool binary) {
  if (!payload || !reserve(payload->size())) return false;
  const WsOpcode opcode = binary ? WsOpcode::binary : WsOpcode::text;
  if (is_current()) {
    enqueue(opcode, std::move(payload));
    flush_later();
  } else {
    send_queue().push({.target = connection(), .payload = std::move(payload), .opcode = opcode});
  }
  return true;
}

void WsConnection::close(std::uint16_t code, std::string_view reason) {
  if (closing_.exchange(true)) return;
  if (is_current()) return begin_close(code, reason);
  send_queue().push({.target = connection(),
                     .payload = std::make_shared<const std::string>(reason),
                     .kind = OutboundFrame::Kind::close,
                     .close_code = code});
}

void WsConnection::apply(OutboundFrame& frame) {
  if (!is_open()) return;
  switch (frame.kind) {
    case OutboundFrame::Kind::message:
      enqueue(frame.opcode, std::move(frame.payload));
      return flush_later();
    case OutboundFrame::Kind::close:
      return begin_close(frame.close_code, *frame.payload);
    case OutboundFrame::Kind::check_drained:
      if (buffered_bytes() == 0) report_drained();
      return;
  }
}

void WsConnection::flush_later() {
  if (!is_dirty) send_queue().flush_later(connection());
}

void WsConnection::enqueue(WsOpcode opcode, Payload payload) {
  if (close_sent_) return;
  Frame& frame = queue_.emplace_back();
  frame.opcode = opcode;
  frame.payload = std::move(payload);
  frame.header_bytes = static_cast<std::uint8_t>(write_ws_header(frame.header, opcode, frame.payload->size()));
}

void WsConnection::enqueue_control(WsOpcode opcode, std::string payload) {
  if (close_sent_) return;
  buffered_ += payload.size() + kWsHeaderBytesMax;
  enqueue(opcode, std::make_shared<const std::string>(std::move(payload)));
  flush_later();
}

void WsConnection::enqueue_close(std::uint16_t code, std::string_view reason) {
  if (close_sent_) return;
  std::string payload;
  if (code != close_code::kNoStatus) {
    payload.resize(2);
    boost::endian::store_big_u16(reinterpret_cast<unsigned char*>(payload.data()), code);
    payload.append(reason.substr(0, kCloseReasonBytesMax));
    while (!is_utf8(std::string_view(payload).substr(2))) payload.pop_back();
  }
  enqueue_control(WsOpcode::close, std::move(payload));
  close_sent_ = true;
  closing_ = true;
  due_in(core_->options.ws_close_timeout);
}

void WsConnection::begin_close(std::uint16_t code, std::string_view reason) {
  if (!is_open() || close_sent_) return;
  close_code_ = code;
  enqueue_close(code, reason);
}

void WsConnection::fail(std::uint16_t code) {
  begin_close(code, "");
  discards_input_ = true;
  flush_later();
}

void WsConnection::on_ready(std::uint32_t events) {
  const auto keep = shared_from_this();
  if ((events & Poller::kWrite) != 0) flush();
  if (is_open() && (events & ~Poller::kWrite) != 0) read_some();
}

void WsConnection::read_some() {
  const auto buffer = thread_->read_buffer();
  do {
    const auto result = transport_->read(buffer);
    switch (result.status) {
      case Status::done:
        last_heard_ms_ = IoThread::now_ms();
        ping_is_out_ = false;
        if (!discards_input_) decode(buffer.first(result.bytes));
        break;
      case Status::want_read:
      case Status::want_write:  // a renegotiating peer; a writable socket is looked at with the next event
        return;
      default:
        return finish(close_sent_ ? close_code_ : close_code::kAbnormal);
    }
  } while (is_open() && transport_->has_unread());
}

void WsConnection::decode(std::span<char> bytes) {
  const auto keep = shared_from_this();
  try {
    const auto decoded = decoder_.feed(bytes, *this);
    if (!decoded) fail(decoded.error());
  } catch (const std::exception& error) {
    spdlog::error("net: a websocket handler failed: {}", error.what());
    fail(close_code::kInternalError);
  }
}

bool WsConnection::on_message(std::string_view payload, bool binary) {
  // After our close frame only the peer's is of interest.
  if (!close_sent_) handler_->on_message(payload, binary);
  return is_open();
}

bool WsConnection::on_ping(std::string_view payload) {
  if (queued_pongs_ < kQueuedPongsMax && !close_sent_) {
    ++queued_pongs_;
    enqueue_control(WsOpcode::pong, std::string(payload));
  }
  return true;
}

void WsConnection::on_close_frame(std::uint16_t code, std::string_view) {
  if (!close_sent_) {
    close_code_ = code;
    enqueue_close(code, "");
  }
  ends_after_flush_ = true;
  flush_later();
}

void WsConnection::on_deadline(std::int64_t now_ms) {
  const auto keep = shared_from_this();
  if (close_sent_) return finish(close_code_);
  const auto& options = core_->options;
  const std::int64_t ping_at = last_heard_ms_ + options.ws_ping_interval.count();
  const std::int64_t give_up_at = ping_at + options.ws_pong_timeout.count();
  if (now_ms >= give_up_at && ping_is_out_) return finish(close_code::kAbnormal);
  if (now_ms < ping_at) return thread_->deadlines().set(*this, ping_at);
  if (!ping_is_out_) {
    ping_is_out_ = true;
    enqueue_control(WsOpcode::ping, {});
  }
  thread_->deadlines().set(*this, std::max(give_up_at, now_ms + options.ws_pong_timeout.count()));
}

std::size_t WsConnection::gather(std::span<iovec> pieces) const {
  std::size_t count = 0;
  std::size_t skip = head_sent_bytes_;
  const auto add = [&](const void* data, std::size_t bytes) {
    const std::size_t skipped = std::min(skip, bytes);
    skip -= skipped;
    if (skipped == bytes) return;
    pieces[count++] = {const_cast<char*>(static_cast<const char*>(data)) + skipped, bytes - skipped};
  };
  for (std::size_t i = queue_at_; i < queue_.size() && count + 2 <= pieces.size(); ++i) {
    add(queue_[i].header.data(), queue_[i].header_bytes);
    add(queue_[i].payload->data(), queue_[i].payload->size());
  }
  return count;
}

void WsConnection::consume(std::size_t bytes) {
  head_sent_bytes_ += bytes;
  std::size_t accounted = 0;
  while (queue_at_ < queue_.size() && head_sent_bytes_ >= queue_[queue_at_].bytes()) {
    Frame& frame = queue_[queue_at_++];
    head_sent_bytes_ -= frame.bytes();
    if (frame.opcode == WsOpcode::pong) --queued_pongs_;
    // What reserve() took; the handshake's head had no frame header.
    accounted += frame.payload->size() + (frame.header_bytes != 0 ? kWsHeaderBytesMax : 0);
    frame.payload.reset();
  }
  buffered_.fetch_sub(accounted, std::memory_order_relaxed);
  if (queue_at_ == queue_.size()) {
    queue_.clear();
    if (queue_.capacity() > kKeepFramesCapacity) std::vector<Frame>().swap(queue_);
    queue_at_ = 0;
  } else if (queue_at_ >= 1024 && queue_at_ * 2 >= queue_.size()) {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(queue_at_));
    queue_at_ = 0;
  }
}

void WsConnection::flush() {
  if (!is_open()) return;
  while (queue_at_ < queue_.size()) {
    iovec pieces[kPiecesMax];
    const auto result = transport_->write({pieces, gather(pieces)});
    switch (result.status) {
      case Status::done:
        consume(result.bytes);
        break;
      case Status::want_read:
      case Status::want_write:
        return want(Poller::kRead | Poller::kWrite);
      default:
        return finish(close_sent_ ? close_code_ : close_code::kAbnormal);
    }
  }
  want(Poller::kRead);
  after_flush();
}

void WsConnection::after_flush() {
  if (ends_after_flush_) {
    transport_->finish_writing();
    return finish(close_code_);
  }
  if (discards_input_ && close_sent_) return transport_->finish_writing();
  if (overflowed_ && buffered_bytes() == 0) report_drained();
}

void WsConnection::report_drained() {
  if (!overflowed_.exchange(false) || closing_) return;
  try {
    handler_->on_drained();
  } catch (const std::exception& error) {
    spdlog::error("net: a websocket handler failed: {}", error.what());
    begin_close(close_code::kInternalError, "");
  }
}

void WsConnection::finish(std::uint16_t code) {
  if (!is_open()) return;
  const auto keep = shared_from_this();
  closing_ = true;
  release();
  std::vector<Frame>().swap(queue_);
  queue_at_ = 0;
  buffered_ = 0;
  const auto handler = std::exchange(handler_, nullptr);
  try {
    handler->on_close(code);
  } catch (const std::exception& error) {
    spdlog::error("net: a websocket handler failed to close: {}", error.what());
  }
}

}  // namespace sb::net
