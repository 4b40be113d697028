#include "net/rate_limit.h"

#include <cmath>

namespace sb::net {

std::int64_t RateLimit::take(std::string_view source, std::int64_t now_ms) {
  auto found = by_source_.find(source);
  if (found == by_source_.end()) {
    if (recent_.size() >= options_.sources_max && !recent_.empty()) {
      by_source_.erase(recent_.back().source);
      recent_.pop_back();
    }
    recent_.push_front({.source = std::string(source), .tokens = options_.burst, .filled_at_ms = now_ms});
    found = by_source_.emplace(recent_.front().source, recent_.begin()).first;
  } else {
    recent_.splice(recent_.begin(), recent_, found->second);
  }
  Bucket& bucket = *found->second;
  if (now_ms > bucket.filled_at_ms) {
    const double regained = static_cast<double>(now_ms - bucket.filled_at_ms) * options_.per_s / 1000.0;
    bucket.tokens = std::min(options_.burst, bucket.tokens + regained);
    bucket.filled_at_ms = now_ms;
  }
  if (bucket.tokens >= 1.0) {
    bucket.tokens -= 1.0;
    return 0;
  }
  const double wait_ms = std::ceil((1.0 - bucket.tokens) * 1000.0 / options_.per_s);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(wait_ms));
}

}  // namespace sb::net
