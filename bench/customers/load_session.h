#pragma once
// What every load shares: the configuration, the thread's io_context, the REST connections, and the bookkeeping of
// processor time. One thread.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bench/customers/load.h"
#include "bench/customers/report.h"

namespace sb::customers {

class LoadSession {
 public:
  explicit LoadSession(const LoadOptions& options);

  // False, with the reason printed, when the configuration cannot be used.
  [[nodiscard]] bool begin();

  // Runs until `done` holds or `seconds` have passed; true when it held.
  bool run_until(const std::function<bool()>& done, double seconds);

  // The queue (and by the bench configuration the skill) of the n-th arrival.
  [[nodiscard]] const std::string& queue_of(std::uint64_t number) const;
  // The headers of an API arrival.
  [[nodiscard]] const Headers& api_headers() const { return api_headers_; }
  // {"channel":"chat","queue":...,"text":"@NS"}: the time an arrival should have been sent comes back in its offer.
  void append_arrival(std::string& out, std::uint64_t number, std::uint64_t intended_ns) const;

  void start_measuring();
  // Adds seconds, processor time of the server and of this program, per `what` of which `count` were done.
  void add_costs(Report& report, const std::string& what, std::uint64_t count) const;
  void print(const Report& report) const;
  [[nodiscard]] int exit_code(std::uint64_t failed) const;

  const LoadOptions& options;
  Settings settings;
  asio::io_context io{1};  // one thread
  Ledger ledger;
  Websocket::Hub hub;
  std::unique_ptr<HttpClient> http;

 private:
  Headers api_headers_;
  std::uint64_t start_ns_ = 0;
  std::uint64_t own_cpu_ns_ = 0;
  std::uint64_t server_cpu_ns_ = 0;
};

// The time in an offer's preview, or 0 when it carries none.
[[nodiscard]] std::uint64_t intended_of(const std::string& preview);

}  // namespace sb::customers
