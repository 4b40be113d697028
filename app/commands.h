#pragma once
// The command line's offline commands: each opens the store itself, or asks the running server when the store is in
// use. They print to standard output and return an exit code.
#include <cstdint>
#include <string>

namespace sb::app {

int check(const std::string& config_file);
int verify(const std::string& config_file);
int explain(const std::string& config_file, std::uint64_t interaction);
int history(const std::string& config_file, std::uint64_t customer);
int backup(const std::string& config_file, const std::string& directory);
int restore(const std::string& config_file, const std::string& directory);

}  // namespace sb::app
