#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <future>
#include <latch>
#include <thread>

#include "net/form.h"
#include "net/server.h"
#include "wire.h"

namespace sb::net {
namespace {

using std::chrono::milliseconds;
using test::get;
using test::Wire;

// Serves a few paths on two io threads; what a test needs else it sets in `options` before start().
class HttpServer : public ::testing::Test {
 protected:
  void start() {
    io_.start();
    server_ = std::make_unique<Server>(
        io_, options_, [this](Request&& request, Reply reply) { answer(std::move(request), std::move(reply)); });
    ASSERT_TRUE(server_->start());
  }

  void TearDown() override {
    server_.reset();
    io_.stop();
    held_.clear();  // a reply may outlive the server and the threads
  }

  void answer(Request&& request, Reply reply) {
    if (request.path == "/drop") return;
    if (request.path == "/throw") throw std::runtime_error("handler failed");
    if (request.path == "/later") {
      const std::scoped_lock lock(held_lock_);
      held_.push_back(std::move(reply));
      held_count_.fetch_add(1);
      held_count_.notify_all();
      return;
    }
    if (request.path == "/echo") return reply(Response::text(200, request.method + ":" + request.body));
    if (request.path == "/who") {
      return reply(Response::text(200, request.remote_address + (request.tls ? " tls" : " plain")));
    }
    if (request.path == "/inject") {
      auto response = Response::text(200, "ok");
      response.headers.add("X-Bad", "a\r\nX-Injected: yes");
      return reply(std::move(response));
    }
    if (request.path == "/large") return reply(Response::text(200, std::string(8 * 1024 * 1024, 'x')));
    reply(Response::text(200, request.target));
  }

  void wait_until_held(int count) {
    for (int seen = held_count_; seen < count; seen = held_count_) held_count_.wait(seen);
  }

  IoThreads io_{2};
  Server::Options options_;
  std::unique_ptr<Server> server_;
  std::mutex held_lock_;
  std::vector<Reply> held_;
  std::atomic<int> held_count_ = 0;
};

TEST_F(HttpServer, KeepsTheConnectionAlive) {
  start();
  Wire wire(server_->port());
  for (int i = 0; i < 3; ++i) {
    const std::string path = "/page/" + std::to_string(i);
    ASSERT_TRUE(wire.send(get(path)));
    const auto answer = wire.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200u);
    EXPECT_EQ(answer->body, path);
    EXPECT_NE(answer->head.find("\r\nDate: "), std::string::npos);
  }
  ASSERT_TRUE(wire.send(get("/last", "Connection: close\r\n")));
  EXPECT_NE(wire.read_answer()->head.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(wire.read_end());
}

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
  start();
  Wire wire(server_->port());
  constexpr int kRequests = 500;
  std::string all;
  for (int i = 0; i < kRequests; ++i) all += get("/" + std::to_string(i));
  ASSERT_TRUE(wire.send(all));
  for (int i = 0; i < kRequests; ++i) {
    const auto answer = wire.read_answer();
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->body, "/" + std::to_string(i));
  }
}

TEST_F(HttpServer, PipelinedRequestWaitsForALateAnswer) {
  start();
  Wire wire(server_->port());
  ASSERT_TRUE(wire.send(get("/later") + get("/next")));
  wait_until_held(1);
  {
    const std::scoped_lock lock(held_lock_);
    held_.front()(Response::text(200, "late"));
  }
  EXPECT_EQ(wire.read_answer()->body, "late");
  EXPECT_EQ(wire.read_answer()->body, "/next");
}

TEST_F(HttpServer, ReadsBodiesWithLengthChunkedAndContinue) {
  start();
  Wire wire(server_->port());
  ASSERT_TRUE(wire.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello"));
  EXPECT_EQ(wire.read_answer()->body, "POST:hello");
  ASSERT_TRUE(
      wire.send("PUT /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
  EXPECT_EQ(wire.read_answer()->body, "PUT:abcde");
  ASSERT_TRUE(wire.send("POST /echo HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_EQ(wire.read_answer()->status, 100u);
  ASSERT_TRUE(wire.send("ok"));
  EXPECT_EQ(wire.read_answer()->body, "POST:ok");
}

TEST_F(HttpServer, HeadHasLengthAndNoBody) {
  start();
  Wire wire(server_->port());
  ASSERT_TRUE(wire.send("HEAD /abc HTTP/1.1\r\nHost: t\r\n\r\n" + get("/next")));
  EXPECT_NE(wire.read_answer(false)->head.find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_EQ(wire.read_answer()->body, "/next");
}

TEST_F(HttpServer, SendsALargeAnswerToASlowReader) {
  start();
  Wire wire(server_->port(), 4096);
  ASSERT_TRUE(wire.send(get("/large") + get("/next")));
  EXPECT_EQ(wire.read_answer()->body.size(), 8u * 1024 * 1024);
  EXPECT_EQ(wire.read_answer()->body, "/next");
}

TEST_F(HttpServer, RefusesMalformedRequests) {
  start();
  for (const std::string_view bytes : {
           "NONSENSE\r\n\r\n",
           "GET /\x01 HTTP/1.1\r\nHost: t\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: t\r\nBad Name: x\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
           "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: x\r\n\r\n",
           "GET / HTTP/9.9\r\nHost: t\r\n\r\n",
       }) {
    Wire wire(server_->port());
    ASSERT_TRUE(wire.send(bytes));
    const auto answer = wire.read_answer();
    ASSERT_TRUE(answer) << bytes;
    EXPECT_EQ(answer->status, 400u) << bytes;
    EXPECT_EQ(answer->body.find(R"({"error":{"code":"malformed","message":)"), 0u) << answer->body;
    EXPECT_TRUE(wire.read_end());
  }
}

TEST_F(HttpServer, RefusesOversizedHeaders) {
  options_.max_header_bytes = 1024;
  start();
  Wire wire(server_->port());
  ASSERT_TRUE(wire.send(get("/", "X-Long: " + std::string(4096, 'x') + "\r\n")));
  EXPECT_EQ(wire.read_answer()->status, 431u);
  Wire endless(server_->port());
  ASSERT_TRUE(endless.send("GET /" + std::string(8000, 'y')));
  EXPECT_EQ(endless.read_answer()->status, 431u);
}

TEST_F(HttpServer, RefusesOversizedBodies) {
  options_.max_body_bytes = 10;
  options_.max_body_bytes_for = [](std::string_view path) -> std::size_t { return path == "/upload" ? 100 : 10; };
  start();
  Wire with_length(server_->port());
  ASSERT_TRUE(with_length.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 11\r\n\r\n"));
  EXPECT_EQ(with_length.read_answer()->status, 413u);
  Wire chunked(server_->port());
  ASSERT_TRUE(
      chunked.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n"));
  EXPECT_EQ(chunked.read_answer()->status, 413u);
  Wire allowed(server_->port());
  ASSERT_TRUE(allowed.send("POST /upload?a=b HTTP/1.1\r\nHost: t\r\nContent-Length: 11\r\n\r\n12345678901"));
  EXPECT_EQ(allowed.read_answer()->status, 200u);
}

TEST_F(HttpServer, TimesOutSlowHeadersAndBodies) {
  options_.header_timeout = milliseconds(100);
  options_.body_timeout = milliseconds(100);
  start();
  Wire header(server_->port());
  ASSERT_TRUE(header.send("GET / HTTP/1.1\r\nHo"));
  EXPECT_EQ(header.read_answer()->status, 408u);
  EXPECT_TRUE(header.read_end());
  Wire body(server_->port());
  ASSERT_TRUE(body.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nab"));
  EXPECT_EQ(body.read_answer()->status, 408u);
  Wire silent(server_->port());
  EXPECT_TRUE(silent.read_end());
}

TEST_F(HttpServer, ClosesIdleConnections) {
  options_.idle_timeout = milliseconds(100);
  start();
  Wire wire(server_->port());
  ASSERT_TRUE(wire.send(get("/")));
  EXPECT_EQ(wire.read_answer()->status, 200u);
  EXPECT_TRUE(wire.read_end());
}

TEST_F(HttpServer, DroppedReplyAndFailedHandlerAnswer500) {
  start();
  Wire wire(server_->port());
  for (const char* path : {"/drop", "/throw"}) {
    ASSERT_TRUE(wire.send(get(path)));
    const auto answer = wire.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 500u);
    EXPECT_NE(answer->body.find("no_answer"), std::string::npos);
  }
}

TEST_F(HttpServer, ReplyAfterTheClientLeftIsHarmless) {
  start();
  {
    Wire wire(server_->port());
    ASSERT_TRUE(wire.send(get("/later")));
    wait_until_held(1);
  }
  const std::scoped_lock lock(held_lock_);
  held_.front()(Response::text(200, "nobody"));
  Wire other(server_->port());
  ASSERT_TRUE(other.send(get("/alive")));
  EXPECT_EQ(other.read_answer()->body, "/alive");
}

TEST_F(HttpServer, LimitsTheRatePerSource) {
  options_.rate_limit_per_s = 0.1;
  options_.rate_limit_burst = 2;
  start();
  Wire wire(server_->port());
  for (const unsigned expected : {200u, 200u, 429u}) {
    ASSERT_TRUE(wire.send(get("/")));
    const auto answer = wire.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, expected);
    EXPECT_EQ(answer->head.find("Retry-After: 10\r\n") != std::string::npos, expected == 429u);
  }
}

TEST_F(HttpServer, RefusesConnectionsBeyondTheLimit) {
  options_.max_connections = 1;
  start();
  Wire first(server_->port());
  ASSERT_TRUE(first.send(get("/")));
  EXPECT_EQ(first.read_answer()->status, 200u);
  Wire second(server_->port());
  EXPECT_EQ(second.read_answer()->status, 503u);
  EXPECT_TRUE(second.read_end());
}

TEST_F(HttpServer, BelievesOnlyTrustedProxies) {
  options_.trusted_proxies = {"127.0.0.1", "10.0.0.1"};
  start();
  Wire wire(server_->port());
  ASSERT_TRUE(
      wire.send(get("/who", "X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.0.0.1\r\nX-Forwarded-Proto: https\r\n")));
  EXPECT_EQ(wire.read_answer()->body, "203.0.113.7 tls");
  ASSERT_TRUE(wire.send(get("/who", "X-Forwarded-For: not-an-address\r\n")));
  EXPECT_EQ(wire.read_answer()->body, "127.0.0.1 plain");
}

TEST_F(HttpServer, IgnoresForwardedFieldsOfStrangers) {
  start();
  Wire wire(server_->port());
  ASSERT_TRUE(wire.send(get("/who", "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n")));
  EXPECT_EQ(wire.read_answer()->body, "127.0.0.1 plain");
}

TEST_F(HttpServer, LeavesOutHeadersThatWouldSplitTheAnswer) {
  start();
  Wire wire(server_->port());
  ASSERT_TRUE(wire.send(get("/inject")));
  EXPECT_EQ(wire.read_answer()->head.find("X-Injected"), std::string::npos);
}

TEST_F(HttpServer, StopFinishesRequestsInFlight) {
  start();
  Wire idle(server_->port());
  ASSERT_TRUE(idle.send(get("/")));
  EXPECT_EQ(idle.read_answer()->status, 200u);
  Wire busy(server_->port());
  ASSERT_TRUE(busy.send(get("/later")));
  wait_until_held(1);
  auto stopped = std::async(std::launch::async, [this] { server_->stop(milliseconds(10'000)); });
  EXPECT_TRUE(idle.read_end());
  {
    const std::scoped_lock lock(held_lock_);
    held_.front()(Response::text(200, "finished"));
  }
  const auto answer = busy.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "finished");
  EXPECT_NE(answer->head.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(busy.read_end());
  busy.finish_writing();
  stopped.get();
  EXPECT_EQ(server_->open_connections(), 0u);
}

TEST_F(HttpServer, StopCutsWhatDoesNotEnd) {
  start();
  Wire busy(server_->port());
  ASSERT_TRUE(busy.send(get("/later")));
  wait_until_held(1);
  server_->stop(milliseconds(50));
  EXPECT_EQ(server_->open_connections(), 0u);
  EXPECT_TRUE(busy.read_end());
}

TEST_F(HttpServer, ReportsAnAddressInUse) {
  start();
  auto options = options_;
  options.port = server_->port();
  Server second(io_, options, [](Request&&, Reply) {});
  EXPECT_EQ(second.start().error(), Error::bind);
  options.address = "not an address";
  Server third(io_, options, [](Request&&, Reply) {});
  EXPECT_EQ(third.start().error(), Error::bind);
  options.address = "127.0.0.1";
  options.certificate_file = "/nonexistent/certificate.pem";
  Server fourth(io_, options, [](Request&&, Reply) {});
  EXPECT_EQ(fourth.start().error(), Error::certificate);
}

}  // namespace
}  // namespace sb::net
