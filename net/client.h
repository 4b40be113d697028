#pragma once
#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "net/error.h"
#include "net/http.h"
#include "net/io_threads.h"

namespace sb::net {

struct ClientRequest {
  std::string method = "GET";
  std::string url{};  // absolute, http or https
  Headers headers{};  // Host and Content-Length are added
  std::string body{};
  std::chrono::milliseconds connect_timeout{5'000};  // resolve, connect and TLS handshake
  std::chrono::milliseconds total_timeout{
      30'000};  // from request() to the last byte, waiting for a connection included
  std::size_t max_response_bytes = 4 * 1024 * 1024;  // of the body
};

struct ClientResponse {
  unsigned status = 0;
  Headers headers;
  std::string body;
};

// An HTTP/1.1 client with a small keep-alive pool per host. It does not follow redirects. A request that finds its
// pooled connection dead is tried once more on a fresh one, if its method is idempotent.
// Lifecycle: belongs to one io thread; destroyed before IoThreads stops. request() may be called from any thread.
class HttpClient {
 public:
  using Done = std::move_only_function<void(std::expected<ClientResponse, Error>)>;

  struct Options {
    std::size_t connections_per_host_max = 8;
    std::size_t queued_per_host_max = 256;  // beyond it: busy
    std::size_t hosts_max = 1'024;          // with work or an idle connection; beyond it: busy
    std::chrono::milliseconds idle_timeout{30'000};
    bool verify_peer = true;  // certificate chain and host name
    std::string ca_file;      // PEM, instead of the system's
  };

  HttpClient(IoThreads& io, unsigned thread_index, Options options);
  ~HttpClient();  // what is under way ends as `cancelled`
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `done` is called once, on the client's io thread.
  void request(ClientRequest request, Done done);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace sb::net
