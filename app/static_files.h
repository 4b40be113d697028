#pragma once
// The built web pages from a folder, read once at start: entry pages without cache, hashed assets for ever, under a
// strict content security policy.
#include <filesystem>
#include <string>
#include <unordered_map>

#include "net/http.h"

namespace sb::app {

class StaticFiles {
 public:
  // A missing folder serves a page that says how to build it.
  explicit StaticFiles(const std::filesystem::path& directory);

  // Answers GET and HEAD; null for what is not there.
  [[nodiscard]] const net::Response* find(std::string_view path) const;
  [[nodiscard]] std::size_t size() const { return files_.size(); }

 private:
  void add(const std::filesystem::path& file, std::string url);

  std::unordered_map<std::string, net::Response> files_;
};

}  // namespace sb::app
