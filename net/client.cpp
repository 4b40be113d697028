#include "net/client.h"

#include <algorithm>
#include <deque>
#include <future>
#include <map>
#include <set>

#include <spdlog/spdlog.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "net/chunked.h"
#include "net/client_job.h"
#include "net/io_thread.h"

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace sb::net {
namespace {

using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Result = std::expected<ClientResponse, Error>;
using JobPtr = std::shared_ptr<ClientJob>;
using LinkPtr = std::unique_ptr<ClientLink>;

constexpr std::uint32_t kHeaderBytesMax = 64 * 1024;
constexpr int kInterimResponsesMax = 8;
constexpr std::size_t kReadBytes = 16 * 1024;

auto into(error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

bool is_idempotent(std::string_view method) {
  static constexpr std::string_view kMethods[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::ranges::find(kMethods, method) != std::end(kMethods);
}

std::string request_head(const ClientJob& job) {
  const ClientRequest& request = job.request;
  std::string head = request.method + " " + job.target.path_and_query + " HTTP/1.1\r\nHost: ";
  head.append(job.target.host_field).append("\r\n");
  for (const auto& [name, value] : request.headers) {
    static constexpr std::string_view kOwn[] = {"host", "content-length", "transfer-encoding"};
    const auto same = [&name](std::string_view own) { return equal_ignoring_case(own, name); };
    if (std::ranges::none_of(kOwn, same)) head.append(name).append(": ").append(value).append("\r\n");
  }
  const bool has_body = !request.body.empty() || (request.method != "GET" && request.method != "HEAD");
  if (has_body) head.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  return head.append("\r\n");
}

ClientResponse to_response(http::response<http::string_body>&& message) {
  ClientResponse response;
  response.status = message.result_int();
  for (const auto& field : message) {
    response.headers.add(std::string(field.name_string()), std::string(field.value()));
  }
  response.body = std::move(message.body());
  return response;
}

struct Exchange {
  Result result = std::unexpected(Error::protocol);
  bool keep_alive = false;
  bool untouched = false;  // the peer said nothing at all
};

using Parser = http::response_parser<http::string_body>;

// Reads until the response is complete. Of Beast only the parser is used: its composed reads would be instantiated
// for both kinds of stream at a high price in compile time.
template <typename Stream>
asio::awaitable<error_code> read_response(Stream& stream, ClientLink& link, Parser& parser) {
  error_code error;
  while (true) {
    if (link.buffer.size() > 0 && is_worth_parsing(parser, link.buffer.size())) {
      const std::size_t used = parser.put(link.buffer.data(), error);
      link.buffer.consume(used);
      if (error && error != http::error::need_more) co_return error;
      if (parser.is_done()) co_return error_code();
      if (!error && used > 0 && link.buffer.size() > 0) continue;
    }
    const std::size_t count = co_await stream.async_read_some(link.buffer.prepare(kReadBytes), into(error));
    link.buffer.commit(count);
    if (error == asio::error::eof && parser.got_some()) {
      parser.put_eof(error);  // complete only if the body had no length
      co_return error;
    }
    if (error) co_return error;
  }
}

template <typename Stream>
asio::awaitable<Exchange> exchange(Stream& stream, ClientLink& link, ClientJob& job) {
  Exchange outcome;
  error_code error;
  const std::string head = request_head(job);
  const std::array<asio::const_buffer, 2> pieces{asio::buffer(head), asio::buffer(job.request.body)};
  co_await asio::async_write(stream, pieces, into(error));
  // A failed write is not the end: a peer may answer (413, say) and close before it has read everything.
  for (int i = 0; i < kInterimResponsesMax; ++i) {
    Parser parser;
    parser.eager(true);
    parser.header_limit(kHeaderBytesMax);
    parser.body_limit(job.request.max_response_bytes);
    parser.skip(job.request.method == "HEAD");
    error = co_await read_response(stream, link, parser);
    if (error) {
      const bool too_large = error == http::error::body_limit || error == http::error::header_limit;
      outcome.result = std::unexpected(too_large ? Error::too_large : Error::protocol);
      outcome.untouched = i == 0 && !parser.got_some();
      co_return outcome;
    }
    if (parser.get().result_int() < 200) continue;
    outcome.keep_alive = parser.keep_alive() && link.buffer.size() == 0;
    outcome.result = to_response(parser.release());
    co_return outcome;
  }
  co_return outcome;
}

}  // namespace

struct HttpClient::Impl : std::enable_shared_from_this<HttpClient::Impl> {
  struct Host {
    std::size_t active = 0;  // requests with a connection, or making one
    std::vector<LinkPtr> idle;
    std::deque<JobPtr> waiting;
  };

  Impl(std::shared_ptr<IoThread> io_thread, Options given) : thread(std::move(io_thread)), options(std::move(given)) {
    error_code error;
    if (options.ca_file.empty()) {
      tls.set_default_verify_paths(error);
    } else {
      tls.load_verify_file(options.ca_file, error);
    }
    if (error) spdlog::error("net: cannot load the certificate authorities {}: {}", options.ca_file, error.message());
    tls.set_verify_mode(options.verify_peer ? asio::ssl::verify_peer : asio::ssl::verify_none);
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
  }

  void start(JobPtr job);
  void launch(Host& host, const JobPtr& job);
  asio::awaitable<void> run(JobPtr job);
  asio::awaitable<std::expected<LinkPtr, Error>> connect(ClientJob& job);
  asio::awaitable<error_code> connect_socket(ClientJob& job, ClientLink& link);
  asio::awaitable<error_code> shake_hands(ClientJob& job, ClientLink& link);
  void watch(const JobPtr& job, Clock::time_point until);
  [[nodiscard]] LinkPtr take_idle(Host& host);
  void end(const JobPtr& job, LinkPtr reusable);
  void drop_stale();
  void shutdown();

  std::shared_ptr<IoThread> thread;
  Options options;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  std::map<std::string, Host, std::less<>> hosts;
  std::set<JobPtr> jobs;  // launched and not ended
  Timer sweep;
  bool closed = false;
};

void HttpClient::Impl::start(JobPtr job) {
  if (closed) return job->finish(std::unexpected(Error::cancelled));
  if (!hosts.contains(job->target.key) && hosts.size() >= options.hosts_max) {
    return job->finish(std::unexpected(Error::busy));
  }
  Host& host = hosts[job->target.key];
  watch(job, job->total_deadline);
  if (host.active < options.connections_per_host_max) return launch(host, job);
  std::erase_if(host.waiting, [](const JobPtr& waiting) { return !waiting->done; });
  if (host.waiting.size() >= options.queued_per_host_max) return job->finish(std::unexpected(Error::busy));
  host.waiting.push_back(std::move(job));
}

void HttpClient::Impl::launch(Host& host, const JobPtr& job) {
  ++host.active;
  jobs.insert(job);
  asio::co_spawn(thread->context(), run(job), [self = shared_from_this(), job](const std::exception_ptr& failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      spdlog::error("net: an HTTP request failed: {}", error.what());
    }
    job->finish(std::unexpected(Error::protocol));
    self->end(job, nullptr);
  });
}

// One deadline at a time: while connecting the nearer of two.
void HttpClient::Impl::watch(const JobPtr& job, Clock::time_point until) {
  if (!job->done) return;
  job->timer.expires_at(std::min(until, job->total_deadline));
  job->timer.async_wait([job](error_code error) {
    if (error || job->timer.expiry() > Clock::now()) return;
    job->finish(std::unexpected(Error::timeout));
    job->abort();
  });
}

asio::awaitable<void> HttpClient::Impl::run(JobPtr job) {
  LinkPtr link = take_idle(hosts[job->target.key]);
  Exchange outcome;
  for (bool again = true; again && job->done;) {
    const bool reused = link != nullptr;
    again = false;
    if (!link) {
      watch(job, Clock::now() + job->request.connect_timeout);
      auto made = co_await connect(*job);
      if (!made) {
        outcome.result = std::unexpected(made.error());
        break;
      }
      link = std::move(*made);
      watch(job, job->total_deadline);
    }
    job->link = link.get();
    if (link->tls) {
      outcome = co_await exchange(*link->tls, *link, *job);
    } else {
      outcome = co_await exchange(link->socket, *link, *job);
    }
    job->link = nullptr;
    if (reused && outcome.untouched && is_idempotent(job->request.method)) {
      link.reset();
      again = true;
    }
  }
  const bool reusable = outcome.keep_alive && job->done;
  job->finish(std::move(outcome.result));
  end(job, reusable ? std::move(link) : nullptr);
}

asio::awaitable<error_code> HttpClient::Impl::connect_socket(ClientJob& job, ClientLink& link) {
  error_code error;
  const auto addresses = co_await job.resolver.async_resolve(job.target.host, job.target.port, into(error));
  if (error || !job.done) co_return asio::error::host_not_found;
  co_await asio::async_connect(link.socket, addresses, into(error));
  if (!error && !job.done) error = asio::error::operation_aborted;
  if (!error) link.socket.set_option(asio::ip::tcp::no_delay(true), error);
  co_return error;
}

asio::awaitable<error_code> HttpClient::Impl::shake_hands(ClientJob& job, ClientLink& link) {
  link.tls = std::make_unique<ClientLink::Tls>(link.socket, tls);
  SSL* native = link.tls->native_handle();
  if (!job.target.host_is_address) SSL_set_tlsext_host_name(native, job.target.host.c_str());
  if (options.verify_peer) link.tls->set_verify_callback(asio::ssl::host_name_verification(job.target.host));
  error_code error;
  co_await link.tls->async_handshake(asio::ssl::stream_base::client, into(error));
  co_return error;
}

asio::awaitable<std::expected<LinkPtr, Error>> HttpClient::Impl::connect(ClientJob& job) {
  auto link = std::make_unique<ClientLink>(thread->context());
  job.link = link.get();
  const error_code failed = co_await connect_socket(job, *link);
  if (failed) {
    job.link = nullptr;
    co_return std::unexpected(failed == asio::error::host_not_found ? Error::resolve : Error::connect);
  }
  if (job.target.tls && co_await shake_hands(job, *link)) {
    job.link = nullptr;
    co_return std::unexpected(Error::tls);
  }
  co_return link;
}

LinkPtr HttpClient::Impl::take_idle(Host& host) {
  while (!host.idle.empty()) {
    LinkPtr link = std::move(host.idle.back());
    host.idle.pop_back();
    if (link->is_quiet()) return link;
  }
  return nullptr;
}

void HttpClient::Impl::end(const JobPtr& job, LinkPtr reusable) {
  jobs.erase(job);
  if (closed) return;
  Host& host = hosts[job->target.key];
  --host.active;
  if (reusable) {
    reusable->idle_since = Clock::now();
    host.idle.push_back(std::move(reusable));
  }
  while (!host.waiting.empty() && host.active < options.connections_per_host_max) {
    JobPtr next = std::move(host.waiting.front());
    host.waiting.pop_front();
    if (next->done) launch(host, next);
  }
  if (host.active == 0 && host.idle.empty()) hosts.erase(job->target.key);
}

void HttpClient::Impl::drop_stale() {
  const auto oldest = Clock::now() - options.idle_timeout;
  for (auto& [key, host] : hosts) {
    std::erase_if(host.idle, [oldest](const LinkPtr& link) { return link->idle_since < oldest; });
  }
  std::erase_if(hosts, [](const auto& entry) { return entry.second.active == 0 && entry.second.idle.empty(); });
}

void HttpClient::Impl::shutdown() {
  closed = true;
  sweep.cancel();
  const auto ending = std::exchange(hosts, {});
  for (const auto& [key, host] : ending) {
    for (const JobPtr& job : host.waiting) job->finish(std::unexpected(Error::cancelled));
  }
  for (const JobPtr& job : std::set(jobs)) {
    job->finish(std::unexpected(Error::cancelled));
    job->abort();
  }
}

HttpClient::HttpClient(IoThreads& io, unsigned thread_index, Options options)
    : impl_(std::make_shared<Impl>(io.thread(thread_index).shared_from_this(), std::move(options))) {
  const auto period = std::max(impl_->options.idle_timeout / 2, std::chrono::milliseconds(100));
  impl_->sweep = io.every(thread_index, period, [weak = std::weak_ptr(impl_)] {
    if (const auto impl = weak.lock()) impl->drop_stale();
  });
}

HttpClient::~HttpClient() {
  if (impl_->thread->is_current() || !impl_->thread->is_started()) {
    impl_->shutdown();
    return;
  }
  // Dropped unrun if the thread has ended; the promise then breaks and nobody waits.
  std::promise<void> ended;
  auto wait = ended.get_future();
  impl_->thread->post([impl = impl_, ended = std::move(ended)]() mutable {
    impl->shutdown();
    impl.reset();
    ended.set_value();
  });
  wait.wait();
}

void HttpClient::request(ClientRequest request, Done done) {
  auto target = target_of(request);
  impl_->thread->post(
      [impl = impl_, target = std::move(target), request = std::move(request), done = std::move(done)]() mutable {
        if (!target) return done(std::unexpected(target.error()));
        impl->start(std::make_shared<ClientJob>(impl->thread->context(), std::move(*target), std::move(request),
                                                std::move(done)));
      });
}

}  // namespace sb::net
