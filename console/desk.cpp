#include "console/desk.h"

#include "console/json_codec.h"

namespace sb::console {

void FrameBuffer::add(const Frame& frame, Encoding encoding) {
  if (encoding == Encoding::kJson) {
    if (count_ > 0) bytes_.push_back(',');
    put_json_frame(bytes_, frame);
  } else {
    std::string one;
    wire::put_field(one, 1, frame.seq);
    wire::put_delimited(one, 2, [&] { wire::encode_oneof(one, frame.body); });
    wire::put_varint(bytes_, one.size());
    bytes_.append(one);
  }
  ++count_;
  seq_ = std::max(seq_, frame.seq);
}

net::WebSocket::Payload FrameBuffer::take(Encoding encoding) {
  if (encoding == Encoding::kJson && count_ > 1) {
    bytes_.insert(bytes_.begin(), '[');
    bytes_.push_back(']');
  }
  auto payload = std::make_shared<const std::string>(std::move(bytes_));
  *this = FrameBuffer{};
  return payload;
}

bool Desk::attach(std::shared_ptr<net::WebSocket> socket, std::uint64_t session, Encoding encoding, Seq since) {
  const bool resumable = started_ && !slow_ && encoding == encoding_ && since >= floor_ && since != 0;
  socket_ = std::move(socket);
  session_ = session;
  if (encoding != encoding_) pending_ = {};
  encoding_ = encoding;
  slow_ = false;
  return resumable;
}

void Desk::restart(Seq seq) {
  started_ = true;
  slow_ = false;
  pending_ = {};
  kept_.clear();
  kept_bytes_ = 0;
  floor_ = seq;
}

void Desk::add(const Frame& frame) {
  if (started_ && !slow_) pending_.add(frame, encoding_);
}

void Desk::keep(Seq seq, const net::WebSocket::Payload& payload) {
  kept_.push_back({seq, payload});
  kept_bytes_ += payload->size();
  while (kept_.size() > kKeptMax || kept_bytes_ > kKeptBytesMax) {
    floor_ = std::max(floor_, kept_.front().seq);
    kept_bytes_ -= kept_.front().payload->size();
    kept_.pop_front();
  }
}

void Desk::flush(net::SendBatch& batch) {
  if (pending_.empty()) return;
  const Seq seq = pending_.seq();
  const auto payload = pending_.take(encoding_);
  if (seq != 0) keep(seq, payload);
  if (socket_ && !batch.add(socket_, payload, encoding_ == Encoding::kProtobuf)) slow_ = true;
}

void Desk::resume(Seq since, net::SendBatch& batch) {
  for (const Kept& kept : kept_) {
    if (kept.seq > since && !batch.add(socket_, kept.payload, encoding_ == Encoding::kProtobuf)) {
      slow_ = true;
      return;
    }
  }
}

}  // namespace sb::console
