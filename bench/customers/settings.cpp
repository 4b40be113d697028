#include "bench/customers/settings.h"

#include <toml++/toml.h>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace sb::customers {
namespace {

std::string text_of(const toml::node_view<const toml::node>& node, const std::string& otherwise = {}) {
  return node.value_or(otherwise);
}

// Secrets may be written as "env:NAME" or "file:PATH".
std::string secret_of(const toml::node_view<const toml::node>& node) {
  const std::string value = text_of(node);
  if (value.rfind("env:", 0) == 0) {
    const char* found = std::getenv(value.c_str() + 4);
    return found == nullptr ? std::string{} : found;
  }
  if (value.rfind("file:", 0) == 0) {
    std::ifstream file(value.substr(5));
    std::string line;
    std::getline(file, line);
    return line;
  }
  return value;
}

std::optional<Endpoint> loopback(const std::string& address, std::uint16_t port, std::string& why) {
  boost::system::error_code error;
  const auto parsed = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
  if (error || !parsed.is_loopback()) {
    why = address + " is not this machine: customers only talk to a server on the loopback";
    return std::nullopt;
  }
  return Endpoint(parsed, port);
}

std::optional<TwilioAccount> twilio_of(const toml::table& root, std::string& why) {
  const auto section = root["phone"]["twilio"];
  TwilioAccount account;
  account.account_sid = secret_of(section["account_sid"]);
  account.auth_token = secret_of(section["auth_token"]);
  const std::string base = text_of(section["api_base"]);
  const auto url = boost::urls::parse_uri(base);
  if (!url) {
    why = "phone.twilio.api_base is no URL: " + base;
    return std::nullopt;
  }
  const auto api = loopback(std::string(url->host()), url->has_port() ? url->port_number() : std::uint16_t{80}, why);
  if (!api) return std::nullopt;
  account.api = *api;
  return account;
}

void read_numbers(const toml::table& root, Settings& settings) {
  const auto* numbers = root["phone"]["numbers"].as_array();
  if (numbers == nullptr) return;
  for (const auto& node : *numbers) {
    const auto* table = node.as_table();
    if (table == nullptr) continue;
    PhoneNumber number{text_of((*table)["number"]), text_of((*table)["language"], "en-US"), {}};
    if (const auto* menu = (*table)["menu"].as_array()) {
      for (const auto& entry : *menu) {
        if (const auto* key = entry.as_table())
          number.menu.push_back({text_of((*key)["key"]), text_of((*key)["queue"])});
      }
    }
    settings.numbers.push_back(std::move(number));
  }
}

void read_people(const toml::table& root, Settings& settings) {
  if (const auto* agents = root["agents"].as_array()) {
    for (const auto& node : *agents) {
      if (const auto* agent = node.as_table()) {
        settings.agents.push_back(
            {text_of((*agent)["login"]), secret_of((*agent)["password"]), text_of((*agent)["name"])});
      }
    }
  }
  if (const auto* queues = root["queues"].as_array()) {
    for (const auto& node : *queues) {
      if (const auto* queue = node.as_table()) settings.queues.push_back(text_of((*queue)["name"]));
    }
  }
  if (const auto* keys = root["api"]["keys"].as_array(); keys != nullptr && !keys->empty()) {
    settings.api_key = secret_of(toml::node_view<const toml::node>(keys->get(0)));
  }
}

}  // namespace

std::optional<Settings> parse_settings(std::string_view toml_text, std::string& why) {
  toml::table root;
  try {
    root = toml::parse(toml_text);
  } catch (const toml::parse_error& error) {
    std::ostringstream out;
    out << "line " << error.source().begin.line << ": " << error.description();
    why = out.str();
    return std::nullopt;
  }
  const toml::table& file = root;
  Settings settings;
  const auto port = file["http"]["port"].value_or(8080);
  const auto server = loopback(text_of(file["http"]["address"], "127.0.0.1"), static_cast<std::uint16_t>(port), why);
  if (!server) return std::nullopt;
  settings.server = *server;
  settings.host = server->address().to_string() + ":" + std::to_string(port);
  settings.public_url = text_of(file["http"]["public_url"], "http://" + settings.host);
  while (!settings.public_url.empty() && settings.public_url.back() == '/') settings.public_url.pop_back();
  settings.identity_secret = secret_of(file["chat"]["identity_secret"]);
  settings.callback_key = text_of(file["callbacks"]["key"], "1");
  read_people(file, settings);
  read_numbers(file, settings);
  if (file["phone"]["twilio"].is_table()) {
    settings.twilio = twilio_of(file, why);
    if (!settings.twilio) return std::nullopt;
  }
  return settings;
}

std::optional<Settings> read_settings(const std::string& path, std::string& why) {
  std::ifstream file(path);
  if (!file) {
    why = "cannot read " + path;
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  auto settings = parse_settings(text.str(), why);
  if (!settings) why = path + ": " + why;
  return settings;
}

std::string bench_login(const std::string& pattern, unsigned number) {
  const auto start = pattern.find('%');
  if (start == std::string::npos) return pattern + std::to_string(number);
  const auto end = pattern.find('d', start);
  if (end == std::string::npos) return pattern + std::to_string(number);
  std::string digits = std::to_string(number);
  const auto width = static_cast<std::size_t>(std::strtoul(pattern.c_str() + start + 1, nullptr, 10));
  if (width < 20 && digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return pattern.substr(0, start) + digits + pattern.substr(end + 1);
}

std::string bench_config(const BenchShape& shape) {
  std::ostringstream out;
  const std::string base = "127.0.0.1:" + std::to_string(shape.port);
  out << "# Written by `switchboard-customers bench-config`: for measuring on this machine only.\n\n[http]\n"
      << "address = \"127.0.0.1\"\nport = " << shape.port << "\npublic_url = \"http://" << base
      << "\"\norigins = []\n\n"
      << "[storage]\ndirectory = \"" << shape.directory << "\"\n\n[api]\nkeys = [\"bench-api-key\"]\n\n"
      << "[sign_in]\ncheap_passwords = true\nattempts_per_minute = 1000000\n\n"
      << "[center]\nname_en = \"Bench\"\nname_zh = \"Bench\"\ntime_zone = \"UTC\"\ndefault_country_code = \"1\"\n"
      << "disconnect_grace_s = 30\nhours = [\"Mon-Sun 00:00-24:00\"]\n";
  for (unsigned i = 0; i < shape.skills; ++i) {
    out << "\n[[skills]]\nname = \"s" << i << "\"\ntitle_en = \"Skill " << i << "\"\ntitle_zh = \"Skill " << i
        << "\"\n";
  }
  for (unsigned i = 0; i < shape.skills; ++i) {
    out << "\n[[queues]]\nname = \"q" << i << "\"\ntitle_en = \"Queue " << i << "\"\ntitle_zh = \"Queue " << i
        << "\"\npolicy = \"longest_idle\"\nrequires = { s" << i << " = 30 }\noffer_timeout_s = 60\nwrap_up_s = 0\n"
        << "priority_step_s = 60\navoid_s = 30\nmax_waiting = 0\nservice_level_s = 20\n";
  }
  out << "\n[[dispositions]]\ncode = \"resolved\"\ntitle_en = \"Resolved\"\ntitle_zh = \"Resolved\"\n\n"
      << "[[away_reasons]]\ncode = \"break\"\ntitle_en = \"Break\"\ntitle_zh = \"Break\"\n";
  for (unsigned i = 0; i < shape.agents; ++i) {
    const unsigned skill = i % shape.skills;
    const std::string login = bench_login("agent%05d", i);
    out << "\n[[agents]]\nlogin = \"" << login << "\"\nname = \"Agent " << i << "\"\nrole = \"agent\"\npassword = \""
        << shape.password << "\"\nlanguage = \"en\"\nskills = { s" << skill << " = 80 }\nqueues = [\"q" << skill
        << "\"]\ncapacity = { phone = 1, chat = " << shape.chats_per_agent << " }\nphone = \"client:" << login
        << "\"\n";
  }
  out << "\n[chat]\ngreeting_en = \"Hello\"\ngreeting_zh = \"Hello\"\nqueue = \"q0\"\nmax_attachment_bytes = "
         "5_000_000\n"
      << "identity_secret = \"bench-identity-secret\"\nidle_grace_s = 120\n";
  return out.str();
}

}  // namespace sb::customers
