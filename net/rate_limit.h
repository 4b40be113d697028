#pragma once
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sb::net {

// A token bucket per source. Time is an argument; the table is bounded and forgets the source seen longest ago.
// Not thread-safe.
class RateLimit {
 public:
  struct Options {
    double per_s = 10;  // tokens regained each second; must be positive
    double burst = 20;  // tokens a fresh source has; at least 1
    std::size_t sources_max = 65'536;
  };

  explicit RateLimit(Options options) : options_(options) {}

  // Takes one token. 0: allowed; otherwise the milliseconds until a token will be there (at least 1).
  [[nodiscard]] std::int64_t take(std::string_view source, std::int64_t now_ms);
  [[nodiscard]] std::size_t sources() const { return recent_.size(); }

 private:
  struct Bucket {
    std::string source;
    double tokens;
    std::int64_t filled_at_ms;
  };

  Options options_;
  std::list<Bucket> recent_;                                                     // most recently seen first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_source_;  // keys live in recent_
};

}  // namespace sb::net
