#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/http.h"

namespace sb::net {

// Reads one HTTP/1.x request, in two steps so that the body limit can depend on the path.
class HttpParser {
 public:
  enum class Step : std::uint8_t {
    need_more,
    header_done,  // call begin_body(), then feed on
    done,
    malformed,
    header_too_large,
    body_too_large,
  };
  struct Progress {
    Step step;
    std::size_t used;  // bytes to drop; the rest must come again
  };

  explicit HttpParser(std::size_t max_header_bytes);
  ~HttpParser();

  [[nodiscard]] Progress feed(std::string_view bytes);
  [[nodiscard]] std::string_view target() const;  // once the header is done, as are these:
  [[nodiscard]] bool expects_continue() const;
  [[nodiscard]] Step begin_body(std::size_t max_body_bytes);  // need_more, done or body_too_large
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool in_header() const;
  [[nodiscard]] bool started() const;  // has seen any byte
  [[nodiscard]] Request take();        // when done: everything but remote_address and tls

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sb::net
