#pragma once
// Figures as JSON values and as cells of a text table. Pure.
#include <boost/json/object.hpp>
#include <string>

#include "planner/figures.h"

namespace sb::planner {

struct FigureRow {
  Figure figure;
  const char* title;  // with its unit
  double scale;       // 100 for a share shown in per cent
  int digits;         // after the point
};

// {"mean": x, "half_width": h}, null where there is none.
[[nodiscard]] boost::json::object json_of(const Estimate& estimate);
// By the figures' names; occupancy belongs to all queues together only.
[[nodiscard]] boost::json::object json_of(const Estimates& estimates, bool with_occupancy);
[[nodiscard]] boost::json::object json_of(const Figures& figures, bool with_occupancy);

// "12.3", or a dash.
[[nodiscard]] std::string text_of(double value, const FigureRow& row);
// "12.3 ±0.4", of a difference "+12.3 ±0.4", or a dash.
[[nodiscard]] std::string text_of(const Estimate& estimate, const FigureRow& row, bool with_sign = false);

// Characters a terminal shows, of valid UTF-8 without wide characters.
[[nodiscard]] std::size_t shown_width(std::string_view text);
// Spaces in front up to `width` shown characters.
[[nodiscard]] std::string padded(const std::string& text, std::size_t width);

}  // namespace sb::planner
