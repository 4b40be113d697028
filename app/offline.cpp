#include "app/offline.h"

#include <future>
#include <iostream>

#include "app/configure.h"
#include "engine/recovery.h"
#include "net/client.h"
#include "net/io_threads.h"

namespace sb::app {

int complain(const std::string& what) {
  std::cerr << what << '\n';
  return 1;
}

std::expected<std::string, std::string> ask_server(const Config& config, std::string method, const std::string& path,
                                                   std::string body) {
  if (config.api_keys.empty())
    return std::unexpected("the server is running and [api] keys is empty: nothing may ask it");
  net::IoThreads io(1);
  io.start();
  net::HttpClient::Options options;
  options.verify_peer = false;  // this machine asking itself
  net::HttpClient client(io, 0, options);
  std::promise<std::expected<std::string, std::string>> promise;
  net::ClientRequest request;
  request.method = std::move(method);
  const bool tls = !config.http.certificate_file.empty();
  request.url =
      std::string(tls ? "https" : "http") + "://" + config.http.address + ":" + std::to_string(config.http.port) + path;
  request.headers.add("Authorization", "Bearer " + config.api_keys.front());
  if (!body.empty()) request.headers.add("Content-Type", "application/json");
  request.body = std::move(body);
  request.total_timeout = std::chrono::minutes(10);
  request.max_response_bytes = 64u << 20;
  client.request(std::move(request), [&](std::expected<net::ClientResponse, net::Error> answer) {
    if (!answer) {
      promise.set_value(
          std::unexpected("the running server does not answer: " + std::string(net::to_string(answer.error()))));
    } else if (answer->status >= 300) {
      promise.set_value(std::unexpected("the running server refused: " + answer->body));
    } else {
      promise.set_value(std::move(answer->body));
    }
  });
  auto answer = promise.get_future().get();
  return answer;
}

std::expected<Opened, std::string> open(const std::string& config_file) {
  auto config = read_config(config_file);
  if (!config) return std::unexpected(config.error());
  storage::Options options;
  options.directory = config->data_directory / "store";
  options.create_if_missing = false;
  auto store = storage::Store::open(std::move(options));
  if (!store && store.error().code != storage::Error::locked) return std::unexpected(store.error().message);
  Opened opened{std::move(*config), nullptr};
  if (!store) return opened;
  opened.store = std::move(*store);
  auto recovered = engine::recover(*opened.store);
  if (!recovered) return std::unexpected(recovered.error().message);
  if (auto resolved = resolve(opened.config, recovered->core.state()); !resolved) {
    return std::unexpected(resolved.error());
  }
  return opened;
}

}  // namespace sb::app
