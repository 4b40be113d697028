#pragma once
// A generated day in the center: small numbers that become lines of a script, each chosen against what is going on.
#include <rapidcheck.h>

#include "tests/model/naive.h"
#include "tests/script/core_driver.h"
#include "tests/script/speech.h"

namespace sb::model {

// One thing that happens; a, b and c choose among what there is.
struct Op {
  std::uint8_t kind = 0;
  std::uint8_t a = 0;
  std::uint8_t b = 0;
  std::uint8_t c = 0;
  std::uint16_t pause = 0;
};

rc::Gen<std::vector<Op>> ops();

// The lines every run begins with.
std::vector<std::string> setting();

// The line for an op, given what the naive center knows; times are counted from the start. "restart" and "crash" are
// lines too.
std::string line_of(const Op& op, const Naive& naive, TimeMs since_start);

// More people, all signed in, who take what comes: so that they often meet in one conversation. Comes after setting().
std::vector<std::string> company();
std::string line_in_company(const Op& op, const Naive& naive, TimeMs since_start);

}  // namespace sb::model
