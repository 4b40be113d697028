// run_script [--engine | --save SNAPSHOT] FILE: one behaviour script on the bare core, or on the whole engine. Exit 0
// when everything happened as written; with --engine also: when the engine's journal is the one the bare core would
// have written. --save writes the core as the script leaves it: a seed for fuzz_snapshot.
#include <fstream>
#include <iostream>

#include "tests/script/core_driver.h"
#include "tests/script/engine_driver.h"
#include "tests/script/runner.h"

namespace {

template <class Driver>
void run(Driver& driver, const std::string& path) {
  std::ifstream script(path);
  if (!script) throw std::runtime_error("cannot be read");
  sb::script::Runner(driver).run(script);
}

void run(const std::string& path, std::string_view mode, const std::string& snapshot) {
  sb::script::CoreDriver core;
  run(core, path);
  if (mode == "--engine") {
    sb::script::EngineDriver engine;
    run(engine, path);
    if (engine.digest() != core.digest()) throw sb::script::ScriptError("the engine's digest is not the bare core's");
  }
  if (mode == "--save") {
    std::ofstream out(snapshot, std::ios::binary);
    if (!(out << core.core().save() << std::flush)) throw std::runtime_error(snapshot + " cannot be written");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 2 ? argv[1] : "";
  const bool known = argc == 2 || (argc == 3 && mode == "--engine") || (argc == 4 && mode == "--save");
  if (!known) {
    std::cerr << "usage: run_script [--engine | --save SNAPSHOT] FILE.route\n";
    return 2;
  }
  const std::string path = argv[argc - 1];
  try {
    run(path, mode, argc == 4 ? argv[2] : "");
  } catch (const std::exception& error) {
    std::cerr << path << ": " << error.what() << "\n";
    return 1;
  }
  return 0;
}
