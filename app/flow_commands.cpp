#include "app/flow_commands.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>

#include "app/configure.h"
#include "app/offline.h"
#include "engine/flow_dry_run.h"
#include "engine/recovery.h"
#include "routing/core.h"

namespace sb::app {

namespace {

namespace json = boost::json;

std::string_view text(const json::object& object, std::string_view key) {
  return object.at(key).as_string();
}

void print_conditions(std::string_view kind, const json::array& conditions) {
  for (const auto& condition : conditions) {
    std::cout << "      " << kind << "  " << text(condition.as_object(), "text_en") << '\n';
  }
}

void print_case(const json::object& run) {
  const auto* interaction = run.if_contains("interaction");
  const auto* recorded = run.if_contains("recorded_queue");
  if (interaction) std::cout << "interaction " << interaction->to_number<std::uint64_t>() << ", ";
  std::cout << text(run, "local_time") << ", " << text(run, "channel") << " for " << text(run, "queue_before");
  if (recorded) std::cout << " (it became: " << recorded->as_string().c_str() << ')';
  std::cout << '\n';
  for (const auto& element : run.at("rules").as_array()) {
    const auto& rule = element.as_object();
    const bool acted = rule.at("acted").as_bool();
    const bool asked = rule.at("asked").as_bool();
    std::cout << "  " << text(rule, "name") << ": "
              << (acted   ? "acts"
                  : asked ? "does not hold"
                          : "not asked, the flow ended before")
              << '\n';
    print_conditions("all", rule.at("all").as_array());
    print_conditions("any", rule.at("any").as_array());
  }
  std::cout << "  => " << text(run.at("result").as_object(), "text_en") << '\n';
}

int print(const json::array& runs, bool as_json) {
  if (as_json) {
    std::cout << json::serialize(json::object{{"interactions", runs}}) << '\n';
    return 0;
  }
  std::size_t elsewhere = 0;
  for (const auto& element : runs) {
    const auto& run = element.as_object();
    print_case(run);
    const auto* recorded = run.if_contains("recorded_queue");
    const auto& result = run.at("result").as_object();
    const bool ticket = result.at("out_of_hours").as_bool();
    const json::string_view now =
        ticket ? json::string_view("ticket") : json::string_view(result.at("queue").as_string());
    if (recorded && json::string_view(recorded->as_string()) != now) ++elsewhere;
  }
  if (runs.size() > 1) std::cout << fmt::format("{} of {} would go elsewhere than they did\n", elsewhere, runs.size());
  return 0;
}

std::expected<json::value, std::string> read_json(const std::string& file) {
  std::ifstream in(file);
  std::stringstream bytes;
  bytes << in.rdbuf();
  if (!in) return std::unexpected(file + ": cannot be read");
  boost::system::error_code error;
  auto value = json::parse(bytes.str(), error);
  if (error) return std::unexpected(file + ": is not JSON: " + error.message());
  return value;
}

json::array given_list(const json::value& value) {
  return value.is_array() ? value.get_array() : json::array{value};
}

// The server that has the store open says it.
int ask_the_server(const Config& config, const FlowTestOptions& options) {
  json::object body;
  if (config.flow.given) body["rules"] = config.flow.rules.value;
  if (options.recorded.empty()) {
    auto given = read_json(options.interaction_file);
    if (!given) return complain(given.error());
    body["interactions"] = given_list(*given);
  } else {
    body["recorded"] = options.recorded;
  }
  auto answer = ask_server(config, "POST", "/api/flow/test", json::serialize(body));
  if (!answer) return complain(answer.error());
  return print(json::parse(*answer).at("interactions").as_array(), options.json);
}

// The configuration as it would be after a start, on what the store holds.
struct Bench {
  Config config;
  std::unique_ptr<storage::Store> store;  // null: there is none, or a server has it
  bool locked = false;
  routing::Core core;
  Flow flow;
};

std::expected<Bench, std::string> set_up(const FlowTestOptions& options) {
  auto config = read_config(options.config_file);
  if (!config) return std::unexpected(config.error());
  if (!options.data_directory.empty()) config->data_directory = options.data_directory;
  Bench bench{.config = std::move(*config), .store = {}, .locked = false, .core = {}, .flow = {}};
  const auto directory = bench.config.data_directory / "store";
  if (std::filesystem::exists(directory)) {
    storage::Options store;
    store.directory = directory;
    store.create_if_missing = false;
    auto opened = storage::Store::open(std::move(store));
    bench.locked = !opened && opened.error().code == storage::Error::locked;
    if (!opened && !bench.locked) return std::unexpected(opened.error().message);
    if (opened) bench.store = std::move(*opened);
  }
  if (bench.store) {
    auto recovered = engine::recover(*bench.store);
    if (!recovered) return std::unexpected(recovered.error().message);
    bench.core = std::move(recovered->core);
  }
  auto commands = resolve(bench.config, bench.core.state());
  if (!commands) return std::unexpected(commands.error());
  std::vector<Event> events;
  for (const Command& command : *commands) {
    const auto outcome = bench.core.step(command, Source::kConfig, {}, 0, events);
    const bool flow = std::holds_alternative<command::PutFlow>(command);
    if (flow && outcome.rejection != Rejection::kNone) {
      return std::unexpected("the flow is refused: " + std::string(name(outcome.rejection)));
    }
  }
  bench.flow = bench.core.state().flow;
  return bench;
}

}  // namespace

int flow_check(const std::string& config_file) {
  auto config = read_config(config_file);
  if (!config) return complain(config.error());
  const routing::State nothing;
  if (auto commands = resolve(*config, nothing); !commands) return complain(commands.error());
  const auto* rules = config->flow.rules.value.if_array();
  std::cout << config_file << ": the flow is good, " << (rules ? rules->size() : 0) << " rules\n";
  return 0;
}

int flow_test(const FlowTestOptions& options) {
  if (options.interaction_file.empty() == options.recorded.empty()) {
    return complain("give either --interaction FILE.json or --recorded ID (or last:100)");
  }
  engine::Recorded wanted;
  if (!options.recorded.empty()) {
    auto read = engine::read_recorded(options.recorded);
    if (!read) return complain("--recorded: " + read.error());
    wanted = *read;
  }
  auto bench = set_up(options);
  if (!bench) return complain(bench.error());
  if (bench->locked) return ask_the_server(bench->config, options);
  json::array runs;
  if (wanted.interaction || wanted.last != 0) {
    if (!bench->store) return complain("nothing is recorded in " + bench->config.data_directory.string());
    auto run = engine::dry_run_recorded(bench->flow, wanted, *bench->store, bench->config.center);
    if (!run) return complain(run.error().message);
    if (run->empty()) return complain("there is no such arrival in the journal");
    runs = std::move(*run);
  } else {
    auto given = read_json(options.interaction_file);
    if (!given) return complain(given.error());
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    for (const auto& one : given_list(*given)) {
      auto arrival = engine::read_arrival(one, bench->config.center, bench->flow, static_cast<TimeMs>(now.count()));
      if (!arrival) return complain(options.interaction_file + ": " + arrival.error());
      runs.push_back(engine::dry_run(bench->flow, *arrival, bench->core.state(), bench->config.center));
    }
  }
  return print(runs, options.json);
}

}  // namespace sb::app
