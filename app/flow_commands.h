#pragma once
// `switchboard flow`: reading a flow, and dry runs of it. Prints to standard output; the exit code is returned.
#include <string>

namespace sb::app {

int flow_check(const std::string& config_file);

struct FlowTestOptions {
  std::string config_file;
  std::string data_directory;    // instead of the configuration's
  std::string interaction_file;  // JSON: an arrival or a list of them, or
  std::string recorded;          // "17", "last:100"
  bool json = false;
};
int flow_test(const FlowTestOptions& options);

}  // namespace sb::app
