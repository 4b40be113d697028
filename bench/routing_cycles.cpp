// A fixed number of contacts through the core, for tools that count instead of measuring time (count_cycles.sh):
//   sb_routing_cycles SIZE free|waiting COUNT      SIZE: 0, 1 or 2 of routing_center.h
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "bench/routing_center.h"

int main(int argc, char** argv) {
  using sb::routing::kSizes;
  const std::string_view found = argc == 4 ? argv[2] : "";
  const std::size_t index = argc == 4 ? std::strtoul(argv[1], nullptr, 10) : std::size(kSizes);
  const long count = argc == 4 ? std::strtol(argv[3], nullptr, 10) : 0;
  if (index >= std::size(kSizes) || count <= 0 || (found != "free" && found != "waiting")) {
    std::cerr << "usage: sb_routing_cycles 0|1|2 free|waiting COUNT\n";
    return 2;
  }
  sb::routing::Center center(kSizes[index], sb::Policy::kLongestIdle);
  found == "free" ? center.make_half_busy() : center.make_backlog();
  for (long n = 0; n < count; ++n) center.cycle();
}
