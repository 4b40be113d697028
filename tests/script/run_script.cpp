// run_script [--engine] FILE: one behaviour script on the bare core, or on the whole engine. Exit 0 when everything
// happened as written; with --engine also: when the engine's journal is the one the bare core would have written.
#include <fstream>
#include <iostream>

#include "tests/script/core_driver.h"
#include "tests/script/engine_driver.h"
#include "tests/script/runner.h"

namespace {

template <class Driver>
std::uint64_t digest_of(const std::string& path) {
  std::ifstream script(path);
  if (!script) throw std::runtime_error("cannot be read");
  Driver driver;
  sb::script::Runner(driver).run(script);
  return driver.digest();
}

}  // namespace

int main(int argc, char** argv) {
  const bool whole = argc == 3 && std::string_view(argv[1]) == "--engine";
  if (argc != 2 && !whole) {
    std::cerr << "usage: run_script [--engine] FILE.route\n";
    return 2;
  }
  const std::string path = argv[argc - 1];
  using sb::script::CoreDriver;
  using sb::script::EngineDriver;
  try {
    if (whole && digest_of<EngineDriver>(path) != digest_of<CoreDriver>(path)) {
      throw sb::script::ScriptError("the engine's digest is not the bare core's");
    }
    if (!whole) digest_of<CoreDriver>(path);
  } catch (const std::exception& error) {
    std::cerr << path << ": " << error.what() << "\n";
    return 1;
  }
  return 0;
}
