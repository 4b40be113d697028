#include "app/commands.h"

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "app/configure.h"
#include "app/offline.h"
#include "crm/directory.h"
#include "engine/explain.h"
#include "engine/verify.h"

namespace sb::app {

namespace {

// 2026-11-21 08:15:02.123 in UTC.
std::string clock_time(std::uint64_t ms) {
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d.%03d", utc.tm_year + 1900, utc.tm_mon + 1,
                utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, static_cast<int>(ms % 1000));
  return text;
}

void print_story(const boost::json::array& story) {
  for (const auto& entry : story) {
    const auto& e = entry.as_object();
    const auto time_ms = e.at("time_ms").to_number<std::uint64_t>();
    const auto seq = e.at("seq").to_number<std::uint64_t>();
    std::cout << clock_time(time_ms) << "  #" << seq << "  " << e.at("text_en").as_string().c_str() << '\n';
    const auto* details = e.if_contains("details");
    const auto* candidates = details && details->is_object() ? details->as_object().if_contains("candidates") : nullptr;
    if (!candidates || !candidates->is_array()) continue;
    for (const auto& candidate : candidates->as_array()) {
      const auto& c = candidate.as_object();
      const auto* text = c.if_contains("text_en");
      if (text && text->is_string()) std::cout << "      " << text->as_string().c_str() << '\n';
    }
  }
}

int print_answer(const std::expected<std::string, std::string>& answer) {
  if (!answer) return complain(answer.error());
  boost::system::error_code error;
  const auto json = boost::json::parse(*answer, error);
  if (!error && json.is_array()) {
    print_story(json.as_array());
  } else if (const auto* story = !error && json.is_object() ? json.as_object().if_contains("story") : nullptr;
             story && story->is_array()) {
    print_story(story->as_array());
  } else {
    std::cout << *answer << '\n';
  }
  return 0;
}

}  // namespace

int check(const std::string& config_file) {
  auto config = read_config(config_file);
  if (!config) return complain(config.error());
  const routing::State nothing;
  auto commands = resolve(*config, nothing);
  if (!commands) return complain(commands.error());
  std::cout << config_file << " is good: " << config->skills.size() << " skills, " << config->queues.size()
            << " queues, " << config->agents.size() << " agents, " << config->numbers.size() << " phone numbers\n";
  return 0;
}

int verify(const std::string& config_file) {
  auto opened = open(config_file);
  if (!opened) return complain(opened.error());
  if (!opened->store) return complain("the store is in use by a running server; stop it, or verify a restored backup");
  auto report = engine::verify(*opened->store);
  if (!report) {
    return complain("record " + std::to_string(report.error().seq) + " does not fit: " + report.error().what);
  }
  std::printf("%llu records replayed, %llu decided again, %llu snapshots compared: all equal, digest %016llx, %.2f s\n",
              static_cast<unsigned long long>(report->records), static_cast<unsigned long long>(report->redecided),
              static_cast<unsigned long long>(report->snapshots), static_cast<unsigned long long>(report->digest),
              report->seconds);
  return 0;
}

int explain(const std::string& config_file, std::uint64_t interaction) {
  auto opened = open(config_file);
  if (!opened) return complain(opened.error());
  if (!opened->store) {
    return print_answer(
        ask_server(opened->config, "GET", "/api/interactions/" + std::to_string(interaction) + "/explain"));
  }
  auto directory = crm::Directory::open(opened->config.data_directory / "records.db");
  if (!directory) return complain(directory.error().message);
  auto details = directory->interaction({interaction});
  if (!details) return complain(details.error().message);
  if (!*details) return complain("there is no interaction " + std::to_string(interaction));
  auto story = engine::explain(*opened->store, opened->config.center, {interaction}, (*details)->customer);
  if (!story) return complain(story.error().message);
  print_story(*story);
  return 0;
}

int history(const std::string& config_file, std::uint64_t customer) {
  constexpr std::size_t kRecordsMax = 10'000;
  auto opened = open(config_file);
  if (!opened) return complain(opened.error());
  if (!opened->store) {
    return print_answer(ask_server(opened->config, "GET", "/api/customers/" + std::to_string(customer) + "/history"));
  }
  auto story = engine::history(*opened->store, opened->config.center, {customer}, 0, kRecordsMax);
  if (!story) return complain(story.error().message);
  print_story(*story);
  return 0;
}

int backup(const std::string& config_file, const std::string& directory) {
  auto opened = open(config_file);
  if (!opened) return complain(opened.error());
  const auto target = std::filesystem::absolute(directory);
  if (!opened->store) {
    const std::string body = boost::json::serialize(boost::json::object{{"directory", target.string()}});
    return print_answer(ask_server(opened->config, "POST", "/api/backup", body));
  }
  auto done = opened->store->backup(target);
  if (!done) return complain(done.error().message);
  std::printf("backup %u up to record %llu\n", done->id, static_cast<unsigned long long>(done->seq));
  return 0;
}

int restore(const std::string& config_file, const std::string& directory) {
  auto config = read_config(config_file);
  if (!config) return complain(config.error());
  auto seq = storage::Store::restore(directory, config->data_directory / "store");
  if (!seq) return complain(seq.error().message);
  std::printf("restored up to record %llu; the records (records.db) rebuild themselves at the next start\n",
              static_cast<unsigned long long>(*seq));
  return 0;
}

}  // namespace sb::app
