#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/http_parser.h"
#include "net/http_writer.h"
#include "net/server_connection.h"

namespace sb::net {

// Serves one connection's requests, one after the other: the next is not looked at before the last one is answered,
// so pipelined answers are in order and a client cannot make the server hold more than one request.
class HttpConnection final : public ServerConnection {
 public:
  HttpConnection(std::shared_ptr<ServerCore> core, std::shared_ptr<IoThread> thread,
                 std::unique_ptr<Transport> transport, std::string peer);

  void start();
  void start_refused();  // answers 503 and closes
  void begin_stop() override;
  void abort() override { release(); }

 private:
  enum class State : std::uint8_t { handshaking, reading, handling, writing, draining };

  void on_ready(std::uint32_t events) override;
  void on_deadline(std::int64_t now_ms) override;
  void shake_hands();
  void read_some();
  void pump();           // goes on after an answer
  void process_input();  // as many requests as are here and answered at once
  void take_step(HttpParser::Step step);
  void begin_body();
  void compact();
  void set_reading_deadline();
  void dispatch();
  [[nodiscard]] bool allowed(const Request& request);
  [[nodiscard]] bool wants_websocket(const Request& request) const;
  void upgrade(const Request& request);
  void call_handler(Request request);
  void deliver(Response response);  // any thread
  void respond(Response response);
  void fail(unsigned status, std::string_view code, std::string_view message);
  void write_some();
  void finish_response();
  void begin_draining();
  void drain();

  State state_ = State::handshaking;
  bool in_handler_ = false;
  bool keep_alive_ = true;
  bool say_keep_alive_ = false;
  bool is_head_ = false;
  bool deadline_is_set_ = false;  // for the request being read
  bool served_any_ = false;
  std::string peer_;
  std::string in_;
  std::size_t in_at_ = 0;
  std::unique_ptr<HttpParser> parser_;
  std::optional<Response> answer_;  // given inside the handler call
  std::string out_head_;
  std::string out_body_;
  std::size_t out_at_ = 0;
  std::size_t drained_bytes_ = 0;
};

}  // namespace sb::net
