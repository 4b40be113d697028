#pragma once
// What the offline commands share: the configuration with its store, or the running server that has it open.
#include <expected>
#include <memory>
#include <string>

#include "app/config.h"
#include "storage/store.h"

namespace sb::app {

// Prints to standard error; the exit code of a failure.
int complain(const std::string& what);

// One request to the server that has the store open.
[[nodiscard]] std::expected<std::string, std::string> ask_server(const Config& config, std::string method,
                                                                 const std::string& path, std::string body = {});

struct Opened {
  Config config;
  std::unique_ptr<storage::Store> store;  // null: a running server has it
};

// Ids in the configuration are those of the store.
[[nodiscard]] std::expected<Opened, std::string> open(const std::string& config_file);

}  // namespace sb::app
