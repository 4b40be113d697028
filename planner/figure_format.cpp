#include "planner/figure_format.h"

#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

namespace sb::planner {

namespace {

boost::json::value number(const std::optional<double>& value) {
  return value ? boost::json::value(*value) : boost::json::value(nullptr);
}

template <class Value>
boost::json::object by_name(bool with_occupancy, const Value& value) {
  boost::json::object out;
  for (std::size_t f = 0; f < kFigureCount; ++f) {
    if (with_occupancy || static_cast<Figure>(f) != Figure::kOccupancy) out[kFigureNames[f]] = value(f);
  }
  return out;
}

}  // namespace

boost::json::object json_of(const Estimate& estimate) {
  return {{"mean", number(estimate.mean)}, {"half_width", number(estimate.half_width)}};
}

boost::json::object json_of(const Estimates& estimates, bool with_occupancy) {
  return by_name(with_occupancy, [&](std::size_t f) { return json_of(estimates.values[f]); });
}

boost::json::object json_of(const Figures& figures, bool with_occupancy) {
  return by_name(with_occupancy, [&](std::size_t f) {
    const double value = figures.values[f];
    return number(std::isnan(value) ? std::nullopt : std::optional(value));
  });
}

std::string text_of(double value, const FigureRow& row) {
  if (std::isnan(value)) return "-";
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", row.digits, value * row.scale);
  return text;
}

std::string text_of(const Estimate& estimate, const FigureRow& row, bool with_sign) {
  if (!estimate.mean) return "-";
  char text[80];
  const double mean = *estimate.mean * row.scale;
  if (estimate.half_width) {
    std::snprintf(text, sizeof text, with_sign ? "%+.*f ±%.*f" : "%.*f ±%.*f", row.digits, mean, row.digits,
                  *estimate.half_width * row.scale);
  } else {
    std::snprintf(text, sizeof text, with_sign ? "%+.*f" : "%.*f", row.digits, mean);
  }
  return text;
}

std::size_t shown_width(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return width;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t shown = shown_width(text);
  return std::string(shown < width ? width - shown : 0, ' ') + text;
}

}  // namespace sb::planner
