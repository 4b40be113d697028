// run_script FILE: one behaviour script on the bare core. Exit 0 when everything happened as written.
#include <fstream>
#include <iostream>

#include "tests/script/core_driver.h"
#include "tests/script/runner.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: run_script FILE.route\n";
    return 2;
  }
  std::ifstream script(argv[1]);
  if (!script) {
    std::cerr << argv[1] << ": cannot be read\n";
    return 2;
  }
  sb::script::CoreDriver driver;
  try {
    sb::script::Runner(driver).run(script);
  } catch (const sb::script::ScriptError& error) {
    std::cerr << argv[1] << ": " << error.what() << "\n";
    return 1;
  }
  return 0;
}
