// Core::load(): refuses damage or gives a core that can be saved and that survives its own deadlines.
#include <cstdlib>

#include "routing/core.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto core = sb::routing::Core::load({reinterpret_cast<const char*>(data), size});
  if (!core) return 0;
  const std::string saved = core->save();
  const auto again = sb::routing::Core::load(saved);
  if (!again || again->save() != saved) std::abort();
  std::vector<sb::Event> events;
  for (int n = 0; n < 3 && core->next_deadline() != sb::routing::kNever; ++n) {
    const sb::TimeMs due = core->next_deadline();
    core->step(sb::command::FireDeadlines{}, sb::Source::kEngine, {}, due, events);
  }
  return 0;
}
