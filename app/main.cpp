// switchboard: the command line.
#include <sodium.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>

#include "app/commands.h"
#include "app/flow_commands.h"
#include "app/planning.h"
#include "app/server.h"
#include "console/sign_in.h"

namespace {

// As many descriptors as the system allows: one per connection.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int serve(const std::string& file) {
  raise_descriptor_limit();
  auto config = sb::app::read_config(file);
  if (!config) {
    std::cerr << config.error() << '\n';
    return 2;
  }
  // Signals are waited for, not handled: no code runs in a signal handler.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  auto server = sb::app::SwitchboardServer::start(std::move(*config));
  if (!server) {
    std::cerr << "switchboard cannot start: " << server.error() << '\n';
    return 1;
  }
  std::cout << "ready on port " << (*server)->port() << std::endl;
  int caught = 0;
  sigwait(&signals, &caught);
  spdlog::info("stopping");
  (*server)->stop();
  return 0;
}

CLI::App* add_simulate(CLI::App& app, sb::app::SimulateOptions& o) {
  auto* sub = app.add_subcommand("simulate", "run a scenario through the routing core and say what happened");
  sub->add_option("scenario", o.scenario_file, "scenario file, see docs/simulation.md")->required();
  sub->add_flag("--json", o.json, "print JSON instead of a table");
  sub->add_option("--replications", o.replications, "instead of the scenario's")->check(CLI::Range(1, 10'000));
  sub->add_option("--seed", o.seed, "instead of the scenario's")->check(CLI::NonNegativeNumber);
  sub->add_option("--threads", o.threads, "replications at once")->check(CLI::Range(1, 256))->capture_default_str();
  return sub;
}

CLI::App* add_staff(CLI::App& app, sb::app::StaffOptions& o) {
  constexpr double kLongest = 1e6;
  auto* sub = app.add_subcommand("staff", "how many agents a service level needs: Erlang A, refined by simulation");
  sub->add_option("--arrivals-per-hour", o.arrivals_per_hour)->check(CLI::Range(1e-3, 1e6));
  sub->add_option("--intervals", o.intervals_file, "CSV: label,arrivals per hour; one interval a line")
      ->excludes("--arrivals-per-hour");
  sub->add_option("--interval-s", o.interval_s, "how long an interval is")
      ->check(CLI::Range(60.0, 86'400.0))
      ->capture_default_str();
  sub->add_option("--handle-s", o.handle_s, "mean handle time")->required()->check(CLI::Range(1e-3, kLongest));
  sub->add_option("--patience-s", o.patience_s, "mean patience; without it nobody leaves")
      ->check(CLI::Range(1e-3, kLongest));
  sub->add_option("--service-level", o.service_level, "share to be answered in time")
      ->check(CLI::Range(0.01, 0.9999))
      ->capture_default_str();
  sub->add_option("--within-s", o.within_s, "what in time means")
      ->check(CLI::Range(0.0, kLongest))
      ->capture_default_str();
  sub->add_option("--seed", o.seed)->check(CLI::NonNegativeNumber)->capture_default_str();
  sub->add_option("--threads", o.threads, "replications at once")->check(CLI::Range(1, 256))->capture_default_str();
  return sub;
}

CLI::App* add_what_if(CLI::App& app, sb::app::WhatIfCommand& o) {
  auto* sub = app.add_subcommand("whatif", "play a recorded stretch of time again, as it was and changed");
  sub->add_option("--config", o.config_file, "configuration file")->capture_default_str();
  sub->add_option("--from", o.from, "\"2026-11-22 09:00\" in the center's time zone, or RFC 3339")->required();
  sub->add_option("--to", o.to, "the same")->required();
  sub->add_option("--change", o.changes_file, "what changes, see docs/simulation.md")->required();
  sub->add_flag("--json", o.json, "print JSON instead of tables");
  sub->add_option("--replications", o.replications)->check(CLI::Range(2, 10'000))->capture_default_str();
  sub->add_option("--seed", o.seed)->check(CLI::NonNegativeNumber)->capture_default_str();
  sub->add_option("--threads", o.threads, "replications at once")->check(CLI::Range(1, 256))->capture_default_str();
  return sub;
}

void add_flow(CLI::App& app, sb::app::FlowTestOptions& o, int& result) {
  auto* flow = app.add_subcommand("flow", "what arrivals become: check the rules, or try them without effect");
  flow->require_subcommand(1);
  auto* check = flow->add_subcommand("check", "read the flow of a configuration and say what is wrong with it");
  check->add_option("file", o.config_file, "configuration file")->required();
  check->callback([&] { result = sb::app::flow_check(o.config_file); });
  auto* test = flow->add_subcommand("test", "what every rule says of an arrival, and what would come of it");
  test->add_option("--config", o.config_file, "configuration file")->capture_default_str();
  test->add_option("--data", o.data_directory, "data directory, instead of the configuration's");
  test->add_option("--interaction", o.interaction_file, "JSON: an arrival or a list of them, see docs/operations.md");
  test->add_option("--recorded", o.recorded, "number of a recorded interaction, or last:100");
  test->add_flag("--json", o.json, "print JSON");
  test->callback([&] { result = sb::app::flow_test(o); });
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) return 1;
  CLI::App app{"Switchboard, a real-time contact-center engine"};
  app.require_subcommand(1);
  std::string config = "config/demo.toml";
  std::string directory;
  std::uint64_t id = 0;
  const auto with_config = [&](CLI::App* sub) {
    sub->add_option("--config", config, "configuration file")->capture_default_str();
    return sub;
  };
  int result = 0;
  with_config(app.add_subcommand("serve", "run the contact center"))->callback([&] { result = serve(config); });
  with_config(app.add_subcommand("check", "read the configuration and say what is wrong with it"))->callback([&] {
    result = sb::app::check(config);
  });
  with_config(app.add_subcommand("verify", "replay the journal, decide every command again and compare"))
      ->callback([&] { result = sb::app::verify(config); });
  auto* explain = with_config(app.add_subcommand("explain", "the whole life of an interaction, with reasons"));
  explain->add_option("interaction", id)->required();
  explain->callback([&] { result = sb::app::explain(config, id); });
  auto* history = with_config(app.add_subcommand("history", "everything that happened with a customer"));
  history->add_option("customer", id)->required();
  history->callback([&] { result = sb::app::history(config, id); });
  auto* backup = with_config(app.add_subcommand("backup", "add a backup to a directory, while running or not"));
  backup->add_option("directory", directory)->required();
  backup->callback([&] { result = sb::app::backup(config, directory); });
  auto* restore = with_config(app.add_subcommand("restore", "restore the newest backup into the empty data directory"));
  restore->add_option("directory", directory)->required();
  restore->callback([&] { result = sb::app::restore(config, directory); });
  app.add_subcommand("hash-password", "print the Argon2id hash of a password read from standard input")->callback([&] {
    std::string password;
    std::getline(std::cin, password);
    std::cout << sb::console::hash_password(password) << '\n';
  });
  sb::app::FlowTestOptions flow{
      .config_file = "config/demo.toml", .data_directory = {}, .interaction_file = {}, .recorded = {}, .json = false};
  add_flow(app, flow, result);
  sb::app::SimulateOptions simulation;
  add_simulate(app, simulation)->callback([&] { result = sb::app::simulate(simulation); });
  sb::app::StaffOptions staffing;
  add_staff(app, staffing)->callback([&] { result = sb::app::staff(staffing); });
  sb::app::WhatIfCommand question;
  question.config_file = "config/demo.toml";
  add_what_if(app, question)->callback([&] { result = sb::app::what_if(question); });
  CLI11_PARSE(app, argc, argv);
  return result;
}
