#pragma once
#include <cstdint>
#include <memory>

#include <boost/intrusive/list.hpp>

#include "net/deadline_wheel.h"
#include "net/io_thread.h"
#include "net/poller.h"
#include "net/transport.h"

namespace sb::net {

struct ServerCore;

// One accepted socket: kept alive by itself from open() to release(), all on its io thread.
class ServerConnection : public Poller::Socket,
                         public DeadlineWheel::Entry,
                         public boost::intrusive::list_base_hook<boost::intrusive::tag<ServerConnection>>,
                         public std::enable_shared_from_this<ServerConnection> {
 public:
  using List = boost::intrusive::list<
      ServerConnection,
      boost::intrusive::base_hook<boost::intrusive::list_base_hook<boost::intrusive::tag<ServerConnection>>>,
      boost::intrusive::constant_time_size<false>>;

  ServerConnection(std::shared_ptr<ServerCore> core, std::shared_ptr<IoThread> thread,
                   std::unique_ptr<Transport> transport);
  ~ServerConnection() override;

  virtual void begin_stop() = 0;  // finish what is under way, then close
  virtual void abort() = 0;       // close now

 protected:
  enum class Origin : std::uint8_t { accepted, taken_over };
  [[nodiscard]] bool open(Origin origin);
  void want(std::uint32_t events);
  void due_in(std::chrono::milliseconds delay);
  [[nodiscard]] bool is_open() const { return self_ != nullptr; }
  void release();                          // closes the socket; `this` may die with the last shared_ptr
  std::unique_ptr<Transport> hand_over();  // gives the socket to a successor, which opens as taken_over

  std::shared_ptr<ServerCore> core_;
  std::shared_ptr<IoThread> thread_;
  std::unique_ptr<Transport> transport_;

 private:
  void unlink();
  std::shared_ptr<ServerConnection> self_;
  std::uint32_t interest_ = 0;
};

}  // namespace sb::net
