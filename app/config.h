#pragma once
// The configuration file, read and checked: what the edges need, and the routing configuration that becomes commands.
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "app/flow_config.h"
#include "channels/chat/chat_edge.h"
#include "channels/phone/settings.h"
#include "engine/center.h"

namespace sb::app {

using NamedLevels = std::vector<std::pair<std::string, std::uint32_t>>;

struct RelaxConfig {
  RelaxStep step;  // without ids
  std::string skill;
  std::string other;
  std::string queue;
};

struct QueueConfig {
  engine::QueueInfo info;  // without id and requirement
  NamedLevels requires_skills;
  std::vector<NamedLevels> requires_any;
  std::vector<std::string> prefers_skills;
  std::vector<RelaxConfig> relaxation;
  std::vector<std::string> groups;
  command::PutQueue put;
};

struct AgentConfig {
  engine::AgentInfo info;  // without id
  std::vector<std::pair<std::string, std::uint32_t>> skills;
  std::vector<std::string> queues;
  std::vector<std::uint32_t> capacity;
  std::uint32_t units = 0;
};

struct MenuItemConfig {
  std::string key;
  std::string say;
  std::string queue;
  std::string language;
  std::vector<std::pair<std::string, std::uint32_t>> skills;
};

struct NumberConfig {
  phone::Number number;  // without menu
  std::vector<MenuItemConfig> menu;
};

struct Config {
  struct Http {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    std::string public_url;
    std::vector<std::string> origins;
    std::string certificate_file;
    std::string key_file;
    std::vector<std::string> trusted_proxies;
    double requests_per_s = 0;
    std::size_t max_connections = 20'000;
  } http;
  std::filesystem::path data_directory;
  std::filesystem::path web_directory = "web/dist";
  std::vector<std::string> api_keys;
  double sign_in_attempts_per_s = 0.5;  // by source address; a load test signs in thousands from one
  engine::Center center;                // without skills, queues, agents' ids
  command::PutCenter put_center;
  std::vector<engine::SkillInfo> skills;  // without ids
  std::vector<QueueConfig> queues;
  std::vector<AgentConfig> agents;
  chat::ChatOptions chat;
  phone::Settings phone;  // without numbers
  std::vector<NumberConfig> numbers;
  FlowConfig flow;
  std::size_t demo_customers = 0;  // invented customers to import into an empty store
};

// The error names file, line and key, and says what is expected.
[[nodiscard]] std::expected<Config, std::string> read_config(const std::filesystem::path& file);

}  // namespace sb::app
