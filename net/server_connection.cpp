#include "net/server_connection.h"

#include "net/server_core.h"

namespace sb::net {

ServerConnection::ServerConnection(std::shared_ptr<ServerCore> core, std::shared_ptr<IoThread> thread,
                                   std::unique_ptr<Transport> transport)
    : core_(std::move(core)), thread_(std::move(thread)), transport_(std::move(transport)) {}

ServerConnection::~ServerConnection() = default;

bool ServerConnection::open(Origin origin) {
  interest_ = Poller::kRead;
  if (!thread_->poller().add(transport_->fd(), *this, interest_)) {
    if (origin == Origin::taken_over) core_->closed();
    transport_.reset();
    return false;
  }
  if (origin == Origin::accepted) core_->opened();
  self_ = shared_from_this();
  core_->by_thread[thread_->index()].push_back(*this);
  return true;
}

void ServerConnection::want(std::uint32_t events) {
  if (interest_ == events) return;
  interest_ = events;
  thread_->poller().change(transport_->fd(), *this, events);
}

void ServerConnection::due_in(std::chrono::milliseconds delay) {
  thread_->deadlines().set(*this, IoThread::now_ms() + delay.count());
}

void ServerConnection::unlink() {
  thread_->deadlines().remove(*this);
  thread_->poller().remove(transport_->fd(), *this);
  auto& list = core_->by_thread[thread_->index()];
  list.erase(list.iterator_to(*this));
}

void ServerConnection::release() {
  if (!self_) return;
  unlink();
  transport_.reset();
  const auto keep = std::exchange(self_, nullptr);
  core_->closed();
}

std::unique_ptr<Transport> ServerConnection::hand_over() {
  unlink();
  self_.reset();
  return std::move(transport_);
}

}  // namespace sb::net
