#pragma once
// A small contact center with its REST API behind a real server, on a directory of its own.
//
// Queues: sales (1, needs zh >= 50) and general (2). Agents: lin (1, zh 80) and zhao (2, zh 40) serve, mei (3)
// supervises, root (4) administers.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <future>

#include "console/hub.h"
#include "console/rest.h"
#include "net/client.h"
#include "net/server.h"

namespace sb::console {

inline constexpr std::string_view kApiKey = "key-of-the-shop";
inline constexpr std::string_view kPassword = "correct horse";

struct HttpAnswer {
  unsigned status = 0;
  net::Headers headers;
  std::string body;

  [[nodiscard]] boost::json::value json() const { return boost::json::parse(body); }
  [[nodiscard]] std::string code() const { return std::string(json().at("error").at("code").as_string()); }
  [[nodiscard]] std::string field() const { return std::string(json().at("error").at("field").as_string()); }
};

class RestFixture : public ::testing::Test {
 protected:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  void SetUp() override;
  void TearDown() override;
  virtual void adjust(engine::Engine::Options&) {}
  // Frees the store, keeping the directory; for tests that look at it afterwards.
  void stop();

  HttpAnswer http(std::string method, std::string path, std::string body = {}, Fields fields = {});
  // As a program with the key, or as the agent of a login.
  HttpAnswer api(std::string method, std::string path, std::string body = {}, Fields fields = {});
  HttpAnswer as(const std::string& login, std::string method, std::string path, std::string body = {},
                Fields fields = {});
  std::string cookie_of(const std::string& login);

  engine::Answer run(Command command, std::vector<std::string> contents = {});
  template <class F>
  auto on_edge(F f) {
    std::promise<decltype(f())> result;
    io_.post(0, [&] { result.set_value(f()); });
    return result.get_future().get();
  }
  void sign_in_agent(std::uint32_t agent) { run(command::SignInAgent{{agent}, agent, Presence::kAvailable}); }
  // The offer an agent has open; 0 none.
  OfferId offer_of(std::uint32_t agent);

  std::filesystem::path directory_;
  RestOptions options_;
  net::IoThreads io_{1};
  engine::Center center_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<engine::Projector> projector_;
  std::unique_ptr<engine::Outbox> outbox_;
  engine::PendingAttachments attachments_{{.bytes_each_max = 10'000}};
  std::optional<crm::Directory> records_;
  std::optional<crm::IdentityHasher> hasher_;
  std::optional<SignIn> sign_in_;
  std::unique_ptr<Board> board_;
  std::unique_ptr<Conversations> conversations_;
  std::unique_ptr<Context> context_;
  std::unique_ptr<Hub> hub_;
  std::unique_ptr<Rest> rest_;
  std::unique_ptr<net::Server> server_;
  std::unique_ptr<net::HttpClient> client_;
  bool outbox_dies_ = false;

 private:
  void configure();
};

}  // namespace sb::console
