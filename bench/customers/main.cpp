// The command line of the customers: the demo's world, the loads, and the configuration to measure with.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "bench/customers/demo.h"
#include "bench/customers/load.h"
#include "bench/customers/settings.h"

namespace {

using namespace sb::customers;

void add_demo(CLI::App& app, DemoOptions& options, int& code) {
  auto* demo = app.add_subcommand("demo", "Customers who chat and call, and the phone company between");
  demo->add_option("--config", options.config, "The server's configuration")->capture_default_str();
  demo->add_option("--rate", options.rate_per_minute, "Customers a minute")
      ->capture_default_str()
      ->check(CLI::Range(0.01, 6000.0));
  demo->add_option("--robots", options.robots, "Agents played by the program: logins, or all")->delimiter(',');
  demo->add_option("--minutes", options.minutes, "How long")->capture_default_str()->check(CLI::Range(0.01, 10080.0));
  demo->add_option("--seed", options.seed, "The same seed brings the same customers")->capture_default_str();
  demo->add_option("--language-mix", options.chinese_percent, "Percent who speak Chinese")
      ->capture_default_str()
      ->check(CLI::Range(0, 100));
  demo->add_option("--calls", options.calls_percent, "Percent who call instead of chat")
      ->capture_default_str()
      ->check(CLI::Range(0, 100));
  demo->add_option("--agent-no-answer-share", options.agent_no_answer_share, "Share of agents' phones nobody answers")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  demo->add_option("--pace", options.pace, "1: as in life; 0.1: ten times as fast")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 10.0));
  demo->add_option("--voice-path", options.voice_path, "The numbers' voice webhook")->capture_default_str();
  demo->add_option("--status-path", options.status_path, "The numbers' status callback")->capture_default_str();
  demo->callback([&] { code = run_demo(options); });
}

void add_common(CLI::App& load, LoadOptions& options) {
  load.add_option("--config", options.config, "The server's configuration")->capture_default_str();
  load.add_option("--server-pid", options.server_pid, "Reads the server's processor time and memory");
  load.add_flag("--json", options.json, "One JSON line instead of a table");
}

void add_fleet(CLI::App& load, LoadOptions& options) {
  load.add_option("--agents", options.fleet.agents, "Agents at work")
      ->capture_default_str()
      ->check(CLI::Range(1, 19000));
  load.add_option("--login-pattern", options.fleet.login_pattern, "Their logins")->capture_default_str();
  load.add_option("--password", options.fleet.password, "Their password")->capture_default_str();
  load.add_option("--http-connections", options.http_connections, "Connections for arrivals")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
}

void add_loads(CLI::App& app, LoadOptions& options, int& code) {
  auto* load = app.add_subcommand("load", "Open-loop load");
  load->require_subcommand(1);
  auto* latency = load->add_subcommand("latency", "Offer latency at a fixed rate");
  auto* saturate = load->add_subcommand("saturate", "As many assignments as possible");
  auto* chats = load->add_subcommand("chats", "Whole chats at a fixed rate");
  auto* idle = load->add_subcommand("idle", "The memory of idle chat connections");
  for (auto* sub : {latency, saturate, chats, idle}) add_common(*sub, options);
  for (auto* sub : {latency, saturate, chats}) add_fleet(*sub, options);
  for (auto* sub : {latency, chats}) {
    sub->add_option("--rate", options.rate, "Arrivals a second")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 200000.0));
  }
  for (auto* sub : {latency, chats, idle}) {
    sub->add_option("--seconds", options.seconds, "How long")->capture_default_str()->check(CLI::Range(0.1, 86400.0));
  }
  latency->add_option("--warmup", options.warmup_seconds, "Seconds before that which do not count")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 3600.0));
  saturate->add_option("--jobs", options.jobs, "Assignments in all")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000000));
  saturate->add_option("--outstanding", options.outstanding, "Begun and not finished")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000000));
  saturate->add_option("--batch", options.batch, "Arrivals in one request")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  idle->add_option("--connections", options.connections, "How many")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000000));
  latency->callback([&] { code = run_latency(options); });
  saturate->callback([&] { code = run_saturate(options); });
  chats->callback([&] { code = run_chats(options); });
  idle->callback([&] { code = run_idle(options); });
}

void add_bench_config(CLI::App& app, BenchShape& shape, std::string& out, int& code) {
  auto* sub = app.add_subcommand("bench-config", "Writes a configuration to measure with");
  sub->add_option("--agents", shape.agents, "Agents")->capture_default_str()->check(CLI::Range(1, 100000));
  sub->add_option("--skills", shape.skills, "Skills, and a queue for each")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  sub->add_option("--chats-per-agent", shape.chats_per_agent, "Capacity")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  sub->add_option("--port", shape.port, "The server's port")->capture_default_str();
  sub->add_option("--directory", shape.directory, "The server's storage")->capture_default_str();
  sub->add_option("--password", shape.password, "Every agent's")->capture_default_str();
  sub->add_option("--out", out, "File to write; standard output when left out");
  sub->callback([&] {
    if (out.empty()) {
      std::cout << bench_config(shape);
      return;
    }
    std::ofstream file(out);
    file << bench_config(shape);
    file.close();
    if (!file) {
      std::cerr << "cannot write " << out << '\n';
      code = 2;
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Switchboard's customers: they come from outside, over the real wires, on this machine only"};
  app.require_subcommand(1);
  int code = 0;
  DemoOptions demo;
  LoadOptions load;
  BenchShape shape;
  std::string out;
  add_demo(app, demo, code);
  add_loads(app, load, code);
  add_bench_config(app, shape, out, code);
  CLI11_PARSE(app, argc, argv);
  return code;
}
