#pragma once
// Music for those who wait, computed once at start: a slow chord progression that loops without a seam.
#include <string>

namespace sb::phone {

// A WAV file, 8 kHz mono mu-law, 16 s, about 128 KB. Deterministic.
[[nodiscard]] std::string make_hold_music();

}  // namespace sb::phone
