#pragma once
// What the readers of a flow's parts share while one flow is read. Room-internal; flow_reader.h is the door.
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/center.h"
#include "engine/flow_reader.h"

namespace sb::engine {

// Keeps the first problem; what is read after it counts for nothing.
class FlowReading {
 public:
  explicit FlowReading(const Center& center) : center_(center) {}

  [[nodiscard]] const Center& center() const { return center_; }
  [[nodiscard]] std::optional<FlowProblem>& problem() { return problem_; }
  void enter(std::string rule) { rule_ = std::move(rule); }

  void fail(const std::string& path, std::string reason);
  std::int64_t whole_number(const boost::json::value& value, const std::string& path, std::int64_t min,
                            std::int64_t max);
  bool flag(const boost::json::value& value, const std::string& path);
  QueueId queue(const boost::json::value& value, const std::string& path);

 private:
  const Center& center_;
  std::string rule_;
  std::optional<FlowProblem> problem_;
};

// { tier = { at_least = 2 } }
[[nodiscard]] FlowCondition read_condition(FlowReading& reading, const boost::json::value& value,
                                           const std::string& path);

// { queue = "vip", priority = 20 }
[[nodiscard]] FlowAction read_action(FlowReading& reading, const boost::json::value& value, const std::string& path);

// The name a condition's field has in a written flow.
[[nodiscard]] std::string_view written_name(FlowField field);

}  // namespace sb::engine
