#pragma once
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <future>
#include <thread>

#include "channels/chat/chat_edge.h"
#include "tests/net/wire.h"

namespace sb::chat::test {

// A field of a frame; empty or 0 when it is not there.
inline std::string text_of(const boost::json::object& frame, std::string_view field) {
  const auto* value = frame.if_contains(field);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}
inline std::uint64_t number_of(const boost::json::object& frame, std::string_view field) {
  const auto* value = frame.if_contains(field);
  return value && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

// A browser tab: speaks the widget's frames and remembers what it was told.
class Tab {
 public:
  explicit Tab(std::uint16_t port, std::string_view headers = {}, int receive_buffer_bytes = 0)
      : wire_(port, receive_buffer_bytes), status_(wire_.upgrade("/ws/chat", headers)) {}

  [[nodiscard]] unsigned status() const { return status_; }
  void send(std::string_view json) { EXPECT_TRUE(wire_.send(net::test::text_frame(json))); }
  void send_raw(std::string_view bytes) { EXPECT_TRUE(wire_.send(bytes)); }
  // {"t":"hello",...}; returns the welcome.
  boost::json::object hello(std::string_view visitor = "", std::uint64_t since = 0, std::string_view more = "") {
    send(R"({"t":"hello","visitor":")" + std::string(visitor) + R"(","since":)" + std::to_string(since) +
         std::string(more) + "}");
    auto welcome = expect("welcome");
    if (welcome.contains("visitor")) token = std::string(welcome.at("visitor").as_string());
    return welcome;
  }
  void message(std::string_view key, std::string_view text) {
    send(R"({"t":"message","key":")" + std::string(key) + R"(","text":")" + std::string(text) + "\"}");
  }
  void start(std::string_view key, std::string_view text, std::string_view more = "") {
    send(R"({"t":"start","key":")" + std::string(key) + R"(","text":")" + std::string(text) + "\"" + std::string(more) +
         "}");
  }
  // The next frame; empty at the end of the connection (see close_code).
  boost::json::object next() {
    while (const auto frame = wire_.read_frame()) {
      if (frame->opcode == 8) {
        close_code = frame->close_code();
        return {};
      }
      if (frame->opcode == 1) return boost::json::parse(frame->payload).as_object();
    }
    return {};
  }
  // The next frame of a type; others on the way are kept in `seen`.
  boost::json::object expect(std::string_view type) {
    for (;;) {
      auto frame = next();
      if (frame.empty()) {
        ADD_FAILURE() << "the connection ended before " << type << ", close code " << close_code;
        return {};
      }
      seen.push_back(frame);
      if (frame.at("t").as_string() == "message") numbers_.push_back(frame.at("n").to_number<std::uint64_t>());
      if (frame.at("t").as_string() == type) return frame;
    }
  }
  // Numbers of the messages seen so far, in order of arrival.
  [[nodiscard]] const std::vector<std::uint64_t>& numbers() const { return numbers_; }
  void expect_message(std::uint64_t number) {
    while (numbers_.empty() || numbers_.back() < number) {
      if (expect("message").empty()) return;
    }
  }

  std::string token;
  std::uint16_t close_code = 0;
  std::vector<boost::json::object> seen;

 private:
  net::test::Wire wire_;
  unsigned status_;
  std::vector<std::uint64_t> numbers_;
};

// A whole small center: engine on a directory of its own, chat edge, server. restart() keeps the directory.
class ChatTest : public ::testing::Test {
 protected:
  static constexpr AgentId kAmy{1};
  static constexpr AgentId kChen{2};
  static constexpr QueueId kSupport{1};
  static constexpr SkillId kEn{1};
  static constexpr SkillId kZh{2};

  ChatTest();
  ~ChatTest() override;

  void open(ChatOptions options = quick());
  void close();
  void restart() {
    close();
    open(options_);
  }
  static ChatOptions quick();

  template <class F>
  auto on_io(F f) -> decltype(f()) {
    std::packaged_task<decltype(f())()> task(std::move(f));
    auto result = task.get_future();
    io_->post(0, [&task] { task(); });
    return result.get();
  }
  void wait_until(const std::function<bool()>& condition);  // evaluated on the io thread
  engine::Answer run(Command command, std::vector<std::string> contents = {});
  void configure();
  void sign_in(AgentId agent);
  InteractionId accept(AgentId agent);  // the agent's next offer
  void say(AgentId agent, InteractionId interaction, std::string text);
  [[nodiscard]] std::uint64_t records() { return engine_->figures().last_seq; }
  [[nodiscard]] const routing::Interaction* find(InteractionId id) { return engine_->view().interactions.find(id); }
  net::test::HttpAnswer http(std::string_view method, std::string_view target, std::string_view body = {},
                             std::string_view headers = {});
  Tab tab(std::string_view headers = {}, int receive_buffer_bytes = 0) {
    return Tab(server_->port(), headers, receive_buffer_bytes);
  }

  std::filesystem::path root_;
  ChatOptions options_;
  engine::Center center_;
  std::function<std::optional<crm::IdentityMatch>(IdentityHash)> find_customer_;  // set before open()
  std::atomic<bool> is_open_ = true;
  std::atomic<TimeMs> held_ms_ = 0;  // set before open(): time stands still there, and moves when this does
  std::size_t send_buffer_max_ = 1u << 20;
  std::optional<crm::IdentityHasher> hasher_;
  std::optional<VisitorTokens> tokens_;
  std::unique_ptr<net::IoThreads> io_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<ChatEdge> edge_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace sb::chat::test
