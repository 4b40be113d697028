#include "bench/customers/load_session.h"

#include <cstdlib>
#include <iostream>

#include "bench/customers/process_stats.h"

namespace sb::customers {

LoadSession::LoadSession(const LoadOptions& load) : options(load), ledger(std::cerr), hub(io) {}

bool LoadSession::begin() {
  raise_open_files();
  std::string why;
  auto read = read_settings(options.config, why);
  if (read && read->queues.empty()) why = options.config + " has no queues";
  if (!read || read->queues.empty()) {
    std::cerr << why << '\n';
    return false;
  }
  if (options.server_pid != 0 && !process_cpu_ns(options.server_pid)) {
    std::cerr << "there is no process " << options.server_pid << '\n';
    return false;
  }
  settings = std::move(*read);
  api_headers_ = {{"Authorization", "Bearer " + settings.api_key}, {"Content-Type", "application/json"}};
  http = std::make_unique<HttpClient>(io, settings.server, settings.host, options.http_connections);
  return true;
}

bool LoadSession::run_until(const std::function<bool()>& done, double seconds) {
  const auto end = now_ns() + static_cast<std::uint64_t>(seconds * 1e9);
  while (!done()) {
    if (now_ns() >= end) return false;
    if (io.stopped()) io.restart();
    // A few events between two looks at the clock.
    if (io.run_one_for(std::chrono::milliseconds(20)) != 0) {
      for (int i = 0; i < 64 && io.poll_one() != 0; ++i) {
      }
    }
  }
  return true;
}

const std::string& LoadSession::queue_of(std::uint64_t number) const {
  return settings.queues[number % settings.queues.size()];
}

void LoadSession::append_arrival(std::string& out, std::uint64_t number, std::uint64_t intended_ns) const {
  out.append(R"({"channel":"chat","language":"en","queue":")").append(queue_of(number));
  out.append(R"(","text":"@)").append(std::to_string(intended_ns)).append("\"}");
}

void LoadSession::start_measuring() {
  start_ns_ = now_ns();
  own_cpu_ns_ = customers::own_cpu_ns();
  server_cpu_ns_ = options.server_pid == 0 ? 0 : process_cpu_ns(options.server_pid).value_or(0);
}

void LoadSession::add_costs(Report& report, const std::string& what, std::uint64_t count) const {
  const double done = count == 0 ? 1 : static_cast<double>(count);
  report.figure("seconds", static_cast<double>(now_ns() - start_ns_) / 1e9);
  if (options.server_pid != 0) {
    const auto used = process_cpu_ns(options.server_pid).value_or(server_cpu_ns_) - server_cpu_ns_;
    report.figure("server_cpu_us_per_" + what, static_cast<double>(used) / 1e3 / done);
    report.figure("server_cpu_s", static_cast<double>(used) / 1e9);
    report.figure("server_rss_mb",
                  static_cast<double>(process_resident_bytes(options.server_pid).value_or(0)) / (1024.0 * 1024.0));
  }
  const auto own = customers::own_cpu_ns() - own_cpu_ns_;
  report.figure("generator_cpu_us_per_" + what, static_cast<double>(own) / 1e3 / done);
  report.figure("generator_cpu_s", static_cast<double>(own) / 1e9);
}

void LoadSession::print(const Report& report) const {
  if (options.json) {
    report.print_json(std::cout);
  } else {
    report.print_table(std::cout);
    ledger.print_summary();
  }
}

int LoadSession::exit_code(std::uint64_t failed) const {
  return failed == 0 && ledger.errors() == 0 ? 0 : 1;
}

std::uint64_t intended_of(const std::string& preview) {
  return preview.size() > 1 && preview.front() == '@' ? std::strtoull(preview.c_str() + 1, nullptr, 10) : 0;
}

}  // namespace sb::customers
