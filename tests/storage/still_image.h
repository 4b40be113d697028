// The files of a running store as a kill would leave them, copied to another place.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>

namespace sb::storage {

// The store's own housekeeping removes and renames files at any time, as no kill would do to a dead one's. A copy
// counts only when nothing moved while it was taken: the same names, sizes and times before and after.
inline void copy_still_image(const std::filesystem::path& running, const std::filesystem::path& image) {
  namespace fs = std::filesystem;
  using Listing = std::map<std::string, std::tuple<std::uintmax_t, fs::file_time_type>>;
  const auto list = [&running] {
    Listing found;
    for (const auto& entry : fs::recursive_directory_iterator(running)) {
      if (entry.is_regular_file()) found[entry.path().string()] = {entry.file_size(), entry.last_write_time()};
    }
    return found;
  };
  constexpr int kAttempts = 200;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    try {
      fs::remove_all(image);
      const Listing before = list();
      fs::copy(running, image, fs::copy_options::recursive);
      if (list() == before) return;
    } catch (const fs::filesystem_error&) {
      // A file went away between being seen and being read.
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("the files of " + running.string() + " do not come to rest");
}

}  // namespace sb::storage
