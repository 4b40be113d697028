#pragma once
// The whole program in one object: composition, start, graceful stop.
//
// Order of life: engine (recovered) -> routing configuration -> edges -> HTTP server; stopped the other way round, so
// that nothing is accepted that could not be finished.
#include <expected>
#include <memory>
#include <string>

#include "app/config.h"

namespace sb::app {

class SwitchboardServer {
 public:
  [[nodiscard]] static std::expected<std::unique_ptr<SwitchboardServer>, std::string> start(Config config);
  ~SwitchboardServer();

  [[nodiscard]] std::uint16_t port() const;
  void stop();

 private:
  struct Parts;
  explicit SwitchboardServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace sb::app
