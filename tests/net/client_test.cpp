#include "net/client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "certificate.h"
#include "net/server.h"
#include "wire.h"

namespace sb::net {
namespace {

using std::chrono::milliseconds;
using Result = std::expected<ClientResponse, Error>;

class Client : public ::testing::Test {
 protected:
  void start() {
    io_.start();
    server_ = std::make_unique<Server>(io_, options_, [this](Request&& request, Reply reply) {
      ++requests_;
      if (request.path == "/never") {
        const std::scoped_lock guard(lock_);
        return held_.push_back(std::move(reply));
      }
      if (request.path == "/large") return reply(Response::text(200, std::string(100'000, 'x')));
      if (request.path == "/drop") return;
      auto response = Response::text(201, request.method + " " + request.target + " " + request.body);
      response.headers.add("X-Host", std::string(request.headers.find("Host").value_or("")));
      reply(std::move(response));
    });
    ASSERT_TRUE(server_->start());
    client_ = std::make_unique<HttpClient>(io_, 1, client_options_);
  }

  void TearDown() override {
    client_.reset();
    server_.reset();
    io_.stop();
    held_.clear();  // a reply may outlive the server and the threads
  }

  std::string url(const std::string& path, const std::string& host = "127.0.0.1") const {
    const std::string scheme = options_.certificate_file.empty() ? "http://" : "https://";
    return scheme + host + ":" + std::to_string(server_->port()) + path;
  }

  std::future<Result> send(ClientRequest request) {
    auto promise = std::make_shared<std::promise<Result>>();
    client_->request(std::move(request), [promise](Result result) { promise->set_value(std::move(result)); });
    return promise->get_future();
  }
  Result fetch(ClientRequest request) { return send(std::move(request)).get(); }

  IoThreads io_{2};
  Server::Options options_;
  HttpClient::Options client_options_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<HttpClient> client_;
  std::mutex lock_;
  std::vector<Reply> held_;
  std::atomic<int> requests_ = 0;
};

TEST_F(Client, SendsAndReceives) {
  start();
  ClientRequest request{.method = "POST", .url = url("/a%20b?x=1&y=%C3%A9"), .body = "hello"};
  request.headers.add("X-Test", "1");
  const auto result = fetch(std::move(request));
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(result->status, 201u);
  EXPECT_EQ(result->body, "POST /a%20b?x=1&y=%C3%A9 hello");
  EXPECT_EQ(result->headers.find("x-host"), "127.0.0.1:" + std::to_string(server_->port()));
  EXPECT_EQ(fetch({.url = url("")})->body, "GET / ");
  EXPECT_EQ(fetch({.url = url("/drop")})->status, 500u);
  const auto head = fetch({.method = "HEAD", .url = url("/abc")});
  ASSERT_TRUE(head);
  EXPECT_TRUE(head->body.empty());
}

// Answers one request with these pieces, one after the other, and hangs up. Whether they are read apart is the kernel's
// affair: enough rounds do both.
std::thread answer_in_pieces(int listener, std::vector<std::string> pieces) {
  return std::thread([listener, pieces = std::move(pieces)] {
    const int peer = ::accept(listener, nullptr, nullptr);
    ASSERT_GE(peer, 0);
    const int on = 1;
    ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::string request(4096, '\0');
    EXPECT_GT(::recv(peer, request.data(), request.size(), 0), 0);
    for (const std::string& piece : pieces) {
      EXPECT_EQ(::send(peer, piece.data(), piece.size(), MSG_NOSIGNAL), static_cast<ssize_t>(piece.size()));
    }
    ::close(peer);
  });
}

TEST_F(Client, ReadsTheLastChunkInWhateverPieces) {
  start();
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
  const std::string there = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
  const std::vector<std::vector<std::string>> ends{
      {"0\r\n", "\r", "\n"}, {"0", "\r\n\r", "\n"}, {"2\r\nok\r", "\n0\r\n", "\r", "\n"}};
  for (std::size_t round = 0; round < 60; ++round) {
    const auto& end = ends[round % ends.size()];
    std::vector<std::string> pieces{head};
    pieces.insert(pieces.end(), end.begin(), end.end());
    std::thread peer = answer_in_pieces(listener, std::move(pieces));
    const Result result = fetch({.url = there});
    peer.join();
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->body, end.size() == 4 ? "ok" : "");
  }
  ::close(listener);
}

TEST_F(Client, KeepsConnectionsAndBoundsThem) {
  client_options_.connections_per_host_max = 3;
  start();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(fetch({.url = url("/")}));
  EXPECT_EQ(server_->open_connections(), 1u);
  std::vector<std::future<Result>> many;
  for (int i = 0; i < 100; ++i) many.push_back(send({.url = url("/" + std::to_string(i))}));
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(many[static_cast<std::size_t>(i)].get()->body, "GET /" + std::to_string(i) + " ");
  EXPECT_LE(server_->open_connections(), 3u);
}

TEST_F(Client, ReplacesAConnectionTheServerClosed) {
  options_.idle_timeout = milliseconds(60);
  start();
  for (int i = 0; i < 3; ++i) {
    const auto result = fetch({.method = "POST", .url = url("/"), .body = "x"});
    ASSERT_TRUE(result) << to_string(result.error());
    while (server_->open_connections() != 0) std::this_thread::yield();
  }
}

TEST_F(Client, FullQueueIsBusy) {
  client_options_.connections_per_host_max = 1;
  client_options_.queued_per_host_max = 1;
  start();
  auto first = send({.url = url("/never")});
  auto second = send({.url = url("/never")});
  EXPECT_EQ(fetch({.url = url("/never")}).error(), Error::busy);
  client_.reset();
  EXPECT_EQ(first.get().error(), Error::cancelled);
  EXPECT_EQ(second.get().error(), Error::cancelled);
}

TEST_F(Client, ErrorsAreTyped) {
  start();
  std::uint16_t closed_port;
  {
    Server short_lived(io_, {}, [](Request&&, Reply) {});
    ASSERT_TRUE(short_lived.start());
    closed_port = short_lived.port();
    short_lived.stop(milliseconds(1000));
  }
  // The listening socket closes on its io thread; a task behind it says when.
  std::promise<void> behind;
  io_.post(0, [&] { behind.set_value(); });
  behind.get_future().wait();
  EXPECT_EQ(fetch({.url = "http://127.0.0.1:" + std::to_string(closed_port) + "/"}).error(), Error::connect);
  EXPECT_EQ(fetch({.url = "http://does-not-exist.invalid/"}).error(), Error::resolve);
  EXPECT_EQ(fetch({.url = url("/never"), .total_timeout = milliseconds(50)}).error(), Error::timeout);
  EXPECT_EQ(fetch({.url = url("/large"), .max_response_bytes = 99'999}).error(), Error::too_large);
  EXPECT_EQ(fetch({.url = url("/large"), .max_response_bytes = 100'000})->body.size(), 100'000u);
  for (const char* bad :
       {"", "/relative", "ftp://127.0.0.1/", "http://", "http://a b/", "http://127.0.0.1:99999999/"}) {
    EXPECT_EQ(fetch({.url = bad}).error(), Error::bad_request) << bad;
  }
  ClientRequest split{.url = url("/")};
  split.headers.add("X-Bad", "a\r\nX-Injected: b");
  EXPECT_EQ(fetch(std::move(split)).error(), Error::bad_request);
  EXPECT_EQ(fetch({.method = "GET /", .url = url("/")}).error(), Error::bad_request);
}

TEST_F(Client, APlainServerIsNotTls) {
  start();
  EXPECT_EQ(fetch({.url = "https://127.0.0.1:" + std::to_string(server_->port()) + "/"}).error(), Error::tls);
}

class TlsClient : public Client {
 protected:
  void start_with(const test::Certificate& certificate, bool trust) {
    options_.certificate_file = certificate.certificate_file();
    options_.key_file = certificate.key_file();
    if (trust) client_options_.ca_file = certificate.certificate_file();
    start();
  }
};

TEST_F(TlsClient, SpeaksTlsBothWays) {
  const test::Certificate certificate("127.0.0.1");
  start_with(certificate, true);
  for (int i = 0; i < 3; ++i) {
    const auto result = fetch({.method = "PUT", .url = url("/tls"), .body = std::string(100'000, 'b')});
    ASSERT_TRUE(result) << to_string(result.error());
    EXPECT_EQ(result->body.size(), 9u + 100'000);
  }
  EXPECT_EQ(server_->open_connections(), 1u);
  EXPECT_EQ(fetch({.url = url("/large")})->body.size(), 100'000u);
}

TEST_F(TlsClient, ServesManyRequestsAtOnce) {
  const test::Certificate certificate("localhost");
  start_with(certificate, true);
  std::vector<std::future<Result>> many;
  for (int i = 0; i < 50; ++i) many.push_back(send({.url = url("/large", "localhost")}));
  for (auto& one : many) {
    const auto result = one.get();
    ASSERT_TRUE(result) << to_string(result.error());
    EXPECT_EQ(result->body.size(), 100'000u);
  }
}

TEST_F(TlsClient, RefusesAnUnknownAuthority) {
  const test::Certificate certificate("127.0.0.1");
  start_with(certificate, false);
  EXPECT_EQ(fetch({.url = url("/")}).error(), Error::tls);
  EXPECT_EQ(requests_, 0);
}

TEST_F(TlsClient, RefusesAnotherHostsCertificate) {
  const test::Certificate certificate("elsewhere.example");
  start_with(certificate, true);
  EXPECT_EQ(fetch({.url = url("/")}).error(), Error::tls);
  EXPECT_EQ(fetch({.url = url("/", "localhost")}).error(), Error::tls);
  EXPECT_EQ(requests_, 0);
}

TEST_F(TlsClient, VerificationCanBeSwitchedOff) {
  const test::Certificate certificate("elsewhere.example");
  client_options_.verify_peer = false;
  start_with(certificate, false);
  EXPECT_EQ(fetch({.url = url("/")})->status, 201u);
}

TEST_F(TlsClient, PlainBytesToATlsServerEndTheConnection) {
  const test::Certificate certificate("127.0.0.1");
  start_with(certificate, true);
  test::Wire wire(server_->port());
  ASSERT_TRUE(wire.send(test::get("/")));
  EXPECT_FALSE(wire.read_answer());
  EXPECT_EQ(requests_, 0);
}

}  // namespace
}  // namespace sb::net
