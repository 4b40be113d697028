#include "net/server.h"

#include <spdlog/spdlog.h>

#include "net/listener.h"
#include "net/server_core.h"

namespace sb::net {
namespace {

constexpr std::chrono::milliseconds kAbortWait{5'000};

}  // namespace

struct Server::Impl {
  std::shared_ptr<ServerCore> core;
  std::shared_ptr<Listener> listener;

  // Runs `work(connection)` for every connection on its io thread, or here if the threads have ended.
  template <typename Work>
  void for_each_connection(Work work) const {
    for (unsigned i = 0; i < core->io.size(); ++i) {
      auto task = [shared = core, i, work] {
        auto& list = shared->by_thread[i];
        for (auto at = list.begin(); at != list.end();) work(*at++);
      };
      core->io.running() ? core->io.post(i, std::move(task)) : task();
    }
  }
};

Server::Server(IoThreads& io, Options options, HttpHandler on_request, UpgradeHandler on_upgrade)
    : impl_(std::make_unique<Impl>()) {
  impl_->core = std::make_shared<ServerCore>(io, std::move(options), std::move(on_request), std::move(on_upgrade));
}

Server::~Server() {
  stop(std::chrono::milliseconds(0));
}

std::expected<void, Error> Server::start() {
  auto& core = *impl_->core;
  if (!core.options.certificate_file.empty() || !core.options.key_file.empty()) {
    auto tls = load_server_tls(core.options.certificate_file, core.options.key_file);
    if (!tls) return std::unexpected(tls.error());
    core.tls = std::move(*tls);
  }
  auto listener = Listener::bind(impl_->core);
  if (!listener) return std::unexpected(listener.error());
  impl_->listener = std::move(*listener);
  core.io.post(0, [listener = impl_->listener] { listener->start(); });
  return {};
}

void Server::stop(std::chrono::milliseconds deadline) {
  const auto listener = impl_->listener;
  if (!listener || impl_->core->stopping.exchange(true)) return;
  auto& core = *impl_->core;
  core.io.running() ? core.io.post(0, [listener] { listener->stop(); }) : listener->stop();
  if (core.io.running() && deadline.count() > 0) {
    impl_->for_each_connection([](ServerConnection& connection) { connection.begin_stop(); });
    if (core.wait_until_empty(deadline)) return;
    spdlog::warn("net: {} connections did not end in time and are cut", core.connections.load());
  }
  impl_->for_each_connection([](ServerConnection& connection) { connection.abort(); });
  if (core.io.running() && !core.wait_until_empty(kAbortWait)) {
    spdlog::error("net: {} connections could not be closed: an io thread is blocked", core.connections.load());
  }
}

std::uint16_t Server::port() const {
  return impl_->listener ? impl_->listener->port() : 0;
}

std::size_t Server::open_connections() const {
  return impl_->core->connections;
}

}  // namespace sb::net
