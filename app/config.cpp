#include "app/config.h"

#include <array>
#include <chrono>
#include <cstring>

#include "app/hours.h"
#include "app/queue_config.h"
#include "app/toml_reader.h"
#include "console/sign_in.h"
#include "crm/outside_number.h"

namespace sb::app {

namespace {

// What the core takes, and how far ahead that reaches with one span a day.
constexpr std::size_t kCallbackSpansMax = 64;
constexpr std::size_t kCallbackDaysMax = 70;
constexpr std::size_t kOutsidePrefixesMax = 100;

std::vector<std::uint32_t> by_channel(TableReader& t, std::string_view key, std::uint32_t otherwise) {
  std::vector<std::uint32_t> numbers(kChannelCount, otherwise);
  for (const auto& [channel, count] : t.levels(key, 100)) {
    std::size_t index = 0;
    while (index < kChannelNames.size() && kChannelNames[index] != channel) ++index;
    if (index == 0 || index == kChannelNames.size()) {
      t.fail(key, "knows phone, chat, email, message and form, not " + channel);
    }
    numbers[index] = count;
  }
  return numbers;
}

// Hashing is slow on purpose; equal passwords of a demo or a load test are hashed once.
std::string password_hash(TableReader& t, std::map<std::string, std::string>& hashed, bool cheap) {
  if (t.has("password_hash")) return t.text("password_hash");
  const std::string password = t.secret("password", "");
  if (password.empty()) t.fail("password_hash", "is required (switchboard hash-password prints one)");
  std::string& hash = hashed[password];
  if (hash.empty()) hash = cheap ? console::hash_password_cheaply(password) : console::hash_password(password);
  return hash;
}

// [callbacks], the terms of every queue that says nothing else.
engine::CallbackTerms read_callbacks(TableReader t, Config& c) {
  const engine::CallbackTerms terms = callback_terms(t, {});
  c.phone.callback_key = t.text("key", "1");
  const bool one_key = c.phone.callback_key.size() == 1 && std::strchr("0123456789*#", c.phone.callback_key[0]);
  if (!one_key) t.fail("key", "must be one of 0-9, * and #");
  c.phone.customer_ring_timeout_s = static_cast<std::uint32_t>(t.number("ring_timeout_s", 30, 5, 120));
  auto lines = t.texts("hours");
  if (lines.empty()) lines = {"09:00-20:00"};
  if (auto hours = Hours::parse(c.center.time_zone, lines); !hours) t.fail("hours", hours.error());
  c.center.callback_windows = [zone = c.center.time_zone, lines](const std::string& of,
                                                                 const std::vector<std::string>& own,
                                                                 TimeMs from) -> engine::Center::CallbackWindows {
    const auto hours = Hours::parse(of.empty() ? zone : of, own.empty() ? lines : own);
    if (!hours) return std::unexpected(hours.error());
    return hours->spans(from, kCallbackSpansMax, kCallbackDaysMax);
  };
  c.center.knows_time_zone = [](const std::string& of) { return Hours::parse(of, {}).has_value(); };
  t.finish();
  return terms;
}

AgentConfig agent(TableReader& t, std::map<std::string, std::string>& hashed, bool cheap) {
  AgentConfig a;
  a.info.login = t.text("login");
  a.info.name = t.text("name", a.info.login);
  a.info.language = t.text("language", "en");
  a.info.phone = t.text("phone", "");
  const std::string role = t.text("role", "agent");
  std::size_t r = 0;
  while (r < engine::kRoleNames.size() && engine::kRoleNames[r] != role) ++r;
  if (r == engine::kRoleNames.size()) t.fail("role", "must be agent, supervisor or admin");
  a.info.role = static_cast<engine::Role>(r);
  a.info.password_hash = password_hash(t, hashed, cheap);
  a.skills = t.levels("skills", 100);
  a.queues = t.texts("queues");
  a.capacity = by_channel(t, "capacity", 0);
  a.units = static_cast<std::uint32_t>(t.number("units", 0, 0, 10'000));
  t.finish();
  return a;
}

void read_http(TableReader t, Config& c) {
  c.http.address = t.text("address", "127.0.0.1");
  c.http.port = static_cast<std::uint16_t>(t.number("port", 8080, 0, 65'535));
  c.http.public_url = t.text("public_url", "http://" + c.http.address + ":" + std::to_string(c.http.port));
  while (c.http.public_url.ends_with('/')) c.http.public_url.pop_back();
  c.http.origins = t.texts("origins");
  c.http.certificate_file = t.text("certificate_file", "");
  c.http.key_file = t.text("key_file", "");
  c.http.trusted_proxies = t.texts("trusted_proxies");
  c.http.requests_per_s = static_cast<double>(t.number("requests_per_s", 0, 0, 1'000'000));
  c.http.max_connections = static_cast<std::size_t>(t.number("max_connections", 20'000, 10, 1'000'000));
  c.web_directory = t.text("web_directory", "web/dist");
  t.finish();
}

void read_center(TableReader t, Config& c) {
  c.center.name_en = t.text("name_en", "Switchboard");
  c.center.name_zh = t.text("name_zh", c.center.name_en);
  c.center.default_country_code = t.text("default_country_code", "");
  c.center.public_url = c.http.public_url;
  const std::string zone = t.text("time_zone", "UTC");
  c.center.time_zone = zone;
  auto hours = Hours::parse(zone, t.texts("hours"));
  if (!hours) t.fail(hours.error().starts_with("time_zone") ? "time_zone" : "hours", hours.error());
  const auto shared = std::make_shared<const Hours>(std::move(*hours));
  c.center.open_at = [shared](TimeMs at) { return shared->open_at(at); };
  c.center.day_start = [shared](TimeMs at) { return shared->day_start(at); };
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  c.center.utc_offsets =
      shared->offsets(static_cast<TimeMs>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()));
  if (t.has("weights")) c.put_center.weights = by_channel(t, "weights", 1);
  c.put_center.misses_max = static_cast<std::uint32_t>(t.number("misses_max", 0, 0, 100));
  c.put_center.rest_ms = static_cast<DurationMs>(t.number("rest_s", 300, 0, kDayS)) * 1000;
  c.put_center.agent_grace_ms = static_cast<DurationMs>(t.number("disconnect_grace_s", 30, 0, kDayS)) * 1000;
  t.finish();
}

void read_chat(TableReader t, Config& c) {
  c.chat.greeting_en = t.text("greeting_en", "Hello! How can we help you?");
  c.chat.greeting_zh = t.text("greeting_zh", "您好！请问有什么可以帮您？");
  c.chat.queue = t.text("queue", c.queues.empty() ? "" : c.queues.front().info.name);
  c.chat.identity_secret = t.secret("identity_secret", "");
  c.chat.origins = t.texts("origins");
  c.chat.language_level = static_cast<std::uint32_t>(t.number("language_level", 30, 0, 100));
  c.chat.attachments.bytes_each_max =
      static_cast<std::size_t>(t.number("max_attachment_bytes", 5'000'000, 0, 50'000'000));
  c.chat.callback_wait_ms = static_cast<DurationMs>(t.number("callback_wait_s", 120, 0, 86'400)) * 1000;
  c.chat.messages_per_10s = static_cast<std::uint32_t>(t.number("messages_per_10s", 20, 1, 100'000));
  c.put_center.customer_grace_ms = static_cast<DurationMs>(t.number("idle_grace_s", 120, 0, kDayS)) * 1000;
  t.finish();
}

NumberConfig phone_number(TableReader& t) {
  NumberConfig n;
  n.number.number = t.text("number");
  n.number.language = t.text("language", "en-US");
  n.number.greeting = t.text("greeting", "");
  n.number.music = t.text("music", "/static/hold.wav");
  for (TableReader& m : t.tables("menu")) {
    n.menu.push_back({m.text("key"), m.text("say"), m.text("queue"), m.text("language", ""), m.levels("skills", 100)});
    m.finish();
  }
  if (n.menu.empty()) t.fail("menu", "needs at least one entry");
  t.finish();
  return n;
}

void read_phone(TableReader t, Config& c) {
  TableReader twilio = t.table("twilio");
  c.phone.account_sid = twilio.text("account_sid", "");
  const std::string token = twilio.secret("auth_token", "");
  if (!token.empty()) c.phone.auth_tokens.push_back(token);
  for (auto& older : twilio.secrets("older_auth_tokens")) c.phone.auth_tokens.push_back(std::move(older));
  c.phone.api_base = twilio.text("api_base", "https://api.twilio.com");
  c.phone.ring_timeout_s = static_cast<std::uint32_t>(twilio.number("ring_timeout_s", 20, 5, 600));
  twilio.finish();
  c.center.outside_prefixes = t.texts("outside_prefixes");
  for (const std::string& prefix : c.center.outside_prefixes) {
    if (!crm::is_number_prefix(prefix))
      t.fail("outside_prefixes", "holds beginnings of numbers such as \"+86\", not " + prefix);
  }
  if (c.center.outside_prefixes.size() > kOutsidePrefixesMax) t.fail("outside_prefixes", "holds at most 100 entries");
  c.phone.public_url = c.http.public_url;
  c.phone.default_country_code = c.center.default_country_code;
  for (TableReader& n : t.tables("numbers")) c.numbers.push_back(phone_number(n));
  if (!c.numbers.empty() && c.phone.auth_tokens.empty()) t.fail("twilio", "auth_token is required to verify webhooks");
  t.finish();
}

Config read(const std::string& file, const toml::table& root) {
  Config c;
  TableReader t(file, "", root);
  read_http(t.table("http"), c);
  TableReader storage = t.table("storage");
  c.data_directory = storage.text("directory", "data");
  storage.finish();
  TableReader api = t.table("api");
  c.api_keys = api.secrets("keys");
  api.finish();
  TableReader sign_in = t.table("sign_in");
  const bool cheap = sign_in.flag("cheap_passwords", false);
  c.sign_in_attempts_per_s = static_cast<double>(sign_in.number("attempts_per_minute", 30, 1, 1'000'000)) / 60;
  sign_in.finish();
  TableReader demo = t.table("demo");
  c.demo_customers = static_cast<std::size_t>(demo.number("customers", 0, 0, 100'000));
  demo.finish();
  read_center(t.table("center"), c);
  for (TableReader& s : t.tables("skills")) {
    engine::SkillInfo skill;
    static_cast<engine::Titled&>(skill) = titled(s, "name");
    s.finish();
    c.skills.push_back(std::move(skill));
  }
  const engine::CallbackTerms callbacks = read_callbacks(t.table("callbacks"), c);
  for (TableReader& q : t.tables("queues")) c.queues.push_back(read_queue(q, callbacks));
  for (const std::string_view list : {"dispositions", "away_reasons"}) {
    for (TableReader& d : t.tables(list)) {
      auto& into = list == "dispositions" ? c.center.dispositions : c.center.away_reasons;
      into.push_back(titled(d, "code"));
      d.finish();
    }
  }
  std::map<std::string, std::string> hashed;
  for (TableReader& a : t.tables("agents")) c.agents.push_back(agent(a, hashed, cheap));
  read_chat(t.table("chat"), c);
  read_phone(t.table("phone"), c);
  c.chat.calls_back = !c.numbers.empty();
  c.flow = read_flow_config(t);
  t.finish();
  if (c.queues.empty()) throw ConfigError(file + ": at least one [[queues]] is needed");
  return c;
}

}  // namespace

std::expected<Config, std::string> read_config(const std::filesystem::path& file) {
  try {
    return read(file.string(), toml::parse_file(file.string()));
  } catch (const toml::parse_error& e) {
    return std::unexpected(file.string() + ":" + std::to_string(e.source().begin.line) + ": " +
                           std::string(e.description()));
  } catch (const ConfigError& e) {
    return std::unexpected(std::string(e.what()));
  }
}

}  // namespace sb::app
