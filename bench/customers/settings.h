#pragma once
// What the customers need of the server's configuration file. Read once at start.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/customers/wire.h"

namespace sb::customers {

struct MenuKey {
  std::string key;
  std::string queue;
};

struct PhoneNumber {
  std::string number;
  std::string language;  // "en-US"
  std::vector<MenuKey> menu;
};

struct AgentLogin {
  std::string login;
  std::string password;
  std::string name;
};

struct TwilioAccount {
  std::string account_sid;
  std::string auth_token;
  Endpoint api;  // where the emulated provider listens
};

struct Settings {
  Endpoint server;
  std::string host;        // Host header
  std::string public_url;  // without a slash at the end; what webhooks are signed over
  std::string api_key;
  std::string identity_secret;
  std::vector<std::string> queues;
  std::vector<PhoneNumber> numbers;
  std::string callback_key = "1";  // asks to be called back
  std::vector<AgentLogin> agents;
  std::optional<TwilioAccount> twilio;
};

// Nothing when the file cannot be used; `why` says where. Hosts that are not this machine are refused: this program
// makes load and pretends to be a provider.
[[nodiscard]] std::optional<Settings> read_settings(const std::string& path, std::string& why);
[[nodiscard]] std::optional<Settings> parse_settings(std::string_view toml, std::string& why);

struct BenchShape {
  unsigned agents = 1000;
  unsigned skills = 10;  // one queue per skill
  unsigned chats_per_agent = 1;
  std::uint16_t port = 8380;
  std::string directory = "data/bench";
  std::string password = "bench";
};

// A configuration for measuring: agents agent00000.. spread evenly over the skills, no wrap-up.
[[nodiscard]] std::string bench_config(const BenchShape& shape);
[[nodiscard]] std::string bench_login(const std::string& pattern, unsigned number);

}  // namespace sb::customers
